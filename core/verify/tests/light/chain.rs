//! The header chain: thresholds by age, historical trust, operators, bounds.

use crate::support::*;
use sealight_verify::chain::{
    AcceptError, Assurance, Basis, Change, HeaderChain, Ledger, TrustedHeader,
};
use sealight_verify::comet::{CometError, LightBlock, Threshold};
use sealight_verify::format::state::StateRoots;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Clock;
use sealight_verify::time::{ClockMemory, Seconds};

pub(crate) const OLD: [u8; 4] = [1, 2, 3, 4];
/// Half of the old set went.
const HALF: [u8; 4] = [1, 2, 5, 6];

fn not_enough(error: &AcceptError) -> Option<Threshold> {
    match error {
        AcceptError::Rule(CometError::NotEnoughTrust { threshold, .. }) => Some(*threshold),
        _ => None,
    }
}

#[test]
fn nothing_is_accepted_without_a_checkpoint() {
    let set = signers(&OLD);
    let chain = HeaderChain::new(&trusted(&trust_file()), &ledger()).unwrap();
    let error = chain.accept(&block(2, GENESIS + 60, &set, &set), &now(GENESIS + 61));
    assert_eq!(error, Err(AcceptError::NoTrust));
}

#[test]
fn a_header_below_all_trust_is_refused() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let mut bare = HeaderChain::new(&trusted(&trust_file()), &ledger()).unwrap();
    let later = signed_checkpoint(&draft(9, GENESIS + 9, set.set(), set.set()), GENESIS + 9);
    bare.apply(&bare.checkpoint(&later).unwrap());
    let low = block(5, GENESIS + 5, &set, &set);
    let error = AcceptError::BelowTrust { lowest: 9, got: 5 };
    assert_eq!(bare.accept(&low, &now(GENESIS + 60)), Err(error));
    assert!(accept(&mut chain, &low, &now(GENESIS + 60)).is_ok());
}

#[test]
fn a_header_below_the_head_is_welcome_if_it_links() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + DAY);
    accept(&mut chain, &block(100, GENESIS + 6000, &set, &set), &present).unwrap();
    let between = accept(&mut chain, &block(50, GENESIS + 3000, &set, &set), &present).unwrap();
    assert_eq!(between.header.height(), 50);
    assert_eq!(chain.head().map(TrustedHeader::height), Some(100));
}

#[test]
fn time_rises_with_height_also_below_the_head() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + DAY);
    accept(&mut chain, &block(100, GENESIS + 6000, &set, &set), &present).unwrap();
    let late = block(50, GENESIS + 6000, &set, &set);
    let at_time = at(GENESIS + 6000);
    let error = AcceptError::TimeOrderAbove { above: at_time, got: at_time };
    assert_eq!(chain.accept(&late, &present), Err(error));
}

#[test]
fn a_third_is_enough_within_7_days_and_two_thirds_later() {
    let (old, half) = (signers(&OLD), signers(&HALF));
    let chain = chain(&old);
    let skip = |age: i64| {
        let block = block(500, GENESIS + age, &half, &half);
        chain.accept(&block, &now(GENESIS + age)).map(|accepted| accepted.header.basis())
    };
    assert_eq!(skip(7 * DAY), Ok(Basis::Live));
    assert_eq!(skip(7 * DAY + 1).map_err(|e| not_enough(&e)), Err(Some(Threshold::TwoThirds)));
    // An early header does not help when it is presented late.
    let early = block(500, GENESIS + DAY, &half, &half);
    let late = chain.accept(&early, &now(GENESIS + 8 * DAY)).unwrap_err();
    assert_eq!(not_enough(&late), Some(Threshold::TwoThirds));
}

#[test]
fn a_doubtful_clock_always_needs_two_thirds() {
    let (old, half, most) = (signers(&OLD), signers(&HALF), signers(&[1, 2, 3, 5]));
    let chain = chain(&old);
    let error = chain.accept(&block(500, GENESIS + 60, &half, &half), &doubtful(GENESIS + 60));
    assert_eq!(not_enough(&error.unwrap_err()), Some(Threshold::TwoThirds));
    let accepted = chain.accept(&block(500, GENESIS + 60, &most, &most), &doubtful(GENESIS + 60));
    assert_eq!(accepted.unwrap().header.basis(), Basis::Historical, "a doubt makes nothing fresh");
}

#[test]
fn under_a_doubtful_clock_the_future_rule_rests_and_periods_lie_between_headers() {
    let set = signers(&OLD);
    let chain = chain(&set);
    let floor = doubtful(GENESIS + 1);
    assert!(chain.accept(&block(9, GENESIS + 29 * DAY, &set, &set), &floor).is_ok());
    let expired = chain.accept(&block(9, GENESIS + 30 * DAY, &set, &set), &floor);
    assert!(matches!(expired, Err(AcceptError::Rule(CometError::TrustExpired { .. }))));
}

