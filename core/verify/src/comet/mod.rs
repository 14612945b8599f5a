//! CometBFT 0.38 headers: types, hashes, votes, and one step of light verification.
//!
//! Types hold what is signed or hashed and nothing else, so that each byte of a [`LightBlock`] is
//! bound. Functions are generic over a [`CometSuite`]; [`Stock`] is CometBFT as it ships. A chain of
//! headers is built from steps by [`crate::chain`]. Source: CometBFT v0.38 `types/` and
//! `light/verifier.go`, and the specification in `spec/light-client`.

mod block;
mod commit;
mod error;
mod header;
pub mod json;
mod proto;
mod rules;
mod suite;
mod validators;
mod verify;

pub use block::LightBlock;
pub use commit::{Commit, Slot, vote_bytes};
pub use error::CometError;
pub use header::{
    Address, BlockId, Header, HeaderBounds, MAX_APP_HASH, MAX_CHAIN_ID, MAX_HEIGHT, PartSetHeader,
    Version,
};
pub use rules::next_validators_hash;
pub use suite::{CometSuite, Stock};
pub use validators::{
    MAX_TOTAL_POWER, MAX_VALIDATORS, StoredValidators, Validator, ValidatorSet, ValidatorSetError,
};
pub use verify::{Anchor, Limits, Step, Stepped, Threshold, verify, verify_known};

#[cfg(test)]
mod tests;
