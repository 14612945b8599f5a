//! A disk without room during a scan: the answer comes, is told as not kept, and is kept later.

use super::*;
use crate::net::testserver::TestServer;
use crate::store::{SealKey, Store};
use crate::testdisk::Disk;
use sealight_flow::{Effect, Noted};

/// A kiosk whose store is on this disk, and what it notes.
fn kiosk(world: &World, gateway: &TestServer, disk: &Disk) -> (Watched, Receiver<Noted>) {
    let device = world.device_with(Box::new(disk.clone()), &[gateway], world.now());
    let (note, noted) = channel();
    let on_effect = move |effect| {
        if let Effect::Note(is) = effect {
            let _ = note.send(is);
        }
    };
    (watched_as(Profile::KIOSK, device.light, device.online, system, on_effect), noted)
}

/// Waits until this is noted.
fn next(noted: &Receiver<Noted>, wanted: Noted) {
    while noted.recv_timeout(Duration::from_secs(120)).expect("it was not noted") != wanted {}
}

fn is_kept(world: &World, disk: &Disk, index: u32) -> bool {
    let key = SealKey::of(&world.ledger.ledger(), &world.claim(index));
    disk.bundle(&key).unwrap().is_some()
}

#[test]
fn an_answer_that_finds_no_room_is_shown_told_and_kept_later() {
    let world = World::new(1);
    let (gateway, disk) = (world.honest(), Disk::default());
    let (watched, noted) = kiosk(&world, &gateway, &disk);
    disk.fail_writes(true);
    watched.read(world.claim(5));
    assert_eq!(watched.next(Screen::Verdict).tone, Tone::Half);
    next(&noted, Noted::NotKept);
    assert!(!is_kept(&world, &disk, 5));
    disk.fail_writes(false);
    next(&noted, Noted::KeptLater);
    assert!(is_kept(&world, &disk, 5));
    assert!(watched.host.is_running());
}

#[test]
fn a_bundle_that_no_disk_keeps_is_told_and_holds_up_no_other() {
    let world = World::new(1);
    let (gateway, disk) = (world.honest(), Disk::default());
    let (watched, noted) = kiosk(&world, &gateway, &disk);
    disk.refuse_bundles(true);
    watched.read(world.claim(5));
    next(&noted, Noted::NotKept);
    disk.refuse_bundles(false);
    disk.fail_writes(true);
    watched.read(world.claim(6));
    next(&noted, Noted::NotKept);
    // It waits for room, and becomes one that no disk keeps.
    disk.refuse_bundles(true);
    watched.read(world.claim(7));
    next(&noted, Noted::NotKept);
    disk.fail_writes(false);
    std::thread::sleep(Duration::from_millis(300));
    disk.refuse_bundles(false);
    watched.read(world.claim(8));
    let kept = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        is_kept(&world, &disk, 8)
    });
    watched.host.stop();
    assert!(kept);
    assert!([5, 6, 7].iter().all(|index| !is_kept(&world, &disk, *index)));
}
