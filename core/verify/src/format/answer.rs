//! What gateways answer: state under one header, and buckets of a lot.
//!
//! Look-ups are by bucket of 64 adjacent items and by prefix of a code's hash, never by item. The
//! answers are put together into a [`Bundle`] here; nothing is believed until that is verified.

use super::bounds::{BoundsError, length};
use super::bundle::{Bundle, CodePart, ItemPart, LotPart, PartyPart};
use super::ids::LedgerId;
use super::lot::{BUCKET_ITEMS, LotState, StorageReceipt};
use super::namespace::Namespace;
use super::record;
use super::state::StateRoots;
use crate::codec::{self, Blob, CodecError, Versioned};
use crate::comet::LightBlock;
use crate::hash::{Hash32, Sm3};
use crate::tree::{Siblings, TreeError, bucket};
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Path of `/abci_query` for a lot: data are lot id (8 bytes) and bucket number (4, big-endian).
pub const LOT_PATH: &str = "/lot";
/// Path of `/abci_query` for codes: data are an encoded [`CodeQuery`].
pub const CODE_PATH: &str = "/code";
/// Path of `/abci_query` for the namespaces that have a code index: a hint, no proof.
pub const INDEXES_PATH: &str = "/indexes";
/// Path of `/abci_query` for heights at which the validators changed: a hint, no proof. Data are a
/// height (8 bytes, big-endian); the answer is a CBOR list of later heights.
pub const CHANGES_PATH: &str = "/changes";
/// Path of `/abci_query` for recalls since a place in the log: a hint, no proof.
pub const RECALLS_PATH: &str = "/recalls";
/// Path of `/abci_query` for the lots: a hint, no proof. The answer is a
/// [`LotList`](super::pack::LotList).
pub const LOTS_PATH: &str = "/lots";
/// Path of `/abci_query` for a party: data are its id (16 bytes).
pub const PARTY_PATH: &str = "/party";

/// Asks for the codes of one prefix.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodeQuery {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The namespace whose index is asked.
    #[n(1)]
    pub namespace: Namespace,
    /// First 24 bits of the code's key.
    #[n(2)]
    pub prefix: u32,
}

impl Versioned for CodeQuery {
    const NAME: &'static str = "code query";
    const MAX_LEN: usize = 1024;
}

/// State under the header of one height: a lot with one bucket's life, or the codes of a prefix.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StateAnswer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Height of the header whose `app_hash` the roots give.
    #[n(1)]
    pub height: u64,
    /// The roots.
    #[n(2)]
    pub roots: StateRoots,
    /// The codes asked for.
    #[n(3)]
    pub code: Option<CodePart>,
    /// The lot asked for, without an item.
    #[n(4)]
    pub lot: Option<LotPart>,
    /// The lot's issuer and every signer of its events, in order of their ids.
    #[n(5)]
    pub parties: Vec<PartyPart>,
}

impl Versioned for StateAnswer {
    const NAME: &'static str = "state answer";
    const MAX_LEN: usize = 4 * 1024 * 1024;
}

/// 64 adjacent records of a lot with the path above them: an immutable file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Bucket {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Canonical bytes of each record; 64, fewer in a lot's last bucket.
    #[n(1)]
    pub records: Vec<Blob>,
    /// Path from the bucket's subtree up to the lot's root.
    #[n(2)]
    pub upper: Siblings,
}

impl Versioned for Bucket {
    const NAME: &'static str = "bucket";
    const MAX_LEN: usize = 1024 * 1024;
}

impl Bucket {
    /// Refuses more records than a bucket has.
    ///
    /// # Errors
    /// [`BoundsError::TooLong`] where there are more.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("records", self.records.len(), BUCKET_ITEMS as usize)
    }

    /// Leaf hashes of the records.
    pub fn leaves(&self) -> Vec<Hash32> {
        self.records.iter().map(|bytes| record::leaf(bytes)).collect()
    }

    /// Root of the lot of `size` items that has this bucket at place `bucket`.
    ///
    /// # Errors
    /// [`TreeError::IndexOutOfRange`] where a lot of that size has no such bucket,
    /// [`TreeError::BucketLength`] where it has more or fewer records there, and
    /// [`TreeError::PathLength`] where the path is not as long as the place needs.
    pub fn lot_root(&self, bucket: u32, size: u32) -> Result<Hash32, TreeError> {
        let (bucket, size) = (u64::from(bucket), u64::from(size));
        bucket::bucket_root::<Sm3>(&self.leaves(), bucket, size, &self.upper)
    }

    /// One item of the bucket with its path in the lot's tree.
    pub fn item(&self, at: u32) -> Option<ItemPart> {
        let at = usize::try_from(at).ok()?;
        let record = self.records.get(at)?.clone();
        let path = bucket::bucket_item_path::<Sm3>(&self.leaves(), at, &self.upper).ok()?;
        Some(ItemPart { record, path: path.into() })
    }
}

