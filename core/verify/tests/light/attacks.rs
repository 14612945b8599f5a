//! Attacks on headers, consensus, gateways and caches, each by its name.

use crate::support::*;
use sealight_issue::comet::Vote;
use sealight_verify::chain::{
    AcceptError, Ask, Basis, CheckpointError, HeaderChain, Sync, SyncError,
};
use sealight_verify::codec;
use sealight_verify::comet::json::{self, JsonError};
use sealight_verify::comet::{
    CometError, LightBlock, MAX_TOTAL_POWER, Slot, Stock, ValidatorSet, ValidatorSetError,
};
use sealight_verify::sign::SignatureError;
use sealight_verify::time::{Clock, ClockMemory, Seconds};

const HONEST: [u8; 4] = [1, 2, 3, 4];
const PRESENT: i64 = GENESIS + DAY;

fn rule(result: Result<sealight_verify::chain::Accepted, AcceptError>) -> CometError {
    match result {
        Err(AcceptError::Rule(error)) => error,
        other => panic!("expected a broken rule, got {other:?}"),
    }
}

#[test]
fn a01_equivocation() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let first = block(100, GENESIS + 6000, &set, &set);
    accept(&mut chain, &first, &now(PRESENT)).unwrap();
    let second = again(&first, &set, |header| header.data_hash = None);
    let error = accept(&mut chain, &second, &now(PRESENT));
    assert!(matches!(error, Err(AcceptError::Fork(_))));
    assert_eq!(chain.frozen(), Some((1, 100)));
}

#[test]
fn a02_lunatic_with_more_than_a_third_freezes_and_with_less_is_dropped() {
    let honest = signers(&HONEST);
    // Half of the honest set sign a header with a made-up set of their own.
    let lunatic = powers(&[(1, 10), (2, 10), (50, 1)]);
    let mut chain = chain(&honest);
    accept(&mut chain, &block(100, GENESIS + 6000, &honest, &honest), &now(PRESENT)).unwrap();
    let error = accept(&mut chain, &block(100, GENESIS + 6000, &lunatic, &lunatic), &now(PRESENT));
    assert!(matches!(error, Err(AcceptError::Fork(_))));
    assert_eq!(chain.frozen(), Some((1, 100)));

    let weak = powers(&[(1, 10), (50, 1)]);
    let mut chain = self::chain(&honest);
    accept(&mut chain, &block(100, GENESIS + 6000, &honest, &honest), &now(PRESENT)).unwrap();
    let error = accept(&mut chain, &block(100, GENESIS + 6000, &weak, &weak), &now(PRESENT));
    assert!(matches!(rule(error), CometError::NotEnoughTrust { signed: 10, total: 40, .. }));
    assert_eq!(chain.frozen(), None);
}

#[test]
fn a02_lunatic_found_from_below_when_the_nearest_trusted_headers_are_the_liars() {
    let honest = signers(&HONEST);
    let lunatic = powers(&[(1, 10), (2, 10), (50, 100)]);
    let mut chain = chain(&honest);
    for height in [90, 100] {
        let lie = block(height, GENESIS + 60 * height as i64, &lunatic, &lunatic);
        accept(&mut chain, &lie, &now(PRESENT)).unwrap();
    }
    // The honest header of height 100 does not link from the lie at 90, but from height 1.
    let truth = block(100, GENESIS + 6000, &honest, &honest);
    let error = accept(&mut chain, &truth, &now(PRESENT));
    assert!(matches!(error, Err(AcceptError::Fork(_))), "{error:?}");
    assert_eq!(chain.frozen(), Some((1, 100)));
}

#[test]
fn a03_forward_lunatic() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let ahead = block(5000, PRESENT + 3600, &set, &set);
    let error = rule(chain.accept(&ahead, &now(PRESENT)));
    assert_eq!(error, CometError::FromFuture { now: at(PRESENT), got: at(PRESENT + 3600) });
}

#[test]
fn a04_amnesia() {
    // The same height decided in two rounds.
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let header = draft(100, GENESIS + 6000, set.set(), set.set());
    let first = set.sign(header.clone(), 0, header.time);
    accept(&mut chain, &first, &now(PRESENT)).unwrap();
    let mut other = header;
    other.data_hash = None;
    let later = set.sign(other.clone(), 5, other.time);
    assert!(matches!(accept(&mut chain, &later, &now(PRESENT)), Err(AcceptError::Fork(_))));
}

