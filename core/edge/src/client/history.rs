//! Earlier scans: kept, listed, found again when something is recalled.
//!
//! An entry is the flow's. What it proved then stays; a hint of the recall feed is proven before it
//! is added. Nothing is looked up for an entry that no hint touches.

use super::light::Light;
use crate::store::{Change, Mark, NewScan, Scan, ScanId, StoreError, Touched};
use sealight_flow::{Answer, Entry};
use sealight_verify::format::answer::RecallHint;
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::judge::{Named, SealClaim, Verdict};

/// Most earlier scans that are looked at after one feed.
const MAX_HITS: usize = 256;

impl Light {
    /// Keeps an entry of the history, with what finds it again when something is recalled.
    pub fn record(
        &mut self,
        ledger: &LedgerId,
        claim: &SealClaim,
        verdict: &Verdict,
        entry: Entry,
    ) -> Result<Option<ScanId>, StoreError> {
        let (item, issuer) = found(claim, verdict);
        self.record_as(NewScan { ledger: *ledger, item, issuer, entry })
    }

    /// The same with what was found before.
    pub(crate) fn record_as(&mut self, scan: NewScan) -> Result<Option<ScanId>, StoreError> {
        self.store.apply(&[Change::Scan(Box::new(scan))])
    }

    /// Keeps another entry in a scan's place.
    pub fn rewrite(&mut self, id: ScanId, entry: Entry) -> Result<(), StoreError> {
        self.store.apply(&[Change::Rewrite { id, entry: Box::new(entry) }]).map(|_| ())
    }

    /// Earlier scans, the newest first.
    pub fn history(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.store.scans(before, limit)
    }

    /// Forgets one scan, or all of them with every bundle.
    pub fn forget(&mut self, scan: Option<ScanId>) -> Result<(), StoreError> {
        let change = scan.map_or(Change::ForgetAllScans, Change::ForgetScan);
        self.store.apply(&[change]).map(|_| ())
    }

    /// Where the recall feed of a ledger was read to.
    pub fn feed_place(&self, ledger: &LedgerId) -> u64 {
        let bytes = self.store.mark(ledger, Mark::Feed).ok().flatten().unwrap_or_default();
        <[u8; 8]>::try_from(bytes).map_or(0, u64::from_be_bytes)
    }

    /// Notes where the recall feed was read to, once its hits are proven.
    pub fn feed_read(&mut self, ledger: &LedgerId, to: u64) -> Result<(), StoreError> {
        let bytes = to.to_be_bytes().to_vec();
        let change = Change::Mark { ledger: *ledger, mark: Mark::Feed, bytes };
        self.store.apply(&[change]).map(|_| ())
    }

    /// Earlier scans that hints of recalls touch, each once, the newest first.
    pub fn touched(&self, ledger: &LedgerId, hints: &[RecallHint]) -> Vec<Scan> {
        let mut scans: Vec<Scan> = Vec::new();
        for hint in hints {
            let touched = touched(ledger, &hint.scope);
            let found = self.store.scans_touched(&touched, MAX_HITS).unwrap_or_default();
            scans.extend(found);
        }
        scans.sort_by_key(|scan| std::cmp::Reverse(scan.id));
        scans.dedup_by_key(|scan| scan.id);
        scans.truncate(MAX_HITS);
        scans
    }

    /// Adds to an earlier scan what a later verdict about the same item proves; whether that
    /// changed anything.
    pub fn rejudged(&mut self, scan: &Scan, verdict: &Verdict) -> Result<bool, StoreError> {
        let Some(claim) = scan.entry.claim.to_claim() else { return Ok(false) };
        let digest = scan.entry.bundle.clone();
        let answer = Answer::of(&claim, verdict);
        let entry = scan.entry.clone().rejudged(&answer, false, digest);
        if entry == scan.entry {
            return Ok(false);
        }
        self.rewrite(scan.id, entry).map(|()| true)
    }
}

/// Lot and index, and who issued it, as far as they are proven or claimed.
pub(crate) fn found(
    claim: &SealClaim,
    verdict: &Verdict,
) -> (Option<(LotId, u32)>, Option<PartyId>) {
    match (verdict.item(), &claim.names) {
        (Some(item), _) => (Some((*item.lot(), item.index())), Some(item.issuer().id)),
        (None, Named::Item(name)) => (Some((name.lot, name.index)), None),
        (None, Named::Code(_)) => (None, None),
    }
}

fn touched(ledger: &LedgerId, scope: &RecallScope) -> Touched {
    match scope {
        RecallScope::Items(lot, items) => Touched::Items(*ledger, *lot, *items),
        RecallScope::Lot(lot) => {
            Touched::Items(*ledger, *lot, ItemRange { first: 0, last: u32::MAX })
        }
        RecallScope::Issuer(party) => Touched::Issuer(*ledger, *party),
    }
}
