//! What is left in memory of a visitor who has gone.

use super::run::{Device, Facts, Runner};
use super::*;
use crate::store::FleetingStore;
use sealight_flow::ScanId;

#[test]
fn what_was_scanned_is_forgotten_and_what_waits_for_room_is_not() {
    let world = World::new(1);
    let light = world.device_with(Box::new(FleetingStore::new()), &[], world.now()).light;
    let profile = Profile::KIOSK;
    let device = Device {
        light,
        policy: profile.policy,
        system,
        local: LocalTime::Fixed(0),
        sync_every: Duration::from_secs(3600),
        history: profile.history,
        chip_reader: profile.has.chip_reader,
    };
    let (jobs, _asked) = channel();
    let (tell, told) = channel();
    let on_effect = Box::new(move |effect| drop(tell.send(effect)));
    let shell = Shell { on_view: Box::new(|_| {}), on_effect };
    let mut runner =
        Runner::new(device, (profile, Language::English, Sign::default()), shell, jobs);
    runner.facts.insert(ScanId(1), Facts::default());
    runner.keep(Box::new(world.claim(5)), vec![1]);
    runner.run_effect(Effect::Forget);
    assert!(runner.facts.is_empty());
    assert_ne!(runner.tries_again(), u64::MAX, "the bundle waits on");
    assert!(told.try_iter().any(|effect| effect == Effect::Forget), "the shell forgets too");
}
