//! Gateways that hold back newer headers, or have come to a standstill: where another one has newer
//! headers nobody is held at an old one.

use super::lies::scanned;
use super::world::{Counted, World};
use crate::cancel::Cancel;
use crate::client::{Client, Reach};
use crate::net::testserver::{TestServer, reply};
use sealight_issue::comet::commit_answer;
use sealight_verify::format::entry::RecallScope;
use sealight_verify::judge::Outcome;
use sealight_verify::time::{Seconds, Timestamp};

const HOUR: i64 = 3_600;

/// A gateway whose head stays what it is now; of all else it tells the truth.
fn frozen(world: &World) -> TestServer {
    let head = commit_answer(&world.ledger.light_block(None).unwrap());
    world.gateway(move |path, steps| match path == "/commit" {
        true => reply("200 OK", head.as_bytes()),
        false => steps,
    })
}

/// A gateway that tells the truth, and what it is asked.
fn counting(world: &World) -> (TestServer, Counted) {
    let counted = Counted::default();
    let seen = counted.clone();
    let gateway = world.gateway(move |path, steps| {
        seen.note(path);
        steps
    });
    (gateway, counted)
}

/// Headers only; the height that was reached.
fn head(world: &World, device: &mut Client, system: Timestamp, cancel: &Cancel) -> Option<u64> {
    let ledger = world.ledger.ledger();
    let report = device.sync_headers(&ledger, system, &mut |_| {}, cancel);
    assert_eq!(report.outcome, Ok(()));
    report.head.map(|(height, _)| height)
}

fn stale(world: &World, device: &mut Client) -> Vec<u64> {
    let gateways = device.online.gateways(&world.ledger.ledger()).unwrap();
    gateways.standings().map(|(_, standing)| standing.stale).collect()
}

#[test]
fn a_frozen_gateway_that_is_asked_first_hides_no_recall_from_a_scan() {
    let world = World::new(1);
    let (frozen, honest) = (frozen(&world), world.honest());
    let mut device = world.device(&[&frozen, &honest]);
    let claim = world.claim(5);
    let before = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(before.outcome(), Outcome::Proven);
    world.wait(HOUR);
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let since = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(since.outcome(), Outcome::ProvenBut, "{:?}", since.record);
    assert_eq!(stale(&world, &mut device), [1, 0]);
}

#[test]
fn a_frozen_gateway_that_is_asked_first_hides_no_recall_from_an_earlier_scan() {
    let world = World::new(1);
    let (frozen, honest) = (frozen(&world), world.honest());
    let (mut device, id) = scanned(&world, &[&frozen, &honest]);
    world.wait(HOUR);
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let report = world.sync(&mut device);
    assert_eq!(report.head.map(|head| head.0), Some(world.ledger.head().height));
    assert_eq!(report.recalled, [id]);
}

#[test]
fn a_doubtful_clock_is_no_shelter_for_a_frozen_gateway() {
    let world = World::new(1);
    let (frozen, honest) = (frozen(&world), world.honest());
    let mut device = world.device(&[&frozen, &honest]);
    let cancel = Cancel::default();
    let early = head(&world, &mut device, world.now(), &cancel);
    world.wait(HOUR);
    let epoch = Timestamp::from_unix_secs(0);
    let reached = head(&world, &mut device, epoch, &cancel);
    assert!(reached > early);
    assert_eq!(reached, Some(world.ledger.head().height));
}

#[test]
fn under_a_recent_head_one_gateway_is_asked_and_under_an_old_one_each_for_its_head() {
    let world = World::new(1);
    let ((first, ones), (second, others)) = (counting(&world), counting(&world));
    let mut device = world.device(&[&first, &second]);
    let cancel = Cancel::default();
    let reached = head(&world, &mut device, world.now(), &cancel);
    assert_eq!(others.take(), Vec::<String>::new());
    ones.take();
    // The ledger itself stands still: nobody lags.
    let later = world.now().saturating_add(Seconds(2 * HOUR as u64));
    assert_eq!(head(&world, &mut device, later, &cancel), reached);
    assert_eq!((ones.take(), others.take()), (vec!["/commit".into()], vec!["/commit".into()]));
    assert_eq!(stale(&world, &mut device), [0, 0]);
}

#[test]
fn one_gateway_alone_is_asked_once_for_an_old_head() {
    let world = World::new(1);
    let (gateway, asked) = counting(&world);
    let mut device = world.device(&[&gateway]);
    let cancel = Cancel::default();
    head(&world, &mut device, world.now(), &cancel);
    asked.take();
    let later = world.now().saturating_add(Seconds(2 * HOUR as u64));
    head(&world, &mut device, later, &cancel);
    assert_eq!(asked.take(), ["/commit"]);
}

#[test]
fn what_is_stopped_after_the_first_head_asks_no_other() {
    let world = World::new(1);
    let (frozen, (second, asked)) = (frozen(&world), counting(&world));
    let mut device = world.device(&[&frozen, &second]);
    head(&world, &mut device, world.now(), &Cancel::default());
    world.wait(HOUR);
    let (ledger, cancel) = (world.ledger.ledger(), Cancel::default());
    let report = device.sync_headers(&ledger, world.now(), &mut |_| cancel.cancel(), &cancel);
    assert_eq!((report.outcome, asked.take()), (Ok(()), Vec::new()));
    assert_eq!(stale(&world, &mut device), [0, 0]);
}
