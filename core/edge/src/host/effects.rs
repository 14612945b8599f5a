//! The flow's effects, run on the host's thread; what only a shell can do is handed to it.

use super::net::Job;
use super::run::{Facts, Runner, bundle_bytes, kept};
use crate::cancel::Cancel;
use crate::client::{found, keeps};
use crate::store::{NewScan, ScanId as KeptId};
use sealight_flow::{Answer, BundleBytes, Effect, Entry, EntryKey, Event, ScanId};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{SealClaim, Unproven};

/// Earlier scans that a screen gets.
const HISTORY: usize = 500;
/// Scans whose facts are remembered: the last ones.
const MAX_FACTS: usize = 512;

impl Runner {
    pub(super) fn run_effect(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Load { scan, claim } => {
                self.somebody_scans();
                let bundle = self.device.light.cached(&claim).map(bundle_bytes);
                Some(Event::Loaded { scan, bundle })
            }
            Effect::Fetch { scan, claim } => self.fetch(scan, claim),
            Effect::Judge { scan, claim, bundle, .. } => Some(self.judge(scan, &claim, &bundle)),
            Effect::Keep { claim, bundle } => {
                let keeps = |facts: &Facts| facts.keeps.as_ref() == Some(&bundle.digest);
                if self.facts.values().any(keeps) {
                    self.keep_soon(claim, bundle.bytes.to_vec());
                }
                None
            }
            Effect::Cancel { scan } => {
                self.asking.remove(&scan).iter().for_each(Cancel::cancel);
                None
            }
            Effect::Sync => {
                self.sync_at = self.now().ms;
                None
            }
            Effect::Save { key, entry } => {
                self.save(key, *entry);
                None
            }
            Effect::LoadHistory => Some(self.history()),
            Effect::EraseHistory => {
                self.facts.clear();
                let _ = self.device.light.forget(None);
                None
            }
            Effect::SendReport { to, report } => Some(self.send_report(&to, &report)),
            Effect::Forget => {
                self.forget_visitor();
                (self.shell.on_effect)(Effect::Forget);
                None
            }
            Effect::WakeAt(ms) => {
                self.wake = Some(ms);
                None
            }
            other => {
                (self.shell.on_effect)(other);
                None
            }
        }
    }

    /// What was scanned is forgotten in memory too, but for bundles that wait for room and letters:
    /// these hold what they need themselves.
    fn forget_visitor(&mut self) {
        self.facts.clear();
        self.device.light.forget_absences();
    }

    /// A look-up goes first: it brings the head up itself, so a synchronisation may wait.
    fn fetch(&mut self, scan: ScanId, claim: Box<SealClaim>) -> Option<Event> {
        let lacking = |reason| Some(Event::Fetched { scan, bundle: Err(reason) });
        let ledgers = match self.device.light.ledgers_of(&claim) {
            Ok(ledgers) => ledgers,
            Err(reason) => return lacking(reason),
        };
        let (light, system) = (&mut self.device.light, (self.device.system)());
        let chain_of = |ledger: &LedgerId| Some((light.chain(ledger)?.clone(), *ledger));
        let chains: Vec<_> = ledgers.iter().filter_map(chain_of).collect();
        let with_now = |(chain, ledger)| Some((chain, light.now(&ledger, system)?));
        let chains: Vec<_> = chains.into_iter().filter_map(with_now).collect();
        self.syncing.iter().for_each(|syncing| syncing.cancel.cancel());
        self.letters.cancel();
        let cancel = Cancel::default();
        let job = Job::LookUp { scan, chains, claim, cancel: cancel.clone() };
        if self.jobs.send(job).is_err() {
            return lacking(Unproven::NoNetwork);
        }
        self.asking.insert(scan, cancel);
        None
    }

    fn judge(&mut self, scan: ScanId, claim: &SealClaim, bundle: &BundleBytes) -> Event {
        let (light, system) = (&mut self.device.light, (self.device.system)());
        let verdict = light.judge(claim, &bundle.bytes, &self.device.policy, system).verdict;
        let (item, issuer) = found(claim, &verdict);
        let ledger = light.ledger_in(claim, &bundle.bytes).ok();
        let facts = self.facts.entry(scan).or_default();
        let keeps = keeps(&verdict).then(|| bundle.digest.clone());
        *facts = Facts { ledger, item, issuer, keeps, kept: facts.kept };
        while self.facts.len() > MAX_FACTS {
            self.facts.pop_first();
        }
        Event::Judged { scan, answer: Box::new(Answer::of(claim, &verdict)) }
    }

    fn save(&mut self, key: EntryKey, entry: Entry) {
        let light = &mut self.device.light;
        match key {
            EntryKey::Kept(id) => {
                let id = KeptId(i64::try_from(id).unwrap_or(i64::MAX));
                if light.rewrite(id, entry).is_err() {
                    self.unkept_hint();
                }
            }
            EntryKey::Scan(scan) => {
                let facts = self.facts.entry(scan).or_default();
                if let Some(kept) = facts.kept {
                    let _ = light.rewrite(kept, entry);
                    return;
                }
                let claimed = || light.ledgers_of(&entry.claim.to_claim()?).ok()?.first().copied();
                let Some(ledger) = facts.ledger.or_else(claimed) else { return };
                let (item, issuer) = (facts.item, facts.issuer);
                let scan = NewScan { ledger, item, issuer, entry };
                facts.kept = light.record_as(scan).ok().flatten();
            }
        }
    }

    fn history(&mut self) -> Event {
        let (policy, chip_reader) = (self.device.policy, self.device.chip_reader);
        let scans = self.device.light.history(None, HISTORY, &policy, chip_reader);
        let scans = scans.unwrap_or_default();
        Event::HistoryLoaded(scans.into_iter().filter_map(kept).collect())
    }
}
