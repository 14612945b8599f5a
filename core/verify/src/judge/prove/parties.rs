//! The parties of a bundle: each proven, each called for.

use super::value::map_value;
use crate::format::bundle::PartyPart;
use crate::format::ids::PartyId;
use crate::format::party::Party;
use crate::format::state::{MapDomain, StateRoots};
use crate::judge::reason::{Part, ProofError, Unproven};
use crate::judge::verdict::Speaker;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::cell::RefCell;

/// The parties of a bundle, each proven, and which of them were called for.
pub(super) struct Parties {
    proven: Vec<(PartyId, Party)>,
    used: RefCell<BTreeSet<PartyId>>,
}

impl Parties {
    pub(super) fn prove(parts: &[PartyPart], roots: &StateRoots) -> Result<Self, Unproven> {
        if parts.windows(2).any(|pair| pair[0].id >= pair[1].id) {
            return Err(ProofError::Superfluous(Part::Party).into());
        }
        let mut proven = Vec::with_capacity(parts.len());
        for part in parts {
            let root = &roots.parties;
            let party: Option<Party> =
                map_value(MapDomain::PARTIES, root, &part.id.0, &part.part, Part::Party)?;
            proven.push((part.id, party.ok_or(ProofError::Superfluous(Part::Party))?));
        }
        Ok(Self { proven, used: RefCell::default() })
    }

    pub(super) fn find(&self, id: &PartyId) -> Result<&Party, ProofError> {
        let at = self.proven.binary_search_by(|(known, _)| known.cmp(id));
        let at = at.map_err(|_| ProofError::Missing(Part::Party))?;
        self.used.borrow_mut().insert(*id);
        Ok(&self.proven[at].1)
    }

    pub(super) fn all_used(&self) -> Result<(), ProofError> {
        if self.used.borrow().len() == self.proven.len() {
            Ok(())
        } else {
            Err(ProofError::Superfluous(Part::Party))
        }
    }
}

pub(super) fn speaker(id: PartyId, party: &Party) -> Speaker {
    Speaker {
        id,
        legal_name: party.legal_name.clone(),
        roles: party.roles,
        suspended: party.suspended,
    }
}