#[test]
fn trust_past_its_period_gives_history_only() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let late = now(GENESIS + 60 * DAY);
    let inside = block(100, GENESIS + 29 * DAY, &set, &set);
    let header = accept(&mut chain, &inside, &late).unwrap().header;
    assert_eq!(header.basis(), Basis::Historical);
    let outside = block(200, GENESIS + 31 * DAY, &set, &set);
    // From the historical header it links, and inherits what that rests on.
    let header = chain.accept(&outside, &late).unwrap().header;
    assert_eq!(header.basis(), Basis::Historical);
    let fresh = self::block(300, GENESIS + 60 * DAY - 60, &set, &set);
    let error = chain.accept(&fresh, &late);
    assert!(matches!(error, Err(AcceptError::Rule(CometError::TrustExpired { .. }))));
}

#[test]
fn the_trusting_period_ends_exactly() {
    let set = signers(&OLD);
    let chain = chain(&set);
    let basis = |age: i64| {
        let block = block(100, GENESIS + DAY, &set, &set);
        chain.accept(&block, &now(GENESIS + age)).unwrap().header.basis()
    };
    assert_eq!(basis(30 * DAY - 1), Basis::Live);
    assert_eq!(basis(30 * DAY), Basis::Historical);
}

#[test]
fn a_fresh_checkpoint_makes_history_live_again() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + 60 * DAY);
    let old = block(100, GENESIS + 20 * DAY, &set, &set);
    accept(&mut chain, &old, &present).unwrap();
    let pin = draft(90, GENESIS + 19 * DAY, set.set(), set.set());
    chain.apply(&chain.checkpoint(&signed_checkpoint(&pin, GENESIS + 59 * DAY)).unwrap());
    let still = accept(&mut chain, &old, &present).unwrap().header;
    assert_eq!(still.basis(), Basis::Historical, "the checkpoint's own header is as old");
    let pin = draft(110, GENESIS + 59 * DAY, set.set(), set.set());
    let change = chain.checkpoint(&signed_checkpoint(&pin, GENESIS + 59 * DAY)).unwrap();
    chain.apply(&change);
    let newer = block(120, GENESIS + 60 * DAY - 60, &set, &set);
    assert_eq!(accept(&mut chain, &newer, &present).unwrap().header.basis(), Basis::Live);
}

#[test]
fn a_known_header_is_still_verified_in_every_signature() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + DAY);
    let good = block(50, GENESIS + 3000, &set, &set);
    accept(&mut chain, &good, &present).unwrap();
    let again = chain.accept(&good, &present).unwrap();
    assert_eq!(again.remember, Change::Nothing);
    let other_votes = signed_by_first(3, good.header.clone(), &set);
    assert!(chain.accept(&other_votes, &present).is_ok(), "the same header by other signatures");
    let mut bad = good;
    bad.commit.round = 7;
    let error = chain.accept(&bad, &present);
    assert!(matches!(error, Err(AcceptError::Rule(CometError::BadSignature { .. }))));
}

#[test]
fn a_checkpoints_own_block_is_accepted() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let accepted = accept(&mut chain, &block(1, GENESIS, &set, &set), &now(GENESIS + 60)).unwrap();
    assert_eq!((accepted.header.height(), accepted.header.operators()), (1, 3));
    assert!(chain.block(1).is_some());
}

#[test]
fn the_least_number_of_operators_over_the_path_is_shown() {
    // Three of four seats of the middle set are of one unnamed operator.
    let (old, strange) = (signers(&OLD), signers(&[1, 2, 11, 12]));
    let mut chain = chain(&old);
    let present = now(GENESIS + DAY);
    let header = |chain: &mut HeaderChain, block: &LightBlock| {
        accept(chain, block, &present).unwrap().header.operators()
    };
    assert_eq!(header(&mut chain, &block(10, GENESIS + 600, &old, &old)), 3);
    // A skip on half of the set: two operators of the old set could have made it.
    assert_eq!(header(&mut chain, &block(20, GENESIS + 1200, &strange, &old)), 2);
    assert_eq!(
        header(&mut chain, &block(21, GENESIS + 1260, &old, &old)),
        2,
        "least over the path"
    );
}

#[test]
fn few_operators_are_told() {
    let mut file = trust_file();
    let set = signers(&OLD);
    file.ledgers[0].operators.truncate(1);
    file.ledgers[0].operators[0].validators =
        OLD.iter().map(|seed| validator(*seed).public()).collect();
    let mut one = chain_of(&file, &set);
    let mut four = chain(&set);
    let present = now(GENESIS + DAY);
    let block = block(10, GENESIS + 600, &set, &set);
    let header = accept(&mut one, &block, &present).unwrap().header;
    assert_eq!((header.operators(), one.assurance(&header, &present)), (1, Assurance::Told));
    let header = accept(&mut four, &block, &present).unwrap().header;
    assert_eq!(four.assurance(&header, &present), Assurance::QuorumFinalWithState);
    let expired = now(GENESIS + 3650 * DAY + 31 * DAY);
    assert_eq!(four.assurance(&header, &expired), Assurance::Told);
}

