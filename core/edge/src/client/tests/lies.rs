//! Gateways that lie: what is withheld or garbled never becomes red, nothing is lost, and the next
//! honest answer is accepted.

use super::world::{World, body_of, query_answer, value_of};
use crate::client::{Client, Reach};
use crate::net::testserver::{Step, TestServer, reply};
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::StateAnswer;
use sealight_verify::format::entry::RecallScope;
use sealight_verify::judge::{Finding, NotOnLedger, Outcome, SealClaim, Unproven, Verdict};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The verdict of a lying gateway alone, which must be no worse than unproven; then with an honest
/// one behind it, which must prove the bottle and leave the liar counted.
fn lie(world: &World, liar: &TestServer) -> Verdict {
    let claim = world.claim(77);
    let alone = verdict(world, &mut world.device(&[liar]), &claim);
    assert_eq!(alone.outcome(), Outcome::Unproven, "{:?}", alone.record);
    let honest = world.honest();
    let mut device = world.device(&[liar, &honest]);
    let proven = verdict(world, &mut device, &claim);
    assert_eq!(proven.outcome(), Outcome::Proven, "{:?}", proven.record);
    let ledger = world.ledger.ledger();
    let standings = device.online.gateways(&ledger).unwrap();
    let first = standings.standings().next().unwrap().1.clone();
    assert!(first.bad + first.stale + first.silent > 0, "{first:?}");
    alone
}

fn verdict(world: &World, device: &mut Client, claim: &SealClaim) -> Verdict {
    world.prove(device, claim, Reach::Online).judgement.verdict
}

fn is_lot_query(path: &str) -> bool {
    path.contains("%22/lot%22")
}

/// Bends the state answer about the lot.
fn bend_state(world: &World, bend: fn(&mut StateAnswer)) -> TestServer {
    world.gateway(move |path, steps| match value_of(&steps).filter(|_| is_lot_query(path)) {
        Some(value) => {
            let mut answer: StateAnswer = decode(&value).unwrap();
            bend(&mut answer);
            query_answer(answer.height, &encode(&answer))
        }
        None => steps,
    })
}

#[test]
fn a_withheld_bucket_is_data_missing() {
    let world = World::new(1);
    let liar = world.gateway(|path, steps| match path.starts_with("/lot/") {
        true => reply("404 Not Found", b""),
        false => steps,
    });
    let alone = verdict(&world, &mut world.device(&[&liar]), &world.claim(77));
    let missing = Finding::Unproven(Unproven::DataMissing { what: "bucket" });
    assert_eq!(alone.record, missing);
    let honest = world.honest();
    let mut device = world.device(&[&liar, &honest]);
    assert_eq!(verdict(&world, &mut device, &world.claim(77)).outcome(), Outcome::Proven);
}

#[test]
fn withheld_events_are_events_missing() {
    let world = World::new(1);
    world.event("brewing");
    world.event("bottling");
    let liar = bend_state(&world, |answer| {
        answer.lot.as_mut().unwrap().events.pop();
    });
    let alone = lie(&world, &liar);
    assert_eq!(alone.record, Finding::Unproven(Unproven::EventsMissing { have: 1, of: 2 }));
}

#[test]
fn a_lot_called_absent_is_unproven() {
    let world = World::new(1);
    lie(
        &world,
        &bend_state(&world, |answer| {
            let lot = answer.lot.as_mut().unwrap();
            (lot.state.value, lot.anchor, lot.life) = (None, None, None);
            answer.parties.clear();
        }),
    );
}

#[test]
fn a_state_of_an_earlier_height_is_stale_and_not_taken_for_the_newest() {
    let world = World::new(1);
    lie(&world, &bend_state(&world, |answer| answer.height -= 1));
}

#[test]
fn a_state_of_other_roots_is_unproven() {
    let world = World::new(1);
    lie(&world, &bend_state(&world, |answer| answer.roots.log_size += 1));
}

#[test]
fn another_lots_bucket_is_not_taken() {
    let (world, other) = (World::new(1), World::new(2));
    let foreign = other.lot.buckets[1].clone();
    let liar = world.gateway(move |path, steps| match path.starts_with("/lot/") {
        true => reply("200 OK", &foreign),
        false => steps,
    });
    let alone = verdict(&world, &mut world.device(&[&liar]), &world.claim(77));
    let missing = Finding::Unproven(Unproven::DataMissing { what: "bucket" });
    assert_eq!(alone.record, missing);
}

#[test]
fn another_ledgers_gateway_is_unproven() {
    let (world, other) = (World::new(1), World::new(2));
    let elsewhere = other.honest();
    lie(&world, &elsewhere);
}

