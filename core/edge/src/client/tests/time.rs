//! Clocks that are wrong and stores that were changed: never a better verdict.

use super::world::{START, World};
use crate::client::Reach;
use crate::store::{ByHeight, Change, Mark, MemoryStore, SqliteStore, Store};
use crate::testfolder::Folder;
use sealight_verify::judge::{Finding, Freshness, Outcome, Unproven};
use sealight_verify::time::{Seconds, Timestamp};

const DAY: u64 = 86_400;

#[test]
fn a_clock_at_1970_is_doubtful_and_cured_by_a_newer_header() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let claim = world.claim(1);
    assert_eq!(
        world.prove(&mut device, &claim, Reach::Online).judgement.verdict.outcome(),
        Outcome::Proven
    );
    let epoch = Timestamp::from_unix_secs(0);
    let back = world.prove_at(&mut device, &claim, Reach::Offline, epoch).judgement.verdict;
    assert_eq!((back.outcome(), back.freshness), (Outcome::ProvenStale, Freshness::ClockDoubtful));
    // The right time alone does not end the doubt: a header from after it does.
    let right = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
    assert_eq!(right.freshness, Freshness::ClockDoubtful);
    world.wait(60);
    let cured = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(cured.freshness, Freshness::Fresh, "{:?}", cured.record);
}

#[test]
fn a_clock_far_ahead_is_too_old_and_never_a_floor() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let claim = world.claim(1);
    let mut device = world.device_at(&path, &[&gateway]);
    world.prove(&mut device, &claim, Reach::Online);
    let ahead = world.now().saturating_add(Seconds(400 * DAY));
    let far = world.prove_at(&mut device, &claim, Reach::Offline, ahead).judgement.verdict;
    assert_eq!(far.outcome(), Outcome::Unproven);
    assert!(matches!(far.record, Finding::Proven(_)));
    drop(device);
    // Back to the right time: below its own maximum, so doubtful, and cured by a newer header or
    // checkpoint only.
    let mut device = world.device_at(&path, &[&gateway]);
    let back = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
    assert_eq!(back.freshness, Freshness::ClockDoubtful);
    world.wait(60);
    world.ledger.renew_checkpoint().unwrap();
    let cured = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(cured.freshness, Freshness::Fresh, "{:?}", cured.record);
}

#[test]
fn a_clock_set_back_with_its_memory_taken_away_makes_nothing_fresh() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let claim = world.claim(1);
    let mut device = world.device_at(&path, &[&gateway]);
    world.prove(&mut device, &claim, Reach::Online);
    let old = world.now();
    for _ in 0..10 {
        world.wait(DAY as i64);
        world.sync(&mut device);
    }
    let ledger = world.ledger.ledger();
    let mark = Change::Mark { ledger, mark: Mark::Clock, bytes: Vec::new() };
    device.light.store().apply(&[mark]).unwrap();
    drop(device);
    let store = SqliteStore::open(&path).unwrap().store;
    let mut device = world.device_with(Box::new(store), &[], old);
    let verdict = world.prove_at(&mut device, &claim, Reach::Offline, old).judgement.verdict;
    assert_ne!(verdict.freshness, Freshness::Fresh);
}

#[test]
fn a_lost_store_begins_at_build_time_and_trusts_only_a_checkpoint() {
    let world = World::new(1);
    let mut device = world.device(&[]);
    let proven = world.prove(&mut device, &world.claim(1), Reach::Online);
    assert_eq!(proven.judgement.verdict.record, Finding::Unproven(Unproven::NoNetwork));
    let ledger = world.ledger.ledger();
    let before = Timestamp::from_unix_secs(START - 400 * DAY as i64);
    assert!(device.light.now(&ledger, before).unwrap().doubtful());
}

