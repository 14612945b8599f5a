//! Following a ledger's log: every gateway's headers held against each other, and every entry
//! fetched, proven and handed on.
//!
//! Blocks as [`crate::net`] says: two requests a gateway for the headers, then one for each page of
//! the log, from the first gateway whose page is proven. A gateway that rewrites, hides or invents
//! an entry is a bad gateway and the next one is asked. Cancelled between requests.

use super::header_sync::one;
use super::online::Online;
use super::source::{Progress, Source, Told, bad};
use super::whole::Client;
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway};
use crate::store::StoreError;
use sealight_verify::chain::{Change, HeaderChain, TrustedHeader};
use sealight_verify::comet::Stock;
use sealight_verify::follow::{Finding, FollowError, Follower, Taken, Watch};
use sealight_verify::format::governance::{
    GovernanceAnswer, MEMBERS, Members, VALIDATORS, Validators,
};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::{Now, Timestamp};

/// What speaks against the ledger itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerAlarm {
    /// Two headers of one height verify; the ledger is frozen above the last common height.
    Fork {
        /// Last common height.
        common: u64,
        /// Height of the two headers.
        height: u64,
    },
    /// Accepted headers show that the past was changed.
    Rewritten(FollowError),
    /// No gateway shows that the log under the header continues what was read, though some answer:
    /// all of them lie, or the past was changed.
    NotShown {
        /// What each gave, in their order.
        faults: Vec<Fault>,
    },
}

/// What a look at the ledger came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// Newest trusted height and its time.
    pub head: Option<(u64, Timestamp)>,
    /// Entries that were read.
    pub entries: u64,
    /// What speaks against the ledger.
    pub alarm: Option<LedgerAlarm>,
    /// Whether the log was read up to the head, or what each gateway lacked.
    pub outcome: Result<(), Vec<Fault>>,
    /// What the store did not keep; it is fetched again.
    pub unkept: Option<StoreError>,
}

/// Told of each proven page before the next one is asked for: where the follower stands after it,
/// and what was found. `false` ends the look.
pub type Keep<'a> = &'a mut dyn FnMut(&Follower, &[Finding]) -> bool;

impl Client {
    /// Looks at the ledger once: headers of all gateways, then the log from where the follower
    /// stands to the head.
    pub fn follow(
        &mut self,
        follower: &mut Follower,
        watch: &Watch,
        system: Timestamp,
        keep: Keep,
        cancel: &Cancel,
    ) -> Look {
        let ledger = *follower.ledger();
        let mut look =
            Look { head: None, entries: 0, alarm: None, outcome: Err(Vec::new()), unkept: None };
        let now = self.light.now(&ledger, system);
        let (Some(now), Some(chain)) = (now, self.light.chain(&ledger)) else { return look };
        let held = self.online.hold_together(chain, &now, &mut |_| {}, cancel);
        look.unkept = self.light.absorb(&ledger, &held.changes, &[], system).err();
        let Some(chain) = self.light.chain(&ledger) else { return look };
        look.head = chain.head().map(|head| (head.height(), head.time()));
        if let Some((common, height)) = chain.frozen() {
            look.alarm = Some(LedgerAlarm::Fork { common, height });
        }
        if let Err(faults) = held.outcome {
            look.outcome = Err(faults);
            return look;
        }
        let Some(head) = chain.head().cloned() else { return look };
        let seen = follower.head().map_or(0, |seen| seen.height);
        if head.height() < seen {
            // Nothing is taken back: a freeze or a new checkpoint brought the chain below it.
            look.outcome = Err(vec![Fault::Stale { got: head.height(), known: seen }]);
            return look;
        }
        self.read(follower, &head, watch, keep, cancel, &mut look);
        look
    }

    fn read(
        &mut self,
        follower: &mut Follower,
        head: &TrustedHeader,
        watch: &Watch,
        keep: Keep,
        cancel: &Cancel,
        look: &mut Look,
    ) {
        loop {
            match self.online.page(follower, head, watch, cancel) {
                Page::Taken(taken) => {
                    look.entries += taken.follower.size() - follower.size();
                    let kept = keep(&taken.follower, &taken.findings);
                    *follower = taken.follower;
                    if taken.whole || !kept {
                        look.outcome = Ok(());
                        return;
                    }
                }
                Page::Rewritten(error) => {
                    look.alarm = Some(LedgerAlarm::Rewritten(error));
                    look.outcome = Ok(());
                    return;
                }
                Page::None { faults, another_log } => {
                    if another_log {
                        look.alarm = Some(LedgerAlarm::NotShown { faults: faults.clone() });
                    }
                    look.outcome = Err(faults);
                    return;
                }
            }
        }
    }
}

/// What gateways gave of a page.
enum Page {
    Taken(Box<Taken>),
    Rewritten(FollowError),
    None {
        faults: Vec<Fault>,
        /// Whether some page was not of the log that was read, and none was.
        another_log: bool,
    },
}

/// Headers of all gateways held against each other.
struct Held {
    changes: Vec<Change>,
    outcome: Result<(), Vec<Fault>>,
}

impl Online {
    /// Members and validators under the chain's head, proven.
    ///
    /// # Errors
    /// What each gateway lacked.
    pub fn governance(
        &mut self,
        chain: &HeaderChain,
        cancel: &Cancel,
    ) -> Result<(Members, Validators), Vec<Fault>> {
        let Some(head) = chain.head() else {
            return Err(vec![Fault::NoTrust { why: "no header is trusted".into() }]);
        };
        let gateways = self.gateways(chain.ledger()).ok_or_else(Vec::new)?;
        gateways.ask(cancel, |gateway| {
            let (mut progress, mut untold) = (Progress::default(), |_| {});
            let mut source = Source::new(gateway, cancel, &mut progress, &mut untold);
            let answer = |name: &str, source: &mut Source| -> Result<GovernanceAnswer, Fault> {
                source.governance(name, head.height())
            };
            let (members, validators) =
                (answer(MEMBERS, &mut source)?, answer(VALIDATORS, &mut source)?);
            let members = members.proven(MEMBERS, &head.app_hash()).map_err(bad)?;
            let validators = validators.proven(VALIDATORS, &head.app_hash()).map_err(bad)?;
            Ok((members, validators))
        })
    }

