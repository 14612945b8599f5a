//! The staff's PIN and the staff's page.

use super::{Scene, aloud};
use crate::staff::{Desk, Finding, LONGEST_PIN, PinTold, SHORTEST_PIN};
use crate::view::{Action, Keypad, Mark, Panel, Rank, Row, Screen, Tone, View};

/// The PIN is asked for.
pub(crate) fn pin(scene: &Scene<'_>, told: &PinTold) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Pin, Tone::Act);
    let reason = match told {
        PinTold::Asked => words.text("pin.reason"),
        PinTold::Wrong { left } => words.say("pin.reason.wrong", &[("left", &left.to_string())]),
        PinTold::Locked { minutes } => {
            words.say("pin.reason.locked", &[("minutes", &minutes.to_string())])
        }
        PinTold::NoneSet => words.text("pin.reason.none"),
    };
    view.field = Panel { headline: words.text("pin.headline"), reason: Some(reason) };
    view.keypad = matches!(told, PinTold::Asked | PinTold::Wrong { .. }).then(|| Keypad {
        label: words.text("pin.label"),
        rows: ["123", "456", "789", "0"].map(str::to_owned).into(),
        length: LONGEST_PIN,
        least: SHORTEST_PIN,
        group: LONGEST_PIN,
        erase: words.text("type.erase"),
        enter: words.text("pin.enter"),
    });
    view.actions =
        vec![scene.button(Action::Stop, "action.start-again", Rank::Outlined), scene.switch()];
    view.aloud = aloud(&view);
    view
}

/// The kiosk cannot start: what is in the way, and what staff can do about it.
pub(crate) fn lacking(scene: &Scene<'_>, finding: &Finding) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Trouble, Tone::Trouble);
    view.field =
        Panel { headline: words.text("lacking.headline"), reason: Some(finding.what(words)) };
    view.next = Some(words.say("lacking.next", &[("mend", &finding.mend(words))]));
    view.notes = vec![words.text("lacking.again")];
    view.actions = vec![scene.switch()];
    view.aloud = aloud(&view);
    view
}

/// The day in figures, and what is wrong.
pub(crate) fn staff(scene: &Scene<'_>, desk: &Desk) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Staff, Tone::Act);
    let reason = match desk.findings.len() {
        0 => words.text("staff.well"),
        count => words.say("staff.findings", &[("count", &count.to_string())]),
    };
    view.field = Panel { headline: words.text("staff.headline"), reason: Some(reason) };
    view.rows = desk.findings.iter().map(|finding| found(scene, finding)).collect();
    view.rows.extend(figures(scene, desk));
    view.actions = vec![
        scene.button(Action::Done, "action.close", Rank::Filled),
        scene.button(Action::Exit, "action.exit", Rank::Outlined),
        scene.switch(),
    ];
    view.aloud = aloud(&view);
    view
}

fn row(mark: Mark, part: String, finding: String) -> Row {
    Row { mark, part, finding, said_by: None, names: Vec::new() }
}

fn found(scene: &Scene<'_>, finding: &Finding) -> Row {
    let words = scene.words();
    let text = [("what", &*finding.what(words)), ("mend", &*finding.mend(words))];
    row(Mark::Against, finding.part(words), words.say("staff.finding", &text))
}

fn figures(scene: &Scene<'_>, desk: &Desk) -> Vec<Row> {
    let words = scene.words();
    let number = |count: u64| count.to_string();
    let (scans, unread) = (number(desk.scans), number(desk.unread));
    let scans = words.say("staff.scans.is", &[("scans", &scans), ("unread", &unread)]);
    let told = [number(desk.proven), number(desk.unproven), number(desk.alarms)];
    let told = [("proven", &*told[0]), ("unproven", &*told[1]), ("alarms", &*told[2])];
    let mut rows = vec![
        row(Mark::Look, words.text("staff.scans"), scans),
        row(Mark::Look, words.text("staff.told"), words.say("staff.told.is", &told)),
    ];
    if let Some((median, most)) = desk.answer {
        let (median, most) = (median.to_string(), most.to_string());
        let is = words.say("staff.answer.is", &[("median", &median), ("most", &most)]);
        rows.push(row(Mark::Time, words.text("staff.answer"), is));
    }
    if let Some(at) = desk.synced {
        let time = scene.present.dated(words, at);
        let is = words.say("staff.register.is", &[("time", &time)]);
        rows.push(row(Mark::Time, words.text("staff.register"), is));
    }
    if desk.keys_learned {
        let is = words.text("staff.scanner.is");
        rows.push(row(Mark::Look, words.text("doctor.part.scanner"), is));
    }
    rows
}
