//! The thread that brings what an operator sends: once at the start, then once each night.
//!
//! A thread of its own, so that a visitor's look-up never waits for it. It blocks as long as what it
//! is handed; dropping the courier cancels that and waits for nobody. Night is one hour of local time
//! when the shop is empty; a kiosk that sleeps through it goes the next night.

use crate::cancel::Cancel;
use sealight_verify::time::Timestamp;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it looks at the clock.
const LOOK: Duration = Duration::from_secs(60);

/// A running courier.
pub struct Courier {
    cancel: Cancel,
    /// Never sent on: the thread ends when it is gone.
    _stop: Sender<()>,
}

impl Courier {
    /// Starts the thread; `night` is the local hour in which it goes and the minutes that local time
    /// is ahead of UTC, `round` one errand.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(
        system: fn() -> Timestamp,
        (hour, minutes_east): (u8, i16),
        mut round: impl FnMut(&Cancel) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let cancel = Cancel::default();
        let cancelled = cancel.clone();
        std::thread::Builder::new().name("sealight-courier".into()).spawn(move || {
            let mut gone = night(system(), hour, minutes_east);
            round(&cancelled);
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(LOOK) {
                let night = night(system(), hour, minutes_east);
                if night.is_some() && night != gone {
                    gone = night;
                    round(&cancelled);
                }
            }
        })?;
        Ok(Self { cancel, _stop: stop })
    }
}

impl Drop for Courier {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

/// Which night it is, by its day; none by day.
fn night(now: Timestamp, hour: u8, minutes_east: i16) -> Option<i64> {
    let local = now.secs().saturating_add(i64::from(minutes_east) * 60);
    (local.rem_euclid(86_400) / 3600 == i64::from(hour)).then(|| local.div_euclid(86_400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_once_at_the_start() {
        let (told, rounds) = channel();
        let courier = Courier::start(crate::clock::system, (3, 0), move |cancel| {
            let _ = told.send(cancel.is_cancelled());
        });
        assert_eq!(rounds.recv_timeout(Duration::from_secs(60)), Ok(false));
        drop(courier);
        // Its thread ends, and what it held with it.
        assert_eq!(
            rounds.recv_timeout(Duration::from_secs(60)),
            Err(RecvTimeoutError::Disconnected)
        );
    }

    #[test]
    fn night_is_an_hour_of_local_time() {
        let at = |secs| Timestamp::from_unix_secs(secs);
        let day = 20_000 * 86_400;
        assert_eq!(night(at(day + 3 * 3600), 3, 0), Some(20_000));
        assert_eq!(night(at(day + 4 * 3600 - 1), 3, 0), Some(20_000));
        assert_eq!(night(at(day + 4 * 3600), 3, 0), None);
        assert_eq!(night(at(day - 5 * 3600), 3, 480), Some(20_000));
        assert_eq!(night(at(day + 3 * 3600), 3, 480), None);
    }
}
