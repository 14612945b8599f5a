//! Several gateways: who is asked next, and what is counted of whom.
//!
//! An answer that fails verification, lags, or never comes is counted and dropped; the next gateway
//! is asked and nobody is alarmed (trust rule 2). A gateway that failed rests for a second, twice
//! as long each time it fails again, at most five minutes; one good answer clears that. There is no
//! jitter: a device asks few gateways and rarely, and the same faults give the same order.
//!
//! Blocks as long as the calls that it is handed; cancelling is asked before each gateway.

use super::error::NetError;
use super::gateway::Gateway;
use crate::cancel::Cancel;
use crate::clock;
use std::time::{Duration, Instant};

const FIRST_REST: Duration = Duration::from_secs(1);
const LONGEST_REST: Duration = Duration::from_secs(300);

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
}

impl Gateways {
    /// Gateways in the order in which they should be asked.
    pub fn new(list: Vec<Gateway>) -> Self {
        let known = |gateway| Known {
            gateway,
            standing: Standing::default(),
            in_a_row: 0,
            rests_until: None,
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
        mut ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Result<T, Vec<Fault>> {
        let mut faults = Vec::new();
        for at in self.turn(clock::monotonic()) {
            if cancel.is_cancelled() {
                faults.push(Fault::Net(NetError::Cancelled));
                break;
            }
            let Some(known) = self.list.get_mut(at) else { continue };
            match ask(&known.gateway) {
                Ok(answer) => {
                    known.well();
                    return Ok(answer);
                }
                Err(fault) => {
                    known.failed(&fault, clock::monotonic());
                    faults.push(fault);
                }
            }
        }
        Err(faults)
    }

    /// Asks every gateway that does not rest; what those gave that answer well.
    pub fn ask_each<T>(
        &mut self,
        cancel: &Cancel,
        mut ask: impl FnMut(&Gateway) -> Result<T, Fault>,
    ) -> Vec<T> {
        let mut given = Vec::new();
        for at in self.turn(clock::monotonic()) {
            if cancel.is_cancelled() {
                break;
            }
            let Some(known) = self.list.get_mut(at) else { continue };
            match ask(&known.gateway) {
                Ok(answer) => {
                    known.well();
                    given.push(answer);
                }
                Err(fault) => known.failed(&fault, clock::monotonic()),
            }
        }
        given
    }

    /// Who is asked now: all that do not rest; if all do, the one whose rest ends first.
    fn turn(&self, now: Instant) -> Vec<usize> {
        let rests = |known: &Known| known.rests_until.is_some_and(|until| until > now);
        let ready: Vec<usize> = (0..self.list.len()).filter(|at| !rests(&self.list[*at])).collect();
        if !ready.is_empty() {
            return ready;
        }
        (0..self.list.len()).min_by_key(|at| self.list[*at].rests_until).into_iter().collect()
    }
}

impl Known {
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
mod tests {
    use super::super::{GatewayUrl, Http, Timeouts};
    use super::*;
    use std::sync::Arc;

    fn gateways(count: u16) -> Gateways {
        let http = Arc::new(Http::new(Timeouts::default()));
        let gateway = |port| {
            let url = GatewayUrl::listed(&format!("http://127.0.0.1:{port}")).unwrap();
            Gateway::new(url, Arc::clone(&http))
        };
        Gateways::new((1..=count).map(gateway).collect())
    }

    fn bad() -> Fault {
        Fault::Bad { why: "root mismatch".into() }
    }

    fn port(gateway: &Gateway) -> u16 {
        gateway.url().as_str().rsplit(':').next().unwrap().parse().unwrap()
    }

    #[test]
    fn a_bad_answer_is_counted_and_the_next_is_asked() {
        let mut list = gateways(3);
        let answer = list.ask(&Cancel::default(), |gateway| match port(gateway) {
            1 => Err(bad()),
            2 => Err(Fault::Stale { got: 4, known: 9 }),
            other => Ok(other),
        });
        assert_eq!(answer, Ok(3));
        let counts: Vec<_> = list.standings().map(|(_, s)| (s.good, s.bad, s.stale)).collect();
        assert_eq!(counts, [(0, 1, 0), (0, 0, 1), (1, 0, 0)]);
    }

    #[test]
    fn who_failed_rests_and_the_others_are_asked_first() {
        let mut list = gateways(2);
        let _: Result<u16, _> = list.ask(&Cancel::default(), |gateway| match port(gateway) {
            1 => Err(bad()),
            other => Ok(other),
        });
        let mut asked = Vec::new();
        let _ = list.ask(&Cancel::default(), |gateway| {
            asked.push(port(gateway));
            Ok(())
        });
        assert_eq!(asked, [2]);
    }

    #[test]
    fn with_all_at_rest_the_first_to_end_is_asked() {
        let mut list = gateways(2);
        let all_bad = list.ask(&Cancel::default(), |_| Err::<(), _>(bad()));
        assert_eq!(all_bad, Err(vec![bad(), bad()]));
        let mut asked = Vec::new();
        let again = list.ask(&Cancel::default(), |gateway| {
            asked.push(port(gateway));
            Ok(())
        });
        assert_eq!((again, asked), (Ok(()), vec![1]));
    }

    #[test]
    fn rests_double_up_to_five_minutes() {
        let secs: Vec<u64> = (0..12).map(|n| rest(n).as_secs()).collect();
        assert_eq!(secs, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        assert_eq!(rest(u32::MAX), LONGEST_REST);
    }

    #[test]
    fn cancelling_asks_nobody_and_blames_nobody() {
        let mut list = gateways(2);
        let cancel = Cancel::default();
        cancel.cancel();
        let faults = list.ask(&cancel, |_| Ok(())).unwrap_err();
        assert_eq!(faults, [Fault::Net(NetError::Cancelled)]);
        assert!(list.standings().all(|(_, standing)| *standing == Standing::default()));
    }

    #[test]
    fn a_missing_file_does_not_make_a_gateway_rest() {
        let mut list = gateways(1);
        let what = "bucket";
        let _ = list.ask(&Cancel::default(), |_| Err::<(), _>(Fault::Missing { what }));
        assert_eq!(list.turn(clock::monotonic()), [0]);
        assert!(list.list[0].rests_until.is_none());
    }
}
