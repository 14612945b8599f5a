//! Whether the page is alive: it says so every two seconds, and is loaded again where it does not.
//!
//! Nothing is lost by that: flow, store and network live outside the page. Where loading it again
//! does not help, the program ends, so that the service that runs it starts it anew.

use std::time::{Duration, Instant};

/// The first page may take so long; a machine that has just started is busy.
const FIRST: Duration = Duration::from_secs(90);
/// Without a sign of life for so long the page is loaded again.
const SILENT: Duration = Duration::from_secs(20);
/// Loaded so often in a row without a sign of life, the program ends.
const MOST: u32 = 3;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pulse {
    /// Nothing: the page is alive, or has not had its time.
    Well,
    /// Load the page again.
    Reload,
    /// Give up: it does not help.
    Dead,
}

/// When the page was last heard of.
pub(crate) struct Page {
    since: Instant,
    /// Loaded again since its last sign of life.
    reloads: u32,
    seen: bool,
}

impl Page {
    /// A page that begins to load.
    pub(crate) fn new(now: Instant) -> Self {
        Self { since: now, reloads: 0, seen: false }
    }

    /// The page is alive.
    pub(crate) fn beat(&mut self, now: Instant) {
        *self = Self { since: now, reloads: 0, seen: true };
    }

    /// The page's process ended: it is being loaded again already.
    pub(crate) fn lost(&mut self, now: Instant) {
        self.since = now;
        self.reloads += 1;
    }

    /// What is to be done now.
    pub(crate) fn look(&mut self, now: Instant) -> Pulse {
        let silent = now.saturating_duration_since(self.since);
        if self.reloads > MOST {
            return Pulse::Dead;
        }
        if silent < if self.seen { SILENT } else { FIRST } {
            return Pulse::Well;
        }
        self.lost(now);
        if self.reloads > MOST { Pulse::Dead } else { Pulse::Reload }
    }

    /// Whether it was heard of lately.
    pub(crate) fn alive(&self) -> bool {
        self.seen && self.reloads == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u64, start: Instant) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn a_page_that_falls_silent_is_loaded_again_and_given_up_after_three_times() {
        let start = Instant::now();
        let mut page = Page::new(start);
        assert_eq!(page.look(after(80, start)), Pulse::Well, "it may take its time at first");
        page.beat(after(80, start));
        assert_eq!(page.look(after(99, start)), Pulse::Well);
        for time in [101, 122, 143] {
            assert_eq!(page.look(after(time, start)), Pulse::Reload);
            assert_eq!(page.look(after(time + 1, start)), Pulse::Well);
            assert!(!page.alive());
        }
        assert_eq!(page.look(after(164, start)), Pulse::Dead);
    }

    #[test]
    fn a_page_that_answers_again_has_all_its_chances_again() {
        let start = Instant::now();
        let mut page = Page::new(start);
        page.beat(start);
        for round in 0..9 {
            page.lost(after(round * 30, start));
            page.beat(after(round * 30 + 5, start));
            assert!(page.alive());
            assert_eq!(page.look(after(round * 30 + 6, start)), Pulse::Well);
        }
    }

    #[test]
    fn a_page_that_dies_at_once_each_time_is_given_up() {
        let start = Instant::now();
        let mut page = Page::new(start);
        (0..4).for_each(|at| page.lost(after(at, start)));
        assert_eq!(page.look(after(5, start)), Pulse::Dead);
    }
}
