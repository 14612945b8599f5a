//! Scans as they are kept: entries of the flow's history, with what finds them again.

use super::StoreError;
use super::error::bound;
use super::key::SealKey;
use sealight_flow::Entry;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};

/// Most bytes of an entry as JSON.
pub(super) const MAX_ENTRY: usize = 64 * 1024;

/// Names a scan; rises with each new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanId(pub i64);

/// A scan to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScan {
    /// The ledger that was asked.
    pub ledger: LedgerId,
    /// Lot and index that it led to, where it led to one.
    pub item: Option<(LotId, u32)>,
    /// Who issued it, where that was proven.
    pub issuer: Option<PartyId>,
    /// What was scanned and shown, without secret and tap codes.
    pub entry: Entry,
}

/// A scan that was kept, as untrusted as all that is kept: what it showed then is "then" only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// Its id.
    pub id: ScanId,
    /// The ledger that was asked.
    pub ledger: LedgerId,
    /// Lot and index that it led to, where it led to one.
    pub item: Option<(LotId, u32)>,
    /// What was scanned and shown.
    pub entry: Entry,
}

/// What a recall touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Items of a lot.
    Items(LedgerId, LotId, ItemRange),
    /// Everything of an issuer.
    Issuer(LedgerId, PartyId),
}

/// What the bundle of an entry is kept under; none where the entry names nothing.
pub(super) fn key_of(ledger: &LedgerId, entry: &Entry) -> Option<SealKey> {
    Some(SealKey::of(ledger, &entry.claim.to_claim()?))
}

/// An entry as it is kept.
pub(super) fn entry_text(entry: &Entry) -> Result<String, StoreError> {
    // Strings and numbers only: writing them as JSON cannot fail.
    let text = serde_json::to_string(entry).unwrap_or_default();
    bound("scan", text.len(), MAX_ENTRY)?;
    Ok(text)
}

/// An entry that was kept; none where it does not read.
pub(super) fn entry_of(text: &str) -> Option<Entry> {
    let entry: Entry = serde_json::from_str(text).ok()?;
    (entry.version == 1 && entry.claim.to_claim().is_some()).then_some(entry)
}
