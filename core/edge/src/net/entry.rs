//! What became of an entry that a gateway was sent and does not say that it entered.

use super::error::NetError;
use super::http::Failed;

/// Why a gateway does not say that an entry was entered, by what that means for the entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotEntered {
    /// The application or the block refused it.
    Refused {
        /// Its code.
        code: u32,
        /// What it says, without control characters.
        text: String,
    },
    /// It came to no node, by this gateway at least.
    NotTaken(NetError),
    /// It was sent and may have been entered, or may be yet: the answer was lost or does not say.
    Unknown(NetError),
}

impl NotEntered {
    /// By whether the entry had left when the exchange failed.
    pub(super) fn of_exchange(failed: Failed) -> Self {
        match failed {
            Failed { error, sent: false } => Self::NotTaken(error),
            Failed { error, sent: true } => Self::of_answer(error),
        }
    }

    /// By what was answered to an entry that had left.
    pub(super) fn of_answer(error: NetError) -> Self {
        match error {
            NetError::Refused { code, text } => Self::Refused { code, text },
            // Sent elsewhere or turned away at the door (RFC 9110, 15.4 and 15.5). What fails later
            // (15.6, or an error within a good answer) may fail after a node has the entry.
            NetError::Status { code: 300..=499, .. } => Self::NotTaken(error),
            error => Self::Unknown(error),
        }
    }
}

impl core::fmt::Display for NotEntered {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Refused { code, text } => write!(f, "refused with code {code}: {text}"),
            Self::NotTaken(error) => write!(f, "not taken: {error}"),
            Self::Unknown(error) => write!(f, "sent, and no clear answer came: {error}"),
        }
    }
}

impl core::error::Error for NotEntered {}
