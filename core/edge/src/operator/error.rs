//! Why an operator's document is not taken.

use super::colour::{Colour, MIN_CONTRAST};
use crate::home::HomeError;
use crate::net::UrlError;
use sealight_verify::sign::{PublicKey, SignatureError};
use sealight_verify::time::Timestamp;

/// What is wrong with the document itself, whoever signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShopError {
    /// More bytes than a document may have.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// Not the JSON that it must be.
    Malformed {
        /// What the reader says.
        why: String,
    },
    /// A document for another program.
    UnknownVersion {
        /// Its version.
        got: u64,
    },
    /// A field that this program does not know: of a newer format, or misspelt.
    UnknownField {
        /// Its name, cut.
        name: String,
    },
    /// Serial 0, which is what a kiosk without any document has.
    NoSerial,
    /// A name of more characters than the first screen has room for.
    NameTooLong {
        /// Characters found.
        got: usize,
        /// Most characters.
        max: usize,
    },
    /// A name with characters that hide, turn around or control others, or with nothing to see.
    NameHides,
    /// Not a colour in the form `#RRGGBB`.
    Colour {
        /// What stands there, cut.
        got: String,
    },
    /// A colour that texts cannot be read on.
    Contrast {
        /// The colour.
        colour: Colour,
        /// Which colour of the pages it does not stand out from.
        beside: &'static str,
        /// Their contrast, in hundredths.
        hundredths: u32,
    },
    /// A list longer than it may be.
    TooMany {
        /// Which.
        field: &'static str,
        /// Entries found.
        got: usize,
        /// Most entries.
        max: usize,
    },
    /// A language that this program has no words in.
    Language {
        /// Its tag, cut.
        got: String,
    },
    /// Opening hours that are none: days 1 to 7, and times of one day, the earlier first.
    Hours {
        /// Place in the list.
        at: usize,
    },
    /// A number out of its range.
    OutOfRange {
        /// Which.
        field: &'static str,
        /// What stands there.
        got: u64,
        /// From and to.
        range: (u64, u64),
    },
    /// Not a ledger id.
    LedgerId {
        /// What stands there, cut.
        got: String,
    },
    /// An address that is none, or that only a person at the kiosk may name.
    Url {
        /// Which.
        field: &'static str,
        /// What is wrong with it.
        why: UrlError,
    },
}

impl core::fmt::Display for ShopError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { got, max } => write!(f, "{got} bytes, at most {max}"),
            Self::Malformed { why } => write!(f, "malformed: {why}"),
            Self::UnknownVersion { got } => write!(f, "version {got} is unknown"),
            Self::UnknownField { name } => write!(f, "field {name:?} is unknown"),
            Self::NoSerial => f.write_str("its serial must be 1 or more"),
            Self::NameTooLong { got, max } => {
                write!(f, "a name of {got} characters, at most {max}")
            }
            Self::NameHides => f.write_str("a name with hidden characters, or without any"),
            Self::Colour { got } => write!(f, "{got:?} is no colour of the form #RRGGBB"),
            Self::Contrast { colour, beside, hundredths } => write!(
                f,
                "colour {colour} has a contrast of {}.{:02} with {beside}, at least {MIN_CONTRAST} is needed",
                hundredths / 100,
                hundredths % 100
            ),
            Self::TooMany { field, got, max } => write!(f, "{field}: {got} entries, at most {max}"),
            Self::Language { got } => write!(f, "there are no words in the language {got:?}"),
            Self::Hours { at } => {
                write!(f, "hours, entry {at}: not days 1 to 7 and times of a day")
            }
            Self::OutOfRange { field, got, range: (from, to) } => {
                write!(f, "{field}: {got} is not in {from} to {to}")
            }
            Self::LedgerId { got } => write!(f, "{got:?} is no ledger id"),
            Self::Url { field, why } => write!(f, "{field}: {why}"),
        }
    }
}

impl core::error::Error for ShopError {}

/// Why a signed document is not taken; the one before stays in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConfigError {
    /// More bytes than a signed document may have.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// Not the form of a signed document.
    Malformed,
    /// An envelope of another version.
    UnknownVersion {
        /// Its version.
        got: u64,
    },
    /// Signed by another key than this kiosk's operator has.
    ForeignSigner {
        /// The operator's.
        expected: PublicKey,
        /// The signer's, as the envelope says.
        got: PublicKey,
    },
    /// The signature does not hold.
    Signature(SignatureError),
    /// The document is signed, and is none that can be followed.
    Shop(ShopError),
    /// A ledger that the trust file does not list.
    UnknownLedger {
        /// Its id.
        ledger: String,
    },
    /// Not newer than the one that was in force.
    NotNewer {
        /// Highest serial that was.
        have: u64,
        /// Serial found.
        got: u64,
    },
    /// Its time is over.
    Expired {
        /// When it ended.
        at: Timestamp,
    },
    /// The device's folder fails.
    Home(HomeError),
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { got, max } => write!(f, "{got} bytes, at most {max}"),
            Self::Malformed => f.write_str("not a signed document"),
            Self::UnknownVersion { got } => write!(f, "version {got} of a signed document"),
            Self::ForeignSigner { expected, got } => {
                let start = |key: &PublicKey| -> String {
                    key.bytes.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
                };
                write!(f, "signed by {}…, not by the operator {}…", start(got), start(expected))
            }
            Self::Signature(error) => error.fmt(f),
            Self::Shop(error) => error.fmt(f),
            Self::UnknownLedger { ledger } => write!(f, "ledger {ledger} is not in the trust file"),
            Self::NotNewer { have, got } => {
                write!(f, "serial {got} is not above {have}, which was in force")
            }
            Self::Expired { at } => write!(f, "its time ended at {at}"),
            Self::Home(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for ConfigError {}

impl From<ShopError> for ConfigError {
    fn from(error: ShopError) -> Self {
        Self::Shop(error)
    }
}

impl From<HomeError> for ConfigError {
    fn from(error: HomeError) -> Self {
        Self::Home(error)
    }
}
