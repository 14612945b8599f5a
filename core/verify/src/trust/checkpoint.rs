//! Checkpoints: trusted headers that the checkpoint role signs.

use super::keys::{KeySignature, MAX_KEYS, QuorumError};
use super::signing_bytes;
use crate::codec::{self, Versioned};
use crate::format::ids::LedgerId;
use crate::hash::{Hash32, tags};
use crate::time::Timestamp;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A header as the checkpoint role vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Checkpoint {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// When it was signed; not before the header.
    #[n(2)]
    pub made: Timestamp,
    /// Height of the header.
    #[n(3)]
    pub height: u64,
    /// Hash of the header.
    #[n(4)]
    pub header_hash: Hash32,
    /// Time of the header.
    #[n(5)]
    pub time: Timestamp,
    /// State root in the header.
    #[n(6)]
    pub app_hash: Hash32,
    /// The set that signed the header.
    #[n(7)]
    pub validators_hash: Hash32,
    /// The set that signs the next header.
    #[n(8)]
    pub next_validators_hash: Hash32,
}

impl Versioned for Checkpoint {
    const NAME: &'static str = "checkpoint";
    const MAX_LEN: usize = 512;
}

/// A checkpoint with its signatures.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedCheckpoint {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The checkpoint.
    #[n(1)]
    pub body: Checkpoint,
    /// Signatures of checkpoint keys over [`Checkpoint::signing_bytes`]; at most 64.
    #[n(2)]
    pub signatures: Vec<KeySignature>,
}

impl Versioned for SignedCheckpoint {
    const NAME: &'static str = "signed checkpoint";
    const MAX_LEN: usize = 16 * 1024;
}

impl Checkpoint {
    /// The bytes that the checkpoint role signs: length of tag, tag, ledger id, body.
    pub fn signing_bytes(&self) -> Vec<u8> {
        signing_bytes(&tags::CHECKPOINT, &[&self.ledger.0, &codec::encode(self)])
    }
}

impl SignedCheckpoint {
    /// A checkpoint that nobody has signed yet.
    pub fn unsigned(body: Checkpoint) -> Self {
        Self { version: 1, body, signatures: Vec::new() }
    }

    /// Accepts that the checkpoint role signed this.
    pub(crate) fn verify(&self, role: &super::KeySet) -> Result<(), QuorumError> {
        if self.signatures.len() > MAX_KEYS {
            return Err(QuorumError::Repeated { at: MAX_KEYS });
        }
        role.verify(&self.body.signing_bytes(), &self.signatures)
    }
}
