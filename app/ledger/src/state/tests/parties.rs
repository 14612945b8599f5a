use super::*;
use crate::world::{World, blob, gtin, key, registration};
use sealight_verify::codec::CodecError;
use sealight_verify::format::entry::{KeyRevocation, KeyRotation, RecallScope, Suspension};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, KeyStanding};
use sealight_verify::sign::SignatureError;

fn register(world: &World, name: &str, namespaces: Vec<Namespace>) -> Entry {
    world.by_quorum(Body::Register(registration(name, Roles::ISSUER, namespaces)))
}

fn revocation(world: &World, name: &str, reason: KeyEnd, from: u64) -> Entry {
    let party = world.id(name);
    world.by_quorum(Body::RevokeKey(KeyRevocation { party, key: 0, reason, from }))
}

#[test]
fn a_party_is_registered_by_a_quorum_and_may_speak() {
    let mut world = World::new();
    let body = registration("newcomer", Roles::ISSUER, vec![gtin("0123")]);
    let id = PartyId::of_registration(&world.state.ledger(), &codec::encode(&body));
    let entry = world.by_quorum(Body::Register(body));
    world.apply(&entry).unwrap();
    let party = &world.state.party(&id).unwrap().party;
    assert_eq!((party.keys[0].from, party.next_sequence), (5, 0));
    assert_eq!(party.key_standing(0, 5), Some(KeyStanding::InForce));
}

#[test]
fn a_party_is_registered_once() {
    let mut world = World::new();
    let first = register(&world, "newcomer", vec![]);
    world.apply(&first).unwrap();
    let again = register(&world, "newcomer", vec![]);
    assert!(matches!(world.refusal(&again), Refused::PartyTaken { .. }));
}

#[test]
fn a_namespace_that_overlaps_anothers_is_refused() {
    let mut world = World::new();
    for digits in ["0690123", "06901239", "0690"] {
        let entry = register(&world, "newcomer", vec![gtin("0555"), gtin(digits)]);
        let refused = world.refusal(&entry);
        let Refused::NamespaceTaken { namespace, overlaps, by } = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(namespace, gtin(digits));
        assert!([gtin("0690123"), gtin("0690999")].contains(&overlaps));
        assert!([world.id("issuer"), world.id("rival")].contains(&by));
    }
}

#[test]
fn a_brand_that_looks_like_anothers_is_refused() {
    let mut world = World::new();
    let brand = |name: &str| vec![Namespace::Brand(name.into())];
    let first = register(&world, "newcomer", brand("Blue Reverie"));
    world.apply(&first).unwrap();
    let like = register(&world, "squatter", brand("B1ue-Reverie"));
    assert!(matches!(world.refusal(&like), Refused::NamespaceTaken { .. }));
    let mixed = register(&world, "squatter", brand("Blu\u{435} Milk"));
    assert!(matches!(world.refusal(&mixed), Refused::Bounds(_)));
}

#[test]
fn a_namespace_of_a_suspended_party_stays_taken() {
    let mut world = World::new();
    let body = Body::Suspend(Suspension { party: world.id("rival"), suspended: true });
    let suspend = world.by_quorum(body);
    world.apply(&suspend).unwrap();
    let entry = register(&world, "newcomer", vec![gtin("06909991")]);
    assert!(matches!(world.refusal(&entry), Refused::NamespaceTaken { .. }));
}

#[test]
fn a_key_that_is_no_point_is_refused() {
    let mut world = World::new();
    let mut body = registration("newcomer", Roles::LAB, vec![]);
    body.key.bytes = blob(&[0; 32]);
    let entry = world.by_quorum(Body::Register(body));
    assert_eq!(world.refusal(&entry), Refused::BadKey(SignatureError::BadKey));
}

#[test]
fn a_registration_too_long_to_stay_readable_is_refused() {
    let mut world = World::new();
    let name = |number: usize| Namespace::Host(format!("h{number}.{}", "a".repeat(500)));
    let entry = register(&world, "newcomer", (0..40).map(name).collect());
    assert!(matches!(world.refusal(&entry), Refused::Codec(CodecError::TooLong { .. })));
}

