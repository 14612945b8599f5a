//! Reports on their way: sealed at once, kept as files, sent when a network is there.
//!
//! A person is told that a report left once a gateway took it; its file stays until a gateway of
//! another operator took it too, or for a day, so that no single one can make it vanish.

use super::net::Job;
use super::run::Runner;
use crate::cancel::Cancel;
use crate::client::{Brought, Outgoing};
use crate::outbox::Outbox;
use crate::random;
use sealight_flow::{Event, Fate, Instant};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::report::{Drawn, Letter, Recipient, Report, seal};
use sealight_verify::time::{Seconds, Timestamp};
use std::collections::VecDeque;

/// Milliseconds after which letters that no gateway took are tried again: doubled each time,
const FIRST_WAIT: u64 = 2_000;
/// up to this.
const LONGEST_WAIT: u64 = 900_000;
/// Most letters that one device keeps in an hour, so that one person fills no party's mailbox.
pub(super) const MOST_AN_HOUR: usize = 20;
/// Milliseconds of an hour.
const HOUR: u64 = 3_600_000;

/// Letters that wait on this device.
pub(super) struct Letters {
    outbox: Option<Outbox>,
    /// When to try, on the timer clock; none while nothing waits.
    pub(super) next: Option<u64>,
    wait: u64,
    sending: Option<Cancel>,
    /// When letters of the last hour were kept, on the timer clock.
    kept: VecDeque<u64>,
    /// The last one that a person sent: its fate is shown.
    last: Option<Hash32>,
}

impl Letters {
    /// Letters of an earlier run are tried at once.
    pub(super) fn new(outbox: Option<Outbox>) -> Self {
        let next = outbox.as_ref().map(|_| 0);
        let kept = VecDeque::new();
        Self { outbox, next, wait: FIRST_WAIT, sending: None, kept, last: None }
    }

    /// Gives up what is being sent; it is sent again later.
    pub(super) fn cancel(&self) {
        self.sending.iter().for_each(Cancel::cancel);
    }

    fn keep(&mut self, to: &Recipient, report: &Report, now: Instant) -> Option<Hash32> {
        let drawn = Drawn { ticket: random::bytes().ok()?, key: random::bytes().ok()? };
        self.put(&seal(report, to, &drawn).ok()?, now)
    }

    /// Keeps a letter, where there is room for it and this hour has not had its letters.
    pub(super) fn put(&mut self, letter: &Letter, now: Instant) -> Option<Hash32> {
        if self.kept_lately(now) >= MOST_AN_HOUR {
            return None;
        }
        self.outbox.as_ref()?.put(letter).ok()?;
        self.kept.push_back(now.ms);
        Some(letter.id())
    }

    /// How many letters were kept in the hour before: those of this run, or those that wait, where an
    /// earlier run kept more.
    fn kept_lately(&mut self, now: Instant) -> usize {
        let hour_ago = now.ms.checked_sub(HOUR);
        while self.kept.front().is_some_and(|at| hour_ago.is_some_and(|ago| *at <= ago)) {
            self.kept.pop_front();
        }
        let since = now.at.saturating_sub(Seconds::HOUR);
        let waiting = self.outbox.as_ref().map(|outbox| outbox.written_between(since, now.at));
        self.kept.len().max(waiting.unwrap_or(0))
    }

    fn waiting(&self) -> Vec<Outgoing> {
        let Some(outbox) = &self.outbox else { return Vec::new() };
        let outgoing = |letter: Letter| {
            let taken_by = outbox.takers(&letter.id());
            Outgoing { letter, taken_by }
        };
        outbox.waiting().unwrap_or_default().into_iter().map(outgoing).collect()
    }
}

impl Runner {
    /// Seals a report and keeps it; it is sent from there.
    pub(super) fn send_report(&mut self, to: &Recipient, report: &Report) -> Event {
        let now = self.now();
        self.letters.last = self.letters.keep(to, report, now);
        if self.letters.last.is_none() {
            return Event::Report(Fate::NotKept);
        }
        (self.letters.next, self.letters.wait) = (Some(now.ms), FIRST_WAIT);
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
        let letters = self.letters.waiting();
        if letters.is_empty() {
            return;
        }
        let (trust, cancel) = (Box::new(self.device.light.trust().clone()), Cancel::default());
        if self.jobs.send(Job::Letters { letters, trust, cancel: cancel.clone() }).is_ok() {
            self.letters.sending = Some(cancel);
        }
    }

    /// What came of each letter of a round. Those that stay are sent again, and stored once.
    pub(super) fn letters_sent(&mut self, brought: &[Brought]) {
        let cancelled = self.letters.sending.take().is_some_and(|cancel| cancel.is_cancelled());
        let stay = brought.iter().filter(|one| !self.settled(one)).count();
        // What waited too long was tried once more, since there may not have been a network before.
        let forgotten = if cancelled { 0 } else { self.forget_letters() };
        let ms = self.now().ms;
        if stay > forgotten {
            self.letters.next = Some(ms + self.letters.wait);
            self.letters.wait = (self.letters.wait * 2).min(LONGEST_WAIT);
        } else {
            (self.letters.next, self.letters.wait) = (Some(ms), FIRST_WAIT);
        }
        let left = |one: &Brought| Some(one.id) == self.letters.last && !one.by.is_empty();
        if brought.iter().any(left) {
            self.letters.last = None;
            self.feed(Event::Report(Fate::Left));
        }
    }

    /// Removes a letter that all have who are to have it, or notes who has it now; whether it is gone.
    fn settled(&self, brought: &Brought) -> bool {
        let Some(outbox) = &self.letters.outbox else { return true };
        if brought.done {
            return outbox.remove(&brought.id).is_ok();
        }
        if !brought.by.is_empty() {
            // Who is not noted is asked again, and stores it once.
            let _ = outbox.took(&brought.id, &brought.by, self.register_of(&brought.ledger));
        }
        false
    }

    /// Forgets letters that are too old; how many.
    fn forget_letters(&self) -> usize {
        let Some(outbox) = &self.letters.outbox else { return 0 };
        // What cannot be forgotten now is tried again with the next letters.
        outbox.forget_old(|ledger| self.register_of(ledger)).unwrap_or(0)
    }

    /// Time of the newest header of a ledger; of the one that is furthest behind, where this one is no
    /// longer in use.
    fn register_of(&self, ledger: &LedgerId) -> Option<Timestamp> {
        match self.device.light.chain(ledger) {
            Some(chain) => chain.head().map(|head| head.time()),
            None => self.device.light.register_as_of(),
        }
    }
}
