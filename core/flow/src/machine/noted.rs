//! What is worth counting: how a scan ended, and nothing of who scanned what.

use super::state::Session;
use super::{Effect, Flow};
use crate::case::Case;
use crate::render::Trouble;
use sealight_verify::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Something to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// A scan got its answer.
    Answered {
        /// Which.
        case: Case,
        /// Milliseconds from reading to answer.
        ms: u32,
    },
    /// Something was held up and gave no answer.
    Unread(Unread),
    /// A header was accepted, and every ledger in use was fetched.
    Synced {
        /// Time of the newest header of the ledger that is furthest behind.
        as_of: Timestamp,
    },
    /// Whether something proven speaks against this device's clock, from now on.
    Clock {
        /// Whether it does.
        doubtful: bool,
    },
    /// Until when the trust file in use holds, from now on.
    Trust {
        /// Its end.
        until: Timestamp,
    },
    /// Something that proved an answer could not be kept; it is tried again.
    NotKept,
    /// What could not be kept before is kept now.
    KeptLater,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unread {
    /// It is no seal.
    NotASeal,
    /// A slip in a typed number.
    Mistyped,
    /// A damaged or covered code, or a chip that does not give what it holds.
    Damaged,
    /// A seal that is newer than this program.
    TooNew,
    /// A picture without a code.
    NoCode,
}

impl Unread {
    /// What a trouble counts as; none where a device is at fault.
    pub(super) fn of(trouble: &Trouble) -> Option<Self> {
        match trouble {
            Trouble::NotASeal { .. } => Some(Self::NotASeal),
            Trouble::Mistyped => Some(Self::Mistyped),
            Trouble::Damaged | Trouble::ChipUnread => Some(Self::Damaged),
            Trouble::AppTooOld => Some(Self::TooNew),
            Trouble::Unreadable => Some(Self::NoCode),
            Trouble::NoCamera | Trouble::NoNetwork => None,
        }
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::NotASeal => "not-a-seal",
            Self::Mistyped => "mistyped",
            Self::Damaged => "damaged",
            Self::TooNew => "too-new",
            Self::NoCode => "no-code",
        }
    }
}

impl Flow {
    pub(super) fn note_answer(&self, session: &Session, since: u64, effects: &mut Vec<Effect>) {
        let case = Case::of(&session.answer, session.told, self.profile.has.chip_reader);
        let ms = u32::try_from(self.now.ms.saturating_sub(since)).unwrap_or(u32::MAX);
        effects.push(Effect::Note(Noted::Answered { case, ms }));
    }
}
