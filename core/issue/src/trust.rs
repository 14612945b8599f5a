//! Trust files and checkpoints, made and signed.
//!
//! Root keys stay offline and apart, so each holder adds a signature alone: a file goes from hand
//! to hand with [`sign_trust_file`] until enough have signed, and [`finish_first`] or
//! [`finish_rotation`] ask what every client will ask. The same with checkpoints.

mod listed;

pub use listed::checkpoint_of_listed;

use crate::key::{Sign, SigningKey};
use sealight_verify::codec;
use sealight_verify::comet::{CometError, CometSuite, Header};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{
    Checkpoint, KeySet, KeySignature, QuorumError, SignedCheckpoint, SignedTrustFile, TrustError,
    TrustFile, Trusted, open, rotate,
};
use std::fmt;

/// Adds a root key's signature, once; that of an old root for a rotation.
///
/// # Errors
/// Whatever keeps the key from signing.
pub fn try_sign_trust_file<K: Sign>(file: &mut SignedTrustFile, key: &K) -> Result<(), K::Error> {
    let message = file.signing_bytes();
    add_signature(&mut file.signatures, &message, key)
}

/// [`try_sign_trust_file`] by a key in memory.
pub fn sign_trust_file(file: &mut SignedTrustFile, key: &SigningKey) {
    let Ok(()) = try_sign_trust_file(file, key);
}

/// The bytes of a first trust file that its own roots have signed.
///
/// # Errors
/// What every client would refuse it for; see [`TrustError`].
pub fn finish_first(file: &SignedTrustFile) -> Result<Vec<u8>, TrustError> {
    let bytes = codec::encode(file);
    open(&bytes).map(|_| bytes)
}

/// The bytes of a trust file that follows `old`, signed by the old roots and by its own.
///
/// # Errors
/// What every client would refuse it for; see [`TrustError`].
pub fn finish_rotation(
    old: &Trusted<TrustFile>,
    file: &SignedTrustFile,
) -> Result<Vec<u8>, TrustError> {
    let bytes = codec::encode(file);
    rotate(old, &bytes).map(|_| bytes)
}

/// A header that cannot be a checkpoint, or a checkpoint that is not signed enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckpointError {
    /// Made before the header's own time: the clock that says so is wrong.
    MadeBeforeHeader {
        /// When it was to be made.
        made: Timestamp,
        /// Time of the header.
        header: Timestamp,
    },
    /// The header's state root is not of 32 bytes, so it is not of a ledger of ours.
    AppHash {
        /// Bytes found.
        got: usize,
    },
    /// A header of another chain.
    Chain {
        /// The ledger's chain.
        expected: String,
        /// The header's.
        got: String,
    },
    /// The commit for the header does not hold.
    Commit(CometError),
    /// Validators that the trust file lists gave too little of the power: not above two thirds.
    Unlisted {
        /// Power of listed validators that voted for the header.
        got: u64,
        /// Power of the whole set.
        total: u64,
    },
    /// The checkpoint role has not signed it.
    Role(QuorumError),
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MadeBeforeHeader { made, header } => {
                write!(f, "made at {made}, before the header of {header}")
            }
            Self::AppHash { got } => write!(f, "a state root of {got} bytes, expected 32"),
            Self::Chain { expected, got } => write!(f, "of chain {got:?}, expected {expected:?}"),
            Self::Commit(error) => write!(f, "the commit: {error}"),
            Self::Unlisted { got, total } => write!(
                f,
                "validators of the trust file signed with {got} of {total}, which is not above two thirds"
            ),
            Self::Role(error) => write!(f, "the checkpoint role: {error}"),
        }
    }
}

impl std::error::Error for CheckpointError {}

/// The checkpoint of a header, to be signed by the checkpoint role.
///
/// `header` is one that the signers accepted themselves; `made` is the present.
///
/// # Errors
/// [`CheckpointError::MadeBeforeHeader`] and [`CheckpointError::AppHash`].
pub fn checkpoint<S: CometSuite>(
    ledger: LedgerId,
    header: &Header,
    made: Timestamp,
) -> Result<SignedCheckpoint, CheckpointError> {
    if made < header.time {
        return Err(CheckpointError::MadeBeforeHeader { made, header: header.time });
    }
    let app_hash = <[u8; 32]>::try_from(&header.app_hash[..])
        .map_err(|_| CheckpointError::AppHash { got: header.app_hash.len() })?;
    Ok(SignedCheckpoint::unsigned(Checkpoint {
        version: 1,
        ledger,
        made,
        height: header.height,
        header_hash: header.hash::<S>(),
        time: header.time,
        app_hash: Hash32(app_hash),
        validators_hash: header.validators_hash,
        next_validators_hash: header.next_validators_hash,
    }))
}

/// Adds a checkpoint key's signature, once.
///
/// # Errors
/// Whatever keeps the key from signing.
pub fn try_sign_checkpoint<K: Sign>(
    checkpoint: &mut SignedCheckpoint,
    key: &K,
) -> Result<(), K::Error> {
    let message = checkpoint.body.signing_bytes();
    add_signature(&mut checkpoint.signatures, &message, key)
}

/// [`try_sign_checkpoint`] by a key in memory.
pub fn sign_checkpoint(checkpoint: &mut SignedCheckpoint, key: &SigningKey) {
    let Ok(()) = try_sign_checkpoint(checkpoint, key);
}

/// The bytes of a checkpoint that the role has signed.
///
/// # Errors
/// [`CheckpointError::Role`]
pub fn finish_checkpoint(
    role: &KeySet,
    checkpoint: &SignedCheckpoint,
) -> Result<Vec<u8>, CheckpointError> {
    role.verify(&checkpoint.body.signing_bytes(), &checkpoint.signatures)
        .map_err(CheckpointError::Role)?;
    Ok(codec::encode(checkpoint))
}

/// A key that signed before is not added again: clients refuse a key that signs twice.
fn add_signature<K: Sign>(
    signatures: &mut Vec<KeySignature>,
    message: &[u8],
    key: &K,
) -> Result<(), K::Error> {
    let public = key.public();
    let signature = key.try_sign(message)?;
    match signatures.iter_mut().find(|earlier| earlier.key == public) {
        Some(earlier) => earlier.signature = signature,
        None => signatures.push(KeySignature { key: public, signature }),
    }
    Ok(())
}

#[cfg(test)]
mod tests;
