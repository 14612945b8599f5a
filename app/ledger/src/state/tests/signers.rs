use super::*;
use crate::world::World;
use sealight_issue::entry::{endorse, sign_entry};
use sealight_verify::format::entry::{KeyRevocation, Suspension};
use sealight_verify::format::party::KeyEnd;
use sealight_verify::sign::SignatureError;

fn suspension(world: &World) -> Body {
    Body::Suspend(Suspension { party: world.id("carrier"), suspended: true })
}

#[test]
fn an_entry_of_another_ledger_is_refused() {
    let mut world = World::new();
    let (expected, got) = (world.state.ledger(), LedgerId([9; 32]));
    let body = world.anchor_body("issuer", 1);
    let entry = sign_entry(&got, 0, body, world.signer("issuer"));
    assert_eq!(world.refusal(&entry), Refused::WrongLedger { expected, got });
}

#[test]
fn an_unknown_party_is_refused() {
    let mut world = World::new();
    let party = PartyId([3; 16]);
    let mut entry = world.entry("issuer", world.anchor_body("issuer", 1));
    entry.party = party;
    assert_eq!(world.refusal(&entry), Refused::UnknownParty { party });
}

#[test]
fn an_entry_out_of_sequence_is_refused() {
    let mut world = World::new();
    let entry = world.entry("issuer", world.anchor_body("issuer", 1));
    world.apply(&entry).unwrap();
    assert_eq!(world.refusal(&entry), Refused::Sequence { expected: 1, got: 0 });
    let body = world.anchor_body("issuer", 2);
    let ahead = sign_entry(&world.state.ledger(), 2, body, world.signer("issuer"));
    assert_eq!(world.refusal(&ahead), Refused::Sequence { expected: 1, got: 2 });
}

#[test]
fn an_entry_not_signed_by_its_party_is_refused() {
    let mut world = World::new();
    let mut entry = world.entry("issuer", world.anchor_body("issuer", 1));
    entry.signatures.clear();
    assert_eq!(world.refusal(&entry), Refused::NotSignedByItsParty);
    endorse(&mut entry, world.signer("rival"));
    assert_eq!(world.refusal(&entry), Refused::NotSignedByItsParty);
}

#[test]
fn a_party_that_signs_twice_is_refused() {
    let mut world = World::new();
    let entry = world.joint(&["member-1", "member-2", "member-2"], suspension(&world));
    let party = world.id("member-2");
    assert_eq!(world.refusal(&entry), Refused::SignedTwice { party });
}

#[test]
fn a_key_that_the_party_never_had_is_refused() {
    let mut world = World::new();
    let mut entry = world.entry("issuer", world.anchor_body("issuer", 1));
    entry.signatures[0].key = 1;
    let party = world.id("issuer");
    assert_eq!(world.refusal(&entry), Refused::UnknownKey { party, key: 1 });
}

#[test]
fn a_key_no_longer_in_force_is_refused() {
    let mut world = World::new();
    world.rotate("issuer");
    let body = world.anchor_body("issuer", 1);
    let entry = sign_entry(&world.state.ledger(), 1, body, world.signer_with("issuer", 0));
    let (party, height) = (world.id("issuer"), world.height);
    assert_eq!(world.refusal(&entry), Refused::KeyNotInForce { party, key: 0, height });
}

#[test]
fn a_compromised_key_is_refused() {
    let mut world = World::new();
    let party = world.id("issuer");
    let revocation = KeyRevocation { party, key: 0, reason: KeyEnd::Compromised, from: 2 };
    let revoke = world.by_quorum(Body::RevokeKey(revocation));
    world.apply(&revoke).unwrap();
    let entry = world.entry("issuer", world.anchor_body("issuer", 1));
    assert_eq!(world.refusal(&entry), Refused::KeyCompromised { party, key: 0, since: 2 });
}

#[test]
fn a_signature_that_does_not_hold_is_refused() {
    let mut world = World::new();
    let mut entry = world.entry("issuer", world.anchor_body("issuer", 1));
    let Body::AnchorLot(anchor) = &mut entry.body else { unreachable!() };
    anchor.title.push('!');
    let (party, error) = (world.id("issuer"), SignatureError::Mismatch);
    assert_eq!(world.refusal(&entry), Refused::Signature { party, error });
}

#[test]
fn an_endorsement_that_does_not_hold_is_refused() {
    let mut world = World::new();
    let mut entry = world.by_quorum(suspension(&world));
    entry.signatures[2].signature = entry.signatures[1].signature;
    let (party, error) = (world.id("member-3"), SignatureError::Mismatch);
    assert_eq!(world.refusal(&entry), Refused::Signature { party, error });
}

#[test]
fn a_suspended_party_is_refused() {
    let mut world = World::new();
    let suspend = world.by_quorum(suspension(&world));
    let since = world.height;
    world.apply(&suspend).unwrap();
    world.lot(1);
    let entry = world.entry("carrier", world.event_body(1, "shipping"));
    let party = world.id("carrier");
    assert_eq!(world.refusal(&entry), Refused::Suspended { party, since });
}

#[test]
fn an_entry_of_one_party_bears_no_second_signature() {
    let mut world = World::new();
    let entry = world.joint(&["issuer", "authority"], world.anchor_body("issuer", 1));
    let party = world.id("authority");
    assert_eq!(world.refusal(&entry), Refused::SuperfluousSignature { party });
}

#[test]
fn too_few_members_are_no_quorum() {
    let mut world = World::new();
    let entry = world.joint(&["member-1", "member-2"], suspension(&world));
    assert_eq!(world.refusal(&entry), Refused::NoQuorum { have: 2, need: 3 });
}

#[test]
fn a_quorum_bears_no_further_member() {
    let mut world = World::new();
    let all = ["member-1", "member-2", "member-3", "member-4"];
    let entry = world.joint(&all, suspension(&world));
    let party = world.id("member-4");
    assert_eq!(world.refusal(&entry), Refused::SuperfluousSignature { party });
}

#[test]
fn who_is_no_member_counts_in_no_quorum() {
    let mut world = World::new();
    let entry = world.joint(&["member-1", "member-2", "authority"], suspension(&world));
    let party = world.id("authority");
    assert_eq!(world.refusal(&entry), Refused::NotAMember { party });
}
