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
pub use event::{BundleBytes, By, Event, Instant, Kept, ScanId, Source};
pub use noted::{Noted, Unread};
pub use report::Fate;
pub(crate) use report::{Draft, Step};

use crate::case::Slip;
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
/// Milliseconds after which any scan is "not proven yet", however much of its answer has come.
const LONGEST: u64 = 30_000;
/// Milliseconds for which the staff's page stays open: it ends the program.
const DESK: u64 = 300_000;
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
    /// When the staff's page closes, whoever touches what.
    desk_ends: u64,
    /// What is being read aloud, if that was asked for.
    spoken: Option<Spoken>,
    hits: BTreeMap<ScanId, Hit>,
}

/// Which answer is read aloud, in which language: another one is not to be spoken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Spoken {
    scan: u32,
    turn: u32,
    language: Language,
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
            Face::Shopper | Face::Inspector => State::Aiming { anew: true, by_hand: false },
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
            desk_ends: 0,
            spoken: None,
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
            Event::Read { .. } | Event::NothingRead | Event::ChipUnread if self.at_desk() => {}
            Event::Read { claim, again: true, others, .. } => {
                self.seen_again(claim, others, &mut effects);
            }
            Event::Read { claim, by, others, .. } => match claim {
                Ok(claim) => self.read(*claim, others, &mut effects),
                Err(error) => {
                    self.unread(Trouble::of(&error, by == By::Typed), by, &mut effects);
                }
            },
            Event::NothingRead => self.unreadable(Trouble::Unreadable, &mut effects),
            Event::ChipUnread => self.unread(Trouble::ChipUnread, By::Chip, &mut effects),
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
        let abroad = self.language != self.home_language;
        let seconds = self.profile.idle.and_then(|idle| match &self.state {
            // Whoever chose a language and left is not the next visitor.
            State::Idle => abroad.then_some(idle.aiming),
            // It gives up by itself, and has an answer's time from then on.
            State::Checking(_) => None,
            State::Aiming { .. } => Some(idle.aiming),
            State::Verdict(_) | State::Typing => Some(idle.verdict),
            State::Story { .. } | State::Report { .. } | State::History(_) | State::Staff(_) => {
                Some(idle.story)
            }
            State::Trouble(_) | State::Pin(_) => Some(idle.trouble),
        });
        let latest = match &self.state {
            State::Staff(_) => self.desk_ends,
            _ => u64::MAX,
        };
        let ends = |of: u32| (self.now.ms + u64::from(of) * 1000).min(latest);
        self.clears = seconds.map(|of| (ends(of), of));
    }

    /// Forgets the visitor and starts again.
    fn clear(&mut self, effects: &mut Vec<Effect>) {
        self.cancel(effects);
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

    /// What was read is no seal, or was not read whole.
    fn unread(&mut self, trouble: Trouble, by: By, effects: &mut Vec<Effect>) {
        let slips = by == By::Chip && self.slipped(&trouble, effects);
        if !slips && !self.is_stray(&trouble, by) {
            self.unreadable(trouble, effects);
        }
    }

    /// A chip that says nothing where one is asked for takes nothing away from what is proven: that
    /// it failed stands beside that. False where none is asked for.
    fn slipped(&mut self, trouble: &Trouble, effects: &mut Vec<Effect>) -> bool {
        let slip = match trouble {
            Trouble::ChipUnread | Trouble::Damaged => Slip::Unread,
            Trouble::NotASeal { .. } => Slip::NoSeal,
            _ => return false,
        };
        let waits = self.state.session().is_some_and(|session| self.asks_for_more(session));
        if let State::Verdict(session) = &mut self.state
            && waits
        {
            session.slip = Some(slip);
            self.turn += 1;
            self.touched();
            effects.extend(Unread::of(trouble).map(|unread| Effect::Note(Noted::Unread(unread))));
            return true;
        }
        false
    }

    /// Whether a code that nobody typed is beside what goes on: what a camera sees that is no seal
    /// pushes no answer aside, nor does a chip that does not answer, such as a ticket in a purse.
    /// None of them stops a check or takes anybody out of typing: whoever types does so beside the
    /// damaged code, on goods that bear bars of their own.
    fn is_stray(&self, trouble: &Trouble, by: By) -> bool {
        let is_busy = matches!(self.state, State::Typing | State::Checking(_));
        let reads = self.state.session().is_some();
        match (trouble, by) {
            (_, By::Typed) => false,
            (Trouble::NotASeal { .. }, By::Camera) | (Trouble::ChipUnread, _) => is_busy || reads,
            (Trouble::NotASeal { .. } | Trouble::Damaged, _) => is_busy,
            _ => false,
        }
    }

    fn unreadable(&mut self, trouble: Trouble, effects: &mut Vec<Effect>) {
        self.cancel(effects);
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

    /// Capture and voice follow the state; the next wake is the next thing that changes by itself.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        if self.spoken.is_some_and(|spoken| spoken != self.speakable()) {
            self.spoken = None;
            effects.push(Effect::Hush);
        }
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

    fn speakable(&self) -> Spoken {
        Spoken { scan: self.next_scan, turn: self.turn, language: self.language }
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
            State::Checking(checking) => [SKIP_CHECKING, OFFER_STOP, GIVE_UP, LONGEST]
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
