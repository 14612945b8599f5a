//! Faults on a real network: nodes killed, and the application killed inside blocks.

mod consortium_support;

use consortium_support::{Consortium, brand, gtin, kill, prove, prove_at, sync};
use sealight_edge::client::Reach;
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::format::entry::Body;
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, Freshness, Happening, ProvenEvent, SealClaim};
use sealight_verify::time::Seconds;
use std::time::Duration;

fn event(lot: LotId, step: &str) -> Body {
    Body::AppendEvent(TraceEvent {
        lot,
        items: None,
        step: step.into(),
        at: clock::system(),
        place: None,
        facts: vec![],
        sensor: false,
        document: None,
    })
}

/// Ends a node as a power cut would: supervisor, application and engine.
fn cut(net: &Consortium, place: usize) {
    let node = net.node(place);
    for process in ["supervisor_process", "app_process", "engine_process"] {
        kill(node.process(process).unwrap());
    }
}

#[test]
fn one_node_may_be_lost_and_with_two_the_ledger_stops_and_loses_nothing() {
    let options = NetworkOptions { interval: Duration::from_secs(2), ..NetworkOptions::default() };
    let Some(mut net) = Consortium::start(&options) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 100);
    let id = lot.lot.id();
    cut(&net, 3);
    net.submit(1, "distillery", &[], event(id, "with three"));
    cut(&net, 2);
    let stopped = net.height(0).max(net.height(1));
    let claim = SealClaim::of_seal(&lot.seals[0], Carrier::Qr);
    let mut device = net.device(&[1]);
    // Headers still come from the nodes that are left, and prove what was so.
    let proven = prove(&mut device, &claim, Reach::Online);
    assert!(matches!(proven.judgement.verdict.record, Finding::Proven(_)));
    std::thread::sleep(Duration::from_secs(5));
    assert!(net.height(0).max(net.height(1)) <= stopped + 1);
    // A day and a half later nothing is newer: what was proven is told as stale.
    let later = clock::system().saturating_add(Seconds(36 * 3600));
    let stale = prove_at(&mut device, &claim, Reach::Online, later).judgement.verdict;
    assert!(matches!(stale.record, Finding::Proven(_)));
    assert_eq!(stale.freshness, Freshness::Stale);
    // One comes back, then the other, and both catch up.
    net.start_node(2);
    let back = net.until("blocks again", |net| net.height(0) > stopped + 1);
    println!("figure: blocks again after the third node started: {} ms", back.as_millis());
    net.until("the third caught up", |net| net.height(2) >= net.height(0));
    net.submit(2, "distillery", &[], event(id, "with three again"));
    net.start_node(3);
    net.until("the fourth caught up", |net| net.height(3) >= net.height(0));
    net.submit(3, "distillery", &[], event(id, "with four"));
    // It has not taken the lot's files in from the issuer, but copied them.
    let mut device = net.device(&[3]);
    let verdict = |device: &mut _| prove(device, &claim, Reach::Online).judgement.verdict;
    net.until("files and the newest event at the fourth", |_| match verdict(&mut device).record {
        Finding::Proven(item) => item.events().len() == 3,
        _ => false,
    });
    let verdict = verdict(&mut device);
    let Finding::Proven(item) = &verdict.record else { panic!("{:?}", verdict.record) };
    let step = |event: &ProvenEvent| match &event.what {
        Happening::Trace(event) => event.step.clone(),
        other => panic!("{other:?}"),
    };
    let steps: Vec<String> = item.events().iter().map(step).collect();
    assert_eq!(steps, ["with three", "with three again", "with four"]);
}

#[test]
fn an_application_killed_inside_blocks_has_its_peers_state() {
    killed_inside_blocks(8);
}

#[test]
#[ignore = "the long tier: fifty kills"]
fn an_application_killed_fifty_times_inside_blocks_has_its_peers_state() {
    killed_inside_blocks(50);
}

fn killed_inside_blocks(kills: u32) {
    let options = NetworkOptions { interval: Duration::from_secs(1), ..NetworkOptions::default() };
    let Some(mut net) = Consortium::start(&options) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 100).lot.id();
    for number in 0..kills {
        let running = net.node(3).process("app_process").unwrap();
        // Blocks follow each other while the application dies, at another moment each time.
        let load = std::thread::scope(|scope| {
            let pause = Duration::from_millis(u64::from(number * 37 % 300));
            let killer = scope.spawn(move || {
                std::thread::sleep(pause);
                kill(running);
            });
            for step in 0..3 {
                net.submit(0, "distillery", &[], event(lot, &format!("{number} {step}")));
            }
            killer.join()
        });
        load.unwrap();
        net.until("the application again", |net| {
            let node = net.node(3);
            node.process("app_process").is_some_and(|id| id != running)
                && node.process("engine_process").is_some()
                && node.height() >= net.node(0).height()
        });
    }
    let height = net.height(0);
    net.until("a block after the last kill", |net| net.height(3) > height);
    let mut hashes = Vec::new();
    for place in [0, 3] {
        let mut device = net.device(&[place]);
        sync(&net, &mut device).unwrap();
        let chain = device.light.chain(&net.ledger).unwrap();
        hashes.push(chain.head().unwrap().app_hash());
    }
    assert_eq!(hashes[0], hashes[1]);
    let told = net.node(3).running.unwrap();
    assert!(told["restarts"].as_u64().unwrap() >= u64::from(kills), "{told}");
    assert!(told["failure"].is_null(), "{told}");
    println!("figure: kills inside blocks: {kills}");
}
