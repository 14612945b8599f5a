//! The host's thread: events in, effects run, views out.

use super::Shell;
use super::follow::Following;
use super::letters::Letters;
use super::net::{Answer as NetAnswer, Job};
use super::tidy::Unkept;
use crate::cancel::Cancel;
use crate::client::{
    Fetched, GatewayFeed, Light, LookedUp, Rotations, Synced, place, proven_log_size,
};
use crate::clock;
use crate::home::Home;
use crate::local::LocalTime;
use crate::store::ScanId as KeptId;
use sealight_flow::{
    BundleBytes, Chips, Effect, Event, Flow, Instant, Kept, Language, Noted, Profile, ScanId, Sign,
    View,
};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{Policy, SealClaim, Unproven, Verdict};
use sealight_verify::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// A synchronisation that failed is tried again so soon.
const SYNC_AGAIN: Duration = Duration::from_secs(30);

/// Newer trust files are asked for so often.
const RENEW_EVERY: Duration = Duration::from_secs(24 * 3600);
/// Milliseconds after which they are asked for again where nobody answered: many a shop switches its
/// network off at night.
const RENEW_AGAIN: u64 = 15 * 60_000;

/// What comes to the host's thread.
pub(super) enum Message {
    Event(Box<Event>),
    Net(Box<NetAnswer>),
    Tidy,
    Stop,
}

/// The device, as far as the host's thread uses it.
pub(super) struct Device {
    pub(super) light: Light,
    pub(super) policy: Policy,
    pub(super) system: fn() -> Timestamp,
    pub(super) local: LocalTime,
    pub(super) sync_every: Duration,
    pub(super) history: bool,
    pub(super) chip_reader: Chips,
}

/// What a scan was found to be about: never its secret.
#[derive(Default, Clone)]
pub(super) struct Facts {
    /// The ledger that says so.
    pub(super) ledger: Option<LedgerId>,
    pub(super) item: Option<(LotId, u32)>,
    pub(super) issuer: Option<PartyId>,
    /// Hash of its bundle, where that is worth keeping.
    pub(super) keeps: Option<String>,
    /// Its place in the store, once it was saved.
    pub(super) kept: Option<KeptId>,
}

/// What gateways are asked for beside look-ups: a synchronisation of each ledger, and newer trust
/// files after these.
pub(super) struct Syncing {
    /// A look-up stops it all.
    pub(super) cancel: Cancel,
    /// Jobs that were not answered yet.
    open: usize,
}

pub(super) struct Runner {
    pub(super) device: Device,
    flow: Flow,
    pub(super) shell: Shell,
    pub(super) jobs: Sender<Job>,
    started: std::time::Instant,
    pub(super) wake: Option<u64>,
    pub(super) sync_at: u64,
    pub(super) syncing: Option<Syncing>,
    pub(super) asking: BTreeMap<ScanId, Cancel>,
    pub(super) facts: BTreeMap<ScanId, Facts>,
    pub(super) following: Option<Following>,
    pub(super) letters: Letters,
    pub(super) renew_at: u64,
    pub(super) unkept: Unkept,
    /// Trust files that follow this device's; taken when nothing is under way that rests on it.
    pub(super) newer: Vec<Vec<u8>>,
    /// Whether the clock is doubtful, as it was told last.
    clock_doubtful: Option<bool>,
    shown: Option<View>,
}

impl Runner {
    pub(super) fn new(
        device: Device,
        (profile, language, sign): (Profile, Language, Sign),
        shell: Shell,
        jobs: Sender<Job>,
    ) -> Self {
        let now = Instant { at: (device.system)(), ms: 0 };
        Self {
            letters: Letters::new(device.light.home().map(Home::outbox)),
            flow: Flow::new(profile, language, device.local.zone(now.at), now).with_sign(sign),
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
            renew_at: 0,
            unkept: Unkept::default(),
            newer: Vec::new(),
            clock_doubtful: None,
            shown: None,
        }
    }

    /// Until it is told to stop, or nobody is left to tell.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        self.show_what_is_known();
        self.draw();
        self.thin();
        loop {
            let message = messages.recv_timeout(self.until_next());
            self.flow.in_zone(self.device.local.zone((self.device.system)()));
            match message {
                Ok(Message::Event(event)) => self.feed(*event),
                Ok(Message::Net(answer)) => self.answered(*answer),
                Ok(Message::Tidy) => self.tidy(),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.due();
            self.draw();
            // The disk's work comes after what there is to show.
            self.keep_later();
        }
        self.syncing.iter().for_each(|syncing| syncing.cancel.cancel());
        self.asking.values().for_each(Cancel::cancel);
        self.letters.cancel();
    }