    /// The next page under a trusted head, from the first gateway whose page is proven.
    fn page(
        &mut self,
        follower: &Follower,
        head: &TrustedHeader,
        watch: &Watch,
        cancel: &Cancel,
    ) -> Page {
        let ledger: &LedgerId = follower.ledger();
        let nobody = Page::None { faults: Vec::new(), another_log: false };
        let Some(gateways) = self.gateways(ledger) else { return nobody };
        let mut another_log = false;
        let asked = gateways.ask(cancel, |gateway| {
            let (mut progress, mut untold) = (Progress::default(), |_| {});
            let mut source = Source::new(gateway, cancel, &mut progress, &mut untold);
            let page = source.log(follower.size(), head.height())?;
            match follower.take(&page, head, watch) {
                Ok(taken) => Ok(Ok(taken)),
                Err(error) if error.proves_a_rewrite() => Ok(Err(error)),
                Err(error) => {
                    another_log |= error.is_another_log();
                    Err(bad(error))
                }
            }
        });
        match asked {
            Ok(Ok(taken)) => Page::Taken(Box::new(taken)),
            Ok(Err(error)) => Page::Rewritten(error),
            Err(faults) => Page::None { faults, another_log },
        }
    }

    /// Brings a copy of the chain to the head of the first gateway that can, then holds every other
    /// gateway's header against it, at the lower of both heads.
    fn hold_together(
        &mut self,
        chain: &HeaderChain,
        now: &Now,
        told: Told,
        cancel: &Cancel,
    ) -> Held {
        let mut chain = chain.clone();
        let mut changes = Vec::new();
        let mut progress = Progress::default();
        let Some(gateways) = self.gateways(chain.ledger()) else {
            return Held { changes, outcome: Err(Vec::new()) };
        };
        let first = gateways.ask(cancel, |gateway| {
            let mut source = Source::new(gateway, cancel, &mut progress, &mut *told);
            let (accepted, end) = one(&chain, &mut source, now);
            accepted.iter().for_each(|change| chain.apply(change));
            changes.extend(accepted);
            end.map(|()| gateway.clone())
        });
        let first = match first {
            Ok(first) => first,
            Err(faults) => return Held { changes, outcome: Err(faults) },
        };
        // What a witness lacks is counted against it and changes nothing else; where it knows newer
        // headers, whoever holds back at an old one holds nobody up.
        gateways.ask_each(cancel, |gateway| {
            if gateway.url().given() == first.url().given() {
                return Ok(());
            }
            let (accepted, end) = witness(&chain, &first, gateway, now, cancel);
            accepted.iter().for_each(|change| chain.apply(change));
            changes.extend(accepted);
            if !end? {
                return Ok(());
            }
            let mut source = Source::new(gateway, cancel, &mut progress, &mut *told);
            let (accepted, end) = one(&chain, &mut source, now);
            accepted.iter().for_each(|change| chain.apply(change));
            changes.extend(accepted);
            end
        });
        Held { changes, outcome: Ok(()) }
    }
}

/// Holds one gateway's header against the chain's, which the first gateway gave; whether it says
/// that it has newer ones.
fn witness(
    chain: &HeaderChain,
    first: &Gateway,
    gateway: &Gateway,
    now: &Now,
    cancel: &Cancel,
) -> (Vec<Change>, Result<bool, Fault>) {
    let mut changes = Vec::new();
    let end = compare(chain, first, gateway, now, cancel, &mut changes);
    (changes, end)
}

fn compare(
    chain: &HeaderChain,
    first: &Gateway,
    gateway: &Gateway,
    now: &Now,
    cancel: &Cancel,
    changes: &mut Vec<Change>,
) -> Result<bool, Fault> {
    let mut chain = chain.clone();
    let (mut progress, mut untold) = (Progress::default(), |_| {});
    let mut source = Source::new(gateway, cancel, &mut progress, &mut untold);
    let Some(head) = chain.head().map(TrustedHeader::height) else { return Ok(false) };
    let theirs = source.head()?.header.height;
    let (height, newer) = (theirs.min(head), theirs > head);
    if !chain.headers().any(|header| header.height() == height) {
        let (mut progress, mut untold) = (Progress::default(), |_| {});
        let mut known = Source::new(first, cancel, &mut progress, &mut untold);
        let block = known.block(&chain, height)?;
        // Below what the chain can still reach there is nothing to hold it against.
        let Ok(accepted) = chain.accept(&block, now) else { return Ok(newer) };
        chain.apply(&accepted.remember);
        changes.push(accepted.remember);
    }
    let trusted = chain.headers().find(|header| header.height() == height);
    let signed = source.commit(height)?;
    if trusted.is_none_or(|trusted| trusted.hash() == signed.header.hash::<Stock>()) {
        return Ok(newer);
    }
    let set = source.validators(height)?;
    let block = signed.with_validators::<Stock>(set).map_err(bad)?;
    match chain.accept(&block, now) {
        Ok(accepted) => {
            changes.push(accepted.remember);
            Ok(newer)
        }
        Err(error) => {
            changes.extend(error.remember());
            Err(bad(error))
        }
    }
}
