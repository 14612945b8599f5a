//! A product's story: what the record says of it, and what happened, by whom said.

use super::verdict::{Given, Posed, verdict};
use super::{Scene, alarm, aloud};
use crate::answer::{RecallScope, Subject};
use crate::case::Case;
use crate::profile::Face;
use crate::view::{Action, Fact, Legend, Moment, Panel, Rank, Screen, Story, TimeMark, Tone, View};
use crate::words::{Kind, Words, capitalised, long_span, notice as notice_text, outside};
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Field;
use sealight_verify::judge::{Happening, ProvenEvent, SaidBy};
use sealight_verify::time::Timestamp;
use std::ops::Range;

/// Most events that are shown at once: the first 2 and the last 6 of more.
const SHOWN_EVENTS: usize = 9;
const SHOWN_FIRST: usize = 2;
const SHOWN_LAST: usize = 6;
/// Most stations of the route, here among them.
const STATIONS: usize = 6;

/// The view of an item's story; `all` shows events that are else left out.
pub(crate) fn story(scene: &Scene<'_>, posed: &Posed<'_>, all: bool) -> View {
    let words = scene.words();
    let mut view = scene.blank(Screen::Story, Tone::Act);
    let Some(subject) = posed.answer.subject() else { return verdict(scene, posed) };
    let given = Given::of(scene, posed);
    let (product, maker) = (outside(&subject.product), outside(&subject.issuer.legal_name));
    view.field = Panel { headline: product.clone(), reason: Some(maker.clone()) };
    if given.case == Case::Recalled {
        // What it is recalled for is read here: the alarm stays up meanwhile.
        let values = [("first", &*product), ("second", &*maker)];
        view.tone = Tone::Alarm;
        view.field.headline = alarm::recalled(&given).field.headline;
        view.field.reason = Some(words.say("story.of", &values));
    }
    let mut story = told(&given, subject);
    view.actions = vec![scene.button(Action::Back, "action.back", Rank::Filled)];
    if let Some(hidden) = hidden(&story.timeline).filter(|_| !all) {
        let count = hidden.len().to_string();
        story.hidden = u32::try_from(hidden.len()).unwrap_or(u32::MAX);
        story.hidden_after = SHOWN_FIRST as u32;
        story.timeline.drain(hidden);
        let mut more = scene.button(Action::ShowAll, "action.show-more", Rank::Outlined);
        more.label = words.say("action.show-more", &[("count", &count)]);
        view.actions.push(more);
    } else if scene.profile.has.report && posed.answer.report_to.is_some() {
        let tell = scene.button(Action::TellBrand, "action.tell-brand", Rank::Outlined);
        view.actions.push(tell);
    }
    view.story = Some(story);
    view.actions.extend(scene.quiet_buttons());
    view.aloud = aloud(&view);
    view
}

/// Which events are left out at first; none of many where a recall is among them.
fn hidden(timeline: &[Moment]) -> Option<Range<usize>> {
    if timeline.len() <= SHOWN_EVENTS {
        return None;
    }
    let hidden = SHOWN_FIRST..timeline.len() - SHOWN_LAST;
    let recalls = |moment: &Moment| moment.mark == TimeMark::Octagon;
    let any = timeline.get(hidden.clone()).is_some_and(|moments| moments.iter().any(recalls));
    (!any).then_some(hidden)
}

fn told(given: &Given<'_>, subject: &Subject) -> Story {
    let (scene, words) = (given.scene, given.words);
    let (timeline, places) = timeline(given, subject);
    let legs = legs(&timeline, places.len());
    let legend = [
        (TimeMark::Ring, "legend.one"),
        (TimeMark::RingedDot, "legend.two"),
        (TimeMark::Diamond, "legend.sensor"),
        (TimeMark::DashedRing, "legend.nobody"),
    ];
    let used = |mark: TimeMark| timeline.iter().any(|moment| moment.mark == mark);
    let legend = legend
        .into_iter()
        .filter(|(mark, _)| used(*mark))
        .map(|(mark, key)| Legend { mark, text: words.text(key) })
        .collect();
    Story {
        picture: subject.picture.map(|hash| hash.to_string()),
        facts: record_facts(scene, subject),
        places,
        legs,
        timeline,
        hidden: 0,
        hidden_after: 0,
        legend,
    }
}

