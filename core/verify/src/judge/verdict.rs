//! The verdict: what was proven, by whom, as of when, and what was not looked at.

use super::reason::{Contradiction, NotOnLedger, Unproven};
use crate::chain::Assurance;
use crate::format::event::TraceEvent;
use crate::format::ids::{LedgerId, LotId, PartyId};
use crate::format::life::LifeState;
use crate::format::lot::Recall;
use crate::format::party::Roles;
use crate::format::record::{Carrier, Field, ItemRecord};
use crate::hash::Hash32;
use crate::report::Recipient;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;

/// The answer to one scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// What the ledger says of the claim.
    pub record: Finding,
    /// How much stands behind that.
    pub assurance: Assurance,
    /// Fewest operators who together could have forged it; none where nothing was proven.
    pub operators: Option<u32>,
    /// Whether the tag is the one that the issuer made.
    pub original: Original,
    /// Whether the seal is whole.
    pub seal: SealState,
    /// What became of the item.
    pub life: Life,
    /// When what was proven was so.
    pub as_of: Option<AsOf>,
    /// How much that age matters.
    pub freshness: Freshness,
    /// What this verdict says nothing about; never empty.
    pub not_looked_at: Vec<NotLookedAt>,
    /// Whether it rests on the anchors of a demonstration, and so says nothing of any real goods.
    pub demo: bool,
    /// Whom a report on it goes to; none where no party that takes reports is proven to have made
    /// it.
    pub report_to: Option<Recipient>,
}

/// What the ledger says of a claim.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The record is on the ledger.
    Proven(alloc::boxed::Box<ProvenItem>),
    /// It is not, and that is proven.
    NotOnLedger(NotOnLedger),
    /// It is, and something proven speaks against the claim.
    Contradicted(Contradiction),
    /// It cannot be said.
    Unproven(Unproven),
}

/// An item proven to be on the ledger; only [`super::verify`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvenItem {
    pub(super) ledger: LedgerId,
    pub(super) lot: LotId,
    pub(super) index: u32,
    pub(super) lot_size: u32,
    pub(super) record: ItemRecord,
    pub(super) private: Vec<Field>,
    pub(super) issuer: Speaker,
    pub(super) anchored: Entered,
    pub(super) title: String,
    pub(super) key_retired: Option<u64>,
    pub(super) events: Vec<ProvenEvent>,
}

impl ProvenItem {
    /// The ledger that it is on.
    pub fn ledger(&self) -> &LedgerId {
        &self.ledger
    }

    /// Its lot.
    pub fn lot(&self) -> &LotId {
        &self.lot
    }

    /// Its index in the lot.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// Number of items in its lot.
    pub fn lot_size(&self) -> u32 {
        self.lot_size
    }

    /// What the issuer records of it.
    pub fn record(&self) -> &ItemRecord {
        &self.record
    }

    /// Fields that only the holder of the seal can read; empty without the secret.
    pub fn private_fields(&self) -> &[Field] {
        &self.private
    }

    /// Who issued it.
    pub fn issuer(&self) -> &Speaker {
        &self.issuer
    }

    /// When its lot was anchored.
    pub fn anchored(&self) -> Entered {
        self.anchored
    }

    /// What the issuer calls the lot.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Height since which the key that anchored the lot is retired.
    pub fn key_retired(&self) -> Option<u64> {
        self.key_retired
    }

    /// What happened, as entered, oldest first: all events of the lot that concern this item.
    pub fn events(&self) -> &[ProvenEvent] {
        &self.events
    }
}

/// When something was entered in the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Entered {
    /// Height of the block.
    pub height: u64,
    /// Time of the block.
    pub at: Timestamp,
}

/// Who says something: always by the registered legal name.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Speaker {
    /// Party id.
    pub id: PartyId,
    /// Registered legal name.
    pub legal_name: String,
    /// Roles now.
    pub roles: Roles,
    /// Height since which it is suspended.
    pub suspended: Option<u64>,
}

/// How independent of the brand a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaidBy {
    /// The brand alone.
    Brand,
    /// A party other than the brand.
    Independent,
    /// A sensor, through the party that entered it.
    Sensor,
}

/// An event that is proven to be entered by its party.
#[derive(Debug, Clone, PartialEq)]
pub struct ProvenEvent {
    /// When it was entered.
    pub entered: Entered,
    /// Who entered it.
    pub by: Speaker,
    /// How independent of the brand that is.
    pub said_by: SaidBy,
    /// Whether its key was in other hands at that height: then it counts for nothing.
    pub key_withdrawn: bool,
    /// Id of the entry.
    pub entry: Hash32,
    /// What is said.
    pub what: Happening,
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Something happened to the goods.
    Trace(TraceEvent),
    /// Items were recalled, or their recall lifted.
    Recall {
        /// Set, or lifted.
        recalled: bool,
        /// The notice.
        notice: String,
    },
}

/// Whether the tag is the one that the issuer made: the evidence ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "level")]
pub enum Original {
    /// Nothing proven, so nothing to compare with.
    Unknown,
    /// E1: the record only. Anyone can copy a code.
    RecordOnly {
        /// Whether the number has no secret, so that it can be guessed without any copy.
        guessable: bool,
    },
    /// E1, and one right code was given: another tap tells more.
    OneTap,
    /// E1: all committed codes were read.
    CodesUsedUp,
    /// E2: the chip maker is proven.
    ChipMaker,
    /// E3: the tag knew committed codes and its counter moved on a second tap.
    TapCodes,
    /// E4: the tag answered a challenge.
    Challenge,
}

