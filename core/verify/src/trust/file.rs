//! The trust file: what a client believes before it has seen anything.

use super::keys::KeySet;
use super::standing::TrustStanding;
use crate::codec::{Blob, Versioned};
use crate::format::ids::LedgerId;
use crate::time::{Now, Seconds, Timestamp};
use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use minicbor::{Decode, Encode};

/// The trust file, unsigned.
///
/// Only [`super::Trusted`] ones are ever used: see [`super::open`] and [`super::rotate`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TrustFile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Rises with every new file.
    #[n(1)]
    pub serial: u64,
    /// After this moment verdicts are at best stale, 30 days later they are told.
    #[n(2)]
    pub expires: Timestamp,
    /// Who signs trust files, and nothing else.
    #[n(3)]
    pub roots: KeySet,
    /// Who signs checkpoints.
    #[n(4)]
    pub checkpoints: KeySet,
    /// The ledgers; at most 32.
    #[n(5)]
    pub ledgers: Vec<LedgerTrust>,
    /// Whether these are the anchors of a demonstration, which no release trusts.
    #[n(6)]
    pub demo: bool,
}

impl Versioned for TrustFile {
    const NAME: &'static str = "trust file";
    const MAX_LEN: usize = 256 * 1024;
}

/// How a ledger's headers are accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerKind {
    /// CometBFT 0.38 with this project's application.
    #[n(0)]
    Comet,
}

/// What is believed of one ledger.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LedgerTrust {
    /// The ledger.
    #[n(0)]
    pub id: LedgerId,
    /// Its name for people.
    #[n(1)]
    pub name: String,
    /// Its name in headers.
    #[n(2)]
    pub chain_id: String,
    /// How its headers are accepted.
    #[n(3)]
    pub kind: LedgerKind,
    /// Time of its genesis: no present is before it.
    #[n(4)]
    pub genesis: Timestamp,
    /// Who runs its validators and gateways; at most 256.
    #[n(5)]
    pub operators: Vec<Operator>,
    /// How long what lasts.
    #[n(6)]
    pub periods: Periods,
    /// Fewest operators that could together have forged a header, below which it is only told.
    #[n(7)]
    pub least_operators: u32,
}

/// Somebody who runs validators and gateways.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Operator {
    /// Name for people.
    #[n(0)]
    pub name: String,
    /// Keys of its validators, each in one operator's list only; at most 1,000 of a ledger.
    #[n(1)]
    pub validators: Vec<ValidatorKey>,
    /// Addresses of its gateways.
    #[n(2)]
    pub gateways: Vec<String>,
}

crate::codec::fixed_bytes!(
    /// An Ed25519 key of a validator.
    ValidatorKey,
    32
);

/// How long what lasts on one ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
#[cbor(map)]
pub struct Periods {
    /// A trusted header can be stepped from for so long.
    #[n(0)]
    pub trusting: Seconds,
    /// A step may skip on a third of the trusted set for so long.
    #[n(1)]
    pub skip_third: Seconds,
    /// Headers may lie this far in the future, and clocks this far in the past.
    #[n(2)]
    pub drift: Seconds,
    /// A shopper's verdict is fresh for so long.
    #[n(3)]
    pub fresh: Seconds,
    /// An inspector's verdict is fresh for so long.
    #[n(4)]
    pub fresh_inspector: Seconds,
    /// After so long a verdict only says what was.
    #[n(5)]
    pub stop: Seconds,
}

impl Periods {
    /// The periods that are meant where nothing else is said.
    pub const DEFAULT: Self = Self {
        trusting: Seconds::days(30),
        skip_third: Seconds::days(7),
        drift: Seconds(10),
        fresh: Seconds::days(1),
        fresh_inspector: Seconds::days(7),
        stop: Seconds::days(90),
    };

    fn sound(&self) -> bool {
        let longest = Seconds::days(10 * 366);
        self.skip_third <= self.trusting
            && self.fresh <= self.stop
            && self.fresh_inspector <= self.stop
            && self.trusting.0 > 0
            && self.trusting <= longest
            && self.stop <= longest
            && self.drift <= Seconds::HOUR
    }
}

/// A trust file that contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustFileError {
    /// A role whose threshold or keys make no sense.
    Role {
        /// Which role.
        role: &'static str,
    },
    /// No ledger, too many, or a list or name in one that is too long or empty.
    Bounds {
        /// Which field.
        field: &'static str,
    },
    /// Two ledgers whose seals could not be told apart.
    ShortIdTaken {
        /// The second ledger.
        ledger: LedgerId,
    },
    /// A validator that two operators list, or one lists twice.
    ValidatorTaken {
        /// Its key.
        key: ValidatorKey,
    },
    /// Two operators of one ledger with one name, so that they would count as two.
    OperatorTaken {
        /// The name.
        name: String,
    },
    /// Periods that contradict each other.
    Periods {
        /// Of which ledger.
        ledger: LedgerId,
    },
}

