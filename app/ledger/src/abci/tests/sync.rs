//! A node that joins by a snapshot, and what is tried to feed it.

use super::*;
use sealight_verify::hash::Sm3;
use tendermint_proto::v0_38::abci::response_apply_snapshot_chunk::Result as Chunk;
use tendermint_proto::v0_38::abci::response_offer_snapshot::Result as Offered;
use tendermint_proto::v0_38::abci::{
    RequestApplySnapshotChunk, RequestLoadSnapshotChunk, RequestOfferSnapshot, Snapshot,
};

/// An application with snapshots at every second height and four blocks.
pub(super) fn giver(scratch: &Scratch) -> App {
    let options = AppOptions { snapshots: 2, ..AppOptions::default() };
    let app = App::open(scratch.path(), world::genesis(), NoCodes, options).unwrap();
    for number in 1..=4 {
        let world = world_at(&app);
        let entry = world.entry("issuer", world.anchor_body("issuer", number));
        block(&app, &bytes(&[entry]));
        // It is made beside the blocks; one that takes longer leaves the next one out.
        while number % 2 == 0 && app.list_snapshots().snapshots.len() < number as usize / 2 {
            std::thread::yield_now();
        }
    }
    app
}

fn offer(app: &App, snapshot: &Snapshot, app_hash: &[u8]) -> Offered {
    let request = RequestOfferSnapshot {
        snapshot: Some(snapshot.clone()),
        app_hash: app_hash.to_vec().into(),
    };
    app.offer_snapshot(&request).result()
}

fn chunk(from: &App, snapshot: &Snapshot, chunk: u32) -> Vec<u8> {
    let Snapshot { height, format, .. } = *snapshot;
    from.load_snapshot_chunk(&RequestLoadSnapshotChunk { height, format, chunk }).chunk.to_vec()
}

fn apply(app: &App, index: u32, chunk: &[u8]) -> Chunk {
    let (chunk, sender) = (chunk.to_vec().into(), "peer".into());
    app.apply_snapshot_chunk(&RequestApplySnapshotChunk { index, chunk, sender }).result()
}

/// An application that took the giver's newest snapshot in.
pub(super) fn joined(from: &App, scratch: &Scratch) -> App {
    let snapshot = from.list_snapshots().snapshots[1].clone();
    let app = open(scratch);
    assert_eq!(offer(&app, &snapshot, &from.tip().app_hash.0), Offered::Accept);
    for index in 0..snapshot.chunks {
        assert_eq!(apply(&app, index, &chunk(from, &snapshot, index)), Chunk::Accept);
    }
    app
}

#[test]
fn a_node_joins_by_a_snapshot_and_goes_on_alike() {
    let (one, two) = (Scratch::new(), Scratch::new());
    let from = giver(&one);
    let snapshot = from.list_snapshots().snapshots[1].clone();
    assert_eq!(snapshot.height, 4);
    let app = open(&two);
    let app_hash = from.tip().app_hash.0;
    assert_eq!(offer(&app, &snapshot, &app_hash), Offered::Accept);
    for index in 0..snapshot.chunks {
        assert_eq!(apply(&app, index, &chunk(&from, &snapshot, index)), Chunk::Accept);
    }
    assert_eq!(app.tip(), from.tip());
    let next = |app: &App| {
        let world = world_at(app);
        let entry = world.entry("issuer", world.anchor_body("issuer", 5));
        block(app, &bytes(&[entry])).app_hash
    };
    assert_eq!(next(&app), next(&from));
    drop(app);
    // Also after a restart, and it is not thrown away for another.
    let app = open(&two);
    assert_eq!(app.tip(), from.tip());
    assert_eq!(offer(&app, &snapshot, &app_hash), Offered::Abort);
}

#[test]
fn a_wrong_chunk_is_fetched_again_and_its_sender_rejected() {
    let (one, two) = (Scratch::new(), Scratch::new());
    let from = giver(&one);
    let snapshot = from.list_snapshots().snapshots[0].clone();
    let app = open(&two);
    assert_eq!(apply(&app, 0, &[]), Chunk::Abort);
    offer(&app, &snapshot, &from.tip().app_hash.0);
    let mut wrong = chunk(&from, &snapshot, 0);
    wrong[100] ^= 1;
    let request =
        RequestApplySnapshotChunk { index: 0, chunk: wrong.into(), sender: "liar".into() };
    let answer = app.apply_snapshot_chunk(&request);
    assert_eq!(answer.result(), Chunk::Retry);
    assert_eq!((answer.refetch_chunks, answer.reject_senders), (vec![0], vec!["liar".to_owned()]));
    assert_eq!(apply(&app, 7, &[]), Chunk::Retry);
}

#[test]
fn a_snapshot_that_is_not_the_proven_state_is_rejected_whole() {
    let (one, two) = (Scratch::new(), Scratch::new());
    let from = giver(&one);
    let [older, newer] = &from.list_snapshots().snapshots[..] else { panic!() };
    let app = open(&two);
    let root = from.tip().app_hash.0;
    // An older state under the newer root; a true one that says another height of itself.
    assert_eq!(offer(&app, older, &root), Offered::Accept);
    assert_eq!(apply(&app, 0, &chunk(&from, older, 0)), Chunk::RejectSnapshot);
    let elsewhere = Snapshot { height: 9, ..newer.clone() };
    assert_eq!(offer(&app, &elsewhere, &root), Offered::Accept);
    assert_eq!(apply(&app, 0, &chunk(&from, newer, 0)), Chunk::RejectSnapshot);
    // A lot made up, chunk hashes and all.
    let mut bytes = chunk(&from, newer, 0);
    let at = bytes.windows(12).position(|words| words == b"Blue Reverie").unwrap();
    bytes[at] = b'G';
    let hash = Sm3::hash(&[&bytes]);
    let made_up = Snapshot {
        hash: Sm3::hash(&[&hash.0]).0.to_vec().into(),
        metadata: hash.0.to_vec().into(),
        ..newer.clone()
    };
    assert_eq!(offer(&app, &made_up, &root), Offered::Accept);
    assert_eq!(apply(&app, 0, &bytes), Chunk::RejectSnapshot);
    assert_eq!(app.tip().height, 0);
    // Offers that agree with nothing.
    assert_eq!(offer(&app, &Snapshot { format: 2, ..newer.clone() }, &root), Offered::RejectFormat);
    assert_eq!(offer(&app, &Snapshot { chunks: 2, ..newer.clone() }, &root), Offered::Reject);
    assert_eq!(offer(&app, newer, &root[1..]), Offered::Reject);
}
