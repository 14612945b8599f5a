//! Sparse Merkle maps with 256-bit keys: proofs of membership, of absence and of whole prefixes.
//!
//! [`EMPTY`] says how they are hashed and why nothing in them can be taken for something else.

mod build;
mod prefix;
mod proof;

pub use build::{Entries, Map};
pub use prefix::{MAX_PREFIX_BITS, MAX_PREFIX_ENTRIES, PrefixProof, verify_prefix};
pub use proof::{
    EMPTY, MapEntry, MapProof, branch_hash, leaf_hash, verify_absence, verify_membership,
};

#[cfg(test)]
mod tests;
