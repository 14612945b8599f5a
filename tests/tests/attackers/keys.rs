//! Stolen keys: what they signed, before and after it is known.

use crate::support::{bottled, unproven};
use sealight_ledger::state::Refused;
use sealight_tests::kit::shapes::{event, recall};
use sealight_tests::kit::{Lot, Minting, PartyKeys, World};
use sealight_verify::format::entry::{
    Body, KeyRevocation, KeyRotation, LifeChange, RecallChange, RecallScope,
};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::party::{KeyEnd, Roles};
use sealight_verify::judge::{Life, Outcome, RecallShown, Unproven};

/// The consortium declares a party's first key stolen from a height on.
fn stolen_since(world: &mut World, party: &PartyKeys, from: u64) {
    let authority = world.authority.clone();
    let (party, reason) = (party.id, KeyEnd::Compromised);
    let revoke = KeyRevocation { party, key: 0, reason, from };
    world.submit(Body::RevokeKey(revoke), &authority, &[]).unwrap();
}

fn lift(scope: RecallScope) -> Body {
    Body::Recall(RecallChange { scope, recalled: false, notice: "All well".into() })
}

fn sold(lot: &Lot) -> Body {
    let ranges = vec![ItemRange { first: 3, last: 5 }];
    Body::ChangeLife(LifeChange { lot: lot.id, ranges, to: LifeState::Sold, restore: None })
}

#[test]
fn lots_of_a_stolen_key_are_withdrawn_from_the_theft_on_and_earlier_ones_stay() {
    let (mut world, issuer, early) = bottled();
    let theft = world.height() + 1;
    let late = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).unwrap();
    stolen_since(&mut world, &issuer, theft);
    assert_eq!(early.judge(&world, 3).verdict.outcome(), Outcome::Proven);
    let verdict = late.judge(&world, 3).verdict;
    let height = world.state().lot(&late.id).unwrap().lot.height;
    assert_eq!(unproven(&verdict), &Unproven::KeyWithdrawn { since: theft, height });
}

#[test]
fn a_stolen_key_signs_nothing_more_once_it_is_known() {
    let (mut world, issuer, lot) = bottled();
    let theft = world.height() + 1;
    stolen_since(&mut world, &issuer, theft);
    let bodies = [event(&lot, "shipping", None), recall(RecallScope::Lot(lot.id))];
    for body in bodies {
        let refused = world.submit(body, &issuer, &[]);
        assert!(matches!(refused, Err(Refused::KeyCompromised { since, .. }) if since == theft));
    }
    let minted = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).err().unwrap();
    assert!(matches!(minted, Refused::KeyCompromised { .. }));
}

#[test]
fn a_stolen_key_does_not_rotate_itself_into_the_thiefs_hands() {
    let (mut world, issuer, _) = bottled();
    let new = world.fresh_key().public();
    let refused = world.submit(Body::RotateKey(KeyRotation { old: 0, new }), &issuer, &[]);
    assert_eq!(refused, Err(Refused::NoAuthority));
}

#[test]
fn events_of_a_stolen_key_count_for_nothing_since_the_theft() {
    let (mut world, _, lot) = bottled();
    let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
    world.submit(event(&lot, "inspecting", None), &lab, &[]).unwrap();
    let theft = world.height();
    world.submit(event(&lot, "inspecting", None), &lab, &[]).unwrap();
    stolen_since(&mut world, &lab, theft);
    let verdict = lot.judge(&world, 3).verdict;
    let withdrawn: Vec<bool> =
        verdict.item().unwrap().events().iter().map(|event| event.key_withdrawn).collect();
    assert_eq!(withdrawn, [false, true]);
}

#[test]
fn life_that_a_stolen_key_changed_is_unknown() {
    let (mut world, _, lot) = bottled();
    let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
    let theft = world.height();
    world.submit(sold(&lot), &shop, &[]).unwrap();
    assert_eq!(lot.judge(&world, 3).verdict.life, Life::At(LifeState::Sold));
    stolen_since(&mut world, &shop, theft);
    let verdict = lot.judge(&world, 3).verdict;
    assert_eq!((&verdict.life, verdict.outcome()), (&Life::KeyWithdrawn, Outcome::Unproven));
}

#[test]
fn life_that_a_key_changed_before_it_was_stolen_stays() {
    let (mut world, _, lot) = bottled();
    let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
    world.submit(sold(&lot), &shop, &[]).unwrap();
    let theft = world.height();
    stolen_since(&mut world, &shop, theft);
    assert_eq!(lot.judge(&world, 3).verdict.life, Life::At(LifeState::Sold));
}

