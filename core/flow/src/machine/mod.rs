//! The state machine of scan, sync and history: events in, effects and one view out.
//!
//! ```text
//! Idle ── Scan ──> Aiming ── Read ──> Checking ── Judged ──> Verdict <── Back ── Story
//!   ^                │                    │                     │  └── ShowStory ──^
//!   └── idle time ───┴──── Trouble <── unreadable               ├── Retry, second tap: again
//!                                                              └── TellBrand ──> Report
//! ```
//!
//! The host calls [`Flow::update`] with each event and the time, runs the effects in their order,
//! and draws [`Flow::view`]. A live claim, with its secret, stays inside the flow and in
//! [`Effect::Judge`]; everything else that leaves is recorded.

mod act;
mod camera;
mod effect;
mod event;
mod hits;
mod ledgers;
mod noted;
mod report;
mod scan;
mod shown;
mod staff;
mod state;

pub use effect::{Call, Effect, EntryKey};
pub use event::{BundleBytes, Event, Instant, Kept, ScanId, Source};
pub use noted::{Noted, Unread};
pub use report::Fate;
pub(crate) use report::{Draft, Step};

use crate::profile::{Face, Profile};
use crate::render::{Hint, Register, Trouble};
use crate::sign::Sign;
use crate::words::{Language, Zone};
use camera::Camera;
use ledgers::Ledgers;
use sealight_verify::format::ids::LedgerId;
use state::{Asking, State};
use std::collections::BTreeMap;

/// Milliseconds from code to answer under which the screen before stays and the checking screen is
/// skipped.
const SKIP_CHECKING: u64 = 400;
/// Milliseconds after which stopping is offered.
const OFFER_STOP: u64 = 3_000;
/// Milliseconds after which a scan without network is "not proven yet".
const GIVE_UP: u64 = 8_000;
/// Milliseconds between two tries.
const RETRY: u64 = 15_000;
/// Most earlier scans whose recall is being proven at a time.
const MAX_HITS: usize = 256;

/// One face of the product.
#[derive(Debug)]
pub struct Flow {
    profile: Profile,
    home_language: Language,
    language: Language,
    zone: Zone,
    sign: Sign,
    now: Instant,
    state: State,
    register: Register,
    camera: Camera,
    /// What the camera last said would help it.
    hint: Hint,
    ledgers: Ledgers,
    turn: u32,
    next_scan: u32,
    /// When the screen clears itself, on the timer clock, and after how many seconds in all.
    clears: Option<(u64, u32)>,
    wake: Option<u64>,
    capturing: bool,
    /// Whether the staff was called from the screen that is shown.
    called: bool,
    hits: BTreeMap<ScanId, Hit>,
}

/// An earlier scan whose recall is being proven.
#[derive(Debug)]
struct Hit {
    kept: Kept,
    bundle: Option<BundleBytes>,
}

impl Flow {
    /// A face that starts now.
    pub fn new(profile: Profile, language: Language, zone: Zone, now: Instant) -> Self {
        let state = match profile.face {
            Face::Kiosk => State::Idle,
            Face::Shopper | Face::Inspector => State::Aiming { anew: true },
        };
        Self {
            profile,
            home_language: language,
            language,
            zone,
            sign: Sign::default(),
            now,
            state,
            register: Register::default(),
            camera: Camera::Answers,
            hint: Hint::None,
            ledgers: Ledgers::default(),
            turn: 0,
            next_scan: 0,
            clears: None,
            wake: None,
            capturing: false,
            called: false,
            hits: BTreeMap::new(),
        }
    }

    /// The same with what its shop puts up.
    #[must_use]
    pub fn with_sign(self, sign: Sign) -> Self {
        Self { sign, ..self }
    }

    /// Local time has this offset now: summer time may have come, or the system was moved.
    pub fn in_zone(&mut self, zone: Zone) {
        self.zone = zone;
    }

    /// Takes an event in; gives what the host must do, in order.
    pub fn update(&mut self, event: Event, now: Instant) -> Vec<Effect> {
        self.now = Instant { at: now.at, ms: now.ms.max(self.now.ms) };
        let mut effects = Vec::new();
        match event {
            Event::Read { .. } | Event::NothingRead if self.at_desk() => {}
            Event::Read { claim, again: true, others, .. } => {
                self.seen_again(claim, others, &mut effects);
            }
            Event::Read { claim, typed, others, .. } => match claim {
                Ok(claim) => self.read(*claim, others, &mut effects),
                Err(error) => {
                    let trouble = Trouble::of(&error, typed);
                    if typed || !self.is_stray(&trouble) {
                        self.unreadable(trouble, &mut effects);
                    }
                }
            },
            Event::NothingRead => self.unreadable(Trouble::Unreadable, &mut effects),
            Event::Hint(hint) => self.hint = hint,
            Event::CameraFailed => self.camera_failed(&mut effects),
            Event::CameraBack => self.camera_is_back(),
            Event::ChipReader { reads } => self.profile.has.chip_reader = reads,
            Event::Loaded { scan, bundle } => self.loaded(scan, bundle, &mut effects),
            Event::Progress { scan, maker, have, of } => self.progress(scan, maker, (have, of)),
            Event::Fetched { scan, bundle } => self.fetched(scan, bundle, &mut effects),
            Event::Judged { scan, answer } => self.judged(scan, *answer, &mut effects),
            Event::Syncing { have, of } => self.register.getting = Some((have, of)),
            Event::Ledgers(ledgers) => {
                self.ledgers.are(&ledgers);
                self.hold_register();
            }
            Event::HeadersSynced { ledger, as_of } => {
                self.ledgers.synced(ledger, as_of);
                self.register.getting = None;
                self.hold_register();
                let all = self.ledgers.all_as_of();
                effects.extend(all.map(|as_of| Effect::Note(Noted::Synced { as_of })));
                self.ask_again(&mut effects);
            }
            Event::SyncFailed { ledger } => self.offline(ledger, &mut effects),
            Event::HistoryLoaded(kept) => {
                self.cancel(&mut effects);
                self.enter(State::History(kept));
            }
            Event::RecallHit(kept) => self.recall_hit(*kept, &mut effects),
            Event::Report(fate) => self.report_fate(fate),
            Event::Act(action) => self.act(action, &mut effects),
            Event::Pin(told) => self.pin_told(told),
            Event::Desk { desk, enters } => self.desk(desk, enters, &mut effects),
            Event::Tick => self.tick(&mut effects),
        }
        self.settle(&mut effects);
        effects
    }

