//! Earlier scans: what was proven then, and what is known since.
//!
//! An entry holds the claim as recorded: the seal's inner hash, never its secret, and no tap codes,
//! since two committed codes could be played to somebody else's phone. What was proven then stays;
//! a recall that is proven later is added beside it.

use crate::answer::{Answer, Subject};
use crate::case::{Case, Told};
use crate::profile::Chips;
use crate::view::Tone;
use sealight_verify::format::ids::{LotId, ShortLedgerId};
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::InnerHash;
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{ItemName, LabelFacts, Named, SealClaim, SealState, Shown};
use sealight_verify::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One earlier scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Format version, 1.
    pub version: u8,
    /// When it was scanned, in seconds since 1970.
    pub scanned: i64,
    /// What was scanned, without its secret.
    pub claim: RecordedClaim,
    /// What was proven then.
    pub then: Then,
    /// Hash of the bundle that proved it, in hex.
    pub bundle: Option<String>,
    /// A recall that was proven later.
    pub recalled: Option<RecalledSince>,
}

/// What was scanned, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedClaim {
    /// Short ledger id in hex, where the seal named one.
    pub ledger: Option<String>,
    /// Lot id in hex and index, where the claim named an item.
    pub item: Option<(String, u32)>,
    /// Inner hash of the seal in hex, where the seal was seen.
    pub inner: Option<String>,
    /// Code of the brand's own, where the claim was made by one.
    pub code: Option<String>,
    /// What the label said beside it: GTIN, serial number, batch.
    pub label: [Option<String>; 3],
    /// What it was read from.
    pub carrier: RecordedCarrier,
}

/// What a claim was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RecordedCarrier {
    /// A printed code, or a typed number.
    Qr,
    /// A UHF tag.
    Uhf,
    /// A chip without keys.
    Nfc,
    /// A chip that gives fresh codes.
    NfcTap,
    /// A chip that answers challenges.
    NfcChallenge,
}

/// What was proven at the time of a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Then {
    /// The case.
    pub case: Case,
    /// Whether the seal was whole by its own word.
    pub intact: bool,
    /// Product name in the record.
    pub product: Option<String>,
    /// Category in the record.
    pub category: Option<String>,
    /// Registered legal name of its maker.
    pub maker: Option<String>,
    /// Time and height of the state that it rested on.
    pub as_of: Option<(i64, u64)>,
}

/// A recall that was proven after a scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecalledSince {
    /// When it was set, in seconds since 1970.
    pub at: Option<i64>,
    /// The notice.
    pub notice: Option<String>,
}

impl Entry {
    /// The entry of an answer that was shown at `scanned`, on a device that reads these chips.
    pub fn of(
        scanned: Timestamp,
        claim: &SealClaim,
        answer: &Answer,
        chip_reader: Chips,
        bundle: Option<String>,
    ) -> Self {
        let subject = answer.subject();
        let text = |text: &dyn Fn(&Subject) -> String| subject.map(text);
        let then = Then {
            case: Case::of(answer, Told::Nothing, chip_reader),
            intact: answer.seal == SealState::Intact,
            product: text(&|subject| subject.product.clone()),
            category: text(&|subject| subject.category.clone()),
            maker: text(&|subject| subject.issuer.legal_name.clone()),
            as_of: answer.as_of.map(|as_of| (as_of.time.secs(), as_of.height)),
        };
        let claim = RecordedClaim::of(claim);
        Self { version: 1, scanned: scanned.secs(), claim, then, bundle, recalled: None }
    }

    /// The entry with what a later answer about the same item proves.
    ///
    /// A recall is added, a proven lift takes it away; everything else of a later answer leaves the
    /// entry as it was. An entry that proved nothing then takes the first answer that does.
    pub fn rejudged(self, answer: &Answer, chip_reader: Chips, bundle: Option<String>) -> Self {
        if answer.subject().is_none() {
            return self;
        }
        let then_unknown = self.then.case == Case::Unproven;
        let newer = Self::since(answer);
        match self.claim.to_claim() {
            Some(claim) if then_unknown => {
                let scanned = Timestamp::from_unix_secs(self.scanned);
                Self::of(scanned, &claim, answer, chip_reader, bundle)
            }
            _ if self.then.case == Case::Recalled => self,
            _ => Self { recalled: newer, ..self },
        }
    }

