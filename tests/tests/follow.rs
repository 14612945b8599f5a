//! Following the log, the pure part: what is proven of a page, and what is told of its entries.

use sealight_issue::entry::sign_receipt;
use sealight_tests::kit::{PartyKeys, World};
use sealight_verify::chain::TrustedHeader;
use sealight_verify::codec::{Blob, decode, encode};
use sealight_verify::follow::{Finding, FollowError, Follower, Volume, Watch, Weight, What};
use sealight_verify::format::entry::{Body, KeyRevocation, KeyRotation, log_leaf};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::log::LogPage;
use sealight_verify::format::lot::{LifeRoles, LotAnchor};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Roles};
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::build::Log;

fn brand(name: &str) -> Namespace {
    Namespace::Brand(name.into())
}

fn watch(parties: &[&PartyKeys]) -> Watch {
    Watch {
        parties: parties.iter().map(|party| party.id).collect(),
        namespaces: Vec::new(),
        names: Vec::new(),
        everybody: false,
        factor: Watch::FACTOR,
    }
}

/// The accepted header of the newest block.
fn head(world: &World) -> TrustedHeader {
    let block = &world.blocks[&world.height()];
    world.chain().accept(block, &world.now()).unwrap().header
}

/// An honest page of at most `count` entries from a place on, under the newest header.
fn page(world: &World, from: u64, count: usize) -> LogPage {
    let roots = world.states[&(world.height() - 1)].roots();
    let all = &world.entries[..roots.log_size as usize];
    let log = Log::<Sm3>::from_leaves(all.iter().map(|entry| log_leaf(entry)));
    let entries: Vec<Blob> =
        all[from as usize..].iter().take(count).map(|entry| Blob(entry.clone())).collect();
    let to = from + entries.len() as u64;
    let path = if to == 0 { Vec::new() } else { log.consistency_path(to, log.size()).unwrap() };
    LogPage { version: 1, height: world.height(), roots, from, entries, path: path.into() }
}

/// Reads everything in pages of so many entries; between two the follower goes through its bytes.
fn read(
    world: &World,
    mut follower: Follower,
    watch: &Watch,
    count: usize,
) -> (Follower, Vec<Finding>) {
    let (head, mut told) = (head(world), Vec::new());
    loop {
        let taken = follower.take(&page(world, follower.size(), count), &head, watch).unwrap();
        told.extend(taken.findings);
        follower = decode(&encode(&taken.follower)).unwrap();
        if taken.whole {
            assert_eq!(follower.head().unwrap().log_size, follower.size());
            return (follower, told);
        }
    }
}

fn told(world: &World, watch: &Watch) -> Vec<What> {
    let (_, told) = read(world, Follower::new(world.ledger), watch, 512);
    told.into_iter().map(|finding| finding.what).collect()
}

fn anchor(world: &mut World, by: &PartyKeys, number: u64, size: u32, title: &str) -> LotId {
    let (lot, root) = (LotId::of_number(&by.id, number), Hash32([number as u8; 32]));
    let receipt = sign_receipt(&world.ledger, &lot, &root, size, world.authority.signer());
    let anchor = LotAnchor {
        number,
        root,
        size,
        namespaces: Vec::new(),
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
        receipts: vec![receipt],
        last_expiry: None,
        title: title.into(),
    };
    world.submit(Body::AnchorLot(anchor), by, &[]).unwrap();
    lot
}

fn maker(world: &mut World) -> PartyKeys {
    world.register("Reverie Distillery Ltd", Roles::ISSUER, &[brand("Blue Reverie")])
}

#[test]
fn ones_own_lots_are_told_and_others_are_not() {
    let mut world = World::new();
    let own = maker(&mut world);
    let other = world.register("Harbour Dairy", Roles::ISSUER, &[]);
    let lot = anchor(&mut world, &own, 1, 12, "Spring");
    anchor(&mut world, &other, 1, 12, "Whole milk");
    let told = told(&world, &watch(&[&own]));
    let expected = What::Lot { lot, items: 12, title: "Spring".into(), by_another: false };
    assert!(matches!(told[0], What::Registered { .. }));
    assert_eq!(told[1..], [expected]);
    assert!(told.iter().all(|what| what.weight() == Weight::Notice));
}

#[test]
fn a_lot_of_another_in_a_watched_namespace_is_an_alarm() {
    let mut world = World::new();
    let other = maker(&mut world);
    let (lot, root) = (LotId::of_number(&other.id, 7), Hash32([7; 32]));
    let receipt = sign_receipt(&world.ledger, &lot, &root, 5, world.authority.signer());
    let anchor = LotAnchor {
        number: 7,
        root,
        size: 5,
        namespaces: vec![brand("Blue Reverie")],
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
        receipts: vec![receipt],
        last_expiry: None,
        title: "x".into(),
    };
    world.submit(Body::AnchorLot(anchor), &other, &[]).unwrap();
    let mut watch = watch(&[]);
    watch.namespaces = vec![brand("Blue Reverie")];
    let told = told(&world, &watch);
    assert!(told.iter().any(|what| matches!(what, What::Resembles { .. })));
    let last = told.last().unwrap();
    assert!(matches!(last, What::Lot { by_another: true, items: 5, .. }), "{told:?}");
    assert_eq!(last.weight(), Weight::Alarm);
}

