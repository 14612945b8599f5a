//! The host's thread: events in, effects run, views out.

use super::Shell;
use super::net::{Answer as NetAnswer, Feed, Job};
use crate::cancel::Cancel;
use crate::client::{Light, LookedUp, Synced, found, keeps};
use crate::clock;
use crate::store::{NewScan, ScanId as KeptId};
use sealight_flow::{
    Answer, BundleBytes, Effect, Entry, EntryKey, Event, Flow, Instant, Kept, Language, Profile,
    ScanId, View, Zone,
};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{Policy, SealClaim, Unproven};
use sealight_verify::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Earlier scans that a screen gets.
const HISTORY: usize = 500;
/// A synchronisation that failed is tried again so soon.
const SYNC_AGAIN: Duration = Duration::from_secs(30);
/// Scans whose facts are remembered: the last ones.
const MAX_FACTS: usize = 512;

/// What comes to the host's thread.
pub(super) enum Message {
    Event(Box<Event>),
    Net(Box<NetAnswer>),
    Stop,
}

/// The device, as far as the host's thread uses it.
pub(super) struct Device {
    pub(super) light: Light,
    pub(super) policy: Policy,
    pub(super) system: fn() -> Timestamp,
    pub(super) sync_every: Duration,
    pub(super) history: bool,
}

/// What a scan was found to be about: never its secret.
#[derive(Default, Clone)]
struct Facts {
    item: Option<(LotId, u32)>,
    issuer: Option<PartyId>,
    /// Hash of its bundle, where that is worth keeping.
    keeps: Option<String>,
    /// Its place in the store, once it was saved.
    kept: Option<KeptId>,
}

/// A feed of recalls whose hits are being proven.
struct Following {
    ledger: LedgerId,
    to: u64,
    open: BTreeSet<ScanId>,
    failed: bool,
}

/// Synchronisations that gateways are asked for, one a ledger.
struct Syncing {
    cancel: Cancel,
    open: usize,
}

pub(super) struct Runner {
    device: Device,
    flow: Flow,
    shell: Shell,
    jobs: Sender<Job>,
    started: std::time::Instant,
    wake: Option<u64>,
    sync_at: u64,
    syncing: Option<Syncing>,
    asking: BTreeMap<ScanId, Cancel>,
    facts: BTreeMap<ScanId, Facts>,
    following: Option<Following>,
    shown: Option<View>,
}

impl Runner {
    pub(super) fn new(
        device: Device,
        (profile, language, zone): (Profile, Language, Zone),
        shell: Shell,
        jobs: Sender<Job>,
    ) -> Self {
        let now = Instant { at: (device.system)(), ms: 0 };
        Self {
            flow: Flow::new(profile, language, zone, now),
            device,
            shell,
            jobs,
            started: clock::monotonic(),
            wake: None,
            sync_at: 0,
            syncing: None,
            asking: BTreeMap::new(),
            facts: BTreeMap::new(),
            following: None,
            shown: None,
        }
    }

    /// Until it is told to stop, or nobody is left to tell.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        self.show_what_is_known();
        self.draw();
        loop {
            match messages.recv_timeout(self.until_next()) {
                Ok(Message::Event(event)) => self.feed(*event),
                Ok(Message::Net(answer)) => self.answered(*answer),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.due();
            self.draw();
        }
        self.syncing.iter().for_each(|syncing| syncing.cancel.cancel());
        self.asking.values().for_each(Cancel::cancel);
    }

    /// The register's age on the first screen, from the headers in the store.
    fn show_what_is_known(&mut self) {
        let ledgers: Vec<LedgerId> = self.device.light.ledgers().copied().collect();
        for ledger in ledgers {
            let head = self.device.light.chain(&ledger).and_then(|chain| chain.head());
            if let Some(as_of) = head.map(|head| head.time()) {
                self.feed(Event::HeadersSynced { as_of });
            }
        }
    }

    fn now(&self) -> Instant {
        let ms = clock::monotonic().saturating_duration_since(self.started).as_millis();
        Instant { at: (self.device.system)(), ms: u64::try_from(ms).unwrap_or(u64::MAX) }
    }

    fn until_next(&self) -> Duration {
        let next = self.wake.unwrap_or(u64::MAX).min(self.sync_at);
        Duration::from_millis(next.saturating_sub(self.now().ms).min(60_000))
    }

