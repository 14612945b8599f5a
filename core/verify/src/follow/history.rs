//! What parties usually anchor, so that the unusual is told.
//!
//! Two rules, each against the party's own past:
//! - a lot is large if the party has three earlier ones and it has more than `factor` times the
//!   items of their mean;
//! - lots are many if, over at least three days and three lots of the party's past, those of the
//!   running window (a day, or since the head before a longer silence) come more than `factor` times
//!   as fast. Told once a window. What was read in the first look has no times and does not count.

use crate::format::ids::PartyId;
use crate::time::Timestamp;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Earlier lots that a rule needs.
const LEAST_LOTS: u64 = 3;
const DAY: u64 = 24 * 60 * 60;
/// Past that the second rule needs, in seconds.
const LEAST_PAST: u64 = 3 * DAY;

/// What is unusual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Volume {
    /// A lot of many items.
    Large {
        /// Mean of the party's earlier lots, rounded down.
        mean: u64,
    },
    /// Many lots.
    Many {
        /// In the running window.
        lots: u64,
        /// Seconds of the window.
        seconds: u64,
        /// As many as would be usual in it, rounded up.
        usual: u64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
struct Past {
    #[n(0)]
    party: PartyId,
    /// All lots, and their items.
    #[n(1)]
    lots: u64,
    #[n(2)]
    items: u64,
    /// Time since which lots have times.
    #[n(3)]
    since: Timestamp,
    /// Lots of windows that are over.
    #[n(4)]
    before: u64,
    /// Lots of the running one.
    #[n(5)]
    now: u64,
    #[n(6)]
    told: bool,
}

/// Volumes of every party that anchored a lot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
pub(super) struct History {
    /// In order of the parties.
    #[n(0)]
    parties: Vec<Past>,
    /// Start of the running window; none before the first look is over.
    #[n(1)]
    window: Option<Timestamp>,
    /// Time of the head that is being read under.
    #[n(2)]
    at: Option<Timestamp>,
}

impl History {
    /// A look under a head of time `at`; `before` is the time of the head that was read to its end.
    pub(super) fn look(&mut self, at: Timestamp, before: Option<Timestamp>) {
        self.at = Some(at);
        let Some(before) = before else { return };
        let window = *self.window.get_or_insert(before);
        if at.since(window).0 > DAY && before > window {
            self.window = Some(before);
            for past in &mut self.parties {
                past.before += past.now;
                (past.now, past.told) = (0, false);
            }
        }
    }

    /// A lot of so many items; what is unusual about it.
    pub(super) fn lot(&mut self, party: PartyId, items: u32, factor: u32) -> Vec<Volume> {
        let (at, window) = (self.at.unwrap_or(Timestamp::EARLIEST), self.window);
        let place = self.parties.binary_search_by_key(&party, |past| past.party);
        let place = place.unwrap_or_else(|place| {
            let since = window.unwrap_or(at);
            let (lots, items, before, now) = (0, 0, 0, 0);
            let past = Past { party, lots, items, since, before, now, told: false };
            self.parties.insert(place, past);
            place
        });
        let past = &mut self.parties[place];
        let (items, factor) = (u64::from(items), u64::from(factor.max(2)));
        let mut odd: Vec<Volume> = past.large(items, factor).into_iter().collect();
        (past.lots, past.items) = (past.lots + 1, past.items.saturating_add(items));
        if let Some(window) = window {
            past.now += 1;
            odd.extend(past.many(at, window, factor));
        }
        odd
    }
}

impl Past {
    fn large(&self, items: u64, factor: u64) -> Option<Volume> {
        let mean = self.items.checked_div(self.lots)?;
        let odd = self.lots >= LEAST_LOTS
            && u128::from(items) * u128::from(self.lots)
                > u128::from(factor) * u128::from(self.items);
        odd.then_some(Volume::Large { mean })
    }

    fn many(&mut self, at: Timestamp, window: Timestamp, factor: u64) -> Option<Volume> {
        let past = window.since(self.since).0;
        if self.told || past < LEAST_PAST || self.before < LEAST_LOTS {
            return None;
        }
        let seconds = at.since(window).0.max(DAY);
        let usual = u128::from(self.before) * u128::from(seconds);
        let odd = u128::from(self.now) * u128::from(past) > u128::from(factor) * usual;
        self.told = odd;
        let usual = u64::try_from(usual.div_ceil(u128::from(past))).unwrap_or(u64::MAX);
        odd.then_some(Volume::Many { lots: self.now, seconds, usual })
    }
}