#[test]
fn a05_exactly_two_thirds_and_exactly_one_third() {
    let set = signers(&[1, 2, 3]);
    let chain = chain(&set);
    let two = signed_by_first(2, draft(9, GENESIS + 600, set.set(), set.set()), &set);
    let error = rule(chain.accept(&two, &now(PRESENT)));
    assert_eq!(error, CometError::NotEnoughSigned { signed: 20, total: 30 });
    let other = signers(&[1, 8, 9]);
    let error = rule(chain.accept(&block(9, GENESIS + 600, &other, &other), &now(PRESENT)));
    assert!(matches!(error, CometError::NotEnoughTrust { signed: 10, total: 30, .. }));
}

#[test]
fn a06_a_commit_of_absent_and_nil_votes_only() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let header = draft(9, GENESIS + 600, set.set(), set.set());
    for vote in [Vote::Absent, Vote::Nil(at(GENESIS + 600))] {
        let block = set.sign_with(header.clone(), 0, |_| vote);
        let error = rule(chain.accept(&block, &now(PRESENT)));
        assert_eq!(error, CometError::NotEnoughSigned { signed: 0, total: 40 });
    }
}

#[test]
fn a07_a_vote_spoofed_from_another_validator() {
    // One validator's vote in everybody's slot.
    let set = signers(&HONEST);
    let chain = chain(&set);
    let mut spoofed = block(9, GENESIS + 600, &set, &set);
    let own = spoofed.commit.slots[0];
    spoofed.commit.slots = vec![own; 4];
    let error = rule(chain.accept(&spoofed, &now(PRESENT)));
    assert_eq!(error, CometError::BadSignature { at: 1, error: SignatureError::Mismatch });
}

#[test]
fn a07_a_validator_that_stands_in_the_set_twice() {
    let set = signers(&HONEST);
    let mut twice = set.set().validators().to_vec();
    twice[3] = twice[0].clone();
    assert_eq!(ValidatorSet::new(twice), Err(ValidatorSetError::Duplicate { at: 3 }));
}

#[test]
fn a08_power_that_is_negative_or_overflows() {
    let mut seats = signers(&HONEST).set().validators().to_vec();
    seats[0].power = (-5i64) as u64;
    assert_eq!(ValidatorSet::new(seats.clone()), Err(ValidatorSetError::TotalPower));
    seats[0].power = MAX_TOTAL_POWER;
    assert_eq!(ValidatorSet::new(seats.clone()), Err(ValidatorSetError::TotalPower));
    seats[0].power = 0;
    assert_eq!(ValidatorSet::new(seats), Err(ValidatorSetError::Power { at: 0 }));
    let body = r#"{"result":{"block_height":"1","total":"1","count":"1","validators":[
        {"address":"","pub_key":{"type":"tendermint/PubKeyEd25519","value":
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="},"voting_power":"-10"}]}}"#;
    let error = json::validators_answer::<Stock>(body.as_bytes());
    assert_eq!(error, Err(JsonError::Set(ValidatorSetError::Power { at: 0 })));
}

#[test]
fn a09_an_oversized_validator_set() {
    let seat = signers(&[1]).set().validators()[0].clone();
    let seats: Vec<_> = (0..1001u32)
        .map(|n| {
            let mut seat = seat.clone();
            seat.key.0[..4].copy_from_slice(&n.to_be_bytes());
            seat
        })
        .collect();
    assert_eq!(ValidatorSet::new(seats), Err(ValidatorSetError::TooMany { got: 1001 }));
    let long = vec![0xa4; 192 * 1024 + 1];
    assert!(matches!(codec::decode::<LightBlock>(&long), Err(codec::CodecError::TooLong { .. })));
}

#[test]
fn a10_a_header_of_another_chain_with_the_same_validators() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let foreign = again(&block(9, GENESIS + 600, &set, &set), &set, |header| {
        header.chain_id = "sealight-testnet".into();
    });
    assert!(matches!(rule(chain.accept(&foreign, &now(PRESENT))), CometError::ChainId { .. }));
}

#[test]
fn a11_height_or_time_that_does_not_rise() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let error = rule(chain.accept(&block(9, GENESIS, &set, &set), &now(PRESENT)));
    assert!(matches!(error, CometError::TimeOrder { .. }));
    let mut low = HeaderChain::new(&trusted(&trust_file()), &ledger()).unwrap();
    let pin = draft(50, GENESIS, set.set(), set.set());
    low.apply(&low.checkpoint(&signed_checkpoint(&pin, GENESIS)).unwrap());
    let error = low.accept(&block(49, GENESIS + 60, &set, &set), &now(PRESENT));
    assert_eq!(error, Err(AcceptError::BelowTrust { lowest: 50, got: 49 }));
}

