//! A program that has run for a week is begun anew at night: what its toolkit, its drivers and its own
//! process lose in time stays a week's.

use std::time::{Duration, Instant};

/// A program that has run for so long is old.
const OLD: Duration = Duration::from_secs(7 * 24 * 3600);

/// Since when the program runs, and whether somebody starts it again.
pub(crate) struct Age {
    started: Instant,
    launched: bool,
}

impl Age {
    /// Of a program that starts now; `launched` where a launcher runs it: without one nobody would
    /// start it again.
    pub(crate) fn new(now: Instant, launched: bool) -> Self {
        Self { started: now, launched }
    }

    /// Whether it is to be begun anew when the night comes.
    pub(crate) fn is_old(&self, now: Instant) -> bool {
        self.launched && now.saturating_duration_since(self.started) >= OLD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_old(launched: bool, ran: Duration) -> bool {
        let start = Instant::now();
        Age::new(start, launched).is_old(start + ran)
    }

    #[test]
    fn a_program_is_old_after_a_week() {
        assert!(!is_old(true, OLD - Duration::from_secs(1)));
        assert!(is_old(true, OLD));
    }

    #[test]
    fn a_program_that_nobody_starts_again_never_is() {
        assert!(!is_old(false, OLD * 9));
    }
}
