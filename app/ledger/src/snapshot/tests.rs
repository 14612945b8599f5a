//! What is lost and what is refused on the way from a state to another node's.

use super::*;
use crate::scratch::Scratch;
use crate::world::{World, at, genesis};
use sealight_verify::format::entry::RecallScope;

/// A world with a bit of everything in its state.
fn world() -> World {
    let mut world = World::new();
    world.lot(1);
    world.lot(2);
    world.trace("lab", 1, "tested");
    world.trace("carrier", 1, "shipped");
    world.sell(1, 3, 77);
    world.rotate("issuer");
    let body = world.recall_body(RecallScope::Lot(world.lot_id(2)), true);
    let entry = world.entry("authority", body);
    world.apply(&entry).unwrap();
    world
}

fn bytes(world: &World) -> Vec<u8> {
    encode(&world.state, world.height, at(world.height)).unwrap()
}

#[test]
fn a_state_comes_back_and_goes_on_alike() {
    let mut world = world();
    let bytes = bytes(&world);
    let (cover, state) = decode(&bytes, &genesis(), Some(world.state.app_hash())).unwrap();
    assert_eq!((cover.height, cover.time), (world.height, at(world.height)));
    assert_eq!(state.roots(), world.state.roots());
    assert_eq!(state.hints().recalls, world.state.hints().recalls);
    assert_eq!(state.members(), world.state.members());
    assert_eq!(state.validators(), world.state.validators());
    assert_eq!(encode(&state, world.height, at(world.height)).unwrap(), bytes);
    // What comes later meets the same rules and gives the same state.
    let entry = world.entry(
        "retailer",
        world.life_body(1, &[(78, 90)], sealight_verify::format::life::LifeState::Sold, None),
    );
    let mut restored = state;
    restored.apply(&codec::encode(&entry), world.height, at(world.height)).unwrap();
    world.apply(&entry).unwrap();
    assert_eq!(restored.app_hash(), world.state.app_hash());
}

#[test]
fn no_byte_of_a_snapshot_can_change_what_the_root_binds() {
    let world = world();
    let bytes = bytes(&world);
    let root = world.state.app_hash();
    let (mut refused, mut hints) = (0, 0);
    for at in 0..bytes.len() {
        let mut altered = bytes.clone();
        altered[at] ^= 1;
        match decode(&altered, &genesis(), Some(root)) {
            Err(_) => refused += 1,
            // The cover's height and time are held against the offer and the block; hints are
            // believed by nobody.
            Ok((_, state)) => {
                assert_eq!(state.roots(), world.state.roots());
                assert_eq!(state.lot(&world.lot_id(1)).unwrap().anchor, world.lot_state(1).anchor);
                hints += 1;
            }
        }
    }
    assert!(refused > bytes.len() - 100 && hints < 100, "{refused} of {}", bytes.len());
}

#[test]
fn no_truncation_is_taken() {
    let world = world();
    let bytes = bytes(&world);
    let root = world.state.app_hash();
    for length in 0..bytes.len() {
        if let Ok((_, state)) = decode(&bytes[..length], &genesis(), Some(root)) {
            // Without its last pieces, which are hints.
            assert_eq!(state.roots(), world.state.roots());
            assert!(bytes.len() - length < 200);
        }
    }
}

#[test]
fn another_ledgers_snapshot_is_another_state() {
    let world = world();
    let other = World::new().state.app_hash();
    let refused = decode(&bytes(&world), &genesis(), Some(other)).unwrap_err();
    assert!(matches!(refused, SnapshotError::OtherState { expected, .. } if expected == other));
}

#[test]
fn an_offer_binds_its_chunks() {
    let snapshot = vec![7; 2 * CHUNK + 5];
    let offer = Offer::of(9, &snapshot);
    assert_eq!(offer.chunks.len(), 3);
    let (hash, metadata) = (offer.hash.0, offer.metadata());
    assert_eq!(Offer::decode(9, 3, &hash, &metadata).unwrap(), offer);
    let refused = |count, hash: &[u8], metadata: &[u8]| {
        matches!(Offer::decode(9, count, hash, metadata), Err(SnapshotError::Offer))
    };
    assert!(refused(2, &hash, &metadata));
    assert!(refused(3, &hash[1..], &metadata));
    assert!(refused(3, &hash, &metadata[1..]));
    assert!(refused(0, &Sm3::hash(&[]).0, &[]));
    let mut other = metadata.clone();
    other[40] ^= 1;
    assert!(refused(3, &hash, &other));
}

#[test]
fn the_newest_two_are_kept_and_found_again() {
    let scratch = Scratch::new();
    let shelf = Shelf::open(scratch.path()).unwrap();
    let snapshot = |height: u64| vec![height as u8; CHUNK + 10];
    (1..=4).for_each(|height| shelf.put(height, &snapshot(height)).unwrap());
    std::fs::write(scratch.path().join("5.half"), b"half").unwrap();
    for shelf in [&shelf, &Shelf::open(scratch.path()).unwrap()] {
        let heights: Vec<u64> = shelf.offers().iter().map(|offer| offer.height).collect();
        assert_eq!(heights, [3, 4]);
        assert_eq!(shelf.chunk(4, 1).unwrap(), vec![4; 10]);
        assert_eq!(shelf.chunk(4, 2), None);
        assert_eq!(shelf.chunk(2, 0), None);
        assert_eq!(shelf.offers()[1], Offer::of(4, &snapshot(4)));
    }
    assert!(!scratch.path().join("5.half").exists());
}