    /// Which profile this face has.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Enters a state; its idle time starts.
    fn enter(&mut self, state: State) {
        self.state = state;
        self.called = false;
        self.touched();
    }

    /// The screen stays for the full time again.
    fn touched(&mut self) {
        let seconds = self.profile.idle.and_then(|idle| match &self.state {
            State::Idle | State::Checking(_) => None,
            State::Aiming { .. } | State::Typing => Some(idle.aiming),
            State::Verdict(_) => Some(idle.verdict),
            State::Story { .. } | State::Report { .. } | State::History(_) | State::Staff(_) => {
                Some(idle.story)
            }
            State::Trouble(_) | State::Pin(_) => Some(idle.trouble),
        });
        self.clears = seconds.map(|of| (self.now.ms + u64::from(of) * 1000, of));
    }

    /// Forgets the visitor and starts again.
    fn clear(&mut self, effects: &mut Vec<Effect>) {
        if let State::Checking(checking) = &self.state {
            effects.push(Effect::Cancel { scan: checking.scan });
        }
        effects.push(Effect::Forget);
        self.language = self.home_language;
        self.enter(self.start());
    }

    /// What is shown of the register follows the ledgers.
    fn hold_register(&mut self) {
        self.register.as_of = self.ledgers.as_of();
        self.register.offline_since = self.ledgers.offline_since();
    }

    fn offline(&mut self, ledger: LedgerId, effects: &mut Vec<Effect>) {
        self.register.getting = None;
        let was_online = self.register.offline_since.is_none();
        self.ledgers.lost(ledger, self.now.at);
        self.hold_register();
        let is_offline = self.register.offline_since.is_some();
        if was_online && is_offline && matches!(self.state, State::Idle) {
            self.unreadable(Trouble::NoNetwork, effects);
        }
    }

    /// Whether a code that nobody typed is beside what goes on: one that is no seal never pushes
    /// an answer aside, and neither that nor a damaged code a check, or what is being typed. Whoever
    /// types does so beside the damaged code, on goods that bear bars of their own.
    fn is_stray(&self, trouble: &Trouble) -> bool {
        match trouble {
            Trouble::NotASeal { .. } if self.state.session().is_some() => true,
            Trouble::NotASeal { .. } | Trouble::Damaged => {
                matches!(self.state, State::Typing | State::Checking(_))
            }
            _ => false,
        }
    }

    fn unreadable(&mut self, trouble: Trouble, effects: &mut Vec<Effect>) {
        if let State::Checking(checking) = &self.state {
            effects.push(Effect::Cancel { scan: checking.scan });
        }
        if self.state != State::Trouble(trouble.clone()) {
            effects.extend(Unread::of(&trouble).map(|unread| Effect::Note(Noted::Unread(unread))));
            self.turn += 1;
        }
        self.enter(State::Trouble(trouble));
    }

    fn tick(&mut self, effects: &mut Vec<Effect>) {
        if self.clears.is_some_and(|(until, _)| self.now.ms >= until) {
            return self.clear(effects);
        }
        self.give_up(effects);
        if let Some(session) = self.state.session()
            && matches!(session.asking, Asking::At(at) if self.now.ms >= at)
        {
            self.ask_again(effects);
        }
    }

    /// Capture follows the state; the next wake is the next thing that changes by itself.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        let looking = match (&self.state, self.profile.face) {
            (_, Face::Kiosk) => true,
            (State::Aiming { .. } | State::Checking(_), _) => true,
            (State::Verdict(session), _) => self.asks_for_more(session),
            _ => false,
        };
        if looking != self.capturing {
            self.capturing = looking;
            effects.push(Effect::Capture(looking));
        }
        let next = self.next_wake();
        if next != self.wake {
            self.wake = next;
            effects.extend(next.map(Effect::WakeAt));
        }
    }

    fn next_wake(&self) -> Option<u64> {
        let now = self.now.ms;
        // A countdown changes at each of its whole seconds.
        let second = |until: u64| match until.saturating_sub(now) % 1000 {
            0 if until <= now => until,
            0 => now + 1000,
            rest => now + rest,
        };
        let clears = self.clears.map(|(until, _)| second(until));
        let own = match &self.state {
            State::Checking(checking) => [SKIP_CHECKING, OFFER_STOP, GIVE_UP]
                .into_iter()
                .map(|after| checking.since + after)
                .find(|at| *at > now),
            State::Verdict(session)
            | State::Story { session, .. }
            | State::Report { session, .. } => match session.asking {
                Asking::At(at) => Some(second(at)),
                _ => None,
            },
            _ => None,
        };
        clears.into_iter().chain(own).min()
    }
}

#[cfg(test)]
mod tests;
