//! One step of light verification: each rule by its own test.

use crate::support::*;
use sealight_issue::comet::Vote;
use sealight_verify::comet::{
    Anchor, CometError, HeaderBounds, LightBlock, Limits, PartSetHeader, Slot, Step, Stock,
    Threshold, ValidatorSet, next_validators_hash, verify, verify_known,
};
use sealight_verify::hash::Hash32;
use sealight_verify::sign::SignatureError;
use sealight_verify::time::Seconds;

const NOW: i64 = GENESIS + DAY;

/// A trusted header of height 10 that announces `next`.
fn anchor(next: &ValidatorSet) -> Anchor<'_> {
    Anchor {
        chain_id: CHAIN,
        height: 10,
        time: at(GENESIS),
        next_validators_hash: next.hash::<Stock>(),
        next_validators: Some(next),
    }
}

fn limits(threshold: Threshold) -> Limits {
    Limits {
        trusting: Seconds::days(30),
        measured_at: at(NOW),
        now: Some(at(NOW)),
        drift: Seconds(10),
        threshold,
    }
}

fn third() -> Limits {
    limits(Threshold::OneThird)
}

fn step(block: &LightBlock, next: &ValidatorSet) -> Result<Step, CometError> {
    verify::<Stock>(block, &anchor(next), &third()).map(|stepped| stepped.step)
}

#[test]
fn a_good_block_is_accepted_adjacent_and_by_a_skip() {
    let set = signers(&[1, 2, 3, 4]);
    for height in [11, 12, 1_000_000] {
        let block = block(height, NOW - 60, &set, &set);
        let stepped = verify::<Stock>(&block, &anchor(set.set()), &third()).unwrap();
        assert_eq!(stepped.hash, block.header.hash::<Stock>());
        assert_eq!(stepped.step, Step::SameSet);
    }
}

#[test]
fn header_fields_are_bounded() {
    let set = signers(&[1, 2, 3, 4]);
    let good = block(12, NOW, &set, &set);
    let bad = again(&good, &set, |header| header.app_hash.0 = vec![0; 65]);
    let expected = CometError::Bounds(HeaderBounds::AppHash { got: 65 });
    assert_eq!(step(&bad, set.set()), Err(expected));
}

#[test]
fn a_header_of_another_chain_is_refused() {
    let set = signers(&[1, 2, 3, 4]);
    let good = block(12, NOW, &set, &set);
    let other = again(&good, &set, |header| header.chain_id = "sealight-main".into());
    let expected = CometError::ChainId { expected: CHAIN.into(), got: "sealight-main".into() };
    assert_eq!(step(&other, set.set()), Err(expected));
}

#[test]
fn heights_only_rise() {
    let set = signers(&[1, 2, 3, 4]);
    for height in [9, 10] {
        let expected = CometError::HeightOrder { trusted: 10, got: height };
        assert_eq!(step(&block(height, NOW, &set, &set), set.set()), Err(expected));
    }
}

#[test]
fn time_only_rises() {
    let set = signers(&[1, 2, 3, 4]);
    for time in [GENESIS - 1, GENESIS] {
        let expected = CometError::TimeOrder { trusted: at(GENESIS), got: at(time) };
        assert_eq!(step(&block(12, time, &set, &set), set.set()), Err(expected));
    }
    assert!(step(&block(12, GENESIS + 1, &set, &set), set.set()).is_ok());
}

#[test]
fn a_header_from_the_future_is_refused() {
    let set = signers(&[1, 2, 3, 4]);
    let early = block(12, NOW + 10, &set, &set);
    let expected = CometError::FromFuture { now: at(NOW), got: at(NOW + 10) };
    assert_eq!(step(&early, set.set()), Err(expected));
    assert!(step(&block(12, NOW + 9, &set, &set), set.set()).is_ok());
    let resting = Limits { now: None, ..third() };
    assert!(verify::<Stock>(&early, &anchor(set.set()), &resting).is_ok());
}

