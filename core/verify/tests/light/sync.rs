//! Synchronising: what is asked for, and what a lying gateway can do.

use crate::support::*;
use sealight_issue::comet::Signers;
use sealight_verify::chain::{Ask, Change, HeaderChain, Sync, SyncError, TrustedHeader};
use sealight_verify::comet::LightBlock;
use sealight_verify::comet::json::JsonError;
use sealight_verify::time::Now;

/// A ledger whose set changes at some heights; a block a minute, made when asked for.
struct Gateway {
    /// First height of each set, ascending from 1.
    sets: Vec<(u64, Signers)>,
    head: u64,
    asked: Vec<Ask>,
}

impl Gateway {
    fn new(head: u64, sets: Vec<(u64, Signers)>) -> Self {
        Self { sets, head, asked: Vec::new() }
    }

    fn signers(&self, height: u64) -> &Signers {
        &self.sets.iter().rev().find(|(from, _)| *from <= height).unwrap().1
    }

    fn block(&self, height: u64) -> LightBlock {
        let time = GENESIS + 60 * (height as i64 - 1);
        block(height, time, self.signers(height), self.signers(height + 1))
    }

    fn hints(&self) -> Vec<u64> {
        self.sets.iter().skip(1).map(|(from, _)| *from).collect()
    }

    fn now(&self) -> Now {
        now(GENESIS + 60 * self.head as i64)
    }

    /// Answers until the synchronisation ends.
    fn answer(&mut self, sync: &mut Sync) -> Result<(), SyncError> {
        loop {
            let ask = sync.ask().clone();
            match ask {
                Ask::Commit(height) => sync.commit(signed_header(&self.block(height))),
                Ask::Validators(height) => sync.validators(self.signers(height).set().clone()),
                Ask::Done => return Ok(()),
                Ask::Failed(error) => return Err(error),
            }
            self.asked.push(ask);
        }
    }

    fn sync(&mut self, chain: &mut HeaderChain, hints: &[u64]) -> Result<(), SyncError> {
        let head = signed_header(&self.block(self.head));
        let mut sync = Sync::start(chain, head, hints, &self.now());
        let result = self.answer(&mut sync);
        sync.into_changes().iter().for_each(|change| chain.apply(change));
        result
    }
}

/// A chain that knows its checkpoint only, not the set.
fn bare_chain(first: &LightBlock) -> HeaderChain {
    let mut chain = HeaderChain::new(&trusted(&trust_file()), &ledger()).unwrap();
    let signed = signed_checkpoint(&first.header, GENESIS + 1);
    chain.apply(&chain.checkpoint(&signed).unwrap());
    chain
}

#[test]
fn an_unchanged_set_needs_the_head_and_its_validators_only() {
    let mut gateway = Gateway::new(10_000, vec![(1, signers(&[1, 2, 3, 4]))]);
    let mut chain = bare_chain(&gateway.block(1));
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
    assert_eq!(gateway.asked, [Ask::Validators(10_000)]);
    assert_eq!(chain.head().map(TrustedHeader::height), Some(10_000));
    gateway.asked.clear();
    gateway.head = 10_100;
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
    assert_eq!(gateway.asked, [], "the next time nothing but the head");
}

#[test]
fn each_complete_set_change_needs_three_requests() {
    let sets = (0..100u64)
        .map(|n| {
            let seeds: Vec<u8> = (0..4).map(|i| (4 * (n % 50) + i) as u8 + 1).collect();
            (1 + 100 * n, signers(&seeds))
        })
        .collect();
    let mut gateway = Gateway::new(10_000, sets);
    let hints = gateway.hints();
    let mut chain = chain(&signers(&[1, 2, 3, 4]));
    assert_eq!(gateway.sync(&mut chain, &hints), Ok(()));
    assert_eq!(hints.len(), 99);
    let validators = gateway.asked.iter().filter(|ask| matches!(ask, Ask::Validators(_))).count();
    // The sets of the second half were seen before, so only the first half's are asked for.
    assert!(gateway.asked.len() <= 3 * hints.len() + 1, "{} requests", gateway.asked.len());
    assert!(validators <= 50, "{validators} sets");
    assert_eq!(chain.head().map(TrustedHeader::height), Some(10_000));
}

