//! Earlier scans: kept, listed, found again when something is recalled.
//!
//! An entry is the flow's. What it proved then stays; a hint of the recall feed is proven before it
//! is added. Nothing is looked up for an entry that no hint touches. A list shows what the kept
//! bundles prove, never what an entry says of itself: an edited store improves no row.

use super::light::Light;
use crate::store::{Change, NewScan, Scan, ScanId, StoreError};
use sealight_flow::{Answer, Chips, Entry};
use sealight_verify::codec;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::hash::{HashSuite, Sm3};
use sealight_verify::judge::{Named, Policy, SealClaim, Verdict, verify};
use sealight_verify::time::{Now, Timestamp};

impl Light {
    /// Keeps an entry of the history, with what finds it again when something is recalled.
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it.
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
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it. A scan that is not there is no error.
    pub fn rewrite(&mut self, id: ScanId, entry: Entry) -> Result<(), StoreError> {
        self.store.apply(&[Change::Rewrite { id, entry: Box::new(entry) }]).map(|_| ())
    }

    /// Earlier scans as they may be shown, the newest first: what each says was proven is derived
    /// again from the bundle that is kept for it, as of the scan. A row without one, or with one that
    /// does not verify, says that nothing is proven, whatever it was written to say.
    ///
    /// Verifies a bundle a row: some milliseconds on a phone.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub fn history(
        &self,
        before: Option<ScanId>,
        limit: usize,
        policy: &Policy,
        chip_reader: Chips,
    ) -> Result<Vec<Scan>, StoreError> {
        let scans = self.store.scans(before, limit)?.into_iter();
        Ok(scans.map(|scan| self.derived(scan, policy, chip_reader)).collect())
    }

    fn derived(&self, scan: Scan, policy: &Policy, chip_reader: Chips) -> Scan {
        let answer = self.answered(&scan, policy);
        let digest = answer.as_ref().map(|(_, digest)| digest.clone());
        let answer = answer.map(|(answer, _)| answer);
        let entry = scan.entry.derived(answer.as_ref(), chip_reader, digest);
        Scan { entry, ..scan }
    }

    /// What the bundle that is kept for a scan proves as of the scan, and the bundle's hash.
    fn answered(&self, scan: &Scan, policy: &Policy) -> Option<(Answer, String)> {
        let claim = scan.entry.claim.to_claim()?;
        let bundle = self.cached_on(&scan.ledger, &claim)?;
        let decoded: Bundle = codec::decode(&bundle).ok()?;
        let chain = self.chain(&scan.ledger)?;
        // A bundle that was renewed since is newer than the scan.
        let at = Timestamp::from_unix_secs(scan.entry.scanned).max(decoded.block.header.time);
        let verdict = verify(&claim, &bundle, chain, policy, &Now::new(at, false)).verdict;
        Some((Answer::of(&claim, &verdict), Sm3::hash(&[&bundle]).to_string()))
    }

    /// Forgets one scan, or all of them with every bundle.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be written.
    pub fn forget(&mut self, scan: Option<ScanId>) -> Result<(), StoreError> {
        let change = scan.map_or(Change::ForgetAllScans, Change::ForgetScan);
        self.store.apply(&[change]).map(|_| ())
    }

    /// Adds to an earlier scan what a later verdict about the same item proves; whether that
    /// changed anything.
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it.
    pub fn rejudged(&mut self, scan: &Scan, verdict: &Verdict) -> Result<bool, StoreError> {
        let Some(claim) = scan.entry.claim.to_claim() else { return Ok(false) };
        let digest = scan.entry.bundle.clone();
        let answer = Answer::of(&claim, verdict);
        let entry = scan.entry.clone().rejudged(&answer, Chips::NONE, digest);
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
