//! Blocks: durable, the same after any crash, and what the engine is told of validators.

use super::*;
use sealight_verify::format::entry::Body;
use sealight_verify::format::governance::GovernanceChange;

fn lots(app: &App, numbers: std::ops::RangeInclusive<u64>) -> Vec<Vec<u8>> {
    let mut world = world_at(app);
    let mut txs = Vec::new();
    for number in numbers {
        let entry = world.entry("issuer", world.anchor_body("issuer", number));
        txs.push(codec::encode(&entry));
        world.apply(&entry).unwrap();
    }
    txs
}

#[test]
fn the_state_root_stays_as_it_is_in_an_empty_block() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let before = app.tip().app_hash;
    for _ in 0..3 {
        assert_eq!(block(&app, &[]).app_hash[..], before.0);
    }
    let txs = lots(&app, 1..=1);
    assert_ne!(block(&app, &txs).app_hash[..], before.0);
}

#[test]
fn a_crash_before_the_commit_forgets_the_block_and_after_it_keeps_it() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let txs = lots(&app, 1..=2);
    block(&app, &txs);
    let more = lots(&app, 3..=3);
    let first = finalize(&app, 2, &more);
    drop(app);
    let app = open(&scratch);
    assert_eq!(app.tip().height, 1);
    // The engine hands the block over again; no proposal came before it this time.
    let again = finalize(&app, 2, &more);
    assert_eq!(again.app_hash, first.app_hash);
    app.commit().unwrap();
    drop(app);
    let app = open(&scratch);
    assert_eq!(app.tip().height, 2);
    assert_eq!(app.tip().app_hash.0, first.app_hash[..]);
    assert_eq!(app.info().last_block_app_hash, first.app_hash);
}

#[test]
fn a_block_torn_while_it_was_written_is_handed_over_again() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let txs = lots(&app, 1..=1);
    block(&app, &txs);
    let second = lots(&app, 2..=2);
    let hash = block(&app, &second).app_hash;
    drop(app);
    let path = scratch.path().join("blocks");
    let whole = std::fs::read(&path).unwrap();
    for cut in 1..200 {
        std::fs::write(&path, &whole[..whole.len() - cut]).unwrap();
        let app = open(&scratch);
        assert_eq!(app.tip().height, 1);
        assert_eq!(finalize(&app, 2, &second).app_hash, hash);
        app.commit().unwrap();
        drop(app);
        assert_eq!(std::fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn blocks_altered_on_disk_are_not_gone_on_with() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    for number in 1..=3 {
        let txs = lots(&app, number..=number);
        block(&app, &txs);
    }
    drop(app);
    let path = scratch.path().join("blocks");
    let whole = std::fs::read(&path).unwrap();
    // Whole records, but one of them left out.
    let length = u32::from_be_bytes(whole[..4].try_into().unwrap()) as usize + 12;
    std::fs::write(&path, &whole[length..]).unwrap();
    assert!(matches!(try_open(&scratch).unwrap_err(), AbciError::Height { expected: 1, got: 2 }));
    // An application for another ledger.
    std::fs::write(&path, &whole).unwrap();
    let mut other = world::genesis();
    other.threshold = 2;
    let opened = App::open(scratch.path(), other, NoCodes, AppOptions::default());
    assert!(matches!(opened.unwrap_err(), AbciError::Refused { height: 1, .. }));
}

#[test]
fn a_block_out_of_its_place_stops_the_application() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    block(&app, &[]);
    for height in [-1, 0, 1, 3] {
        let request = RequestFinalizeBlock { height, time: wire_time(at(1)), ..Default::default() };
        let error = app.finalize_block(&request).unwrap_err();
        assert!(matches!(error, AbciError::Height { expected: 2, got } if got == height));
    }
    assert!(matches!(app.commit().unwrap_err(), AbciError::NothingStaged));
}

#[test]
fn blocks_above_a_height_are_rolled_back() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let mut hashes = vec![];
    for number in 1..=4 {
        let txs = lots(&app, number..=number);
        hashes.push((txs.clone(), block(&app, &txs).app_hash));
    }
    assert!(matches!(App::roll_back(scratch.path(), 2).unwrap_err(), AbciError::InUse { .. }));
    drop(app);
    assert_eq!(App::roll_back(scratch.path(), 2).unwrap(), 2);
    let app = open(&scratch);
    for (txs, hash) in &hashes[2..] {
        assert_eq!(block(&app, txs).app_hash, *hash);
    }
}

#[test]
fn validators_change_by_the_difference_however_often_in_one_block() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let mut world = world_at(&app);
    let sets = [
        world::validators([world::seat(2, 7), world::seat(3, 10)]),
        world::validators([world::seat(1, 10), world::seat(2, 10), world::seat(4, 1)]),
        world::validators([world::seat(1, 10), world::seat(4, 1)]),
    ];
    let mut txs = Vec::new();
    for set in &sets {
        let entry = world.by_quorum(Body::Govern(GovernanceChange::Validators(set.clone())));
        txs.push(codec::encode(&entry));
        world.apply(&entry).unwrap();
    }
    let updates = block(&app, &txs).validator_updates;
    let told: Vec<(Vec<u8>, i64)> = updates
        .iter()
        .map(|update| match update.pub_key.as_ref().unwrap().sum.as_ref().unwrap() {
            Sum::Ed25519(key) => (key.clone(), update.power),
            other => panic!("{other:?}"),
        })
        .collect();
    let mut expected =
        vec![(world::seat(2, 1).key.to_vec(), 0), (world::seat(4, 1).key.to_vec(), 1)];
    expected.sort();
    assert_eq!(told, expected);
    assert!(block(&app, &[]).validator_updates.is_empty());
    assert_eq!(app.newest().1.hints().set_changes[..], [3]);
}

#[test]
fn answers_are_those_under_the_header_asked_for() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let data = [&world.lot_id(1).0[..], &[0; 4]].concat();
    let txs = lots(&app, 1..=1);
    block(&app, &txs);
    let found = |height: u64| {
        let (at, bytes) = app.query("/lot", &data, height).unwrap();
        let answer: sealight_verify::format::answer::StateAnswer = codec::decode(&bytes).unwrap();
        (at, answer.lot.unwrap().state.value.is_some())
    };
    // Header 1 binds the genesis; the lot of block 1 stands under header 2.
    assert_eq!(found(0), (1, false));
    assert_eq!(found(1), (1, false));
    assert_eq!(found(2), (2, true));
    assert_eq!(app.query("/lot", &data, 3).unwrap_err().1, "height");
    assert_eq!(app.query("/nothing", &data, 1).unwrap_err().1, "unknown-path");
    block(&app, &[]);
    assert_eq!(found(0), (2, true));
}
