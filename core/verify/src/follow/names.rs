//! Who is registered, under which name, for what: as the log says.

use crate::format::ids::PartyId;
use crate::format::namespace::Namespace;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A party as it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Party {
    /// Its id.
    #[n(0)]
    pub id: PartyId,
    /// Registered legal name.
    #[n(1)]
    pub name: String,
    /// What it may speak for.
    #[n(2)]
    pub namespaces: Vec<Namespace>,
}

/// Parties in order of their ids.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(transparent)]
pub struct Names(#[n(0)] Vec<Party>);

impl Names {
    /// A party that was registered in the log.
    pub fn party(&self, id: &PartyId) -> Option<&Party> {
        self.0.binary_search_by_key(id, |party| party.id).ok().map(|at| &self.0[at])
    }

    /// Every party.
    pub fn iter(&self) -> impl Iterator<Item = &Party> {
        self.0.iter()
    }

    pub(super) fn add(&mut self, party: Party) {
        if let Err(at) = self.0.binary_search_by_key(&party.id, |known| known.id) {
            self.0.insert(at, party);
        }
    }
}
