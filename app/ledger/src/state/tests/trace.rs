use super::*;
use crate::world::{LOT_SIZE, World, registration};
use sealight_issue::entry::{Signer, sign_entry};
use sealight_verify::format::event::{self, ItemRange};
use sealight_verify::format::record::Field;
use sealight_verify::tree::build;

#[test]
fn an_event_goes_under_the_lots_event_root() {
    let mut world = World::new();
    world.lot(1);
    world.trace("lab", 1, "inspecting");
    world.trace("carrier", 1, "shipping");
    let row = world.lot_state(1);
    let leaf = |row: &EventRow| event::leaf(row.height, &row.at, &codec::encode(&*row.entry));
    let leaves: Vec<_> = row.events.rows.iter().map(leaf).collect();
    assert_eq!((row.lot.events, row.lot.event_root), (2, build::root::<Sm3>(&leaves)));
    assert_eq!((row.events.rows[1].height, row.events.rows[1].at), (7, at(7)));
}

#[test]
fn an_event_of_no_lot_is_refused() {
    let mut world = World::new();
    let entry = world.entry("lab", world.event_body(1, "inspecting"));
    assert_eq!(world.refusal(&entry), Refused::UnknownLot { lot: world.lot_id(1) });
}

#[test]
fn an_event_of_items_past_the_lot_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let mut body = world.event_body(1, "inspecting");
    let Body::AppendEvent(event) = &mut body else { unreachable!() };
    event.items = Some(ItemRange { first: 0, last: LOT_SIZE });
    let entry = world.entry("lab", body);
    assert_eq!(world.refusal(&entry), Refused::PastTheLot { last: LOT_SIZE, size: LOT_SIZE });
}

#[test]
fn who_has_no_say_over_goods_appends_no_event() {
    let mut world = World::new();
    world.lot(1);
    let entry = world.entry("member-1", world.event_body(1, "inspecting"));
    assert!(matches!(world.refusal(&entry), Refused::Role { .. }));
}

fn full(refused: Refused) -> &'static str {
    match refused {
        Refused::EventsFull { what, .. } => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_party_cannot_fill_anothers_lot() {
    let mut world = World::new();
    world.lot(1);
    for _ in 0..MAX_EVENTS_OF_PARTY {
        world.trace("carrier", 1, "shipping");
    }
    let entry = world.entry("carrier", world.event_body(1, "shipping"));
    assert_eq!(full(world.refusal(&entry)), "events of this party");
    world.trace("lab", 1, "inspecting");
}

#[test]
fn a_lot_has_at_most_so_many_events() {
    let mut world = World::new();
    world.lot(1);
    for _ in 0..MAX_EVENTS {
        world.trace("issuer", 1, "brewing");
    }
    let entry = world.entry("issuer", world.event_body(1, "brewing"));
    assert_eq!(full(world.refusal(&entry)), "events");
}

#[test]
fn a_lots_events_have_at_most_so_many_bytes() {
    let mut world = World::new();
    world.lot(1);
    let fact = Field { key: "k".into(), value: "v".repeat(500) };
    let mut body = world.event_body(1, "brewing");
    let Body::AppendEvent(event) = &mut body else { unreachable!() };
    event.facts = vec![fact; 32];
    let mut refused = None;
    for _ in 0..MAX_EVENT_BYTES / 16_000 + 1 {
        let entry = world.entry("issuer", body.clone());
        refused = world.apply(&entry).err();
    }
    assert_eq!(full(refused.unwrap()), "bytes of events");
}

#[test]
fn a_lots_events_have_at_most_so_many_signers() {
    let mut world = World::new();
    world.lot(1);
    let mut refused = None;
    for number in 0..=MAX_EVENT_SIGNERS {
        let name = format!("lab-{number}");
        let body = registration(&name, Roles::LAB, vec![]);
        let id = PartyId::of_registration(&world.state.ledger(), &codec::encode(&body));
        let register = world.by_quorum(Body::Register(body));
        world.apply(&register).unwrap();
        let key = crate::world::key(&name, 0);
        let ledger = world.state.ledger();
        let entry =
            sign_entry(&ledger, 0, world.event_body(1, "inspecting"), Signer::first(id, &key));
        refused = world.apply(&entry).err();
    }
    assert_eq!(full(refused.unwrap()), "signers of events");
}