#[test]
fn a_title_with_ones_brand_in_another_ones_lot_is_an_alarm() {
    let mut world = World::new();
    let own = maker(&mut world);
    let other = world.register("Harbour Dairy", Roles::ISSUER, &[]);
    let lot = anchor(&mut world, &other, 1, 5, "Original BLUE REVERIE, spring");
    let told = told(&world, &watch(&[&own]));
    let expected = What::Title {
        lot,
        title: "Original BLUE REVERIE, spring".into(),
        own: "Blue Reverie".into(),
    };
    assert_eq!(told.last(), Some(&expected));
}

#[test]
fn registrations_that_resemble_are_told_whoever_came_first() {
    let mut world = World::new();
    let before = world.register("Blue Reverye Trading", Roles::ISSUER, &[]);
    let own = maker(&mut world);
    world.register("Harbour Dairy", Roles::ISSUER, &[brand("Harbour")]);
    let after = world.register("Somebody Else", Roles::ISSUER, &[brand("Blue Reveries")]);
    let resembling: Vec<_> = told(&world, &watch(&[&own]))
        .into_iter()
        .filter_map(|what| match what {
            What::Resembles { of, own, .. } => Some((of, own)),
            _ => None,
        })
        .collect();
    let name = || "Blue Reverie".to_owned();
    assert_eq!(resembling, [(before.id, name()), (after.id, name())]);
}

#[test]
fn key_changes_of_ones_own_are_told_and_of_everybody_to_an_authority() {
    let mut world = World::new();
    let own = maker(&mut world);
    let other = world.register("Harbour Dairy", Roles::ISSUER, &[]);
    let authority = world.authority.clone();
    for party in [&own, &other] {
        let new = world.fresh_key().public();
        let body = Body::RotateKey(KeyRotation { old: 0, new });
        world.submit(body, party, &[&authority]).unwrap();
    }
    let revoked = KeyRevocation { party: own.id, key: 1, reason: KeyEnd::Compromised, from: 1 };
    world.submit(Body::RevokeKey(revoked), &authority, &[]).unwrap();
    let keys = |told: Vec<What>| {
        let is_key =
            |what: &What| matches!(what, What::KeyRotated { .. } | What::KeyRevoked { .. });
        told.into_iter().filter(is_key).collect::<Vec<_>>()
    };
    let revocation = What::KeyRevoked { of: own.id, key: 1, reason: KeyEnd::Compromised, from: 1 };
    let rotation = || What::KeyRotated { old: 0 };
    assert_eq!(keys(told(&world, &watch(&[&own]))), [rotation(), revocation.clone()]);
    let all = Watch { everybody: true, ..watch(&[]) };
    assert_eq!(keys(told(&world, &all)), [rotation(), rotation(), revocation]);
}

#[test]
fn a_lot_of_unusual_size_is_told_from_the_fourth_on() {
    let mut world = World::new();
    let own = maker(&mut world);
    for (number, size) in [(1, 10), (2, 1_000), (3, 10), (4, 1_700), (5, 1_701)] {
        anchor(&mut world, &own, number, size, "Spring");
    }
    let odd: Vec<_> = told(&world, &watch(&[&own]))
        .into_iter()
        .filter_map(|what| match what {
            What::Volume { items, odd, .. } => Some((items, odd)),
            _ => None,
        })
        .collect();
    // Five times the mean of 340; the next one is held against a mean that has grown.
    assert_eq!(odd, []);
    let mut world = World::new();
    let own = maker(&mut world);
    for (number, size) in [(1, 10), (2, 1_000), (3, 10), (4, 1_701)] {
        anchor(&mut world, &own, number, size, "Spring");
    }
    let last = told(&world, &watch(&[&own])).pop().unwrap();
    assert!(
        matches!(last, What::Volume { items: 1_701, odd: Volume::Large { mean: 340 }, .. }),
        "{last:?}"
    );
}

#[test]
fn lots_that_come_faster_than_they_used_to_are_told_once_a_window() {
    const DAY: u64 = 24 * 60 * 60;
    let mut world = World::new();
    let own = maker(&mut world);
    let watch = watch(&[&own]);
    let mut number = 0;
    let mut lots = |world: &mut World, count: u64| {
        for _ in 0..count {
            number += 1;
            anchor(world, &own, number, 10, "Spring");
        }
    };
    let (mut follower, _) = read(&world, Follower::new(world.ledger), &watch, 512);
    for _ in 0..5 {
        lots(&mut world, 1);
        world.wait(DAY);
        let (next, told) = read(&world, follower, &watch, 512);
        assert!(told.iter().all(|finding| finding.what.weight() == Weight::Notice), "{told:?}");
        follower = next;
    }
    let mut alarms = 0;
    for _ in 0..4 {
        lots(&mut world, 4);
        let (next, told) = read(&world, follower, &watch, 2);
        let many = |finding: &&Finding| {
            matches!(finding.what, What::Volume { odd: Volume::Many { .. }, .. })
        };
        alarms += told.iter().filter(many).count();
        follower = next;
    }
    assert_eq!(alarms, 1);
}

