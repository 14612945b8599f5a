//! The evidence: one row a part of the verdict, what caused an alarm on top.

use super::verdict::Given;
use crate::answer::{RecallScope, Record, Subject};
use crate::case::Case;
use crate::profile::Face;
use crate::view::{Mark, Row, Tone};
use crate::words::{capitalised, is_chip, limit, outside, span};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{
    Contradiction, Life, NotLookedAt, NotOnLedger, Original, SaidBy, SealState, Unproven,
};

/// All rows, in the order in which they are shown.
pub(super) fn rows(given: &Given<'_>) -> Vec<Row> {
    let mut rows = vec![
        record(given),
        original(given),
        seal(given),
        status(given),
        as_of(given),
        not_looked_at(given),
    ];
    if given.case.tone() == Tone::Alarm
        && let Some(cause) = rows.iter().position(|row| row.mark == Mark::Against)
    {
        rows[..=cause].rotate_right(1);
    }
    rows
}

/// Who says something: the word for it and the registered legal names.
struct By(String, Vec<String>);

fn row(given: &Given<'_>, part: &str, mark: Mark, finding: String, by: By) -> Row {
    let part = given.words.text(&format!("row.{part}"));
    Row { mark, part, finding, said_by: Some(by.0), names: by.1 }
}

fn by(given: &Given<'_>, who: &str) -> By {
    By(capitalised(&given.words.text(&format!("by.{who}"))), Vec::new())
}

fn by_maker(given: &Given<'_>) -> By {
    match given.subject() {
        Some(subject) => By(given.kind_word("said"), vec![outside(&subject.issuer.legal_name)]),
        None => By(given.kind_word("said"), Vec::new()),
    }
}

/// The maker, and whoever examined the goods independently of it.
fn by_maker_and_examiners(given: &Given<'_>, subject: &Subject) -> By {
    let By(maker, mut names) = by_maker(given);
    let mut who = vec![maker];
    let examiners = Roles::LAB.with(Roles::AUTHORITY);
    for event in &subject.events {
        let counts = event.said_by == SaidBy::Independent
            && !event.key_withdrawn
            && event.by.roles.meets(examiners);
        let role = if event.by.roles.meets(Roles::LAB) { "by.lab" } else { "by.authority" };
        let (role, name) = (given.words.text(role), outside(&event.by.legal_name));
        if counts && !names.contains(&name) {
            names.push(name);
            if !who.contains(&role) {
                who.push(role);
            }
        }
    }
    By(given.words.list(&who), names)
}

fn record(given: &Given<'_>) -> Row {
    let words = given.words;
    match &given.answer.record {
        Record::Proven(_) if given.case == Case::Told => {
            row(given, "record", Mark::Nobody, words.text("record.told"), by_maker(given))
        }
        Record::Proven(subject) => {
            let date = given.scene.present.date(words, subject.anchored);
            let finding = words.say("record.genuine", &[("date", &date)]);
            row(given, "record", Mark::Proven, finding, by_maker_and_examiners(given, subject))
        }
        Record::NotOnLedger(NotOnLedger::NoIndex) => {
            row(given, "record", Mark::Nobody, words.text("record.no-index"), by(given, "nobody"))
        }
        Record::NotOnLedger(_) => {
            let mark = if given.case == Case::Absent { Mark::Against } else { Mark::Nobody };
            row(given, "record", mark, words.text("record.absent"), by(given, "register"))
        }
        Record::Contradicted(reason) => {
            let what = words.text(&format!("what.{}", contradicted_part(reason)));
            let finding = words.say("record.contradicted", &[("what", &what)]);
            row(given, "record", Mark::Against, finding, contradicted_by(given, reason))
        }
        Record::Unproven(reason) => {
            row(given, "record", Mark::Nobody, unproven(given, reason), by(given, "nobody"))
        }
    }
}

fn contradicted_part(reason: &Contradiction) -> &'static str {
    match reason {
        Contradiction::LabelDiffers { field, .. }
        | Contradiction::ForeignNamespace { field, .. } => match *field {
            "gtin" => "gtin",
            "serial" => "serial",
            "batch" => "batch",
            "brand" => "brand",
            _ => "lot",
        },
        Contradiction::NotAnIssuer { .. } => "entered-by",
        Contradiction::TwoItems => "two-items",
    }
}

fn contradicted_by(given: &Given<'_>, reason: &Contradiction) -> By {
    match reason {
        Contradiction::LabelDiffers { .. } => by_maker(given),
        _ => by(given, "register"),
    }
}

fn unproven(given: &Given<'_>, reason: &Unproven) -> String {
    let words = given.words;
    match reason {
        Unproven::NotFound => words.text("record.not-found"),
        Unproven::NoNetwork | Unproven::NoAnswerYet => words.text("record.not-fetched"),
        Unproven::DataMissing { .. } => words.text("record.missing"),
        Unproven::EventsMissing { have, of } => words
            .say("record.events-missing", &[("have", &have.to_string()), ("of", &of.to_string())]),
        Unproven::AppTooOld(_) => words.text("record.unreadable"),
        Unproven::LedgerUnknown { .. } => words.text("record.unknown-register"),
        Unproven::KeyWithdrawn { .. } => words.text("record.key-withdrawn"),
        Unproven::Header(_) => words.text("record.not-confirmed"),
        Unproven::BadProof(_) => words.text("record.damaged"),
    }
}

