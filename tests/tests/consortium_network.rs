//! Four real nodes: a lot issued through one, scanned through another.

mod consortium_support;

use consortium_support::{Consortium, brand, gtin, prove, sync};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Reach;
use sealight_edge::clock;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::format::entry::{Body, LifeChange};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, Freshness, Life, SealClaim};
use std::time::Instant;

#[test]
fn an_item_issued_through_one_node_is_proven_through_another() {
    issued_and_scanned(1_000, 10);
}

#[test]
#[ignore = "the long tier: a lot of 100,000 and 1,000 events"]
fn a_lot_of_100_000_items_is_anchored_in_one_entry() {
    issued_and_scanned(100_000, 1_000);
}

fn issued_and_scanned(items: u32, events: u32) {
    let began = Instant::now();
    let Some(mut net) = Consortium::start(&NetworkOptions::default()) else { return };
    println!("figure: network up: {} ms", began.elapsed().as_millis());
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    net.register(2, "lab", Roles::LAB, vec![]);
    net.register(3, "shop", Roles::RETAILER, vec![]);
    let began = Instant::now();
    let lot = net.lot(0, "distillery", 1, items);
    println!("figure: lot built, stored and anchored: {} ms", began.elapsed().as_millis());
    let id = lot.lot.id();
    for number in 0..events {
        // A party has 128 events at most in a lot of somebody else; its issuer has no such limit.
        let by = if number % 10 == 0 && number < 1_000 { "lab" } else { "distillery" };
        let event = TraceEvent {
            lot: id,
            items: None,
            step: format!("step {number}"),
            at: clock::system(),
            place: None,
            facts: vec![],
            sensor: false,
            document: None,
        };
        net.submit((number % 4) as usize, by, &[], Body::AppendEvent(event));
    }
    let sold = LifeChange {
        lot: id,
        ranges: vec![ItemRange { first: 0, last: items / 2 - 1 }],
        to: LifeState::Sold,
        restore: None,
    };
    let height = net.submit(3, "shop", &[], Body::ChangeLife(sold));
    let began = Instant::now();
    net.until("the header that binds the sale", |net| net.height(1) > height);
    println!("figure: entry to provable header: {} ms at most", began.elapsed().as_millis());
    // Node 2, and neither the issuer nor node 1 has any part in it.
    net.network.stop_node(0).unwrap();
    let mut device = net.device(&[1]);
    for (index, life) in [(0, LifeState::Sold), (items - 1, LifeState::InTrade)] {
        let claim = SealClaim::of_seal(&lot.seals[index as usize], Carrier::Qr);
        let proven = prove(&mut device, &claim, Reach::Online);
        let verdict = proven.judgement.verdict;
        let Finding::Proven(item) = &verdict.record else { panic!("{:?}", verdict.record) };
        assert_eq!(item.events().len(), events as usize);
        assert_eq!(verdict.operators, Some(3));
        assert_eq!(verdict.freshness, Freshness::Fresh);
        assert_eq!(verdict.life, Life::At(life));
    }
    // And from the store, with nobody to ask.
    net.network.down().unwrap();
    let claim = SealClaim::of_seal(&lot.seals[0], Carrier::Qr);
    let proven = prove(&mut device, &claim, Reach::Online);
    assert!(
        matches!(proven.judgement.verdict.record, Finding::Proven(_)) && proven.offline.is_some()
    );
}

#[test]
fn every_node_serves_the_same_bytes() {
    let Some(mut net) = Consortium::start(&NetworkOptions::default()) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let lot = net.lot(0, "distillery", 1, 130);
    let head = net.height(0);
    net.until("one more block everywhere", |net| (0..4).all(|place| net.height(place) > head));
    let mut synced = Vec::new();
    for place in 0..4 {
        let mut device = net.device(&[place]);
        assert!(sync(&net, &mut device).unwrap() >= head);
        let chain = device.light.chain(&net.ledger).unwrap();
        synced.push(chain.head().unwrap().app_hash());
    }
    assert!(synced.windows(2).all(|pair| pair[0] == pair[1]));
    // f + 1 = 2 members held the files when the lot was anchored; soon all do.
    for place in 0..4 {
        let mut device = net.device(&[place]);
        let gateway = device.online.gateways(&net.ledger).unwrap().all().remove(0);
        net.until("the lot's files at every member", |_| {
            let bucket = gateway.bucket(&lot.lot.root(), 2, &Cancel::default());
            bucket.is_ok_and(|bytes| bytes == lot.buckets[2])
        });
    }
}
