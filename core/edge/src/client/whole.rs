//! Both sides together, for whoever may wait: the command, tests, a tool.

use super::feed::proven_log_size;
use super::fetch::{Fetched, LookedUp, may_end};
use super::light::Light;
use super::online::Online;
use super::several::place;
use super::source::{Progress, Told};
use crate::cancel::Cancel;
use crate::net::Fault;
use crate::store::{Scan, ScanId, StoreError};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{Finding, Freshness, Judgement, Policy, SealClaim, Unproven, Verdict};
use sealight_verify::time::Timestamp;
use std::collections::BTreeMap;

/// A light client that blocks.
pub struct Client {
    /// The device's side.
    pub light: Light,
    /// The gateways' side.
    pub online: Online,
}

/// How far a look-up may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The store only.
    Offline,
    /// Gateways where the store gives nothing fresh.
    IfStale,
    /// Gateways first.
    Online,
}

/// What a claim came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Proven {
    /// The verdict, and what was remembered for it.
    pub judgement: Judgement,
    /// The ledger that says so; none where none says anything.
    pub ledger: Option<LedgerId>,
    /// The bundle that it rests on; none where there was none.
    pub bundle: Option<Vec<u8>>,
    /// Why gateways gave nothing, where they were asked in vain.
    pub offline: Option<Unproven>,
}

/// What a synchronisation came to.
#[derive(Debug)]
pub struct SyncReport {
    /// Newest trusted height and its time, after it.
    pub head: Option<(u64, Timestamp)>,
    /// What came in.
    pub progress: Progress,
    /// Whether a gateway's head was reached, or what each lacked.
    pub outcome: Result<(), Vec<Fault>>,
    /// Earlier scans that were recalled since, or whose recall was lifted: proven.
    pub recalled: Vec<ScanId>,
    /// What could not be kept; the verdicts of this run stand all the same.
    pub unkept: Option<StoreError>,
}

