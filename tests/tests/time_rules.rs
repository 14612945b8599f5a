//! Time, as a device meets it: clock, headers and verdict together, each rule by name.

use sealight_issue::comet::{Signers, ValidatorKey};
use sealight_issue::trust::finish_rotation;
use sealight_tests::kit::shapes::recall;
use sealight_tests::kit::{Device, Lot, Minting, PartyKeys, World, at, gateway};
use sealight_verify::chain::{AcceptError, Assurance, Basis, CheckpointError, TrustStanding};
use sealight_verify::comet::{CometError, Threshold};
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{
    Finding, Freshness, Life, NotLookedAt, Outcome, Policy, Unproven, Verdict,
};
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::rotate;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// A ledger with a lot of 10 bottles; the newest block proves it.
fn bottled() -> (World, PartyKeys, Lot) {
    let mut world = World::new();
    let namespaces = Minting::bottles(0, 0).namespaces;
    let issuer = world.register("Blue Reverie Distillery Co., Ltd.", Roles::ISSUER, &namespaces);
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 10)).unwrap();
    (world, issuer, lot)
}

/// The same, and a device with a right clock that trusts the newest header.
fn shopper() -> (World, PartyKeys, Lot, Device) {
    let (world, issuer, lot) = bottled();
    let device = Device::new(&world, world.height());
    (world, issuer, lot, device)
}

fn after(time: Timestamp, seconds: u64) -> Timestamp {
    time.saturating_add(Seconds(seconds))
}

fn trust_expired(verdict: &Verdict) -> bool {
    matches!(header_error(verdict), AcceptError::Rule(CometError::TrustExpired { .. }))
}

fn header_error(verdict: &Verdict) -> &AcceptError {
    match &verdict.record {
        Finding::Unproven(Unproven::Header(error)) => error,
        other => panic!("{other:?}"),
    }
}

/// The ledger runs on for so long, a block an hour; the newest header is that old less an hour.
fn run_on(world: &mut World, seconds: u64) {
    let blocks = (seconds / HOUR).min(3);
    world.wait(seconds - blocks * HOUR);
    (0..blocks).for_each(|_| world.wait(HOUR));
}

#[test]
fn a_proof_is_fresh_for_24_hours_and_then_stale() {
    let (world, _, lot, mut shop) = shopper();
    let bundle = lot.bundle(&world, 3);
    shop.system = after(world.time(), DAY);
    assert_eq!(shop.scan(&lot.claim(3), &bundle).freshness, Freshness::Fresh);
    shop.system = after(world.time(), DAY + 1);
    let stale = shop.scan(&lot.claim(3), &bundle);
    assert_eq!((stale.freshness, stale.outcome()), (Freshness::Stale, Outcome::ProvenStale));
    assert_eq!(stale.outcome().exit_code(), 11);
    assert_eq!(stale.as_of.unwrap().age, DAY + 1);
    assert!(stale.not_looked_at.contains(&NotLookedAt::SinceThen));
}

#[test]
fn an_inspectors_proof_is_fresh_for_7_days() {
    let (world, _, lot, mut inspector) = shopper();
    inspector.policy = Policy::INSPECTOR;
    inspector.system = after(world.time(), 7 * DAY);
    assert_eq!(inspector.scan_newest(&world, &lot, 3).freshness, Freshness::Fresh);
    inspector.system = after(world.time(), 7 * DAY + 1);
    assert_eq!(inspector.scan_newest(&world, &lot, 3).freshness, Freshness::Stale);
}

#[test]
fn after_90_days_a_proof_only_says_what_was() {
    let (world, _, lot, mut shop) = shopper();
    shop.system = after(world.time(), 90 * DAY);
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::ProvenStale);
    shop.system = after(world.time(), 90 * DAY + 1);
    let old = shop.scan_newest(&world, &lot, 3);
    assert_eq!((old.freshness, old.outcome()), (Freshness::TooOld, Outcome::Unproven));
    assert_eq!(old.as_of.unwrap().height, world.height());
    assert!(old.item().is_some());
}

#[test]
fn a_clock_set_back_makes_nothing_fresh() {
    let (mut world, _, lot, mut shop) = shopper();
    run_on(&mut world, 10 * DAY);
    shop.system = after(world.time(), 1);
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
    let old = lot.bundle(&world, 3);
    shop.system = after(world.time(), 5 * DAY);
    assert_eq!(shop.scan(&lot.claim(3), &old).freshness, Freshness::Stale);
    shop.system = after(world.time(), HOUR);
    let back = shop.scan(&lot.claim(3), &old);
    assert_eq!((back.freshness, back.outcome()), (Freshness::ClockDoubtful, Outcome::ProvenStale));
    assert!(back.not_looked_at.contains(&NotLookedAt::SinceThen));
}

