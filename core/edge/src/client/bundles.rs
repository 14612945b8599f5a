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
    /// # Errors
    /// [`StoreError`] where the store does not keep it. A claim on no ledger in use, or a bundle
    /// whose ledger cannot be told, is passed over and is no error.
    pub fn keep(&mut self, claim: &SealClaim, bundle: Vec<u8>) -> Result<(), StoreError> {
        let Ok(ledger) = self.ledger_in(claim, &bundle) else { return Ok(()) };
        if self.kept_and_newer(&ledger, claim, &bundle).is_some() {
            return Ok(());
        }
        let change = Change::Bundle { key: SealKey::of(&ledger, claim), bytes: bundle };
        self.store.apply(&[change]).map(|_| ())
    }

    /// Of a bundle that was found for a claim and the one that is kept for it, the newer.
    pub(crate) fn newer(&self, ledger: &LedgerId, claim: &SealClaim, found: Vec<u8>) -> Vec<u8> {
        self.kept_and_newer(ledger, claim, &found).unwrap_or(found)
    }

    fn kept_and_newer(&self, ledger: &LedgerId, claim: &SealClaim, than: &[u8]) -> Option<Vec<u8>> {
        let kept = self.cached_on(ledger, claim)?;
        let newer = proven_height(&kept)? > proven_height(than).unwrap_or(0);
        let (chain, now) = (self.chain(ledger)?, self.last_now(ledger)?);
        let decided =
            || decides(&verify(&claim.recorded(), &kept, chain, &Policy::SHOPPER, &now).verdict);
        (newer && decided()).then_some(kept)
    }
}
