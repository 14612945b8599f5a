//! Forks and checkpoints: what freezes a ledger, what is kept as evidence, what cures it.

use crate::chain::OLD;
use crate::support::*;
use sealight_issue::trust::sign_checkpoint;
use sealight_verify::chain::{
    AcceptError, Change, CheckpointError, First, ForkEvidence, HeaderChain, TrustedHeader,
};
use sealight_verify::codec;
use sealight_verify::comet::LightBlock;

fn forked() -> (HeaderChain, LightBlock, LightBlock) {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + DAY);
    accept(&mut chain, &block(50, GENESIS + 3000, &set, &set), &present).unwrap();
    let first = block(100, GENESIS + 6000, &set, &set);
    accept(&mut chain, &first, &present).unwrap();
    let second = again(&first, &set, |header| header.app_hash.0 = vec![9; 32]);
    (chain, first, second)
}

#[test]
fn two_headers_of_one_height_freeze_the_ledger_at_the_last_common_height() {
    let (mut chain, first, second) = forked();
    let present = now(GENESIS + DAY);
    let error = accept(&mut chain, &second, &present).unwrap_err();
    let AcceptError::Fork(evidence) = error else { panic!("expected a fork, got {error:?}") };
    assert_eq!(evidence.first(), Some(First::Block(&first)));
    assert_eq!(evidence.second(), &second);
    assert_eq!((evidence.height(), evidence.common_height()), (100, 50));
    assert_eq!(chain.frozen(), Some((50, 100)));
    assert_eq!(chain.head().map(TrustedHeader::height), Some(50));
    let frozen = AcceptError::Frozen { last_common: 50, fork: 100 };
    assert_eq!(chain.accept(&first, &present), Err(frozen.clone()));
    let set = signers(&OLD);
    let next = block(101, GENESIS + 6060, &set, &set);
    assert_eq!(chain.accept(&next, &present), Err(frozen));
    assert!(chain.accept(&block(50, GENESIS + 3000, &set, &set), &present).is_ok());
}

#[test]
fn evidence_freezes_again_after_a_start() {
    let (mut chain, _, second) = forked();
    let present = now(GENESIS + DAY);
    let Err(AcceptError::Fork(evidence)) = accept(&mut chain, &second, &present) else {
        panic!("expected a fork")
    };
    let stored = codec::decode(&codec::encode(evidence.as_ref())).unwrap();
    let (mut fresh, ..) = forked();
    let change = fresh.accept_fork(&stored).unwrap();
    fresh.apply(&change);
    assert_eq!(fresh.frozen(), Some((50, 100)));
}

#[test]
fn only_a_checkpoint_made_after_the_freeze_and_above_the_fork_cures_it() {
    let (mut chain, _, second) = forked();
    accept(&mut chain, &second, &now(GENESIS + DAY)).unwrap_err();
    let set = signers(&OLD);
    let take = |height: u64, made: i64| {
        let header = draft(height, GENESIS + 7000, set.set(), set.set());
        chain.checkpoint(&signed_checkpoint(&header, made))
    };
    let error = CheckpointError::DoesNotCure { fork: 100, detected: at(GENESIS + DAY) };
    assert_eq!(take(100, GENESIS + 2 * DAY), Err(error.clone()));
    assert_eq!(take(101, GENESIS + DAY), Err(error));
    let cure = take(101, GENESIS + DAY + 1).unwrap();
    chain.apply(&cure);
    assert_eq!(chain.frozen(), None);
    let next = block(102, GENESIS + DAY, &set, &set);
    assert!(accept(&mut chain, &next, &now(GENESIS + 2 * DAY)).is_ok());
}

#[test]
fn a_fork_freezes_where_both_headers_link_also_below_a_newer_checkpoint() {
    // Lies at 90 and 100, a checkpoint at 95 where two of the liars had left: only height 1 leads
    // to both.
    let (truth, lie) = (signers(&[3, 4, 5, 6]), powers(&[(1, 10), (2, 10), (50, 100)]));
    let mut chain = chain(&signers(&OLD));
    let present = now(GENESIS + DAY);
    for height in [90, 100] {
        accept(&mut chain, &block(height, GENESIS + 60 * height as i64, &lie, &lie), &present)
            .unwrap();
    }
    let pin = draft(95, GENESIS + 5700, truth.set(), truth.set());
    chain.apply(&chain.checkpoint(&signed_checkpoint(&pin, GENESIS + 5701)).unwrap());
    chain.apply(&chain.offer_validators(truth.set().clone()).unwrap());
    let honest = block(100, GENESIS + 6000, &truth, &truth);
    let error = accept(&mut chain, &honest, &present).unwrap_err();
    assert!(matches!(&error, AcceptError::Fork(evidence) if evidence.common_height() == 1));
    let heights: Vec<u64> = chain.headers().map(TrustedHeader::height).collect();
    assert_eq!(heights, [1, 95], "what was signed stays");
    assert_eq!(chain.frozen(), Some((1, 100)));
}

