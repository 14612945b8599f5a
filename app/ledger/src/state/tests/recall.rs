use super::*;
use crate::world::{LOT_SIZE, World};
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::ItemLife;

const ITEMS: ItemRange = ItemRange { first: 5, last: 70 };

fn say(world: &mut World, by: &str, scope: RecallScope, set: bool) -> Result<Applied, Refused> {
    let entry = world.entry(by, world.recall_body(scope, set));
    world.apply(&entry)
}

/// The three scopes in lot 1.
fn scopes(world: &World) -> [RecallScope; 3] {
    let (lot, issuer) = (world.lot_id(1), world.id("issuer"));
    [RecallScope::Items(lot, ITEMS), RecallScope::Lot(lot), RecallScope::Issuer(issuer)]
}

#[test]
fn items_are_recalled_and_the_entry_is_among_the_events() {
    let mut world = World::new();
    world.lot(1);
    let [items, ..] = scopes(&world);
    say(&mut world, "authority", items.clone(), true).unwrap();
    say(&mut world, "issuer", items, true).unwrap();
    let life = ItemLife::from_byte(world.item_byte(1, 70)).unwrap();
    assert!(life.recalled_by_issuer && life.recalled_by_authority);
    assert_eq!(world.item_byte(1, 71), 1);
    let row = world.lot_state(1);
    assert_eq!((row.lot.events, row.events.rows.len(), row.lot.life_keys.len()), (2, 2, 2));
    assert_eq!(world.state.hints().recalls.len(), 2);
    assert_eq!(world.state.hints().recalls[1].log_index, 2);
}

#[test]
fn a_flag_is_lifted_only_in_the_capacity_that_set_it() {
    let mut world = World::new();
    world.lot(1);
    let [items, ..] = scopes(&world);
    say(&mut world, "authority", items.clone(), true).unwrap();
    let by_issuer = say(&mut world, "issuer", items.clone(), false);
    assert_eq!(by_issuer, Err(Refused::NothingChanges));
    say(&mut world, "authority", items, false).unwrap();
    assert_eq!(world.item_byte(1, 5), 1);
}

#[test]
fn lots_and_issuers_are_recalled_with_their_notice() {
    let mut world = World::new();
    world.lot(1);
    let [_, lot, issuer] = scopes(&world);
    say(&mut world, "authority", lot.clone(), true).unwrap();
    say(&mut world, "issuer", lot, true).unwrap();
    say(&mut world, "issuer", issuer, true).unwrap();
    let recalls = &world.lot_state(1).lot.recalls;
    assert_eq!(recalls.len(), 2);
    assert_eq!((recalls[0].by, recalls[0].height), (world.id("authority"), 6));
    assert_eq!(recalls[0].notice, "glass in the neck");
    assert_eq!(world.state.party(&world.id("issuer")).unwrap().party.recalls.len(), 1);
}

#[test]
fn only_issuer_and_authorities_recall() {
    let mut world = World::new();
    world.lot(1);
    for by in ["rival", "lab", "member-1"] {
        for scope in scopes(&world) {
            let party = world.id(by);
            let refused = say(&mut world, by, scope, true);
            assert_eq!(refused, Err(Refused::RecalledByOther { party }));
        }
    }
}

#[test]
fn a_recall_in_force_is_not_set_again() {
    let mut world = World::new();
    world.lot(1);
    let by = world.id("authority");
    let [items, lot, issuer] = scopes(&world);
    for scope in [lot, issuer] {
        say(&mut world, "authority", scope.clone(), true).unwrap();
        let again = say(&mut world, "other-authority", scope, true);
        assert_eq!(again, Err(Refused::RecalledAlready { by }));
    }
    say(&mut world, "authority", items.clone(), true).unwrap();
    assert_eq!(say(&mut world, "authority", items, true), Err(Refused::NothingChanges));
}

#[test]
fn a_recall_is_lifted_only_by_who_set_it() {
    let mut world = World::new();
    world.lot(1);
    let by = world.id("authority");
    let [_, lot, issuer] = scopes(&world);
    for scope in [lot, issuer] {
        let early = say(&mut world, "authority", scope.clone(), false);
        assert_eq!(early, Err(Refused::NotRecalled));
        say(&mut world, "authority", scope.clone(), true).unwrap();
        let other = say(&mut world, "other-authority", scope.clone(), false);
        assert_eq!(other, Err(Refused::NotTheRecaller { by }));
        let own = say(&mut world, "issuer", scope.clone(), false);
        assert_eq!(own, Err(Refused::NotRecalled));
        say(&mut world, "authority", scope, false).unwrap();
    }
    assert!(!world.lot_state(1).lot.recalls[0].in_force());
}

#[test]
fn a_recall_of_items_past_the_lot_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let items = ItemRange { first: 0, last: LOT_SIZE };
    let scope = RecallScope::Items(world.lot_id(1), items);
    let refused = say(&mut world, "issuer", scope, true);
    assert_eq!(refused, Err(Refused::PastTheLot { last: LOT_SIZE, size: LOT_SIZE }));
}

#[test]
fn a_recall_of_what_is_not_there_is_refused() {
    let mut world = World::new();
    let [items, lot, _] = scopes(&world);
    for scope in [items, lot] {
        let refused = say(&mut world, "authority", scope, true);
        assert_eq!(refused, Err(Refused::UnknownLot { lot: world.lot_id(1) }));
    }
    let party = PartyId([1; 16]);
    let refused = say(&mut world, "authority", RecallScope::Issuer(party), true);
    assert_eq!(refused, Err(Refused::UnknownParty { party }));
}

#[test]
fn a_lot_full_of_events_can_still_be_recalled() {
    let mut world = World::new();
    world.lot(1);
    for _ in 0..MAX_EVENTS {
        world.trace("issuer", 1, "brewing");
    }
    let [items, ..] = scopes(&world);
    say(&mut world, "authority", items, true).unwrap();
}

#[test]
fn an_issuer_cannot_recall_a_lot_out_of_every_answer() {
    let mut world = World::new();
    world.lot(1);
    let [items, ..] = scopes(&world);
    for turn in 0..MAX_ISSUER_RECALLS {
        say(&mut world, "issuer", items.clone(), turn % 2 == 0).unwrap();
    }
    let refused = say(&mut world, "issuer", items.clone(), true);
    assert!(matches!(refused, Err(Refused::EventsFull { max: MAX_ISSUER_RECALLS, .. })));
    say(&mut world, "authority", items, true).unwrap();
}
