//! Every byte of a light block is bound.

use crate::support::*;
use sealight_issue::comet::Vote;
use sealight_verify::chain::{ForkEvidence, HeaderChain};
use sealight_verify::codec;
use sealight_verify::comet::{LightBlock, StoredValidators};
use sealight_verify::trust::SignedCheckpoint;

fn mixed() -> (HeaderChain, LightBlock) {
    let set = powers(&[(1, 30), (2, 30), (3, 30), (4, 5), (5, 5)]);
    let header = draft(9, GENESIS + 600, set.set(), set.set());
    let block = set.sign_with(header, 2, |place| match place {
        3 => Vote::Nil(at(GENESIS + 605)),
        4 => Vote::Absent,
        _ => Vote::Commit(at(GENESIS + 601)),
    });
    (chain(&set), block)
}

fn accepted(chain: &HeaderChain, bytes: &[u8]) -> bool {
    codec::decode::<LightBlock>(bytes)
        .is_ok_and(|block| chain.accept(&block, &now(GENESIS + DAY)).is_ok())
}

#[test]
fn every_bit_flip_is_refused() {
    let (mut chain, block) = mixed();
    let good = codec::encode(&block);
    assert!(accepted(&chain, &good));
    for known in [false, true] {
        if known {
            accept(&mut chain, &block, &now(GENESIS + DAY)).unwrap();
        }
        for bit in 0..8 * good.len() {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(!accepted(&chain, &bad), "bit {bit}");
        }
    }
}

#[test]
fn every_truncation_and_addition_is_refused() {
    let (chain, block) = mixed();
    let good = codec::encode(&block);
    for end in 0..good.len() {
        assert!(!accepted(&chain, &good[..end]), "cut at {end}");
    }
    for extra in 0..=255u8 {
        let mut bad = good.clone();
        bad.push(extra);
        assert!(!accepted(&chain, &bad), "added {extra}");
    }
}

#[test]
fn every_byte_taken_out_is_refused() {
    let (chain, block) = mixed();
    let good = codec::encode(&block);
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad.remove(at);
        assert!(!accepted(&chain, &bad), "without byte {at}");
    }
}

#[test]
fn two_blocks_of_one_header_differ_only_in_signatures() {
    let (chain, block) = mixed();
    let mut fewer = block.clone();
    fewer.commit.slots[3] = sealight_verify::comet::Slot::Absent;
    assert!(accepted(&chain, &codec::encode(&fewer)));
    let (one, other) = (codec::encode(&block), codec::encode(&fewer));
    // A vote for nil is an array (1 byte), null (1), a time (7) and a signature (66).
    assert_eq!(one.len() - other.len(), 75 - 1);
}

#[test]
fn stored_structures_come_back_the_same() {
    let (mut chain, block) = mixed();
    let set = StoredValidators { version: 1, set: block.validators.clone() };
    assert_eq!(codec::decode(&codec::encode(&set)), Ok(set));
    let signed = signed_checkpoint(&block.header, GENESIS + DAY);
    assert_eq!(codec::decode::<SignedCheckpoint>(&codec::encode(&signed)), Ok(signed));
    accept(&mut chain, &block, &now(GENESIS + DAY)).unwrap();
    let signers = powers(&[(1, 30), (2, 30), (3, 30), (4, 5), (5, 5)]);
    let other = again(&block, &signers, |header| header.data_hash = None);
    let error = chain.accept(&other, &now(GENESIS + DAY));
    let Err(sealight_verify::chain::AcceptError::Fork(evidence)) = error else {
        panic!("expected a fork")
    };
    assert_eq!(codec::decode::<ForkEvidence>(&codec::encode(&*evidence)), Ok(*evidence));
}
