//! The disk's work waits for whoever stands there: for the answer, and for the next one.

use super::*;
use crate::cancel::Cancel;
use crate::store::{SealKey, Store};
use crate::testdisk::Disk;
use sealight_flow::ScanId;

/// Bundles of the first bottles that are on the disk.
fn kept(world: &World, disk: &Disk) -> usize {
    let key = |index| SealKey::of(&world.ledger.ledger(), &world.claim(index));
    (0..30).filter(|index| disk.bundle(&key(*index)).unwrap().is_some()).count()
}

#[test]
fn an_answer_is_handed_out_before_its_proof_is_kept() {
    let world = World::new(1);
    let (gateway, disk) = (world.honest(), Disk::default());
    let device = world.device_with(Box::new(disk.clone()), &[&gateway], world.now());
    let key = SealKey::of(&world.ledger.ledger(), &world.claim(5));
    let (tell, views) = channel();
    let (tell_kept, kept_by_then) = channel();
    let seen = disk.clone();
    let on_view = Box::new(move |view: View| {
        if view.screen == Screen::Verdict {
            let _ = tell_kept.send(seen.bundle(&key).unwrap().is_some());
        }
        let _ = tell.send(view);
    });
    let parts = Parts {
        light: device.light,
        online: device.online,
        profile: Profile::KIOSK,
        language: Language::English,
        local: LocalTime::Fixed(0),
        sign: Sign::default(),
        system,
        sync_every: Duration::from_secs(3600),
    };
    let host = Host::start(parts, Shell { on_view, on_effect: Box::new(|_| {}) }).unwrap();
    let watched = Watched { host, views };
    watched.read(world.claim(5));
    watched.next(Screen::Verdict);
    assert_eq!(kept_by_then.recv_timeout(Duration::from_secs(60)), Ok(false));
    watched.host.stop();
    assert_eq!(kept(&world, &disk), 1, "it is kept all the same");
}

#[test]
fn nothing_is_forgotten_while_a_gateway_is_asked() {
    let (world, disk) = (World::new(1), Disk::default());
    let light = world.device_with(Box::new(disk.clone()), &[], world.now()).light;
    let (mut runner, _asked) = runner(light, system, |_| {});
    runner.asking.insert(ScanId(1), Cancel::default());
    (0..8).for_each(|index| runner.keep_soon(Box::new(world.claim(index)), vec![1]));
    runner.keep_later();
    assert_eq!(kept(&world, &disk), 8);
    assert_eq!(runner.tries_again(), u64::MAX, "the gateway's answer wakes it");
    runner.asking.clear();
    assert!(runner.tries_again() <= runner.now().ms);
    runner.keep_later();
    assert_eq!(kept(&world, &disk), 4);
}