#[test]
fn a_rotation_retires_the_old_key_from_the_next_block() {
    let mut world = World::new();
    world.lot(1);
    let height = world.height;
    world.rotate("issuer");
    let party = &world.state.party(&world.id("issuer")).unwrap().party;
    assert_eq!(party.key_standing(0, height), Some(KeyStanding::RetiredSince(height + 1)));
    assert_eq!(party.key_standing(0, height + 1), Some(KeyStanding::NotInForce));
    assert_eq!(party.key_standing(1, height), Some(KeyStanding::InForce));
    world.lot(2);
    assert_eq!(world.lot_state(2).lot.key, 1);
}

fn rotation(old: u16, new: &str, place: u8) -> Body {
    Body::RotateKey(KeyRotation { old, new: key(new, place).public() })
}

#[test]
fn a_rotation_needs_an_authority() {
    let mut world = World::new();
    let alone = world.entry("issuer", rotation(0, "issuer", 1));
    assert_eq!(world.refusal(&alone), Refused::NoAuthority);
    let with_lab = world.joint(&["issuer", "lab"], rotation(0, "issuer", 1));
    assert_eq!(world.refusal(&with_lab), Refused::NoAuthority);
    let with_both = world.joint(&["issuer", "authority", "lab"], rotation(0, "issuer", 1));
    let party = world.id("authority");
    assert_eq!(world.refusal(&with_both), Refused::NotAMember { party });
}

#[test]
fn a_quorum_stands_in_for_the_authority_of_a_rotation() {
    let mut world = World::new();
    let two = ["authority", "member-1", "member-2"];
    let entry = world.joint(&two, rotation(0, "authority", 1));
    assert_eq!(world.refusal(&entry), Refused::NoQuorum { have: 2, need: 3 });
    let three = ["authority", "member-1", "member-2", "member-4"];
    let entry = world.joint(&three, rotation(0, "authority", 1));
    world.apply(&entry).unwrap();
}

#[test]
fn a_rotation_is_signed_by_the_key_that_it_replaces() {
    let mut world = World::new();
    world.rotate("issuer");
    let entry = world.joint(&["issuer", "authority"], rotation(0, "issuer", 2));
    assert_eq!(world.refusal(&entry), Refused::RotatedByOtherKey { expected: 0, got: 1 });
}

#[test]
fn a_key_is_had_once() {
    let mut world = World::new();
    world.rotate("issuer");
    let entry = world.joint(&["issuer", "authority"], rotation(1, "issuer", 0));
    assert_eq!(world.refusal(&entry), Refused::KeyHadBefore { key: 0 });
}

#[test]
fn a_party_has_at_most_64_keys() {
    let mut world = World::new();
    for _ in 1..64 {
        world.rotate("lab");
    }
    let entry = world.joint(&["lab", "authority"], rotation(63, "lab", 64));
    assert_eq!(world.refusal(&entry), Refused::TooManyKeys { max: 64 });
}

#[test]
fn a_key_does_not_retire_in_the_past() {
    let mut world = World::new();
    let (height, got) = (world.height, world.height);
    let entry = revocation(&world, "issuer", KeyEnd::Retired, got);
    assert_eq!(world.refusal(&entry), Refused::RetiredInThePast { first: height + 1, got });
    let entry = revocation(&world, "issuer", KeyEnd::Retired, height + 1);
    world.apply(&entry).unwrap();
}

#[test]
fn a_key_is_not_compromised_in_the_future() {
    let mut world = World::new();
    let (last, got) = (world.height + 1, world.height + 2);
    let entry = revocation(&world, "issuer", KeyEnd::Compromised, got);
    assert_eq!(world.refusal(&entry), Refused::CompromisedInTheFuture { last, got });
}

#[test]
fn a_key_ends_again_only_earlier_or_worse() {
    let mut world = World::new();
    let compromised = revocation(&world, "issuer", KeyEnd::Compromised, 4);
    world.apply(&compromised).unwrap();
    for (reason, from) in [(KeyEnd::Compromised, 4), (KeyEnd::Retired, 900)] {
        let entry = revocation(&world, "issuer", reason, from);
        assert_eq!(world.refusal(&entry), Refused::KeyEnded { since: 4 });
    }
    let earlier = revocation(&world, "issuer", KeyEnd::Compromised, 3);
    world.apply(&earlier).unwrap();
}