#[test]
fn evidence_that_shows_no_fork_freezes_nothing() {
    let (mut chain, _, second) = forked();
    let present = now(GENESIS + DAY);
    let Err(AcceptError::Fork(evidence)) = chain.accept(&second, &present) else {
        panic!("expected a fork")
    };
    // Evidence against another chain's checkpoint does not even find its common height.
    let other = self::chain(&signers(&[7, 8, 9]));
    assert_eq!(other.accept_fork(&evidence), Err(AcceptError::NoFork));
    assert!(chain.accept_fork(&evidence).is_ok());
    chain.apply(&Change::Nothing);
    assert_eq!(chain.frozen(), None);
}

#[test]
fn a_header_against_a_checkpoint_is_kept_as_evidence_and_freezes() {
    let (mut chain, first, second) = forked();
    let present = now(GENESIS + DAY);
    chain.apply(&chain.checkpoint(&signed_checkpoint(&first.header, GENESIS + 6001)).unwrap());
    let error = accept(&mut chain, &second, &present).unwrap_err();
    let AcceptError::Fork(evidence) = error else { panic!("expected a fork, got {error:?}") };
    assert_eq!(evidence.first(), Some(First::Block(&first)));
    assert_eq!(chain.frozen(), Some((50, 100)));
    let set = signers(&OLD);
    let cure = draft(101, GENESIS + 7000, set.set(), set.set());
    chain.apply(&chain.checkpoint(&signed_checkpoint(&cure, GENESIS + 2 * DAY)).unwrap());
    assert_eq!(chain.frozen(), None);
}

#[test]
fn a_header_against_a_checkpoint_without_its_block_is_evidence_by_the_checkpoint() {
    let (_, first, second) = forked();
    let (set, present) = (signers(&OLD), now(GENESIS + DAY));
    let signed = signed_checkpoint(&first.header, GENESIS + 6001);
    let start = || {
        let mut chain = chain(&set);
        accept(&mut chain, &block(50, GENESIS + 3000, &set, &set), &present).unwrap();
        chain.apply(&chain.checkpoint(&signed).unwrap());
        chain
    };
    let mut frozen = start();
    let error = accept(&mut frozen, &second, &present).unwrap_err();
    let AcceptError::Fork(evidence) = error else { panic!("expected a fork, got {error:?}") };
    assert_eq!(evidence.first(), Some(First::Checkpoint(&signed)));
    assert_eq!(frozen.frozen(), Some((50, 100)));
    // It comes back from a store, and freezes again.
    let bytes = codec::encode(evidence.as_ref());
    let stored: ForkEvidence = codec::decode(&bytes).unwrap();
    assert_eq!(stored, *evidence);
    let mut again = start();
    again.apply(&again.accept_fork(&stored).unwrap());
    assert_eq!(again.frozen(), Some((50, 100)));
    // One that the role has not signed shows nothing.
    let mut file = trust_file();
    file.checkpoints.threshold = 3;
    let mut other = HeaderChain::new(&trusted(&file), &ledger()).unwrap();
    let mut pin = signed_checkpoint(&block(1, GENESIS, &set, &set).header, GENESIS + 1);
    sign_checkpoint(&mut pin, &role_key(113));
    other.apply(&other.checkpoint(&pin).unwrap());
    other.apply(&other.offer_validators(set.set().clone()).unwrap());
    accept(&mut other, &block(50, GENESIS + 3000, &set, &set), &present).unwrap();
    assert_eq!(other.accept_fork(&stored), Err(AcceptError::NoFork));
}

#[test]
fn a_header_that_a_checkpoint_contradicts_is_evidence_too() {
    let (chain, first, second) = forked();
    let signed = signed_checkpoint(&second.header, GENESIS + DAY);
    let evidence = chain.contradicted_by(&signed, &now(GENESIS + DAY)).unwrap();
    assert_eq!((evidence.first(), evidence.second()), (Some(First::Checkpoint(&signed)), &first));
    assert_eq!((evidence.height(), evidence.common_height()), (100, 50));
    let agrees = signed_checkpoint(&first.header, GENESIS + DAY);
    assert_eq!(chain.contradicted_by(&agrees, &now(GENESIS + DAY)), None);
}

#[test]
fn a_checkpoint_against_a_header_wins() {
    let (mut chain, _, second) = forked();
    chain.apply(&chain.checkpoint(&signed_checkpoint(&second.header, GENESIS + DAY)).unwrap());
    let heights: Vec<u64> = chain.headers().map(TrustedHeader::height).collect();
    assert_eq!(heights, [1, 100]);
    assert!(chain.accept(&second, &now(GENESIS + DAY)).is_ok());
}

#[test]
fn an_older_checkpoint_never_comes_back() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let signed = |height| {
        signed_checkpoint(&draft(height, GENESIS + 60, set.set(), set.set()), GENESIS + DAY)
    };
    chain.apply(&chain.checkpoint(&signed(100)).unwrap());
    for height in [1, 50, 100] {
        let error = CheckpointError::NotNewer { have: 100, got: height };
        assert_eq!(chain.checkpoint(&signed(height)), Err(error));
    }
}
