//! Entries: what parties say to the ledger, each signed by the party that says it.
//!
//! Signed bytes are length of tag, tag, ledger id, party id, sequence (8 bytes, big-endian) and the
//! canonical body. Their SM3 hash is the entry's id, so the id leaves the signatures out. The
//! sequence belongs to the party and not to the key.

use super::bounds::{BoundsError, length, require, text};
use super::event::{ItemRange, TraceEvent};
use super::governance::GovernanceChange;
use super::ids::{LedgerId, LotId, PartyId};
use super::index::IndexAnchor;
use super::life::LifeState;
use super::lot::LotAnchor;
use super::party::{KeyEnd, Party, Registration};
use crate::codec::{Versioned, encode};
use crate::hash::{Hash32, Sm3, tags};
use crate::sign::{PublicKey, Signature, SignatureError};
use crate::tree::log;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Body {
    /// A party is registered; needs a quorum of members.
    #[n(0)]
    Register(#[n(0)] Registration),
    /// A party's key is replaced; needs the old key and an authority.
    #[n(1)]
    RotateKey(#[n(0)] KeyRotation),
    /// A party's key is withdrawn; needs a quorum of members.
    #[n(2)]
    RevokeKey(#[n(0)] KeyRevocation),
    /// A party is suspended or let in again; needs a quorum of members.
    #[n(3)]
    Suspend(#[n(0)] Suspension),
    /// A lot is anchored.
    #[n(4)]
    AnchorLot(#[n(0)] LotAnchor),
    /// A code index is anchored.
    #[n(5)]
    AnchorIndex(#[n(0)] IndexAnchor),
    /// An event is appended to a lot.
    #[n(6)]
    AppendEvent(#[n(0)] TraceEvent),
    /// Items of a lot take a step of their life.
    #[n(7)]
    ChangeLife(#[n(0)] LifeChange),
    /// A recall is set or lifted.
    #[n(8)]
    Recall(#[n(0)] RecallChange),
    /// Members or validators change; needs a quorum of members.
    #[n(9)]
    Govern(#[n(0)] GovernanceChange),
}

/// A new key in place of an old one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeyRotation {
    /// Place of the key that retires.
    #[n(0)]
    pub old: u16,
    /// The new key.
    #[n(1)]
    pub new: PublicKey,
}

/// A key withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeyRevocation {
    /// Whose key.
    #[n(0)]
    pub party: PartyId,
    /// Place among its keys.
    #[n(1)]
    pub key: u16,
    /// Why.
    #[n(2)]
    pub reason: KeyEnd,
    /// First height it covers; for a compromised key it may lie in the past.
    #[n(3)]
    pub from: u64,
}

/// A party suspended or let in again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Suspension {
    /// The party.
    #[n(0)]
    pub party: PartyId,
    /// Suspended, or let in again.
    #[n(1)]
    pub suspended: bool,
}

/// A step in the life of items.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LifeChange {
    /// The lot.
    #[n(0)]
    pub lot: LotId,
    /// Which items: in order, not touching; 1 to 4,096 ranges.
    #[n(1)]
    pub ranges: Vec<ItemRange>,
    /// Where they go.
    #[n(2)]
    pub to: LifeState,
    /// Reason of a step back, which issuer and authority take together; absent for a step forward.
    #[n(3)]
    pub restore: Option<String>,
}

/// What a recall covers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RecallScope {
    /// Items of a lot.
    #[n(0)]
    Items(#[n(0)] LotId, #[n(1)] ItemRange),
    /// A whole lot.
    #[n(1)]
    Lot(#[n(0)] LotId),
    /// Everything of an issuer.
    #[n(2)]
    Issuer(#[n(0)] PartyId),
}

/// A recall set or lifted, by the issuer or an authority.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecallChange {
    /// What it covers.
    #[n(0)]
    pub scope: RecallScope,
    /// Set, or lifted by who set it.
    #[n(1)]
    pub recalled: bool,
    /// The notice.
    #[n(2)]
    pub notice: String,
}

/// A signature on an entry, by its party or by somebody who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Endorsement {
    /// Who signs.
    #[n(0)]
    pub party: PartyId,
    /// Place of the key among the party's keys.
    #[n(1)]
    pub key: u16,
    /// Over [`Entry::signing_bytes`].
    #[n(2)]
    pub signature: Signature,
}

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger it is meant for.
    #[n(1)]
    pub ledger: LedgerId,
    /// Who says it.
    #[n(2)]
    pub party: PartyId,
    /// The party's sequence number.
    #[n(3)]
    pub sequence: u64,
    /// What it says.
    #[n(4)]
    pub body: Body,
    /// The party's own signature first, then those who must agree; 1 to 128.
    #[n(5)]
    pub signatures: Vec<Endorsement>,
}

impl Versioned for Entry {
    const NAME: &'static str = "entry";
    const MAX_LEN: usize = 128 * 1024;
}

/// Why an entry's own signature does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryError {
    /// Made for another ledger.
    WrongLedger {
        /// The ledger it names.
        got: LedgerId,
    },
    /// No signature, or the first one is not the party's own.
    NotSignedByItsParty,
    /// The signature names a key that the party never had.
    UnknownKey {
        /// Place of the key.
        key: u16,
    },
    /// The signature does not hold.
    Signature(SignatureError),
}

impl core::fmt::Display for EntryError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::WrongLedger { got } => write!(f, "the entry was made for ledger {got}"),
            Self::NotSignedByItsParty => f.write_str("the entry is not signed by its party"),
            Self::UnknownKey { key } => write!(f, "the party has no key number {key}"),
            Self::Signature(error) => write!(f, "{error}"),
        }
    }
}

impl core::error::Error for EntryError {}

impl Entry {
    /// The bytes that every endorsement signs.
    pub fn signing_bytes(&self) -> Vec<u8> {
        signing_bytes(&self.ledger, &self.party, self.sequence, &self.body)
    }

    /// The entry's id: SM3 of the signed bytes.
    pub fn id(&self) -> Hash32 {
        use crate::hash::HashSuite;
        Sm3::hash(&[&self.signing_bytes()])
    }

    /// The endorsement by the entry's own party.
    ///
    /// # Errors
    /// [`EntryError::NotSignedByItsParty`] where the first signature is another's, or there is
    /// none.
    pub fn own_endorsement(&self) -> Result<&Endorsement, EntryError> {
        self.signatures
            .first()
            .filter(|first| first.party == self.party)
            .ok_or(EntryError::NotSignedByItsParty)
    }

    /// Verifies the entry's own signature with the party's key; whether that key was in force at
    /// the entry's height is [`Party::key_standing`]'s to say.
    ///
    /// # Errors
    /// [`EntryError::WrongLedger`], [`EntryError::NotSignedByItsParty`], [`EntryError::UnknownKey`]
    /// where the party never had the key, and [`EntryError::Signature`] where it does not hold.
    pub fn verify_own(&self, ledger: &LedgerId, party: &Party) -> Result<(), EntryError> {
        if self.ledger != *ledger {
            return Err(EntryError::WrongLedger { got: self.ledger });
        }
        let own = self.own_endorsement()?;
        verify_endorsement(&self.signing_bytes(), own, party)
    }

    /// Refuses what no entry can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("signatures", self.signatures.len(), 128)?;
        match &self.body {
            Body::Register(registration) => registration.bounds(),
            Body::RotateKey(_) | Body::RevokeKey(_) | Body::Suspend(_) => Ok(()),
            Body::AnchorLot(anchor) => anchor.bounds(),
            Body::AnchorIndex(anchor) => anchor.bounds(),
            Body::AppendEvent(event) => event.bounds(),
            Body::ChangeLife(change) => change.bounds(),
            Body::Recall(change) => text("notice", &change.notice),
            Body::Govern(GovernanceChange::Members(members)) => members.bounds(),
            Body::Govern(GovernanceChange::Validators(validators)) => validators.bounds(),
        }
    }
}

