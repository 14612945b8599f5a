use crate::hash::Hash32;
use crate::tree::TreeError;

/// Why a page of the log is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowError {
    /// The roots are not those of the header.
    OtherRoots {
        /// The header's `app_hash`.
        expected: Hash32,
        /// That of the page's roots.
        got: Hash32,
    },
    /// The log under the header is shorter than what was read under an earlier one.
    Shorter {
        /// Entries read.
        have: u64,
        /// Entries under the header.
        got: u64,
    },
    /// The log under the header has what was read before, and is another one.
    Rewritten {
        /// Entries of both.
        size: u64,
        /// Root of what was read.
        read: Hash32,
        /// Root under the header.
        got: Hash32,
    },
    /// A page of another place than the next one.
    OtherPlace {
        /// The next place.
        expected: u64,
        /// The page's.
        got: u64,
    },
    /// There are more entries, and none was given.
    Withheld {
        /// How many there are.
        left: u64,
    },
    /// More entries than there are under the header.
    PastTheEnd {
        /// How many there are.
        left: u64,
        /// How many were given.
        got: u64,
    },
    /// A log without entries that has a root.
    NotEmpty,
    /// These entries, after those that were read, are not the beginning of the log under the header.
    Inconsistent(TreeError),
    /// The follower itself holds no edge of a log: it was edited.
    Damaged,
}

impl FollowError {
    /// Whether accepted headers alone show that the ledger's past was changed, whatever a gateway
    /// says.
    pub fn proves_a_rewrite(&self) -> bool {
        matches!(self, Self::Shorter { .. } | Self::Rewritten { .. })
    }

    /// Whether the page was not of the log that was read; if every gateway gives such pages, either
    /// all of them lie or the ledger's past was changed.
    pub fn is_another_log(&self) -> bool {
        matches!(self, Self::Inconsistent(_)) || self.proves_a_rewrite()
    }
}

impl core::fmt::Display for FollowError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OtherRoots { expected, got } => {
                write!(f, "log page: roots of app hash {got}, the header has {expected}")
            }
            Self::Shorter { have, got } => {
                write!(f, "the log has {got} entries, {have} were read before")
            }
            Self::Rewritten { size, read, got } => {
                write!(f, "the log of {size} entries has root {got}, {read} was read before")
            }
            Self::OtherPlace { expected, got } => {
                write!(f, "log page: from entry {got}, {expected} is next")
            }
            Self::Withheld { left } => write!(f, "log page: empty, {left} entries are left"),
            Self::PastTheEnd { left, got } => {
                write!(f, "log page: {got} entries, {left} are left")
            }
            Self::NotEmpty => f.write_str("log page: a root without entries"),
            Self::Inconsistent(error) => {
                write!(f, "log page: not of the log under the header: {error}")
            }
            Self::Damaged => f.write_str("the place in the log that was kept is damaged"),
        }
    }
}

impl core::error::Error for FollowError {}