#[test]
fn a_clock_at_1970_is_doubtful_and_cured_by_a_right_clock_and_news() {
    let (mut world, _, lot, mut shop) = shopper();
    let right = shop.system;
    shop.system = Timestamp::from_unix_secs(0);
    let verdict = shop.scan_newest(&world, &lot, 3);
    assert_eq!(verdict.freshness, Freshness::ClockDoubtful);
    assert_eq!(verdict.as_of.unwrap().age, 0);
    // The clock is set, and what was known before does not end the doubt: only news does.
    shop.system = after(right, 2 * HOUR);
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::ClockDoubtful);
    world.wait(2 * HOUR - 1);
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

#[test]
fn a_clock_that_stays_at_1970_is_not_cured_by_news() {
    let (mut world, _, lot, mut shop) = shopper();
    shop.system = Timestamp::from_unix_secs(0);
    for _ in 0..3 {
        world.wait(HOUR);
        assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::ClockDoubtful);
    }
    let checkpoint = world.checkpoint(world.height(), 1);
    shop.checkpoint(&world, &checkpoint).unwrap();
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::ClockDoubtful);
}

/// A gateway stopped showing new blocks, and the clock was set back to the time of its last one:
/// recalls since then stay hidden, so nothing may look fresh, however long the clock runs on.
#[test]
fn a_clock_set_back_beside_a_frozen_gateway_is_never_fresh() {
    let (mut world, _, lot, mut shop) = shopper();
    run_on(&mut world, DAY);
    shop.system = after(world.time(), 1);
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
    let (frozen, then) = (lot.bundle(&world, 3), world.time());
    shop.system = after(then, 10 * DAY);
    assert_eq!(shop.scan(&lot.claim(3), &frozen).freshness, Freshness::Stale);
    for hours in 0..50 {
        shop.system = after(then, hours * HOUR);
        let verdict = shop.scan(&lot.claim(3), &frozen);
        assert_eq!(verdict.freshness, Freshness::ClockDoubtful, "{hours} h");
        assert!(!shop.agree(&[&gateway(0), &gateway(1)]), "{hours} h");
    }
    // The gateway shows blocks that it had withheld, still days behind the clock's maximum.
    world.wait(HOUR);
    shop.system = after(world.time(), 1);
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::ClockDoubtful);
}

#[test]
fn a_clock_far_ahead_is_too_old_and_never_a_floor() {
    let (mut world, _, lot, mut shop) = shopper();
    let right = shop.system;
    shop.system = after(right, 5 * 365 * DAY);
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::TooOld);
    // Set right again, it is below its own maximum; the ledger's next header is far below that.
    world.wait(HOUR);
    shop.system = after(world.time(), 1);
    let verdict = shop.scan_newest(&world, &lot, 3);
    assert_eq!((verdict.freshness, verdict.as_of.unwrap().age), (Freshness::ClockDoubtful, 1));
    let checkpoint = world.checkpoint(world.height(), 1);
    shop.checkpoint(&world, &checkpoint).unwrap();
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

#[test]
fn a_clock_far_ahead_is_cured_by_a_head_of_two_operators_and_not_of_one() {
    let (mut world, _, lot, mut shop) = shopper();
    let right = shop.system;
    shop.system = after(right, 5 * 365 * DAY);
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::TooOld);
    world.wait(HOUR);
    shop.system = after(world.time(), 1);
    shop.sync(&world.blocks[&world.height()]).unwrap();
    assert!(!shop.agree(&[&gateway(0)]));
    assert!(!shop.agree(&[&gateway(0), &gateway(0)]));
    assert!(!shop.agree(&[&gateway(0), "https://somebody.example"]));
    assert_eq!(shop.scan_newest(&world, &lot, 3).freshness, Freshness::ClockDoubtful);
    assert!(shop.agree(&[&gateway(0), &gateway(2)]));
    // What was accepted in doubt is linked again, now without.
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