#[test]
fn without_hints_it_bisects() {
    let sets = vec![
        (1, signers(&[1, 2, 3, 4])),
        (700, signers(&[5, 6, 7, 8])),
        (5000, signers(&[9, 10, 11, 12])),
    ];
    let mut gateway = Gateway::new(10_000, sets);
    let mut chain = chain(&signers(&[1, 2, 3, 4]));
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
    assert!(gateway.asked.len() < 100, "{} requests", gateway.asked.len());
    assert_eq!(chain.head().map(TrustedHeader::height), Some(10_000));
}

#[test]
fn lying_hints_cost_requests_and_nothing_else() {
    let sets = vec![(1, signers(&[1, 2, 3, 4])), (700, signers(&[5, 6, 7, 8]))];
    for hints in [&[2, 3, 9_999, 10_000][..], &[0, u64::MAX, 10_001], &[699, 701], &[0; 5000]] {
        let mut gateway = Gateway::new(10_000, sets.clone());
        let mut chain = chain(&signers(&[1, 2, 3, 4]));
        assert_eq!(gateway.sync(&mut chain, hints), Ok(()));
        assert_eq!(chain.head().map(TrustedHeader::height), Some(10_000));
    }
}

#[test]
fn changes_on_the_way_are_headers_to_keep() {
    let sets = vec![(1, signers(&[1, 2, 3, 4])), (700, signers(&[5, 6, 7, 8]))];
    let mut gateway = Gateway::new(1000, sets);
    let chain = chain(&signers(&[1, 2, 3, 4]));
    let head = signed_header(&gateway.block(1000));
    let mut sync = Sync::start(&chain, head, &[700], &gateway.now());
    assert_eq!(gateway.answer(&mut sync), Ok(()));
    let heights: Vec<u64> = sync
        .into_changes()
        .iter()
        .map(|change| match change {
            Change::Header(new) => new.header().height(),
            other => panic!("unexpected {other:?}"),
        })
        .collect();
    // The header before the change announces the new set, so the head links from it.
    assert_eq!(heights, [699, 1000]);
}

#[test]
fn a_head_below_the_own_head_is_stale() {
    let mut gateway = Gateway::new(1000, vec![(1, signers(&[1, 2, 3, 4]))]);
    let mut chain = chain(&signers(&[1, 2, 3, 4]));
    gateway.sync(&mut chain, &[]).unwrap();
    gateway.head = 999;
    let stale = SyncError::Stale { have: 1000, got: 999 };
    assert_eq!(gateway.sync(&mut chain, &[]), Err(stale));
    assert_eq!(chain.head().map(TrustedHeader::height), Some(1000));
    gateway.head = 1000;
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
}

#[test]
fn an_answer_of_another_height_ends_it() {
    let sets = vec![(1, signers(&[1, 2, 3, 4])), (700, signers(&[5, 6, 7, 8]))];
    let gateway = Gateway::new(1000, sets);
    let chain = chain(&signers(&[1, 2, 3, 4]));
    let head = signed_header(&gateway.block(1000));
    let mut sync = Sync::start(&chain, head, &[700], &gateway.now());
    sync.validators(gateway.signers(1000).set().clone());
    assert_eq!(sync.ask(), &Ask::Commit(699));
    sync.commit(signed_header(&gateway.block(698)));
    let wrong = SyncError::WrongHeight { asked: 699, got: 698 };
    assert_eq!(sync.ask(), &Ask::Failed(wrong));
}