#[test]
fn a_revocation_names_a_party_and_key_that_there_are() {
    let mut world = World::new();
    let party = PartyId([1; 16]);
    let (reason, from) = (KeyEnd::Compromised, 2);
    let entry = world.by_quorum(Body::RevokeKey(KeyRevocation { party, key: 0, reason, from }));
    assert_eq!(world.refusal(&entry), Refused::UnknownParty { party });
    let party = world.id("lab");
    let entry = world.by_quorum(Body::RevokeKey(KeyRevocation { party, key: 1, reason, from }));
    assert_eq!(world.refusal(&entry), Refused::UnknownKey { party, key: 1 });
}

#[test]
fn a_suspension_that_changes_nothing_is_refused() {
    let mut world = World::new();
    let body = Body::Suspend(Suspension { party: world.id("lab"), suspended: false });
    let entry = world.by_quorum(body);
    assert_eq!(world.refusal(&entry), Refused::NothingChanges);
}

#[test]
fn a_suspended_party_is_let_in_again() {
    let mut world = World::new();
    world.lot(1);
    for suspended in [true, false] {
        let body = Body::Suspend(Suspension { party: world.id("lab"), suspended });
        let entry = world.by_quorum(body);
        world.apply(&entry).unwrap();
    }
    world.trace("lab", 1, "inspecting");
}

#[test]
fn a_compromise_withdraws_lives_and_recalls_since_its_height() {
    let mut world = World::new();
    world.lot(1);
    world.lot(2);
    world.sell(1, 0, 9);
    let since = world.height;
    world.sell(2, 0, 9);
    let entry = revocation(&world, "retailer", KeyEnd::Compromised, since);
    world.apply(&entry).unwrap();
    assert!(!world.lot_state(1).lot.life_withdrawn);
    assert!(world.lot_state(2).lot.life_withdrawn);
    let sooner = revocation(&world, "retailer", KeyEnd::Compromised, since - 1);
    world.apply(&sooner).unwrap();
    assert!(world.lot_state(1).lot.life_withdrawn);
}

#[test]
fn a_compromise_withdraws_recalls_of_lots_and_issuers() {
    let mut world = World::new();
    world.lot(1);
    let (lot, issuer) = (world.lot_id(1), world.id("issuer"));
    for scope in [RecallScope::Lot(lot), RecallScope::Issuer(issuer)] {
        let entry = world.entry("authority", world.recall_body(scope, true));
        world.apply(&entry).unwrap();
    }
    let since = world.height - 1;
    let entry = revocation(&world, "authority", KeyEnd::Compromised, since);
    world.apply(&entry).unwrap();
    let party = |world: &World| world.state.party(&issuer).unwrap().party.clone();
    assert!(!world.lot_state(1).lot.recalls[0].withdrawn);
    assert!(party(&world).recalls[0].withdrawn);
    let body = world.recall_body(RecallScope::Issuer(issuer), true);
    let anew = world.entry("other-authority", body);
    world.apply(&anew).unwrap();
    assert_eq!(party(&world).recalls.len(), 1);
    assert!(!party(&world).recalls[0].withdrawn);
}

#[test]
fn a_compromise_undoes_the_lifting_of_recalls_since_its_height() {
    let mut world = World::new();
    world.lot(1);
    let scope = || RecallScope::Lot(world.lot_id(1));
    let bodies = [true, false].map(|recalled| world.recall_body(scope(), recalled));
    for body in bodies {
        let entry = world.entry("authority", body);
        world.apply(&entry).unwrap();
    }
    let lifted = world.lot_state(1).lot.recalls[0].lifted.unwrap().height;
    let entry = revocation(&world, "authority", KeyEnd::Compromised, lifted);
    world.apply(&entry).unwrap();
    assert!(world.lot_state(1).lot.recalls[0].in_force());
}
