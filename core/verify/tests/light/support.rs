//! A synthetic ledger: validators in this process, a trust file and checkpoints for it.

use sealight_issue::comet::{Draft, Signers, ValidatorKey, Vote, header};
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{checkpoint, finish_first, sign_checkpoint, sign_trust_file};
use sealight_verify::chain::{AcceptError, Accepted, Change, HeaderChain};
use sealight_verify::comet::json::SignedHeader;
use sealight_verify::comet::{Header, LightBlock, Stock, ValidatorSet};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Now, Timestamp};
use sealight_verify::trust::{
    KeySet, LedgerKind, LedgerTrust, Operator, Periods, SignedCheckpoint, SignedTrustFile,
    TrustFile, Trusted, open,
};

pub(crate) const DAY: i64 = 86_400;
/// Time of height 1.
pub(crate) const GENESIS: i64 = 1_700_000_000;
pub(crate) const CHAIN: &str = "sealight-test-1";

pub(crate) fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

pub(crate) fn now(secs: i64) -> Now {
    Now::new(at(secs), false)
}

pub(crate) fn doubtful(secs: i64) -> Now {
    Now::new(at(secs), true)
}

pub(crate) fn ledger() -> LedgerId {
    LedgerId::of_genesis(CHAIN.as_bytes())
}

pub(crate) fn validator(seed: u8) -> ValidatorKey {
    ValidatorKey::from_seed(&[seed; 32]).unwrap()
}

/// Validators by seed, of power 10 each.
pub(crate) fn signers(seeds: &[u8]) -> Signers {
    powers(&seeds.iter().map(|seed| (*seed, 10)).collect::<Vec<_>>())
}

pub(crate) fn powers(seats: &[(u8, u64)]) -> Signers {
    Signers::new(seats.iter().map(|(seed, power)| (validator(*seed), *power)).collect()).unwrap()
}

pub(crate) fn role_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::Sm2, &[seed; 32]).unwrap()
}

pub(crate) fn key_set(threshold: u16, seeds: &[u8]) -> KeySet {
    KeySet { threshold, keys: seeds.iter().map(|seed| role_key(*seed).public()).collect() }
}

/// Operator `n` runs the validator of seed `n`.
pub(crate) fn operators(seeds: &[u8]) -> Vec<Operator> {
    seeds
        .iter()
        .map(|seed| Operator {
            name: format!("operator {seed}"),
            validators: vec![validator(*seed).public()],
            gateways: vec![format!("https://gateway-{seed}.example")],
        })
        .collect()
}

pub(crate) fn ledger_trust() -> LedgerTrust {
    LedgerTrust {
        id: ledger(),
        name: "Test ledger".into(),
        chain_id: CHAIN.into(),
        kind: LedgerKind::Comet,
        genesis: at(GENESIS),
        operators: operators(&[1, 2, 3, 4]),
        periods: Periods::DEFAULT,
        least_operators: 2,
    }
}

/// Roots 101 to 103, of which two sign; checkpoint keys 111 to 113, of which two sign.
pub(crate) fn trust_file() -> TrustFile {
    TrustFile {
        version: 1,
        serial: 1,
        expires: at(GENESIS + 3650 * DAY),
        roots: key_set(2, &[101, 102, 103]),
        checkpoints: key_set(2, &[111, 112, 113]),
        ledgers: vec![ledger_trust()],
        demo: false,
    }
}

pub(crate) fn signed_by(file: &TrustFile, seeds: &[u8]) -> Vec<u8> {
    let mut signed = SignedTrustFile::unsigned(file);
    seeds.iter().for_each(|seed| sign_trust_file(&mut signed, &role_key(*seed)));
    sealight_verify::codec::encode(&signed)
}

pub(crate) fn trusted(file: &TrustFile) -> Trusted<TrustFile> {
    let mut signed = SignedTrustFile::unsigned(file);
    [101, 102].iter().for_each(|seed| sign_trust_file(&mut signed, &role_key(*seed)));
    open(&finish_first(&signed).unwrap()).unwrap()
}

pub(crate) fn signed_checkpoint(header: &Header, made: i64) -> SignedCheckpoint {
    let mut signed = checkpoint::<Stock>(ledger(), header, at(made)).unwrap();
    [111, 112].iter().for_each(|seed| sign_checkpoint(&mut signed, &role_key(*seed)));
    signed
}

/// A header at a height and time, by one set, announcing another.
pub(crate) fn draft(height: u64, time: i64, set: &ValidatorSet, next: &ValidatorSet) -> Header {
    header(&Draft {
        chain_id: CHAIN,
        height,
        time: at(time),
        app_hash: &[height as u8; 32],
        transactions: &[],
        validators: set,
        next_validators: next,
        last: None,
    })
}

/// A block that all of `by` signed and that announces `next`.
pub(crate) fn block(height: u64, time: i64, by: &Signers, next: &Signers) -> LightBlock {
    by.sign(draft(height, time, by.set(), next.set()), 0, at(time + 1))
}

/// The same signed by the first `count` places of the set only.
pub(crate) fn signed_by_first(count: usize, header: Header, by: &Signers) -> LightBlock {
    let time = header.time;
    by.sign_with(header, 0, |place| if place < count { Vote::Commit(time) } else { Vote::Absent })
}

/// Signs again after a header was changed.
pub(crate) fn again(
    block: &LightBlock,
    by: &Signers,
    change: impl FnOnce(&mut Header),
) -> LightBlock {
    let mut header = block.header.clone();
    change(&mut header);
    let time = header.time;
    by.sign(header, 0, time)
}

/// A chain with one checkpoint: height 1 at [`GENESIS`], signed by `by`, which also sign next.
pub(crate) fn chain(by: &Signers) -> HeaderChain {
    chain_of(&trust_file(), by)
}

pub(crate) fn chain_of(file: &TrustFile, by: &Signers) -> HeaderChain {
    let mut chain = HeaderChain::new(&trusted(file), &ledger()).unwrap();
    let first = block(1, GENESIS, by, by);
    let signed = signed_checkpoint(&first.header, GENESIS + 1);
    let change = chain.checkpoint(&signed).unwrap();
    chain.apply(&change);
    let set = chain.offer_validators(by.set().clone()).unwrap();
    chain.apply(&set);
    chain
}

/// Accepts and remembers.
pub(crate) fn accept(
    chain: &mut HeaderChain,
    block: &LightBlock,
    now: &Now,
) -> Result<Accepted, AcceptError> {
    let accepted = chain.accept(block, now);
    match &accepted {
        Ok(accepted) => chain.apply(&accepted.remember),
        Err(error) => error.remember().iter().for_each(|change: &Change| chain.apply(change)),
    }
    accepted
}

pub(crate) fn signed_header(block: &LightBlock) -> SignedHeader {
    SignedHeader::new(block.header.clone(), block.commit.clone())
}