fn recalled_by_a_thief(scope: impl Fn(&Lot, &PartyKeys) -> RecallScope) {
    let (mut world, issuer, lot) = bottled();
    let theft = world.height();
    world.submit(recall(scope(&lot, &issuer)), &issuer, &[]).unwrap();
    assert!(matches!(lot.judge(&world, 3).verdict.life, Life::Recalled(_)));
    stolen_since(&mut world, &issuer, theft);
    let verdict = lot.judge(&world, 3).verdict;
    assert_eq!((&verdict.life, verdict.outcome()), (&Life::KeyWithdrawn, Outcome::Unproven));
}

#[test]
fn recalls_by_a_stolen_key_leave_life_unknown() {
    let one = ItemRange { first: 3, last: 3 };
    recalled_by_a_thief(|lot, _| RecallScope::Items(lot.id, one));
    recalled_by_a_thief(|lot, _| RecallScope::Lot(lot.id));
    recalled_by_a_thief(|_, issuer| RecallScope::Issuer(issuer.id));
}

/// A recall by the issuer, lifted with the key that was stolen by then; the lot's life after.
fn lifted_by_a_thief(scope: impl Fn(&Lot, &PartyKeys) -> RecallScope) -> Life {
    let (mut world, issuer, lot) = bottled();
    world.submit(recall(scope(&lot, &issuer)), &issuer, &[]).unwrap();
    let theft = world.height();
    world.submit(lift(scope(&lot, &issuer)), &issuer, &[]).unwrap();
    assert_eq!(lot.judge(&world, 3).verdict.outcome(), Outcome::Proven);
    stolen_since(&mut world, &issuer, theft);
    lot.judge(&world, 3).verdict.life
}

/// The thief wants bad goods sold.
#[test]
fn a_recall_lifted_by_a_stolen_key_is_back_once_it_is_known() {
    let of_lot = lifted_by_a_thief(|lot, _| RecallScope::Lot(lot.id));
    assert!(matches!(of_lot, Life::Recalled(RecallShown::Lot { .. })));
    let of_issuer = lifted_by_a_thief(|_, issuer| RecallScope::Issuer(issuer.id));
    assert!(matches!(of_issuer, Life::Recalled(RecallShown::Issuer { .. })));
    let one = ItemRange { first: 3, last: 3 };
    let of_items = lifted_by_a_thief(|lot, _| RecallScope::Items(lot.id, one));
    assert_eq!(of_items, Life::Recalled(RecallShown::Item { by_authority: false }));
}

/// Setting and lifting a recall of its own does not make the first one forgotten.
#[test]
fn a_thief_does_not_hide_a_lifted_recall_under_one_of_its_own() {
    let (mut world, issuer, lot) = bottled();
    let scope = || RecallScope::Lot(lot.id);
    world.submit(recall(scope()), &issuer, &[]).unwrap();
    let theft = world.height();
    for body in [lift(scope()), recall(scope()), lift(scope())] {
        world.submit(body, &issuer, &[]).unwrap();
    }
    stolen_since(&mut world, &issuer, theft);
    assert_eq!(lot.judge(&world, 3).verdict.life, Life::KeyWithdrawn);
}

#[test]
fn a_recall_lifted_before_the_theft_stays_lifted() {
    let (mut world, issuer, lot) = bottled();
    world.submit(recall(RecallScope::Lot(lot.id)), &issuer, &[]).unwrap();
    world.submit(lift(RecallScope::Lot(lot.id)), &issuer, &[]).unwrap();
    let theft = world.height();
    stolen_since(&mut world, &issuer, theft);
    assert_eq!(lot.judge(&world, 3).verdict.outcome(), Outcome::Proven);
}

#[test]
fn a_retired_key_keeps_its_lots_with_a_note() {
    let (mut world, mut issuer, lot) = bottled();
    let key = world.fresh_key();
    let rotation = KeyRotation { old: 0, new: key.public() };
    let authority = world.authority.clone();
    world.submit(Body::RotateKey(rotation), &issuer, &[&authority]).unwrap();
    (issuer.keys, issuer.place) = (vec![issuer.keys[0].clone(), key], 1);
    let new = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).unwrap();
    let old = lot.judge(&world, 3).verdict;
    assert_eq!(old.outcome(), Outcome::Proven);
    assert!(old.item().unwrap().key_retired().is_some());
    assert_eq!(new.judge(&world, 3).verdict.item().unwrap().key_retired(), None);
}
