//! The trust file and its checkpoint role.

use crate::support::*;
use sealight_verify::chain::{CheckpointError, HeaderChain, TrustStanding};
use sealight_verify::codec::{self, CodecError};
use sealight_verify::comet::Threshold;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::Seconds;
use sealight_verify::trust::{
    KeySignature, LedgerTrust, Operator, QuorumError, SignedTrustFile, TrustError, TrustFile,
    TrustFileError, fewest_operators, open, rotate,
};

fn opened(file: &TrustFile) -> Result<(), TrustError> {
    open(&signed_by(file, &[101, 102])).map(|_| ())
}

fn contradicts(change: impl FnOnce(&mut TrustFile)) -> TrustFileError {
    let mut file = trust_file();
    change(&mut file);
    match opened(&file) {
        Err(TrustError::File(error)) => error,
        other => panic!("expected a contradiction, got {other:?}"),
    }
}

#[test]
fn a_file_is_signed_by_the_threshold_of_its_own_roots() {
    let file = trust_file();
    assert!(open(&signed_by(&file, &[101, 103])).is_ok());
    let too_few = QuorumError::TooFew { got: 1, threshold: 2 };
    assert_eq!(open(&signed_by(&file, &[102])).err(), Some(TrustError::OwnRoots(too_few.clone())));
    // Keys of another role are none of the roots.
    let other = open(&signed_by(&file, &[102, 111, 112])).err();
    assert_eq!(other, Some(TrustError::OwnRoots(too_few)));
}

#[test]
fn one_root_does_not_count_twice() {
    let mut signed: SignedTrustFile = codec::decode(&signed_by(&trust_file(), &[101])).unwrap();
    signed.signatures.push(signed.signatures[0].clone());
    let error = QuorumError::Repeated { at: 1 };
    assert_eq!(open(&codec::encode(&signed)).err(), Some(TrustError::OwnRoots(error)));
}

