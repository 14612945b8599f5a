//! Why a verdict is not "proven": one variant a rule, with the facts.

use crate::chain::AcceptError;
use crate::codec::CodecError;
use crate::format::bounds::BoundsError;
use crate::format::entry::EntryError;
use crate::format::ids::{LedgerId, LotId, PartyId, ShortLedgerId};
use crate::hash::Hash32;
use crate::tree::TreeError;
use alloc::string::String;
use core::fmt;

/// What is proven not to be on the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotOnLedger {
    /// The ledger has no lot with this id.
    NoSuchLot {
        /// The lot that the claim names.
        lot: LotId,
    },
    /// The lot is smaller.
    PastTheLot {
        /// Index that the claim names.
        index: u32,
        /// Items in the lot.
        size: u32,
    },
    /// The record of this item commits to another secret.
    SecretNotCommitted {
        /// The lot.
        lot: LotId,
        /// The item.
        index: u32,
    },
    /// The code stands in no index, though its namespace has one.
    CodeNotIndexed,
    /// Its namespace has no index.
    NoIndex,
}

/// What proven thing speaks against a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// The record speaks for a GTIN or brand that its lot or issuer has no right to.
    ForeignNamespace {
        /// `gtin`, `brand` or `lot`.
        field: &'static str,
        /// What it says.
        value: String,
    },
    /// The label says something else than the record.
    LabelDiffers {
        /// `gtin`, `serial` or `batch`.
        field: &'static str,
        /// What the label says.
        label: String,
        /// What the record says.
        record: String,
    },
    /// Who anchored the lot is no issuer.
    NotAnIssuer {
        /// The party.
        party: PartyId,
    },
    /// Two carriers in one session name two items.
    TwoItems,
}

/// Why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unproven {
    /// Nothing was found and absence was not proven.
    NotFound,
    /// No gateway could be reached and nothing is stored.
    NoNetwork,
    /// There is a network, and what was asked has not come yet.
    NoAnswerYet,
    /// A gateway has the state but not this file.
    DataMissing {
        /// What is missing.
        what: &'static str,
    },
    /// Fewer events than the state counts.
    EventsMissing {
        /// Events in the bundle.
        have: u64,
        /// Events that the state counts.
        of: u64,
    },
    /// A format is newer than this app.
    AppTooOld(CodecError),
    /// The seal names a ledger that the trust file does not list.
    LedgerUnknown {
        /// The ledger, shortened.
        ledger: ShortLedgerId,
    },
    /// The key that anchored the lot was in other hands.
    KeyWithdrawn {
        /// First height at which it was.
        since: u64,
        /// Height of the lot.
        height: u64,
    },
    /// The header was not accepted.
    Header(AcceptError),
    /// The proof does not hold: a bad gateway or a damaged file, which says nothing of the goods.
    BadProof(ProofError),
}

/// Why a proof does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProofError {
    /// The bytes are no bundle.
    Codec(CodecError),
    /// A decoded part holds what it may not.
    Bounds(BoundsError),
    /// Made for another ledger.
    WrongLedger {
        /// The ledger that the bundle names.
        got: LedgerId,
    },
    /// For another claim than the one made.
    WrongItem,
    /// The roots are not the ones under the header.
    AppHash {
        /// What the header holds.
        expected: Hash32,
        /// What the roots give.
        got: Hash32,
    },
    /// A path does not lead to its root.
    Path {
        /// Which part.
        part: Part,
        /// Why.
        error: TreeError,
    },
    /// A part is missing that the others call for.
    Missing(Part),
    /// A part is there that nothing calls for.
    Superfluous(Part),
    /// An entry is not the one that the state names, or says something else.
    WrongEntry(Part),
    /// An entry's signature does not hold.
    Entry {
        /// Which part.
        part: Part,
        /// Why.
        error: EntryError,
    },
}

/// A part of a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The code index.
    CodeIndex,
    /// The codes of one prefix.
    Codes,
    /// A party.
    Party,
    /// The lot.
    Lot,
    /// The entry that anchored the lot.
    Anchor,
    /// The item's record.
    Item,
    /// The item's life.
    Life,
    /// The events.
    Events,
}