#[test]
fn a12_trusting_period_over_at_it_and_a_second_after() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let head = |age: i64| {
        let block = block(9, GENESIS + age - 60, &set, &set);
        chain.accept(&block, &now(GENESIS + age)).map(|accepted| accepted.header.basis())
    };
    assert_eq!(head(30 * DAY - 1), Ok(Basis::Live));
    assert_eq!(head(30 * DAY), Ok(Basis::Historical));
    assert_eq!(head(30 * DAY + 1), Ok(Basis::Historical));
    let beyond = head(30 * DAY + 61);
    assert!(matches!(beyond, Err(AcceptError::Rule(CometError::TrustExpired { .. }))));
}

#[test]
fn a13_long_range_attack_with_the_keys_of_a_retired_set() {
    // The first set sold its keys after its time. Its forged header of today is refused, and one
    // of its own time is history that never becomes a path to today.
    let (retired, present) = (signers(&HONEST), now(GENESIS + 40 * DAY));
    let mut chain = chain(&retired);
    let today = block(90, GENESIS + 40 * DAY - 60, &retired, &retired);
    assert!(matches!(rule(chain.accept(&today, &present)), CometError::TrustExpired { .. }));
    let bridge = block(80, GENESIS + 29 * DAY, &retired, &retired);
    assert_eq!(accept(&mut chain, &bridge, &present).unwrap().header.basis(), Basis::Historical);
    assert_eq!(chain.accept(&today, &present).unwrap().header.basis(), Basis::Historical);
}

#[test]
fn a13_a_long_range_header_gives_way_to_a_live_one() {
    let retired = signers(&HONEST);
    let present = now(GENESIS + 40 * DAY);
    let mut chain = chain(&retired);
    let forged = block(80, GENESIS + 29 * DAY, &retired, &retired);
    accept(&mut chain, &forged, &present).unwrap();
    let pin = draft(70, GENESIS + 28 * DAY, retired.set(), retired.set());
    chain.apply(&chain.checkpoint(&signed_checkpoint(&pin, GENESIS + 39 * DAY)).unwrap());
    let honest = again(&forged, &retired, |header| header.app_hash.0 = vec![8; 32]);
    let accepted = accept(&mut chain, &honest, &present).unwrap();
    assert_eq!(accepted.header.basis(), Basis::Live);
    assert_eq!(chain.frozen(), None);
    let error = chain.accept(&forged, &present);
    assert!(matches!(error, Err(AcceptError::Fork(_))), "both link from the live checkpoint now");
}

#[test]
fn a14_clock_at_1970_accepts_headers_and_is_never_sure() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let mut clock = Clock::new(at(GENESIS - DAY), Seconds(10), ClockMemory::FIRST);
    clock.raise_floor(chain.floor());
    let reading = clock.judge(at(0));
    assert!(reading.now.doubtful());
    let head = block(5000, GENESIS + 5 * DAY, &set, &set);
    let accepted = accept(&mut chain, &head, &reading.now).unwrap();
    assert_eq!(accepted.header.basis(), Basis::Historical);
}

#[test]
fn a14_clock_set_back_with_a_frozen_gateway_is_never_sure() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let mut clock = Clock::new(at(GENESIS), Seconds(10), ClockMemory::FIRST);
    let read = |clock: &mut Clock, chain: &HeaderChain, system: i64| {
        clock.raise_floor(chain.floor());
        let reading = clock.judge(at(system));
        reading.remember.into_iter().for_each(|memory| clock.remember(memory));
        reading.now
    };
    let head = block(1000, PRESENT - 60, &set, &set);
    let sure = read(&mut clock, &chain, PRESENT);
    let change = accept(&mut chain, &head, &sure).unwrap().remember;
    // Three days later the clock is set back to the head's hour, and the gateway shows it again.
    assert!(!read(&mut clock, &chain, PRESENT + 3 * DAY).doubtful());
    for system in [PRESENT, PRESENT + DAY, PRESENT + 4 * DAY] {
        let present = read(&mut clock, &chain, system);
        assert!(present.doubtful());
        accept(&mut chain, &head, &present).unwrap();
        let evidence = change.evidence().unwrap();
        assert_eq!(clock.settle(at(system), &evidence), None);
    }
}

#[test]
fn a15_a_handover_skipped_or_replayed() {
    let (old, new) = (signers(&HONEST), signers(&[5, 6, 7, 8]));
    let mut chain = chain(&old);
    // Skipped: the new set's header without the one that announces it.
    let skipped = block(101, GENESIS + 6060, &new, &new);
    assert!(matches!(
        rule(chain.accept(&skipped, &now(PRESENT))),
        CometError::NotEnoughTrust { .. }
    ));
    accept(&mut chain, &block(100, GENESIS + 6000, &old, &new), &now(PRESENT)).unwrap();
    accept(&mut chain, &skipped, &now(PRESENT)).unwrap();
    // Replayed: the old set signs on after it handed over.
    let replayed = block(102, GENESIS + 6120, &old, &old);
    assert!(matches!(rule(chain.accept(&replayed, &now(PRESENT))), CometError::NotAdjacent { .. }));
    let replayed = block(200, GENESIS + 12_000, &old, &old);
    assert!(matches!(
        rule(chain.accept(&replayed, &now(PRESENT))),
        CometError::NotEnoughTrust { .. }
    ));
}

