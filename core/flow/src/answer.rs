//! What a verdict says, as the flow keeps it: facts to be put in words, and no secret.

use crate::case::Case;
use sealight_verify::chain::Assurance;
use sealight_verify::format::picture;
use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{
    AsOf, Contradiction, Finding, Freshness, Happening, LabelFacts, Life, Named, NotLookedAt,
    NotOnLedger, Original, ProvenEvent, ProvenItem, RecallShown, SealClaim, SealState, Shown,
    Speaker, Unproven, Verdict,
};
use sealight_verify::report::Recipient;
use sealight_verify::time::Timestamp;

/// A claim and its verdict, ready to be put in words; made by [`Answer::of`] only.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub(crate) named: NamedAs,
    pub(crate) carrier: Carrier,
    pub(crate) label: LabelFacts,
    pub(crate) record: Record,
    pub(crate) assurance: Assurance,
    pub(crate) operators: Option<u32>,
    pub(crate) original: Original,
    pub(crate) seal: SealState,
    pub(crate) life: Life,
    pub(crate) as_of: Option<AsOf>,
    pub(crate) freshness: Freshness,
    pub(crate) not_looked_at: Vec<NotLookedAt>,
    pub(crate) demo: bool,
    pub(crate) report_to: Option<Recipient>,
}

/// How the claim named its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NamedAs {
    /// By the number of a seal, seen or only typed.
    Number { number: TypedNumber, seen: bool },
    /// By a code of the brand's own.
    Code(String),
}

/// What the ledger says of the claim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Record {
    Proven(Box<Subject>),
    NotOnLedger(NotOnLedger),
    Contradicted(Contradiction),
    Unproven(Unproven),
}

/// What the record says of the item, from a [`ProvenItem`].
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subject {
    pub(crate) number: TypedNumber,
    pub(crate) lot_size: u32,
    pub(crate) product: String,
    pub(crate) category: String,
    pub(crate) brand: Option<String>,
    pub(crate) gtin: Option<String>,
    pub(crate) serial: Option<String>,
    pub(crate) batch: Option<String>,
    pub(crate) expires: Option<Timestamp>,
    /// What the item was made with, the weaker first.
    pub(crate) carriers: Vec<Carrier>,
    pub(crate) tap_codes: usize,
    /// Public fields but the picture's.
    pub(crate) fields: Vec<Field>,
    pub(crate) picture: Option<Hash32>,
    pub(crate) private: Vec<Field>,
    pub(crate) issuer: Speaker,
    pub(crate) anchored: Timestamp,
    pub(crate) key_retired: Option<u64>,
    pub(crate) events: Vec<ProvenEvent>,
}

/// A recall, with the notice of an item's recall from its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RecallFacts<'a> {
    pub(crate) scope: RecallScope,
    pub(crate) by_authority: bool,
    pub(crate) at: Option<Timestamp>,
    pub(crate) notice: Option<&'a str>,
}

/// What is recalled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecallScope {
    Item,
    Lot,
    Issuer,
}

impl Answer {
    /// What `verdict` says of `claim`.
    pub fn of(claim: &SealClaim, verdict: &Verdict) -> Self {
        let record = match &verdict.record {
            Finding::Proven(item) => Record::Proven(Box::new(Subject::of(item))),
            Finding::NotOnLedger(reason) => Record::NotOnLedger(reason.clone()),
            Finding::Contradicted(reason) => Record::Contradicted(reason.clone()),
            Finding::Unproven(reason) => Record::Unproven(reason.clone()),
        };
        Self {
            named: NamedAs::of(&claim.names),
            carrier: claim.carrier,
            label: claim.label.clone(),
            record,
            assurance: verdict.assurance,
            operators: verdict.operators,
            original: verdict.original,
            seal: verdict.seal,
            life: verdict.life.clone(),
            as_of: verdict.as_of,
            freshness: verdict.freshness,
            not_looked_at: verdict.not_looked_at.clone(),
            demo: verdict.demo,
            report_to: verdict.report_to.clone(),
        }
    }

    /// Why nothing can be said of `claim`, where no bundle was there to be verified.
    pub fn unproven(claim: &SealClaim, reason: Unproven) -> Self {
        Self::of(claim, &Verdict::unproven(reason))
    }

