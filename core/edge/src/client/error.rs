//! Why a device has no client.

use crate::home::HomeError;
use crate::store::StoreError;
use sealight_verify::chain::{AcceptError, CheckpointError};
use sealight_verify::codec::CodecError;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::trust::TrustError;

/// Why a device cannot trust, keep or take something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LightError {
    /// The trust file is not taken.
    Trust(TrustError),
    /// The checkpoint is not taken.
    Checkpoint(CheckpointError),
    /// The checkpoint is not even one.
    Codec(CodecError),
    /// The store fails.
    Store(StoreError),
    /// The home does not keep the trust file.
    Home(HomeError),
    /// The trust file does not list this ledger.
    UnknownLedger {
        /// The ledger.
        ledger: LedgerId,
    },
}

impl core::fmt::Display for LightError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Trust(error) => write!(f, "trust file: {error}"),
            Self::Checkpoint(error) => write!(f, "checkpoint: {error}"),
            Self::Codec(error) => write!(f, "{error}"),
            Self::Store(error) => write!(f, "{error}"),
            Self::Home(error) => write!(f, "{error}"),
            Self::UnknownLedger { ledger } => {
                write!(f, "the trust file does not list ledger {ledger}")
            }
        }
    }
}

impl core::error::Error for LightError {}

impl From<StoreError> for LightError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TrustError> for LightError {
    fn from(error: TrustError) -> Self {
        Self::Trust(error)
    }
}

impl From<HomeError> for LightError {
    fn from(error: HomeError) -> Self {
        Self::Home(error)
    }
}

/// What is doubtful of a stored mark that a ledger is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForkDoubt {
    /// The mark does not read as evidence of this ledger; the ledger is not frozen by it.
    Unreadable,
    /// The evidence does not verify by what is known now; the ledger stays frozen.
    Unverified(AcceptError),
}

impl core::fmt::Display for ForkDoubt {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unreadable => f.write_str("a stored mark of a fork does not read"),
            Self::Unverified(why) => {
                write!(f, "frozen by evidence of a fork that does not verify now: {why}")
            }
        }
    }
}
