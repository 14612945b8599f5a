//! The engine's known traps, each closed. Those of processes and sockets are tested where nodes run
//! (`tests/node.rs`, `tests/traps.rs`) and beside the wire.

use super::*;
use sealight_verify::codec::Blob;
use sealight_verify::format::entry::Body;
use sealight_verify::format::governance::{GovernanceChange, ValidatorSeat, Validators};

fn change(world: &World, seats: Vec<ValidatorSeat>) -> Vec<u8> {
    let change = GovernanceChange::Validators(Validators { version: 1, seats });
    codec::encode(&world.by_quorum(Body::Govern(change)))
}

/// A bad validator update halts every node for good, so none ever reaches the engine.
#[test]
fn validator_sets_that_halt_an_engine_are_refused_at_the_door_and_in_a_proposal() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let with_key = |key: Vec<u8>| ValidatorSeat { key: Blob(key), ..world::seat(3, 1) };
    let long = world::seat(3, 1).key.iter().copied().chain([0]).collect();
    let sets = [
        ("empty", vec![]),
        ("a key twice", vec![world::seat(1, 10), world::seat(1, 10)]),
        ("no power", vec![world::seat(1, 0)]),
        // Negative as the engine's integer, or past its largest sum.
        ("negative", vec![world::seat(1, u64::MAX)]),
        ("too much", vec![world::seat(1, (1 << 40) + 1)]),
        ("31 bytes", vec![with_key(vec![1; 31])]),
        ("33 bytes", vec![with_key(long)]),
        ("no point", vec![with_key(vec![0; 32])]),
    ];
    for (what, seats) in sets {
        let tx = change(&world, seats);
        assert_ne!(check(&app, &tx).0, 0, "{what}");
        assert_eq!(propose(&app, 1, std::slice::from_ref(&tx)), ProposalStatus::Reject, "{what}");
        let answer = finalize(&app, 1, &[tx]);
        assert!(answer.validator_updates.is_empty(), "{what}");
    }
}

/// Key by key in and out in one block, and back: what the engine is told names no key twice and
/// takes out none that it does not have.
#[test]
fn a_validator_that_comes_and_goes_in_one_block_is_not_told_of() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let mut world = world_at(&app);
    let first = world.state.validators().seats.clone();
    let mut with = first.clone();
    with.push(world::seat(9, 5));
    with.sort_by(|one, other| one.key.cmp(&other.key));
    let mut txs = Vec::new();
    for seats in [with, first] {
        let tx = change(&world, seats);
        let entry: Entry = codec::decode(&tx).unwrap();
        world.apply(&entry).unwrap();
        txs.push(tx);
    }
    assert!(block(&app, &txs).validator_updates.is_empty());
}

/// A number of results that differs from the number of entries is a consensus failure.
#[test]
fn every_entry_has_one_result_whatever_it_is() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let good = codec::encode(&world.entry("issuer", world.anchor_body("issuer", 1)));
    let txs = vec![vec![], good.clone(), b"x".to_vec(), good, vec![0; 200_000]];
    let answer = finalize(&app, 1, &txs);
    let taken: Vec<bool> = answer.tx_results.iter().map(|result| result.code == 0).collect();
    assert_eq!(taken, [false, true, false, false, false]);
}

/// Four connections on one lock: what answers a query may not wait for a block, nor a block for it.
#[test]
fn a_query_waits_for_no_block() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    block(&app, &bytes(&[world.entry("issuer", world.anchor_body("issuer", 1))]));
    let _a_block_at_work = app.work();
    let data = [&world.lot_id(1).0[..], &[0; 4]].concat();
    assert!(app.query("/lot", &data, 2).is_ok());
    assert!(app.query("/log", &0u64.to_be_bytes(), 2).is_ok());
}

/// What the genesis says must be what `Info` says, or a later rollback cannot start.
#[test]
fn the_version_told_is_the_one_of_the_genesis() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    assert_eq!(app.info().app_version, 0);
    block(&app, &[]);
    assert_eq!(app.info().app_version, 0);
}
