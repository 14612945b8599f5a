//! The lines of a monitor: one a finding.

use crate::console::Console;
use sealight_edge::client::LedgerAlarm;
use sealight_verify::follow::{Finding, SeenHead, Volume, Weight, What};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::party::KeyEnd;
use serde_json::{Map, Value, json};

/// Tells one finding.
pub(crate) fn finding(console: &Console, ledger: &LedgerId, finding: &Finding) {
    let (kind, key, facts) = facts(&finding.what);
    let weight = finding.what.weight();
    let name = finding.name.clone().unwrap_or_default();
    let party = finding.party.map(|party| party.to_string()).unwrap_or_default();
    let who = if name.is_empty() { party.clone() } else { name.clone() };
    let index = finding.log_index.to_string();
    let mut words: Vec<(&str, String)> = vec![("who", who), ("index", index)];
    words.extend(facts.iter().map(|(name, value)| (*name, plain(value))));
    line(console, weight, key, &words);
    let mut document = Map::new();
    for (name, value) in [
        ("kind", json!(kind)),
        ("weight", json!(name_of(weight))),
        ("ledger", json!(ledger)),
        ("log_index", json!(finding.log_index)),
        ("leaf", json!(finding.leaf)),
        ("party", json!(finding.party)),
        ("name", json!(finding.name)),
        ("height", json!(finding.height)),
        ("time", json!(finding.time)),
    ] {
        document.insert(name.into(), value);
    }
    document.extend(facts.into_iter().map(|(name, value)| (name.to_owned(), value)));
    console.row(document);
}

/// Tells what speaks against the ledger itself.
pub(crate) fn alarm(
    console: &Console,
    ledger: &LedgerId,
    alarm: &LedgerAlarm,
    seen: Option<&SeenHead>,
) {
    let (kind, key, why) = match alarm {
        LedgerAlarm::Fork { .. } => ("fork", "cli.monitor.fork", String::new()),
        LedgerAlarm::Rewritten(error) => ("rewritten", "cli.monitor.rewritten", error.to_string()),
        LedgerAlarm::NotShown { faults } => {
            let why = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            ("not-shown", "cli.monitor.not-shown", why)
        }
    };
    let (common, height) = match alarm {
        LedgerAlarm::Fork { common, height } => (Some(*common), Some(*height)),
        _ => (None, None),
    };
    let text = |number: Option<u64>| number.map(|n| n.to_string()).unwrap_or_default();
    let words = [("why", why.clone()), ("common", text(common)), ("height", text(height))];
    line(console, Weight::Alarm, key, &words);
    let mut document = Map::new();
    for (name, value) in [
        ("kind", json!(kind)),
        ("weight", json!(name_of(Weight::Alarm))),
        ("ledger", json!(ledger)),
        ("why", json!(why)),
        ("common", json!(common)),
        ("height", json!(height)),
        ("read_under", json!(seen.map(|seen| json!({ "height": seen.height, "hash": seen.hash })))),
    ] {
        document.insert(name.into(), value);
    }
    console.row(document);
}

fn line(console: &Console, weight: Weight, key: &str, words: &[(&str, String)]) {
    let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, &**value)).collect();
    let mark = if weight == Weight::Alarm { "!" } else { "-" };
    console.wrapped(0, &format!("{mark} {}", console.say(key, &words)));
}

fn name_of(weight: Weight) -> &'static str {
    match weight {
        Weight::Notice => "notice",
        Weight::Alarm => "alarm",
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Kind, key of the words, and facts.
fn facts(what: &What) -> (&'static str, &'static str, Vec<(&'static str, Value)>) {
    match what {
        What::Lot { lot, items, title, by_another } => {
            let facts = vec![("lot", json!(lot)), ("items", json!(items)), ("title", json!(title))];
            match by_another {
                false => ("lot", "cli.monitor.lot", facts),
                true => ("lot-by-another", "cli.monitor.lot-by-another", facts),
            }
        }
        What::Title { lot, title, own } => (
            "title",
            "cli.monitor.title",
            vec![("lot", json!(lot)), ("title", json!(title)), ("own", json!(own))],
        ),
        What::Index { namespace, codes, by_another } => {
            let facts = vec![("namespace", json!(namespace.to_string())), ("codes", json!(codes))];
            match by_another {
                false => ("index", "cli.monitor.index", facts),
                true => ("index-by-another", "cli.monitor.index-by-another", facts),
            }
        }
        What::Volume { lot, items, odd: Volume::Large { mean } } => (
            "volume-large",
            "cli.monitor.volume-large",
            vec![("lot", json!(lot)), ("items", json!(items)), ("mean", json!(mean))],
        ),
        What::Volume { lot, odd: Volume::Many { lots, seconds, usual }, .. } => (
            "volume-many",
            "cli.monitor.volume-many",
            vec![
                ("lot", json!(lot)),
                ("lots", json!(lots)),
                ("hours", json!(seconds.div_ceil(3600))),
                ("usual", json!(usual)),
            ],
        ),
        What::KeyRotated { old } => {
            ("key-rotated", "cli.monitor.key-rotated", vec![("place", json!(old))])
        }
        What::KeyRevoked { of, key, reason, from } => (
            "key-revoked",
            match reason {
                KeyEnd::Retired => "cli.monitor.key-retired",
                KeyEnd::Compromised => "cli.monitor.key-compromised",
            },
            vec![
                ("of", json!(of)),
                ("place", json!(key)),
                ("reason", json!(reason)),
                ("from", json!(from)),
            ],
        ),
        What::Suspended { of, suspended } => {
            let key = if *suspended { "cli.monitor.suspended" } else { "cli.monitor.let-in" };
            (if *suspended { "suspended" } else { "let-in" }, key, vec![("of", json!(of))])
        }
        What::Recalled { of, recalled } => {
            let key = if *recalled { "cli.monitor.recalled" } else { "cli.monitor.recall-lifted" };
            (if *recalled { "recalled" } else { "recall-lifted" }, key, vec![("of", json!(of))])
        }
        What::Resembles { of, name, theirs, own } => (
            "resembles",
            "cli.monitor.resembles",
            vec![
                ("of", json!(of)),
                ("registered", json!(name)),
                ("theirs", json!(theirs)),
                ("own", json!(own)),
            ],
        ),
        What::Registered { of, name } => (
            "registered",
            "cli.monitor.registered",
            vec![("of", json!(of)), ("registered", json!(name))],
        ),
        What::Governance { members: true } => ("members", "cli.monitor.members", vec![]),
        What::Governance { members: false } => ("validators", "cli.monitor.validators", vec![]),
        What::Unread => ("unread", "cli.monitor.unread", vec![]),
    }
}