/// One recall in the feed: a hint where to look, the same bytes for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecallHint {
    /// Place of its entry in the log.
    #[n(0)]
    pub log_index: u64,
    /// What was recalled, or is no longer.
    #[n(1)]
    pub scope: super::entry::RecallScope,
    /// Set, or lifted.
    #[n(2)]
    pub recalled: bool,
}

/// The feed of recalls.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecallFeed {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Place in the log up to which the feed goes.
    #[n(1)]
    pub log_size: u64,
    /// Recalls in the order of the log; at most 4,096 an answer.
    #[n(2)]
    pub recalls: Vec<RecallHint>,
}

impl Versioned for RecallFeed {
    const NAME: &'static str = "recall feed";
    const MAX_LEN: usize = 1024 * 1024;
}

/// Most hints in one answer.
pub const MAX_HINTS: usize = 4096;

/// Reads the answer to [`CHANGES_PATH`]: heights at which the validators changed.
///
/// # Errors
/// [`CodecError::TooLong`] for more than 1 MiB, and [`CodecError::Malformed`] for what is no such
/// list or has more than [`MAX_HINTS`].
pub fn decode_changes(bytes: &[u8]) -> Result<Vec<u64>, CodecError> {
    decode_hints("set changes", bytes)
}

/// Reads the answer to [`INDEXES_PATH`]: namespaces that have a code index.
///
/// # Errors
/// [`CodecError::TooLong`] for more than 1 MiB, and [`CodecError::Malformed`] for what is no such
/// list or has more than [`MAX_HINTS`].
pub fn decode_indexes(bytes: &[u8]) -> Result<Vec<Namespace>, CodecError> {
    decode_hints("code indexes", bytes)
}

/// Reads a member's answer to an upload: storage receipts, each of which the ledger verifies.
///
/// # Errors
/// [`CodecError::TooLong`] for more than 1 MiB, and [`CodecError::Malformed`] for what is no such
/// list or has more than [`MAX_HINTS`].
pub fn decode_receipts(bytes: &[u8]) -> Result<Vec<StorageReceipt>, CodecError> {
    decode_hints("storage receipts", bytes)
}

/// A list without version: nothing is proven by it and nothing kept.
fn decode_hints<T>(what: &'static str, bytes: &[u8]) -> Result<Vec<T>, CodecError>
where
    T: for<'b> Decode<'b, ()>,
{
    const MAX_LEN: usize = 1024 * 1024;
    if bytes.len() > MAX_LEN {
        return Err(CodecError::TooLong { what, got: bytes.len(), max: MAX_LEN });
    }
    let list: Vec<T> = minicbor::decode(bytes).map_err(|_| CodecError::Malformed { what })?;
    if list.len() > MAX_HINTS { Err(CodecError::Malformed { what }) } else { Ok(list) }
}

impl StateAnswer {
    /// The lot's state as the answer says, unproven; to learn which bucket file to fetch.
    pub fn claimed_lot(&self) -> Option<LotState> {
        codec::decode(self.lot.as_ref()?.state.value.as_ref()?).ok()
    }

    /// Puts a bundle together: this answer under `block`, with the item's part if there is one, and
    /// the code answer that led here. Without an item only what shows its absence is kept.
    pub fn into_bundle(
        self,
        ledger: LedgerId,
        block: LightBlock,
        code: Option<CodePart>,
        item: Option<ItemPart>,
    ) -> Bundle {
        let (roots, mut parties) = (self.roots, self.parties);
        let lot = self.lot.map(|lot| match item {
            Some(item) => LotPart { item: Some(item), ..lot },
            None => {
                parties.retain(|part| lot.anchor.as_ref().is_some_and(|a| a.party == part.id));
                LotPart { item: None, life: None, events: Vec::new(), ..lot }
            }
        });
        let code = code.or(self.code);
        Bundle { version: 1, ledger, block, roots, code, lot, parties }
    }
}
