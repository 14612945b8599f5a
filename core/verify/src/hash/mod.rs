//! Hash suites: SM3 (GB/T 32905-2016) by default, SHA-256 (FIPS 180-4) where a ledger says so.

mod sha256;
mod sm3;

pub use self::sha256::Sha256;
pub use self::sm3::Sm3;

use crate::codec::fixed_bytes;

fixed_bytes!(
    /// A 32-byte digest of either suite.
    Hash32,
    32
);

/// One hash function with 32 bytes of output.
pub trait HashSuite: Copy + core::fmt::Debug + 'static {
    /// Name as shown to people.
    const NAME: &'static str;

    /// Hashes the concatenation of `parts`.
    fn hash(parts: &[&[u8]]) -> Hash32;
}

/// SM3 over a domain tag and parts: the hash of every format of ours.
///
/// The tag is hashed first with its length in one byte, so that no tag is a prefix of another.
pub fn tagged(tag: &Tag, parts: &[&[u8]]) -> Hash32 {
    let mut all = alloc::vec::Vec::with_capacity(parts.len() + 2);
    let length = [tag.0.len() as u8];
    all.push(&length[..]);
    all.push(tag.0.as_bytes());
    all.extend_from_slice(parts);
    Sm3::hash(&all)
}

/// A domain tag; each stands in [`tags`] and nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag(pub(crate) &'static str);

impl Tag {
    /// The tag's bytes without the length.
    pub const fn as_bytes(&self) -> &'static [u8] {
        self.0.as_bytes()
    }
}

/// Every domain tag of the project, in one place so that no two are alike.
pub mod tags {
    use super::Tag;

    /// Ledger id of a genesis document.
    pub const LEDGER: Tag = Tag("sealight/1/ledger");
    /// Party id of a registration.
    pub const PARTY_ID: Tag = Tag("sealight/1/party-id");
    /// Lot id of an issuer and a lot number.
    pub const LOT_ID: Tag = Tag("sealight/1/lot-id");
    /// Signed bytes and id of an entry.
    pub const ENTRY: Tag = Tag("sealight/1/entry");
    /// Leaf of the ledger's log.
    pub const LOG: Tag = Tag("sealight/1/log");
    /// Leaf of a lot's items.
    pub const ITEM: Tag = Tag("sealight/1/item");
    /// Leaf of a lot's life tree.
    pub const LIFE: Tag = Tag("sealight/1/life");
    /// Leaf of a lot's events.
    pub const EVENT: Tag = Tag("sealight/1/event");
    /// Storage receipt of a member.
    pub const RECEIPT: Tag = Tag("sealight/1/receipt");
    /// Commitment to a seal secret in a record.
    pub const COMMITMENT: Tag = Tag("sealight/1/commitment");
    /// Inner hash of a seal secret.
    pub const SECRET: Tag = Tag("sealight/1/secret");
    /// Key of an item's private fields.
    pub const PRIVATE: Tag = Tag("sealight/1/private");
    /// Committed tap code.
    pub const TAP: Tag = Tag("sealight/1/tap");
    /// Key in the map of parties.
    pub const MAP_PARTIES: Tag = Tag("sealight/1/map/parties");
    /// Key in the map of lots.
    pub const MAP_LOTS: Tag = Tag("sealight/1/map/lots");
    /// Key in the map of code indexes.
    pub const MAP_INDEXES: Tag = Tag("sealight/1/map/indexes");
    /// Key in the map of governance.
    pub const MAP_GOVERNANCE: Tag = Tag("sealight/1/map/governance");
    /// Key in a code index.
    pub const MAP_CODES: Tag = Tag("sealight/1/map/codes");
    /// The roots under `app_hash`.
    pub const STATE: Tag = Tag("sealight/1/state");
    /// Signed bytes of a kiosk's configuration.
    pub const KIOSK: Tag = Tag("sealight/1/kiosk");
    /// Signed bytes of a trust file.
    pub const TRUST: Tag = Tag("sealight/1/trust");
    /// Signed bytes of a checkpoint.
    pub const CHECKPOINT: Tag = Tag("sealight/1/checkpoint");
    /// Chain of a pack's frames, its id, and what its maker signs.
    pub const PACK: Tag = Tag("sealight/1/pack");
    /// Sum of the head of a pack's frame.
    pub const PACK_FRAME: Tag = Tag("sealight/1/pack/frame");
    /// Content address of one chunk of a pack.
    pub const PACK_CHUNK: Tag = Tag("sealight/1/pack/chunk");
    /// Ledger and party that a report is sealed for.
    pub const REPORT: Tag = Tag("sealight/1/report");
    /// Name of a sealed report in a mailbox.
    pub const REPORT_LETTER: Tag = Tag("sealight/1/report/letter");
    /// Lock of a sealed report's ticket.
    pub const REPORT_TICKET: Tag = Tag("sealight/1/report/ticket");
    /// Signed bytes of a party's request for its letters.
    pub const REPORT_COLLECT: Tag = Tag("sealight/1/report/collect");
    /// Signed bytes of a party's request to throw letters away.
    pub const REPORT_DISCARD: Tag = Tag("sealight/1/report/discard");
}

#[cfg(test)]
mod tests;
