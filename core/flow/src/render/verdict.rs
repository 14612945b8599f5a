//! The answer to one scan, top to bottom.

use super::{Scene, aloud, aloud_with, countdown, item, next, rows};
use super::{alarm, past, proven, unproven};
use crate::answer::{Answer, Record, Subject};
use crate::case::{Case, Slip, Told};
use crate::view::{Action, Button, Panel, Rank, Screen, Titles, Tone, View};
use crate::words::{Kind, Words};

/// An answer as it is posed on the screen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Posed<'a> {
    pub(crate) answer: &'a Answer,
    /// What a person has told.
    pub(crate) told: Told,
    /// How the chip that was asked for failed.
    pub(crate) slip: Option<Slip>,
    /// Seconds until it is asked again, of so many.
    pub(crate) retries: Option<(u32, u32)>,
    /// Other codes in view.
    pub(crate) others: &'a [String],
}

/// What the functions of outcomes put their words together from.
pub(super) struct Given<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) words: &'static Words,
    pub(super) answer: &'a Answer,
    pub(super) case: Case,
    pub(super) kind: Kind,
    pub(super) slip: Option<Slip>,
    pub(super) retries: Option<(u32, u32)>,
}

/// The words of an outcome: the field, its second half, and the next step.
pub(super) struct Said {
    pub(super) field: Panel,
    pub(super) beside: Option<Panel>,
    pub(super) next: String,
}

impl Said {
    pub(super) fn whole(headline: String, reason: String, next: String) -> Self {
        Self { field: Panel { headline, reason: Some(reason) }, beside: None, next }
    }
}

impl<'a> Given<'a> {
    pub(super) fn of(scene: &'a Scene<'a>, posed: &Posed<'a>) -> Self {
        let answer = posed.answer;
        Self {
            scene,
            words: scene.words(),
            answer,
            case: Case::of(answer, posed.told, scene.profile.has.chip_reader),
            kind: answer.subject().map_or(Kind::Item, |s| Kind::of_category(&s.category)),
            slip: posed.slip,
            retries: posed.retries,
        }
    }
}

impl Given<'_> {
    pub(super) fn subject(&self) -> Option<&Subject> {
        self.answer.subject()
    }

    /// Whether the brand can be told.
    pub(super) fn reports(&self) -> bool {
        self.scene.profile.has.report && self.answer.report_to.is_some()
    }

    /// Whether it may be an imitation, and a shopper is who holds it: an officer has other means.
    fn is_doubted(&self) -> bool {
        let doubted = matches!(
            self.case,
            Case::Altered
                | Case::Foreign
                | Case::TwoItems
                | Case::Absent
                | Case::Void
                | Case::ChipMissing
        );
        doubted && !self.scene.profile.docket
    }

    pub(super) fn kind_word(&self, which: &str) -> String {
        self.kind.word(self.words, which)
    }
}

/// The view of an answer.
pub(crate) fn verdict(scene: &Scene<'_>, posed: &Posed<'_>) -> View {
    let given = Given::of(scene, posed);
    let case = given.case;
    let said = said(&given);
    let half_way = matches!(case, Case::SecondTap | Case::StrongerCarrier);
    let screen = if half_way { Screen::HalfWay } else { Screen::Verdict };
    let mut view = scene.blank(screen, case.tone());
    view.shape = Some(case.shape());
    view.field = said.field;
    view.beside = said.beside;
    view.item = Some(item::item(&given));
    view.next = Some(said.next);
    if given.is_doubted() {
        view.steps = next::doubt_steps(given.words);
    }
    view.titles = Some(Titles {
        found: given.words.text("rows.found"),
        said_by: given.words.text("rows.said-by"),
    });
    view.rows = rows::rows(&given);
    scene.list_others(&mut view, posed.others);
    view.notes = item::notes(&given);
    if posed.answer.demo {
        demonstration(&mut view, given.words);
    }
    view.actions = actions(&given);
    view.retries = posed.retries.map(|(left, of)| countdown(left, of));
    (view.sound, view.haptic) = case.tone().heard();
    view.aloud = heard(&given, &view);
    view
}

/// What is read aloud: of an answer that is asked for again that it is, not in how many seconds.
fn heard(given: &Given<'_>, view: &View) -> String {
    let again = given.retries.is_some().then(|| next::ask_again(given));
    match again.is_some() && view.next == again {
        true => aloud_with(view, Some(&given.words.text("unproven.next.retrying"))),
        false => aloud(view),
    }
}

/// What rests on a demonstration's anchors says so in the headline, so that no picture of it passes
/// for an answer about real goods.
fn demonstration(view: &mut View, words: &Words) {
    let headline = std::mem::take(&mut view.field.headline);
    view.field.headline = words.say("demonstration.headline", &[("headline", &headline)]);
    view.notes.insert(0, words.text("demonstration.note"));
}

