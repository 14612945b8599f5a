//! Rules and effects: parties registered, their keys rotated and revoked, suspension.

use super::signers::{self, key_in_force};
use super::{Act, Refused, State};
use sealight_verify::codec::{self, CodecError, Versioned};
use sealight_verify::format::entry::{KeyRevocation, KeyRotation, Suspension};
use sealight_verify::format::ids::PartyId;
use sealight_verify::format::lot::{LotState, Recall};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Party, PartyKey, Registration};
use sealight_verify::sign::PublicKey;

/// Most keys that a party ever has.
const MAX_KEYS: usize = 64;

pub(super) fn register(
    state: &mut State,
    act: &Act<'_>,
    registration: &Registration,
) -> Result<(), Refused> {
    add(state, registration, act.now.height).map(|_| ())
}

/// Adds a party whose first key is in force from `height` on.
pub(super) fn add(
    state: &mut State,
    registration: &Registration,
    height: u64,
) -> Result<PartyId, Refused> {
    let body = codec::encode(registration);
    short_enough(&body)?;
    good_key(&registration.key)?;
    let id = PartyId::of_registration(&state.ledger, &body);
    not_taken(state, id)?;
    namespaces_free(state, &registration.namespaces)?;
    let party = Party {
        version: 1,
        legal_name: registration.legal_name.clone(),
        keys: vec![PartyKey {
            key: registration.key.clone(),
            from: height,
            until: None,
            end: None,
        }],
        roles: registration.roles,
        namespaces: registration.namespaces.clone(),
        report_key: registration.report_key.clone(),
        next_sequence: 0,
        recalls: Vec::new(),
        suspended: None,
    };
    state.put_party(id, party)?;
    Ok(id)
}

pub(super) fn rotate(
    state: &mut State,
    act: &Act<'_>,
    rotation: &KeyRotation,
) -> Result<(), Refused> {
    signed_by_old_key(act, rotation)?;
    good_key(&rotation.new)?;
    let mut party = state.party(&act.party())?.party.clone();
    never_had(&party, &rotation.new)?;
    room_for_key(&party)?;
    let old = party.keys.get_mut(usize::from(rotation.old));
    let old = old.ok_or(Refused::UnknownKey { party: act.party(), key: rotation.old })?;
    // What the old key signed in this very block stays good: it ends with the next one.
    (old.until, old.end) = (Some(act.now.height + 1), Some(KeyEnd::Retired));
    let key = rotation.new.clone();
    party.keys.push(PartyKey { key, from: act.now.height, until: None, end: None });
    state.put_party(act.party(), party)
}

pub(super) fn revoke(
    state: &mut State,
    act: &Act<'_>,
    revocation: &KeyRevocation,
) -> Result<(), Refused> {
    let (id, place) = (revocation.party, revocation.key);
    let mut party = state.party(&id)?.party.clone();
    let key = party.keys.get_mut(usize::from(place));
    let key = key.ok_or(Refused::UnknownKey { party: id, key: place })?;
    match revocation.reason {
        KeyEnd::Retired => retires_ahead(act, revocation.from)?,
        KeyEnd::Compromised => compromise_known(act, revocation.from)?,
    }
    ends_worse(key, revocation)?;
    (key.until, key.end) = (Some(revocation.from), Some(revocation.reason));
    state.put_party(id, party)?;
    if revocation.reason == KeyEnd::Compromised {
        withdraw(state, revocation)?;
    }
    Ok(())
}

pub(super) fn suspend(
    state: &mut State,
    act: &Act<'_>,
    suspension: &Suspension,
) -> Result<(), Refused> {
    let mut party = state.party(&suspension.party)?.party.clone();
    if party.suspended.is_some() == suspension.suspended {
        return Err(Refused::NothingChanges);
    }
    party.suspended = suspension.suspended.then_some(act.now.height);
    state.put_party(suspension.party, party)
}

/// The key is a point of its curve in the one accepted encoding.
pub(super) fn good_key(key: &PublicKey) -> Result<(), Refused> {
    PublicKey::decode(key.algorithm, &key.bytes).map(|_| ()).map_err(Refused::BadKey)
}

/// Short enough for a party to stay readable with all the keys that it may come to have.
fn short_enough(body: &[u8]) -> Result<(), Refused> {
    let (what, got, max) = (Registration::NAME, body.len(), Registration::MAX_LEN);
    if got > max { Err(CodecError::TooLong { what, got, max }.into()) } else { Ok(()) }
}