fn original(given: &Given<'_>) -> Row {
    let words = given.words;
    let (mark, finding, who) = match given.answer.original {
        Original::Unknown | Original::RecordOnly { .. } if given.case == Case::ChipMissing => {
            (Mark::Against, words.text("original.chip-missing"), "you")
        }
        Original::Unknown => (Mark::Nobody, words.text(not_shown(given, false)), "nobody"),
        Original::RecordOnly { guessable } => {
            (Mark::Nobody, words.text(not_shown(given, guessable)), "nobody")
        }
        Original::OneTap => (Mark::Nobody, words.text("original.one-tap"), "seal"),
        Original::CodesUsedUp => {
            let count = given.subject().map_or(0, |subject| subject.tap_codes).to_string();
            let finding = words.say("original.used-up", &[("count", &count)]);
            (Mark::Nobody, finding, "seal")
        }
        Original::ChipMaker => (Mark::Nobody, words.text("original.chip-maker"), "seal"),
        Original::TapCodes => (Mark::Proven, words.text("original.tap-codes"), "seal"),
        Original::Challenge => (Mark::Proven, words.text("original.challenge"), "seal"),
    };
    row(given, "original", mark, finding, by(given, who))
}

fn not_shown(given: &Given<'_>, guessable: bool) -> &'static str {
    match (guessable, given.answer.carrier) {
        (true, Carrier::Qr) => "original.typed",
        (_, carrier) if is_chip(carrier) || carrier == Carrier::Uhf => "original.plain-chip",
        _ => "original.printed",
    }
}

fn seal(given: &Given<'_>) -> Row {
    let (mark, key, who) = match given.answer.seal {
        SealState::Unknown => (Mark::Look, "seal.look", "you"),
        SealState::Intact => (Mark::Proven, "seal.intact", "seal"),
        SealState::Opened => (Mark::Against, "seal.opened", "seal"),
        SealState::Reclosed => (Mark::Against, "seal.reclosed", "seal"),
    };
    row(given, "seal", mark, given.words.text(key), by(given, who))
}

fn status(given: &Given<'_>) -> Row {
    let (words, present) = (given.words, &given.scene.present);
    let as_of = given.answer.as_of.map(|as_of| present.short_date(words, as_of.time));
    let date = as_of.unwrap_or_default();
    let dated = |key: &str| words.say(key, &[("date", &date)]);
    let (mark, finding, who) = match &given.answer.life {
        Life::Unknown if given.subject().is_none() => {
            let known = !matches!(given.answer.record, Record::Unproven(_));
            let key = if known { "status.unknown.label" } else { "status.unknown" };
            (Mark::Nobody, words.text(key), by(given, "nobody"))
        }
        Life::Unknown => (Mark::Nobody, words.text("status.unknown"), by(given, "nobody")),
        Life::KeyWithdrawn => {
            (Mark::Nobody, words.text("status.key-withdrawn"), by(given, "nobody"))
        }
        Life::Recalled(_) => {
            let recall = given.answer.recall();
            let authority = recall.is_some_and(|recall| recall.by_authority);
            let who = if authority { by(given, "authority") } else { by_maker(given) };
            (Mark::Against, recalled(given), who)
        }
        Life::Expired { since } => {
            let date = present.date(words, *since);
            let finding = words.say("status.expired", &[("date", &date)]);
            (Mark::Against, finding, by_maker(given))
        }
        Life::At(LifeState::InTrade) => (in_trade_mark(given), in_trade(given), by_maker(given)),
        Life::At(LifeState::Sold) => {
            (in_trade_mark(given), dated("status.sold"), by(given, "register"))
        }
        Life::At(LifeState::Opened) => {
            (Mark::Against, dated("status.opened"), by(given, "register"))
        }
        Life::At(LifeState::Void) => (Mark::Against, dated("status.void"), by(given, "register")),
        Life::At(LifeState::NotApplied) => {
            (Mark::Nobody, words.text("status.not-applied"), by(given, "register"))
        }
    };
    row(given, "status", mark, finding, who)
}

fn recalled(given: &Given<'_>) -> String {
    let words = given.words;
    let recall = given.answer.recall();
    let date =
        recall.and_then(|recall| recall.at).map(|at| given.scene.present.short_date(words, at));
    let lot = recall.is_some_and(|recall| recall.scope == RecallScope::Lot);
    let batch = given.subject().and_then(|subject| subject.batch.as_deref()).filter(|_| lot);
    match (date, batch.map(outside)) {
        (Some(date), Some(batch)) => {
            words.say("status.recalled", &[("date", &date), ("batch", &batch)])
        }
        (Some(date), None) => words.say("status.recalled.date", &[("date", &date)]),
        (None, _) => words.text("status.recalled.bare"),
    }
}

fn in_trade(given: &Given<'_>) -> String {
    let words = given.words;
    match (given.case, given.answer.as_of) {
        (Case::Opened, _) => words.text("status.in-trade.opened"),
        (Case::Stale | Case::ClockDoubtful | Case::TooOld | Case::Told, Some(as_of)) => {
            let date = given.scene.present.short_date(words, as_of.time);
            words.say("status.in-trade.then", &[("date", &date)])
        }
        _ => words.text("status.in-trade"),
    }
}

/// A status that may have changed since is nobody's word for now.
fn in_trade_mark(given: &Given<'_>) -> Mark {
    match given.case {
        Case::Stale | Case::ClockDoubtful | Case::TooOld | Case::Told => Mark::Time,
        _ => Mark::Proven,
    }
}

fn as_of(given: &Given<'_>) -> Row {
    let (words, scene) = (given.words, given.scene);
    let Some(as_of) = given.answer.as_of else {
        let finding = match scene.register.as_of {
            Some(at) => scene.present.moment_with_age(words, at),
            None => words.text("as-of.never"),
        };
        return row(given, "as-of", Mark::Time, finding, by(given, device(scene.profile.face)));
    };
    let mut finding = if given.case == Case::ClockDoubtful {
        let time = scene.present.dated(words, as_of.time);
        words.say("as-of.clock", &[("time", &time)])
    } else {
        scene.present.moment_with_age(words, as_of.time)
    };
    if scene.profile.jargon {
        let height = grouped(as_of.height);
        finding = words.say("as-of.block", &[("height", &height), ("time", &finding)]);
    }
    row(given, "as-of", Mark::Time, finding, register(given, as_of.age))
}

fn device(face: Face) -> &'static str {
    match face {
        Face::Shopper => "shopper",
        Face::Kiosk => "kiosk",
        Face::Inspector => "inspector",
    }
}