fn said(given: &Given<'_>) -> Said {
    match given.case {
        Case::E1 => proven::record_only(given),
        Case::E2 => proven::chip_maker(given),
        Case::E3 => proven::tap_codes(given),
        Case::E4 => proven::challenge(given),
        Case::SecondTap => proven::second_tap(given),
        Case::StrongerCarrier => proven::stronger_carrier(given),
        Case::UsedUp => proven::used_up(given),
        Case::ChipMissing => alarm::chip_missing(given),
        Case::Recalled => alarm::recalled(given),
        Case::Expired => alarm::expired(given),
        Case::Opened => alarm::opened(given),
        Case::ReportedOpened => alarm::reported_opened(given),
        Case::Void => alarm::void(given),
        Case::Altered | Case::Foreign | Case::TwoItems => match &given.answer.record {
            Record::Contradicted(reason) => alarm::contradicted(given, reason),
            _ => unproven::not_found(given),
        },
        Case::Absent | Case::NoIndex | Case::AbsentThen => match &given.answer.record {
            Record::NotOnLedger(reason) => past::absent(given, reason),
            _ => unproven::not_found(given),
        },
        Case::NotApplied => past::not_applied(given),
        Case::LifeUnknown => past::life_unknown(given),
        Case::Told => past::told(given),
        Case::Stale => past::stale(given),
        Case::ClockDoubtful => past::clock_doubtful(given),
        Case::TooOld => past::too_old(given),
        Case::Unproven => match &given.answer.record {
            Record::Unproven(reason) => unproven::unproven(given, reason),
            _ => unproven::not_found(given),
        },
    }
}

/// One filled, one outlined, the quiet ones under them.
fn actions(given: &Given<'_>) -> Vec<Button> {
    let (scene, has, reports) = (given.scene, given.scene.profile.has, given.reports());
    let mut pair: Vec<(Action, &str)> = Vec::new();
    match given.case {
        Case::SecondTap => pair.push((Action::StopHalfway, "action.stop-half")),
        Case::StrongerCarrier => {
            pair.push((Action::NoChip, "action.no-chip"));
            pair.push((Action::StopHalfway, "action.stop-half"));
        }
        _ if scene.profile.docket => {
            pair.push((Action::Scan, "action.next"));
            pair.push((Action::SetAside, "action.set-aside"));
        }
        case if given.answer.may_improve(case) => {
            pair.push((Action::Retry, "action.retry"));
            pair.push((Action::Scan, "action.another"));
        }
        Case::Recalled => {
            pair.push((Action::ShowStory, "action.notice"));
            pair.push(staff_or_scan(has.staff));
        }
        // Two bottles that were held up one after the other are the commonest of such.
        Case::TwoItems => {
            pair.push((Action::Scan, "action.again"));
            pair.push(match (reports, has.staff) {
                (true, _) => (Action::TellBrand, "action.send-brand"),
                (false, true) => (Action::CallStaff, "action.call-staff"),
                (false, false) => (Action::Type, "action.type"),
            });
        }
        // A slip of the finger is taken back.
        Case::ChipMissing => {
            pair.push(match reports {
                true => (Action::TellBrand, "action.send-brand"),
                false => staff_or_scan(has.staff),
            });
            pair.push((Action::Back, "action.has-chip"));
        }
        Case::Opened | Case::ReportedOpened | Case::Void if reports => {
            pair.push((Action::TellBrand, "action.send-brand"));
            pair.push(staff_or_scan(has.staff));
        }
        case if given.subject().is_some() => {
            pair.push((Action::ShowStory, "action.story"));
            pair.push(match (case.tone(), reports) {
                (Tone::Alarm, _) => staff_or_scan(has.staff),
                (_, true) => (Action::TellBrand, "action.tell-brand"),
                (_, false) => (Action::Scan, "action.another"),
            });
        }
        case => {
            if reports && case.tone() == Tone::Alarm {
                pair.push((Action::TellBrand, "action.send-brand"));
            }
            if has.staff && case.tone() == Tone::Alarm {
                pair.push((Action::CallStaff, "action.call-staff"));
            }
            pair.push((Action::Scan, "action.another"));
            pair.truncate(2);
        }
    }
    // Neither way out of the half-way screen is what it asks for, so neither is filled.
    let first = match given.case {
        Case::SecondTap | Case::StrongerCarrier => Rank::Outlined,
        _ => Rank::Filled,
    };
    let ranks = [first, Rank::Outlined];
    let mut buttons: Vec<Button> = pair
        .into_iter()
        .zip(ranks)
        .map(|((action, label), rank)| scene.button(action, label, rank))
        .collect();
    buttons.extend(scene.quiet_buttons());
    buttons
}

fn staff_or_scan(staff: bool) -> (Action, &'static str) {
    if staff { (Action::CallStaff, "action.call-staff") } else { (Action::Scan, "action.another") }
}
