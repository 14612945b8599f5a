//! Rules about who signs an entry: before any effect, cheap ones first.

use super::{Act, Refused, Signatures, State};
use sealight_verify::format::entry::{Body, Endorsement};
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::party::{KeyStanding, Party, Roles};

/// The entry was made for this ledger.
pub(super) fn addressed_here(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    let (expected, got) = (state.ledger, act.entry.ledger);
    if got == expected { Ok(()) } else { Err(Refused::WrongLedger { expected, got }) }
}

/// The entry is its party's next one.
pub(super) fn in_sequence(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    let expected = state.party(&act.party())?.party.next_sequence;
    let got = act.entry.sequence;
    if got == expected { Ok(()) } else { Err(Refused::Sequence { expected, got }) }
}

/// The party's own signature stands first.
pub(super) fn own_comes_first(act: &Act<'_>) -> Result<(), Refused> {
    act.entry.own_endorsement().map(|_| ()).map_err(|_| Refused::NotSignedByItsParty)
}

/// No party signs twice.
pub(super) fn nobody_twice(act: &Act<'_>) -> Result<(), Refused> {
    let mut signers: Vec<PartyId> = signers(act).collect();
    signers.sort();
    match signers.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Refused::SignedTwice { party: pair[0] }),
        None => Ok(()),
    }
}

/// Exactly those sign who must.
pub(super) fn whoever_must(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    match &act.entry.body {
        Body::Register(_) | Body::RevokeKey(_) | Body::Suspend(_) | Body::Govern(_) => {
            quorum(state, act)
        }
        Body::RotateKey(_) => own_and_authority(state, act),
        Body::ChangeLife(change) if change.restore.is_some() => {
            let issuer = state.lot(&change.lot)?.lot.issuer;
            issuer_and_authority(state, act, issuer)
        }
        Body::AnchorLot(_)
        | Body::AnchorIndex(_)
        | Body::AppendEvent(_)
        | Body::ChangeLife(_)
        | Body::Recall(_) => alone(act),
    }
}

/// Every signer is let in, with a key in force, and every signature holds.
pub(super) fn all_verify(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    let signed = act.entry.signing_bytes();
    for endorsement in &act.entry.signatures {
        let party = &state.party(&endorsement.party)?.party;
        not_suspended(party, endorsement.party)?;
        key_in_force(party, endorsement.party, endorsement.key, act.now.height)?;
        if act.signatures == Signatures::Verify {
            signature_holds(&signed, endorsement, party)?;
        }
    }
    Ok(())
}

/// The party is not suspended.
pub(super) fn not_suspended(party: &Party, id: PartyId) -> Result<(), Refused> {
    party.suspended.map_or(Ok(()), |since| Err(Refused::Suspended { party: id, since }))
}

/// The key is the party's and may sign at `height`.
pub(super) fn key_in_force(
    party: &Party,
    id: PartyId,
    key: u16,
    height: u64,
) -> Result<(), Refused> {
    match party.key_standing(key, height) {
        Some(KeyStanding::InForce | KeyStanding::RetiredSince(_)) => Ok(()),
        Some(KeyStanding::NotInForce) => Err(Refused::KeyNotInForce { party: id, key, height }),
        Some(KeyStanding::Compromised { since }) => {
            Err(Refused::KeyCompromised { party: id, key, since })
        }
        None => Err(Refused::UnknownKey { party: id, key }),
    }
}

/// The entry's party has one of the roles.
pub(super) fn has_role(state: &State, act: &Act<'_>, needed: Roles) -> Result<(), Refused> {
    let party = act.party();
    match state.party(&party)?.party.roles.meets(needed) {
        true => Ok(()),
        false => Err(Refused::Role { party, needed }),
    }
}

fn signature_holds(signed: &[u8], by: &Endorsement, party: &Party) -> Result<(), Refused> {
    let key = party.keys.get(usize::from(by.key));
    let key = key.ok_or(Refused::UnknownKey { party: by.party, key: by.key })?;
    let verified = key.key.verify(signed, &by.signature);
    verified.map_err(|error| Refused::Signature { party: by.party, error })
}

fn signers(act: &Act<'_>) -> impl Iterator<Item = PartyId> {
    act.entry.signatures.iter().map(|endorsement| endorsement.party)
}

fn is_member(state: &State, party: &PartyId) -> bool {
    state.members.parties.binary_search(party).is_ok()
}

fn is_authority(state: &State, party: &PartyId) -> bool {
    state.party(party).is_ok_and(|row| row.party.roles.meets(Roles::AUTHORITY))
}

/// The party's signature and no other.
fn alone(act: &Act<'_>) -> Result<(), Refused> {
    match signers(act).nth(1) {
        Some(party) => Err(Refused::SuperfluousSignature { party }),
        None => Ok(()),
    }
}

/// Members only, as many as make a quorum and not one more.
fn quorum(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    if let Some(party) = signers(act).find(|party| !is_member(state, party)) {
        return Err(Refused::NotAMember { party });
    }
    enough_members(state, signers(act).collect())
}

fn enough_members(state: &State, members: Vec<PartyId>) -> Result<(), Refused> {
    let (have, need) = (members.len(), usize::from(state.members.threshold));
    match members.get(need) {
        Some(party) => Err(Refused::SuperfluousSignature { party: *party }),
        None if have < need => Err(Refused::NoQuorum { have, need }),
        None => Ok(()),
    }
}

/// The party and one other authority; in the authority's place a quorum of members will do, since
/// a lone authority could else never change its own key.
fn own_and_authority(state: &State, act: &Act<'_>) -> Result<(), Refused> {
    let others: Vec<PartyId> = signers(act).skip(1).collect();
    match others.as_slice() {
        [other] if is_authority(state, other) => return Ok(()),
        [other] if !is_member(state, other) => return Err(Refused::NoAuthority),
        [] if !is_member(state, &act.party()) => return Err(Refused::NoAuthority),
        _ => {}
    }
    if let Some(party) = others.into_iter().find(|party| !is_member(state, party)) {
        return Err(Refused::NotAMember { party });
    }
    enough_members(state, signers(act).filter(|party| is_member(state, party)).collect())
}

/// The lot's issuer and an authority, whichever of them is the entry's party.
fn issuer_and_authority(state: &State, act: &Act<'_>, issuer: PartyId) -> Result<(), Refused> {
    let all: Vec<PartyId> = signers(act).collect();
    match all.as_slice() {
        [one, other] if *one == issuer && is_authority(state, other) => Ok(()),
        [one, other] if *other == issuer && is_authority(state, one) => Ok(()),
        [_, _, party, ..] => Err(Refused::SuperfluousSignature { party: *party }),
        _ => Err(Refused::RestoredAlone { issuer }),
    }
}
