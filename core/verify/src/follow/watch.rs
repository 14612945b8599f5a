//! What somebody follows the log for.

use super::names::Names;
use crate::format::ids::PartyId;
use crate::format::namespace::Namespace;
use alloc::string::String;
use alloc::vec::Vec;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Parties that are one's own: their namespaces, names and keys are looked after.
    pub parties: Vec<PartyId>,
    /// Namespaces that are looked after beside those of the parties.
    pub namespaces: Vec<Namespace>,
    /// Names that nobody else's should resemble, beside those of the parties.
    pub names: Vec<String>,
    /// Every party is looked after, as an authority does.
    pub everybody: bool,
    /// A volume so many times the party's usual one is odd; at least 2.
    pub factor: u32,
}

impl Watch {
    /// The factor where none is chosen.
    pub const FACTOR: u32 = 5;

    /// Whether a party is looked after.
    pub(super) fn party(&self, id: &PartyId) -> bool {
        self.everybody || self.parties.contains(id)
    }

    /// Whether a party is one's own by name.
    pub(super) fn own(&self, id: &PartyId) -> bool {
        self.parties.contains(id)
    }

    /// The namespace looked after that this one meets.
    pub(super) fn meets(&self, names: &Names, namespace: &Namespace) -> Option<Namespace> {
        let own = self.parties.iter().filter_map(|id| names.party(id));
        let own = own.flat_map(|party| &party.namespaces).chain(&self.namespaces);
        own.into_iter().find(|own| own.overlaps(namespace)).cloned()
    }
}
