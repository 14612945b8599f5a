use super::*;
use crate::codec::Blob;
use crate::hash::Hash32;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

fn header() -> Header {
    Header {
        version: Version { block: 11, app: 0 },
        chain_id: String::new(),
        height: 1,
        time: Timestamp::EARLIEST,
        last_block_id: None,
        last_commit_hash: None,
        data_hash: None,
        validators_hash: Hash32([1; 32]),
        next_validators_hash: Hash32([1; 32]),
        consensus_hash: None,
        app_hash: Blob(vec![]),
        last_results_hash: None,
        evidence_hash: None,
        proposer: Address([0; 20]),
    }
}

/// CometBFT v0.38 `types/vote_test.go`, `TestVoteSignBytesTestVectors`, the case with "proper
/// (fixed size) height and round (PreCommit)": zero time and no chain id.
#[test]
fn sign_bytes_of_a_nil_precommit_known_vector() {
    let bytes = vote_bytes(&header(), 1, None, Timestamp::EARLIEST);
    let expected = [
        0x21, 0x08, 0x02, 0x11, 1, 0, 0, 0, 0, 0, 0, 0, 0x19, 1, 0, 0, 0, 0, 0, 0, 0, 0x2a, 0x0b,
        0x08, 0x80, 0x92, 0xb8, 0xc3, 0x98, 0xfe, 0xff, 0xff, 0xff, 0x01,
    ];
    assert_eq!(bytes, expected);
}

/// The same file's case with the chain id `test_chain_id`, height and round 1 and no type, 46 bytes
/// long; the type of a precommit adds two.
#[test]
fn sign_bytes_with_a_chain_id_known_vector() {
    let header = Header { chain_id: "test_chain_id".into(), height: 1, ..header() };
    let bytes = vote_bytes(&header, 1, None, Timestamp::EARLIEST);
    assert_eq!(bytes[0], 46 + 2);
    assert_eq!(&bytes[34..36], &[0x32, 0x0d]);
    assert_eq!(&bytes[36..], b"test_chain_id");
}

#[test]
fn header_bounds_each() {
    assert_eq!(header().bounds(), Err(HeaderBounds::ChainId { got: 0 }));
    let named = Header { chain_id: "c".repeat(MAX_CHAIN_ID), ..header() };
    assert_eq!(named.bounds(), Ok(()));
    let long = Header { chain_id: "c".repeat(MAX_CHAIN_ID + 1), ..header() };
    assert_eq!(long.bounds(), Err(HeaderBounds::ChainId { got: MAX_CHAIN_ID + 1 }));
    let low = Header { height: 0, ..named.clone() };
    assert_eq!(low.bounds(), Err(HeaderBounds::Height { got: 0 }));
    let high = Header { height: MAX_HEIGHT + 1, ..named.clone() };
    assert_eq!(high.bounds(), Err(HeaderBounds::Height { got: MAX_HEIGHT + 1 }));
    let fat = Header { app_hash: Blob(vec![0; MAX_APP_HASH + 1]), ..named };
    assert_eq!(fat.bounds(), Err(HeaderBounds::AppHash { got: MAX_APP_HASH + 1 }));
}

fn seats(powers: &[u64]) -> Vec<Validator> {
    powers
        .iter()
        .enumerate()
        .map(|(at, power)| Validator { key: Blob(vec![at as u8; 32]), power: *power })
        .collect()
}

#[test]
fn a_set_is_not_empty() {
    assert_eq!(ValidatorSet::new(vec![]), Err(ValidatorSetError::Empty));
}

#[test]
fn a_set_has_at_most_1000_validators() {
    let many = |count: usize| {
        let seat = |at: usize| Validator { key: Blob(at.to_be_bytes().to_vec()), power: 1 };
        ValidatorSet::new((0..count).map(seat).collect())
    };
    assert!(many(1000).is_ok());
    assert_eq!(many(1001), Err(ValidatorSetError::TooMany { got: 1001 }));
}

#[test]
fn every_power_is_positive() {
    assert_eq!(ValidatorSet::new(seats(&[5, 0])), Err(ValidatorSetError::Power { at: 1 }));
}

#[test]
fn total_power_neither_overflows_nor_passes_the_limit() {
    assert!(ValidatorSet::new(seats(&[MAX_TOTAL_POWER - 1, 1])).is_ok());
    for powers in [[MAX_TOTAL_POWER, 1], [u64::MAX, 2], [1 << 63, 1 << 63]] {
        assert_eq!(ValidatorSet::new(seats(&powers)), Err(ValidatorSetError::TotalPower));
    }
}

#[test]
fn no_validator_stands_in_a_set_twice() {
    let mut twice = seats(&[1, 2, 3]);
    twice[2].key = twice[0].key.clone();
    assert_eq!(ValidatorSet::new(twice), Err(ValidatorSetError::Duplicate { at: 2 }));
}

#[test]
fn keys_are_bounded() {
    let seat = |length| vec![Validator { key: Blob(vec![1; length]), power: 1 }];
    assert_eq!(ValidatorSet::new(seat(65)), Err(ValidatorSetError::Key { at: 0 }));
    assert_eq!(ValidatorSet::new(seat(0)), Err(ValidatorSetError::Key { at: 0 }));
}

#[test]
fn a_sorted_set_has_larger_powers_first_then_addresses() {
    let set = ValidatorSet::sorted::<Stock>(seats(&[1, 7, 7, 9])).unwrap();
    let powers: Vec<u64> = set.validators().iter().map(|seat| seat.power).collect();
    assert_eq!(powers, [9, 7, 7, 1]);
    let [_, one, other, _] = set.validators() else { panic!("four validators") };
    assert!(one.address::<Stock>() < other.address::<Stock>());
}

#[test]
fn thresholds_are_passed_and_not_met() {
    assert!(!Threshold::OneThird.passed(1, 3));
    assert!(Threshold::OneThird.passed(2, 5));
    assert!(!Threshold::TwoThirds.passed(2, 3));
    assert!(Threshold::TwoThirds.passed(3, 4));
    assert!(!Threshold::TwoThirds.passed(2 * (MAX_TOTAL_POWER / 3), MAX_TOTAL_POWER));
    assert!(Threshold::TwoThirds.passed(u64::MAX, u64::MAX));
    assert!(!Threshold::OneThird.passed(0, 0));
}