/// Public fields, what the record names besides, and private fields of a live scan.
fn record_facts(scene: &Scene<'_>, subject: &Subject) -> Vec<Fact> {
    let words = scene.words();
    let mut facts: Vec<Fact> = subject.fields.iter().map(|field| fact(words, field)).collect();
    let named = [
        ("brand", &subject.brand),
        ("batch", &subject.batch),
        ("serial", &subject.serial),
        ("gtin", &subject.gtin),
    ];
    for (key, value) in named {
        if let Some(value) = value {
            let label = words.text(&format!("field.{key}"));
            facts.push(Fact { label, value: outside(value) });
        }
    }
    if let Some(expires) = subject.expires {
        let value = scene.present.date(words, expires);
        facts.push(Fact { label: words.text("field.expires"), value });
    }
    facts.extend(subject.private.iter().map(|field| fact(words, field)));
    facts
}

fn fact(words: &Words, field: &Field) -> Fact {
    let known = words.find(&format!("field.{}", field.key)).map(str::to_owned);
    Fact { label: known.unwrap_or_else(|| outside(&field.key)), value: outside(&field.value) }
}

/// A moment with the time that orders it.
struct Dated {
    at: Timestamp,
    entered: Timestamp,
    moment: Moment,
    step: Option<String>,
    brand: bool,
}

fn timeline(given: &Given<'_>, subject: &Subject) -> (Vec<Moment>, Vec<String>) {
    let (scene, kind) = (given.scene, given.kind);
    let mut dated: Vec<Dated> =
        subject.events.iter().map(|event| happened(scene, event, kind)).collect();
    dated.push(registered(scene, subject));
    dated.extend(called_back(given, subject));
    dated.sort_by_key(|dated| (dated.at, dated.entered));
    let dated = two_say_so(scene, dated);
    let mut places: Vec<String> = Vec::new();
    let mut moments: Vec<Moment> = Vec::new();
    let longest = kind.longest_gap();
    let mut last: Option<Timestamp> = None;
    for Dated { at, mut moment, .. } in dated {
        moments.extend(last.and_then(|last| gap(scene, subject, last, at, longest, false)));
        moment.station = moment.station.and_then(|_| station(&mut places, &moment.facts));
        moments.push(moment);
        last = Some(at);
    }
    let now = scene.present.now;
    moments.extend(last.and_then(|last| gap(scene, subject, last, now, longest, true)));
    keep_stations(&mut places, &mut moments);
    let mut here = here(scene);
    if !places.is_empty() {
        places.push(scene.words().text("story.place.here"));
        here.station = u32::try_from(places.len()).ok();
    }
    moments.push(here);
    for moment in &mut moments {
        moment.facts.retain(|fact| !fact.label.is_empty());
        moment.said_by = capitalised(&moment.said_by);
    }
    (moments, places)
}

/// One event; its place is carried in a fact without a label until stations are numbered.
fn happened(scene: &Scene<'_>, event: &ProvenEvent, kind: Kind) -> Dated {
    let words = scene.words();
    let (at, mark, what, mut facts, place, step) = match &event.what {
        Happening::Trace(trace) => {
            let name = words.find(&format!("step.{}", trace.step)).map(str::to_owned);
            let name = name.unwrap_or_else(|| outside(&trace.step));
            let facts: Vec<Fact> = trace.facts.iter().map(|f| fact(words, f)).collect();
            let mark =
                if event.said_by == SaidBy::Sensor { TimeMark::Diamond } else { TimeMark::Ring };
            let what = step_text(words, &name, facts.first(), event.key_withdrawn);
            (trace.at, mark, what, facts, trace.place.clone(), Some(trace.step.clone()))
        }
        Happening::Recall { recalled, notice } => {
            let key = if *recalled { "story.recalled" } else { "story.lifted" };
            let mark = if *recalled { TimeMark::Octagon } else { TimeMark::Ring };
            let what = words.say(key, &[("notice", &notice_text(notice))]);
            (event.entered.at, mark, what, Vec::new(), None, None)
        }
    };
    let mark = if event.key_withdrawn { TimeMark::DashedRing } else { mark };
    let place = place.as_deref().map(outside);
    facts.extend(place.iter().map(|place| Fact { label: String::new(), value: place.clone() }));
    let moment = Moment {
        when: when(scene, at),
        mark,
        what,
        facts,
        said_by: speaker(scene, event, kind),
        names: vec![outside(&event.by.legal_name)],
        station: place.map(|_| 0),
    };
    let brand = event.said_by == SaidBy::Brand;
    Dated {
        at,
        entered: event.entered.at,
        moment,
        step: step.filter(|_| !event.key_withdrawn),
        brand,
    }
}

