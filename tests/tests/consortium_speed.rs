//! How fast four real nodes on this machine take entries in.

mod consortium_support;

use consortium_support::{Consortium, brand, gtin};
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::codec::encode;
use sealight_verify::format::entry::Body;
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Field;
use std::time::Instant;

/// Parties that send at once, as many entries each.
const PARTIES: usize = 8;
const ENTRIES: usize = 100;

/// An event of about 1 KB.
fn event(lot: LotId, step: &str) -> Body {
    Body::AppendEvent(TraceEvent {
        lot,
        items: None,
        step: step.into(),
        at: clock::system(),
        place: None,
        facts: ["one", "two"].map(|key| Field { key: key.into(), value: "x".repeat(370) }).into(),
        sensor: false,
        document: None,
    })
}

#[test]
fn entries_of_1_kb_from_eight_parties_are_all_taken_in() {
    let Some(mut net) = Consortium::start(&NetworkOptions::default()) else { return };
    let names: Vec<String> = (0..PARTIES).map(|number| format!("lab-{number}")).collect();
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    for name in &names {
        net.register(0, name, Roles::LAB, vec![]);
    }
    let lot = net.lot(0, "distillery", 1, 64).lot.id();
    let mut waits = Vec::new();
    for number in 0..10 {
        let entry = net.entry("distillery", &[], event(lot, &format!("one {number}")));
        let began = Instant::now();
        let height = net.send(0, &entry);
        net.until("the header that binds it", |net| net.height(0) > height);
        waits.push(began.elapsed());
    }
    waits.sort();
    println!("figure: entry to provable header, median: {} ms", waits[5].as_millis());
    // Signed before the clock starts: an issuer's machine is not the network's.
    let mut sent = 0;
    let entries: Vec<Vec<Vec<u8>>> = names
        .iter()
        .map(|name| {
            let make = |number| encode(&net.entry(name, &[], event(lot, &format!("{number}"))));
            (0..ENTRIES).map(make).collect()
        })
        .collect();
    let bytes: usize = entries.iter().flatten().map(Vec::len).sum();
    let (began, first) = (Instant::now(), net.height(0));
    for number in 0..ENTRIES {
        for (party, entries) in entries.iter().enumerate() {
            // Each party at one node, where its entries wait behind each other.
            net.broadcast(party % 4, &entries[number]);
            sent += 1;
        }
    }
    let offered = began.elapsed();
    let last = |net: &Consortium| names.iter().all(|name| net.sequence(name) == ENTRIES as u64);
    net.until("all entries", last);
    let (took, blocks) = (began.elapsed(), net.height(0) - first);
    println!("figure: bytes an entry: {} B", bytes / sent);
    println!("figure: offered in: {} ms", offered.as_millis());
    println!("figure: entries a second: {:.0} /s", sent as f64 / took.as_secs_f64());
    println!("figure: a block: {:.0} ms", took.as_millis() as f64 / blocks as f64);
}
