//! Merkle trees: append-only logs and lots (RFC 9162, section 2.1) and sparse maps.
//!
//! Everything is generic over the hash suite. Verifying functions take nothing on trust: sizes,
//! indices and path lengths are compared before anything is hashed, and each proof has exactly one
//! accepted form. Building functions ([`build`], [`map::Map`]) belong to the prover's side and are
//! just as pure.
//!
//! A root says nothing about the size of its tree, so sizes must come from where the root comes
//! from: bind both together, as the state does.

pub mod bucket;
pub mod build;
mod error;
pub mod log;
pub mod map;
pub mod multi;
pub mod peaks;
mod siblings;

pub use error::TreeError;
pub use siblings::Siblings;

#[cfg(test)]
mod tests;
