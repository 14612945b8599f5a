//! What a trust file is worth as it ages.

use crate::time::{Seconds, Timestamp};

/// How long after its expiry a trust file still makes more than told verdicts.
const GRACE: Seconds = Seconds::days(30);

/// What a trust file is worth at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TrustStanding {
    /// Not expired.
    Valid,
    /// Expired: verdicts are at best stale.
    Expired,
    /// Expired for more than 30 days: verdicts are told.
    LongExpired,
}

impl TrustStanding {
    /// The standing at a moment of a file that expires at another.
    pub fn at(expires: Timestamp, now: Timestamp) -> Self {
        if now <= expires {
            Self::Valid
        } else if now <= expires.saturating_add(GRACE) {
            Self::Expired
        } else {
            Self::LongExpired
        }
    }
}