fn step_text(words: &Words, step: &str, first: Option<&Fact>, withdrawn: bool) -> String {
    match (withdrawn, first) {
        (true, _) => words.say("story.withdrawn", &[("step", step)]),
        (false, None) => words.say("story.step", &[("step", step)]),
        (false, Some(fact)) => {
            let values = [("label", fact.label.as_str()), ("value", fact.value.as_str())];
            let fact = words.say("story.fact", &values);
            words.say("story.step-fact", &[("step", step), ("fact", &fact)])
        }
    }
}

fn speaker(scene: &Scene<'_>, event: &ProvenEvent, kind: Kind) -> String {
    let words = scene.words();
    if event.said_by == SaidBy::Sensor {
        return words.text("by.sensor");
    }
    let roles = [
        (Roles::LAB, "by.lab"),
        (Roles::AUTHORITY, "by.authority"),
        (Roles::CARRIER, "by.carrier"),
        (Roles::RETAILER, "by.retailer"),
        (Roles::LINE, "by.line"),
        (Roles::MEMBER, "by.member"),
    ];
    match event.said_by {
        SaidBy::Brand => kind.word(words, "said"),
        _ => roles
            .into_iter()
            .find(|(role, _)| event.by.roles.meets(*role))
            .map_or_else(|| words.text("by.party"), |(_, key)| words.text(key)),
    }
}

/// The same step on the same day, said by the brand and by somebody else, is one moment that two
/// independent parties attest.
fn two_say_so(scene: &Scene<'_>, dated: Vec<Dated>) -> Vec<Dated> {
    let words = scene.words();
    let mut merged: Vec<Dated> = Vec::new();
    for next in dated {
        let same = merged.iter_mut().find(|earlier| {
            earlier.step.is_some()
                && earlier.step == next.step
                && earlier.brand != next.brand
                && earlier.moment.mark == TimeMark::Ring
                && next.moment.mark == TimeMark::Ring
                && scene.present.days_ago(earlier.at) == scene.present.days_ago(next.at)
        });
        match same {
            Some(earlier) => {
                let mut said = [earlier.moment.said_by.clone(), next.moment.said_by];
                if next.brand {
                    said.reverse();
                }
                let [first, second] = &said;
                earlier.moment.said_by =
                    words.say("list.and", &[("first", first), ("second", second)]);
                earlier.moment.mark = TimeMark::RingedDot;
                earlier.moment.names.extend(next.moment.names);
                earlier.moment.facts.extend(next.moment.facts);
                earlier.moment.station = earlier.moment.station.or(next.moment.station);
            }
            None => merged.push(next),
        }
    }
    for dated in &mut merged {
        if dated.brand && dated.moment.mark == TimeMark::Ring {
            let who = dated.moment.said_by.clone();
            dated.moment.said_by = words.say("by.alone", &[("who", &who)]);
        }
    }
    merged
}

/// The anchoring of the lot.
fn registered(scene: &Scene<'_>, subject: &Subject) -> Dated {
    let words = scene.words();
    let count = subject.lot_size.to_string();
    let moment = Moment {
        when: when(scene, subject.anchored),
        mark: TimeMark::Ring,
        what: words.say("story.registered", &[("count", &count)]),
        facts: Vec::new(),
        said_by: Kind::of_category(&subject.category).word(words, "said"),
        names: vec![outside(&subject.issuer.legal_name)],
        station: None,
    };
    Dated { at: subject.anchored, entered: subject.anchored, moment, step: None, brand: true }
}