impl Client {
    /// Brings headers to a gateway's head, then reads the recall feed and proves what it hints at.
    pub fn sync(
        &mut self,
        ledger: &LedgerId,
        policy: &Policy,
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> SyncReport {
        let mut report = self.sync_headers(ledger, system, told, cancel);
        if report.outcome.is_ok() {
            self.follow_feed(ledger, policy, system, cancel, &mut report);
        }
        report
    }

    /// Headers only.
    pub fn sync_headers(
        &mut self,
        ledger: &LedgerId,
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> SyncReport {
        let now = self.light.now(ledger, system);
        let (Some(now), Some(chain)) = (now, self.light.chain(ledger)) else {
            return SyncReport::without_gateway();
        };
        let synced = self.online.sync(chain, &now, told, cancel);
        let kept = self.light.absorb(ledger, &synced.changes, &synced.evidence, system);
        let head = self.light.chain(ledger).and_then(|chain| chain.head());
        SyncReport {
            head: head.map(|head| (head.height(), head.time())),
            progress: synced.progress,
            outcome: synced.outcome,
            recalled: Vec::new(),
            unkept: kept.err(),
        }
    }

    /// Asks for newer trust files and takes those that their predecessors signed; how many.
    pub fn renew_trust(&mut self, system: Timestamp, cancel: &Cancel) -> usize {
        let ledgers: Vec<LedgerId> = self.light.ledgers().copied().collect();
        let mut taken = 0;
        for ledger in ledgers {
            for file in self.online.rotations(&ledger, self.light.trusted(), cancel).files {
                taken += usize::from(self.light.rotate_trust(&file, system).is_ok());
            }
        }
        taken
    }

    /// Proves a claim: from the store where that is fresh enough, else from gateways; where they
    /// give nothing, from the store again. A claim that names no ledger is asked of all in use.
    pub fn prove(
        &mut self,
        claim: &SealClaim,
        policy: &Policy,
        reach: Reach,
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> Proven {
        let ledgers = match self.light.ledgers_of(claim) {
            Ok(ledgers) => ledgers,
            Err(reason) => return Proven::unproven(reason),
        };
        if reach == Reach::IfStale && ledgers.len() > 1 {
            let stored = |ledger| self.stored(ledger, claim, policy, system);
            let fresh = ledgers.iter().filter_map(stored).filter(Proven::is_fresh);
            if let Some(best) = fresh.reduce(Proven::or_more_telling) {
                return best;
            }
        }
        let mut best: Option<Proven> = None;
        for ledger in &ledgers {
            let asked = (policy, reach);
            let one = self.prove_on(ledger, claim, asked, system, &mut *told, cancel);
            best = Some(match best {
                Some(before) => before.or_more_telling(one),
                None => one,
            });
        }
        best.unwrap_or_else(|| Proven::unproven(Unproven::NotFound))
    }

    fn prove_on(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        (policy, reach): (&Policy, Reach),
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> Proven {
        let stored = self.stored(ledger, claim, policy, system);
        let enough = stored.as_ref().is_some_and(Proven::is_fresh) && reach == Reach::IfStale;
        if reach == Reach::Offline {
            let packed = self.packed(ledger, claim, policy, system, told, cancel);
            return match (packed, stored) {
                (Some(packed), Some(stored)) => packed.or_better(stored),
                (packed, stored) => {
                    packed.or(stored).unwrap_or_else(|| Proven::unproven(Unproven::NoNetwork))
                }
            };
        }
        if enough {
            return stored.unwrap_or_else(|| Proven::unproven(Unproven::NoNetwork));
        }
        let fetched = self.fetched(ledger, claim, policy, system, told, cancel);
        match (fetched, stored) {
            (Ok(fetched), Some(stored)) => fetched.or_better(stored),
            (Ok(fetched), None) => fetched,
            (Err(reason), Some(stored)) => Proven { offline: Some(reason), ..stored },
            (Err(reason), None) => {
                Proven { offline: Some(reason.clone()), ..Proven::unproven(reason) }
            }
        }
    }

    fn stored(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        policy: &Policy,
        system: Timestamp,
    ) -> Option<Proven> {
        let bundle = self.light.cached_on(ledger, claim)?;
        let judgement = self.light.judge(claim, &bundle, policy, system);
        let holds = !matches!(judgement.verdict.record, Finding::Unproven(Unproven::BadProof(_)));
        holds.then_some(Proven::of(ledger, judgement, bundle))
    }

    fn fetched(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        policy: &Policy,
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> Result<Proven, Unproven> {
        let unknown = || Unproven::LedgerUnknown { ledger: ledger.short() };
        let now = self.light.now(ledger, system).ok_or_else(unknown)?;
        let chain = self.light.chain(ledger).ok_or_else(unknown)?;
        let LookedUp { synced, found } = self.online.look_up(chain, claim, &now, told, cancel);
        // What cannot be kept is fetched again next time.
        let _ = self.light.absorb(ledger, &synced.changes, &synced.evidence, system);
        Ok(self.judged(ledger, claim, found?, policy, system))
    }

    /// What the packs on this device prove, without any gateway.
    fn packed(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        policy: &Policy,
        system: Timestamp,
        told: Told,
        cancel: &Cancel,
    ) -> Option<Proven> {
        let now = self.light.now(ledger, system)?;
        let chain = self.light.chain(ledger)?;
        let (changes, found) = self.online.look_in_packs(chain, claim, &now, told, cancel);
        // What cannot be kept is read again next time.
        let _ = self.light.absorb(ledger, &changes, &[], system);
        Some(self.judged(ledger, claim, found?, policy, system))
    }

    /// Judges a bundle, or the newer one that is kept, and keeps it where it says something.
    fn judged(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        fetched: Fetched,
        policy: &Policy,
        system: Timestamp,
    ) -> Proven {
        let bundle = self.light.newer(ledger, claim, fetched.bundle);
        let judgement = self.light.judge(claim, &bundle, policy, system);
        if keeps(&judgement.verdict) {
            let _ = self.light.keep(claim, bundle.clone());
        }
        Proven::of(ledger, judgement, bundle)
    }

    fn follow_feed(
        &mut self,
        ledger: &LedgerId,
        policy: &Policy,
        system: Timestamp,
        cancel: &Cancel,
        report: &mut SyncReport,
    ) {
        let places = self.light.feed_places(ledger);
        // Under which length of the log a scan was looked up in this round.
        let mut looked: BTreeMap<ScanId, u64> = BTreeMap::new();
        for feed in self.online.recalls(ledger, &places, cancel) {
            let hits = match self.light.touched(ledger, &feed.hints) {
                Ok(hits) => hits,
                Err(error) => {
                    report.unkept = Some(error);
                    return;
                }
            };
            let mut all_proven = hits.whole;
            for (scan, after) in hits.scans {
                if looked.get(&scan.id).is_some_and(|log_size| *log_size > after) {
                    continue;
                }
                match self.look_again(ledger, &scan, policy, system, cancel) {
                    Some((log_size, changed)) => {
                        looked.insert(scan.id, log_size);
                        report.recalled.extend(changed.then_some(scan.id));
                        // A state from before the hint says nothing of it.
                        all_proven &= log_size > after;
                    }
                    // The next feed hints at it again.
                    None => all_proven = false,
                }
            }
            if all_proven {
                let kept = self.light.feed_read(ledger, &feed.gateway, feed.to);
                report.unkept = kept.err().or(report.unkept.take());
            }
        }
    }

    /// Proves an earlier scan again: the length of the log that tells, and whether it changed.
    fn look_again(
        &mut self,
        ledger: &LedgerId,
        scan: &Scan,
        policy: &Policy,
        system: Timestamp,
        cancel: &Cancel,
    ) -> Option<(u64, bool)> {
        // What names nothing that can be looked up has nothing to wait for.
        let Some(claim) = scan.entry.claim.to_claim() else { return Some((u64::MAX, false)) };
        let proven = self.fetched(ledger, &claim, policy, system, &mut |_| {}, cancel).ok()?;
        let verdict = &proven.judgement.verdict;
        let log_size = proven.bundle.as_deref().and_then(proven_log_size);
        let log_size = log_size.filter(|_| decides(verdict))?;
        let changed = self.light.rejudged(scan, verdict).ok()?;
        Some((log_size, changed))
    }
}

impl Proven {
    fn unproven(reason: Unproven) -> Self {
        let judgement = Judgement { verdict: Verdict::unproven(reason), remember: None };
        Self { judgement, ledger: None, bundle: None, offline: None }
    }

    fn of(ledger: &LedgerId, judgement: Judgement, bundle: Vec<u8>) -> Self {
        Self { judgement, ledger: Some(*ledger), bundle: Some(bundle), offline: None }
    }

    fn is_fresh(&self) -> bool {
        self.judgement.verdict.freshness == Freshness::Fresh
    }

    /// Of two ledgers' answers the more telling one; see [`super::several`].
    fn or_more_telling(self, later: Self) -> Self {
        let place = |proven: &Self| place(&proven.judgement.verdict);
        if place(&later) < place(&self) { later } else { self }
    }

    /// What a gateway or a pack gave, unless it proves nothing and the store did.
    fn or_better(self, stored: Self) -> Self {
        let better = decides(&stored.judgement.verdict) && !decides(&self.judgement.verdict);
        if better { stored } else { self }
    }
}

/// Whether a verdict says something of the goods. That a key is withdrawn is proven too, and takes
/// the place of what was proven before.
pub(super) fn decides(verdict: &Verdict) -> bool {
    match &verdict.record {
        Finding::Unproven(reason) => matches!(reason, Unproven::KeyWithdrawn { .. }),
        _ => true,
    }
}

/// Whether a bundle with this verdict is worth keeping: not one that shows an absence which a later
/// entry may end.
pub(crate) fn keeps(verdict: &Verdict) -> bool {
    match &verdict.record {
        Finding::NotOnLedger(not) => !may_end(not),
        _ => decides(verdict),
    }
}

impl SyncReport {
    fn without_gateway() -> Self {
        Self {
            head: None,
            progress: Progress::default(),
            outcome: Err(Vec::new()),
            recalled: Vec::new(),
            unkept: None,
        }
    }
}
