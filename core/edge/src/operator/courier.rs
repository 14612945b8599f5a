//! The thread that brings what an operator sends: once at the start, then once each night, and
//! again where nobody answered.
//!
//! A thread of its own, so that a visitor's look-up never waits for it. It blocks as long as what it
//! is handed; dropping the courier cancels that and waits for nobody. Night is one hour of local time
//! when the shop is empty; a kiosk that sleeps through it goes the next night. At the start the
//! network is often not up yet, and many a shop switches its router off at night.

use crate::cancel::Cancel;
use crate::net::NetError;
use crate::night::Night;
use sealight_verify::time::Timestamp;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::Duration;

/// How often it looks at the clock.
const LOOK: Duration = Duration::from_secs(60);
/// Looks until a round in which nobody answered is made again, the first time and the second, and
/// from then on. They are counted: a network that comes sets the clock, by years even.
const SOON: [u32; 2] = [15, 30];
const LATER: u32 = 60;

/// Why a round is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The program has started.
    Start,
    /// Nobody answered in the round before.
    Again,
    /// The night has come.
    Night,
}

/// What came of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Errand {
    /// Whoever was asked has answered, or nobody was to be asked.
    Done,
    /// Somebody did not: it is made again.
    NoAnswer,
}

impl Errand {
    /// What came of asking for a file, where none came. A server in trouble, or what stands before
    /// it, says no more than a network that is not there; anything else would be said again.
    pub fn failed(error: &NetError) -> Self {
        match error {
            NetError::Unreachable { .. }
            | NetError::TimedOut
            | NetError::Status { code: 500..=599, .. } => Self::NoAnswer,
            NetError::TooLarge { .. }
            | NetError::Status { .. }
            | NetError::Refused { .. }
            | NetError::Malformed { .. }
            | NetError::Cancelled
            | NetError::Setup { .. } => Self::Done,
        }
    }
}

/// A running courier.
pub struct Courier {
    cancel: Cancel,
    /// Never sent on: the thread ends when it is gone.
    _stop: Sender<()>,
}