/// Who stands behind the register; on the handheld also how old its state may be.
fn register(given: &Given<'_>, age: u64) -> By {
    let (words, profile) = (given.words, given.scene.profile);
    if profile.jargon && matches!(given.case, Case::Stale | Case::TooOld) {
        let (age, limit) = (span(words, age), limit(words, profile.policy.fresh));
        return By(words.say("as-of.limit", &[("age", &age), ("limit", &limit)]), Vec::new());
    }
    match given.answer.operators {
        Some(1) => by(given, "register.one"),
        Some(count) if profile.jargon => {
            By(words.say("by.register.some", &[("count", &count.to_string())]), Vec::new())
        }
        _ => by(given, "register"),
    }
}

/// A height with its digits in threes: "4 812 337".
pub(super) fn grouped(height: u64) -> String {
    let digits = height.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

fn not_looked_at(given: &Given<'_>) -> Row {
    let key = match given.scene.profile.face {
        Face::Kiosk => "row.not-looked-at",
        Face::Shopper | Face::Inspector => "row.not-looked-at.short",
    };
    Row {
        mark: Mark::Out,
        part: given.words.text(key),
        finding: not_looked_at_text(given),
        said_by: None,
        names: Vec::new(),
    }
}

fn is_own_recall(given: &Given<'_>) -> bool {
    given.answer.recall().is_some_and(|recall| recall.scope == RecallScope::Item)
}

/// Everything that the answer says nothing about, in one sentence.
pub(super) fn not_looked_at_text(given: &Given<'_>) -> String {
    let (words, scene) = (given.words, given.scene);
    let since = given.answer.as_of.map(|as_of| scene.present.brief(words, as_of.time));
    let noun = given.kind_word("noun");
    let mut parts: Vec<String> = Vec::new();
    match given.case {
        // Of an item's own recall that is what it says.
        Case::Recalled if !is_own_recall(given) => {
            parts.push(words.say("out.this-one", &[("noun", &noun)]));
        }
        Case::Altered => parts.push(words.text("out.who-changed")),
        Case::Opened | Case::ReportedOpened => parts.push(words.text("out.who-opened")),
        Case::UsedUp => parts.push(words.text("out.who-read")),
        _ => {}
    }
    if let (None, Some(at)) = (given.answer.as_of, scene.register.as_of) {
        let time = scene.present.brief(words, at);
        parts.push(words.say("out.everything", &[("time", &time)]));
    }
    for what in &given.answer.not_looked_at {
        let dated = |key: &str, bare: &str| match &since {
            Some(time) => words.say(key, &[("time", time)]),
            None => words.text(bare),
        };
        parts.push(match what {
            NotLookedAt::ScansElsewhere => dated("out.scans-elsewhere", "out.scans-elsewhere.bare"),
            NotLookedAt::Contents => given.kind_word("contents"),
            NotLookedAt::SinceThen => dated("out.since-then", "out.since-then.bare"),
            NotLookedAt::StrongerCarrier { carrier: Carrier::Uhf } => {
                words.text("out.stronger.uhf")
            }
            NotLookedAt::StrongerCarrier { .. } => words.text("out.stronger.nfc"),
            NotLookedAt::TheSeal => words.text("out.the-seal"),
        });
    }
    words.sentence(&parts)
}