    /// The proven item's record.
    pub(crate) fn subject(&self) -> Option<&Subject> {
        match &self.record {
            Record::Proven(subject) => Some(subject),
            _ => None,
        }
    }

    /// The item's number, from the record or from the claim.
    pub(crate) fn number(&self) -> Option<TypedNumber> {
        match (self.subject(), &self.named) {
            (Some(subject), _) => Some(subject.number),
            (None, NamedAs::Number { number, .. }) => Some(*number),
            (None, NamedAs::Code(_)) => None,
        }
    }

    /// The recall in force.
    pub(crate) fn recall(&self) -> Option<RecallFacts<'_>> {
        let Life::Recalled(recalled) = &self.life else { return None };
        let (scope, recall, by_authority) = match recalled {
            RecallShown::Lot { recall, by_authority } => (RecallScope::Lot, recall, *by_authority),
            RecallShown::Issuer { recall, by_authority } => {
                (RecallScope::Issuer, recall, *by_authority)
            }
            RecallShown::Item { by_authority } => {
                let (at, notice) = self.item_notice().unzip();
                let (scope, by_authority) = (RecallScope::Item, *by_authority);
                return Some(RecallFacts { scope, by_authority, at, notice });
            }
        };
        let (at, notice) = (Some(recall.at), Some(recall.notice.as_str()));
        Some(RecallFacts { scope, by_authority, at, notice })
    }

    /// When the item's last recall was entered, and its notice.
    fn item_notice(&self) -> Option<(Timestamp, &str)> {
        let events = self.subject()?.events.iter().rev().filter(|event| !event.key_withdrawn);
        events.into_iter().find_map(|event| match &event.what {
            Happening::Recall { recalled: true, notice } => {
                Some((event.entered.at, notice.as_str()))
            }
            _ => None,
        })
    }

    /// Whether it says something of the goods.
    pub(crate) fn decides(&self) -> bool {
        !matches!(self.record, Record::Unproven(_))
    }

    /// Whether asking again may give a better answer.
    pub(crate) fn may_improve(&self, case: Case) -> bool {
        let hopeless = matches!(
            self.record,
            Record::Unproven(
                Unproven::AppTooOld(_)
                    | Unproven::LedgerUnknown { .. }
                    | Unproven::KeyWithdrawn { .. }
            )
        );
        let waits = matches!(
            case,
            Case::Unproven | Case::Stale | Case::ClockDoubtful | Case::TooOld | Case::AbsentThen
        );
        waits && !hopeless
    }

    /// The same answer, with something that speaks against it instead of its record.
    pub(crate) fn contradicted(self, reason: Contradiction) -> Self {
        Self {
            record: Record::Contradicted(reason),
            original: Original::Unknown,
            seal: SealState::Unknown,
            life: Life::Unknown,
            ..self
        }
    }
}

impl NamedAs {
    pub(crate) fn of(names: &Named) -> Self {
        match names {
            Named::Item(name) => Self::Number {
                number: TypedNumber { lot: name.lot, index: name.index },
                seen: !matches!(name.shown, Shown::Nothing),
            },
            Named::Code(code) => Self::Code(code.clone()),
        }
    }
}

impl Subject {
    fn of(item: &ProvenItem) -> Self {
        let record = item.record();
        Self {
            number: TypedNumber { lot: *item.lot(), index: item.index() },
            lot_size: item.lot_size(),
            product: record.product.clone(),
            category: record.category.clone(),
            brand: record.brand.clone(),
            gtin: record.gtin.clone(),
            serial: record.serial.clone(),
            batch: record.batch.clone(),
            expires: record.expires,
            carriers: record.carriers.clone(),
            tap_codes: record.taps.as_ref().map_or(0, |taps| taps.codes.len() / 8),
            fields: record
                .fields
                .iter()
                .filter(|field| field.key != picture::FIELD)
                .cloned()
                .collect(),
            picture: picture::named(&record.fields),
            private: item.private_fields().to_vec(),
            issuer: item.issuer().clone(),
            anchored: item.anchored().at,
            key_retired: item.key_retired(),
            events: item.events().to_vec(),
        }
    }
}

/// The last four characters of a number as printed, its check character among them: what a person
/// compares.
pub(crate) fn tail(number: &TypedNumber) -> String {
    let symbols: Vec<char> = number.text().chars().filter(|c| *c != '-').collect();
    symbols[symbols.len().saturating_sub(4)..].iter().collect()
}
