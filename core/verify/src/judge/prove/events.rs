//! The events of a lot: all that the state counts, each signed by its party.

use super::lot::known_version;
use super::parties::{Parties, speaker};
use crate::codec;
use crate::format::bundle::{EventPart, LotPart};
use crate::format::entry::{Body, RecallChange, RecallScope};
use crate::format::event::{self, ItemRange};
use crate::format::ids::LedgerId;
use crate::format::lot::LotState;
use crate::format::party::KeyStanding;
use crate::hash::{Hash32, Sm3};
use crate::judge::reason::{Part, ProofError, Unproven};
use crate::judge::verdict::{Entered, Happening, ProvenEvent, SaidBy};
use crate::tree::{TreeError, build};
use alloc::vec::Vec;

/// All events of the lot, each signed by its party, with the items that they concern.
pub(super) fn events(
    part: &LotPart,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<Vec<(Option<ItemRange>, ProvenEvent)>, Unproven> {
    let have = part.events.len() as u64;
    if have < state.events {
        return Err(Unproven::EventsMissing { have, of: state.events });
    }
    let leaves: Vec<Hash32> = part
        .events
        .iter()
        .map(|part| event::leaf(part.height, &part.at, &codec::encode(&part.entry)))
        .collect();
    let root = build::root::<Sm3>(&leaves);
    if root != state.event_root || have != state.events {
        let error = TreeError::RootMismatch { expected: state.event_root, got: root };
        return Err(ProofError::Path { part: Part::Events, error }.into());
    }
    let one = |part| one_event(part, state, parties, ledger);
    part.events.iter().map(one).collect()
}

fn one_event(
    part: &EventPart,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<(Option<ItemRange>, ProvenEvent), Unproven> {
    known_version(&part.entry)?;
    let by = parties.find(&part.entry.party)?;
    let failed = |error| ProofError::Entry { part: Part::Events, error };
    part.entry.bounds().map_err(ProofError::Bounds)?;
    part.entry.verify_own(ledger, by).map_err(failed)?;
    let key = part.entry.own_endorsement().map_err(failed)?.key;
    let key_withdrawn = match by.key_standing(key, part.height) {
        Some(KeyStanding::InForce | KeyStanding::RetiredSince(_)) => false,
        Some(KeyStanding::Compromised { .. }) => true,
        Some(KeyStanding::NotInForce) | None => {
            return Err(ProofError::WrongEntry(Part::Events).into());
        }
    };
    let (what, items, sensor) = match &part.entry.body {
        Body::AppendEvent(event) => (Happening::Trace(event.clone()), event.items, event.sensor),
        Body::Recall(RecallChange { scope: RecallScope::Items(_, items), recalled, notice }) => {
            let what = Happening::Recall { recalled: *recalled, notice: notice.clone() };
            (what, Some(*items), false)
        }
        _ => return Err(ProofError::WrongEntry(Part::Events).into()),
    };
    let said_by = match (sensor, part.entry.party == state.issuer) {
        (true, _) => SaidBy::Sensor,
        (false, true) => SaidBy::Brand,
        (false, false) => SaidBy::Independent,
    };
    let event = ProvenEvent {
        entered: Entered { height: part.height, at: part.at },
        by: speaker(part.entry.party, by),
        said_by,
        key_withdrawn,
        entry: part.entry.id(),
        what,
    };
    Ok((items, event))
}