#[test]
fn trust_ends_at_the_trusting_period_and_not_before() {
    let set = signers(&[1, 2, 3, 4]);
    let block = block(12, GENESIS + 60, &set, &set);
    let at_age = |age: i64| {
        let limits = Limits { measured_at: at(GENESIS + age), ..third() };
        verify::<Stock>(&block, &anchor(set.set()), &limits).map(|_| ())
    };
    assert_eq!(at_age(30 * DAY - 1), Ok(()));
    for age in [30 * DAY, 30 * DAY + 1] {
        let expected = CometError::TrustExpired {
            trusted: at(GENESIS),
            at: at(GENESIS + age),
            period: Seconds::days(30),
        };
        assert_eq!(at_age(age), Err(expected));
    }
}

#[test]
fn validators_are_the_ones_that_the_header_names() {
    let (set, other) = (signers(&[1, 2, 3, 4]), signers(&[5, 6, 7, 8]));
    let good = block(12, NOW, &set, &set);
    let bad = LightBlock::new(good.header.clone(), good.commit.clone(), other.set().clone());
    let expected = CometError::ValidatorsHash {
        expected: set.set().hash::<Stock>(),
        got: other.set().hash::<Stock>(),
    };
    assert_eq!(step(&bad, set.set()), Err(expected));
}

#[test]
fn a_power_changed_in_the_set_is_another_set() {
    let (set, other) = (signers(&[1, 2, 3, 4]), powers(&[(1, 11), (2, 10), (3, 10), (4, 10)]));
    let good = block(12, NOW, &set, &set);
    let bad = LightBlock::new(good.header.clone(), good.commit.clone(), other.set().clone());
    assert!(matches!(step(&bad, set.set()), Err(CometError::ValidatorsHash { .. })));
}

#[test]
fn next_validators_are_the_ones_that_the_trusted_header_names() {
    let (old, new, other) = (signers(&[1, 2]), signers(&[1, 3]), signers(&[1, 3, 4]));
    let block = block(12, NOW, &new, &new);
    let lying = Anchor {
        next_validators_hash: old.set().hash::<Stock>(),
        next_validators: Some(other.set()),
        ..anchor(old.set())
    };
    let (expected, got) = (old.set().hash::<Stock>(), other.set().hash::<Stock>());
    let error = CometError::NextValidatorsHash { expected, got };
    assert_eq!(verify::<Stock>(&block, &lying, &third()).map(|_| ()), Err(error.clone()));
    assert_eq!(next_validators_hash::<Stock>(expected, other.set()), Err(error));
    assert_eq!(next_validators_hash::<Stock>(expected, old.set()), Ok(()));
}

#[test]
fn a_commit_has_one_slot_for_each_validator() {
    let set = signers(&[1, 2, 3, 4]);
    for change in [0usize, 1, 2] {
        let mut bad = block(12, NOW, &set, &set);
        match change {
            0 => _ = bad.commit.slots.pop(),
            1 => bad.commit.slots.push(Slot::Absent),
            _ => bad.commit.slots.clear(),
        }
        let expected = CometError::CommitSize { expected: 4, got: [3, 5, 0][change] };
        assert_eq!(step(&bad, set.set()), Err(expected));
    }
}

#[test]
fn a_round_is_at_most_the_largest_signed_number() {
    let set = signers(&[1, 2, 3, 4]);
    let header = draft(12, NOW, set.set(), set.set());
    let bad = set.sign(header, 1 << 31, at(NOW));
    assert_eq!(step(&bad, set.set()), Err(CometError::Round { got: 1 << 31 }));
}

#[test]
fn the_next_header_is_signed_by_the_announced_set() {
    let (old, new) = (signers(&[1, 2, 3, 4]), signers(&[1, 2, 3, 5]));
    let expected = CometError::NotAdjacent {
        expected: old.set().hash::<Stock>(),
        got: new.set().hash::<Stock>(),
    };
    assert_eq!(step(&block(11, NOW, &new, &new), old.set()), Err(expected));
    assert!(step(&block(12, NOW, &new, &new), old.set()).is_ok());
}

