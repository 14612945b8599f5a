//! Names: what looks like somebody else's, and what speaks for it.

use crate::support::{bottled, distillery, thief};
use sealight_issue::entry::sign_receipt;
use sealight_issue::index::IndexBuilder;
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_ledger::state::Refused;
use sealight_tests::kit::codes::{Codes, old_code, old_codes};
use sealight_tests::kit::shapes::brand;
use sealight_tests::kit::{Lot, Minting, PartyKeys, World, rows};
use sealight_verify::format::entry::Body;
use sealight_verify::format::index::CodeTarget;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{Contradiction, Finding, Outcome};

/// A ledger on which a dairy has namespaces of every kind.
fn dairy() -> World {
    let mut world = World::new();
    let own = [
        Namespace::Gtin("0690123".into()),
        Namespace::Host("milk.example/trace".into()),
        Namespace::Pattern("WY######".into()),
        brand("Blue Reverie"),
        brand("POCA"),
    ];
    world.register("Dairy Co., Ltd.", Roles::ISSUER, &own);
    world
}

fn refused(wanted: Namespace) -> Refused {
    let mut world = dairy();
    match world.try_register("Thief Ltd.", Roles::ISSUER, std::slice::from_ref(&wanted)) {
        Err(refused) => refused,
        Ok(_) => panic!("registered: {wanted:?}"),
    }
}

fn overlaps(wanted: Namespace) {
    let refused = refused(wanted);
    assert!(matches!(refused, Refused::NamespaceTaken { .. }), "{refused:?}");
}

#[test]
fn gtin_prefixes_within_and_around_anothers_are_taken() {
    for digits in ["0690123", "06901234", "06901234567892", "069012", "0690"] {
        overlaps(Namespace::Gtin(digits.into()));
    }
}

#[test]
fn hosts_within_and_around_anothers_are_taken() {
    for host in ["milk.example/trace", "milk.example/trace/2026", "milk.example", "milk.example/"] {
        overlaps(Namespace::Host(host.into()));
    }
}

#[test]
fn patterns_that_share_a_code_are_taken() {
    for pattern in ["WY######", "W?######", "??######", "WY12####", "WY000001"] {
        overlaps(Namespace::Pattern(pattern.into()));
    }
}

#[test]
fn brands_that_look_alike_are_taken() {
    for name in [
        "Blue Reverie",
        "BLUE REVERIE",
        "blue-reverie",
        "BlueReverie",
        "B1ue Reverie",
        "Blue\u{200b} Rever\u{ad}ie",
        "Blue Re\u{301}verie",
        "\u{420}\u{41e}\u{421}\u{410}",
        "P0CA",
    ] {
        overlaps(brand(name));
    }
}

#[test]
fn brands_of_mixed_scripts_or_hidden_direction_are_refused() {
    for name in ["Bl\u{443}e Reverie", "\u{ff22}lue", "Blue \u{202e}eireveR", "Blue\u{7}"] {
        assert!(matches!(refused(brand(name)), Refused::Bounds(_)), "{name:?}");
    }
}

#[test]
fn namespaces_beside_anothers_are_free() {
    let free = [
        Namespace::Gtin("0690124".into()),
        Namespace::Host("milk.example/tracer".into()),
        Namespace::Pattern("WX######".into()),
        brand("Red Reverie"),
    ];
    dairy().try_register("Neighbour Ltd.", Roles::ISSUER, &free).unwrap();
}

/// A lot of a thief whose records say this, anchored under the thief's own brand.
fn forged(change: impl Fn(&mut Row)) -> (World, Lot) {
    let mut world = World::new();
    distillery(&mut world);
    let thief = thief(&mut world);
    let lot = with_records(&world, &thief, change);
    world.submit(Body::AnchorLot(lot.anchor.clone()), &thief, &[]).unwrap();
    (world, lot)
}

