//! What a tag says, untrusted.

use crate::format::ids::{LotId, ShortLedgerId};
use crate::format::record::Carrier;
use crate::format::seal::{InnerHash, SealCode, Secret, TypedNumber};
use alloc::string::String;
use alloc::vec::Vec;

/// What a tag, or a person, says the thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealClaim {
    /// Which item is named, and how.
    pub names: Named,
    /// What the label says beside it; compared with the record.
    pub label: LabelFacts,
    /// What the claim was read from.
    pub carrier: Carrier,
    /// Tap codes read in this session, in order.
    pub taps: Vec<Tap>,
}

/// How a claim names its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By lot and index.
    Item(ItemName),
    /// By a code that the brand used before, or a GTIN with serial, found through a code index.
    Code(String),
}

/// Lot, index, and what shows that the seal itself was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemName {
    /// The ledger, where the seal says it; a typed number does not.
    pub ledger: Option<ShortLedgerId>,
    /// The lot.
    pub lot: LotId,
    /// The item's index.
    pub index: u32,
    /// What shows that the seal was seen.
    pub shown: Shown,
}

/// What shows that the seal was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Its secret: a live scan.
    Live(Secret),
    /// The hash of its secret: a recorded scan.
    Recorded(InnerHash),
    /// Nothing: the number was typed, and can be guessed.
    Nothing,
}

impl Shown {
    /// The inner hash, where the seal was seen.
    pub fn inner(&self) -> Option<InnerHash> {
        match self {
            Self::Live(secret) => Some(secret.inner()),
            Self::Recorded(inner) => Some(*inner),
            Self::Nothing => None,
        }
    }
}

/// What a label says of itself in clear, beside the seal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelFacts {
    /// GTIN as 14 digits.
    pub gtin: Option<String>,
    /// Serial number.
    pub serial: Option<String>,
    /// Batch name.
    pub batch: Option<String>,
}

/// One tap of a chip that gives a fresh code each time (NTAG 424 DNA SUN, plain mirror).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tap {
    /// UID of the chip.
    pub uid: [u8; 7],
    /// Its read counter.
    pub counter: u32,
    /// Tamper state as mirrored: `CC` intact, `OO` opened, `OC` opened and closed again.
    pub tamper: [u8; 2],
    /// Its code (SDMMAC).
    pub code: [u8; 8],
}

impl SealClaim {
    /// The claim of a printed or stored seal.
    pub fn of_seal(code: &SealCode, carrier: Carrier) -> Self {
        let name = ItemName {
            ledger: Some(code.ledger),
            lot: code.lot,
            index: code.index,
            shown: Shown::Live(code.secret),
        };
        Self { names: Named::Item(name), label: LabelFacts::default(), carrier, taps: Vec::new() }
    }

    /// The claim of a typed number.
    pub fn of_number(number: &TypedNumber) -> Self {
        let name =
            ItemName { ledger: None, lot: number.lot, index: number.index, shown: Shown::Nothing };
        Self {
            names: Named::Item(name),
            label: LabelFacts::default(),
            carrier: Carrier::Qr,
            taps: Vec::new(),
        }
    }

    /// The claim of a code that is no seal of ours.
    pub fn of_code(code: String, label: LabelFacts, carrier: Carrier) -> Self {
        Self { names: Named::Code(code), label, carrier, taps: Vec::new() }
    }

    /// The same claim without secret and tap codes: what store, history, packs and reports keep.
    ///
    /// Two committed codes of one session would prove it again to whoever reads them.
    pub fn recorded(&self) -> Self {
        let mut recorded = Self { taps: Vec::new(), ..self.clone() };
        if let Named::Item(ItemName { shown, .. }) = &mut recorded.names
            && let Shown::Live(secret) = *shown
        {
            *shown = Shown::Recorded(secret.inner());
        }
        recorded
    }
}