#[test]
fn a_header_from_the_future_is_refused() {
    let (mut world, _, lot, mut shop) = shopper();
    world.wait(HOUR);
    shop.system = world.time().saturating_sub(Seconds(10));
    let verdict = shop.scan_newest(&world, &lot, 3);
    assert!(matches!(
        header_error(&verdict),
        AcceptError::Rule(CometError::FromFuture { got, .. }) if *got == world.time()
    ));
    shop.system = world.time().saturating_sub(Seconds(9));
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

/// Keys may have been sold since the trusted header's period ended: what they sign now about any
/// time is history at best.
#[test]
fn past_the_trusting_period_headers_are_history_and_never_fresh() {
    let (mut world, _, lot, mut inspector) = shopper();
    inspector.policy = Policy::INSPECTOR;
    run_on(&mut world, 29 * DAY);
    let inside = lot.bundle(&world, 3);
    run_on(&mut world, 2 * DAY);
    inspector.system = after(world.time(), 1);
    assert!(trust_expired(&inspector.scan_newest(&world, &lot, 3)));
    let verdict = inspector.scan(&lot.claim(3), &inside);
    assert_eq!(verdict.as_of.unwrap().age, 2 * DAY + 1);
    assert_eq!((verdict.freshness, verdict.outcome()), (Freshness::Stale, Outcome::ProvenStale));
    // From that header on, the newest one is history too, however young.
    let verdict = inspector.scan_newest(&world, &lot, 3);
    assert_eq!((verdict.freshness, verdict.as_of.unwrap().age), (Freshness::Stale, 1));
    assert_eq!(inspector.chain.head().unwrap().basis(), Basis::Historical);
}

#[test]
fn a_device_that_syncs_within_the_period_stays_fresh_for_months() {
    let (mut world, _, lot, mut shop) = shopper();
    for _ in 0..6 {
        run_on(&mut world, 29 * DAY);
        shop.system = after(world.time(), 1);
        assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
    }
}

#[test]
fn after_months_only_a_signed_checkpoint_renews_trust() {
    let (mut world, _, lot, mut shop) = shopper();
    run_on(&mut world, 120 * DAY);
    shop.system = after(world.time(), 1);
    for gateway_says in [world.height() - 1, world.height()] {
        let verdict = shop.scan(&lot.claim(3), &lot.bundle_at(&world, gateway_says, 3));
        assert!(trust_expired(&verdict));
        assert_eq!(verdict.outcome(), Outcome::Unproven);
    }
    let mut forged = world.checkpoint(world.height() - 1, 1);
    forged.body.height += 1;
    assert!(matches!(shop.checkpoint(&world, &forged), Err(CheckpointError::Role(_))));
    let checkpoint = world.checkpoint(world.height() - 1, 1);
    shop.checkpoint(&world, &checkpoint).unwrap();
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

/// A set that signed alone 120 days ago may have sold its keys: the old trust does not carry it.
#[test]
fn a_set_changed_past_the_period_is_not_stepped_to_at_all() {
    let (mut world, _, lot, mut shop) = shopper();
    run_on(&mut world, 120 * DAY);
    world.hand_over(signers([5, 6, 7, 8]));
    run_on(&mut world, 2 * HOUR);
    shop.system = after(world.time(), 1);
    let verdict = shop.scan_newest(&world, &lot, 3);
    assert!(trust_expired(&verdict));
    let checkpoint = world.checkpoint(world.height(), 1);
    shop.checkpoint(&world, &checkpoint).unwrap();
    assert_eq!(shop.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

#[test]
fn an_older_checkpoint_never_comes_back() {
    let (mut world, _, _, mut shop) = shopper();
    let old = world.checkpoint(world.height(), 0);
    run_on(&mut world, 40 * DAY);
    shop.system = after(world.time(), 1);
    let new = world.checkpoint(world.height(), 1);
    shop.checkpoint(&world, &new).unwrap();
    let refused = shop.checkpoint(&world, &old);
    assert!(matches!(refused, Err(CheckpointError::NotNewer { .. })));
}

#[test]
fn under_an_expired_trust_file_verdicts_are_stale_and_30_days_later_told() {
    let (mut world, _, lot, mut shop) = shopper();
    // Headers and checkpoints stay young; only the trust file ages.
    let expires = at(365 * DAY as i64);
    for (late, standing, outcome, assurance) in [
        (0, TrustStanding::Valid, Outcome::Proven, Assurance::QuorumFinalWithState),
        (1, TrustStanding::Expired, Outcome::ProvenStale, Assurance::QuorumFinalWithState),
        (30 * DAY, TrustStanding::Expired, Outcome::ProvenStale, Assurance::QuorumFinalWithState),
        (30 * DAY + 1, TrustStanding::LongExpired, Outcome::Unproven, Assurance::Told),
    ] {
        let now = after(expires, late);
        world.block(now.saturating_sub(Seconds(HOUR)), &[]).ok();
        shop.system = now;
        if world.height() > shop.chain.checkpoint_height().unwrap() {
            let checkpoint = world.checkpoint(world.height(), 0);
            shop.checkpoint(&world, &checkpoint).unwrap();
        }
        let verdict = shop.scan_newest(&world, &lot, 3);
        let present = shop.now();
        assert_eq!(shop.chain.trust_standing(&present), standing, "{late}");
        assert_eq!((verdict.outcome(), verdict.assurance), (outcome, assurance), "{late}");
    }
}

#[test]
fn a_new_trust_file_ends_the_expiry() {
    let (mut world, _, lot, _) = shopper();
    world.wait(366 * DAY);
    let next = world.next_trust_file(|file| file.expires = at(800 * DAY as i64));
    let bytes = finish_rotation(&world.trust, &next).unwrap();
    let mut old = Device::new(&world, world.height());
    assert_eq!(old.scan_newest(&world, &lot, 3).freshness, Freshness::Stale);
    world.trust = rotate(&world.trust, &bytes).unwrap();
    let mut new = Device::new(&world, world.height());
    assert_eq!(new.scan_newest(&world, &lot, 3).freshness, Freshness::Fresh);
}

/// The device synchronised headers and nothing else: its stored proof is as old as it was.
#[test]
fn a_recall_that_a_stored_proof_cannot_know_leaves_its_date_old() {
    let (mut world, issuer, lot, mut shop) = shopper();
    let (stored, then) = (lot.bundle(&world, 3), world.height());
    run_on(&mut world, 2 * DAY);
    world.submit(recall(RecallScope::Lot(lot.id)), &issuer, &[]).unwrap();
    shop.system = after(world.time(), 1);
    shop.sync(&world.blocks[&world.height()]).unwrap();
    let cached = shop.scan(&lot.claim(3), &stored);
    assert_eq!(cached.as_of.unwrap().height, then);
    assert!(cached.as_of.unwrap().age > 2 * DAY);
    assert_eq!((cached.freshness, cached.outcome()), (Freshness::Stale, Outcome::ProvenStale));
    let fetched = shop.scan_newest(&world, &lot, 3);
    assert!(matches!(fetched.life, Life::Recalled(_)));
    assert_eq!(fetched.outcome(), Outcome::ProvenBut);
    assert_eq!(fetched.as_of.unwrap().age, 1);
}

fn signers(seeds: [u8; 4]) -> Signers {
    let seat = |seed: u8| (ValidatorKey::from_seed(&[seed; 32]).unwrap(), 10);
    Signers::new(seeds.map(seat).to_vec()).unwrap()
}

/// Half of the validators changed; the newest header is `seconds` younger than the trusted one.
fn half_changed(seconds: u64) -> (World, Lot, Device) {
    let (mut world, _, lot, shop) = shopper();
    world.hand_over(signers([1, 2, 5, 6]));
    world.wait(HOUR);
    let left = seconds - (HOUR + 1);
    world.wait(left);
    (world, lot, shop)
}

fn not_enough(verdict: &Verdict) -> bool {
    let expected =
        CometError::NotEnoughTrust { signed: 20, total: 40, threshold: Threshold::TwoThirds };
    *header_error(verdict) == AcceptError::Rule(expected)
}

#[test]
fn a_third_carries_a_skip_within_7_days_and_two_thirds_beyond() {
    let (world, lot, mut shop) = half_changed(6 * DAY);
    shop.system = after(world.time(), 1);
    let verdict = shop.scan_newest(&world, &lot, 3);
    assert_eq!(verdict.outcome(), Outcome::Proven);
    // Two of the four old operators carried the skip, and two could have forged it.
    assert_eq!(verdict.operators, Some(2));
    let (world, lot, mut shop) = half_changed(7 * DAY + 1);
    shop.system = after(world.time(), 1);
    assert!(not_enough(&shop.scan_newest(&world, &lot, 3)));
    // By the header that announces the change it is one step after another.
    for height in world.height() - 2..world.height() {
        shop.sync(&world.blocks[&height]).unwrap();
    }
    let verdict = shop.scan_newest(&world, &lot, 3);
    // The trust file does not list the new two, so they count as one, with half of the power.
    assert_eq!((verdict.outcome(), verdict.operators), (Outcome::Proven, Some(2)));
}

#[test]
fn under_a_doubtful_clock_a_skip_needs_two_thirds() {
    let (world, lot, mut shop) = half_changed(DAY);
    shop.system = Timestamp::from_unix_secs(0);
    assert!(not_enough(&shop.scan_newest(&world, &lot, 3)));
}
