//! Why a device has no client.

use crate::store::StoreError;
use sealight_verify::chain::CheckpointError;
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
