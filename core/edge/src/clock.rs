//! The clock: the only file that reads it.
//!
//! Does not block. The wall clock (`SystemTime`, on all platforms the real-time clock) may be
//! wrong, set back or far ahead: its reading is an argument of `sealight_verify::time`, which says
//! what it is worth. The monotonic clock (`Instant`) serves time budgets only; on Linux and Android
//! it stands still while the device sleeps, on macOS and Windows it may go on.

use sealight_tag::deadline::Deadline;
use sealight_verify::time::Timestamp;
use std::time::{Duration, Instant, SystemTime};

/// The system clock as it stands, right or wrong; held inside the years 1 to 9999.
pub fn system() -> Timestamp {
    let (secs, nanos) = match SystemTime::now().duration_since(SystemTime::UNIX_EPOCH) {
        Ok(since) => (i64::try_from(since.as_secs()).unwrap_or(i64::MAX), since.subsec_nanos()),
        Err(before) => (-1 - i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX), 0),
    };
    Timestamp::from_unix(secs, nanos).unwrap_or(Timestamp::from_unix_secs(secs))
}

/// When this program was built, in seconds since 1970, as reproducible builds say it.
const SOURCE_DATE: Option<&str> = option_env!("SOURCE_DATE_EPOCH");
/// 2026-11-01: no build of this source is older.
const OLDEST_BUILD: i64 = 1_793_491_200;

/// A moment that no present is before: when the program was built, where the build says so
/// (`SOURCE_DATE_EPOCH`), and never before its source.
pub fn built() -> Timestamp {
    let said = SOURCE_DATE.and_then(|text| text.parse().ok()).unwrap_or(OLDEST_BUILD);
    Timestamp::from_unix_secs(said.max(OLDEST_BUILD))
}

/// A reading of the monotonic clock, for budgets and back-off.
pub fn monotonic() -> Instant {
    Instant::now()
}

/// A time budget that runs from when it was made.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    end: Option<Instant>,
}

impl Budget {
    /// A budget of this length from now on.
    pub fn of(length: Duration) -> Self {
        Self { end: monotonic().checked_add(length) }
    }

    /// What is left of it; zero once it is used up.
    pub fn left(&self) -> Duration {
        self.end.map_or(Duration::MAX, |end| end.saturating_duration_since(monotonic()))
    }
}

impl Deadline for Budget {
    fn expired(&self) -> bool {
        self.left().is_zero()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_runs_out_and_stays_so() {
        let none = Budget::of(Duration::ZERO);
        assert!(none.expired() && none.expired());
        assert!(!Budget::of(Duration::from_secs(3600)).expired());
        assert!(!Budget::of(Duration::MAX).expired());
    }

    #[test]
    fn the_build_is_no_older_than_its_source() {
        assert_eq!(Timestamp::from_unix_secs(OLDEST_BUILD).to_string(), "2026-11-01T00:00:00Z");
        assert!(built() >= Timestamp::from_unix_secs(OLDEST_BUILD));
    }

    #[test]
    fn the_system_clock_reads_in_seconds_since_1970() {
        let direct = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let read = u64::try_from(system().secs()).unwrap();
        assert!(read.abs_diff(direct.as_secs()) < 3600);
    }
}
