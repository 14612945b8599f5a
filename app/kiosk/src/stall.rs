//! A camera that is there and gives nothing holds its thread for ever (see
//! [`sealight_edge::camera`]): only another start of the program opens it anew.

use std::time::{Duration, Instant};

/// A camera that comes back by itself does so within that time.
const SILENT: Duration = Duration::from_secs(300);
/// The program runs at least so long before: where another start does not help, it is no more than
/// a break an hour.
const LEAST_RUN: Duration = Duration::from_secs(3600);

/// Since when the camera is silent.
pub(crate) struct Stall {
    started: Instant,
    since: Option<Instant>,
}

impl Stall {
    /// Of a program that starts now.
    pub(crate) fn new(now: Instant) -> Self {
        Self { started: now, since: None }
    }

    /// Whether the program is to be started again now.
    pub(crate) fn look(&mut self, silent: bool, idle: bool, now: Instant) -> bool {
        self.since = silent.then(|| self.since.unwrap_or(now));
        let for_long =
            self.since.is_some_and(|since| now.saturating_duration_since(since) >= SILENT);
        for_long && idle && now.saturating_duration_since(self.started) >= LEAST_RUN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stall() -> (Stall, impl Fn(u64) -> Instant) {
        let start = Instant::now();
        (Stall::new(start), move |seconds| start + Duration::from_secs(seconds))
    }

    #[test]
    fn a_silent_camera_is_started_again_when_nobody_is_there() {
        let (mut stall, at) = stall();
        assert!(!stall.look(true, true, at(5_000)));
        assert!(!stall.look(true, true, at(5_299)));
        assert!(!stall.look(true, false, at(5_300)), "somebody reads an answer");
        assert!(stall.look(true, true, at(5_310)));
    }

    #[test]
    fn a_camera_that_comes_back_has_all_its_time_again() {
        let (mut stall, at) = stall();
        assert!(!stall.look(true, true, at(5_000)));
        assert!(!stall.look(false, true, at(5_290)));
        assert!(!stall.look(true, true, at(5_300)));
        assert!(!stall.look(true, true, at(5_590)));
    }

    #[test]
    fn where_another_start_does_not_help_it_is_one_an_hour() {
        let (mut stall, at) = stall();
        assert!(!stall.look(true, true, at(4)));
        assert!(!stall.look(true, true, at(3_599)));
        assert!(stall.look(true, true, at(3_600)));
    }
}