impl Part {
    /// Name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::CodeIndex => "code index",
            Self::Codes => "codes",
            Self::Party => "party",
            Self::Lot => "lot",
            Self::Anchor => "anchor",
            Self::Item => "item",
            Self::Life => "life",
            Self::Events => "events",
        }
    }
}

impl NotOnLedger {
    /// Whether a later entry can end the absence.
    pub fn may_end(&self) -> bool {
        matches!(self, Self::NoSuchLot { .. } | Self::CodeNotIndexed | Self::NoIndex)
    }
}

impl fmt::Display for NotOnLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSuchLot { lot } => write!(f, "the ledger has no lot {lot}"),
            Self::PastTheLot { index, size } => {
                write!(f, "item {index} of a lot with {size} items")
            }
            Self::SecretNotCommitted { lot, index } => {
                write!(f, "item {index} of lot {lot} was registered with another seal")
            }
            Self::CodeNotIndexed => f.write_str("the brand's list does not have this code"),
            Self::NoIndex => f.write_str("nobody registered codes of this form"),
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignNamespace { field, value } => {
                write!(f, "foreign namespace: {field} {value} is not the issuer's to use")
            }
            Self::LabelDiffers { field, label, record } => {
                write!(f, "{field}: the label says {label}, the record {record}")
            }
            Self::NotAnIssuer { party } => write!(f, "party {party} is not an issuer"),
            Self::TwoItems => f.write_str("two carriers name two items"),
        }
    }
}

impl fmt::Display for Unproven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("not found, and absence was not proven"),
            Self::NoNetwork => f.write_str("no gateway answers and nothing is stored"),
            Self::NoAnswerYet => f.write_str("no answer has come yet"),
            Self::DataMissing { what } => write!(f, "data missing: {what}"),
            Self::EventsMissing { have, of } => write!(f, "events missing: {have} of {of}"),
            Self::AppTooOld(error) => write!(f, "this app is too old: {error}"),
            Self::LedgerUnknown { ledger } => write!(f, "ledger {ledger} is not in the trust file"),
            Self::KeyWithdrawn { since, height } => {
                write!(f, "key withdrawn since height {since}, lot anchored at {height}")
            }
            Self::Header(error) => write!(f, "header not accepted: {error}"),
            Self::BadProof(error) => write!(f, "bad proof: {error}"),
        }
    }
}

impl fmt::Display for ProofError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Codec(error) => write!(f, "{error}"),
            Self::Bounds(error) => write!(f, "{error}"),
            Self::WrongLedger { got } => write!(f, "made for ledger {got}"),
            Self::WrongItem => f.write_str("made for another item"),
            Self::AppHash { expected, got } => {
                write!(f, "roots give app hash {got}, the header holds {expected}")
            }
            Self::Path { part, error } => write!(f, "{}: {error}", part.name()),
            Self::Missing(part) => write!(f, "{}: missing", part.name()),
            Self::Superfluous(part) => write!(f, "{}: not called for", part.name()),
            Self::WrongEntry(part) => write!(f, "{}: not the entry in the state", part.name()),
            Self::Entry { part, error } => write!(f, "{}: {error}", part.name()),
        }
    }
}

impl core::error::Error for NotOnLedger {}
impl core::error::Error for Contradiction {}
impl core::error::Error for Unproven {}
impl core::error::Error for ProofError {}

impl From<BoundsError> for ProofError {
    fn from(error: BoundsError) -> Self {
        Self::Bounds(error)
    }
}

impl From<ProofError> for Unproven {
    fn from(error: ProofError) -> Self {
        Self::BadProof(error)
    }
}

/// A version that is too new is the app's fault; everything else is the proof's.
impl From<CodecError> for Unproven {
    fn from(error: CodecError) -> Self {
        match error {
            CodecError::UnknownVersion { .. } => Self::AppTooOld(error),
            other => Self::BadProof(ProofError::Codec(other)),
        }
    }
}
