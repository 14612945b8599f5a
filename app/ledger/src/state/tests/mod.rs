//! One test a rule, on a small world of a few parties.

mod govern;
mod life;
mod lots;
mod parties;
mod recall;
mod signers;
mod trace;

use super::*;
use crate::world::{self, World, at};
use sealight_verify::format::life::LifeState;

#[test]
fn the_same_entries_give_the_same_state_and_a_clone_stays_behind() {
    let (mut one, mut two) = (World::new(), World::new());
    let before = one.state.clone();
    for world in [&mut one, &mut two] {
        world.lot(1);
        world.trace("lab", 1, "inspecting");
        world.sell(1, 3, 5);
    }
    assert_eq!(one.state.app_hash(), two.state.app_hash());
    assert_ne!(before.app_hash(), one.state.app_hash());
    assert_eq!(before.roots().log_size, 0);
    assert_eq!(one.state.roots().log_size, 3);
}

#[test]
fn a_refused_entry_leaves_the_state_as_it_is() {
    let mut world = World::new();
    let before = world.state.app_hash();
    let entry = world.entry("carrier", world.anchor_body("carrier", 1));
    assert!(world.apply(&entry).is_err());
    assert_eq!(world.state.app_hash(), before);
}

#[test]
fn a_check_says_what_an_apply_does_and_changes_nothing() {
    let mut world = World::new();
    let entry = world.entry("issuer", world.anchor_body("issuer", 1));
    let bytes = codec::encode(&entry);
    let before = world.state.app_hash();
    let checked = world.state.check(&bytes, 5).unwrap();
    assert_eq!((checked.id, checked.sequence), (entry.id(), 0));
    assert_eq!(world.state.app_hash(), before);
    let applied = world.state.apply(&bytes, 5, at(5)).unwrap();
    assert_eq!((applied.id, applied.log_index), (entry.id(), 0));
    assert_eq!(world.state.check(&bytes, 6), Err(Refused::Sequence { expected: 1, got: 0 }));
}

#[test]
fn a_replay_gives_the_state_that_applying_gave() {
    let mut world = World::new();
    let mut again = world.state.clone();
    let entry = world.entry("issuer", world.anchor_body("issuer", 1));
    let bytes = codec::encode(&entry);
    world.state.apply(&bytes, 5, at(5)).unwrap();
    again.replay(&bytes, 5, at(5)).unwrap();
    assert_eq!(again.app_hash(), world.state.app_hash());
}

#[test]
fn bytes_that_are_no_entry_are_refused() {
    let world = World::new();
    for bytes in [&b""[..], b"\xa1\x00\x01", &[0; 1000]] {
        assert!(matches!(world.state.check(bytes, 5), Err(Refused::Codec(_))));
    }
    let long = vec![0; 128 * 1024 + 1];
    assert!(matches!(world.state.check(&long, 5), Err(Refused::Codec(_))));
}

#[test]
fn a_field_out_of_bounds_is_refused() {
    let mut world = World::new();
    world.lot(1);
    let entry = world.entry("retailer", world.life_body(1, &[], LifeState::Sold, None));
    assert!(matches!(world.apply(&entry), Err(Refused::Bounds(_))));
}

#[test]
fn what_no_client_could_read_is_not_put_into_the_state() {
    let mut world = World::new();
    let mut registration = world::registration("newcomer", Roles::LAB, vec![]);
    registration.version = 2;
    let members = Members { version: 2, ..world.state.members().clone() };
    let validators = Validators { version: 2, ..(**world.state.validators()).clone() };
    let bodies = [
        Body::Register(registration),
        Body::Govern(GovernanceChange::Members(members)),
        Body::Govern(GovernanceChange::Validators(validators)),
    ];
    for body in bodies {
        let refused = {
            let entry = world.by_quorum(body);
            world.refusal(&entry)
        };
        let unknown = matches!(refused, Refused::Codec(CodecError::UnknownVersion { got: 2, .. }));
        assert!(unknown, "{refused:?}");
    }
    let mut genesis = world::genesis();
    genesis.validators.version = 2;
    assert!(matches!(State::genesis(&genesis), Err(Refused::Codec(_))));
}

#[test]
fn a_genesis_without_a_reachable_quorum_is_refused() {
    let mut genesis = world::genesis();
    genesis.threshold = 5;
    assert!(matches!(State::genesis(&genesis), Err(Refused::Bounds(_))));
    genesis.threshold = 0;
    assert!(matches!(State::genesis(&genesis), Err(Refused::Bounds(_))));
}

#[test]
fn every_refusal_has_a_code_of_its_own() {
    let some = [
        Refused::NotSignedByItsParty,
        Refused::NoAuthority,
        Refused::NothingChanges,
        Refused::NotRecalled,
        Refused::Sequence { expected: 1, got: 2 },
        Refused::PastTheLot { last: 1, size: 1 },
    ];
    let mut codes: Vec<_> = some.iter().map(Refused::code).collect();
    codes.sort();
    codes.dedup_by_key(|code| code.0);
    codes.dedup_by_key(|code| code.1);
    assert_eq!(codes.len(), some.len());
}
