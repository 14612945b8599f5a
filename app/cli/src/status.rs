//! `sealight status`: what this device trusts, how old its knowledge is, and what it keeps.

use crate::args::Common;
use crate::console::Console;
use crate::device::Device;
use crate::fail::Failure;
use sealight_edge::clock;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::trust::TrustStanding;
use serde_json::{Value, json};

pub(crate) fn run(console: &Console, common: &Common) -> Result<(), Failure> {
    let mut device = Device::open(console, common)?;
    let ledgers: Vec<LedgerId> = device.client.light.ledgers().copied().collect();
    let documents: Vec<Value> =
        ledgers.iter().map(|ledger| one(console, &mut device, ledger)).collect();
    let scans = device.client.light.store().scans(None, 1);
    let scans = scans.map_err(|error| device.store_failed(&error))?;
    let bytes = std::fs::metadata(device.home.store()).map_or(0, |file| file.len());
    let newest = scans.first().map_or(0, |scan| scan.id.0);
    let say = |key: &str| console.say(key, &[]);
    console.pairs(
        0,
        &[
            (say("cli.status.store"), device.home.store().display().to_string()),
            (say("cli.status.bytes"), bytes.to_string()),
            (say("cli.status.newest"), newest.to_string()),
        ],
    );
    let trust = device.client.light.trust();
    console.document(json!({
        "home": device.home.path().display().to_string(),
        "trust": { "serial": trust.serial, "expires": trust.expires, "demo": trust.demo },
        "ledgers": documents,
        "store_bytes": bytes,
        "newest_reading": scans.first().map(|scan| scan.id.0),
    }));
    Ok(())
}

fn one(console: &Console, device: &mut Device, ledger: &LedgerId) -> Value {
    let system = clock::system();
    let standing = match device.client.light.standing(ledger, system) {
        Some(TrustStanding::Valid) => "valid",
        Some(TrustStanding::Expired) => "expired",
        Some(TrustStanding::LongExpired) => "long-expired",
        None => "unknown",
    };
    let now = device.client.light.now(ledger, system);
    let chain = device.client.light.chain(ledger);
    let head = chain.and_then(|chain| chain.head());
    let head = head.map(|head| (head.height(), head.time(), head.operators()));
    let frozen = chain.and_then(|chain| chain.frozen()).map(|(last_common, _)| last_common);
    let listed = device.client.light.trust().ledger(ledger);
    let name = listed.map(|listed| listed.name.clone()).unwrap_or_default();
    let gateways: Vec<String> = device
        .client
        .online
        .gateways(ledger)
        .map(|gateways| gateways.standings().map(|(it, _)| it.url().to_string()).collect())
        .unwrap_or_default();
    let age = now.zip(head).map(|(now, (_, time, _))| now.age_of(time));
    let doubtful = now.is_some_and(|now| now.doubtful());
    console.line(&format!("**{name}**"));
    let say = |key: &str, values: &[(&str, &str)]| console.say(key, values);
    let head_text = match head {
        Some((height, time, _)) => {
            let (height, time) = (height.to_string(), time.to_string());
            let age = age.unwrap_or(0).to_string();
            let words = [("height", &*height), ("time", &*time), ("age", &*age)];
            say("cli.status.head-is", &words)
        }
        None => say("cli.status.no-head", &[]),
    };
    let mut pairs = vec![
        (say("cli.status.ledger", &[]), ledger.to_string()),
        (say("cli.status.head", &[]), head_text),
        (say("cli.status.trust", &[]), say(&format!("cli.status.trust.{standing}"), &[])),
        (say("cli.status.gateways", &[]), gateways.join(", ")),
    ];
    if let Some(last) = frozen {
        let words = say("cli.status.frozen-at", &[("height", &last.to_string())]);
        pairs.push((say("cli.status.frozen", &[]), words));
    }
    let evidence = device.client.light.evidence(ledger);
    if let Some(evidence) = &evidence {
        let (height, time) = (evidence.height().to_string(), evidence.detected().to_string());
        let words = say("cli.status.evidence-at", &[("height", &height), ("time", &time)]);
        pairs.push((say("cli.status.evidence", &[]), words));
    }
    if doubtful {
        pairs.push((say("cli.status.clock", &[]), say("cli.status.clock.doubtful", &[])));
    }
    console.pairs(2, &pairs);
    json!({
        "ledger": ledger,
        "name": name,
        "height": head.map(|(height, ..)| height),
        "time": head.map(|(_, time, _)| time),
        "age": age,
        "operators": head.map(|(.., operators)| operators),
        "clock_doubtful": doubtful,
        "frozen_above": frozen,
        "evidence": evidence.map(|evidence| json!({
            "height": evidence.height(),
            "common": evidence.common_height(),
            "found": evidence.detected(),
        })),
        "trust": standing,
        "gateways": gateways,
    })
}
