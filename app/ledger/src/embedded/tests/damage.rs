//! What becomes of a home whose files were cut, altered or put back.

use super::*;
use std::fs;
use std::path::PathBuf;

/// A closed home with some blocks, its file of blocks, and where its records begin.
fn some_blocks(scratch: &Scratch) -> (Wall, PathBuf, Vec<usize>) {
    let (ledger, wall) = opened(scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    issuer.number_of_entries(&ledger, 3);
    drop(ledger);
    let path = scratch.path().join("blocks");
    let bytes = fs::read(&path).unwrap();
    let (mut starts, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        starts.push(at);
        let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        at += 12 + length as usize;
    }
    (wall, path, starts)
}

#[test]
fn a_restart_gives_the_same_chain() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    issuer.number_of_entries(&ledger, 3);
    let head = ledger.light_block(None).unwrap();
    let second = ledger.light_block(Some(2)).unwrap();
    drop(ledger);
    let ledger = open(&scratch, &wall).unwrap();
    assert_eq!(ledger.torn_bytes(), 0);
    assert_eq!(ledger.light_block(None).unwrap(), head);
    assert_eq!(ledger.light_block(Some(2)).unwrap(), second);
    issuer.number_of_entries(&ledger, 1);
}

#[test]
fn a_torn_record_that_nobody_was_told_of_is_cut_off_and_reported() {
    let scratch = Scratch::new();
    let (wall, path, _) = some_blocks(&scratch);
    let whole = fs::read(&path).unwrap();
    let torn: [&[u8]; 4] = [&[0; 5], &[0; 400], &[0, 0, 0, 9, 1, 2, 3], &whole[..200]];
    for tail in torn {
        fs::write(&path, [&whole[..], tail].concat()).unwrap();
        let ledger = open(&scratch, &wall).unwrap();
        assert_eq!(ledger.torn_bytes(), tail.len() as u64);
        drop(ledger);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
}

#[test]
fn blocks_cut_off_below_what_was_signed_are_not_signed_again() {
    let scratch = Scratch::new();
    let (wall, path, starts) = some_blocks(&scratch);
    let whole = fs::read(&path).unwrap();
    for cut in [starts[starts.len() - 1], starts[starts.len() - 1] + 30, starts[3], 0] {
        fs::write(&path, &whole[..cut]).unwrap();
        let refused = open(&scratch, &wall);
        let Err(HomeError::Blocks(BlocksError::SignedAhead { signed, have })) = refused else {
            panic!("{cut}: {refused:?}")
        };
        assert!(signed == starts.len() as u64 && have < signed);
    }
}

#[test]
fn a_block_altered_in_any_byte_is_refused() {
    let scratch = Scratch::new();
    let (wall, path, starts) = some_blocks(&scratch);
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(37).chain(starts.iter().copied()) {
        let mut altered = whole.clone();
        altered[at] ^= 4;
        fs::write(&path, &altered).unwrap();
        assert!(open(&scratch, &wall).is_err(), "byte {at}");
    }
}

/// Writes the last record anew, with a sum that fits.
fn with_last_record(whole: &[u8], start: usize, change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    use sealight_verify::hash::{HashSuite, Sm3};
    let mut record = whole[start + 12..].to_vec();
    change(&mut record);
    let sum = Sm3::hash(&[&record]);
    let length = (record.len() as u32).to_be_bytes();
    [&whole[..start], &length, &sum.0[..8], &record].concat()
}

#[test]
fn another_block_at_a_signed_height_is_refused() {
    use super::super::blocks::Block;
    let scratch = Scratch::new();
    let (wall, path, starts) = some_blocks(&scratch);
    let whole = fs::read(&path).unwrap();
    let change = |record: &mut Vec<u8>| {
        let mut block: Block = codec::decode(record).unwrap();
        block.header.time = Timestamp::LATEST;
        *record = codec::encode(&block);
    };
    fs::write(&path, with_last_record(&whole, starts[starts.len() - 1], change)).unwrap();
    let refused = open(&scratch, &wall);
    assert!(matches!(refused, Err(HomeError::Blocks(BlocksError::SignedOther { height: 9 }))));
}

#[test]
fn a_block_that_names_another_state_is_refused() {
    use super::super::blocks::Block;
    let scratch = Scratch::new();
    let (wall, path, starts) = some_blocks(&scratch);
    let whole = fs::read(&path).unwrap();
    let change = |record: &mut Vec<u8>| {
        let mut block: Block = codec::decode(record).unwrap();
        block.header.app_hash.0[0] ^= 1;
        *record = codec::encode(&block);
    };
    fs::write(&path, with_last_record(&whole, starts[starts.len() - 1], change)).unwrap();
    let refused = open(&scratch, &wall);
    assert!(matches!(refused, Err(HomeError::Blocks(BlocksError::OtherState { height: 9, .. }))));
}

#[test]
fn a_state_that_no_header_binds_yet_gets_one_when_the_home_is_opened() {
    let scratch = Scratch::new();
    let (wall, path, starts) = some_blocks(&scratch);
    let before = {
        let ledger = open(&scratch, &wall).unwrap();
        ledger.light_block(None).unwrap()
    };
    // As if power went between the two records of one append, before anything was signed.
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..starts[starts.len() - 1]]).unwrap();
    fs::remove_file(scratch.path().join("signed")).unwrap();
    let ledger = open(&scratch, &wall).unwrap();
    let head = ledger.light_block(None).unwrap();
    assert_eq!(head.height(), before.height());
    assert_eq!(head.header.app_hash, before.header.app_hash);
    let (height, _) = ledger.query("/changes", &[0; 8], 0).unwrap();
    assert_eq!(height, head.height());
}
