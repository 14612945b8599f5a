//! Trusted headers: made by acceptance only.

use crate::comet::{Header, LightBlock};
use crate::hash::Hash32;
use crate::time::Timestamp;
use crate::trust::Checkpoint;

/// How far a header's acceptance carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The keys that vouch for it may have been sold or stolen since: some trusted header on its
    /// path was past its trusting period, or the clock was doubtful. Never fresh.
    Historical,
    /// Every step of its path lay inside the trusting period.
    Live,
}

/// A header that was accepted; only [`super::HeaderChain`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedHeader {
    pub(super) height: u64,
    pub(super) hash: Hash32,
    pub(super) time: Timestamp,
    pub(super) app_hash: Hash32,
    pub(super) validators_hash: Hash32,
    pub(super) next_validators_hash: Hash32,
    pub(super) operators: u32,
    pub(super) basis: Basis,
    /// Vouched for by the checkpoint role itself, with no step between.
    pub(super) checkpoint: bool,
}

impl TrustedHeader {
    /// Height.
    pub fn height(&self) -> u64 {
        self.height
    }

    /// The header's hash.
    pub fn hash(&self) -> Hash32 {
        self.hash
    }

    /// The header's time.
    pub fn time(&self) -> Timestamp {
        self.time
    }

    /// Root of the state after the block before.
    ///
    /// Zeros, which are the root of nothing, where the header's is not of 32 bytes.
    pub fn app_hash(&self) -> Hash32 {
        self.app_hash
    }

    /// The set that signed this header, by hash.
    pub fn validators_hash(&self) -> Hash32 {
        self.validators_hash
    }

    /// The set that signs the next header, by hash.
    pub fn next_validators_hash(&self) -> Hash32 {
        self.next_validators_hash
    }

    /// The fewest operators who together could have forged this header: the least over its path.
    ///
    /// For a checkpoint without a step, the number of checkpoint keys that must sign.
    pub fn operators(&self) -> u32 {
        self.operators
    }

    /// How far its acceptance carries.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    pub(super) fn of_checkpoint(body: &Checkpoint, signers: u16) -> Self {
        Self {
            height: body.height,
            hash: body.header_hash,
            time: body.time,
            app_hash: body.app_hash,
            validators_hash: body.validators_hash,
            next_validators_hash: body.next_validators_hash,
            operators: u32::from(signers),
            basis: Basis::Live,
            checkpoint: true,
        }
    }

    pub(super) fn of_block(block: &LightBlock, hash: Hash32, operators: u32, basis: Basis) -> Self {
        let header = &block.header;
        Self {
            height: header.height,
            hash,
            time: header.time,
            app_hash: app_hash(header),
            validators_hash: header.validators_hash,
            next_validators_hash: header.next_validators_hash,
            operators,
            basis,
            checkpoint: false,
        }
    }
}

fn app_hash(header: &Header) -> Hash32 {
    <[u8; 32]>::try_from(&header.app_hash[..]).map_or(Hash32([0; 32]), Hash32)
}
