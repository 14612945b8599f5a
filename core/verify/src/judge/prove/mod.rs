//! The steps of a proof, one rule a function, in the order in which they hang on each other.

mod code;
mod contradiction;
mod events;
mod item;
mod lot;
mod parties;
mod value;

pub(super) use code::code_index;
pub(super) use contradiction::{contradiction, report_to};
pub(super) use item::{Proof, Walked, one_item};
pub(super) use lot::{ProvenLot, lot_state, proven_lot};

use super::claim::{ItemName, Named, SealClaim, Shown};
use super::reason::{NotOnLedger, Part, ProofError, Unproven};
use crate::chain::{HeaderChain, TrustedHeader};
use crate::format::bundle::Bundle;
use crate::format::ids::LedgerId;
use crate::format::state::StateRoots;
use crate::report::Recipient;
use parties::Parties;

/// The bundle is for the chain's ledger, and so is the seal.
pub(super) fn ledger(
    got: LedgerId,
    chain: &HeaderChain,
    claim: Option<&SealClaim>,
) -> Result<(), Unproven> {
    if got != *chain.ledger() {
        return Err(ProofError::WrongLedger { got }.into());
    }
    if let Some(Named::Item(ItemName { ledger: Some(short), .. })) = claim.map(|c| &c.names)
        && *short != got.short()
    {
        return Err(Unproven::LedgerUnknown { ledger: *short });
    }
    Ok(())
}

/// The roots are the ones under the trusted header.
pub(super) fn state(roots: &StateRoots, header: &TrustedHeader) -> Result<(), ProofError> {
    let (expected, got) = (header.app_hash(), roots.app_hash());
    if expected.0 != got.0 {
        return Err(ProofError::AppHash { expected, got });
    }
    Ok(())
}

/// Every part, from the claim's name to the signers of events.
pub(super) fn parts(claim: &SealClaim, bundle: &Bundle) -> Result<Walked, Unproven> {
    let (id, index, shown) = match (&claim.names, &bundle.code) {
        (Named::Item(name), None) => (name.lot, name.index, name.shown),
        (Named::Item(_), Some(_)) => return Err(ProofError::Superfluous(Part::CodeIndex).into()),
        (Named::Code(_), None) => return Err(ProofError::Missing(Part::CodeIndex).into()),
        (Named::Code(code), Some(part)) => match code::code_target(code, part, &bundle.roots)? {
            Ok(target) => (target.lot, target.index, Shown::Nothing),
            Err(not) => return nothing_further(bundle, not),
        },
    };
    let part = bundle.lot.as_ref().ok_or(ProofError::Missing(Part::Lot))?;
    if part.id != id {
        return Err(ProofError::WrongItem.into());
    }
    let Some(state) = lot_state(part, &bundle.roots.lots)? else {
        lot::no_lot_parts(part, bundle)?;
        return Ok(Walked::Not(NotOnLedger::NoSuchLot { lot: id }, None));
    };
    if index >= state.size {
        lot::no_item_parts(part)?;
        let parties = Parties::prove(&bundle.parties, &bundle.roots)?;
        let (issuer, _) = lot::anchor(part, &state, &parties, &bundle.ledger)?;
        parties.all_used()?;
        let not = NotOnLedger::PastTheLot { index, size: state.size };
        return Ok(Walked::Not(not, Recipient::of(bundle.ledger, state.issuer, &issuer)));
    }
    let lot = proven_lot(part, state, &bundle.parties, &bundle.roots, bundle.ledger)?;
    let record = item::item(part.item.as_ref(), index, &lot.state)?;
    let life = item::item_life(part.life.as_ref(), index, &lot.state)?;
    one_item(&lot, index, record, life, &shown)
}

fn nothing_further(bundle: &Bundle, not: NotOnLedger) -> Result<Walked, Unproven> {
    if bundle.lot.is_some() {
        return Err(ProofError::Superfluous(Part::Lot).into());
    }
    if !bundle.parties.is_empty() {
        return Err(ProofError::Superfluous(Part::Party).into());
    }
    Ok(Walked::Not(not, None))
}