#[test]
fn every_byte_of_a_signed_trust_file_counts() {
    let bytes = signed_by(&trust_file(), &[101, 102]);
    for at in 0..bytes.len() {
        let mut bad = bytes.clone();
        bad[at] ^= 1;
        assert!(open(&bad).is_err(), "byte {at}");
        assert!(open(&bytes[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn a_file_is_bounded_before_it_is_parsed() {
    let got = 1024 * 1024;
    assert!(matches!(open(&vec![0; got]), Err(TrustError::Codec(CodecError::TooLong { .. }))));
}

#[test]
fn signatures_are_bounded() {
    let mut signed: SignedTrustFile = codec::decode(&signed_by(&trust_file(), &[101])).unwrap();
    let one: KeySignature = signed.signatures[0].clone();
    signed.signatures = vec![one; 129];
    let error = open(&codec::encode(&signed)).err();
    assert_eq!(error, Some(TrustError::TooManySignatures { got: 129 }));
}

#[test]
fn rotation_is_signed_by_the_old_and_the_new_threshold() {
    let old = trusted(&trust_file());
    let mut new = trust_file();
    new.serial = 2;
    new.roots = key_set(2, &[103, 104, 105]);
    assert!(rotate(&old, &signed_by(&new, &[101, 103, 104])).is_ok());
    let few = |got| QuorumError::TooFew { got, threshold: 2 };
    let by_new = rotate(&old, &signed_by(&new, &[104, 105])).err();
    assert_eq!(by_new, Some(TrustError::OldRoots(few(0))));
    let by_old = rotate(&old, &signed_by(&new, &[101, 102])).err();
    assert_eq!(by_old, Some(TrustError::OwnRoots(few(0))));
}

#[test]
fn serials_only_rise() {
    let mut file = trust_file();
    file.serial = 7;
    let old = trusted(&file);
    for serial in [6, 7] {
        file.serial = serial;
        let error = rotate(&old, &signed_by(&file, &[101, 102])).err();
        assert_eq!(error, Some(TrustError::NotNewer { have: 7, got: serial }));
    }
}

#[test]
fn a_demonstrations_file_never_follows_a_real_one() {
    let old = trusted(&trust_file());
    let mut file = trust_file();
    (file.serial, file.demo) = (2, true);
    assert_eq!(rotate(&old, &signed_by(&file, &[101, 102])).err(), Some(TrustError::Demo));
}

#[test]
fn two_ledgers_with_one_short_id_are_refused() {
    let error = contradicts(|file| {
        let mut twin: LedgerTrust = file.ledgers[0].clone();
        twin.id.0[31] ^= 1;
        file.ledgers.push(twin);
    });
    assert!(matches!(error, TrustFileError::ShortIdTaken { .. }));
}

#[test]
fn a_role_has_distinct_keys_and_a_threshold_in_reach() {
    for threshold in [0, 4] {
        let error = contradicts(|file| file.checkpoints.threshold = threshold);
        assert_eq!(error, TrustFileError::Role { role: "checkpoint" });
    }
    let error = contradicts(|file| {
        let one = file.roots.keys[0].clone();
        file.roots.keys[1] = one;
    });
    assert_eq!(error, TrustFileError::Role { role: "root" });
    let error = contradicts(|file| file.roots.keys[2].bytes.0[0] = 9);
    assert_eq!(error, TrustFileError::Role { role: "root" });
}

#[test]
fn a_validator_has_one_operator() {
    let error = contradicts(|file| {
        let key = file.ledgers[0].operators[0].validators[0];
        file.ledgers[0].operators[1].validators.push(key);
    });
    assert_eq!(error, TrustFileError::ValidatorTaken { key: validator(1).public() });
}

#[test]
fn operators_have_distinct_names() {
    let error = contradicts(|file| {
        file.ledgers[0].operators[1].name = "operator 1".into();
    });
    assert_eq!(error, TrustFileError::OperatorTaken { name: "operator 1".into() });
}

#[test]
fn periods_make_sense() {
    let cases: [fn(&mut LedgerTrust); 5] = [
        |ledger| ledger.periods.skip_third = Seconds::days(31),
        |ledger| ledger.periods.fresh = Seconds::days(91),
        |ledger| ledger.periods.trusting = Seconds(0),
        |ledger| ledger.periods.stop = Seconds(u64::MAX),
        |ledger| ledger.periods.drift = Seconds(3601),
    ];
    for change in cases {
        let error = contradicts(|file| change(&mut file.ledgers[0]));
        assert_eq!(error, TrustFileError::Periods { ledger: ledger() });
    }
}

#[test]
fn lists_and_names_are_bounded() {
    type Case = (&'static str, fn(&mut TrustFile));
    let cases: [Case; 4] = [
        ("ledgers", |file| file.ledgers.clear()),
        ("ledger name", |file| file.ledgers[0].name.clear()),
        ("chain id", |file| file.ledgers[0].chain_id = "c".repeat(51)),
        ("gateways", |file| file.ledgers[0].operators[0].gateways = vec!["g".into(); 65]),
    ];
    for (field, change) in cases {
        assert_eq!(contradicts(change), TrustFileError::Bounds { field });
    }
}

#[test]
fn an_expired_file_is_worth_less_and_after_30_days_least() {
    let file = trust_file();
    let expires = GENESIS + 3650 * DAY;
    for (after, standing) in [
        (0, TrustStanding::Valid),
        (1, TrustStanding::Expired),
        (30 * DAY, TrustStanding::Expired),
        (30 * DAY + 1, TrustStanding::LongExpired),
    ] {
        assert_eq!(file.standing(&now(expires + after)), standing);
        let chain = chain(&signers(&[1, 2, 3, 4]));
        assert_eq!(chain.trust_standing(&now(expires + after)), standing);
    }
}

#[test]
fn a_chain_is_of_a_listed_ledger() {
    let other = LedgerId::of_genesis(b"another");
    assert!(HeaderChain::new(&trusted(&trust_file()), &other).is_none());
}

#[test]
fn gateways_are_listed_with_their_operators() {
    let trust = ledger_trust();
    let all: Vec<_> = trust.gateways().map(|(operator, url)| (&operator.name[..], url)).collect();
    assert_eq!(all.len(), 4);
    assert_eq!(all[0], ("operator 1", "https://gateway-1.example"));
}

#[test]
fn a_checkpoint_is_signed_by_its_role() {
    let set = signers(&[1, 2, 3, 4]);
    let chain = HeaderChain::new(&trusted(&trust_file()), &ledger()).unwrap();
    let header = draft(1, GENESIS, set.set(), set.set());
    let good = signed_checkpoint(&header, GENESIS);
    assert!(chain.checkpoint(&good).is_ok());
    let mut few = good.clone();
    few.signatures.pop();
    let error = CheckpointError::Role(QuorumError::TooFew { got: 1, threshold: 2 });
    assert_eq!(chain.checkpoint(&few), Err(error));
    let mut altered = good;
    altered.body.header_hash.0[0] ^= 1;
    let error = chain.checkpoint(&altered);
    assert!(matches!(error, Err(CheckpointError::Role(QuorumError::BadSignature { .. }))));
}

#[test]
fn a_checkpoint_of_another_ledger_or_version_is_refused() {
    let set = signers(&[1, 2, 3, 4]);
    let chain = chain(&set);
    let mut signed = signed_checkpoint(&draft(9, GENESIS, set.set(), set.set()), GENESIS);
    signed.body.version = 2;
    assert_eq!(chain.checkpoint(&signed), Err(CheckpointError::UnknownVersion { got: 2 }));
    signed.body.version = 1;
    let got = LedgerId::of_genesis(b"another");
    signed.body.ledger = got;
    assert_eq!(chain.checkpoint(&signed), Err(CheckpointError::WrongLedger { got }));
}

#[test]
fn a_checkpoint_is_not_made_before_its_header() {
    let set = signers(&[1, 2, 3, 4]);
    let chain = chain(&set);
    let mut signed = signed_checkpoint(&draft(9, GENESIS + 9, set.set(), set.set()), GENESIS + 9);
    signed.body.made = at(GENESIS + 8);
    assert_eq!(chain.checkpoint(&signed), Err(CheckpointError::MadeEarly));
}

#[test]
fn a_checkpoint_is_of_a_height_that_exists() {
    let set = signers(&[1, 2, 3, 4]);
    let chain = chain(&set);
    let mut signed = signed_checkpoint(&draft(9, GENESIS, set.set(), set.set()), GENESIS);
    for got in [0, i64::MAX as u64 + 1] {
        signed.body.height = got;
        assert_eq!(chain.checkpoint(&signed), Err(CheckpointError::NoSuchHeight { got }));
    }
}

#[test]
fn operators_are_counted_and_not_keys() {
    let four = signers(&[1, 2, 3, 4]);
    let count = |trust: &LedgerTrust, threshold| fewest_operators(trust, four.set(), threshold);
    let mut trust = ledger_trust();
    assert_eq!(count(&trust, Threshold::TwoThirds), 3);
    assert_eq!(count(&trust, Threshold::OneThird), 2);
    // One company runs three of the four.
    trust.operators = vec![
        Operator {
            name: "one company".into(),
            validators: [1, 2, 3].map(|seed| validator(seed).public()).to_vec(),
            gateways: vec![],
        },
        operators(&[4]).remove(0),
    ];
    assert_eq!(count(&trust, Threshold::TwoThirds), 1);
    // Two of four are half: with two thirds needed, both operators must be in it.
    trust.operators[0].validators.pop();
    trust.operators[1].validators.push(validator(3).public());
    assert_eq!(count(&trust, Threshold::TwoThirds), 2);
    assert_eq!(count(&trust, Threshold::OneThird), 1);
}

#[test]
fn unlisted_validators_are_one_unnamed_operator() {
    let strangers = signers(&[11, 12, 13, 14]);
    assert_eq!(fewest_operators(&ledger_trust(), strangers.set(), Threshold::TwoThirds), 1);
    let mixed = signers(&[1, 2, 13, 14]);
    assert_eq!(fewest_operators(&ledger_trust(), mixed.set(), Threshold::TwoThirds), 2);
}