impl LifeChange {
    fn bounds(&self) -> Result<(), BoundsError> {
        length("ranges", self.ranges.len(), 4096)?;
        require("ranges", !self.ranges.is_empty())?;
        require("ranges", self.ranges.iter().all(|range| range.first <= range.last))?;
        require("ranges", self.ranges.windows(2).all(|pair| pair[0].last < pair[1].first))?;
        self.restore.as_deref().map_or(Ok(()), |reason| text("reason", reason))
    }
}

/// Verifies one endorsement of signed bytes with the endorsing party's key.
///
/// # Errors
/// [`EntryError::UnknownKey`] where the party never had the key, and [`EntryError::Signature`]
/// where it does not hold.
pub fn verify_endorsement(
    signed: &[u8],
    endorsement: &Endorsement,
    party: &Party,
) -> Result<(), EntryError> {
    let key = party
        .keys
        .get(usize::from(endorsement.key))
        .ok_or(EntryError::UnknownKey { key: endorsement.key })?;
    key.key.verify(signed, &endorsement.signature).map_err(EntryError::Signature)
}

/// The bytes to sign for an entry that is being made.
pub fn signing_bytes(ledger: &LedgerId, party: &PartyId, sequence: u64, body: &Body) -> Vec<u8> {
    let tag = tags::ENTRY.as_bytes();
    let body = encode(body);
    let mut bytes = Vec::with_capacity(1 + tag.len() + 32 + 16 + 8 + body.len());
    bytes.push(tag.len() as u8);
    bytes.extend_from_slice(tag);
    bytes.extend_from_slice(&ledger.0);
    bytes.extend_from_slice(&party.0);
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

/// Leaf hash of an entry in the ledger's log: the whole entry, signatures included.
pub fn log_leaf(entry: &[u8]) -> Hash32 {
    log::leaf_hash::<Sm3>(&[tags::LOG.as_bytes(), entry])
}