    /// The ledgers in use, and the register's age on the first screen from the headers in the store.
    fn show_what_is_known(&mut self) {
        let ledgers: Vec<LedgerId> = self.device.light.ledgers().copied().collect();
        self.feed(Event::Ledgers(ledgers.clone()));
        for ledger in ledgers {
            let head = self.device.light.chain(&ledger).and_then(|chain| chain.head());
            if let Some(as_of) = head.map(|head| head.time()) {
                self.feed(Event::HeadersSynced { ledger, as_of });
            }
        }
        let until = self.device.light.trust().expires;
        (self.shell.on_effect)(Effect::Note(Noted::Trust { until }));
        self.tell_clock();
    }

    /// Tells the shell whether the clock is doubtful, where that has changed.
    fn tell_clock(&mut self) {
        let (light, system) = (&mut self.device.light, (self.device.system)());
        let ledgers: Vec<LedgerId> = light.ledgers().copied().collect();
        let mut presents = ledgers.iter().filter_map(|ledger| light.now(ledger, system));
        let doubtful = presents.any(|now| now.doubtful());
        if self.clock_doubtful != Some(doubtful) {
            self.clock_doubtful = Some(doubtful);
            (self.shell.on_effect)(Effect::Note(Noted::Clock { doubtful }));
        }
    }

    pub(super) fn now(&self) -> Instant {
        let ms = clock::monotonic().saturating_duration_since(self.started).as_millis();
        Instant { at: (self.device.system)(), ms: u64::try_from(ms).unwrap_or(u64::MAX) }
    }

    fn until_next(&self) -> Duration {
        let own = self.wake.into_iter().chain(self.letters.next);
        let next = own.chain([self.sync_at, self.tries_again()]).min().unwrap_or(u64::MAX);
        Duration::from_millis(next.saturating_sub(self.now().ms).min(60_000))
    }

    /// Timers that have come.
    pub(super) fn due(&mut self) {
        let ms = self.now().ms;
        if self.wake.is_some_and(|at| at <= ms) {
            self.wake = None;
            self.feed(Event::Tick);
        }
        if self.syncing.is_none() && self.asking.is_empty() {
            let newer = std::mem::take(&mut self.newer);
            self.rotate(&newer);
            if self.sync_at <= ms {
                self.sync();
                self.renew(ms);
            }
        }
        self.letters_due(ms);
    }

    /// Takes newer trust files; gateways and ledgers follow the last of them.
    fn rotate(&mut self, files: &[Vec<u8>]) {
        let before = self.device.light.trust().serial;
        for file in files {
            // What does not follow, or cannot be kept, is asked for again tomorrow.
            let _ = self.device.light.rotate_trust(file, (self.device.system)());
        }
        let trust = self.device.light.trust();
        if trust.serial == before {
            return;
        }
        let follow = Job::Follow(Box::new(trust.clone()));
        if self.jobs.send(follow).is_ok() {
            self.show_what_is_known();
            self.sync_at = self.now().ms;
        }
    }