#[test]
fn pages_of_any_size_tell_the_same() {
    let mut world = World::new();
    let own = maker(&mut world);
    for number in 1..=6 {
        anchor(&mut world, &own, number, 10, "Spring");
    }
    let watch = watch(&[&own]);
    let (follower, told) = read(&world, Follower::new(world.ledger), &watch, 512);
    for count in 1..=7 {
        assert_eq!(
            read(&world, Follower::new(world.ledger), &watch, count),
            (follower.clone(), told.clone())
        );
    }
}

#[test]
fn nothing_of_a_page_can_be_changed_left_out_or_added() {
    let mut world = World::new();
    let own = maker(&mut world);
    for number in 1..=4 {
        anchor(&mut world, &own, number, 10, "Spring");
    }
    let (head, watch) = (head(&world), watch(&[&own]));
    let honest = page(&world, 0, 3);
    let follower = Follower::new(world.ledger);
    let refusal = |page: &LogPage| follower.take(page, &head, &watch).unwrap_err();
    for entry in 0..3 {
        for at in (0..honest.entries[entry].len()).step_by(7) {
            let mut bent = honest.clone();
            bent.entries[entry].0[at] ^= 1;
            assert!(matches!(refusal(&bent), FollowError::Inconsistent(_)));
        }
        let mut hidden = honest.clone();
        hidden.entries.remove(entry);
        assert!(matches!(refusal(&hidden), FollowError::Inconsistent(_)));
        let mut twice = honest.clone();
        twice.entries.insert(entry, honest.entries[entry].clone());
        assert!(matches!(refusal(&twice), FollowError::Inconsistent(_)));
    }
    let mut swapped = honest.clone();
    swapped.entries.swap(0, 1);
    assert!(matches!(refusal(&swapped), FollowError::Inconsistent(_)));
    for at in 0..honest.path.0.len() {
        let mut bent = honest.clone();
        bent.path.0[at].0[0] ^= 1;
        assert!(matches!(refusal(&bent), FollowError::Inconsistent(_)));
    }
    let emptied = LogPage { entries: Vec::new(), ..honest.clone() };
    let error = refusal(&emptied);
    assert!(matches!(error, FollowError::Withheld { left: 5 }) && !error.proves_a_rewrite());
    let many = LogPage { entries: vec![honest.entries[0].clone(); 6], ..honest.clone() };
    assert_eq!(refusal(&many), FollowError::PastTheEnd { left: 5, got: 6 });
    let elsewhere = LogPage { from: 1, ..honest.clone() };
    assert_eq!(refusal(&elsewhere), FollowError::OtherPlace { expected: 0, got: 1 });
    let mut roots = honest.clone();
    roots.roots.log_size -= 1;
    assert!(matches!(refusal(&roots), FollowError::OtherRoots { .. }));
    let later = LogPage { height: honest.height - 1, ..honest };
    assert!(matches!(refusal(&later), FollowError::OtherRoots { .. }));
}

#[test]
fn a_past_that_accepted_headers_changed_is_told_apart_from_a_bad_gateway() {
    // Three ledgers with one beginning: worlds are made alike.
    let start = || {
        let mut world = World::new();
        let own = maker(&mut world);
        (world, own)
    };
    let ((mut world, own), (mut other, _), (mut shorter, _)) = (start(), start(), start());
    let watch = watch(&[&own]);
    anchor(&mut world, &own, 1, 10, "Spring");
    anchor(&mut other, &own, 1, 11, "Autumn");
    let (follower, _) = read(&world, Follower::new(world.ledger), &watch, 512);
    shorter.wait(1);
    shorter.wait(1);
    other.wait(1);
    let take = |world: &World| {
        let size = follower.size().min(world.entries.len() as u64);
        follower.take(&page(world, size, 512), &head(world), &watch).unwrap_err()
    };
    let error = take(&shorter);
    assert!(matches!(error, FollowError::Shorter { have: 2, got: 1 }) && error.proves_a_rewrite());
    let error = take(&other);
    assert!(matches!(error, FollowError::Rewritten { size: 2, .. }) && error.proves_a_rewrite());
    // With more behind it the header alone does not show it; every page then fails.
    anchor(&mut other, &own, 2, 10, "Winter");
    let error = take(&other);
    assert!(matches!(error, FollowError::Inconsistent(_)) && error.is_another_log());
    assert!(!error.proves_a_rewrite());
}
