//! What a start takes up again: the newest trust file, a freeze, the headers that it reads.

use super::world::{BUILT, World};
use crate::cancel::Cancel;
use crate::client::{Client, ForkDoubt, Light, Online};
use crate::home::Home;
use crate::net::testserver::{TestServer, reply};
use crate::net::{GatewayUrl, Timeouts};
use crate::store::{ByHeight, Change, MAX_ROWS, Mark, MemoryStore, Store};
use crate::testfolder::Folder;
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, finish_rotation, sign_trust_file};
use sealight_verify::codec::encode;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{KeySet, SignedTrustFile, TrustFile, Trusted, open};

fn root(seed: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::Ed25519, &[seed; 32]).unwrap()
}

fn light(world: &World, store: MemoryStore, anchor: &[u8]) -> Light {
    let built = Timestamp::from_unix_secs(BUILT);
    Light::open(Box::new(store), anchor, built, world.now()).unwrap()
}

/// A trust file with this root; signed by the old root too where there is one.
pub(super) fn file(world: &World, old: Option<(&Trusted<TrustFile>, u8)>, seed: u8) -> Vec<u8> {
    let mut file = (*open(&world.ledger.trust().unwrap()).unwrap()).clone();
    file.roots = KeySet { threshold: 1, keys: vec![root(seed).public()] };
    file.serial = old.map_or(1, |(old, _)| old.serial + 1);
    let mut signed = SignedTrustFile::unsigned(&file);
    sign_trust_file(&mut signed, &root(seed));
    match old {
        Some((old, old_seed)) => {
            sign_trust_file(&mut signed, &root(old_seed));
            finish_rotation(old, &signed).unwrap()
        }
        None => finish_first(&signed).unwrap(),
    }
}

#[test]
fn a_lost_store_brings_no_older_trust_file_back() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("home")).unwrap();
    let first = file(&world, None, 1);
    home.put_trust(&first).unwrap();
    let mut device = light(&world, MemoryStore::new(), &first).with_home(home.clone()).unwrap();
    let second = file(&world, Some((device.trusted(), 1)), 2);
    device.rotate_trust(&second, world.now()).unwrap();
    let third = file(&world, Some((device.trusted(), 2)), 3);
    device.rotate_trust(&third, world.now()).unwrap();
    drop(device);
    let kept = home.trust().unwrap().unwrap();
    assert_eq!(kept, third);
    let again = light(&world, MemoryStore::new(), &kept);
    assert_eq!(again.trust().serial, 3);
    // An older one, from a program that ran beside, does not take its place.
    home.renew_trust(&second, 2).unwrap();
    assert_eq!(home.trust(), Ok(Some(third)));
}

#[test]
fn a_rotation_that_only_the_store_has_reaches_the_home_at_the_next_start() {
    let (world, folder) = (World::new(1), Folder::new());
    let home = Home::open(&folder.path("home")).unwrap();
    let first = file(&world, None, 1);
    home.put_trust(&first).unwrap();
    let second = file(&world, Some((&open(&first).unwrap(), 1)), 2);
    let mut store = MemoryStore::new();
    store.apply(&[Change::TrustFile { serial: 2, bytes: second.clone() }]).unwrap();
    let device = light(&world, store, &first).with_home(home.clone()).unwrap();
    assert_eq!(device.trust().serial, 2);
    assert_eq!(home.trust(), Ok(Some(second)));
}

/// A device with this anchor that asks one gateway.
fn device(world: &World, anchor: &[u8], gateway: &TestServer) -> Client {
    let light = light(world, MemoryStore::new(), anchor);
    let url = GatewayUrl::listed(&gateway.url()).unwrap();
    let online = Online::new(light.trust(), &[url], Timeouts::default());
    Client { light, online }
}

/// Puts each in the place of the ledger's newest trust file, one after the other.
fn served(world: &World, files: &[&Vec<u8>]) {
    for file in files {
        std::fs::write(world.ledger.home().path().join("trust"), file).unwrap();
        assert_eq!(world.ledger.trust().unwrap(), **file);
    }
}