#[test]
fn a_frozen_head_gives_what_it_proves_with_its_age() {
    let world = World::new(1);
    let frozen = world.ledger.light_block(None).unwrap();
    let head = sealight_issue::comet::commit_answer(&frozen);
    let liar = world.gateway(move |path, steps| match path == "/commit" {
        true => reply("200 OK", head.as_bytes()),
        false => steps,
    });
    let mut device = world.device(&[&liar]);
    assert_eq!(verdict(&world, &mut device, &world.claim(77)).outcome(), Outcome::Proven);
    world.wait(3 * 86_400);
    let later = verdict(&world, &mut device, &world.claim(77));
    assert_eq!(later.outcome(), Outcome::ProvenStale);
    assert_eq!(later.as_of.map(|as_of| as_of.height), Some(frozen.height()));
    // An honest head is known: the frozen one is behind it, and counted.
    let honest = world.honest();
    let mut device = world.device(&[&honest, &liar]);
    assert_eq!(verdict(&world, &mut device, &world.claim(77)).outcome(), Outcome::Proven);
}

#[test]
fn a_head_from_before_the_lot_denies_it_only_where_nobody_has_a_newer_one() {
    let world = World::new(1);
    let before = world.ledger.light_block(Some(2)).unwrap();
    let head = sealight_issue::comet::commit_answer(&before);
    let liar = world.gateway(move |path, steps| match path == "/commit" {
        true => reply("200 OK", head.as_bytes()),
        false => steps,
    });
    let alone = verdict(&world, &mut world.device(&[&liar]), &world.claim(77));
    let no_lot = Finding::NotOnLedger(NotOnLedger::NoSuchLot { lot: world.lot_id() });
    assert_eq!(alone.record, no_lot);
    assert_eq!(alone.as_of.map(|as_of| as_of.height), Some(before.height()));
    let honest = world.honest();
    let both = verdict(&world, &mut world.device(&[&liar, &honest]), &world.claim(77));
    assert_eq!(both.outcome(), Outcome::Proven, "{:?}", both.record);
}

#[test]
fn a_huge_answer_is_cut_and_a_slow_one_left() {
    let world = World::new(1);
    let huge = world.gateway(|path, steps| match is_lot_query(path) {
        true => {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            let chunk = [b"10000\r\n".as_slice(), &[b' '; 65536], b"\r\n"].concat();
            vec![Step::Send(head), Step::Flood(chunk)]
        }
        false => steps,
    });
    lie(&world, &huge);
    let slow = world.gateway(|path, steps| match is_lot_query(path) {
        true => vec![Step::Wait(std::time::Duration::from_secs(30))],
        false => steps,
    });
    lie(&world, &slow);
}

/// Answers of one kind damaged at one byte after the other, in steps that the count allows.
fn damaged(kind: fn(&str) -> bool, damage: fn(&[u8], usize) -> Vec<u8>) {
    let world = World::new(1);
    let at = Arc::new(AtomicUsize::new(0));
    let length = Arc::new(AtomicUsize::new(0));
    let (place, seen) = (Arc::clone(&at), Arc::clone(&length));
    let liar = world.gateway(move |path, steps| match body_of(&steps).filter(|_| kind(path)) {
        Some(body) => {
            seen.store(body.len(), Ordering::Relaxed);
            reply("200 OK", &damage(&body, place.load(Ordering::Relaxed) % body.len()))
        }
        None => steps,
    });
    let claim = world.claim(77);
    let mut device = world.device(&[&liar]);
    verdict(&world, &mut device, &claim);
    let length = length.load(Ordering::Relaxed);
    assert!(length > 0);
    for place in (0..length).step_by((length / 60).max(1)) {
        at.store(place, Ordering::Relaxed);
        let got = verdict(&world, &mut world.device(&[&liar]), &claim);
        // Some bytes mean nothing (a JSON key that nobody reads): then the answer is honest.
        let fine = matches!(got.outcome(), Outcome::Unproven | Outcome::Proven);
        assert!(fine, "byte {place}: {:?}", got.record);
    }
}

fn flipped(body: &[u8], at: usize) -> Vec<u8> {
    let mut body = body.to_vec();
    body[at] ^= 1;
    body
}

fn cut(body: &[u8], at: usize) -> Vec<u8> {
    body[..at].to_vec()
}

#[test]
fn damaged_state_never_turns_red() {
    damaged(is_lot_query, flipped);
    damaged(is_lot_query, cut);
}

#[test]
fn damaged_headers_never_turn_red() {
    damaged(|path| path.starts_with("/commit"), flipped);
    damaged(|path| path.starts_with("/validators"), flipped);
    damaged(|path| path.starts_with("/checkpoint"), flipped);
}

#[test]
fn damaged_buckets_never_turn_red() {
    damaged(|path| path.starts_with("/lot/"), flipped);
    damaged(|path| path.starts_with("/lot/"), cut);
}

