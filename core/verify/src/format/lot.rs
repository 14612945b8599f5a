//! Lots: an issuer's batch of items, anchored in one entry.

use super::bounds::{BoundsError, length, require, text};
use super::ids::PartyId;
use super::life::LifeState;
use super::namespace::Namespace;
use super::party::Roles;
use crate::codec::Versioned;
use crate::hash::Hash32;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Items to a bucket: adjacent records, fetched together.
pub const BUCKET_ITEMS: u32 = 64;

/// Most items of one lot.
pub const MAX_SIZE: u32 = 1 << 26;

/// Which roles may take which step of an item's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct LifeRoles {
    /// Not applied to in trade.
    #[n(0)]
    pub applied: Roles,
    /// To sold.
    #[n(1)]
    pub sold: Roles,
    /// To opened.
    #[n(2)]
    pub opened: Roles,
    /// To void.
    #[n(3)]
    pub void: Roles,
}

impl LifeRoles {
    /// What most lots name: line applies and voids, retailer sells and opens.
    pub const USUAL: Self = Self {
        applied: Roles::LINE,
        sold: Roles::RETAILER,
        opened: Roles::RETAILER,
        void: Roles(Roles::LINE.0 | Roles::ISSUER.0),
    };

    /// The roles that may take an item to `state`.
    pub fn roles_for(&self, state: LifeState) -> Roles {
        match state {
            LifeState::NotApplied => Roles(0),
            LifeState::InTrade => self.applied,
            LifeState::Sold => self.sold,
            LifeState::Opened => self.opened,
            LifeState::Void => self.void,
        }
    }
}

/// A recall of a lot, or of everything of an issuer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[cbor(map)]
pub struct Recall {
    /// Who set it, and alone may lift it.
    #[n(0)]
    pub by: PartyId,
    /// Block time of the entry.
    #[n(1)]
    pub at: Timestamp,
    /// Height of the entry.
    #[n(2)]
    pub height: u64,
    /// Place of the signing key among the party's keys.
    #[n(3)]
    pub key: u16,
    /// The notice, in the words of who set it.
    #[n(4)]
    pub notice: String,
    /// Whether the key that set it was withdrawn as compromised since before.
    #[n(5)]
    pub withdrawn: bool,
    /// With which key it was lifted; it stays here, so that it is in force again if that key turns
    /// out to have been in other hands.
    #[n(6)]
    #[serde(skip)]
    pub lifted: Option<Lifted>,
}

/// How a recall was lifted by the party that had set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct Lifted {
    /// Height of the entry.
    #[n(0)]
    pub height: u64,
    /// Place of the signing key among the party's keys.
    #[n(1)]
    pub key: u16,
}

impl Recall {
    /// Whether it counts: not lifted, and set with a key that is not withdrawn.
    pub fn in_force(&self) -> bool {
        self.lifted.is_none() && !self.withdrawn
    }

    /// Whether it may have been set by somebody else, and nobody has lifted it since.
    pub fn in_doubt(&self) -> bool {
        self.lifted.is_none() && self.withdrawn
    }
}

/// A key that changed the life of a lot's items, or recalled some of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeyUse {
    /// Whose key.
    #[n(0)]
    pub party: PartyId,
    /// Place among its keys.
    #[n(1)]
    pub key: u16,
    /// Height at which it was last used so.
    #[n(2)]
    pub last: u64,
}

/// A lot as the state holds it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LotState {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Root of the item tree.
    #[n(1)]
    pub root: Hash32,
    /// Number of items.
    #[n(2)]
    pub size: u32,
    /// Who issued it.
    #[n(3)]
    pub issuer: PartyId,
    /// Place of the signing key among the issuer's keys.
    #[n(4)]
    pub key: u16,
    /// Namespaces that its records stay in.
    #[n(5)]
    pub namespaces: Vec<Namespace>,
    /// Height of the anchoring entry.
    #[n(6)]
    pub height: u64,
    /// Block time of the anchoring entry.
    #[n(7)]
    pub at: Timestamp,
    /// Place of the anchoring entry in the log.
    #[n(8)]
    pub log_index: u64,
    /// Id of the anchoring entry.
    #[n(9)]
    pub entry: Hash32,
    /// Root of the life tree.
    #[n(10)]
    pub life_root: Hash32,
    /// Who may take which step.
    #[n(11)]
    pub life_roles: LifeRoles,
    /// State in which every item started.
    #[n(12)]
    pub initial: LifeState,
    /// Recalls of the whole lot, at most one by its issuer and one by an authority.
    #[n(13)]
    pub recalls: Vec<Recall>,
    /// Number of events.
    #[n(14)]
    pub events: u64,
    /// Root of the events.
    #[n(15)]
    pub event_root: Hash32,
    /// Keys that changed life here, in order of party and place.
    #[n(16)]
    pub life_keys: Vec<KeyUse>,
    /// Whether one of them was withdrawn as compromised since before its last use: the life of
    /// this lot's items is then unknown.
    #[n(17)]
    pub life_withdrawn: bool,
}

impl Versioned for LotState {
    const NAME: &'static str = "lot";
    const MAX_LEN: usize = 16 * 1024;
}

/// A member's word that it holds all files of a lot.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StorageReceipt {
    /// The member.
    #[n(0)]
    pub member: PartyId,
    /// Place of the signing key among its keys.
    #[n(1)]
    pub key: u16,
    /// Over [`receipt_bytes`].
    #[n(2)]
    pub signature: crate::sign::Signature,
}

/// What an issuer anchors.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LotAnchor {
    /// The issuer's number for the lot; gives the lot id.
    #[n(0)]
    pub number: u64,
    /// Root of the item tree.
    #[n(1)]
    pub root: Hash32,
    /// Number of items, 1 to [`MAX_SIZE`].
    #[n(2)]
    pub size: u32,
    /// Namespaces that its records stay in; at most 16.
    #[n(3)]
    pub namespaces: Vec<Namespace>,
    /// Who may take which step of an item's life.
    #[n(4)]
    pub life_roles: LifeRoles,
    /// State in which every item starts: not applied or in trade.
    #[n(5)]
    pub initial: LifeState,
    /// Receipts of members that store the files.
    #[n(6)]
    pub receipts: Vec<StorageReceipt>,
    /// When the last item expires: members keep the files until two years later.
    #[n(7)]
    pub last_expiry: Option<Timestamp>,
    /// What the lot is, in the issuer's words.
    #[n(8)]
    pub title: String,
}

impl LotAnchor {
    /// Refuses what no anchor can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        require("size", (1..=MAX_SIZE).contains(&self.size))?;
        length("namespaces", self.namespaces.len(), 16)?;
        self.namespaces.iter().try_for_each(Namespace::bounds)?;
        require("initial life", self.initial <= LifeState::InTrade)?;
        length("receipts", self.receipts.len(), 64)?;
        text("title", &self.title)
    }
}

/// Signed bytes of a storage receipt.
pub fn receipt_bytes(
    ledger: &super::ids::LedgerId,
    lot: &super::ids::LotId,
    root: &Hash32,
    size: u32,
) -> Vec<u8> {
    use crate::hash::tags;
    [tags::RECEIPT.as_bytes(), &ledger.0, &lot.0, &root.0, &size.to_be_bytes()].concat()
}
