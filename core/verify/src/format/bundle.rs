//! The proof bundle: everything that one verdict rests on, in one file.
//!
//! A bundle holds no secret. Every byte of it is bound by the header's hash, by a signature or by
//! a Merkle path; what is not needed may not be there.

use super::entry::Entry;
use super::ids::{LedgerId, LotId, PartyId};
use super::namespace::Namespace;
use super::state::StateRoots;
use crate::codec::{Blob, Versioned};
use crate::comet::LightBlock;
use crate::time::Timestamp;
use crate::tree::Siblings;
use crate::tree::map::{MapProof, PrefixProof};
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A value in one of the state's maps, or its absence, with the path that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct MapPart {
    /// Canonical bytes of the value; absent where the map has none under the key.
    #[n(0)]
    pub value: Option<Blob>,
    /// The path.
    #[n(1)]
    pub proof: MapProof,
}

/// A party by its id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PartyPart {
    /// Whose.
    #[n(0)]
    pub id: PartyId,
    /// The party and its path.
    #[n(1)]
    pub part: MapPart,
}

/// One item's record with its path in the lot's tree.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ItemPart {
    /// Canonical bytes of the record.
    #[n(0)]
    pub record: Blob,
    /// RFC 9162 inclusion path, from the leaf up.
    #[n(1)]
    pub path: Siblings,
}

/// The life leaf of an item's 64 neighbours with its path; absent for an untouched lot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LifePart {
    /// The leaf's 64 bytes.
    #[n(0)]
    pub leaf: Blob,
    /// RFC 9162 inclusion path, from the leaf up.
    #[n(1)]
    pub path: Siblings,
}

/// One event of the lot as it was entered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EventPart {
    /// Height of the entry.
    #[n(0)]
    pub height: u64,
    /// Block time of the entry.
    #[n(1)]
    pub at: Timestamp,
    /// The signed entry: a trace event, or a recall of items.
    #[n(2)]
    pub entry: Entry,
}

/// The lot under the header, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LotPart {
    /// Which lot.
    #[n(0)]
    pub id: LotId,
    /// Its state, or its absence.
    #[n(1)]
    pub state: MapPart,
    /// The entry that anchored it; absent with the lot.
    #[n(2)]
    pub anchor: Option<Entry>,
    /// The item; absent where the index lies past the lot's size.
    #[n(3)]
    pub item: Option<ItemPart>,
    /// The item's life; absent for an untouched lot.
    #[n(4)]
    pub life: Option<LifePart>,
    /// Events in the order in which they were entered; fewer than the state counts where some
    /// could not be had.
    #[n(5)]
    pub events: Vec<EventPart>,
}

/// The code index that led to an item, or that shows that a code leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodePart {
    /// The namespace whose index it is.
    #[n(0)]
    pub namespace: Namespace,
    /// The index's state, or its absence.
    #[n(1)]
    pub index: MapPart,
    /// The bucket of codes that the code falls into; absent with the index.
    #[n(2)]
    pub bucket: Option<PrefixProof>,
    /// Where each of the bucket's codes leads, in its order.
    #[n(3)]
    pub targets: Vec<super::index::CodeTarget>,
}

/// Everything that one verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bundle {
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
    /// The code index, for a claim by an old code.
    #[n(4)]
    pub code: Option<CodePart>,
    /// The lot; absent where a code leads nowhere.
    #[n(5)]
    pub lot: Option<LotPart>,
    /// The issuer and every signer of an event, in order of their ids.
    #[n(6)]
    pub parties: Vec<PartyPart>,
}

impl Versioned for Bundle {
    const NAME: &'static str = "bundle";
    const MAX_LEN: usize = 4 * 1024 * 1024;
}
