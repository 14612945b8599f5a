//! The view of each state, and of a check that is still so short that the screen before it stays.

use super::state::{Asking, Checking, Session, State, listed};
use super::{Flow, OFFER_STOP, RETRY, SKIP_CHECKING};
use crate::case::Case;
use crate::history::Entry;
use crate::render::{self, Posed, Scene};
use crate::view::View;
use crate::words::Present;

impl Flow {
    /// What is shown now.
    pub fn view(&self) -> View {
        let mut view = self.before().cloned().unwrap_or_else(|| self.put_up());
        if self.called {
            render::staff_called(&mut view);
        }
        view
    }

    /// The screen before, while a check is so short that it stays.
    pub(super) fn before(&self) -> Option<&View> {
        let State::Checking(checking) = &self.state else { return None };
        let short = self.now.ms.saturating_sub(checking.since) < SKIP_CHECKING;
        checking.before.as_deref().filter(|_| short)
    }

    fn put_up(&self) -> View {
        let mut view = self.drawn();
        self.sign.put_up(&mut view, self.scene().present);
        view
    }

    fn drawn(&self) -> View {
        let scene = self.scene();
        match &self.state {
            State::Idle => render::attract(&scene),
            State::Aiming { by_hand: true, .. } => render::aiming_by_hand(&scene),
            State::Aiming { .. } => render::aiming(&scene, self.hint, &[]),
            State::Typing => render::typing(&scene),
            State::Checking(checking) => self.checking_view(&scene, checking),
            State::Verdict(session) => {
                let others: Vec<String> = session.others.iter().map(listed).collect();
                render::verdict(&scene, &self.posed(session, &others))
            }
            State::Story { session, all } => render::story(&scene, &self.posed(session, &[]), *all),
            State::Report { session, step } => {
                let case = Case::of(&session.answer, session.told, self.profile.has.chip_reader);
                render::report(&scene, &session.answer, case.tone(), step)
            }
            State::History(kept) => {
                let entries: Vec<Entry> = kept.iter().map(|kept| kept.entry.clone()).collect();
                render::history(&scene, &entries)
            }
            State::Trouble(trouble) => render::trouble(&scene, trouble),
            State::Pin(told) => render::pin(&scene, told),
            State::Staff(desk) => render::staff(&scene, desk),
        }
    }

    fn scene(&self) -> Scene<'_> {
        let left = |until: u64| until.saturating_sub(self.now.ms).div_ceil(1000);
        Scene {
            profile: &self.profile,
            language: self.language,
            next_language: self.sign.next(self.language),
            present: Present { now: self.now.at, zone: self.zone },
            register: &self.register,
            camera_out: self.camera_is_out(),
            turn: self.turn,
            clears: self
                .clears
                .filter(|_| self.state != State::Idle)
                .map(|(until, of)| (u32::try_from(left(until)).unwrap_or(of).min(of), of)),
        }
    }

    fn posed<'a>(&self, session: &'a Session, others: &'a [String]) -> Posed<'a> {
        let of = (RETRY / 1000) as u32;
        let retries = match session.asking {
            Asking::No | Asking::Behind => None,
            Asking::At(at) => {
                let left = at.saturating_sub(self.now.ms).div_ceil(1000);
                Some((u32::try_from(left).unwrap_or(of).min(of), of))
            }
            Asking::Now | Asking::Judging(_) => Some((0, of)),
        };
        Posed { answer: &session.answer, told: session.told, slip: session.slip, retries, others }
    }

    fn checking_view(&self, scene: &Scene<'_>, checking: &Checking) -> View {
        let others: Vec<String> = checking.others.iter().map(listed).collect();
        let elapsed = self.now.ms.saturating_sub(checking.since);
        let mut checked = checking.checked.clone();
        checked.may_stop = elapsed >= OFFER_STOP;
        render::checking(scene, &checked, &others)
    }
}