    /// Timers that have come.
    fn due(&mut self) {
        let ms = self.now().ms;
        if self.wake.is_some_and(|at| at <= ms) {
            self.wake = None;
            self.feed(Event::Tick);
        }
        if self.sync_at <= ms && self.syncing.is_none() && self.asking.is_empty() {
            self.sync();
        }
    }

    fn draw(&mut self) {
        let view = self.flow.view();
        if self.shown.as_ref() != Some(&view) {
            self.shown = Some(view.clone());
            (self.shell.on_view)(view);
        }
    }

    /// One event, its effects, and the events that those answer with at once.
    fn feed(&mut self, event: Event) {
        let mut waiting = VecDeque::from([event]);
        while let Some(event) = waiting.pop_front() {
            let now = self.now();
            for effect in self.flow.update(event, now) {
                waiting.extend(self.run_effect(effect));
            }
        }
    }

    fn run_effect(&mut self, effect: Effect) -> Option<Event> {
        match effect {
            Effect::Load { scan, claim } => {
                let bundle = self.device.light.cached(&claim).map(bundle_bytes);
                Some(Event::Loaded { scan, bundle })
            }
            Effect::Fetch { scan, claim } => self.fetch(scan, claim),
            Effect::Judge { scan, claim, bundle, .. } => Some(self.judge(scan, &claim, &bundle)),
            Effect::Keep { claim, bundle } => {
                let keeps = |facts: &Facts| facts.keeps.as_ref() == Some(&bundle.digest);
                if self.facts.values().any(keeps) {
                    // A bundle that cannot be kept is fetched again next time.
                    let _ = self.device.light.keep(&claim, bundle.bytes.to_vec());
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

    /// A look-up goes first: it brings the head up itself, so a synchronisation may wait.
    fn fetch(&mut self, scan: ScanId, claim: Box<SealClaim>) -> Option<Event> {
        let lacking = |reason| Some(Event::Fetched { scan, bundle: Err(reason) });
        let ledger = match self.device.light.ledger_of(&claim) {
            Ok(ledger) => ledger,
            Err(reason) => return lacking(reason),
        };
        let now = self.device.light.now(&ledger, (self.device.system)());
        let Some((now, chain)) = now.zip(self.device.light.chain(&ledger).cloned()) else {
            return lacking(Unproven::LedgerUnknown { ledger: ledger.short() });
        };
        self.syncing.iter().for_each(|syncing| syncing.cancel.cancel());
        let cancel = Cancel::default();
        let chain = Box::new(chain);
        let job = Job::LookUp { scan, chain, claim, now, cancel: cancel.clone() };
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
        let facts = self.facts.entry(scan).or_default();
        let keeps = keeps(&verdict).then(|| bundle.digest.clone());
        *facts = Facts { item, issuer, keeps, kept: facts.kept };
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
                let _ = light.rewrite(id, entry);
            }
            EntryKey::Scan(scan) => {
                let facts = self.facts.entry(scan).or_default();
                if let Some(kept) = facts.kept {
                    let _ = light.rewrite(kept, entry);
                    return;
                }
                let claim = entry.claim.to_claim();
                let Some(ledger) = claim.and_then(|claim| light.ledger_of(&claim).ok()) else {
                    return;
                };
                let (item, issuer) = (facts.item, facts.issuer);
                let scan = NewScan { ledger, item, issuer, entry };
                facts.kept = light.record_as(scan).ok().flatten();
            }
        }
    }

    fn history(&self) -> Event {
        let scans = self.device.light.history(None, HISTORY).unwrap_or_default();
        Event::HistoryLoaded(scans.into_iter().filter_map(kept).collect())
    }

    fn sync(&mut self) {
        let ledgers: Vec<LedgerId> = self.device.light.ledgers().copied().collect();
        let mut syncing = Syncing { cancel: Cancel::default(), open: 0 };
        for ledger in ledgers {
            let now = self.device.light.now(&ledger, (self.device.system)());
            let Some((now, chain)) = now.zip(self.device.light.chain(&ledger).cloned()) else {
                continue;
            };
            let follows = self.device.history && self.following.is_none();
            let feed_from = follows.then(|| self.device.light.feed_place(&ledger));
            let (chain, cancel) = (Box::new(chain), syncing.cancel.clone());
            let sent = self.jobs.send(Job::Sync { chain, now, feed_from, cancel }).is_ok();
            syncing.open += usize::from(sent);
        }
        self.syncing = (syncing.open > 0).then_some(syncing);
        self.sync_in(self.device.sync_every);
    }

    fn sync_in(&mut self, time: Duration) {
        let ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.sync_at = self.now().ms.saturating_add(ms);
    }

    fn answered(&mut self, answer: NetAnswer) {
        match answer {
            NetAnswer::Progress { scan: Some(scan), progress } => {
                self.feed(Event::Progress { scan, maker: None, have: progress.bytes, of: None });
            }
            NetAnswer::Progress { scan: None, progress } => {
                self.feed(Event::Syncing { have: progress.bytes, of: None });
            }
            NetAnswer::LookedUp { scan, ledger, looked_up } => {
                self.looked_up(scan, &ledger, looked_up);
            }
            NetAnswer::Synced { ledger, synced, feed } => self.synced(ledger, &synced, feed),
        }
    }

    fn looked_up(&mut self, scan: ScanId, ledger: &LedgerId, looked_up: LookedUp) {
        let LookedUp { synced, found } = looked_up;
        if let Some(synced) = &synced {
            self.absorb(ledger, synced);
        }
        // A look-up that was cancelled says nothing, of the network least of all.
        if self.asking.remove(&scan).is_none() {
            return;
        }
        self.proven_hint(scan, found.is_ok());
        let bundle = found.map(|fetched| bundle_bytes(fetched.bundle));
        self.feed(Event::Fetched { scan, bundle });
    }

    fn synced(&mut self, ledger: LedgerId, synced: &Synced, feed: Option<Feed>) {
        let cancelled = self.syncing.as_ref().is_some_and(|syncing| syncing.cancel.is_cancelled());
        self.syncing = self.syncing.take().and_then(|syncing| {
            let open = syncing.open.saturating_sub(1);
            (open > 0).then_some(Syncing { open, ..syncing })
        });
        self.absorb(&ledger, synced);
        if synced.outcome.is_err() {
            self.sync_in(SYNC_AGAIN);
            if !cancelled {
                self.feed(Event::SyncFailed);
            }
        }
        if let Some(feed) = feed {
            self.follow(ledger, feed);
        }
    }

    fn absorb(&mut self, ledger: &LedgerId, synced: &Synced) {
        let (light, system) = (&mut self.device.light, (self.device.system)());
        // What cannot be kept is fetched again at the next start.
        let _ = light.absorb(ledger, &synced.changes, &synced.evidence, system);
        let head = light.chain(ledger).and_then(|chain| chain.head()).map(|head| head.time());
        if let Some(as_of) = head.filter(|_| synced.outcome.is_ok()) {
            self.feed(Event::HeadersSynced { as_of });
        }
    }

    /// Hands the flow what the feed hints at; the place moves on once every hit was looked up.
    fn follow(&mut self, ledger: LedgerId, feed: Feed) {
        let hits = self.device.light.touched(&ledger, &feed.hints);
        self.following =
            Some(Following { ledger, to: feed.to, open: BTreeSet::new(), failed: false });
        for hit in hits.into_iter().filter_map(kept) {
            let before: BTreeSet<ScanId> = self.asking.keys().copied().collect();
            self.feed(Event::RecallHit(Box::new(hit)));
            let asked = self.asking.keys().filter(|scan| !before.contains(scan)).copied();
            let asked: Vec<ScanId> = asked.collect();
            if let Some(following) = &mut self.following {
                following.failed |= asked.is_empty();
                following.open.extend(asked);
            }
        }
        self.end_following();
    }

    fn proven_hint(&mut self, scan: ScanId, proven: bool) {
        if let Some(following) = &mut self.following
            && following.open.remove(&scan)
        {
            following.failed |= !proven;
        }
        self.end_following();
    }

    fn end_following(&mut self) {
        let Some(done) = self.following.take_if(|following| following.open.is_empty()) else {
            return;
        };
        if !done.failed {
            let _ = self.device.light.feed_read(&done.ledger, done.to);
        }
    }
}

fn bundle_bytes(bytes: Vec<u8>) -> BundleBytes {
    let digest = Sm3::hash(&[&bytes]).to_string();
    BundleBytes { bytes: bytes.into(), digest }
}

fn kept(scan: crate::store::Scan) -> Option<Kept> {
    Some(Kept { id: u64::try_from(scan.id.0).ok()?, entry: scan.entry })
}
