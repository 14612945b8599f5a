use super::*;
use crate::world::{LOT_SIZE, World, gtin};
use sealight_issue::entry::{Signer, sign_receipt};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::IndexAnchor;
use sealight_verify::format::life::{LifeState, untouched_root};
use sealight_verify::format::lot::LotAnchor;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::hash::Sm3;
use sealight_verify::sign::SignatureError;
use sealight_verify::tree::log::empty_root;

fn anchored(world: &mut World, change: impl Fn(&mut LotAnchor)) -> Result<Applied, Refused> {
    let mut anchor = world.anchor_of("issuer", 1);
    change(&mut anchor);
    let entry = world.entry("issuer", Body::AnchorLot(anchor));
    world.apply(&entry)
}

#[test]
fn a_lot_is_anchored_as_its_entry_says() {
    let mut world = World::new();
    world.lot(1);
    let row = world.lot_state(1);
    let lot = &row.lot;
    assert_eq!((lot.size, lot.height, lot.at, lot.log_index), (LOT_SIZE, 5, at(5), 0));
    assert_eq!(lot.entry, row.anchor.id());
    assert_eq!(lot.life_root, untouched_root(LifeState::InTrade, LOT_SIZE));
    assert_eq!((lot.events, lot.event_root), (0, empty_root::<Sm3>()));
}

#[test]
fn only_an_issuer_anchors_a_lot() {
    let mut world = World::new();
    let entry = world.entry("lab", world.anchor_body("lab", 1));
    let (party, needed) = (world.id("lab"), Roles::ISSUER);
    assert_eq!(world.refusal(&entry), Refused::Role { party, needed });
}

#[test]
fn a_lot_in_somebody_elses_namespace_is_refused() {
    let mut world = World::new();
    let namespace = gtin("0690999");
    let refused = anchored(&mut world, |lot| lot.namespaces.push(gtin("0690999")));
    assert_eq!(refused, Err(Refused::ForeignNamespace { namespace }));
    let namespace = gtin("0690");
    let refused = anchored(&mut world, |lot| lot.namespaces = vec![gtin("0690")]);
    assert_eq!(refused, Err(Refused::ForeignNamespace { namespace }));
    let brand = Namespace::Brand("Blue Reverie".into());
    let refused = anchored(&mut world, |lot| lot.namespaces.push(brand.clone()));
    assert_eq!(refused, Err(Refused::ForeignNamespace { namespace: brand.clone() }));
}

#[test]
fn roles_that_there_are_not_are_refused() {
    let mut world = World::new();
    let refused = anchored(&mut world, |lot| lot.life_roles.sold = Roles(1 << 9));
    assert!(matches!(refused, Err(Refused::UnknownRoles { .. })));
}

#[test]
fn a_taken_lot_id_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let refused = anchored(&mut world, |lot| lot.size = LOT_SIZE);
    assert_eq!(refused, Err(Refused::LotTaken { lot: world.lot_id(1) }));
}

#[test]
fn nobody_squats_on_anothers_lot_by_copying_it() {
    let mut world = World::new();
    let mut copy = world.anchor_of("issuer", 1);
    let lot = LotId::of_number(&world.id("rival"), 1);
    let rival =
        |name| sign_receipt(&world.state.ledger(), &lot, &copy.root, LOT_SIZE, world.signer(name));
    copy.receipts = vec![rival("member-1"), rival("member-2")];
    copy.namespaces = vec![];
    let entry = world.entry("rival", Body::AnchorLot(copy));
    world.apply(&entry).unwrap();
    world.lot(1);
    assert_ne!(lot, world.lot_id(1));
}

#[test]
fn a_lot_of_a_size_that_no_lot_has_is_refused() {
    let mut world = World::new();
    for size in [0, (1 << 26) + 1] {
        let refused = anchored(&mut world, |lot| lot.size = size);
        assert!(matches!(refused, Err(Refused::Bounds(_))));
    }
}

#[test]
fn too_few_members_that_store_the_files_are_refused() {
    let mut world = World::new();
    let refused = anchored(&mut world, |lot| _ = lot.receipts.pop());
    assert_eq!(refused, Err(Refused::TooFewReceipts { have: 1, need: 2 }));
}

