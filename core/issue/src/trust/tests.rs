use super::*;
use sealight_verify::codec::Blob;
use sealight_verify::comet::{Address, Stock, Version};
use sealight_verify::sign::Algorithm;
use sealight_verify::trust::{LedgerKind, LedgerTrust, Operator, Periods};

const LEDGER: LedgerId = LedgerId([3; 32]);

fn time(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

/// Key `number`, of an algorithm that goes round.
fn key(number: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::ALL[usize::from(number % 3)], &[number + 1; 32]).unwrap()
}

fn set(threshold: u16, numbers: &[u8]) -> KeySet {
    KeySet { threshold, keys: numbers.iter().map(|number| key(*number).public()).collect() }
}

fn file(serial: u64, roots: KeySet) -> TrustFile {
    let operator =
        Operator { name: "Member A".into(), validators: Vec::new(), gateways: Vec::new() };
    let ledger = LedgerTrust {
        id: LEDGER,
        name: "Bottles".into(),
        chain_id: "bottles-1".into(),
        kind: LedgerKind::Comet,
        genesis: time(1_700_000_000),
        operators: vec![operator],
        periods: Periods::DEFAULT,
        least_operators: 1,
    };
    TrustFile {
        version: 1,
        serial,
        expires: time(1_800_000_000),
        roots,
        checkpoints: set(1, &[9]),
        ledgers: vec![ledger],
        demo: false,
    }
}

fn signed(file: &TrustFile, numbers: &[u8]) -> SignedTrustFile {
    let mut signed = SignedTrustFile::unsigned(file);
    numbers.iter().for_each(|number| sign_trust_file(&mut signed, &key(*number)));
    signed
}

fn header() -> Header {
    Header {
        version: Version { block: 11, app: 1 },
        chain_id: "bottles-1".into(),
        height: 7,
        time: time(1_750_000_000),
        last_block_id: None,
        last_commit_hash: None,
        data_hash: None,
        validators_hash: Hash32([1; 32]),
        next_validators_hash: Hash32([2; 32]),
        consensus_hash: None,
        app_hash: Blob(vec![5; 32]),
        last_results_hash: None,
        evidence_hash: None,
        proposer: Address([6; 20]),
    }
}

#[test]
fn a_first_trust_file_is_opened_by_clients() {
    let file = file(1, set(2, &[0, 1, 2]));
    let bytes = finish_first(&signed(&file, &[2, 0])).unwrap();
    assert_eq!(*open(&bytes).unwrap(), file);
}

#[test]
fn a_trust_file_below_its_threshold_is_not_finished() {
    let file = file(1, set(2, &[0, 1, 2]));
    let too_few = |got| Err(TrustError::OwnRoots(QuorumError::TooFew { got, threshold: 2 }));
    assert_eq!(finish_first(&signed(&file, &[1])), too_few(1));
    assert_eq!(finish_first(&signed(&file, &[1, 5])), too_few(1));
}

#[test]
fn a_key_signs_a_trust_file_once() {
    let file = file(1, set(1, &[0, 1]));
    let twice = signed(&file, &[1, 1, 0, 1]);
    assert_eq!(twice.signatures.len(), 2);
    assert!(finish_first(&twice).is_ok());
}

#[test]
fn a_rotation_needs_old_and_new_roots() {
    let old = open(&finish_first(&signed(&file(1, set(1, &[0])), &[0])).unwrap()).unwrap();
    let new = file(2, set(2, &[1, 2]));
    let bytes = finish_rotation(&old, &signed(&new, &[0, 1, 2])).unwrap();
    assert_eq!(*rotate(&old, &bytes).unwrap(), new);
    let without_old = finish_rotation(&old, &signed(&new, &[1, 2]));
    let too_few = QuorumError::TooFew { got: 0, threshold: 1 };
    assert_eq!(without_old, Err(TrustError::OldRoots(too_few)));
    let without_new = finish_rotation(&old, &signed(&new, &[0, 1]));
    let too_few = QuorumError::TooFew { got: 1, threshold: 2 };
    assert_eq!(without_new, Err(TrustError::OwnRoots(too_few)));
}

#[test]
fn a_rotation_rises_its_serial() {
    let old = open(&finish_first(&signed(&file(4, set(1, &[0])), &[0])).unwrap()).unwrap();
    let same = finish_rotation(&old, &signed(&file(4, set(1, &[0])), &[0]));
    assert_eq!(same, Err(TrustError::NotNewer { have: 4, got: 4 }));
}

#[test]
fn a_checkpoint_says_what_its_header_says() {
    let made = time(1_750_000_010);
    let mut signed = checkpoint::<Stock>(LEDGER, &header(), made).unwrap();
    sign_checkpoint(&mut signed, &key(9));
    let bytes = finish_checkpoint(&set(1, &[9]), &signed).unwrap();
    let again: SignedCheckpoint = codec::decode(&bytes).unwrap();
    let Checkpoint { height, header_hash, app_hash, time, .. } = again.body;
    assert_eq!((height, time), (7, header().time));
    assert_eq!((header_hash, app_hash), (header().hash::<Stock>(), Hash32([5; 32])));
    assert_eq!(again, signed);
}

#[test]
fn a_checkpoint_below_its_threshold_is_not_finished() {
    let made = time(1_750_000_000);
    let mut signed = checkpoint::<Stock>(LEDGER, &header(), made).unwrap();
    sign_checkpoint(&mut signed, &key(9));
    sign_checkpoint(&mut signed, &key(9));
    let too_few = QuorumError::TooFew { got: 1, threshold: 2 };
    let unfinished = finish_checkpoint(&set(2, &[8, 9]), &signed);
    assert_eq!(unfinished, Err(CheckpointError::Role(too_few)));
}

#[test]
fn a_checkpoint_is_not_made_before_its_header() {
    let made = time(1_749_999_999);
    let error = CheckpointError::MadeBeforeHeader { made, header: header().time };
    assert_eq!(checkpoint::<Stock>(LEDGER, &header(), made), Err(error));
}

#[test]
fn a_checkpoint_needs_a_state_root_of_ours() {
    let foreign = Header { app_hash: Blob(vec![5; 20]), ..header() };
    let error = CheckpointError::AppHash { got: 20 };
    assert_eq!(checkpoint::<Stock>(LEDGER, &foreign, time(1_750_000_000)), Err(error));
}