#[test]
fn a16_a_signature_made_malleable() {
    // s + L is another encoding of the same signature and must not count.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let set = signers(&HONEST);
    let chain = chain(&set);
    let mut block = block(9, GENESIS + 600, &set, &set);
    if let Slot::Commit { signature, .. } = &mut block.commit.slots[2] {
        let mut carry = 0;
        for (byte, add) in signature.0[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            (*byte, carry) = (sum as u8, sum >> 8);
        }
    }
    let error = rule(chain.accept(&block, &now(PRESENT)));
    assert_eq!(error, CometError::BadSignature { at: 2, error: SignatureError::BadForm });
}

#[test]
fn b17_eclipse_by_one_lying_gateway_freezes_when_an_honest_one_speaks() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let lie = block(100, GENESIS + 6000, &set, &set);
    accept(&mut chain, &lie, &now(PRESENT)).unwrap();
    let truth = again(&lie, &set, |header| header.app_hash.0 = vec![1; 32]);
    let sync = Sync::start(&chain, signed_header(&truth), &[], &now(PRESENT));
    assert!(matches!(sync.ask(), Ask::Failed(SyncError::Header(AcceptError::Fork(_)))));
    assert_eq!(sync.into_changes().len(), 1, "the evidence is kept");
}

#[test]
fn b18_a_frozen_head_ages_and_freshens_nothing() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let head = block(100, GENESIS + 6000, &set, &set);
    accept(&mut chain, &head, &now(PRESENT)).unwrap();
    let later = now(PRESENT + 5 * DAY);
    let header = chain.accept(&head, &later).unwrap().header;
    assert_eq!(header.time(), at(GENESIS + 6000));
    assert_eq!(later.age_of(header.time()), (6 * DAY - 6000) as u64);
}

#[test]
fn b19_rollback_to_an_older_checkpoint() {
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let pin = |height: u64| {
        let header = draft(height, GENESIS + 60 * height as i64, set.set(), set.set());
        signed_checkpoint(&header, GENESIS + 60 * height as i64)
    };
    chain.apply(&chain.checkpoint(&pin(200)).unwrap());
    let error = CheckpointError::NotNewer { have: 200, got: 100 };
    assert_eq!(chain.checkpoint(&pin(100)), Err(error));
}

#[test]
fn b20_an_oversized_body() {
    let body = vec![b' '; json::MAX_JSON + 1];
    let error = JsonError::TooLong { got: body.len() };
    assert_eq!(json::commit_answer::<Stock>(&body), Err(error.clone()));
    assert_eq!(json::validators_answer::<Stock>(&body), Err(error));
    let deep = "[".repeat(400_000);
    assert!(json::commit_answer::<Stock>(deep.as_bytes()).is_err());
}

#[test]
fn b21_two_gateways_with_two_heads() {
    // A split view shows at the first height that both serve.
    let set = signers(&HONEST);
    let mut chain = chain(&set);
    let one = block(100, GENESIS + 6000, &set, &set);
    let other = again(&one, &set, |header| header.last_results_hash = None);
    accept(&mut chain, &one, &now(PRESENT)).unwrap();
    assert!(matches!(accept(&mut chain, &other, &now(PRESENT)), Err(AcceptError::Fork(_))));
    assert!(matches!(accept(&mut chain, &one, &now(PRESENT)), Err(AcceptError::Frozen { .. })));
}

#[test]
fn b22_a_stored_block_that_was_edited() {
    let set = signers(&HONEST);
    let chain = chain(&set);
    let good = codec::encode(&block(9, GENESIS + 600, &set, &set));
    for at in 0..good.len() {
        let mut edited = good.clone();
        edited[at] ^= 0x40;
        let accepted = codec::decode::<LightBlock>(&edited)
            .is_ok_and(|block| chain.accept(&block, &now(PRESENT)).is_ok());
        assert!(!accepted, "byte {at}");
    }
}

#[test]
fn b23_a_cache_poisoned_across_chains() {
    // Evidence, checkpoints and headers of another ledger find no place in this one.
    let set = signers(&HONEST);
    let chain = chain(&set);
    let mut signed = signed_checkpoint(&draft(9, GENESIS + 9, set.set(), set.set()), GENESIS + 9);
    signed.body.ledger.0[0] ^= 1;
    assert!(matches!(chain.checkpoint(&signed), Err(CheckpointError::WrongLedger { .. })));
}