/// The builder asks what clients ask, so a forger leaves the plan wide and anchors it narrow.
fn with_records(world: &World, thief: &PartyKeys, change: impl Fn(&mut Row)) -> Lot {
    let mut rows = rows(4);
    rows.iter_mut().for_each(&change);
    let mut wide = vec![brand("Thief")];
    wide.extend(rows[0].brand.as_deref().map(brand));
    wide.extend(rows[0].gtin.clone().map(Namespace::Gtin));
    wide.dedup();
    let plan = LotPlan {
        ledger: world.ledger,
        issuer: thief.id,
        number: 1,
        title: "Blue Reverie".into(),
        namespaces: wide,
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
    };
    let mut counter = 7u128;
    let mut secrets = || {
        counter = counter.wrapping_mul(0x5851_f42d_4c95_7f2d_1405_7b7e_f767_814f) + 1;
        counter.to_be_bytes()
    };
    let whole = WholeLot::build(plan, &rows, &mut secrets).unwrap();
    let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
    let receipt = sign_receipt(&world.ledger, &id, &root, size, world.authority.signer());
    let mut anchor = whole.lot.anchor(vec![receipt]);
    anchor.namespaces = vec![brand("Thief")];
    Lot { id, whole, anchor }
}

fn foreign(world: &World, lot: &Lot) -> (&'static str, String) {
    let verdict = lot.judge(world, 2).verdict;
    assert_eq!(verdict.outcome(), Outcome::Contradicted);
    match verdict.record {
        Finding::Contradicted(Contradiction::ForeignNamespace { field, value }) => (field, value),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_that_speaks_for_a_foreign_brand_is_contradicted() {
    let (world, lot) = forged(|row| row.gtin = None);
    assert_eq!(foreign(&world, &lot), ("brand", "Blue Reverie".into()));
}

#[test]
fn a_record_that_speaks_for_a_foreign_gtin_is_contradicted() {
    let (world, lot) = forged(|row| row.brand = Some("Thief".into()));
    assert_eq!(foreign(&world, &lot), ("gtin", "06901234567892".into()));
}

#[test]
fn a_record_that_looks_like_a_foreign_brand_is_contradicted() {
    let (world, lot) = forged(|row| (row.gtin, row.brand) = (None, Some("B1ue Reverie".into())));
    assert_eq!(foreign(&world, &lot), ("brand", "B1ue Reverie".into()));
}

#[test]
fn a_brand_in_the_products_name_alone_is_shown_with_the_registered_issuer() {
    let (world, lot) = forged(|row| (row.gtin, row.brand) = (None, None));
    let verdict = lot.judge(&world, 2).verdict;
    let item = verdict.item().unwrap();
    assert_eq!(item.issuer().legal_name, "Thief Ltd.");
    assert_eq!((&item.record().brand, &item.record().gtin), (&None, &None));
}

#[test]
fn a_thiefs_index_takes_no_codes_of_anothers_pattern() {
    let mut world = World::new();
    let mut namespaces = Minting::bottles(0, 0).namespaces;
    namespaces.push(old_codes());
    let issuer = world.register("Distillery Ltd.", Roles::ISSUER, &namespaces);
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 10)).unwrap();
    let codes = Codes::anchor(&mut world, &issuer, &lot, 10);
    let thief = thief(&mut world);
    let refused = world.submit(Body::AnchorIndex(codes.built.anchor()), &thief, &[]);
    assert!(matches!(refused, Err(Refused::ForeignNamespace { .. })));
    assert_eq!(codes.bundle(&world, &old_code(3), &lot, 3).lot.unwrap().id, lot.id);
}

#[test]
fn a_thiefs_index_leads_into_no_lot_of_another() {
    let (mut world, issuer, lot) = bottled();
    let own = Namespace::Pattern("TH######".into());
    let thief = world.register("Thief Ltd.", Roles::ISSUER, std::slice::from_ref(&own));
    let mut builder = IndexBuilder::new(own).unwrap();
    builder.add("TH000001", CodeTarget { lot: lot.id, index: 3 }).unwrap();
    let anchor = builder.finish().unwrap().anchor();
    let refused = world.submit(Body::AnchorIndex(anchor), &thief, &[]);
    assert_eq!(refused, Err(Refused::ForeignLot { lot: lot.id, issuer: issuer.id }));
}
