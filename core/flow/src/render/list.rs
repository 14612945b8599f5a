//! The list of earlier scans, by day, the newest first.

use super::{Scene, aloud};
use crate::case::Case;
use crate::history::Entry;
use crate::profile::Face;
use crate::view::{Action, Day, HistoryLine, Panel, Rank, Screen, Shape, Tone, View};
use crate::words::{Kind, outside};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::time::Timestamp;

/// The view of earlier scans.
pub(crate) fn history(scene: &Scene<'_>, entries: &[Entry]) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::History, Tone::Act);
    let (kept, empty) = match scene.profile.face {
        Face::Shopper => ("history.kept.shopper", "history.empty"),
        Face::Kiosk => ("history.kept", "history.empty"),
        Face::Inspector => ("history.kept", "history.empty.inspector"),
    };
    let reason = if entries.is_empty() { empty } else { kept };
    view.field = Panel { headline: words.text("history.title"), reason: Some(words.text(reason)) };
    view.history = days(scene, entries);
    view.actions.push(scene.button(Action::Back, "action.close", Rank::Quiet));
    if !entries.is_empty() {
        view.actions.push(scene.button(Action::Export, "action.export", Rank::Outlined));
        view.actions.push(scene.button(Action::EraseHistory, "action.erase", Rank::Outlined));
    }
    view.aloud = aloud(&view);
    view
}

fn days(scene: &Scene<'_>, entries: &[Entry]) -> Vec<Day> {
    let mut numbered: Vec<(u32, &Entry)> = (0..).zip(entries).collect();
    numbered.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.scanned));
    let mut days: Vec<(i64, Day)> = Vec::new();
    for (number, entry) in numbered {
        let at = Timestamp::from_unix_secs(entry.scanned);
        let ago = scene.present.days_ago(at);
        let line = line(scene, number, entry);
        match days.last_mut() {
            Some((day, known)) if *day == ago => known.lines.push(line),
            _ => {
                let date = match ago {
                    0 => scene.words().text("history.today"),
                    _ => scene.present.short_date(scene.words(), at),
                };
                days.push((ago, Day { date, lines: vec![line] }));
            }
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn line(scene: &Scene<'_>, number: u32, entry: &Entry) -> HistoryLine {
    let (words, then) = (scene.words(), &entry.then);
    let at = Timestamp::from_unix_secs(entry.scanned);
    let name = match &then.product {
        Some(product) => outside(product),
        None => words.say("item.code", &[("code", &code(entry))]),
    };
    let (tone, shape, what, since) = match &entry.recalled {
        Some(recalled) => {
            let since = match recalled.at {
                Some(at) => {
                    let at = Timestamp::from_unix_secs(at);
                    let date = scene.present.short_date(words, at);
                    words.say("history.recalled-since", &[("date", &date)])
                }
                None => words.text("history.recalled-since.bare"),
            };
            (Tone::Alarm, Shape::Recalled, words.text("history.proven-then"), Some(since))
        }
        None => (then.case.tone(), then.case.shape(), summary(scene, entry), None),
    };
    let what = if then.case == Case::Unproven {
        words.say("history.tries-again", &[("what", &what)])
    } else {
        let time = match entry.recalled {
            Some(_) => scene.present.dated(words, at),
            None => scene.present.time_of_day(at),
        };
        words.say("history.at", &[("what", &what), ("time", &time)])
    };
    HistoryLine { entry: number, tone, shape, name, what, since }
}

fn summary(scene: &Scene<'_>, entry: &Entry) -> String {
    let then = &entry.then;
    let intact = then.intact && matches!(then.case, Case::E3 | Case::E4);
    let kind = then.category.as_deref().map_or(Kind::Item, Kind::of_category);
    let key = match intact {
        true => format!("history.line.{}-intact", then.case.name()),
        false => format!("history.line.{}", then.case.name()),
    };
    scene.words().say(&key, &[("noun", &kind.word(scene.words(), "noun"))])
}

fn code(entry: &Entry) -> String {
    match (&entry.claim.item, &entry.claim.code) {
        (Some((lot, index)), _) => LotId::from_hex(lot)
            .map(|lot| TypedNumber { lot, index: *index }.text())
            .unwrap_or_else(|| outside(lot)),
        (None, Some(code)) => outside(code),
        (None, None) => String::new(),
    }
}
