//! The end of a burst of keys: silence. One task waits for it, however many keys there are.

use sealight_edge::clock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// After so long without a key a burst has ended.
const ENDS: Duration = Duration::from_millis(120);

/// The burst that goes on, if one does.
#[derive(Debug, Default)]
pub(crate) struct Burst {
    /// The last key: when the page had it, in its milliseconds, and when it came here.
    last: Mutex<Option<(u64, Instant)>>,
    /// Whether somebody waits for the end.
    waits: AtomicBool,
}

impl Burst {
    /// A key came; true where the caller is to see to it that somebody waits for the end, in
    /// [`Burst::wait`].
    pub(crate) fn key(&self, at: u64) -> bool {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, clock::monotonic()));
        !self.waits.swap(true, Ordering::SeqCst)
    }

    /// Waits until no key came for long enough; which time it is then for the page. None where
    /// somebody else waits on: a key came just now.
    pub(crate) fn wait(&self) -> Option<u64> {
        let mut left = ENDS;
        loop {
            std::thread::sleep(left);
            // First this, then the look: a key in between finds nobody who waits, or is seen.
            self.waits.store(false, Ordering::SeqCst);
            let (at, came) = (*self.last.lock().unwrap_or_else(PoisonError::into_inner))?;
            let since = clock::monotonic().saturating_duration_since(came);
            left = ENDS.saturating_sub(since);
            if left.is_zero() {
                return Some(
                    at.saturating_add(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)),
                );
            }
            if self.waits.swap(true, Ordering::SeqCst) {
                return None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn few_wait_for_the_end_of_many_keys_and_one_sees_it() {
        let burst = Arc::new(Burst::default());
        let mut waits = Vec::new();
        for at in 0..60 {
            if burst.key(at * 5) {
                let waiting = Arc::clone(&burst);
                waits.push(std::thread::spawn(move || waiting.wait()));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        // One, unless this machine stood still between two keys.
        assert!(waits.len() < 6, "{} wait", waits.len());
        let ends: Vec<_> = waits.into_iter().filter_map(|wait| wait.join().unwrap()).collect();
        assert!(ends.last().is_some_and(|end| *end >= 59 * 5 + 120), "{ends:?}");
    }

    #[test]
    fn the_next_burst_is_waited_for_again() {
        let burst = Burst::default();
        for at in [0, 1_000] {
            assert!(burst.key(at));
            assert!(burst.wait().is_some_and(|end| end >= at + 120));
        }
    }
}
