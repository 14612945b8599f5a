//! Code indexes: from a brand's existing codes to items, by hash.
//!
//! An index is a sparse map from the hash of a code to lot and index. Clients fetch the whole
//! prefix bucket that a code's hash falls into, which answers membership and absence alike.

use super::bounds::{BoundsError, length, require};
use super::ids::{LotId, PartyId};
use super::namespace::Namespace;
use crate::codec::Versioned;
use crate::hash::{Hash32, tagged, tags};
use crate::tree::map::PrefixProof;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A code index as the state holds it; its key is the pattern (or GTIN namespace) it serves.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodeIndex {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Root of the sparse map of codes.
    #[n(1)]
    pub root: Hash32,
    /// Number of codes.
    #[n(2)]
    pub size: u64,
    /// The lots that it points into.
    #[n(3)]
    pub lots: Vec<LotId>,
    /// Who issued it.
    #[n(4)]
    pub issuer: PartyId,
    /// Bits of the prefix by which its files are cut.
    #[n(5)]
    pub prefix_bits: u8,
}

impl Versioned for CodeIndex {
    const NAME: &'static str = "code index";
    const MAX_LEN: usize = 16 * 1024;
}

/// What an issuer anchors; replaces the issuer's earlier index of the same namespace.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IndexAnchor {
    /// A pattern or GTIN namespace of the issuer.
    #[n(0)]
    pub namespace: Namespace,
    /// Root of the sparse map of codes.
    #[n(1)]
    pub root: Hash32,
    /// Number of codes.
    #[n(2)]
    pub size: u64,
    /// The lots that it points into; at most 1,024.
    #[n(3)]
    pub lots: Vec<LotId>,
    /// Bits of the prefix by which its files are cut, 0 to 24.
    #[n(4)]
    pub prefix_bits: u8,
}

impl IndexAnchor {
    /// Refuses what no index can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        self.namespace.bounds()?;
        require("namespace", matches!(self.namespace, Namespace::Pattern(_) | Namespace::Gtin(_)))?;
        length("lots", self.lots.len(), 1024)?;
        require("prefix bits", self.prefix_bits <= 24)
    }
}

/// Where a code leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct CodeTarget {
    /// The lot.
    #[n(0)]
    pub lot: LotId,
    /// The item's index.
    #[n(1)]
    pub index: u32,
}

impl CodeTarget {
    /// The value hash that the map binds to the code.
    pub fn value_hash(&self) -> Hash32 {
        tagged(&tags::MAP_CODES, &[&[1], &self.lot.0, &self.index.to_be_bytes()])
    }
}

/// All codes of an index under one prefix, with where each leads: an immutable file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CodeFile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The namespace whose index it is.
    #[n(1)]
    pub namespace: Namespace,
    /// The first bits of the keys, at the upper end of 24 bits; the rest zero.
    #[n(2)]
    pub prefix: u32,
    /// The codes' hashes with their path.
    #[n(3)]
    pub bucket: PrefixProof,
    /// Where each code leads, in the bucket's order.
    #[n(4)]
    pub targets: Vec<CodeTarget>,
}

impl Versioned for CodeFile {
    const NAME: &'static str = "code file";
    const MAX_LEN: usize = 1024 * 1024;
}

/// Key of a code in an index: the hash of its canonical text.
pub fn code_key(code: &str) -> Hash32 {
    tagged(&tags::MAP_CODES, &[&[0], code.as_bytes()])
}

/// Canonical text of a GTIN-14 with a serial number.
pub fn gtin_code(gtin14: &str, serial: &str) -> alloc::string::String {
    alloc::format!("(01){gtin14}(21){serial}")
}
