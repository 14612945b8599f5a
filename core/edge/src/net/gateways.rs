//! Several gateways: who is asked next, and what is counted of whom.
//!
//! An answer that fails verification, lags, or never comes is counted and dropped; the next gateway
//! is asked and nobody is alarmed (trust rule 2). A gateway that failed rests for a second, twice
//! as long each time it fails again, at most five minutes; one good answer clears that. There is no
//! jitter: a device asks few gateways and rarely, and the same faults give the same order.
//!
//! Where somebody waits, each gateway has so long for its turn: one that takes longer has timed out
//! and keeps nobody from the next one, and one that takes more than half of it is asked after the
//! others for five minutes.
//!
//! Blocks as long as the calls that it is handed; cancelling is asked before each gateway.

use super::error::NetError;
use super::gateway::Gateway;
use super::url::GatewayUrl;
use crate::cancel::Cancel;
use crate::clock::{self, Budget};
use std::time::{Duration, Instant};

const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(300);

/// How long a gateway that was slow is asked after the others.
const BEHIND: Duration = Duration::from_secs(300);
/// So many times as long a gateway has whose place no other one can take.
const LONGER: u32 = 8;

/// What is wrong with one gateway's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There was none.
    Net(NetError),
    /// It failed verification.
    Bad {
        /// The rule that it failed, as its error says.
        why: String,
    },
    /// It is true but behind what is known.
    Stale {
        /// Height that was given.
        got: u64,
        /// Height that is known.
        known: u64,
    },
    /// The gateway has the state but not this file.
    Missing {
        /// Which file.
        what: &'static str,
    },
    /// This device's own trust does not reach: it needs a checkpoint. No fault of the gateway's.
    NoTrust {
        /// What its header chain says.
        why: String,
    },
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Net(error) => write!(f, "{error}"),
            Self::Bad { why } => write!(f, "bad answer: {why}"),
            Self::Stale { got, known } => write!(f, "stale: height {got}, known is {known}"),
            Self::Missing { what } => write!(f, "does not have {what}"),
            Self::NoTrust { why } => write!(f, "this device needs a checkpoint: {why}"),
        }
    }
}

impl core::error::Error for Fault {}

impl From<NetError> for Fault {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

/// What is known of one gateway; for `status`, never a reason for an alarm.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Answers that were used.
    pub good: u64,
    /// Answers that failed verification.
    pub bad: u64,
    /// Answers that lagged.
    pub stale: u64,
    /// Times that none came.
    pub silent: u64,
    /// The last fault, if nothing good came since.
    pub fault: Option<Fault>,
}

/// The gateways of one ledger, in the order of preference.
#[derive(Debug, Default)]
pub struct Gateways {
    list: Vec<Known>,
}

#[derive(Debug)]
struct Known {
    gateway: Gateway,
    standing: Standing,
    in_a_row: u32,
    rests_until: Option<Instant>,
    /// Until when it is asked after the others.
    slow_until: Option<Instant>,
}

/// What came of a round in which nobody answered well.
#[derive(Default)]
struct Unanswered {
    faults: Vec<Fault>,
    /// Who was stopped by the end of its time.
    late: Vec<usize>,
}

impl Gateways {
    /// Gateways in the order in which they should be asked.
    pub fn new(list: Vec<Gateway>) -> Self {
        let known = |gateway| Known {
            gateway,
            standing: Standing::default(),
            in_a_row: 0,
            rests_until: None,
            slow_until: None,
        };
        Self { list: list.into_iter().map(known).collect() }
    }

    /// Number of gateways.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none: this device works offline.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Each gateway with what is known of it.
    pub fn standings(&self) -> impl Iterator<Item = (&Gateway, &Standing)> {
        self.list.iter().map(|known| (&known.gateway, &known.standing))
    }

    /// All gateways in their order, whatever is known of them.
    pub fn all(&self) -> Vec<Gateway> {
        self.list.iter().map(|known| known.gateway.clone()).collect()
    }

