//! Telling the brand, page by page; the third shows the very fields that leave.

use super::{Scene, aloud, next, sentence};
use crate::answer::Answer;
use crate::machine::{Draft, Fate, Step};
use crate::view::{Action, Choice, Mark, Panel, Rank, Row, Screen, Tone, View};
use crate::words::{Kind, outside, quoted};
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::report::{About, Phrase, Recipient, Report, ReportKind};
use std::collections::BTreeSet;

/// One page of the walk.
pub(crate) fn report(scene: &Scene<'_>, answer: &Answer, tone: Tone, step: &Step) -> View {
    let maker = |to: &Recipient| outside(to.legal_name());
    let mut view = match step {
        Step::Kind => kind(scene, tone, &answer.report_to.as_ref().map_or_else(String::new, maker)),
        Step::Phrases { kind, chosen } => phrases(scene, *kind, chosen),
        Step::Review(draft) => review(scene, answer, draft, &maker(&draft.to)),
        Step::Told { draft, fate } => told(scene, draft.report.kind, *fate, &maker(&draft.to)),
    };
    view.actions.extend(scene.quiet_buttons());
    view.aloud = aloud(&view);
    read_rows(&mut view);
    view
}

/// Whoever hears the page hears what leaves.
fn read_rows(view: &mut View) {
    let words = view.language.words();
    let row = |row: &Row| {
        let values = [("label", row.part.as_str()), ("value", row.finding.as_str())];
        sentence(words, &words.say("story.fact", &values))
    };
    let rows: String = view.rows.iter().map(row).collect();
    if !rows.is_empty() {
        view.aloud = format!("{}{}{}", view.aloud, words.text("list.space"), rows.trim_end());
    }
}

/// A page with headline, reason and next step.
fn page(scene: &Scene<'_>, screen: Screen, name: &str, maker: &str) -> View {
    let worded =
        |part: &str| scene.words().say(&format!("report.{name}.{part}"), &[("maker", maker)]);
    let mut view = scene.blank(screen, Tone::Act);
    view.field = Panel { headline: worded("headline"), reason: Some(worded("reason")) };
    view.next = Some(worded("next"));
    view
}

fn kind(scene: &Scene<'_>, tone: Tone, maker: &str) -> View {
    let mut view = page(scene, Screen::ReportKind, "kind", maker);
    let mut kinds =
        [(Action::TellFeedback, "action.tell-feedback"), (Action::TellDoubt, "action.tell-doubt")];
    if tone == Tone::Alarm {
        kinds.reverse();
    }
    let ranks = [Rank::Filled, Rank::Outlined];
    let buttons = kinds.into_iter().zip(ranks);
    view.actions =
        buttons.map(|((action, label), rank)| scene.button(action, label, rank)).collect();
    view.actions.push(scene.button(Action::Back, "action.close", Rank::Quiet));
    view
}

fn phrases(scene: &Scene<'_>, kind: ReportKind, chosen: &BTreeSet<Phrase>) -> View {
    let mut view = page(scene, Screen::ReportPhrases, "phrases", "");
    let choice = |phrase: &Phrase| Choice {
        label: phrase_text(scene, *phrase),
        chosen: chosen.contains(phrase),
    };
    view.choices = kind.phrases().iter().map(choice).collect();
    view.actions = vec![
        scene.button(Action::ShowReport, "action.show-report", Rank::Filled),
        scene.button(Action::Back, "action.cancel-report", Rank::Outlined),
    ];
    view
}

fn review(scene: &Scene<'_>, answer: &Answer, draft: &Draft, maker: &str) -> View {
    let mut view = page(scene, Screen::ReportReview, "review", maker);
    view.rows = leaves(scene, answer, &draft.report, maker);
    view.actions = vec![
        scene.button(Action::SendReport, "action.send-report", Rank::Filled),
        scene.button(Action::Back, "action.cancel-report", Rank::Outlined),
    ];
    view
}

/// Every field of a report, in words, and what is not in it.
fn leaves(scene: &Scene<'_>, answer: &Answer, report: &Report, maker: &str) -> Vec<Row> {
    let words = scene.words();
    let row = |part: &str, mark: Mark, finding: String| Row {
        mark,
        part: words.text(&format!("report.row.{part}")),
        finding,
        said_by: None,
        names: Vec::new(),
    };
    let field = |part: &str, finding: String| row(part, Mark::Look, finding);
    let about = match &report.about {
        About::Item(lot, index) => TypedNumber { lot: *lot, index: *index }.text(),
        About::Code(code) => quoted(code),
    };
    let mut rows = vec![
        field("to", maker.to_owned()),
        field("kind", words.text(&format!("report.kind.{}", report.kind.name()))),
        field("item", about),
    ];
    if report.inner.is_some() {
        rows.push(field("proof", words.text("report.proof")));
    }
    let label = &report.label;
    let label = [&label.gtin, &label.serial, &label.batch].into_iter().flatten();
    let label: Vec<String> = label.map(|text| quoted(text)).collect();
    if !label.is_empty() {
        rows.push(field("label", words.list(&label)));
    }
    let noun = answer.subject().map_or(Kind::Item, |subject| Kind::of_category(&subject.category));
    let case = format!("history.line.{}", report.case);
    rows.push(field("answer", words.say(&case, &[("noun", &noun.word(words, "noun"))])));
    let phrases: Vec<String> =
        report.phrases.iter().map(|phrase| phrase_text(scene, *phrase)).collect();
    rows.push(field(
        "chosen",
        match phrases.is_empty() {
            true => words.text("report.chosen.nothing"),
            false => words.list(&phrases),
        },
    ));
    let (since, present) = (report.since(), scene.present);
    let when = [("date", &*present.date(words, since)), ("time", &*present.time_of_day(since))];
    rows.push(field("when", words.say("report.when", &when)));
    rows.push(row("not", Mark::Out, words.text("report.not")));
    rows
}

fn told(scene: &Scene<'_>, kind: ReportKind, fate: Fate, maker: &str) -> View {
    let name = match fate {
        Fate::Waits => "waits",
        Fate::Left => "left",
        Fate::NotKept => "not-kept",
    };
    let mut view = page(scene, Screen::ReportTold, name, maker);
    if kind == ReportKind::SuspectedFake {
        let words = scene.words();
        if fate != Fate::NotKept {
            view.next = Some(words.text("report.doubt.next"));
        }
        view.steps = next::doubt_steps(words);
    }
    view.actions = vec![
        scene.button(Action::Back, "action.back", Rank::Filled),
        scene.button(Action::Scan, "action.another", Rank::Outlined),
    ];
    view
}

fn phrase_text(scene: &Scene<'_>, phrase: Phrase) -> String {
    scene.words().text(&format!("report.phrase.{}", phrase.name()))
}
