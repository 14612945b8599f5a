//! The lot under the state: who anchored it, with which key, and what became of it since.

use super::events::events;
use super::parties::Parties;
use super::value::map_value;
use crate::codec::{CodecError, Versioned};
use crate::format::bundle::{Bundle, LotPart, PartyPart};
use crate::format::entry::{Body, Entry};
use crate::format::event::ItemRange;
use crate::format::ids::{LedgerId, LotId};
use crate::format::life::LifeState;
use crate::format::lot::LotState;
use crate::format::party::{KeyStanding, Party};
use crate::format::state::{MapDomain, StateRoots};
use crate::hash::Hash32;
use crate::judge::reason::{Part, ProofError, Unproven};
use crate::judge::verdict::ProvenEvent;
use crate::report::Recipient;
use alloc::string::String;
use alloc::vec::Vec;

/// A lot with all that its items share, proven once for however many of them are asked.
pub(in crate::judge) struct ProvenLot {
    pub(super) ledger: LedgerId,
    pub(super) id: LotId,
    pub(super) state: LotState,
    pub(super) issuer: Party,
    pub(super) title: String,
    pub(super) events: Result<Vec<(Option<ItemRange>, ProvenEvent)>, Unproven>,
}

impl ProvenLot {
    /// Number of items.
    pub(in crate::judge) fn size(&self) -> u32 {
        self.state.size
    }

    /// Refuses a lot of whose events some are missing.
    pub(in crate::judge) fn all_events(&self) -> Result<(), Unproven> {
        self.events.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    /// Whom reports on its items go to.
    pub(in crate::judge) fn recipient(&self) -> Option<Recipient> {
        Recipient::of(self.ledger, self.state.issuer, &self.issuer)
    }

    /// State in which every item started.
    pub(in crate::judge) fn initial(&self) -> LifeState {
        self.state.initial
    }
}

pub(in crate::judge) fn lot_state(
    part: &LotPart,
    root: &Hash32,
) -> Result<Option<LotState>, Unproven> {
    map_value(MapDomain::LOTS, root, &part.id.0, &part.state, Part::Lot)
}

/// The lot's issuer, anchor and events under its proven state.
pub(in crate::judge) fn proven_lot(
    part: &LotPart,
    state: LotState,
    parties: &[PartyPart],
    roots: &StateRoots,
    ledger: LedgerId,
) -> Result<ProvenLot, Unproven> {
    let parties = Parties::prove(parties, roots)?;
    let (issuer, title) = anchor(part, &state, &parties, &ledger)?;
    let events = match events(part, &state, &parties, &ledger) {
        Err(missing @ Unproven::EventsMissing { .. }) => Err(missing),
        other => {
            let events = other?;
            parties.all_used()?;
            Ok(events)
        }
    };
    Ok(ProvenLot { ledger, id: part.id, state, issuer, title, events })
}

/// The anchoring entry is the one in the state, signed by its issuer, and says what the state says.
pub(super) fn anchor(
    part: &LotPart,
    state: &LotState,
    parties: &Parties,
    ledger: &LedgerId,
) -> Result<(Party, String), Unproven> {
    let entry = part.anchor.as_ref().ok_or(ProofError::Missing(Part::Anchor))?;
    known_version(entry)?;
    let issuer = parties.find(&state.issuer)?;
    let wrong = ProofError::WrongEntry(Part::Anchor).into();
    let Body::AnchorLot(anchor) = &entry.body else { return Err(wrong) };
    let fits = entry.party == state.issuer
        && entry.id() == state.entry
        && entry.signatures.len() == 1
        && entry.signatures[0].key == state.key
        && LotId::of_number(&entry.party, anchor.number) == part.id
        && (anchor.root, anchor.size, anchor.initial) == (state.root, state.size, state.initial)
        && anchor.namespaces == state.namespaces;
    if !fits {
        return Err(wrong);
    }
    entry
        .verify_own(ledger, issuer)
        .map_err(|error| ProofError::Entry { part: Part::Anchor, error })?;
    Ok((issuer.clone(), anchor.title.clone()))
}

/// The key that anchored the lot was in force; since when it is retired, if it is.
pub(super) fn issuer_key(state: &LotState, issuer: &Party) -> Result<Option<u64>, Unproven> {
    match issuer.key_standing(state.key, state.height) {
        Some(KeyStanding::InForce) => Ok(None),
        Some(KeyStanding::RetiredSince(height)) => Ok(Some(height)),
        Some(KeyStanding::Compromised { since }) => {
            Err(Unproven::KeyWithdrawn { since, height: state.height })
        }
        Some(KeyStanding::NotInForce) | None => Err(ProofError::WrongEntry(Part::Anchor).into()),
    }
}

/// An entry inside a bundle has a version of its own.
pub(super) fn known_version(entry: &Entry) -> Result<(), CodecError> {
    if entry.version == Entry::VERSION {
        return Ok(());
    }
    Err(CodecError::UnknownVersion { what: Entry::NAME, got: entry.version.into() })
}

pub(super) fn no_lot_parts(part: &LotPart, bundle: &Bundle) -> Result<(), ProofError> {
    if part.anchor.is_some() {
        return Err(ProofError::Superfluous(Part::Anchor));
    }
    if !bundle.parties.is_empty() {
        return Err(ProofError::Superfluous(Part::Party));
    }
    no_item_parts(part)
}

pub(super) fn no_item_parts(part: &LotPart) -> Result<(), ProofError> {
    if part.item.is_some() {
        Err(ProofError::Superfluous(Part::Item))
    } else if part.life.is_some() {
        Err(ProofError::Superfluous(Part::Life))
    } else if !part.events.is_empty() {
        Err(ProofError::Superfluous(Part::Events))
    } else {
        Ok(())
    }
}
