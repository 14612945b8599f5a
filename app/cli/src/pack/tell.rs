//! What commands on packs say.

use super::{Shown, start_document};
use crate::console::Console;
use sealight_edge::client::PackReport;
use sealight_flow::view::Tone;
use sealight_verify::format::pack::{PackStart, Sealed};
use serde_json::json;
use std::path::Path;

/// What a pack came to.
pub(super) fn report(console: &Console, path: &Path, report: &PackReport, code: u8) {
    let (tone, key) = match code {
        super::PROVEN => (Tone::Proven, "cli.pack.holds"),
        super::STALE => (Tone::Half, "cli.pack.stale"),
        _ => (Tone::Unproven, "cli.pack.broken"),
    };
    let as_of = report.as_of.map(|time| time.to_string()).unwrap_or_default();
    let height = report.start.height.to_string();
    let values = [("height", &*height), ("time", &*as_of)];
    console.line(&console.tinted(tone, &console.say(key, &values)));
    let counts = &report.counts;
    let mut pairs = beginning(console, &report.start, report.sealed.as_ref());
    let lots = format!("{} / {} / {}", counts.lots, counts.items, counts.buckets);
    pairs.push((console.say("cli.pack.lots", &[]), lots));
    pairs.push((console.say("cli.pack.bytes", &[]), counts.bytes.to_string()));
    if report.missing > 0 {
        pairs.push((console.say("cli.pack.missing", &[]), report.missing.to_string()));
    }
    for damage in &report.damaged {
        let place =
            damage.place.as_ref().map_or_else(|| damage.at.to_string(), ToString::to_string);
        pairs.push((console.say("cli.pack.damaged", &[]), format!("{place}: {}", damage.error)));
    }
    for refused in &report.refused {
        let what = format!("{}: {}", refused.place, refused.why);
        pairs.push((console.say("cli.pack.refused", &[]), what));
    }
    console.pairs(2, &pairs);
    if report.older {
        console.tell(2, "cli.pack.older", &[]);
    }
    let mut document = start_document(path, &report.start, report.sealed.as_ref());
    let place = |place: &dyn ToString| place.to_string();
    document["as_of"] = json!(report.as_of);
    document["older"] = report.older.into();
    document["chunks"] = counts.chunks.into();
    document["bytes"] = counts.bytes.into();
    document["lots"] = counts.lots.into();
    document["items"] = counts.items.into();
    document["buckets"] = counts.buckets.into();
    document["missing"] = report.missing.into();
    document["damaged_count"] = report.damaged_count.into();
    document["refused_count"] = report.refused_count.into();
    document["damaged"] = report
        .damaged
        .iter()
        .map(|damage| {
            let where_to = damage.place.as_ref().map(|at| place(at));
            json!({ "at": damage.at, "place": where_to, "what": damage.error.to_string() })
        })
        .collect();
    document["refused"] = report
        .refused
        .iter()
        .map(|refused| json!({ "place": place(&refused.place), "what": refused.why.to_string() }))
        .collect();
    document["exit_code"] = code.into();
    console.document(document);
}

/// What a pack says of itself.
pub(super) fn shown(console: &Console, path: &Path, start: &PackStart, shown: &Shown) {
    let mut pairs = beginning(console, start, shown.sealed.as_ref());
    pairs.push((console.say("cli.pack.chunks", &[]), shown.chunks.to_string()));
    pairs.push((console.say("cli.pack.bytes", &[]), shown.bytes.to_string()));
    let more = (shown.lot_count as usize).saturating_sub(shown.lots.len());
    let more = if more > 0 { format!(", + {more}") } else { String::new() };
    pairs.push((console.say("cli.pack.lot", &[]), shown.lots.join(", ") + &more));
    if let Some((at, what)) = &shown.first {
        let what = format!("{} ({at}: {what})", shown.damaged);
        pairs.push((console.say("cli.pack.damaged", &[]), what));
    }
    console.pairs(0, &pairs);
    console.tell(0, "cli.pack.unverified", &[]);
    let mut document = start_document(path, start, shown.sealed.as_ref());
    document["chunks"] = shown.chunks.into();
    document["bytes"] = shown.bytes.into();
    document["lots"] = shown.lots.clone().into();
    document["lot_count"] = shown.lot_count.into();
    document["buckets"] = shown.buckets.into();
    document["lives"] = shown.lives.into();
    document["damaged_count"] = shown.damaged.into();
    console.document(document);
}

fn beginning(
    console: &Console,
    start: &PackStart,
    sealed: Option<&Sealed>,
) -> Vec<(String, String)> {
    let say = |key: &str| console.say(key, &[]);
    let mut pairs = vec![
        (say("cli.pack.ledger"), start.ledger.to_string()),
        (say("cli.pack.height"), start.height.to_string()),
    ];
    for base in &start.bases {
        pairs.push((say("cli.pack.base"), base.to_string()));
    }
    if let Some(end) = sealed {
        pairs.push((say("cli.pack.id"), end.id.to_string()));
        let maker = format!("{} {}", end.maker.algorithm, crate::key::hex(&end.maker));
        pairs.push((say("cli.pack.maker"), maker));
        if let Some(party) = end.party {
            pairs.push((say("cli.pack.party"), party.to_string()));
        }
        if let Err(error) = &end.signed {
            pairs.push((say("cli.pack.signature"), error.to_string()));
        }
    }
    pairs
}