    /// The entry as a list may show it: `answer` is what the bundle that is kept for it proves as of
    /// the scan, and `bundle` that bundle's hash; none where no bundle is kept.
    ///
    /// What was written down can only take away: of the case that was noted and the one that is
    /// proven the worse stands, and names are the proven ones. Codes of taps are not kept, so that
    /// they were right is not said again.
    pub fn derived(
        self,
        answer: Option<&Answer>,
        chip_reader: Chips,
        bundle: Option<String>,
    ) -> Self {
        let noted = self.then.case;
        let Some((claim, answer)) = self.claim.to_claim().zip(answer.filter(|it| it.decides()))
        else {
            let case = if noted.claims_proof() { Case::Unproven } else { noted };
            return Self { then: Then::nothing(case), ..self };
        };
        let scanned = Timestamp::from_unix_secs(self.scanned);
        let proven = Self::of(scanned, &claim, answer, chip_reader, bundle);
        let mut then = proven.then;
        let since = Self::since(answer).filter(|_| noted != Case::Recalled);
        if since.is_some() && noted.claims_proof() {
            // Recalled since: then it was what was noted, as far as that is ever proven again.
            then.case = if noted.tone() == Tone::Proven { Case::E1 } else { noted };
        } else if noted.tone().weight() > then.case.tone().weight() {
            then.case = noted;
        }
        Self { then, bundle: proven.bundle, recalled: since.or(self.recalled), ..self }
    }

    fn since(answer: &Answer) -> Option<RecalledSince> {
        answer.recall().map(|recall| RecalledSince {
            at: recall.at.map(|at| at.secs()),
            notice: recall.notice.map(str::to_owned),
        })
    }
}

impl Then {
    /// Nothing is proven of it.
    fn nothing(case: Case) -> Self {
        let (product, category, maker, as_of) = (None, None, None, None);
        Self { case, intact: false, product, category, maker, as_of }
    }
}

impl RecordedClaim {
    /// What may be kept of a claim.
    pub fn of(claim: &SealClaim) -> Self {
        let label = &claim.label;
        let base = Self {
            ledger: None,
            item: None,
            inner: None,
            code: None,
            label: [label.gtin.clone(), label.serial.clone(), label.batch.clone()],
            carrier: claim.carrier.into(),
        };
        match &claim.names {
            Named::Item(name) => Self {
                ledger: name.ledger.map(|ledger| ledger.to_string()),
                item: Some((name.lot.to_string(), name.index)),
                inner: name.shown.inner().map(|inner| inner.0.to_string()),
                ..base
            },
            Named::Code(code) => Self { code: Some(code.clone()), ..base },
        }
    }

    /// The claim to be verified again; `None` where the entry was edited to name nothing.
    pub fn to_claim(&self) -> Option<SealClaim> {
        let [gtin, serial, batch] = self.label.clone();
        let label = LabelFacts { gtin, serial, batch };
        let carrier = self.carrier.into();
        let names = match (&self.item, &self.code) {
            (Some((lot, index)), None) => {
                let shown = match &self.inner {
                    Some(inner) => Shown::Recorded(InnerHash(Hash32::from_hex(inner)?)),
                    None => Shown::Nothing,
                };
                let ledger = match &self.ledger {
                    Some(ledger) => Some(ShortLedgerId::from_hex(ledger)?),
                    None => None,
                };
                Named::Item(ItemName { ledger, lot: LotId::from_hex(lot)?, index: *index, shown })
            }
            (None, Some(code)) => Named::Code(code.clone()),
            _ => return None,
        };
        Some(SealClaim { names, label, carrier, taps: Vec::new() })
    }
}

impl From<Carrier> for RecordedCarrier {
    fn from(carrier: Carrier) -> Self {
        match carrier {
            Carrier::Qr => Self::Qr,
            Carrier::Uhf => Self::Uhf,
            Carrier::Nfc => Self::Nfc,
            Carrier::NfcTap => Self::NfcTap,
            Carrier::NfcChallenge => Self::NfcChallenge,
        }
    }
}

impl From<RecordedCarrier> for Carrier {
    fn from(carrier: RecordedCarrier) -> Self {
        match carrier {
            RecordedCarrier::Qr => Self::Qr,
            RecordedCarrier::Uhf => Self::Uhf,
            RecordedCarrier::Nfc => Self::Nfc,
            RecordedCarrier::NfcTap => Self::NfcTap,
            RecordedCarrier::NfcChallenge => Self::NfcChallenge,
        }
    }
}