#[test]
fn a_feed_that_claims_too_much_is_read_again_from_the_start() {
    use sealight_verify::format::answer::RecallFeed;
    let world = World::new(1);
    let liar = world.gateway(|path, steps| match path.contains("/recalls") {
        true => {
            let feed = RecallFeed { version: 1, log_size: u64::MAX, recalls: Vec::new() };
            query_answer(1, &encode(&feed))
        }
        false => steps,
    });
    let mut device = world.device(&[&liar]);
    world.sync(&mut device);
    let ledger = world.ledger.ledger();
    let url = crate::net::GatewayUrl::listed(&liar.url()).unwrap();
    assert_eq!(device.light.feed_places(&ledger).of(&url), u64::MAX);
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let honest = world.honest();
    let mut device = world.device(&[&honest]);
    let url = crate::net::GatewayUrl::listed(&honest.url()).unwrap();
    device.light.feed_read(&ledger, &url, u64::MAX).unwrap();
    let places = device.light.feed_places(&ledger);
    let feeds = device.online.recalls(&ledger, &places, &crate::cancel::Cancel::default());
    assert_eq!((feeds.len(), feeds[0].hints.len(), feeds[0].to < 100), (1, 1, true));
}

/// A device that scanned bottle 3.
pub(super) fn scanned(world: &World, gateways: &[&TestServer]) -> (Client, crate::store::ScanId) {
    use sealight_flow::{Answer, Chips, Entry};
    let mut device = world.device(gateways);
    let claim = world.claim(3);
    let verdict = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    let answer = Answer::of(&claim, &verdict);
    let entry = Entry::of(world.now(), &claim, &answer, Chips::NONE, None);
    let ledger = world.ledger.ledger();
    let id = device.light.record(&ledger, &claim, &verdict, entry).unwrap().unwrap();
    (device, id)
}

#[test]
fn a_gateway_that_hides_a_recall_hides_it_from_its_own_feed_only() {
    use sealight_verify::format::answer::RecallFeed;
    let world = World::new(1);
    let liar = world.gateway(|path, steps| match path.contains("/recalls") {
        true => {
            let told = value_of(&steps).and_then(|value| decode::<RecallFeed>(&value).ok());
            let feed = RecallFeed { recalls: Vec::new(), ..told.unwrap() };
            query_answer(1, &encode(&feed))
        }
        false => steps,
    });
    let (mut device, id) = scanned(&world, &[&liar]);
    world.recall(RecallScope::Lot(world.lot_id()), true);
    assert_eq!(world.sync(&mut device).recalled, []);
    let honest = world.honest();
    let urls =
        [&liar, &honest].map(|server| crate::net::GatewayUrl::listed(&server.url()).unwrap());
    device.online = crate::client::Online::new(device.light.trust(), &urls, Default::default());
    assert_eq!(world.sync(&mut device).recalled, [id]);
}

#[test]
fn a_hint_that_no_known_state_can_tell_of_keeps_the_feed_in_its_place() {
    use sealight_verify::format::answer::{RecallFeed, RecallHint};
    let world = World::new(1);
    let scope = RecallScope::Lot(world.lot_id());
    let ahead = world.gateway(move |path, steps| match path.contains("/recalls") {
        true => {
            let hint = RecallHint { log_index: 1000, scope: scope.clone(), recalled: true };
            let feed = RecallFeed { version: 1, log_size: 1001, recalls: vec![hint] };
            query_answer(1, &encode(&feed))
        }
        false => steps,
    });
    let (mut device, _) = scanned(&world, &[&ahead]);
    let report = world.sync(&mut device);
    assert_eq!((report.outcome, report.recalled), (Ok(()), Vec::new()));
    let url = crate::net::GatewayUrl::listed(&ahead.url()).unwrap();
    assert_eq!(device.light.feed_places(&world.ledger.ledger()).of(&url), 0);
}

#[test]
fn a_feed_with_more_hits_than_are_looked_at_keeps_its_place() {
    use sealight_verify::format::answer::RecallHint;
    let world = World::new(1);
    let gateway = world.honest();
    let (mut device, id) = scanned(&world, &[&gateway]);
    let ledger = world.ledger.ledger();
    let scan = device.light.store().scan(id).unwrap().unwrap();
    let more = crate::store::NewScan { ledger, item: scan.item, issuer: None, entry: scan.entry };
    let more = crate::store::Change::Scan(Box::new(more));
    device.light.store().apply(&vec![more; 256]).unwrap();
    let scope = RecallScope::Lot(world.lot_id());
    let hints = [RecallHint { log_index: 7, scope, recalled: true }];
    let hits = device.light.touched(&ledger, &hints).unwrap();
    assert_eq!((hits.scans.len(), hits.whole), (256, false));
    device.light.forget(Some(hits.scans[0].0.id)).unwrap();
    let hits = device.light.touched(&ledger, &hints).unwrap();
    assert_eq!((hits.scans.len(), hits.whole), (256, true));
    assert!(hits.scans.iter().all(|(_, after)| *after == 7));
}
