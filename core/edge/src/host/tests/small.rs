//! A kiosk that is never on at night: its store stays small all the same.

use super::*;
use crate::store::{Change, SealKey, SqliteStore, Store};
use std::path::Path;

fn kiosk(light: Light, online: Online) -> Watched {
    watched_as(Profile::KIOSK, light, online, system, |_| {})
}

/// Bundles of the first bottles that are in the store.
fn bundles(world: &World, path: &Path) -> usize {
    let store = SqliteStore::open(path).unwrap().store;
    let key = |index| SealKey::of(&world.ledger.ledger(), &world.claim(index));
    (0..30).filter(|index| store.bundle(&key(*index)).unwrap().is_some()).count()
}

#[test]
fn bundles_beyond_the_quota_are_forgotten_at_the_start() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let mut store = SqliteStore::open(&path).unwrap().store;
    for index in 0..20 {
        let key = SealKey::of(&world.ledger.ledger(), &world.claim(index));
        store.apply(&[Change::Bundle { key, bytes: vec![1] }]).unwrap();
    }
    drop(store);
    let device = world.device_at(&path, &[]);
    let kiosk = kiosk(device.light, device.online);
    kiosk.next(Screen::Attract);
    kiosk.host.stop();
    assert_eq!(bundles(&world, &path), 4);
}

#[test]
fn bundles_beyond_the_quota_are_forgotten_after_so_many_scans() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let device = world.device_at(&path, &[&gateway]);
    let kiosk = kiosk(device.light, device.online);
    let mut turn = 0;
    for index in 0..8 {
        kiosk.read(world.claim(index));
        turn = loop {
            let verdict = kiosk.next(Screen::Verdict);
            if verdict.turn > turn {
                break verdict.turn;
            }
        };
    }
    kiosk.host.stop();
    // Six were thinned to four, and two came since.
    assert_eq!(bundles(&world, &path), 6);
}