fn not_taken(state: &State, id: PartyId) -> Result<(), Refused> {
    if state.party(&id).is_ok() { Err(Refused::PartyTaken { party: id }) } else { Ok(()) }
}

/// No namespace overlaps one of another party, suspended ones included: they may come back.
fn namespaces_free(state: &State, wanted: &[Namespace]) -> Result<(), Refused> {
    for row in state.parties() {
        for (namespace, own) in wanted
            .iter()
            .flat_map(|wanted| row.party.namespaces.iter().map(move |own| (wanted, own)))
        {
            if namespace.overlaps(own) {
                return Err(Refused::NamespaceTaken {
                    namespace: namespace.clone(),
                    overlaps: own.clone(),
                    by: row.id,
                });
            }
        }
    }
    Ok(())
}

fn signed_by_old_key(act: &Act<'_>, rotation: &KeyRotation) -> Result<(), Refused> {
    let (expected, got) = (rotation.old, act.own()?.key);
    if got == expected { Ok(()) } else { Err(Refused::RotatedByOtherKey { expected, got }) }
}

fn never_had(party: &Party, new: &PublicKey) -> Result<(), Refused> {
    match party.keys.iter().position(|had| had.key == *new) {
        Some(place) => Err(Refused::KeyHadBefore { key: place as u16 }),
        None => Ok(()),
    }
}

fn room_for_key(party: &Party) -> Result<(), Refused> {
    if party.keys.len() < MAX_KEYS { Ok(()) } else { Err(Refused::TooManyKeys { max: MAX_KEYS }) }
}

/// A retirement voids nothing that was signed, so it begins after this block.
fn retires_ahead(act: &Act<'_>, from: u64) -> Result<(), Refused> {
    let first = act.now.height + 1;
    if from >= first { Ok(()) } else { Err(Refused::RetiredInThePast { first, got: from }) }
}

/// A key known to be in other hands stops at once.
fn compromise_known(act: &Act<'_>, from: u64) -> Result<(), Refused> {
    let last = act.now.height + 1;
    if from <= last { Ok(()) } else { Err(Refused::CompromisedInTheFuture { last, got: from }) }
}

/// An end is only ever replaced by an earlier one, and a compromise never by a retirement.
fn ends_worse(key: &PartyKey, revocation: &KeyRevocation) -> Result<(), Refused> {
    let milder = (key.end, revocation.reason) == (Some(KeyEnd::Compromised), KeyEnd::Retired);
    match key.until {
        Some(since) if milder || since <= revocation.from => Err(Refused::KeyEnded { since }),
        _ => Ok(()),
    }
}

/// Marks what the compromised key did in lives and recalls since the height it covers; a recall
/// that it lifted is back in force.
fn withdraw(state: &mut State, revocation: &KeyRevocation) -> Result<(), Refused> {
    let KeyRevocation { party, key, from, .. } = *revocation;
    let hit = move |by: u16, height: u64| by == key && height >= from;
    let mark = move |recall: &mut Recall| {
        let (set, lifted) = (hit(recall.key, recall.height), recall.lifted);
        let unlifted = lifted.is_some_and(|lifted| hit(lifted.key, lifted.height));
        let marked = unlifted || set && !recall.withdrawn;
        recall.withdrawn |= set;
        recall.lifted = lifted.filter(|_| !unlifted);
        marked
    };
    let mark_recalls = move |recalls: &mut [Recall]| {
        let of_party = |recall: &&mut Recall| recall.by == party;
        recalls.iter_mut().filter(of_party).map(mark).filter(|marked| *marked).count() > 0
    };
    state.mend_lots(move |lot: &mut LotState| {
        let used = lot
            .life_keys
            .iter()
            .any(|used| (used.party, used.key) == (party, key) && used.last >= from);
        let life = used && !lot.life_withdrawn;
        lot.life_withdrawn |= used;
        mark_recalls(&mut lot.recalls) || life
    })?;
    state.mend_parties(move |party| mark_recalls(&mut party.recalls))
}

/// A member's key that signs at `height` counts: registered, let in and in force.
pub(super) fn standing_of(
    state: &State,
    id: PartyId,
    key: u16,
    height: u64,
) -> Result<&PublicKey, Refused> {
    let party = &state.party(&id)?.party;
    signers::not_suspended(party, id)?;
    key_in_force(party, id, key, height)?;
    let found = party.keys.get(usize::from(key)).map(|found| &found.key);
    found.ok_or(Refused::UnknownKey { party: id, key })
}