/// A recall of the whole lot or of all that its maker made, which no event of the item tells.
fn called_back(given: &Given<'_>, subject: &Subject) -> Option<Dated> {
    let recall = given.answer.recall().filter(|recall| recall.scope != RecallScope::Item)?;
    let (at, words) = (recall.at?, given.words);
    let (said_by, names) = match recall.by_authority {
        true => (words.text("by.authority"), Vec::new()),
        false => (given.kind.word(words, "said"), vec![outside(&subject.issuer.legal_name)]),
    };
    let moment = Moment {
        when: when(given.scene, at),
        mark: TimeMark::Octagon,
        what: alarm::recall_in_full(given),
        facts: Vec::new(),
        said_by,
        names,
        station: None,
    };
    Some(Dated { at, entered: at, moment, step: None, brand: false })
}

/// A gap after the lot was anchored, longer than goods of its kind are expected to have.
fn gap(
    scene: &Scene<'_>,
    subject: &Subject,
    from: Timestamp,
    to: Timestamp,
    longest: u64,
    until_now: bool,
) -> Option<Moment> {
    let seconds = u64::try_from(to.secs().saturating_sub(from.secs())).ok()?;
    if from < subject.anchored || seconds <= longest {
        return None;
    }
    let words = scene.words();
    let when = if until_now { "story.gap.when" } else { "story.gap.between" };
    Some(Moment {
        when: words.text(when),
        mark: TimeMark::DashedRing,
        what: words.say("story.gap", &[("span", &long_span(words, seconds))]),
        facts: Vec::new(),
        said_by: words.text("by.nobody"),
        names: Vec::new(),
        station: None,
    })
}

/// The last moment: here and now.
fn here(scene: &Scene<'_>) -> Moment {
    let words = scene.words();
    let device = match scene.profile.face {
        Face::Shopper => "by.shopper",
        Face::Kiosk => "by.kiosk",
        Face::Inspector => "by.inspector",
    };
    Moment {
        when: scene.present.moment(words, scene.present.now),
        mark: TimeMark::Here,
        what: words.text("story.here"),
        facts: Vec::new(),
        said_by: words.text(device),
        names: Vec::new(),
        station: None,
    }
}

/// For each place but the last: whether the way to the next one has no gap before its arrival.
fn legs(timeline: &[Moment], places: usize) -> Vec<bool> {
    let arrival = |place: usize| {
        let number = u32::try_from(place + 1).ok();
        timeline.iter().position(|moment| moment.station == number)
    };
    let before = |at: usize| at.checked_sub(1).and_then(|at| timeline.get(at));
    (1..places)
        .map(|place| {
            let before = arrival(place).and_then(before);
            before.is_some_and(|moment| moment.mark != TimeMark::DashedRing)
        })
        .collect()
}

/// Number of the place that is carried among the facts, new or known.
fn station(places: &mut Vec<String>, facts: &[Fact]) -> Option<u32> {
    let place = &facts.iter().find(|fact| fact.label.is_empty())?.value;
    let at = places.iter().position(|known| known == place).unwrap_or_else(|| {
        places.push(place.clone());
        places.len() - 1
    });
    u32::try_from(at + 1).ok()
}

/// Leaves the first station and the last ones before here: the others stand in the timeline alone.
fn keep_stations(places: &mut Vec<String>, moments: &mut [Moment]) {
    let over = places.len().saturating_sub(STATIONS - 1);
    if over == 0 {
        return;
    }
    places.drain(1..=over);
    let left_out = u32::try_from(over).unwrap_or(u32::MAX);
    let kept = |number: u32| match number {
        1 => Some(1),
        number => number.checked_sub(left_out).filter(|number| *number > 1),
    };
    for moment in moments {
        moment.station = moment.station.and_then(kept);
    }
}

/// Months for what is more than two years ago, dates for the rest.
fn when(scene: &Scene<'_>, at: Timestamp) -> String {
    const TWO_YEARS: i64 = 730;
    let words = scene.words();
    match scene.present.days_ago(at) {
        0 => scene.present.moment(words, at),
        days if days > TWO_YEARS => scene.present.month(words, at),
        _ => scene.present.date(words, at),
    }
}
