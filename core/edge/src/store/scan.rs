//! Scans as they are kept.

use super::key::SealKey;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::judge::SealClaim;
use sealight_verify::time::Timestamp;

/// Most bytes of what a scan gave then.
pub(super) const MAX_THEN: usize = 64 * 1024;

/// Names a scan; rises with each new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanId(pub i64);

/// A scan to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewScan {
    /// When, by this device's clock.
    pub at: Timestamp,
    /// The ledger that was asked.
    pub ledger: LedgerId,
    /// What was scanned; only its recorded form is kept.
    pub claim: SealClaim,
    /// Lot and index that it led to, where it led to one.
    pub item: Option<(LotId, u32)>,
    /// Who issued it, where that was proven.
    pub issuer: Option<PartyId>,
    /// What was shown then, in the words of whoever keeps it; at most 64 KiB.
    pub then: String,
}

/// A scan that was kept, as untrusted as all that is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Its id.
    pub id: ScanId,
    /// When, by this device's clock.
    pub at: Timestamp,
    /// The ledger that was asked.
    pub ledger: LedgerId,
    /// What was scanned, without its secret.
    pub claim: SealClaim,
    /// Lot and index that it led to, where it led to one.
    pub item: Option<(LotId, u32)>,
    /// What was shown then.
    pub then: String,
    /// Height of the state that showed a recall since; proven again before it is shown.
    pub recalled: Option<u64>,
}

impl Scan {
    /// What its bundle is kept under.
    pub fn key(&self) -> SealKey {
        SealKey::of(&self.ledger, &self.claim)
    }
}

/// What a recall touches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Items of a lot.
    Items(LedgerId, LotId, ItemRange),
    /// Everything of an issuer.
    Issuer(LedgerId, PartyId),
}
