//! Gateways that answer slowly, while a visitor waits.

use super::world::{Counted, World};
use crate::client::online::Patience;
use crate::client::{Client, Reach};
use crate::net::testserver::{Step, TestServer};
use sealight_verify::judge::{Outcome, Verdict};
use std::time::Duration;

/// A gateway that takes so long for each answer, and what it is asked.
fn slow(world: &World, wait: Duration) -> (TestServer, Counted) {
    let counted = Counted::default();
    let seen = counted.clone();
    let gateway = world.gateway(move |path, steps| {
        seen.note(path);
        let mut slow = vec![Step::Wait(wait)];
        slow.extend(steps);
        slow
    });
    (gateway, counted)
}

/// A device that gives each gateway so long.
fn device(world: &World, gateways: &[&TestServer], each: Duration) -> Client {
    let mut device = world.device(gateways);
    device.online.patience = Patience { head: each, bundle: each };
    device
}

fn verdict(world: &World, device: &mut Client, index: u32) -> Verdict {
    world.prove(device, &world.claim(index), Reach::Online).judgement.verdict
}

#[test]
fn a_slow_gateway_keeps_nobody_from_the_next_one_and_is_asked_after_it() {
    let world = World::new(1);
    let (crawls, asked) = slow(&world, Duration::from_secs(1));
    let honest = world.honest();
    let mut device = device(&world, &[&crawls, &honest], Duration::from_millis(1_500));
    let first = verdict(&world, &mut device, 5);
    assert_eq!(first.outcome(), Outcome::Proven, "{:?}", first.record);
    // It had time for one answer, and was stopped in the second.
    assert_eq!(asked.take().len(), 2);
    // Longer than it rests.
    std::thread::sleep(Duration::from_millis(1_100));
    let second = verdict(&world, &mut device, 70);
    assert_eq!(second.outcome(), Outcome::Proven, "{:?}", second.record);
    assert_eq!(asked.take(), Vec::<String>::new());
    let gateways = device.online.gateways(&world.ledger.ledger()).unwrap();
    let silent: Vec<u64> = gateways.standings().map(|(_, standing)| standing.silent).collect();
    assert_eq!(silent, [1, 0]);
}

#[test]
fn on_a_line_that_makes_all_gateways_slow_an_answer_is_waited_for() {
    let world = World::new(1);
    let wait = Duration::from_millis(300);
    let ((one, _), (other, _)) = (slow(&world, wait), slow(&world, wait));
    let mut device = device(&world, &[&one, &other], Duration::from_millis(400));
    let proven = verdict(&world, &mut device, 5);
    assert_eq!(proven.outcome(), Outcome::Proven, "{:?}", proven.record);
}

#[test]
fn a_slow_gateway_alone_is_waited_for() {
    let world = World::new(1);
    let (crawls, _) = slow(&world, Duration::from_millis(300));
    let mut device = device(&world, &[&crawls], Duration::from_millis(400));
    let proven = verdict(&world, &mut device, 5);
    assert_eq!(proven.outcome(), Outcome::Proven, "{:?}", proven.record);
}

#[test]
fn a_synchronisation_that_nobody_waits_for_lets_a_slow_gateway_finish() {
    let world = World::new(1);
    let (crawls, _) = slow(&world, Duration::from_millis(300));
    let (honest, asked) = slow(&world, Duration::ZERO);
    let mut device = device(&world, &[&crawls, &honest], Duration::from_millis(400));
    let cancel = crate::cancel::Cancel::default();
    let ledger = world.ledger.ledger();
    let report = device.sync_headers(&ledger, world.now(), &mut |_| {}, &cancel);
    assert_eq!(report.head.map(|head| head.0), Some(world.ledger.head().height));
    assert_eq!(asked.take(), Vec::<String>::new());
}