impl Courier {
    /// Starts the thread; `round` is one errand. One in which nobody answered is made again after a
    /// quarter of an hour, half an hour, then every hour.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(
        system: fn() -> Timestamp,
        night: Night,
        round: impl FnMut(Occasion, &Cancel) -> Errand + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::looking(LOOK, system, night, round)
    }

    fn looking(
        every: Duration,
        system: fn() -> Timestamp,
        mut night: Night,
        mut round: impl FnMut(Occasion, &Cancel) -> Errand + Send + 'static,
    ) -> std::io::Result<Self> {
        let (stop, stopped) = channel::<()>();
        let cancel = Cancel::default();
        let cancelled = cancel.clone();
        std::thread::Builder::new().name("sealight-courier".into()).spawn(move || {
            let mut again = Again::default();
            // The round at the start is that of a night that has begun.
            night.has_come(system());
            again.after(round(Occasion::Start, &cancelled));
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(every) {
                let is_due = again.is_due();
                let tonight = night.has_come(system()).then_some(Occasion::Night);
                if let Some(occasion) = tonight.or(is_due.then_some(Occasion::Again)) {
                    again.after(round(occasion, &cancelled));
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

/// When a round in which nobody answered is made again.
#[derive(Debug, Default)]
struct Again {
    /// Rounds, one after the other, in which nobody answered.
    failed: usize,
    /// Looks since the last one.
    looks: u32,
}

impl Again {
    fn after(&mut self, errand: Errand) {
        let failed = match errand {
            Errand::Done => 0,
            Errand::NoAnswer => self.failed.saturating_add(1),
        };
        *self = Self { failed, looks: 0 };
    }

    /// Whether it is made at this look.
    fn is_due(&mut self) -> bool {
        self.looks = self.looks.saturating_add(1);
        let Some(before) = self.failed.checked_sub(1) else { return false };
        self.looks >= *SOON.get(before).unwrap_or(&LATER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::LocalTime;
    use std::sync::mpsc::Receiver;

    const LONG: Duration = Duration::from_secs(60);

    /// A courier that looks every millisecond, and its rounds; the first so many find nobody.
    fn courier(system: fn() -> Timestamp, mut unanswered: u32) -> (Courier, Receiver<Occasion>) {
        let (told, rounds) = channel();
        let night = Night::at(3, LocalTime::Fixed(0));
        let round = move |occasion, _: &Cancel| {
            let _ = told.send(occasion);
            let errand = if unanswered == 0 { Errand::Done } else { Errand::NoAnswer };
            unanswered = unanswered.saturating_sub(1);
            errand
        };
        (Courier::looking(Duration::from_millis(1), system, night, round).unwrap(), rounds)
    }

    fn noon() -> Timestamp {
        Timestamp::from_unix_secs(12 * 3600)
    }

    #[test]
    fn it_goes_once_at_the_start() {
        let (courier, rounds) = courier(noon, 0);
        assert_eq!(rounds.recv_timeout(LONG), Ok(Occasion::Start));
        let none = rounds.recv_timeout(Duration::from_millis(500));
        assert_eq!(none, Err(RecvTimeoutError::Timeout));
        drop(courier);
        // Its thread ends, and what it held with it.
        assert_eq!(rounds.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected));
    }

    #[test]
    fn a_round_in_which_nobody_answered_is_made_again_until_somebody_does() {
        let (_courier, rounds) = courier(noon, 3);
        let told: Vec<Occasion> =
            (0..4).map(|_| rounds.recv_timeout(LONG).expect("no round")).collect();
        assert_eq!(told, [Occasion::Start, Occasion::Again, Occasion::Again, Occasion::Again]);
        let none = rounds.recv_timeout(Duration::from_millis(500));
        assert_eq!(none, Err(RecvTimeoutError::Timeout));
    }

    #[test]
    fn it_is_made_after_15_minutes_then_30_then_every_hour() {
        let mut again = Again::default();
        let mut looks_until_due = |errand| {
            again.after(errand);
            (1..1_000).find(|_| again.is_due())
        };
        let waits = [(); 5].map(|()| looks_until_due(Errand::NoAnswer));
        assert_eq!(waits, [15, 30, 60, 60, 60].map(Some));
        assert_eq!(looks_until_due(Errand::Done), None);
        assert_eq!(looks_until_due(Errand::NoAnswer), Some(15), "it begins anew");
    }

    #[test]
    fn the_night_comes_once_also_where_it_finds_nobody() {
        use std::sync::atomic::{AtomicI64, Ordering};
        static HOUR: AtomicI64 = AtomicI64::new(2);
        let system = || Timestamp::from_unix_secs(HOUR.load(Ordering::Relaxed) * 3600);
        let (_courier, rounds) = courier(system, 2);
        assert_eq!(rounds.recv_timeout(LONG), Ok(Occasion::Start));
        HOUR.store(3, Ordering::Relaxed);
        let mut told = std::iter::from_fn(|| rounds.recv_timeout(LONG).ok());
        assert!(told.any(|occasion| occasion == Occasion::Night));
        let mut rest = std::iter::from_fn(|| rounds.recv_timeout(Duration::from_millis(500)).ok());
        assert!(rest.all(|occasion| occasion == Occasion::Again));
    }

    #[test]
    fn what_was_answered_is_not_asked_again() {
        let status = |code| NetError::Status { code, text: "no".into() };
        let away = NetError::Unreachable { why: "no route".into() };
        for error in [away, NetError::TimedOut, status(502), status(503)] {
            assert_eq!(Errand::failed(&error), Errand::NoAnswer, "{error}");
        }
        let setup = NetError::Setup { why: "none".into() };
        let malformed = NetError::Malformed { what: "name of a file" };
        for error in [status(404), status(302), setup, malformed, NetError::Cancelled] {
            assert_eq!(Errand::failed(&error), Errand::Done, "{error}");
        }
    }
}