/// Whether the seal is whole; authenticated tamper state only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealState {
    /// Nothing authenticated says.
    Unknown,
    /// Never opened.
    Intact,
    /// Opened.
    Opened,
    /// Opened and closed again.
    Reclosed,
}

/// What became of the item: the worst of item, lot and issuer.
#[derive(Debug, Clone, PartialEq)]
pub enum Life {
    /// Nothing is proven of it.
    Unknown,
    /// A key that changed it was in other hands.
    KeyWithdrawn,
    /// Where it stands.
    At(LifeState),
    /// Past its date.
    Expired {
        /// Last moment of its shelf life.
        since: Timestamp,
    },
    /// Recalled.
    Recalled(RecallShown),
}

/// A recall as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "scope")]
pub enum RecallShown {
    /// Of this item among others; the notice stands among its events.
    Item {
        /// Whether an authority recalled it, rather than the issuer.
        by_authority: bool,
    },
    /// Of the whole lot.
    Lot {
        /// The recall.
        recall: Recall,
        /// Whether an authority set it, rather than the issuer.
        by_authority: bool,
    },
    /// Of everything of the issuer.
    Issuer {
        /// The recall.
        recall: Recall,
        /// Whether an authority set it, rather than the issuer.
        by_authority: bool,
    },
}

/// The state that a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AsOf {
    /// Height of the header.
    pub height: u64,
    /// Time of the header.
    pub time: Timestamp,
    /// Age in seconds.
    pub age: u64,
}

/// How much the age of a verdict matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// Recent enough.
    Fresh,
    /// Recalls since then are not known here.
    Stale,
    /// So old that it only says what was.
    TooOld,
    /// This device's clock may be wrong, so the age is not known.
    ClockDoubtful,
    /// Nothing was proven.
    Unknown,
}

/// What a verdict says nothing about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotLookedAt {
    /// Scans of the same seal elsewhere since then.
    ScansElsewhere,
    /// What is in the package.
    Contents,
    /// Recalls and sales since the header's time.
    SinceThen,
    /// The stronger carrier that the item was made with.
    StrongerCarrier {
        /// Which.
        carrier: Carrier,
    },
    /// The seal itself: only its number was typed.
    TheSeal,
}

/// The verdict in one word: what exit codes and tones are made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Proven, sold or in trade, fresh.
    Proven,
    /// Proven, but recalled, expired, opened, void or not applied.
    ProvenBut,
    /// Proven, but stale, or the clock is doubtful.
    ProvenStale,
    /// Not on the ledger.
    NotOnLedger,
    /// Contradicted.
    Contradicted,
    /// Unproven.
    Unproven,
}

impl Verdict {
    /// The verdict in one word.
    ///
    /// What fewer operators than the policy asks for could have forged is told and not proven, and
    /// an absence that may have ended since says nothing of today.
    pub fn outcome(&self) -> Outcome {
        match &self.record {
            _ if self.assurance == Assurance::Told => Outcome::Unproven,
            Finding::NotOnLedger(not) if not.may_end() && self.freshness != Freshness::Fresh => {
                Outcome::Unproven
            }
            Finding::NotOnLedger(_) => Outcome::NotOnLedger,
            Finding::Contradicted(_) => Outcome::Contradicted,
            Finding::Unproven(_) => Outcome::Unproven,
            Finding::Proven(_) => self.proven_outcome(),
        }
    }

    fn proven_outcome(&self) -> Outcome {
        match (&self.life, self.seal, self.freshness) {
            (Life::Recalled(_) | Life::Expired { .. }, ..) => Outcome::ProvenBut,
            (Life::At(LifeState::NotApplied | LifeState::Opened | LifeState::Void), ..) => {
                Outcome::ProvenBut
            }
            (_, SealState::Opened | SealState::Reclosed, _) => Outcome::ProvenBut,
            (Life::Unknown | Life::KeyWithdrawn, ..) => Outcome::Unproven,
            (.., Freshness::TooOld | Freshness::Unknown) => Outcome::Unproven,
            (.., Freshness::Stale | Freshness::ClockDoubtful) => Outcome::ProvenStale,
            (.., Freshness::Fresh) => Outcome::Proven,
        }
    }

    /// The proven item, where there is one.
    pub fn item(&self) -> Option<&ProvenItem> {
        match &self.record {
            Finding::Proven(item) => Some(item),
            _ => None,
        }
    }

    /// A verdict that says nothing but why nothing can be said.
    pub fn unproven(reason: Unproven) -> Self {
        Self::without_item(Finding::Unproven(reason))
    }

    pub(super) fn without_item(record: Finding) -> Self {
        Self {
            record,
            assurance: Assurance::Told,
            operators: None,
            original: Original::Unknown,
            seal: SealState::Unknown,
            life: Life::Unknown,
            as_of: None,
            freshness: Freshness::Unknown,
            not_looked_at: alloc::vec![NotLookedAt::ScansElsewhere, NotLookedAt::Contents],
            demo: false,
            report_to: None,
        }
    }
}

impl Outcome {
    /// Exit code of `sealight scan` and `sealight verify`.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Proven => 0,
            Self::ProvenBut => 10,
            Self::ProvenStale => 11,
            Self::NotOnLedger => 20,
            Self::Contradicted => 21,
            Self::Unproven => 22,
        }
    }
}