#[test]
fn months_later_a_new_checkpoint_brings_the_device_back() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let claim = world.claim(1);
    let mut device = world.device_at(&path, &[&gateway]);
    world.prove(&mut device, &claim, Reach::Online);
    drop(device);
    world.wait(80 * DAY as i64);
    world.ledger.renew_checkpoint().unwrap();
    let mut device = world.device_at(&path, &[&gateway]);
    let offline = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
    assert_eq!(offline.outcome(), Outcome::ProvenStale);
    let online = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(online.outcome(), Outcome::Proven, "{:?}", online.record);
}

#[test]
fn an_older_copy_of_the_store_gives_no_better_verdict() {
    use sealight_verify::format::entry::RecallScope;
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let claim = world.claim(1);
    let mut device = world.device_at(&path, &[&gateway]);
    world.prove(&mut device, &claim, Reach::Online);
    drop(device);
    let older = std::fs::read(&path).unwrap();
    world.wait(2 * DAY as i64);
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let mut device = world.device_at(&path, &[&gateway]);
    let recalled = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(recalled.outcome(), Outcome::ProvenBut);
    drop(device);
    std::fs::write(&path, older).unwrap();
    // What the old copy proves is proven, with its age: never fresh.
    let mut device = world.device_at(&path, &[]);
    let verdict = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
    assert_eq!(verdict.outcome(), Outcome::ProvenStale);
    let mut device = world.device_at(&path, &[&gateway]);
    let verdict = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(verdict.outcome(), Outcome::ProvenBut);
}

/// Every kind of row changed in every way that a person with an editor has: flipped, cut, emptied,
/// swapped with another. What comes out is what the proofs allow, or less.
#[test]
fn edited_rows_give_no_better_verdict() {
    let world = World::new(1);
    let gateway = world.honest();
    let (ledger, claim) = (world.ledger.ledger(), world.claim(1));
    let filled = || {
        let mut device = world.device(&[&gateway]);
        world.prove(&mut device, &claim, Reach::Online);
        device
    };
    let mut device = filled();
    let bundle = device.light.cached(&claim).unwrap();
    let key = crate::store::SealKey::of(&ledger, &claim);
    for at in (0..bundle.len()).step_by(97) {
        let mut bytes = bundle.clone();
        bytes[at] ^= 1;
        let edit = Change::Bundle { key, bytes };
        device.light.store().apply(&[edit]).unwrap();
        let verdict = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
        assert_eq!(verdict.outcome(), Outcome::Unproven, "byte {at}");
    }
    for what in [ByHeight::Header, ByHeight::Checkpoint, ByHeight::Validators] {
        let rows = filled().light.store().by_height(&ledger, what).unwrap();
        for (height, bytes) in rows {
            for at in (0..bytes.len()).step_by(31) {
                let mut edited = copy(&mut filled().light, &ledger);
                let mut bytes = bytes.clone();
                bytes[at] ^= 1;
                edited.apply(&[Change::Keep { ledger, what, height, bytes }]).unwrap();
                let mut device = world.device_with(Box::new(edited), &[], world.now());
                let chain = device.light.chain(&ledger).unwrap();
                let known = chain.headers().all(|header| {
                    let block = world.ledger.light_block(Some(header.height()));
                    block.unwrap().header.hash::<sealight_verify::comet::Stock>() == header.hash()
                });
                assert!(known, "{what:?} {height} byte {at}");
                let verdict = world.prove(&mut device, &claim, Reach::Offline).judgement.verdict;
                assert!(verdict.outcome() <= Outcome::Unproven);
            }
        }
    }
}

/// A store with the same rows.
fn copy(
    from: &mut crate::client::Light,
    ledger: &sealight_verify::format::ids::LedgerId,
) -> MemoryStore {
    let mut to = MemoryStore::new();
    for what in [ByHeight::Header, ByHeight::Checkpoint, ByHeight::Validators] {
        for (height, bytes) in from.store().by_height(ledger, what).unwrap() {
            to.apply(&[Change::Keep { ledger: *ledger, what, height, bytes }]).unwrap();
        }
    }
    to
}
