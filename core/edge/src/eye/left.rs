//! What stands before the camera, and since when: what was left behind there is no visitor's.
//!
//! A code that was in view for three minutes was left behind, whether it was looked at or stood
//! beside another one, and stays so until it was taken away. One that comes and goes is held up
//! again and again, by somebody. Of each its hash only, for it may be a seal's secret.

use super::AWAY;

/// Milliseconds in view after which a code was left behind.
pub(super) const LONGEST: u64 = 180_000;
/// Milliseconds without a code after which it was taken away. One that stands still is missed in
/// some pictures, and a hand that reaches past hides it for a second or two; to take it, look at it
/// and hold it up takes longer.
pub(super) const TAKEN: u64 = 3_000;
/// Most codes that are remembered: more than are read in one picture of a counter.
const MOST: usize = 64;

/// The codes in view.
#[derive(Debug, Default)]
pub(super) struct Standing(Vec<Stay>);

#[derive(Debug)]
struct Stay {
    code: u64,
    since: u64,
    seen: u64,
}

impl Standing {
    /// Takes note of the codes of a picture that was taken at `ms`.
    pub(super) fn see(&mut self, codes: impl Iterator<Item = u64>, ms: u64) {
        self.0.retain(|stay| ms.saturating_sub(stay.seen) <= TAKEN);
        for code in codes {
            if let Some(stay) = self.0.iter_mut().find(|stay| stay.code == code) {
                stay.is_seen(ms);
            } else if self.0.len() < MOST {
                self.0.push(Stay { code, since: ms, seen: ms });
            }
        }
    }

    /// Whether this one was left behind.
    pub(super) fn is_left(&self, code: u64) -> bool {
        self.0.iter().any(|stay| stay.code == code && stay.is_left())
    }

    /// Something is held up, which may hide what was left behind: that is not away meanwhile.
    pub(super) fn hidden(&mut self, ms: u64) {
        self.0.iter_mut().filter(|stay| stay.is_left()).for_each(|stay| stay.seen = ms);
    }
}

impl Stay {
    fn is_seen(&mut self, ms: u64) {
        if !self.is_left() && ms.saturating_sub(self.seen) > AWAY {
            self.since = ms;
        }
        self.seen = ms;
    }

    fn is_left(&self) -> bool {
        self.seen.saturating_sub(self.since) > LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missed_now_and_then_was_left_all_the_same() {
        let mut standing = Standing::default();
        let last = LONGEST + AWAY;
        for ms in (0..=last).step_by(AWAY as usize) {
            standing.see([7].into_iter(), ms);
            assert_eq!(standing.is_left(7), ms > LONGEST, "{ms}");
        }
        standing.see([7].into_iter(), last + TAKEN);
        assert!(standing.is_left(7), "a hand was before it");
        standing.see([7].into_iter(), last + 2 * TAKEN + 1);
        assert!(!standing.is_left(7), "it was taken away");
    }

    #[test]
    fn what_comes_and_goes_was_not_left() {
        let mut standing = Standing::default();
        for ms in (0..2 * LONGEST).step_by(AWAY as usize + 100) {
            standing.see([7].into_iter(), ms);
            assert!(!standing.is_left(7), "{ms}");
        }
    }

    #[test]
    fn no_more_are_remembered_than_there_is_room_for() {
        let mut standing = Standing::default();
        standing.see(0..1_000, 0);
        standing.see(0..1_000, 1);
        assert_eq!(standing.0.len(), MOST);
    }
}
