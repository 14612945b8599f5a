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
    fn the_system_clock_is_past_this_project() {
        // 2024-01-01, before the first line was written.
        assert!(system().secs() > 1_704_067_200);
    }
}
