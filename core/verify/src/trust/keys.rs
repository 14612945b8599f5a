//! Roles: sets of keys of which a number must sign.

use crate::codec::Blob;
use crate::sign::{PublicKey, Signature, SignatureError};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use minicbor::{Decode, Encode};

/// Most keys of one role.
pub const MAX_KEYS: usize = 64;

/// Keys of a role and how many of them must sign.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeySet {
    /// How many must sign.
    #[n(0)]
    pub threshold: u16,
    /// The keys, each once.
    #[n(1)]
    pub keys: Vec<PublicKey>,
}

/// A signature with the key that made it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeySignature {
    /// The key.
    #[n(0)]
    pub key: PublicKey,
    /// Over the signing bytes.
    #[n(1)]
    pub signature: Signature,
}

/// Why a role has not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuorumError {
    /// Fewer keys of the role than its threshold signed.
    TooFew {
        /// Keys of the role that signed.
        got: usize,
        /// Keys that must sign.
        threshold: u16,
    },
    /// One key signed twice.
    Repeated {
        /// Place of the second signature.
        at: usize,
    },
    /// A signature by a key of the role does not hold.
    BadSignature {
        /// Place of the signature.
        at: usize,
        /// What is wrong with it.
        error: SignatureError,
    },
}

impl fmt::Display for QuorumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFew { got, threshold } => {
                write!(f, "{got} keys of the role signed, {threshold} must")
            }
            Self::Repeated { at } => write!(f, "signature {at} is by a key that signed before"),
            Self::BadSignature { at, error } => write!(f, "signature {at}: {error}"),
        }
    }
}

impl core::error::Error for QuorumError {}

impl KeySet {
    /// Whether threshold and keys make a role: keys differ, and some but not more than all sign.
    pub fn sound(&self) -> bool {
        let distinct: BTreeSet<&PublicKey> = self.keys.iter().collect();
        let decodes = |key: &PublicKey| PublicKey::decode(key.algorithm, &key.bytes).is_ok();
        distinct.len() == self.keys.len()
            && self.keys.len() <= MAX_KEYS
            && (1..=self.keys.len()).contains(&usize::from(self.threshold))
            && self.keys.iter().all(decodes)
    }

    /// Accepts that at least the threshold of this role's keys signed the message.
    ///
    /// Signatures by other keys are of other roles and count for nothing here; a bad signature by
    /// a key of the role refuses all.
    ///
    /// # Errors
    /// [`QuorumError::TooFew`], [`QuorumError::Repeated`] where one of its keys signed twice, and
    /// [`QuorumError::BadSignature`] where one of theirs does not hold.
    pub fn verify(&self, message: &[u8], signatures: &[KeySignature]) -> Result<(), QuorumError> {
        let mut signed: BTreeSet<&Blob> = BTreeSet::new();
        for (at, KeySignature { key, signature }) in signatures.iter().enumerate() {
            if !self.keys.contains(key) {
                continue;
            }
            if !signed.insert(&key.bytes) {
                return Err(QuorumError::Repeated { at });
            }
            key.verify(message, signature)
                .map_err(|error| QuorumError::BadSignature { at, error })?;
        }
        if signed.len() < usize::from(self.threshold) {
            return Err(QuorumError::TooFew { got: signed.len(), threshold: self.threshold });
        }
        Ok(())
    }
}