#[test]
fn validators_that_do_not_fit_the_commit_end_it() {
    let gateway = Gateway::new(1000, vec![(1, signers(&[1, 2, 3, 4]))]);
    let chain = bare_chain(&gateway.block(1));
    let head = signed_header(&gateway.block(1000));
    let mut sync = Sync::start(&chain, head, &[], &gateway.now());
    sync.validators(signers(&[1, 2, 3]).set().clone());
    let size = SyncError::Answer(JsonError::CommitSize { expected: 3, got: 4 });
    assert_eq!(sync.ask(), &Ask::Failed(size));
}

#[test]
fn expired_trust_takes_a_checkpoint_and_no_gateways_word() {
    let mut gateway = Gateway::new(60 * 24 * 45, vec![(1, signers(&[1, 2, 3, 4]))]);
    let mut chain = chain(&signers(&[1, 2, 3, 4]));
    let error = gateway.sync(&mut chain, &[]).unwrap_err();
    assert!(matches!(error, SyncError::Header(_)), "{error}");
    // A head of the past would be accepted as history; synchronising wants the present.
    let old = signed_header(&gateway.block(60 * 24 * 20));
    let sync = Sync::start(&chain, old, &[], &gateway.now());
    assert_eq!(sync.ask(), &Ask::Failed(SyncError::TrustExpired));
    // Renewal after months.
    let pin = gateway.block(60 * 24 * 44);
    let signed = signed_checkpoint(&pin.header, GENESIS + 45 * DAY);
    chain.apply(&chain.checkpoint(&signed).unwrap());
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
}

#[test]
fn a_fork_at_the_head_is_found_and_remembered() {
    let mut gateway = Gateway::new(1000, vec![(1, signers(&[1, 2, 3, 4]))]);
    let mut chain = chain(&signers(&[1, 2, 3, 4]));
    gateway.sync(&mut chain, &[]).unwrap();
    let set = signers(&[1, 2, 3, 4]);
    let other = again(&gateway.block(1000), &set, |header| header.app_hash.0 = vec![9; 32]);
    let sync = Sync::start(&chain, signed_header(&other), &[], &gateway.now());
    assert!(matches!(sync.ask(), Ask::Failed(SyncError::Header(_))));
    sync.into_changes().iter().for_each(|change| chain.apply(change));
    assert_eq!(chain.frozen(), Some((1, 1000)));
}

#[test]
fn a_new_set_at_each_height_is_walked_by_adjacent_steps() {
    let sets = (0..181u64)
        .map(|n| (n + 1, powers(&[(1 + n as u8, 10), (200 + n as u8 / 4, 1)])))
        .collect::<Vec<_>>();
    let mut gateway = Gateway::new(180, sets);
    let mut chain = bare_chain(&gateway.block(1));
    assert_eq!(gateway.sync(&mut chain, &[]), Ok(()));
    assert_eq!(chain.head().map(TrustedHeader::height), Some(180));
}

#[test]
fn a_gateway_that_never_lets_it_forward_is_left() {
    // Each header between is by yet another set, from a head so high that there is no end.
    let chain = chain(&signers(&[1, 2, 3, 4]));
    let mut seed = 10;
    let mut next = |height: u64| {
        seed += 1;
        let set = signers(&[seed]);
        (block(height, GENESIS + 600, &set, &set), set)
    };
    let (head, mut set) = next(1 << 62);
    let mut sync = Sync::start(&chain, signed_header(&head), &[], &now(GENESIS + DAY));
    let mut answers = 0;
    loop {
        match sync.ask().clone() {
            Ask::Commit(height) => {
                let (block, by) = next(height);
                set = by;
                sync.commit(signed_header(&block));
            }
            Ask::Validators(_) => sync.validators(set.set().clone()),
            Ask::Done => panic!("nothing of this was ever signed by a trusted set"),
            Ask::Failed(error) => break assert_eq!(error, SyncError::NoProgress),
        }
        answers += 1;
    }
    assert!(answers <= 65, "{answers} answers");
}
