//! Bundles that are kept: none gives way to an older one.
//!
//! A pack may be older than what this device knows, and so may be what a gateway serves. Which of
//! two bundles is newer is told by the headers in them, and a newer one counts only where it still
//! says something of the goods: so a recall or a withdrawn key that was proven here once stays on the
//! screen, and a bundle that nobody can verify any more stands in nobody's way.

use super::feed::proven_height;
use super::light::Light;
use super::whole::decides;
use crate::store::{Change, SealKey, StoreError};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{Policy, SealClaim, verify};

/// What came of a bundle that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is kept.
    Kept,
    /// A newer one was kept before and stays; it serves the claim better.
    NewerStays,
    /// Not kept: no ledger in use is the claim's and the bundle's, so nobody would find it again.
    NoLedger,
}

impl Light {
    /// The bundle kept for a claim, untrusted: of the first ledger that has one.
    pub fn cached(&self, claim: &SealClaim) -> Option<Vec<u8>> {
        let ledgers = self.ledgers_of(claim).ok()?;
        ledgers.iter().find_map(|ledger| self.cached_on(ledger, claim))
    }

    /// The bundle kept for a claim on a ledger, untrusted.
    pub fn cached_on(&self, ledger: &LedgerId, claim: &SealClaim) -> Option<Vec<u8>> {
        self.store.bundle(&SealKey::of(ledger, claim)).ok().flatten()
    }

    /// Keeps a bundle for a claim, on the ledger that it is of, unless a newer one is kept.
    ///
    /// That it has no ledger here, or a newer one stands, is no error: trying again changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it, or does not tell what it keeps: a newer one
    /// may stand there.
    pub fn keep(&mut self, claim: &SealClaim, bundle: Vec<u8>) -> Result<Keeping, StoreError> {
        let ledger = self.ledger_in(claim, &bundle).ok();
        let Some(ledger) = ledger.filter(|ledger| self.chain(ledger).is_some()) else {
            return Ok(Keeping::NoLedger);
        };
        let key = SealKey::of(&ledger, claim);
        let kept = self.store.bundle(&key)?;
        if kept.is_some_and(|kept| self.is_newer(&ledger, claim, &kept, &bundle)) {
            return Ok(Keeping::NewerStays);
        }
        self.store.apply(&[Change::Bundle { key, bytes: bundle }])?;
        Ok(Keeping::Kept)
    }

    /// Of a bundle that was found for a claim and the one that is kept for it, the newer.
    pub(crate) fn newer(&self, ledger: &LedgerId, claim: &SealClaim, found: Vec<u8>) -> Vec<u8> {
        let kept = self.cached_on(ledger, claim);
        kept.filter(|kept| self.is_newer(ledger, claim, kept, &found)).unwrap_or(found)
    }

    /// Whether a bundle that is kept for a claim is newer than another, and still says something.
    fn is_newer(&self, ledger: &LedgerId, claim: &SealClaim, kept: &[u8], than: &[u8]) -> bool {
        let (Some(chain), Some(now)) = (self.chain(ledger), self.last_now(ledger)) else {
            return false;
        };
        let decided =
            || decides(&verify(&claim.recorded(), kept, chain, &Policy::SHOPPER, &now).verdict);
        proven_height(kept) > proven_height(than) && decided()
    }
}