impl fmt::Display for TrustFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role { role } => write!(f, "the {role} role's keys and threshold make no role"),
            Self::Bounds { field } => write!(f, "{field}: empty or too long"),
            Self::ShortIdTaken { ledger } => {
                write!(f, "ledger {ledger} has the short id of another one")
            }
            Self::ValidatorTaken { key } => write!(f, "validator {key} is listed twice"),
            Self::OperatorTaken { name } => write!(f, "operator {name:?} is listed twice"),
            Self::Periods { ledger } => write!(f, "the periods of ledger {ledger} make no sense"),
        }
    }
}

impl core::error::Error for TrustFileError {}

impl TrustFile {
    /// Refuses a file that contradicts itself.
    ///
    /// # Errors
    /// The first contradiction in it; see [`TrustFileError`].
    pub fn sound(&self) -> Result<(), TrustFileError> {
        role("root", &self.roots)?;
        role("checkpoint", &self.checkpoints)?;
        bounds("ledgers", (1..=32).contains(&self.ledgers.len()))?;
        self.short_ids_differ()?;
        self.ledgers.iter().try_for_each(LedgerTrust::sound)
    }

    /// What is believed of a ledger.
    pub fn ledger(&self, id: &LedgerId) -> Option<&LedgerTrust> {
        self.ledgers.iter().find(|ledger| ledger.id == *id)
    }

    /// What the file is worth at a moment.
    pub fn standing(&self, now: &Now) -> TrustStanding {
        TrustStanding::at(self.expires, now.at())
    }

    /// A seal names its ledger by eight bytes only, so they must differ.
    fn short_ids_differ(&self) -> Result<(), TrustFileError> {
        let mut seen = BTreeSet::new();
        match self.ledgers.iter().find(|ledger| !seen.insert(ledger.id.short())) {
            Some(ledger) => Err(TrustFileError::ShortIdTaken { ledger: ledger.id }),
            None => Ok(()),
        }
    }
}

impl LedgerTrust {
    /// All gateways with the operator that runs each.
    pub fn gateways(&self) -> impl Iterator<Item = (&Operator, &str)> {
        self.operators
            .iter()
            .flat_map(|operator| operator.gateways.iter().map(move |url| (operator, url.as_str())))
    }

    /// The place of the operator that runs a validator.
    pub(super) fn operator_of(&self, key: &Blob) -> Option<usize> {
        self.operators
            .iter()
            .position(|operator| operator.validators.iter().any(|listed| listed.0[..] == key[..]))
    }

    fn sound(&self) -> Result<(), TrustFileError> {
        shown("ledger name", &self.name)?;
        shown("chain id", &self.chain_id)?;
        bounds("chain id", self.chain_id.len() <= crate::comet::MAX_CHAIN_ID)?;
        bounds("operators", self.operators.len() <= 256)?;
        let (mut keys, mut names) = (BTreeSet::new(), BTreeSet::new());
        for operator in &self.operators {
            shown("operator name", &operator.name)?;
            bounds("gateways", operator.gateways.len() <= 64)?;
            operator.gateways.iter().try_for_each(|url| shown("gateway", url))?;
            if !names.insert(&operator.name) {
                return Err(TrustFileError::OperatorTaken { name: operator.name.clone() });
            }
            if let Some(key) = operator.validators.iter().find(|key| !keys.insert(**key)) {
                return Err(TrustFileError::ValidatorTaken { key: *key });
            }
        }
        bounds("validators", keys.len() <= crate::comet::MAX_VALIDATORS)?;
        if self.periods.sound() { Ok(()) } else { Err(TrustFileError::Periods { ledger: self.id }) }
    }
}

/// Text that people compare with what they expect: nothing in it moves a cursor or turns a line.
fn shown(field: &'static str, text: &str) -> Result<(), TrustFileError> {
    bounds(field, crate::format::bounds::text(field, text).is_ok())
}

fn role(role: &'static str, keys: &KeySet) -> Result<(), TrustFileError> {
    if keys.sound() { Ok(()) } else { Err(TrustFileError::Role { role }) }
}

fn bounds(field: &'static str, holds: bool) -> Result<(), TrustFileError> {
    if holds { Ok(()) } else { Err(TrustFileError::Bounds { field }) }
}
