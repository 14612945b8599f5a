//! What is left in memory of a visitor who has gone.

use super::run::Facts;
use super::*;
use crate::store::FleetingStore;
use sealight_flow::ScanId;

#[test]
fn what_was_scanned_is_forgotten_and_what_waits_for_room_is_not() {
    let world = World::new(1);
    let light = world.device_with(Box::new(FleetingStore::new()), &[], world.now()).light;
    let (tell, told) = channel();
    let (mut runner, _asked) = runner(light, system, move |effect| drop(tell.send(effect)));
    runner.facts.insert(ScanId(1), Facts::default());
    runner.keep(Box::new(world.claim(5)), vec![1]);
    runner.run_effect(Effect::Forget);
    assert!(runner.facts.is_empty());
    assert_ne!(runner.tries_again(), u64::MAX, "the bundle waits on");
    assert!(told.try_iter().any(|effect| effect == Effect::Forget), "the shell forgets too");
}
