//! What the shop's staff is shown: the day in figures, what is wrong and how to mend it.

mod finding;

pub use finding::{Finding, Weight};

use sealight_verify::time::Timestamp;

/// Fewest digits of a PIN.
pub const SHORTEST_PIN: u32 = 6;
/// Most digits of a PIN.
pub const LONGEST_PIN: u32 = 12;

/// What came of a PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinTold {
    /// None was tried yet.
    Asked,
    /// It is not the one that was set.
    Wrong {
        /// Tries that are left.
        left: u32,
    },
    /// Too many were wrong.
    Locked {
        /// Minutes until the next try.
        minutes: u32,
    },
    /// None was ever set.
    NoneSet,
}

/// What the staff's page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// Scans of today that got an answer.
    pub scans: u64,
    /// Of these: the record is proven.
    pub proven: u64,
    /// Of these: nothing can be said.
    pub unproven: u64,
    /// Of these: something proven speaks against the goods.
    pub alarms: u64,
    /// Tries of today that gave no answer.
    pub unread: u64,
    /// Milliseconds to an answer that half of the scans, and 19 in 20, stayed under.
    pub answer: Option<(u32, u32)>,
    /// Time of the newest header, of the ledger that is furthest behind.
    pub synced: Option<Timestamp>,
    /// Whether the keys of a scanner were learned from a calibration code.
    pub keys_learned: bool,
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
}
