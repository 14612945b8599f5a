//! The walk "tell the brand": kind, sentences, what leaves, and what became of it.
//!
//! A draft lives in the state alone: whatever leaves the walk before "send" forgets it. What is
//! shown on the last page before sending is the report itself, and exactly that is sent.

use super::state::{Session, State};
use super::{Effect, Flow};
use crate::case::Case;
use crate::profile::Chips;
use sealight_tag::clean;
use sealight_verify::judge::Named;
use sealight_verify::report::{About, Label, MAX_LABEL, Phrase, Recipient, Report, ReportKind};
use std::collections::BTreeSet;

/// Where a person is on the walk.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    /// Feedback or doubt.
    Kind,
    /// Which sentences fit.
    Phrases { kind: ReportKind, chosen: BTreeSet<Phrase> },
    /// What leaves.
    Review(Box<Draft>),
    /// What became of it.
    Told { draft: Box<Draft>, fate: Fate },
}

/// A report and for whom it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Draft {
    pub(crate) to: Recipient,
    pub(crate) report: Report,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is sealed and waits on this device for a network.
    Waits,
    /// A gateway took it.
    Left,
    /// It could not be kept, and nothing left.
    NotKept,
}

impl Flow {
    /// Opens the walk where the answer has somebody to tell; what was told before is told no more.
    pub(super) fn tell_brand(&mut self) {
        match std::mem::replace(&mut self.state, State::Idle) {
            State::Verdict(session) | State::Story { session, .. }
                if self.profile.has.report && session.answer.report_to.is_some() =>
            {
                let step = session.reported.clone().unwrap_or(Step::Kind);
                self.enter(State::Report { session, step });
            }
            other => self.state = other,
        }
    }

    pub(super) fn tell_kind(&mut self, kind: ReportKind) {
        if let State::Report { step: step @ Step::Kind, .. } = &mut self.state {
            *step = Step::Phrases { kind, chosen: BTreeSet::new() };
        }
    }

    /// Chooses a sentence, or takes it back.
    pub(super) fn pick_phrase(&mut self, place: u32) {
        let State::Report { step: Step::Phrases { kind, chosen }, .. } = &mut self.state else {
            return;
        };
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        if let Some(phrase) = kind.phrases().get(place)
            && !chosen.remove(phrase)
        {
            chosen.insert(*phrase);
        }
    }

    pub(super) fn show_report(&mut self) {
        let (chip_reader, now) = (self.profile.has.chip_reader, self.now.at);
        let State::Report { session, step } = &mut self.state else { return };
        let Step::Phrases { kind, chosen } = step else { return };
        let hour = Report::hour_of(now);
        if let Some(draft) = draft(session, *kind, chosen, chip_reader, hour) {
            *step = Step::Review(Box::new(draft));
        }
    }

    pub(super) fn send_report(&mut self, effects: &mut Vec<Effect>) {
        if let State::Report { step, .. } = &mut self.state
            && let Step::Review(draft) = step
        {
            let Draft { to, report } = (**draft).clone();
            effects.push(Effect::SendReport { to: Box::new(to), report: Box::new(report) });
            *step = Step::Told { draft: draft.clone(), fate: Fate::Waits };
        }
    }

    /// The host says what became of the report that was sent last.
    pub(super) fn report_fate(&mut self, now: Fate) {
        let shown = match &mut self.state {
            State::Report { step, .. } => Some(step),
            state => state.session_mut().and_then(|session| session.reported.as_mut()),
        };
        if let Some(Step::Told { fate, .. }) = shown {
            *fate = now;
        }
    }
}

/// What would leave: public names, and nothing of the person or the device.
fn draft(
    session: &Session,
    kind: ReportKind,
    chosen: &BTreeSet<Phrase>,
    chip_reader: Chips,
    hour: u32,
) -> Option<Draft> {
    let (claim, answer) = (&session.claim, &session.answer);
    let (about, inner) = match &claim.names {
        Named::Item(name) => {
            (About::Item(name.lot, name.index), name.shown.inner().map(|inner| inner.0))
        }
        Named::Code(code) => (About::Code(clean::shown(code)), None),
    };
    let label = Label {
        gtin: short(claim.label.gtin.as_deref()),
        serial: short(claim.label.serial.as_deref()),
        batch: short(claim.label.batch.as_deref()),
    };
    let report = Report {
        version: 1,
        kind,
        about,
        inner,
        label,
        case: Case::of(answer, session.told, chip_reader).name().into(),
        phrases: chosen.iter().copied().collect(),
        words: None,
        hour,
    };
    report.bounds().ok()?;
    Some(Draft { to: answer.report_to.clone()?, report })
}

/// A part of a label as it is shown, cut where it is long; none where nothing is left.
fn short(text: Option<&str>) -> Option<String> {
    let mut text = clean::shown(text?);
    while text.len() > MAX_LABEL {
        text.pop();
    }
    (!text.is_empty()).then_some(text)
}
