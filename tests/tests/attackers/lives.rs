//! Life: moved backwards, by the wrong hands, restored alone.

use crate::support::{bottled, thief};
use sealight_ledger::state::Refused;
use sealight_tests::kit::shapes::{event, recall};
use sealight_tests::kit::{Lot, PartyKeys, World};
use sealight_verify::format::entry::{Body, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{Life, Outcome, RecallShown};

fn step(lot: &Lot, to: LifeState, restore: Option<&str>) -> Body {
    let (ranges, restore) = (vec![ItemRange { first: 3, last: 3 }], restore.map(String::from));
    Body::ChangeLife(LifeChange { lot: lot.id, ranges, to, restore })
}

/// A bottle that was sold by its shop.
fn sold() -> (World, PartyKeys, PartyKeys, Lot) {
    let (mut world, issuer, lot) = bottled();
    let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
    world.submit(step(&lot, LifeState::Sold, None), &shop, &[]).unwrap();
    (world, issuer, shop, lot)
}

fn still_sold(world: &World, lot: &Lot) {
    assert_eq!(lot.judge(world, 3).verdict.life, Life::At(LifeState::Sold));
}

#[test]
fn a_sold_bottle_does_not_come_back_into_trade() {
    let (mut world, _, shop, lot) = sold();
    let line = world.register("Line Ltd.", Roles::LINE, &[]);
    let refused = world.submit(step(&lot, LifeState::InTrade, None), &line, &[]);
    let (from, to) = (LifeState::Sold, LifeState::InTrade);
    assert_eq!(refused, Err(Refused::LifeBackward { item: 3, from, to }));
    let again = world.submit(step(&lot, LifeState::Sold, None), &shop, &[]);
    assert!(matches!(again, Err(Refused::LifeBackward { .. })));
    still_sold(&world, &lot);
}

#[test]
fn a_step_is_taken_by_the_role_that_the_lot_names() {
    let (mut world, issuer, shop, lot) = sold();
    let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
    for (by, to) in [
        (&lab, LifeState::Opened),
        (&issuer, LifeState::Opened),
        (&shop, LifeState::Void),
        (&lab, LifeState::Void),
    ] {
        let refused = world.submit(step(&lot, to, None), by, &[]);
        assert!(matches!(refused, Err(Refused::Role { .. })), "{refused:?}");
    }
    still_sold(&world, &lot);
}

#[test]
fn nobody_restores_alone() {
    let (mut world, issuer, shop, lot) = sold();
    let authority = world.authority.clone();
    let back = || step(&lot, LifeState::InTrade, Some("Returned unopened"));
    let alone = Err(Refused::RestoredAlone { issuer: issuer.id });
    assert_eq!(world.submit(back(), &issuer, &[]), alone);
    assert_eq!(world.submit(back(), &shop, &[]), alone);
    assert_eq!(world.submit(back(), &issuer, &[&shop]), alone);
    assert_eq!(world.submit(back(), &authority, &[&shop]), alone);
    still_sold(&world, &lot);
    world.submit(back(), &issuer, &[&authority]).unwrap();
    assert_eq!(lot.judge(&world, 3).verdict.life, Life::At(LifeState::InTrade));
}

#[test]
fn labels_stolen_from_the_printer_are_void_and_stay_so() {
    let (mut world, issuer, lot) = bottled();
    let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
    world.submit(step(&lot, LifeState::Void, None), &issuer, &[]).unwrap();
    for (by, to) in [(&shop, LifeState::Sold), (&shop, LifeState::Opened)] {
        let refused = world.submit(step(&lot, to, None), by, &[]);
        assert!(matches!(refused, Err(Refused::LifeBackward { .. })));
    }
    let verdict = lot.judge(&world, 3).verdict;
    let void = (&Life::At(LifeState::Void), Outcome::ProvenBut);
    assert_eq!((&verdict.life, verdict.outcome()), void);
}

#[test]
fn nobody_recalls_anothers_goods_or_lifts_anothers_recall() {
    let (mut world, issuer, lot) = bottled();
    let rival = thief(&mut world);
    let refused = world.submit(recall(RecallScope::Lot(lot.id)), &rival, &[]);
    assert_eq!(refused, Err(Refused::RecalledByOther { party: rival.id }));
    assert_eq!(lot.judge(&world, 3).verdict.outcome(), Outcome::Proven);
    let authority = world.authority.clone();
    world.submit(recall(RecallScope::Lot(lot.id)), &authority, &[]).unwrap();
    let scope = RecallScope::Lot(lot.id);
    let lift = Body::Recall(RecallChange { scope, recalled: false, notice: "All well".into() });
    let refused = world.submit(lift, &issuer, &[]);
    assert_eq!(refused, Err(Refused::NotRecalled));
    let life = lot.judge(&world, 3).verdict.life;
    assert!(matches!(life, Life::Recalled(RecallShown::Lot { by_authority: true, .. })));
}

#[test]
fn a_rival_cannot_fill_anothers_lot_with_events() {
    let (mut world, _, lot) = bottled();
    let rival = thief(&mut world);
    let mut taken = 0;
    let refused = loop {
        match world.submit(event(&lot, "rumour", None), &rival, &[]) {
            Ok(_) => taken += 1,
            Err(refused) => break refused,
        }
    };
    assert!(matches!(refused, Refused::EventsFull { .. }), "{refused:?}");
    let verdict = lot.judge(&world, 3).verdict;
    assert_eq!(verdict.item().unwrap().events().len(), taken);
    assert_eq!(verdict.outcome(), Outcome::Proven);
}
