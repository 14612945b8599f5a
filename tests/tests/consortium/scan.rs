//! Four real nodes: a lot issued through one, scanned through another.

use crate::consortium_support::{Consortium, Engine, brand, gtin, prove, sync};
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Reach;
use sealight_edge::clock;
use sealight_issue::lot::WholeLot;
use sealight_ledger::node::NetworkOptions;
use sealight_verify::codec::encode;
use sealight_verify::format::entry::{Body, LifeChange};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::Carrier;
use sealight_verify::judge::{Finding, Freshness, Life, SealClaim};
use std::collections::BTreeSet;
use std::time::Instant;

/// What is entered by each party: one has 128 events at most in a lot of somebody else.
const FOREIGN: u32 = 100;

#[test]
fn an_item_issued_through_one_node_is_proven_through_another() {
    issued_and_scanned(1_000, 30);
}

#[test]
#[ignore = "the claim consortium-scan: a lot of 100,000 and 1,000 events"]
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
    println!("figure: items in one entry: {items}");
    println!("figure: lot built, stored and anchored: {} ms", began.elapsed().as_millis());
    let began = Instant::now();
    let shares = told(&mut net, lot.lot.id(), events);
    println!("figure: trace events of three parties: {events}");
    println!("figure: events entered: {} ms", began.elapsed().as_millis());
    // By range: half of the lot is sold, and of it every other bottle of the first hundred opened.
    let half = ItemRange { first: 0, last: items / 2 - 1 };
    let opened: Vec<ItemRange> = (0..50).map(|n| ItemRange { first: 2 * n, last: 2 * n }).collect();
    change_life(&mut net, "shop", &lot, vec![half], LifeState::Sold);
    let height = change_life(&mut net, "shop", &lot, opened, LifeState::Opened);
    let began = Instant::now();
    net.until("the header that binds it", |net| net.height(1) > height);
    println!("figure: block to provable header: {} ms at most", began.elapsed().as_millis());
    // Node 2 alone; the issuer is gone with its key, and so is node 1 with its files.
    net.until_stored(&lot, &[1]);
    net.parties.remove("distillery").unwrap();
    net.network.stop_node(0).unwrap();
    let mut device = net.device(&[1]);
    let lives = [
        (0, LifeState::Opened),
        (1, LifeState::Sold),
        (items / 2 - 1, LifeState::Sold),
        (items - 1, LifeState::InTrade),
    ];
    for (index, life) in lives {
        let claim = SealClaim::of_seal(&lot.seals[index as usize], Carrier::Qr);
        let began = Instant::now();
        let proven = prove(&mut device, &claim, Reach::Online);
        println!("figure: scan of item {index}: {} ms", began.elapsed().as_millis());
        let bundle = proven.bundle.map_or(0, |bundle| bundle.len());
        println!("figure: its bundle: {bundle} B");
        let verdict = proven.judgement.verdict;
        let Finding::Proven(item) = &verdict.record else { panic!("{:?}", verdict.record) };
        assert_eq!(item.events().len(), events as usize);
        let speakers: BTreeSet<&str> =
            item.events().iter().map(|event| event.by.legal_name.as_str()).collect();
        assert_eq!(speakers.len(), shares);
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

/// Trace events by all three parties at three nodes at once; how many of the parties spoke.
fn told(net: &mut Consortium, lot: LotId, events: u32) -> usize {
    let foreign = FOREIGN.min(events / 3);
    let shares = [("lab", foreign), ("shop", foreign), ("distillery", events - 2 * foreign)];
    let signed = shares.map(|(by, count)| {
        let event = |number| TraceEvent {
            lot,
            items: None,
            step: format!("{by} {number}"),
            at: clock::system(),
            place: None,
            facts: vec![],
            sensor: false,
            document: None,
        };
        let entry = |number| encode(&net.entry(by, &[], Body::AppendEvent(event(number))));
        (0..count).map(entry).collect::<Vec<_>>()
    });
    std::thread::scope(|scope| {
        for (place, entries) in signed.iter().enumerate() {
            let mut engine = Engine::dial(net.rpc(place));
            scope.spawn(move || engine.offer(entries));
        }
    });
    let due = shares.map(|(by, _)| (by, net.parties[by].sequence));
    net.until("all events", |net| due.iter().all(|(by, next)| net.sequence(by) == *next));
    shares.len()
}

fn change_life(
    net: &mut Consortium,
    by: &str,
    lot: &WholeLot,
    ranges: Vec<ItemRange>,
    to: LifeState,
) -> u64 {
    let change = LifeChange { lot: lot.lot.id(), ranges, to, restore: None };
    net.submit(3, by, &[], Body::ChangeLife(change))
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
