//! Rules and effects: members and validators.

use super::parties::good_key;
use super::signers::not_suspended;
use super::{Act, Refused, State};
use sealight_verify::format::governance::{Members, Validators};
use sealight_verify::format::party::Roles;
use sealight_verify::sign::{Algorithm, PublicKey};
use std::sync::Arc;

pub(super) fn members(state: &mut State, members: &Members) -> Result<(), Refused> {
    for id in &members.parties {
        let party = &state.party(id)?.party;
        not_suspended(party, *id)?;
        if !party.roles.meets(Roles::MEMBER) {
            return Err(Refused::Role { party: *id, needed: Roles::MEMBER });
        }
    }
    if *members == *state.members {
        return Err(Refused::NothingChanges);
    }
    set_members(state, members)
}

pub(super) fn validators(
    state: &mut State,
    act: &Act<'_>,
    validators: &Validators,
) -> Result<(), Refused> {
    for seat in &validators.seats {
        good_key(&PublicKey { algorithm: Algorithm::Ed25519, bytes: seat.key.clone() })?;
    }
    if *validators == *state.validators {
        return Err(Refused::NothingChanges);
    }
    set_validators(state, validators)?;
    // A change in block H is announced in header H + 1 and signs from H + 2 on.
    let (first, changes) = (act.now.height + 2, Arc::make_mut(&mut state.hints.set_changes));
    if changes.last() != Some(&first) {
        changes.push(first);
    }
    Ok(())
}

pub(super) fn set_members(state: &mut State, members: &Members) -> Result<(), Refused> {
    state.put_governance("members", members)?;
    state.members = Arc::new(members.clone());
    Ok(())
}

pub(super) fn set_validators(state: &mut State, validators: &Validators) -> Result<(), Refused> {
    state.put_governance("validators", validators)?;
    state.validators = Arc::new(validators.clone());
    Ok(())
}
