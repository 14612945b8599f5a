//! How often a device went away, and for how long.
//!
//! The time goes by the wall clock, as days do, and is asked for every few seconds: what that clock
//! steps by when a network sets it, months even, is cut to a moment.

use sealight_verify::time::Timestamp;

/// Most seconds that can have passed since it was last asked: three times as many as a kiosk takes
/// from one look to the next.
const LONGEST: u64 = 60;

/// Since when a device gives nothing, where it does not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Away(Option<Timestamp>);

impl Away {
    /// The device is well, or is not; whether it has just gone away.
    pub(super) fn goes(&mut self, well: bool, now: Timestamp) -> bool {
        let was_here = self.0.is_none();
        self.0 = if well { None } else { self.0.or(Some(now)) };
        was_here && !well
    }

    /// Seconds without it since this was last asked. A clock that goes back adds nothing, and one
    /// that is set ahead a minute.
    pub(super) fn spend(&mut self, now: Timestamp) -> u64 {
        let Some(since) = self.0 else { return 0 };
        let seconds = now.secs().saturating_sub(since.secs()).max(0).unsigned_abs();
        self.0 = Some(if seconds > 0 { now } else { now.min(since) });
        seconds.min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_unix_secs(secs)
    }

    #[test]
    fn a_clock_that_is_set_ahead_by_months_adds_a_minute_at_most() {
        let mut away = Away::default();
        assert!(away.goes(false, at(1_000)));
        assert_eq!(away.spend(at(1_020)), 20);
        let months = 90 * 86_400;
        assert_eq!(away.spend(at(1_025 + months)), LONGEST);
        assert_eq!(away.spend(at(1_045 + months)), 20, "it goes on from there");
    }

    #[test]
    fn a_clock_that_is_set_back_adds_nothing() {
        let mut away = Away::default();
        assert!(away.goes(false, at(1_000)));
        assert_eq!(away.spend(at(400)), 0);
        assert_eq!(away.spend(at(420)), 20);
    }
}
