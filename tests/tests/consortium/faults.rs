//! Faults on a real network: nodes killed, and the application killed inside blocks.

use crate::consortium_support::{Consortium, brand, event, gtin, kill, prove, prove_at};
use sealight_edge::client::Reach;
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, Freshness, Happening, ProvenEvent, SealClaim};
use sealight_verify::time::Seconds;
use std::time::Duration;

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
