//! What a person does.

use super::state::{Asking, Session, State, listed};
use super::{Call, Effect, Flow, Step};
use crate::case::{Case, Told};
use crate::view::Action;
use sealight_verify::report::ReportKind;

impl Flow {
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        self.touched();
        match action {
            Action::Touch => {}
            Action::Scan => self.aim(effects),
            Action::Stop | Action::Done => self.clear(effects),
            Action::Retry => self.ask_again(effects),
            Action::ShowStory => self.show_story(false),
            Action::ShowAll => self.show_story(true),
            Action::Back => self.back(),
            Action::ShowHistory => {
                if self.profile.history {
                    effects.push(Effect::LoadHistory);
                }
            }
            Action::OpenEntry(place) => self.open_entry(place, effects),
            Action::EraseHistory => {
                if matches!(self.state, State::History(_)) {
                    effects.push(Effect::EraseHistory);
                    self.enter(State::History(Vec::new()));
                }
            }
            Action::Export => {
                if matches!(self.state, State::History(_)) {
                    effects.push(Effect::ExportHistory);
                }
            }
            Action::Staff => self.ask_pin(effects),
            Action::Exit => self.exit(effects),
            Action::Type => {
                self.cancel(effects);
                self.enter(State::Typing);
            }
            Action::HandScanner => self.by_hand(effects),
            Action::Choose(place) => self.choose(place, effects),
            Action::NoChip => self.tell(Told::NoChip),
            Action::StopHalfway => self.tell(Told::HalfIsEnough),
            Action::SwitchLanguage => self.switch_language(),
            Action::ReadAloud => {
                if self.profile.has.voice {
                    effects.push(Effect::Speak(self.view().aloud));
                    self.spoken = Some(self.speakable());
                }
            }
            Action::CallStaff => {
                if self.profile.has.staff {
                    self.called = true;
                    effects.push(Effect::CallStaff(Call::Visitor));
                }
            }
            Action::TellBrand => self.tell_brand(),
            Action::TellFeedback => self.tell_kind(ReportKind::Feedback),
            Action::TellDoubt => self.tell_kind(ReportKind::SuspectedFake),
            Action::PickPhrase(place) => self.pick_phrase(place),
            Action::ShowReport => self.show_report(),
            Action::SendReport => self.send_report(effects),
            Action::SetAside => {
                if let Some(session) = self.state.session().filter(|_| self.profile.docket) {
                    effects.push(Effect::SetAside(Box::new(self.entry(session))));
                }
            }
        }
    }

    fn aim(&mut self, effects: &mut Vec<Effect>) {
        self.cancel(effects);
        let anew = self.state.session().is_none();
        self.enter(self.aims(anew));
    }

    /// Aims with the hand scanner: the screen says how.
    fn by_hand(&mut self, effects: &mut Vec<Effect>) {
        self.aim(effects);
        if let State::Aiming { by_hand, .. } = &mut self.state {
            *by_hand = true;
        }
    }

    /// Gives up what is asked for: whoever comes next does not wait behind it.
    pub(super) fn cancel(&self, effects: &mut Vec<Effect>) {
        let asks = |session: &&Session| session.asking != Asking::No;
        let scan = match &self.state {
            State::Checking(checking) => Some(checking.scan),
            state => state.session().filter(asks).map(|session| session.scan),
        };
        effects.extend(scan.map(|scan| Effect::Cancel { scan }));
    }

    fn show_story(&mut self, all: bool) {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Verdict(session) | State::Story { session, .. }
                if session.answer.subject().is_some() =>
            {
                self.enter(State::Story { session, all });
            }
            other => self.state = other,
        }
    }

    /// To the answer from its story or a draft; on the answer itself, what was told is taken back.
    pub(super) fn back(&mut self) {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Verdict(session) if session.told == Told::NoChip => {
                self.turn += 1;
                self.enter(State::Verdict(Box::new(Session { told: Told::Nothing, ..*session })));
            }
            State::Story { session, .. } => self.enter(State::Verdict(session)),
            State::Report { mut session, step } => {
                session.reported = Some(step).filter(|step| matches!(step, Step::Told { .. }));
                self.enter(State::Verdict(session));
            }
            State::History(_) | State::Typing => self.enter(self.aims(true)),
            other => self.state = other,
        }
    }

    /// What a person says of the object makes another case of the same answer. That there is no
    /// chip answers a question, and counts only where that was asked.
    fn tell(&mut self, told: Told) {
        let chip_reader = self.profile.has.chip_reader;
        let asked = |answer| Case::of(answer, Told::Nothing, chip_reader) == Case::StrongerCarrier;
        if let State::Verdict(session) = &mut self.state
            && (told != Told::NoChip || asked(&session.answer))
        {
            session.told = told;
            self.turn += 1;
        }
    }

    fn switch_language(&mut self) {
        self.language = self.sign.next(self.language);
        self.touched();
        if let State::Checking(checking) = &mut self.state {
            // It is in the language before.
            checking.before = None;
        }
    }

    fn choose(&mut self, place: u32, effects: &mut Vec<Effect>) {
        let (before, others) = match &self.state {
            // What a screen before it listed is not what was read since.
            State::Checking(checking) if self.before().is_none() => {
                (&checking.claim, &checking.others)
            }
            State::Verdict(session) => (&session.claim, &session.others),
            _ => return,
        };
        let Some(chosen) = usize::try_from(place).ok().and_then(|place| others.get(place)) else {
            return;
        };
        let claim = chosen.clone();
        // The one before stays in view, and starts nothing by that: it can be chosen in its turn.
        let rest = std::iter::once(before).chain(others);
        let rest = rest.filter(|other| listed(other) != listed(&claim)).cloned().collect();
        self.scan(claim, rest, None, None, effects);
    }

    /// Opens an earlier scan: its life is looked up now, because a person asks.
    fn open_entry(&mut self, place: u32, effects: &mut Vec<Effect>) {
        let State::History(kept) = &self.state else { return };
        let opened = usize::try_from(place).ok().and_then(|place| kept.get(place)).cloned();
        let Some(opened) = opened else { return };
        if let Some(claim) = opened.entry.claim.to_claim() {
            self.scan(claim, Vec::new(), None, Some(opened), effects);
        }
    }
}
