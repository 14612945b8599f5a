//! The thread that brings what an operator sends: once at the start, then once each night.
//!
//! A thread of its own, so that a visitor's look-up never waits for it. It blocks as long as what it
//! is handed; dropping the courier cancels that and waits for nobody. Night is one hour of local time
//! when the shop is empty; a kiosk that sleeps through it goes the next night.

use crate::cancel::Cancel;
use crate::night::Night;
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
    /// Starts the thread; `round` is one errand.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(
        system: fn() -> Timestamp,
        mut night: Night,
        mut round: impl FnMut(&Cancel) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let cancel = Cancel::default();
        let cancelled = cancel.clone();
        std::thread::Builder::new().name("sealight-courier".into()).spawn(move || {
            // The round at the start is that of a night that has begun.
            night.has_come(system());
            round(&cancelled);
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(LOOK) {
                if night.has_come(system()) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::LocalTime;

    #[test]
    fn it_goes_once_at_the_start() {
        let (told, rounds) = channel();
        let courier = Courier::start(
            crate::clock::system,
            Night::at(3, LocalTime::Fixed(0)),
            move |cancel| {
                let _ = told.send(cancel.is_cancelled());
            },
        );
        assert_eq!(rounds.recv_timeout(Duration::from_secs(60)), Ok(false));
        drop(courier);
        // Its thread ends, and what it held with it.
        assert_eq!(
            rounds.recv_timeout(Duration::from_secs(60)),
            Err(RecvTimeoutError::Disconnected)
        );
    }
}