#[test]
fn a_skip_to_another_set_needs_the_trusted_set() {
    let (old, new) = (signers(&[1, 2, 3, 4]), signers(&[1, 2, 3, 5]));
    let unknown = Anchor { next_validators: None, ..anchor(old.set()) };
    let block = block(12, NOW, &new, &new);
    let expected = CometError::TrustedSetUnknown { hash: old.set().hash::<Stock>() };
    assert_eq!(verify::<Stock>(&block, &unknown, &third()).map(|_| ()), Err(expected));
}

#[test]
fn a_skip_needs_more_than_the_threshold_of_the_trusted_set() {
    let old = signers(&[1, 2, 3]);
    let with = |seeds: &[u8], threshold| {
        let new = signers(seeds);
        let block = block(12, NOW, &new, &new);
        verify::<Stock>(&block, &anchor(old.set()), &limits(threshold)).map(|s| s.step)
    };
    let lacks =
        |signed, threshold| Err(CometError::NotEnoughTrust { signed, total: 30, threshold });
    use Threshold::{OneThird, TwoThirds};
    assert_eq!(with(&[7, 8, 9], OneThird), lacks(0, OneThird));
    assert_eq!(with(&[1, 8, 9], OneThird), lacks(10, OneThird), "exactly a third");
    assert_eq!(with(&[1, 2, 9], OneThird), Ok(Step::Overlap { passed: OneThird }));
    assert_eq!(with(&[1, 2, 9], TwoThirds), lacks(20, TwoThirds), "exactly two thirds");
    assert_eq!(with(&[1, 2, 3, 9], TwoThirds), Ok(Step::Overlap { passed: TwoThirds }));
    assert_eq!(with(&[1, 2, 3, 9], OneThird), Ok(Step::Overlap { passed: TwoThirds }));
}

#[test]
fn trust_is_counted_in_trusted_powers_and_not_in_the_new_ones() {
    let old = powers(&[(1, 1), (2, 50), (3, 49)]);
    let new = powers(&[(1, 1000), (9, 1)]);
    let expected =
        CometError::NotEnoughTrust { signed: 1, total: 100, threshold: Threshold::OneThird };
    assert_eq!(step(&block(12, NOW, &new, &new), old.set()), Err(expected));
}

#[test]
fn votes_for_nil_and_absent_ones_are_no_trust() {
    let old = signers(&[1, 2, 3]);
    let new = signers(&[1, 2, 3, 8, 9, 10, 11, 12, 13, 14]);
    let header = draft(12, NOW, new.set(), new.set());
    let old_keys: Vec<_> = old.set().validators().iter().map(|seat| seat.key.clone()).collect();
    let nil = new.sign_with(header, 0, |place| {
        let key = &new.set().validators()[place].key;
        if old_keys.contains(key) { Vote::Nil(at(NOW)) } else { Vote::Commit(at(NOW)) }
    });
    let expected =
        CometError::NotEnoughTrust { signed: 0, total: 30, threshold: Threshold::OneThird };
    assert_eq!(step(&nil, old.set()), Err(expected));
}

#[test]
fn more_than_two_thirds_of_the_own_set_must_have_signed() {
    let set = signers(&[1, 2, 3]);
    let header = draft(12, NOW, set.set(), set.set());
    let two = signed_by_first(2, header.clone(), &set);
    let expected = CometError::NotEnoughSigned { signed: 20, total: 30 };
    assert_eq!(step(&two, set.set()), Err(expected.clone()), "exactly two thirds");
    assert_eq!(verify_known::<Stock>(&two), Err(expected));
    assert!(step(&signed_by_first(3, header, &set), set.set()).is_ok());
}

