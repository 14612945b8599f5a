//! State under `app_hash`: the log and four sparse maps.

use crate::hash::{Hash32, Tag, tagged, tags};
use minicbor::{Decode, Encode};

/// The roots that one `app_hash` binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StateRoots {
    /// Entries in the log.
    #[n(0)]
    pub log_size: u64,
    /// Root of the log (RFC 9162 over SM3).
    #[n(1)]
    pub log_root: Hash32,
    /// Root of the parties.
    #[n(2)]
    pub parties: Hash32,
    /// Root of the lots.
    #[n(3)]
    pub lots: Hash32,
    /// Root of the code indexes.
    #[n(4)]
    pub indexes: Hash32,
    /// Root of governance.
    #[n(5)]
    pub governance: Hash32,
}

impl StateRoots {
    /// SM3 of tag, log size, log root and the four map roots: a function of state alone.
    pub fn app_hash(&self) -> Hash32 {
        tagged(
            &tags::STATE,
            &[
                &self.log_size.to_be_bytes(),
                &self.log_root.0,
                &self.parties.0,
                &self.lots.0,
                &self.indexes.0,
                &self.governance.0,
            ],
        )
    }
}

/// One of the four maps, by its domain tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MapDomain(Tag);

impl MapDomain {
    /// Parties by party id.
    pub const PARTIES: Self = Self(tags::MAP_PARTIES);
    /// Lots by lot id.
    pub const LOTS: Self = Self(tags::MAP_LOTS);
    /// Code indexes by the canonical bytes of their namespace.
    pub const INDEXES: Self = Self(tags::MAP_INDEXES);
    /// Governance by name.
    pub const GOVERNANCE: Self = Self(tags::MAP_GOVERNANCE);

    /// The map key of a thing's own key.
    pub fn key(&self, own: &[u8]) -> Hash32 {
        tagged(&self.0, &[&[0], own])
    }

    /// The value hash of canonical value bytes.
    pub fn value_hash(&self, value: &[u8]) -> Hash32 {
        tagged(&self.0, &[&[1], value])
    }
}
