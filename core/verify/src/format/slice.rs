//! A slice of a lot: adjacent whole buckets under one proof, for a consignment or a pack.
//!
//! What the items share (header, state, anchor, events, the path above the buckets) is in it once,
//! so that a thousand adjacent items cost little more than their records.

use super::bounds::{BoundsError, length, require};
use super::bundle::{LotPart, PartyPart};
use super::ids::LedgerId;
use super::state::StateRoots;
use crate::codec::{Blob, Versioned};
use crate::comet::LightBlock;
use crate::tree::Siblings;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Most items of one slice.
pub const MAX_ITEMS: usize = 1 << 14;

/// Adjacent whole buckets of one lot with all that their items' verdicts rest on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LotSlice {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Which ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// The header whose `app_hash` binds the state, its commit and its validators.
    #[n(2)]
    pub block: LightBlock,
    /// The roots under that `app_hash`.
    #[n(3)]
    pub roots: StateRoots,
    /// The lot, without item and life.
    #[n(4)]
    pub lot: LotPart,
    /// The issuer and every signer of an event, in order of their ids.
    #[n(5)]
    pub parties: Vec<PartyPart>,
    /// Number of the first bucket.
    #[n(6)]
    pub first: u32,
    /// Canonical bytes of every record of the buckets, in order.
    #[n(7)]
    pub records: Vec<Blob>,
    /// Compact multiproof of the buckets' roots ([`crate::tree::bucket::verify_buckets`]).
    #[n(8)]
    pub upper: Siblings,
    /// Life leaf of every bucket, 64 bytes each; none for an untouched lot.
    #[n(9)]
    pub life: Vec<Blob>,
    /// Compact multiproof of the life leaves ([`crate::tree::multi::verify_multi`]).
    #[n(10)]
    pub life_upper: Siblings,
}

impl Versioned for LotSlice {
    const NAME: &'static str = "lot slice";
    const MAX_LEN: usize = 64 * 1024 * 1024;
}

impl LotSlice {
    /// Refuses a slice that is empty or too long.
    ///
    /// # Errors
    /// [`BoundsError::Unfit`] for one without records, and [`BoundsError::TooLong`] for one of more
    /// than [`MAX_ITEMS`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        require("records", !self.records.is_empty())?;
        length("records", self.records.len(), MAX_ITEMS)
    }
}