    /// Asks for newer trust files once a day, as a part of a synchronisation.
    fn renew(&mut self, ms: u64) {
        let Some(syncing) = self.syncing.as_mut().filter(|_| self.renew_at <= ms) else { return };
        let trust = Box::new(self.device.light.trusted().clone());
        let ledgers = self.device.light.ledgers().copied().collect();
        let job = Job::Renew { ledgers, trust, cancel: syncing.cancel.clone() };
        if self.jobs.send(job).is_ok() {
            syncing.open += 1;
            let every = u64::try_from(RENEW_EVERY.as_millis()).unwrap_or(u64::MAX);
            self.renew_at = ms.saturating_add(every);
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
    pub(super) fn feed(&mut self, event: Event) {
        let mut waiting = VecDeque::from([event]);
        while let Some(event) = waiting.pop_front() {
            let now = self.now();
            for effect in self.flow.update(event, now) {
                waiting.extend(self.run_effect(effect));
            }
        }
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
            let feed_from = follows.then(|| self.device.light.feed_places(&ledger));
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

    pub(super) fn answered(&mut self, answer: NetAnswer) {
        match answer {
            NetAnswer::Progress { scan: Some(scan), progress } => {
                self.feed(Event::Progress { scan, maker: None, have: progress.bytes, of: None });
            }
            NetAnswer::Progress { scan: None, progress } => {
                self.feed(Event::Syncing { have: progress.bytes, of: None });
            }
            NetAnswer::LookedUp { scan, claim, looked_up } => {
                self.looked_up(scan, &claim, looked_up);
            }
            NetAnswer::Synced { ledger, synced, feeds } => self.synced(ledger, &synced, feeds),
            NetAnswer::Renewed { rotations } => self.renewed(rotations),
            NetAnswer::Letters { brought } => self.letters_sent(&brought),
        }
    }

    fn looked_up(&mut self, scan: ScanId, claim: &SealClaim, looked_up: Vec<(LedgerId, LookedUp)>) {
        let mut found = Vec::new();
        for (ledger, LookedUp { synced, found: result }) in looked_up {
            self.absorb(&ledger, &synced);
            let newer = |fetched: Fetched| self.device.light.newer(&ledger, claim, fetched.bundle);
            found.push((ledger, result.map(newer)));
        }
        // A look-up that was cancelled says nothing, of the network least of all.
        if self.asking.remove(&scan).is_none() {
            return;
        }
        let log_size = |(ledger, result): &(LedgerId, Result<Vec<u8>, Unproven>)| {
            let bundle = result.as_ref().ok()?;
            Some((*ledger, proven_log_size(bundle)?))
        };
        let log_sizes: Vec<(LedgerId, u64)> = found.iter().filter_map(log_size).collect();
        let bundle = self.most_telling(claim, found).map(bundle_bytes);
        self.feed(Event::Fetched { scan, bundle });
        // Only now: what it proves is kept before the feed moves on.
        self.proven_hint(scan, &log_sizes);
    }

    /// What one ledger gave, or the most telling of several.
    fn most_telling(
        &mut self,
        claim: &SealClaim,
        found: Vec<(LedgerId, Result<Vec<u8>, Unproven>)>,
    ) -> Result<Vec<u8>, Unproven> {
        let Device { light, policy, system, .. } = &mut self.device;
        let mut best = None;
        let several = found.len() > 1;
        for (_, result) in found {
            let verdict = match &result {
                Ok(bundle) if several => light.judge(claim, bundle, policy, system()).verdict,
                Ok(_) => return result,
                Err(reason) => Verdict::unproven(reason.clone()),
            };
            let place = place(&verdict);
            if best.as_ref().is_none_or(|(before, _)| place < *before) {
                best = Some((place, result));
            }
        }
        best.map_or(Err(Unproven::NotFound), |(_, result)| result)
    }

    /// One job of a synchronisation was answered; whether a look-up had stopped it.
    fn one_answered(&mut self) -> bool {
        let cancelled = self.syncing.as_ref().is_some_and(|syncing| syncing.cancel.is_cancelled());
        self.syncing = self.syncing.take().and_then(|syncing| {
            let open = syncing.open.saturating_sub(1);
            (open > 0).then_some(Syncing { open, ..syncing })
        });
        cancelled
    }

    /// What was stopped is asked for again with the next synchronisation.
    fn renewed(&mut self, rotations: Rotations) {
        if self.one_answered() {
            self.renew_at = 0;
        } else if !rotations.answered {
            self.renew_at = self.now().ms.saturating_add(RENEW_AGAIN);
        }
        self.newer.extend(rotations.files);
    }

    fn synced(&mut self, ledger: LedgerId, synced: &Synced, feeds: Vec<GatewayFeed>) {
        let cancelled = self.one_answered();
        self.absorb(&ledger, synced);
        if synced.outcome.is_err() {
            self.sync_in(SYNC_AGAIN);
            if !cancelled {
                self.feed(Event::SyncFailed { ledger });
            }
        }
        if !feeds.is_empty() {
            self.follow(ledger, feeds);
        }
    }

    fn absorb(&mut self, ledger: &LedgerId, synced: &Synced) {
        let (light, system) = (&mut self.device.light, (self.device.system)());
        // What cannot be kept is fetched again at the next start.
        let _ = light.absorb(ledger, &synced.changes, &synced.evidence, system);
        let head = light.chain(ledger).and_then(|chain| chain.head()).map(|head| head.time());
        if let Some(as_of) = head.filter(|_| synced.outcome.is_ok()) {
            self.feed(Event::HeadersSynced { ledger: *ledger, as_of });
        }
        self.tell_clock();
    }
}

pub(super) fn bundle_bytes(bytes: Vec<u8>) -> BundleBytes {
    let digest = Sm3::hash(&[&bytes]).to_string();
    BundleBytes { bytes: bytes.into(), digest }
}

pub(super) fn kept(scan: crate::store::Scan) -> Option<Kept> {
    Some(Kept { id: u64::try_from(scan.id.0).ok()?, entry: scan.entry })
}