#[test]
fn votes_for_nil_are_no_support() {
    let set = signers(&[1, 2, 3, 4]);
    let header = draft(12, NOW, set.set(), set.set());
    let block = set.sign_with(header, 0, |place| match place {
        0 | 1 => Vote::Nil(at(NOW)),
        _ => Vote::Commit(at(NOW)),
    });
    let expected = CometError::NotEnoughSigned { signed: 20, total: 40 };
    assert_eq!(step(&block, set.set()), Err(expected));
}

#[test]
fn every_signature_present_must_hold() {
    let set = signers(&[1, 2, 3, 4]);
    let good = set.sign_with(draft(12, NOW, set.set(), set.set()), 0, |place| match place {
        3 => Vote::Nil(at(NOW)),
        _ => Vote::Commit(at(NOW)),
    });
    assert!(step(&good, set.set()).is_ok());
    for place in 0..4 {
        let mut bad = good.clone();
        if let Slot::Commit { signature, .. } | Slot::Nil { signature, .. } =
            &mut bad.commit.slots[place]
        {
            signature.0[0] ^= 1;
        }
        let expected = CometError::BadSignature { at: place, error: SignatureError::Mismatch };
        assert_eq!(step(&bad, set.set()), Err(expected.clone()));
        assert_eq!(verify_known::<Stock>(&bad), Err(expected));
    }
}

#[test]
fn signatures_cover_round_parts_time_and_chain() {
    let set = signers(&[1, 2, 3, 4]);
    let good = block(12, NOW, &set, &set);
    let bad_signature =
        |block: &LightBlock| matches!(step(block, set.set()), Err(CometError::BadSignature { .. }));
    let mut round = good.clone();
    round.commit.round = 1;
    assert!(bad_signature(&round));
    let mut total = good.clone();
    total.commit.parts.total = 2;
    assert!(bad_signature(&total));
    let mut parts = good.clone();
    parts.commit.parts = PartSetHeader { total: 1, hash: Hash32([9; 32]) };
    assert!(bad_signature(&parts));
    let mut time = good.clone();
    if let Slot::Commit { timestamp, .. } = &mut time.commit.slots[1] {
        *timestamp = at(NOW + 5);
    }
    assert!(bad_signature(&time));
}

#[test]
fn a_vote_for_the_block_is_none_for_nil() {
    let set = signers(&[1, 2, 3, 4]);
    let mut block = block(12, NOW, &set, &set);
    if let Slot::Commit { timestamp, signature } = block.commit.slots[0] {
        block.commit.slots[0] = Slot::Nil { timestamp, signature };
    }
    let expected = CometError::BadSignature { at: 0, error: SignatureError::Mismatch };
    assert_eq!(step(&block, set.set()), Err(expected));
}

#[test]
fn who_is_said_to_have_signed_is_counted_before_any_signature() {
    // A large forged set costs no signature: all of them are bad, and the overlap says no first.
    let (old, new) = (signers(&[1, 2, 3]), signers(&(10..110).collect::<Vec<_>>()));
    let mut block = block(12, NOW, &new, &new);
    for slot in &mut block.commit.slots {
        if let Slot::Commit { signature, .. } = slot {
            signature.0 = [0; 64];
        }
    }
    assert!(matches!(step(&block, old.set()), Err(CometError::NotEnoughTrust { .. })));
}

#[test]
fn signatures_of_the_trusted_set_come_first() {
    // Claimed overlap without the keys: the first signature looked at is of the trusted set.
    let old = signers(&[1, 2, 3]);
    let seeds: Vec<u8> = (1..100).collect();
    let new = signers(&seeds);
    let mut block = block(12, NOW, &new, &new);
    let trusted = |at: usize| {
        old.set().validators().iter().any(|seat| seat.key == new.set().validators()[at].key)
    };
    for slot in &mut block.commit.slots {
        if let Slot::Commit { signature, .. } = slot {
            signature.0 = [0; 64];
        }
    }
    match step(&block, old.set()) {
        Err(CometError::BadSignature { at, .. }) => assert!(trusted(at)),
        other => panic!("expected a bad signature, got {other:?}"),
    }
}