#[test]
fn two_receipts_of_one_member_are_refused() {
    let mut world = World::new();
    let member = world.id("member-1");
    let refused = anchored(&mut world, |lot| lot.receipts[1] = lot.receipts[0].clone());
    assert_eq!(refused, Err(Refused::ReceiptTwice { member }));
}

#[test]
fn a_receipt_over_something_else_is_refused() {
    let mut world = World::new();
    let member = world.id("member-1");
    let refused = anchored(&mut world, |lot| lot.size -= 1);
    let error = SignatureError::Mismatch;
    assert_eq!(refused, Err(Refused::Receipt { member, error }));
}

#[test]
fn a_receipt_by_no_member_is_refused() {
    let mut world = World::new();
    let mut anchor = world.anchor_of("issuer", 1);
    let signer: Signer<'_> = world.signer("authority");
    let lot = world.lot_id(1);
    anchor.receipts[0] = sign_receipt(&world.state.ledger(), &lot, &anchor.root, LOT_SIZE, signer);
    let entry = world.entry("issuer", Body::AnchorLot(anchor));
    let party = world.id("authority");
    assert_eq!(world.refusal(&entry), Refused::NotAMember { party });
}

#[test]
fn a_receipt_with_a_key_no_longer_in_force_is_refused() {
    let mut world = World::new();
    let body = world.anchor_body("issuer", 1);
    world.rotate("member-1");
    let entry = world.entry("issuer", body);
    let (party, height) = (world.id("member-1"), world.height);
    assert_eq!(world.refusal(&entry), Refused::KeyNotInForce { party, key: 0, height });
}

fn index(namespace: Namespace, lots: Vec<LotId>) -> Body {
    let (root, size) = (Hash32([8; 32]), 3);
    Body::AnchorIndex(IndexAnchor { namespace, root, size, lots, prefix_bits: 4 })
}

#[test]
fn an_index_is_anchored_and_replaced_by_its_issuer() {
    let mut world = World::new();
    world.lot(1);
    world.lot(2);
    let namespace = gtin("06901234");
    for lots in [vec![world.lot_id(1)], vec![world.lot_id(1), world.lot_id(2)]] {
        let entry = world.entry("issuer", index(namespace.clone(), lots.clone()));
        world.apply(&entry).unwrap();
        assert_eq!(world.state.index(&namespace).unwrap().index.lots, lots);
    }
    assert_eq!(world.state.indexes().count(), 1);
}

#[test]
fn an_index_that_overlaps_with_another_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let wide = gtin("06901234");
    let entry = world.entry("issuer", index(wide.clone(), vec![world.lot_id(1)]));
    world.apply(&entry).unwrap();
    for namespace in [gtin("069012345"), gtin("0690123")] {
        let entry = world.entry("issuer", index(namespace.clone(), vec![world.lot_id(1)]));
        let refused = Refused::IndexOverlaps { namespace, overlaps: wide.clone() };
        assert_eq!(world.refusal(&entry), refused);
    }
    let beside = world.entry("issuer", index(gtin("06901235"), vec![world.lot_id(1)]));
    world.apply(&beside).unwrap();
}

#[test]
fn an_index_outside_the_issuers_namespaces_is_refused() {
    let mut world = World::new();
    let namespace = gtin("0690999");
    let entry = world.entry("issuer", index(namespace.clone(), vec![]));
    assert_eq!(world.refusal(&entry), Refused::ForeignNamespace { namespace });
}

#[test]
fn an_index_into_somebody_elses_lot_is_refused() {
    let mut world = World::new();
    let unknown = world.entry("rival", index(gtin("0690999"), vec![world.lot_id(1)]));
    let lot = world.lot_id(1);
    assert_eq!(world.refusal(&unknown), Refused::UnknownLot { lot });
    world.lot(1);
    let entry = world.entry("rival", index(gtin("0690999"), vec![lot]));
    let issuer = world.id("issuer");
    assert_eq!(world.refusal(&entry), Refused::ForeignLot { lot, issuer });
}

#[test]
fn only_an_issuer_anchors_an_index() {
    let mut world = World::new();
    let entry = world.entry("lab", index(gtin("0690999"), vec![]));
    let (party, needed) = (world.id("lab"), Roles::ISSUER);
    assert_eq!(world.refusal(&entry), Refused::Role { party, needed });
}
