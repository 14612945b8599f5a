use super::*;
use crate::world::{LOT_SIZE, World};
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::LifeState::{InTrade, NotApplied, Opened, Sold, Void};
use sealight_verify::format::life::{ItemLife, LifeState, untouched_root};
use sealight_verify::format::lot::KeyUse;

fn byte(state: LifeState) -> u8 {
    ItemLife::new(state).byte()
}

#[test]
fn items_take_a_step_and_the_key_is_noted() {
    let mut world = World::new();
    world.lot(1);
    world.sell(1, 60, 70);
    world.sell(1, 0, 1);
    for (item, state) in [(0, Sold), (2, InTrade), (60, Sold), (70, Sold), (71, InTrade)] {
        assert_eq!(world.item_byte(1, item), byte(state), "item {item}");
    }
    let lot = &world.lot_state(1).lot;
    assert_eq!(lot.life_keys, [KeyUse { party: world.id("retailer"), key: 0, last: 7 }]);
    assert_ne!(lot.life_root, untouched_root(InTrade, LOT_SIZE));
}

#[test]
fn life_does_not_go_back() {
    let mut world = World::new();
    world.lot(1);
    world.sell(1, 10, 10);
    let entry = world.entry("retailer", world.life_body(1, &[(8, 12)], Sold, None));
    assert_eq!(world.refusal(&entry), Refused::LifeBackward { item: 10, from: Sold, to: Sold });
    let entry = world.entry("issuer", world.life_body(1, &[(5, 5)], Void, None));
    world.apply(&entry).unwrap();
    let entry = world.entry("retailer", world.life_body(1, &[(0, 5)], Opened, None));
    assert_eq!(world.refusal(&entry), Refused::LifeBackward { item: 5, from: Void, to: Opened });
}

#[test]
fn a_step_by_the_wrong_role_is_refused() {
    let mut world = World::new();
    world.lot(1);
    for (by, to) in [("carrier", Sold), ("retailer", Void), ("issuer", Opened)] {
        let entry = world.entry(by, world.life_body(1, &[(0, 0)], to, None));
        let party = world.id(by);
        assert!(matches!(world.refusal(&entry), Refused::Role { party: p, .. } if p == party));
    }
    let entry = world.entry("issuer", world.life_body(1, &[(0, 0)], NotApplied, None));
    assert!(matches!(world.refusal(&entry), Refused::Role { .. }));
}

#[test]
fn a_step_of_items_past_the_lot_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let body = world.life_body(1, &[(0, 0), (5, LOT_SIZE)], Sold, None);
    let entry = world.entry("retailer", body);
    assert_eq!(world.refusal(&entry), Refused::PastTheLot { last: LOT_SIZE, size: LOT_SIZE });
}

#[test]
fn a_step_in_no_lot_is_refused() {
    let mut world = World::new();
    let entry = world.entry("retailer", world.life_body(1, &[(0, 0)], Sold, None));
    assert_eq!(world.refusal(&entry), Refused::UnknownLot { lot: world.lot_id(1) });
}

#[test]
fn issuer_and_authority_restore_together_whoever_proposes() {
    let mut world = World::new();
    world.lot(1);
    for pair in [["issuer", "authority"], ["authority", "issuer"]] {
        world.sell(1, 3, 9);
        let body = world.life_body(1, &[(0, 9)], InTrade, Some("sold by mistake"));
        let entry = world.joint(&pair, body);
        world.apply(&entry).unwrap();
        assert_eq!(world.item_byte(1, 3), byte(InTrade));
    }
    assert_eq!(world.lot_state(1).lot.life_keys.len(), 3);
}

#[test]
fn nobody_restores_alone() {
    let mut world = World::new();
    world.lot(1);
    world.sell(1, 3, 9);
    let issuer = world.id("issuer");
    let body = || world.life_body(1, &[(0, 9)], InTrade, Some("sold by mistake"));
    let tries = [
        world.entry("issuer", body()),
        world.entry("authority", body()),
        world.joint(&["issuer", "lab"], body()),
        world.joint(&["rival", "authority"], body()),
        world.joint(&["authority", "other-authority"], body()),
    ];
    for entry in tries {
        assert_eq!(world.refusal(&entry), Refused::RestoredAlone { issuer });
    }
    let body = world.life_body(1, &[(0, 9)], InTrade, Some("sold by mistake"));
    let three = world.joint(&["issuer", "authority", "lab"], body);
    let party = world.id("lab");
    assert_eq!(world.refusal(&three), Refused::SuperfluousSignature { party });
}

#[test]
fn a_restoring_that_changes_nothing_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let body = world.life_body(1, &[(0, 9)], InTrade, Some("to be sure"));
    let entry = world.joint(&["issuer", "authority"], body);
    assert_eq!(world.refusal(&entry), Refused::NothingChanges);
}

/// A lot whose life was changed by so many keys of other parties.
fn changed_by_many(world: &mut World, keys: u32) -> Result<(), Refused> {
    world.lot(1);
    let row = world.lot_state(1).clone();
    let mut lot = row.lot.clone();
    let used = |number: u32| {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        KeyUse { party: PartyId(id), key: 0, last: 7 }
    };
    lot.life_keys = (0..keys).map(used).collect();
    world.state.put_lot(LotRow { lot, ..row })
}

#[test]
fn a_lots_state_stays_readable_however_many_keys_change_its_life() {
    let refused = changed_by_many(&mut World::new(), 1000);
    assert!(matches!(refused, Err(Refused::StateTooLong { what: "lot", .. })));
}

#[test]
fn keys_that_sell_leave_room_for_keys_that_recall() {
    let mut world = World::new();
    changed_by_many(&mut world, 670).unwrap();
    let body = world.life_body(1, &[(0, 0)], Sold, None);
    let sale = world.entry("retailer", body);
    assert!(matches!(world.refusal(&sale), Refused::StateTooLong { what: "lot", .. }));
    let items = RecallScope::Items(world.lot_id(1), ItemRange { first: 0, last: 9 });
    for scope in [items, RecallScope::Lot(world.lot_id(1))] {
        let recall = world.entry("authority", world.recall_body(scope, true));
        world.apply(&recall).unwrap();
    }
}
