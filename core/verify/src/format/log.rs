//! Pages of the log: entries in their order, and the path that shows them to be the ledger's.
//!
//! Who follows the log holds its edge ([`crate::tree::peaks`]) up to some size. A page gives the
//! entries from there on and a consistency path (RFC 9162, 2.1.4) from the log with them to the log
//! under a trusted header: so every entry, its place, and that nothing before it changed are proven
//! at once, page by page.

use super::state::StateRoots;
use crate::codec::{Blob, Versioned};
use crate::tree::Siblings;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Path of `/abci_query` for entries of the log: data are the place of the first (8 bytes,
/// big-endian).
pub const LOG_PATH: &str = "/log";

/// Most entries in one page.
pub const MAX_PAGE: usize = 512;
/// A page goes on until it has so many bytes of entries.
pub const PAGE_BYTES: usize = 1024 * 1024;

/// Entries of the log under the header of one height.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogPage {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Height of the header whose `app_hash` the roots give.
    #[n(1)]
    pub height: u64,
    /// The roots.
    #[n(2)]
    pub roots: StateRoots,
    /// Place of the first entry.
    #[n(3)]
    pub from: u64,
    /// Canonical bytes of each entry, signatures included; at most [`MAX_PAGE`], none only at the
    /// log's end.
    #[n(4)]
    pub entries: Vec<Blob>,
    /// Consistency path from the log that ends with these entries to the log under the roots.
    #[n(5)]
    pub path: Siblings,
}

impl Versioned for LogPage {
    const NAME: &'static str = "log page";
    const MAX_LEN: usize = 2 * 1024 * 1024;
}
