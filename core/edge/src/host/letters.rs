//! Reports on their way: sealed at once, kept as files, sent when a network is there.

use super::net::Job;
use super::run::Runner;
use crate::cancel::Cancel;
use crate::outbox::Outbox;
use crate::random;
use sealight_flow::{Event, Fate};
use sealight_verify::hash::Hash32;
use sealight_verify::report::{Drawn, Letter, Recipient, Report, seal};

/// Milliseconds after which letters that no gateway took are tried again: doubled each time,
const FIRST_WAIT: u64 = 2_000;
/// up to this.
const LONGEST_WAIT: u64 = 900_000;

/// Letters that wait on this device.
pub(super) struct Letters {
    outbox: Option<Outbox>,
    /// When to try, on the timer clock; none while nothing waits.
    pub(super) next: Option<u64>,
    wait: u64,
    sending: Option<Cancel>,
    /// The last one that a person sent: its fate is shown.
    last: Option<Hash32>,
}

impl Letters {
    /// Letters of an earlier run are tried at once.
    pub(super) fn new(outbox: Option<Outbox>) -> Self {
        let next = outbox.as_ref().map(|_| 0);
        Self { outbox, next, wait: FIRST_WAIT, sending: None, last: None }
    }

    /// Gives up what is being sent; it is sent again later.
    pub(super) fn cancel(&self) {
        self.sending.iter().for_each(Cancel::cancel);
    }

    fn keep(&mut self, to: &Recipient, report: &Report) -> Option<Hash32> {
        let outbox = self.outbox.as_ref()?;
        let drawn = Drawn { ticket: random::bytes().ok()?, key: random::bytes().ok()? };
        let letter = seal(report, to, &drawn).ok()?;
        outbox.put(&letter).ok()?;
        Some(letter.id())
    }

    fn waiting(&self) -> Vec<Letter> {
        let waiting = self.outbox.as_ref().and_then(|outbox| outbox.waiting().ok());
        waiting.unwrap_or_default()
    }
}

impl Runner {
    /// Seals a report and keeps it; it is sent from there.
    pub(super) fn send_report(&mut self, to: &Recipient, report: &Report) -> Event {
        self.letters.last = self.letters.keep(to, report);
        if self.letters.last.is_none() {
            return Event::Report(Fate::NotKept);
        }
        (self.letters.next, self.letters.wait) = (Some(self.now().ms), FIRST_WAIT);
        Event::Report(Fate::Waits)
    }

    /// Sends what waits; look-ups and synchronisations go first.
    pub(super) fn letters_due(&mut self, ms: u64) {
        if self.letters.next.is_none_or(|at| at > ms) {
            return;
        }
        let busy = self.letters.sending.is_some() || self.syncing.is_some();
        if busy || !self.asking.is_empty() {
            self.letters.next = Some(ms + FIRST_WAIT);
            return;
        }
        self.letters.next = None;
        let at = self.now().at;
        // What cannot be forgotten now is tried again with the next letters.
        let _ = self.letters.outbox.as_ref().map(|outbox| outbox.forget_old(at));
        let letters = self.letters.waiting();
        if letters.is_empty() {
            return;
        }
        let cancel = Cancel::default();
        if self.jobs.send(Job::Letters { letters, cancel: cancel.clone() }).is_ok() {
            self.letters.sending = Some(cancel);
        }
    }

    /// Some of the letters that were sent are with a gateway now, `left` are not.
    pub(super) fn letters_sent(&mut self, taken: &[Hash32], left: usize) {
        self.letters.sending = None;
        // One that stays is sent again, and stored once.
        let stays = |id: &&Hash32| {
            self.letters.outbox.as_ref().is_some_and(|outbox| outbox.remove(id).is_err())
        };
        let left = left + taken.iter().filter(stays).count();
        let ms = self.now().ms;
        if left > 0 {
            self.letters.next = Some(ms + self.letters.wait);
            self.letters.wait = (self.letters.wait * 2).min(LONGEST_WAIT);
        } else {
            (self.letters.next, self.letters.wait) = (Some(ms), FIRST_WAIT);
        }
        if self.letters.last.is_some_and(|last| taken.contains(&last)) {
            self.letters.last = None;
            self.feed(Event::Report(Fate::Left));
        }
    }
}