#[test]
fn a_device_two_trust_files_behind_follows_them_one_by_one() {
    let world = World::new(1);
    let first = file(&world, None, 1);
    let second = file(&world, Some((&open(&first).unwrap(), 1)), 2);
    let third = file(&world, Some((&open(&second).unwrap(), 2)), 3);
    served(&world, &[&first, &second, &third]);
    let gateway = world.honest();
    let mut device = device(&world, &first, &gateway);
    assert_eq!(device.renew_trust(world.now(), &Cancel::default()), 2);
    assert_eq!(device.light.trust().serial, 3);
    assert_eq!(device.light.trust().roots.keys, [root(3).public()]);
    assert_eq!(device.renew_trust(world.now(), &Cancel::default()), 0);
}

#[test]
fn the_newest_trust_file_is_taken_over_a_gap_only_where_the_old_roots_signed_it() {
    let lacks_the_second = |path: &str, steps| match path {
        "/trust/2" => reply("404 Not Found", b"gone"),
        _ => steps,
    };
    for (roots, serial) in [([1, 1], 3), ([2, 3], 1)] {
        let world = World::new(1);
        let first = file(&world, None, 1);
        let second = file(&world, Some((&open(&first).unwrap(), 1)), roots[0]);
        let third = file(&world, Some((&open(&second).unwrap(), roots[0])), roots[1]);
        served(&world, &[&second, &third]);
        let gateway = world.gateway(lacks_the_second);
        let mut device = device(&world, &first, &gateway);
        let renewed = device.renew_trust(world.now(), &Cancel::default());
        assert_eq!((renewed, device.light.trust().serial), (usize::from(serial == 3), serial));
    }
}

#[test]
fn evidence_of_a_fork_that_does_not_verify_now_thaws_nothing() {
    let world = World::new(1);
    let ledger = world.ledger.ledger();
    let block = encode(&world.ledger.light_block(None).unwrap());
    let detected = encode(&world.now());
    // A map of version, time, last common height, and the two blocks.
    let evidence = [&[0xa5, 0, 1, 1][..], &detected, &[2, 1, 3], &block, &[4], &block].concat();
    let stored = |bytes: Vec<u8>| {
        let mut store = MemoryStore::new();
        store.apply(&[Change::Mark { ledger, mark: Mark::Fork, bytes }]).unwrap();
        light(&world, store, &world.ledger.trust().unwrap())
    };
    let device = stored(evidence);
    let height = world.ledger.head().height;
    assert_eq!(device.chain(&ledger).unwrap().frozen(), Some((1, height)));
    let doubt = device.fork_doubts().next();
    assert!(matches!(doubt, Some((_, ForkDoubt::Unverified(_)))), "{doubt:?}");
    let device = stored(vec![1, 2, 3]);
    assert_eq!(device.chain(&ledger).unwrap().frozen(), None);
    assert_eq!(device.fork_doubts().next(), Some((&ledger, &ForkDoubt::Unreadable)));
}

#[test]
fn headers_that_no_start_reads_are_forgotten() {
    let world = World::new(1);
    let (ledger, what) = (world.ledger.ledger(), ByHeight::Header);
    let mut store = MemoryStore::new();
    let last = MAX_ROWS as u64 + 10;
    let row = |height| Change::Keep { ledger, what, height, bytes: vec![1] };
    store.apply(&(1..=last).map(row).collect::<Vec<_>>()).unwrap();
    let mut device = light(&world, store, &world.ledger.trust().unwrap());
    let kept = device.store().by_height(&ledger, what).unwrap();
    assert_eq!((kept.len(), kept[0].0), (MAX_ROWS, 11));
    device.store().apply(&[Change::Forget { ledger, what, from: 11, to: last }]).unwrap();
    assert_eq!(device.store().by_height(&ledger, what), Ok(Vec::new()));
}
