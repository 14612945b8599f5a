//! Newer trust files are asked for beside headers, once a day, and hold up nobody who waits.

use super::net::Answer as NetAnswer;
use super::*;
use crate::cancel::Cancel;
use crate::client::{Progress, Rotations, Synced};
use crate::store::FleetingStore;
use sealight_flow::ScanId;

const SCAN: ScanId = ScanId(1);

fn begun(world: &World) -> (Runner, Receiver<Job>) {
    let store = Box::new(FleetingStore::new());
    runner(world.device_with(store, &[], world.now()).light, system, |_| {})
}

/// What stops the renewal that was asked for since.
fn renewal(asked: &Receiver<Job>) -> Option<Cancel> {
    let cancel = |job| match job {
        Job::Renew { cancel, .. } => Some(cancel),
        _ => None,
    };
    asked.try_iter().filter_map(cancel).last()
}

/// The headers came; the trust files did not yet.
fn synced(world: &World) -> NetAnswer {
    let synced = Synced {
        changes: Vec::new(),
        evidence: Vec::new(),
        progress: Progress::default(),
        outcome: Ok(()),
    };
    NetAnswer::Synced { ledger: world.ledger.ledger(), synced, feeds: Vec::new() }
}

#[test]
fn a_look_up_stops_a_renewal_and_the_next_synchronisation_has_it_again() {
    let world = World::new(1);
    let (mut runner, asked) = begun(&world);
    runner.due();
    let crawls = renewal(&asked).expect("trust files are asked for at the start");
    runner.answered(synced(&world));
    runner.run_effect(Effect::Fetch { scan: SCAN, claim: Box::new(world.claim(5)) });
    assert!(crawls.is_cancelled());
    runner.answered(renewed(true));
    runner.run_effect(Effect::Cancel { scan: SCAN });
    runner.sync_at = 0;
    runner.due();
    assert!(renewal(&asked).is_some());
}

#[test]
fn a_renewal_that_was_answered_is_not_asked_for_again_that_day() {
    let world = World::new(1);
    let (mut runner, asked) = begun(&world);
    runner.due();
    assert!(renewal(&asked).is_some());
    runner.answered(synced(&world));
    runner.answered(renewed(true));
    runner.sync_at = 0;
    runner.due();
    assert!(asked.try_iter().all(|job| matches!(job, Job::Sync { .. })));
    assert!(runner.syncing.is_some());
}

fn renewed(answered: bool) -> NetAnswer {
    NetAnswer::Renewed { rotations: Rotations { files: Vec::new(), answered } }
}

#[test]
fn a_renewal_that_nobody_answered_is_asked_for_again_soon() {
    let world = World::new(1);
    let (mut runner, asked) = begun(&world);
    runner.due();
    assert!(renewal(&asked).is_some());
    runner.answered(synced(&world));
    runner.answered(renewed(false));
    let soon = runner.now().ms + 15 * 60_000;
    assert!(runner.renew_at <= soon, "in a quarter of an hour, not tomorrow");
    assert!(runner.renew_at > soon - 60_000, "not at once");
}
