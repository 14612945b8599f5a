//! Items a second through lots: built, stored by members who recompute the root, anchored in one
//! entry each; and what a day of 400 million items would cost, from these figures.

use crate::consortium_support::{Consortium, brand, gtin, receipts};
use crate::speed;
use sealight_edge::cancel::Cancel;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_ledger::node::NetworkOptions;
use sealight_tests::kit::gateway::Upstream;
use sealight_tests::kit::rows;
use sealight_verify::format::entry::Body;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::party::Roles;
use std::time::{Duration, Instant};

/// Items of a lot.
const ITEMS: u32 = 100_000;
/// Items of a sale day, as they are sold in one event.
const SALE_DAY: f64 = 400e6;
/// Ranges of items in one change of life that fit an entry with room to spare.
const RANGES: f64 = 1_000.0;

#[test]
#[ignore = "the claim consortium-lots: ten million items"]
fn ten_million_items_are_anchored() {
    anchored(100);
}

#[test]
#[ignore = "a try of consortium-lots"]
fn three_hundred_thousand_items_are_anchored() {
    anchored(3);
}

/// Where the time goes, one lot after the other.
#[derive(Default)]
struct Spent {
    built: Duration,
    uploaded: Duration,
    receipts: Duration,
    entered: Duration,
}

fn anchored(lots: u64) {
    let Some(mut net) = Consortium::start(&NetworkOptions::default()) else { return };
    net.register(0, "distillery", Roles::ISSUER, vec![brand(), gtin()]);
    let rows = rows(ITEMS);
    let (began, mut spent, mut bytes) = (Instant::now(), Spent::default(), 0);
    let mut last = None;
    for number in 1..=lots {
        let whole = spent.built(|| build(&net, number, &rows));
        bytes += whole.buckets.iter().map(Vec::len).sum::<usize>();
        let (root, size, id) = (whole.lot.root(), whole.lot.size(), whole.lot.id());
        let place = (number % 4) as usize;
        let (mut device, cancel) = (net.device(&[place]), Cancel::default());
        let upload = Instant::now();
        for (bucket, file) in whole.buckets.iter().enumerate() {
            let bucket = bucket as u32;
            device.online.upload_bucket(&net.ledger, &root, bucket, file, &cancel).unwrap();
        }
        spent.uploaded += upload.elapsed();
        let signing = Instant::now();
        let receipts = receipts(&net, &mut device, place, (&id, &root, size));
        spent.receipts += signing.elapsed();
        let entering = Instant::now();
        net.submit(place, "distillery", &[], Body::AnchorLot(whole.lot.anchor(receipts)));
        spent.entered += entering.elapsed();
        last = Some((root, whole.buckets.len() - 1));
    }
    let took = began.elapsed();
    let items = lots as f64 * f64::from(ITEMS);
    let rate = items / took.as_secs_f64();
    println!("figure: items anchored: {items}");
    println!("figure: lots, an entry each: {lots}");
    println!("figure: in: {} s", took.as_secs());
    println!("figure: items a second: {rate:.0} /s");
    for (what, time) in [
        ("built by the issuer", spent.built),
        ("uploaded to one member", spent.uploaded),
        ("stored by a second one, roots recomputed, receipts signed", spent.receipts),
        ("entered", spent.entered),
    ] {
        println!("figure: of it {what}: {:.1} s", time.as_secs_f64());
    }
    println!("figure: bytes an item, at each member: {:.0} B", bytes as f64 / items);
    // Members that signed nothing copy the files on their own.
    let (root, bucket) = last.unwrap();
    let copied = net.until_in(Duration::from_secs(600), "the last lot's files everywhere", |net| {
        (0..4).all(|place| {
            let gateway = Upstream::new(net.node(place).gateway);
            gateway.read(&format!("/lot/{root}/{bucket}")).body().is_some()
        })
    });
    println!("figure: until every member had the last lot: {} s more", copied.as_secs());
    let entries = speed::of_one_party(&mut net, "distillery");
    println!("figure: entries a second, of one party: {entries:.0} /s");
    sale_day(rate, entries, bytes as f64 / items);
}

impl Spent {
    fn built<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = work();
        self.built += began.elapsed();
        done
    }
}

fn build(net: &Consortium, number: u64, rows: &[sealight_issue::rows::Row]) -> WholeLot {
    let mut count = u128::from(number) << 64;
    let mut secrets = || {
        count += 1;
        count.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()
    };
    let plan = LotPlan {
        ledger: net.ledger,
        issuer: net.parties["distillery"].id,
        number,
        title: "Blue Reverie, spring batch".into(),
        namespaces: vec![brand(), gtin()],
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
    };
    WholeLot::build(plan, rows, &mut secrets).unwrap()
}

/// Nothing here is measured: it is what the figures above come to.
fn sale_day(items: f64, entries: f64, bytes: f64) {
    let lots = SALE_DAY / f64::from(ITEMS);
    println!(
        "figure: 400 million items, anchored on this one machine: {:.1} h",
        SALE_DAY / items / 3600.0
    );
    println!("figure: their entries: {lots}");
    println!("figure: the network's time for these entries: {:.0} s", lots / entries);
    println!("figure: their files at each member: {:.0} GB", SALE_DAY * bytes / 1e9);
    let ranged = SALE_DAY / RANGES;
    println!("figure: all sold, 1,000 ranges an entry: {ranged} entries");
    println!("figure: the network's time for that, by entries alone: {:.0} s", ranged / entries);
    println!("figure: all sold in an entry each: {:.1} days", SALE_DAY / entries / 86_400.0);
}
