use super::fork::ForkEvidence;
use crate::comet::CometError;
use crate::format::ids::LedgerId;
use crate::hash::Hash32;
use crate::time::Timestamp;
use crate::trust::QuorumError;
use alloc::boxed::Box;
use core::fmt;

/// Why a header is not accepted into a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptError {
    /// The chain has no checkpoint yet, so nothing to step from.
    NoTrust,
    /// The header lies below everything trusted.
    BelowTrust {
        /// Lowest trusted height.
        lowest: u64,
        /// Height of the header.
        got: u64,
    },
    /// The ledger is frozen after a fork; heights above the last common one wait for a checkpoint.
    Frozen {
        /// Last height before the fork.
        last_common: u64,
        /// Height at which two headers verified.
        fork: u64,
    },
    /// A rule of the header's ledger is broken.
    Rule(CometError),
    /// The header's time is not before that of a trusted header above it.
    TimeOrderAbove {
        /// Time of the trusted header above.
        above: Timestamp,
        /// Time of the header.
        got: Timestamp,
    },
    /// Another header is trusted at this height, and on better grounds.
    Conflict {
        /// The height.
        height: u64,
        /// Hash of the trusted header.
        trusted: Hash32,
        /// Hash of the header.
        got: Hash32,
    },
    /// Two different headers of one height verify. Apply [`super::Change::Freeze`] with this
    /// evidence: see [`AcceptError::remember`].
    Fork(Box<ForkEvidence>),
    /// A validator set that no trusted header names.
    UnnamedSet {
        /// Its hash.
        got: Hash32,
    },
    /// Evidence of a fork that shows none.
    NoFork,
}

impl AcceptError {
    /// What must be remembered although the header was not accepted.
    pub fn remember(&self) -> Option<super::Change> {
        match self {
            Self::Fork(evidence) => Some(super::Change::Freeze(evidence.clone())),
            _ => None,
        }
    }
}

impl From<CometError> for AcceptError {
    fn from(error: CometError) -> Self {
        Self::Rule(error)
    }
}

impl fmt::Display for AcceptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTrust => f.write_str("no checkpoint of this ledger is trusted yet"),
            Self::BelowTrust { lowest, got } => {
                write!(f, "height {got} lies below the lowest trusted height {lowest}")
            }
            Self::Frozen { last_common, fork } => write!(
                f,
                "frozen at height {last_common} after a fork at {fork}; a newer checkpoint is needed"
            ),
            Self::Rule(error) => error.fmt(f),
            Self::TimeOrderAbove { above, got } => {
                write!(f, "time {got} is not before {above} of a trusted header above")
            }
            Self::Conflict { height, trusted, got } => {
                write!(f, "header {got} at height {height}, where {trusted} is trusted")
            }
            Self::Fork(evidence) => {
                write!(f, "two headers verify at height {}", evidence.height())
            }
            Self::UnnamedSet { got } => write!(f, "no trusted header names validators {got}"),
            Self::NoFork => f.write_str("the two headers are not a fork"),
        }
    }
}

impl core::error::Error for AcceptError {}

/// Why a checkpoint is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckpointError {
    /// A version that this build does not know.
    UnknownVersion {
        /// Version found.
        got: u8,
    },
    /// Made for another ledger.
    WrongLedger {
        /// The ledger that it names.
        got: LedgerId,
    },
    /// The checkpoint role has not signed it.
    Role(QuorumError),
    /// Not newer than the newest one.
    NotNewer {
        /// Height of the newest checkpoint.
        have: u64,
        /// Height found.
        got: u64,
    },
    /// Made before its own header.
    MadeEarly,
    /// At a height that does not exist.
    NoSuchHeight {
        /// Height found.
        got: u64,
    },
    /// The ledger is frozen, and this checkpoint was not made after the freeze and above the fork.
    DoesNotCure {
        /// Height of the fork.
        fork: u64,
        /// When it was found.
        detected: Timestamp,
    },
}

impl fmt::Display for CheckpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownVersion { got } => write!(f, "unknown checkpoint version {got}"),
            Self::WrongLedger { got } => write!(f, "a checkpoint of ledger {got}"),
            Self::Role(error) => write!(f, "the checkpoint role: {error}"),
            Self::NotNewer { have, got } => {
                write!(f, "a checkpoint of height {got}, the newest is of {have}")
            }
            Self::MadeEarly => f.write_str("a checkpoint made before its own header"),
            Self::NoSuchHeight { got } => {
                write!(f, "a checkpoint of height {got}, which no block has")
            }
            Self::DoesNotCure { fork, detected } => write!(
                f,
                "only a checkpoint above height {fork} and made after {detected} ends the freeze"
            ),
        }
    }
}

impl core::error::Error for CheckpointError {}
