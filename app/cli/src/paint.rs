//! A view as text: the same words, rows and marks as on a screen, in columns.

use crate::console::Console;
use crate::layout::{joined, pad, width, wrap};
use sealight_flow::view::{Fact, Mark, Moment, Row, Shape, Story, TimeMark, View};

/// Columns before everything under the headline.
const INDENT: usize = 2;
/// Columns of a mark with its space.
const MARK: usize = 2;

/// Writes a verdict: headline and reason, item, evidence, next step. `detail` is the verifier's own
/// reason, for who wants to know.
pub(crate) fn verdict(console: &Console, view: &View, detail: &str) {
    headline(console, view);
    for line in wrap(detail, console.width().saturating_sub(INDENT)) {
        if !line.is_empty() {
            console.line(&format!("{}{}", " ".repeat(INDENT), console.faint(&line)));
        }
    }
    if let Some(item) = &view.item {
        console.line("");
        console.wrapped(INDENT, &format!("**{}**", item.name));
        console.wrapped(INDENT, &item.maker);
    }
    rows(console, &view.rows);
    for note in &view.notes {
        console.wrapped(INDENT + MARK, note);
    }
    let steps = view.next.iter().chain(&view.steps);
    for (at, step) in steps.enumerate() {
        if at == 0 {
            console.line("");
        }
        marked(console, "→", step);
    }
}

/// Writes headline and reason, in the tone's colour and with the shape's sign.
pub(crate) fn headline(console: &Console, view: &View) {
    let sign = view.shape.map_or("·", sign);
    let panels = || [&view.field].into_iter().chain(&view.beside);
    let headline = joined(panels().map(|panel| panel.headline.as_str()));
    let room = console.width() - MARK;
    for (at, line) in wrap(&headline, room).iter().enumerate() {
        let start = if at == 0 { pad(sign, MARK) } else { " ".repeat(MARK) };
        console.line(&console.tinted(view.tone, &format!("{start}{line}")));
    }
    console.wrapped(INDENT, &joined(panels().filter_map(|panel| panel.reason.as_deref())));
}

/// Writes the evidence: mark, part, finding, said by.
fn rows(console: &Console, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    console.line("");
    let parts = rows.iter().map(|row| width(&row.part)).max().unwrap_or(0);
    let free = console.width().saturating_sub(INDENT + MARK + parts + 2);
    let said = |row: &Row| row.said_by.as_deref().map_or(0, width);
    let widest = rows.iter().map(said).max().unwrap_or(0).min(free / 3);
    let findings = free.saturating_sub(widest + 2);
    for row in rows {
        let by = wrap(row.said_by.as_deref().unwrap_or_default(), widest.max(1));
        let room = if row.said_by.is_some() { findings } else { free };
        let found = wrap(&row.finding, room);
        for at in 0..found.len().max(by.len()) {
            let start = match at {
                0 => format!("{}{}  ", pad(mark(row.mark), MARK), pad(&row.part, parts)),
                _ => " ".repeat(MARK + parts + 2),
            };
            let found = found.get(at).map_or("", |line| line);
            let by = by.get(at).map_or(String::new(), |line| console.faint(line));
            let line = match by.is_empty() {
                true => format!("{start}{found}"),
                false => format!("{start}{}  {by}", pad(found, findings)),
            };
            console.line(&format!("{}{line}", " ".repeat(INDENT)));
        }
    }
}

/// Writes a product's story: what the record says, then what happened, oldest first.
///
/// `maker` is a text that names the maker already: others are named beside what they say.
pub(crate) fn story(console: &Console, story: &Story, maker: &str) {
    let fact = |fact: &Fact| (fact.label.clone(), fact.value.clone());
    let facts: Vec<_> = story.facts.iter().map(fact).collect();
    console.pairs(INDENT + MARK, &facts);
    if !story.places.is_empty() {
        console.line("");
        console.wrapped(INDENT + MARK, &story.places.join(" → "));
    }
    console.line("");
    let whens = story.timeline.iter().map(|moment| width(&moment.when)).max().unwrap_or(0);
    for (at, moment) in story.timeline.iter().enumerate() {
        if at == 2 && story.hidden > 0 {
            let count = story.hidden.to_string();
            let more = console.say("cli.story.hidden", &[("count", &count)]);
            console.line(&format!("{}{more}", " ".repeat(INDENT + MARK + whens + 2)));
        }
        self::moment(console, moment, whens, maker);
    }
}

fn moment(console: &Console, moment: &Moment, whens: usize, maker: &str) {
    let free = console.width().saturating_sub(INDENT + MARK + whens + 2);
    let others = moment.names.iter().filter(|name| !maker.contains(name.as_str()));
    let said_by: Vec<&str> =
        [&moment.said_by].into_iter().chain(others).map(String::as_str).collect();
    let said_by = said_by.join(&console.words.text("list.comma"));
    let by = console.faint(&said_by);
    let beside = width(&moment.what) + 3 + width(&said_by) <= free;
    let start = format!(
        "{}{}{}  ",
        " ".repeat(INDENT),
        pad(time_mark(moment.mark), MARK),
        pad(&moment.when, whens)
    );
    let rest = " ".repeat(INDENT + MARK + whens + 2);
    let said = !said_by.is_empty();
    for (at, line) in wrap(&moment.what, free).into_iter().enumerate() {
        let by = if said && beside && at == 0 { format!(" · {by}") } else { String::new() };
        console.line(&format!("{}{line}{by}", if at == 0 { &start } else { &rest }));
    }
    if said && !beside {
        console.line(&format!("{rest}{by}"));
    }
    let more = moment.facts.iter().filter(|fact| !moment.what.contains(&fact.value));
    let facts = more
        .map(|fact| console.say("story.fact", &[("label", &fact.label), ("value", &fact.value)]));
    let facts = facts.collect::<Vec<_>>().join(&console.words.text("list.semicolon"));
    for line in wrap(&facts, free) {
        if !line.is_empty() {
            console.line(&format!("{rest}{}", console.faint(&line)));
        }
    }
}

fn marked(console: &Console, mark: &str, text: &str) {
    let room = console.width().saturating_sub(INDENT + MARK);
    for (at, line) in wrap(text, room).iter().enumerate() {
        let start = if at == 0 { pad(mark, MARK) } else { " ".repeat(MARK) };
        console.line(&format!("{}{start}{line}", " ".repeat(INDENT)));
    }
}

/// The sign of a shape: a disc as far as it is filled.
pub(crate) fn sign(shape: Shape) -> &'static str {
    match shape {
        Shape::Proven | Shape::ProvenRing => "●",
        Shape::Half | Shape::UsedUp => "◐",
        Shape::NotSeen => "○",
        Shape::Stale => "◔",
        Shape::Recalled => "■",
        Shape::Contradicted => "◆",
        Shape::Opened => "◓",
        Shape::NotASeal | Shape::NoCamera | Shape::NoNetwork => "×",
    }
}

fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Proven => "✓",
        Mark::Nobody => "○",
        Mark::Against => "■",
        Mark::Look => "◎",
        Mark::Time => "◔",
        Mark::Out => "–",
    }
}

fn time_mark(mark: TimeMark) -> &'static str {
    match mark {
        TimeMark::Ring => "○",
        TimeMark::RingedDot => "◎",
        TimeMark::Diamond => "◇",
        TimeMark::DashedRing => "·",
        TimeMark::Octagon => "■",
        TimeMark::Here => "●",
    }
}