#[test]
fn an_inclusion_proof_is_of_its_headers_state() {
    let hash = |byte| Hash32([byte; 32]);
    let roots = StateRoots {
        log_size: 3,
        log_root: hash(1),
        parties: hash(2),
        lots: hash(3),
        indexes: hash(4),
        governance: hash(5),
    };
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let block = again(&block(10, GENESIS + 600, &set, &set), &set, |header| {
        header.app_hash.0 = roots.app_hash().0.to_vec();
    });
    let header = accept(&mut chain, &block, &now(GENESIS + 601)).unwrap().header;
    assert_eq!(chain.verify_inclusion(&header, &roots), Ok(()));
    let other = StateRoots { log_size: 4, ..roots };
    assert!(chain.verify_inclusion(&header, &other).is_err());
}

#[test]
fn an_app_hash_of_another_length_is_the_root_of_nothing() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let block = again(&block(10, GENESIS + 600, &set, &set), &set, |header| {
        header.app_hash.0 = vec![1; 20];
    });
    let header = accept(&mut chain, &block, &now(GENESIS + 601)).unwrap().header;
    assert_eq!(header.app_hash(), Hash32([0; 32]));
}

#[test]
fn a_set_that_no_trusted_header_names_is_not_taken() {
    let set = signers(&OLD);
    let chain = chain(&set);
    let stranger = signers(&[9]).set().clone();
    assert!(matches!(chain.offer_validators(stranger), Err(AcceptError::UnnamedSet { .. })));
    assert_eq!(chain.offer_validators(set.set().clone()), Ok(Change::Nothing));
}

#[test]
fn what_was_applied_is_accepted_again_from_checkpoints() {
    let (old, half) = (signers(&OLD), signers(&HALF));
    let mut live = chain(&old);
    let present = now(GENESIS + DAY);
    let blocks = [
        block(10, GENESIS + 600, &old, &half),
        block(11, GENESIS + 660, &half, &half),
        block(500, GENESIS + 30_000, &half, &half),
    ];
    for block in &blocks {
        accept(&mut live, block, &present).unwrap();
    }
    let mut again = chain(&old);
    for header in live.headers().skip(1) {
        let block = live.block(header.height()).unwrap();
        accept(&mut again, block, &present).unwrap();
    }
    let all = |chain: &HeaderChain| chain.headers().cloned().collect::<Vec<_>>();
    assert_eq!(all(&live), all(&again));
}

#[test]
fn headers_held_are_bounded_and_checkpoints_stay() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let present = now(GENESIS + DAY);
    for height in 2..400 {
        let block = block(height, GENESIS + height as i64, &set, &set);
        accept(&mut chain, &block, &present).unwrap();
    }
    assert_eq!(chain.headers().count(), 256);
    assert_eq!(chain.headers().next().map(TrustedHeader::height), Some(1));
    assert_eq!(chain.head().map(TrustedHeader::height), Some(399));
}

#[test]
fn accepted_headers_and_checkpoints_raise_the_floor() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    assert_eq!(chain.floor(), at(GENESIS + 1));
    accept(&mut chain, &block(9, GENESIS + 540, &set, &set), &now(GENESIS + 600)).unwrap();
    assert_eq!(chain.floor(), at(GENESIS + 540));
}

#[test]
fn a_head_agreed_by_gateways_of_two_operators_is_evidence() {
    let set = signers(&OLD);
    let mut chain = chain(&set);
    let block = block(9, GENESIS + 540, &set, &set);
    let head = accept(&mut chain, &block, &now(GENESIS + 600)).unwrap().header;
    let url = |seed: u8| format!("https://gateway-{seed}.example");
    let (one, two) = (url(1), url(2));
    assert!(chain.agreed_head(&head, &[&one, &two]).is_some());
    assert!(chain.agreed_head(&head, &[&one, &one]).is_none());
    assert!(chain.agreed_head(&head, &[&one, "https://elsewhere.example"]).is_none());
    // It cures a clock that was far ahead.
    let mut clock = Clock::new(at(GENESIS), Seconds(10), ClockMemory::FIRST);
    clock.remember(clock.judge(at(GENESIS + 9000 * DAY)).remember.unwrap());
    clock.remember(clock.judge(at(GENESIS + 600)).remember.unwrap());
    let evidence = chain.agreed_head(&head, &[&one, &two]).unwrap();
    assert!(clock.settle(at(GENESIS + 600), &evidence).is_some());
}
