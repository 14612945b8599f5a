use super::*;
use crate::world::{World, blob, seat, validators};
use sealight_verify::format::entry::Suspension;
use sealight_verify::sign::SignatureError;

fn members(world: &World, names: &[&str], threshold: u16) -> Body {
    let mut parties: Vec<_> = names.iter().map(|name| world.id(name)).collect();
    parties.sort();
    Body::Govern(GovernanceChange::Members(Members { version: 1, parties, threshold }))
}

fn seats(validators: Validators) -> Body {
    Body::Govern(GovernanceChange::Validators(validators))
}

#[test]
fn a_quorum_changes_the_members() {
    let mut world = World::new();
    let entry = world.by_quorum(members(&world, &["member-1", "member-2"], 2));
    world.apply(&entry).unwrap();
    let old = world.by_quorum(members(&world, &["member-1", "member-3"], 2));
    let party = world.id("member-3");
    assert_eq!(world.refusal(&old), Refused::NotAMember { party });
    let new = world.joint(&["member-1", "member-2"], members(&world, &["member-3"], 1));
    world.apply(&new).unwrap();
    assert_eq!(world.state.receipts_needed(), 1);
}

#[test]
fn who_is_not_registered_as_a_member_becomes_none() {
    let mut world = World::new();
    let entry = world.by_quorum(members(&world, &["member-1", "lab"], 1));
    let (party, needed) = (world.id("lab"), Roles::MEMBER);
    assert_eq!(world.refusal(&entry), Refused::Role { party, needed });
}

#[test]
fn a_suspended_party_becomes_no_member() {
    let mut world = World::new();
    let party = world.id("member-4");
    let suspend = world.by_quorum(Body::Suspend(Suspension { party, suspended: true }));
    world.apply(&suspend).unwrap();
    let entry = world.by_quorum(members(&world, &["member-1", "member-4"], 1));
    assert_eq!(world.refusal(&entry), Refused::Suspended { party, since: 5 });
}

#[test]
fn a_threshold_out_of_reach_is_refused() {
    let mut world = World::new();
    let entry = world.by_quorum(members(&world, &["member-1", "member-2"], 3));
    assert!(matches!(world.refusal(&entry), Refused::Bounds(_)));
}

#[test]
fn a_change_of_members_that_changes_nothing_is_refused() {
    let mut world = World::new();
    let all = ["member-1", "member-2", "member-3", "member-4"];
    let entry = world.by_quorum(members(&world, &all, crate::world::THRESHOLD));
    assert_eq!(world.refusal(&entry), Refused::NothingChanges);
}

#[test]
fn a_quorum_changes_the_validators_and_the_height_is_told() {
    let mut world = World::new();
    let next = validators([seat(1, 10), seat(3, 5)]);
    let entry = world.by_quorum(seats(next.clone()));
    let height = world.height;
    let applied = world.apply(&entry).unwrap();
    assert_eq!(applied.validators.as_deref(), Some(&next));
    assert_eq!(**world.state.validators(), next);
    assert_eq!(*world.state.hints().set_changes, [height + 2]);
}

#[test]
fn validators_that_would_halt_consensus_are_refused() {
    let mut world = World::new();
    let twice = Validators { version: 1, seats: vec![seat(1, 10), seat(1, 10)] };
    let powerless = validators([seat(1, 0)]);
    let none = validators([]);
    for set in [twice, powerless, none] {
        let entry = world.by_quorum(seats(set));
        assert!(matches!(world.refusal(&entry), Refused::Bounds(_)));
    }
    let mut bad = seat(1, 10);
    bad.key = blob(&[0; 32]);
    let entry = world.by_quorum(seats(validators([bad])));
    assert_eq!(world.refusal(&entry), Refused::BadKey(SignatureError::BadKey));
}

#[test]
fn a_change_of_validators_that_changes_nothing_is_refused() {
    let mut world = World::new();
    let entry = world.by_quorum(seats(validators([seat(1, 10), seat(2, 10)])));
    assert_eq!(world.refusal(&entry), Refused::NothingChanges);
}
