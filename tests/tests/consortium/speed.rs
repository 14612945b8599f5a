//! How fast four real nodes on this machine take entries in, beside nodes whose application does
//! nothing, with the same engine, settings and entries in the same run.

use crate::consortium_support::{Consortium, Engine};
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use sealight_tests::kit::rows;
use sealight_verify::codec::encode;
use sealight_verify::format::entry::Body;
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Field;
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};

/// Issuers that send at once, each at one node, where its entries wait behind each other.
const PARTIES: usize = 12;
const NODES: usize = 4;

#[test]
fn entries_of_1_kb_are_all_taken_in() {
    compared(20);
}

#[test]
#[ignore = "the claim consortium-speed"]
fn entries_of_1_kb_are_taken_in_half_as_fast_as_by_nodes_that_do_nothing() {
    let (ours, idle) = compared(900);
    let share = ours / idle;
    println!("figure: of the do-nothing application's: {share:.2} x");
    assert!(share >= 0.5, "{ours:.0} entries a second beside {idle:.0}");
}

/// Entries a second, ours and of nodes that do nothing.
fn compared(each: usize) -> (f64, f64) {
    let Some(mut net) = Consortium::start(&NetworkOptions::default()) else { return (1.0, 1.0) };
    let lots = lots(&mut net);
    waits(&mut net, &lots);
    let entries = signed(&mut net, &lots, each);
    let count: usize = entries.iter().map(Vec::len).sum();
    let bytes: usize = entries.iter().flatten().map(Vec::len).sum();
    println!("figure: entries: {count}");
    println!("figure: bytes an entry: {} B", bytes / count);
    let ours = rate(&net, &entries, "ours");
    net.until("all entries in the state", |net| {
        lots.iter().all(|(name, _)| net.sequence(name) == net.parties[name].sequence)
    });
    drop(net);
    let program = Path::new(env!("CARGO_BIN_EXE_idle")).to_owned();
    let net = Consortium::start_with(&NetworkOptions::default(), program, |_| {}).unwrap();
    (ours, rate(&net, &entries, "do-nothing"))
}

/// Entries a second of one party that sends alone, in a small lot of its own.
pub(crate) fn of_one_party(net: &mut Consortium, name: &str) -> f64 {
    let lot = net.lot(0, name, 1_000_000, 64).lot.id();
    let entry = |number| encode(&net.entry(name, &[], event(lot, &format!("{number}"))));
    let entries = vec![(0..900).map(entry).collect()];
    rate(net, &entries, "one party")
}

/// A lot of each issuer's own: of its own events one holds a thousand.
fn lots(net: &mut Consortium) -> Vec<(String, LotId)> {
    let lot = |number: usize| {
        let (name, brand) = (format!("issuer-{number:02}"), format!("Reverie {number:02}"));
        let space = vec![Namespace::Brand(brand.clone())];
        net.register(0, &name, Roles::ISSUER, space.clone());
        let mut rows = rows(64);
        rows.iter_mut().for_each(|row| (row.brand, row.gtin) = (Some(brand.clone()), None));
        let lot = net.lot_of(number % NODES, &name, 1, &rows, space);
        (name, lot.lot.id())
    };
    (0..PARTIES).map(lot).collect()
}

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

/// From an entry to the header that proves it, on a quiet network.
fn waits(net: &mut Consortium, lots: &[(String, LotId)]) {
    let mut waits = Vec::new();
    let (name, lot) = &lots[0];
    for number in 0..10 {
        let entry = net.entry(name, &[], event(*lot, &format!("one {number}")));
        let began = Instant::now();
        let height = net.send(0, &entry);
        net.until("the header that binds it", |net| net.height(0) > height);
        waits.push(began.elapsed());
    }
    waits.sort();
    println!("figure: entry to provable header, median: {} ms", waits[5].as_millis());
}

/// Entries for each node, its parties' by turns: signed before the clock starts, since issuers'
/// machines are not the network's.
fn signed(net: &mut Consortium, lots: &[(String, LotId)], each: usize) -> Vec<Vec<Vec<u8>>> {
    let mut entries = vec![Vec::new(); NODES];
    for number in 0..each {
        for (party, (name, lot)) in lots.iter().enumerate() {
            let entry = net.entry(name, &[], event(*lot, &format!("{number}")));
            entries[party % NODES].push(encode(&entry));
        }
    }
    entries
}

/// Offers all entries and waits until they stand in blocks; entries a second.
fn rate(net: &Consortium, entries: &[Vec<Vec<u8>>], whose: &str) -> f64 {
    let count: usize = entries.iter().map(Vec::len).sum();
    let (began, first) = (Instant::now(), net.height(0));
    let full: u64 = std::thread::scope(|scope| {
        let offers = entries.iter().enumerate().map(|(place, entries)| {
            let mut engine = Engine::dial(net.rpc(place));
            scope.spawn(move || engine.offer(entries))
        });
        offers.collect::<Vec<_>>().into_iter().map(|offer| offer.join().unwrap()).sum()
    });
    let offered = began.elapsed();
    let mut engine = Engine::dial(net.rpc(0));
    let mut taken = 0;
    let mut seen = first;
    net.until_in(Duration::from_secs(300), "all entries", |_| {
        let (height, more) = blocks(&mut engine, seen);
        (seen, taken) = (height, taken + more);
        taken >= count
    });
    let took = began.elapsed();
    assert_eq!(taken, count);
    let rate = count as f64 / took.as_secs_f64();
    println!("figure: {whose}, offered in: {} ms", offered.as_millis());
    println!("figure: {whose}, pauses for full queues: {full}");
    println!("figure: {whose}, entries a second: {rate:.0} /s");
    let blocks = (seen - first).max(1);
    println!("figure: {whose}, entries a block: {}", count as u64 / blocks);
    println!("figure: {whose}, a block: {} ms", took.as_millis() as u64 / blocks);
    rate
}

/// The newest height of at most twenty after one, and how many entries stand in them.
fn blocks(engine: &mut Engine, after: u64) -> (u64, usize) {
    let (from, to) = (after + 1, after + 20);
    let call = format!(
        "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"blockchain\",\
         \"params\":{{\"minHeight\":\"{from}\",\"maxHeight\":\"{to}\"}}}}"
    );
    let answer: Value = engine.post(&call);
    // None yet above that height is an error.
    let metas = answer["result"]["block_metas"].as_array().cloned().unwrap_or_default();
    let number = |value: &Value| value.as_str().and_then(|text| text.parse::<u64>().ok()).unwrap();
    let height = metas.iter().map(|meta| number(&meta["header"]["height"])).max();
    let count = metas.iter().map(|meta| number(&meta["num_txs"]) as usize).sum();
    (height.unwrap_or(after), count)
}
