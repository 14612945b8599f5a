//! A store that cannot be read or written for a while: nothing that was kept is lost to it, and
//! what it did not take is not held for kept.

use super::keep::file;
use super::older::recalled_since;
use super::world::{BUILT, World};
use crate::client::{Keeping, Light, LightError, Reach};
use crate::home::Home;
use crate::net::GatewayUrl;
use crate::store::{Mark, Store, StoreError};
use crate::testdisk::Disk;
use crate::testfolder::Folder;
use sealight_verify::chain;
use sealight_verify::codec::{decode, encode};
use sealight_verify::time::{ClockMemory, Seconds, Timestamp};

fn light(world: &World, disk: &Disk, anchor: &[u8]) -> Light {
    let built = Timestamp::from_unix_secs(BUILT);
    Light::open(Box::new(disk.clone()), anchor, built, world.now()).unwrap()
}

#[test]
fn a_clock_that_the_store_did_not_take_is_kept_with_the_next_change() {
    let (world, disk) = (World::new(1), Disk::default());
    let (ledger, first) = (world.ledger.ledger(), world.now());
    let mut light = light(&world, &disk, &world.ledger.trust().unwrap());
    let kept = || {
        let bytes = disk.mark(&ledger, Mark::Clock).unwrap().unwrap();
        decode::<ClockMemory>(&bytes).unwrap().highest()
    };
    light.now(&ledger, first).unwrap();
    // Too little for a write of its own.
    let later = first.saturating_add(Seconds(10));
    light.now(&ledger, later).unwrap();
    assert_eq!(kept(), first);
    disk.fail_writes(true);
    assert_eq!(light.absorb(&ledger, &[], &[], later), Err(StoreError::DiskFull));
    disk.fail_writes(false);
    assert_eq!(light.absorb(&ledger, &[], &[], later), Ok(()));
    assert_eq!(kept(), later);
}

#[test]
fn a_trust_file_is_kept_nowhere_where_its_chains_cannot_be_read() {
    let (world, folder, disk) = (World::new(1), Folder::new(), Disk::default());
    let home = Home::open(&folder.path("home")).unwrap();
    let first = file(&world, None, 1);
    home.put_trust(&first).unwrap();
    let mut light = light(&world, &disk, &first).with_home(home.clone()).unwrap();
    let second = file(&world, Some((light.trusted(), 1)), 2);
    disk.fail_reads(true);
    let refused = light.rotate_trust(&second, world.now());
    assert_eq!(refused, Err(LightError::Store(StoreError::Busy)));
    disk.fail_reads(false);
    assert_eq!(light.trust().serial, 1);
    assert_eq!(disk.trust_files(), Ok(Vec::new()));
    assert_eq!(home.trust(), Ok(Some(first)));
    light.rotate_trust(&second, world.now()).unwrap();
    assert_eq!(light.trust().serial, 2);
    assert_eq!(disk.trust_files(), Ok(vec![second.clone()]));
    assert_eq!(home.trust(), Ok(Some(second)));
}

#[test]
fn a_freeze_that_the_store_did_not_take_outlasts_a_rotation() {
    let (world, disk) = (World::new(1), Disk::default());
    let (ledger, first) = (world.ledger.ledger(), file(&world, None, 1));
    let mut light = light(&world, &disk, &first);
    let block = encode(&world.ledger.light_block(None).unwrap());
    let detected = encode(&world.now());
    // A map of version, time, last common height, and the two blocks.
    let fork = [&[0xa5, 0, 1, 1][..], &detected, &[2, 1, 3], &block, &[4], &block].concat();
    let freeze = chain::Change::Freeze(Box::new(decode(&fork).unwrap()));
    disk.fail_writes(true);
    let refused = light.absorb(&ledger, &[freeze], &[], world.now());
    assert_eq!(refused, Err(StoreError::DiskFull));
    let second = file(&world, Some((light.trusted(), 1)), 2);
    let refused = light.rotate_trust(&second, world.now());
    assert_eq!(refused, Err(LightError::Store(StoreError::DiskFull)));
    disk.fail_writes(false);
    light.rotate_trust(&second, world.now()).unwrap();
    assert_eq!(light.trust().serial, 2);
    assert!(light.chain(&ledger).unwrap().frozen().is_some());
}

#[test]
fn a_newer_bundle_that_cannot_be_read_is_not_overwritten() {
    let (world, disk) = (World::new(1), Disk::default());
    let (ledger, claim) = (world.ledger.ledger(), world.claim(5));
    let (pack, device) = recalled_since(&world);
    let newer = device.light.cached_on(&ledger, &claim).unwrap();
    let mut other = world.device(&[]);
    other.online = pack.alone(&other.light);
    let older = world.prove(&mut other, &claim, Reach::Offline).bundle.unwrap();
    let gateway = world.honest();
    let mut device = world.device_with(Box::new(disk.clone()), &[&gateway], world.now());
    world.sync(&mut device);
    assert_eq!(device.light.keep(&claim, newer.clone()), Ok(Keeping::Kept));
    disk.fail_reads(true);
    assert_eq!(device.light.keep(&claim, older.clone()), Err(StoreError::Busy));
    disk.fail_reads(false);
    assert!(device.light.cached_on(&ledger, &claim) == Some(newer));
    assert_eq!(device.light.keep(&claim, older), Ok(Keeping::NewerStays));
}

#[test]
fn the_place_of_one_feed_is_not_lost_to_anothers_while_it_cannot_be_read() {
    let (world, disk) = (World::new(1), Disk::default());
    let ledger = world.ledger.ledger();
    let mut light = light(&world, &disk, &world.ledger.trust().unwrap());
    let url = |port| GatewayUrl::listed(&format!("http://127.0.0.1:{port}")).unwrap();
    let (one, other) = (url(1), url(2));
    light.feed_read(&ledger, &one, 7).unwrap();
    disk.fail_reads(true);
    assert_eq!(light.feed_read(&ledger, &other, 9), Err(StoreError::Busy));
    disk.fail_reads(false);
    let places = light.feed_places(&ledger);
    assert_eq!((places.of(&one), places.of(&other)), (7, 0));
    light.feed_read(&ledger, &other, 9).unwrap();
    let places = light.feed_places(&ledger);
    assert_eq!((places.of(&one), places.of(&other)), (7, 9));
}