    /// Asks one gateway after the other until one answers well.
    ///
    /// `ask` fetches and verifies; what it returns as a fault is counted against that gateway.
    ///
    /// # Errors
    /// All faults of this round in their order, the last of them [`NetError::Cancelled`] where it
    /// was cancelled; nothing where there is no gateway.
    pub fn ask<T>(
        &mut self,
        cancel: &Cancel,
        ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Result<T, Vec<Fault>> {
        self.ask_within(None, cancel, ask)
    }

    /// The same for somebody who waits, with so long for `each` of several gateways: those that
    /// `ask` is handed end their exchanges in time.
    ///
    /// A slow line makes all of them slow, and one alone has none to make room for: where nobody
    /// else answers they have eight times as long, those that were stopped in a second round.
    ///
    /// # Errors
    /// Those of [`Gateways::ask`], of both rounds.
    pub fn ask_within<T>(
        &mut self,
        each: Option<Duration>,
        cancel: &Cancel,
        mut ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Result<T, Vec<Fault>> {
        let mut turn = self.turn(None, clock::monotonic());
        let mut faults = Vec::new();
        if each.is_some() && turn.len() > 1 {
            match self.round(&turn, each, cancel, &mut ask) {
                Ok(answer) => return Ok(answer),
                Err(unanswered) => (faults, turn) = (unanswered.faults, unanswered.late),
            }
        }
        let longer = each.map(|each| each.saturating_mul(LONGER));
        self.round(&turn, longer, cancel, &mut ask).map_err(|unanswered| {
            faults.extend(unanswered.faults);
            faults
        })
    }

    /// Asks every gateway that does not rest; what those gave that answer well.
    pub fn ask_each<T>(
        &mut self,
        cancel: &Cancel,
        ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Vec<T> {
        self.ask_others(None, None, cancel, ask)
    }

    /// The same, but for the one at an address, and with so long for each where somebody waits.
    pub fn ask_others<T>(
        &mut self,
        but: Option<&GatewayUrl>,
        each: Option<Duration>,
        cancel: &Cancel,
        mut ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Vec<T> {
        let mut given = Vec::new();
        for at in self.turn(but, clock::monotonic()) {
            if cancel.is_cancelled() {
                break;
            }
            let Some(known) = self.list.get_mut(at) else { continue };
            given.extend(known.ask(each, &mut ask).0);
        }
        given
    }

    /// Counts an answer that was true as one that lagged: another gateway knew more.
    pub fn lagged(&mut self, url: &GatewayUrl, got: u64, known: u64) {
        let (stale, now) = (Fault::Stale { got, known }, clock::monotonic());
        let at_address = self.list.iter_mut().filter(|known| known.gateway.url() == url);
        at_address.for_each(|known| known.failed(&stale, now));
    }

    /// Asks these in their order until one answers well.
    fn round<T>(
        &mut self,
        turn: &[usize],
        each: Option<Duration>,
        cancel: &Cancel,
        ask: &mut impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Result<T, Unanswered> {
        let mut unanswered = Unanswered::default();
        for at in turn {
            if cancel.is_cancelled() {
                unanswered.faults.push(Fault::Net(NetError::Cancelled));
                break;
            }
            let Some(known) = self.list.get_mut(*at) else { continue };
            let (answer, late) = known.ask(each, ask);
            match answer {
                Ok(answer) => return Ok(answer),
                Err(fault) => unanswered.faults.push(fault),
            }
            unanswered.late.extend(late.then_some(*at));
        }
        Err(unanswered)
    }

    /// Who is asked now, but for the one at an address: all that do not rest, the slow ones last; if
    /// all do, the one whose rest ends first.
    fn turn(&self, but: Option<&GatewayUrl>, now: Instant) -> Vec<usize> {
        let rests = |at: &usize| self.list[*at].rests_until.is_some_and(|until| until > now);
        let is_slow = |at: &usize| self.list[*at].slow_until.is_some_and(|until| until > now);
        let meant = (0..self.list.len()).filter(|at| but != Some(self.list[*at].gateway.url()));
        let (resting, mut ready): (Vec<usize>, Vec<usize>) = meant.partition(rests);
        if ready.is_empty() {
            let first = resting.into_iter().min_by_key(|at| self.list[*at].rests_until);
            return first.into_iter().collect();
        }
        ready.sort_by_key(is_slow);
        ready
    }
}

impl Known {
    /// Asks it and counts what comes; and whether its time was over by then.
    fn ask<T>(
        &mut self,
        each: Option<Duration>,
        ask: &mut impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> (Result<T, Fault>, bool) {
        let budget = each.map(Budget::of);
        let answer = ask(&self.gateway.within(budget));
        match &answer {
            // Who stops us says nothing of the gateway.
            Err(Fault::Net(NetError::Cancelled)) => return (answer, false),
            Err(fault) => self.failed(fault, clock::monotonic()),
            Ok(_) => self.well(),
        }
        let Some((each, budget)) = each.zip(budget) else { return (answer, false) };
        let is_slow = budget.left() < each / 2;
        self.slow_until = clock::monotonic().checked_add(BEHIND).filter(|_| is_slow);
        (answer, budget.left().is_zero())
    }

    fn well(&mut self) {
        self.standing.good += 1;
        self.standing.fault = None;
        self.in_a_row = 0;
        self.rests_until = None;
    }

    fn failed(&mut self, fault: &Fault, now: Instant) {
        match fault {
            // Who stops us, or cannot help us, has not failed us.
            Fault::Net(NetError::Cancelled) | Fault::NoTrust { .. } => return,
            Fault::Net(_) => self.standing.silent += 1,
            Fault::Bad { .. } => self.standing.bad += 1,
            Fault::Stale { .. } => self.standing.stale += 1,
            // It serves all else, so it keeps its place.
            Fault::Missing { .. } => {
                self.standing.silent += 1;
                self.standing.fault = Some(fault.clone());
                return;
            }
        }
        self.standing.fault = Some(fault.clone());
        self.rests_until = now.checked_add(rest(self.in_a_row));
        self.in_a_row = self.in_a_row.saturating_add(1);
    }
}

/// How long a gateway rests that had failed so many times before.
fn rest(before: u32) -> Duration {
    let doubled = 1u32.checked_shl(before).and_then(|times| FIRST_REST.checked_mul(times));
    doubled.map_or(LONGEST_REST, |rest| rest.min(LONGEST_REST))
}

#[cfg(test)]
mod tests;
