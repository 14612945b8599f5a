//! The root of trust: trust file, checkpoints, operators.
//!
//! A trust file is signed by m of n root keys, which sign nothing else. It lists ledgers, who runs
//! their validators, and periods, and names the role that signs checkpoints. A [`Trusted`] file is
//! made only by [`open`] and [`rotate`].

mod checkpoint;
mod file;
mod keys;
mod operators;
mod signed;
mod standing;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use file::{
    LedgerKind, LedgerTrust, Operator, Periods, TrustFile, TrustFileError, ValidatorKey,
};
pub use keys::{KeySet, KeySignature, MAX_KEYS, QuorumError};
pub use operators::fewest_operators;
pub use signed::{SignedTrustFile, TrustError, Trusted, open, rotate};
pub use standing::TrustStanding;

use crate::hash::Tag;
use alloc::vec::Vec;

/// Length of tag, tag, parts: no tag is a prefix of another.
fn signing_bytes(tag: &Tag, parts: &[&[u8]]) -> Vec<u8> {
    let tag = tag.as_bytes();
    let mut bytes =
        Vec::with_capacity(1 + tag.len() + parts.iter().map(|p| p.len()).sum::<usize>());
    bytes.push(tag.len() as u8);
    bytes.extend_from_slice(tag);
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}
