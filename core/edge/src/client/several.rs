//! Claims that name no ledger: a typed number, a GS1 code, a brand's old code.
//!
//! Every ledger in use is asked, in the order of the trust file, and one answer is shown, the most
//! telling first: what contradicts the claim; then what is proven, that which speaks against the
//! goods before the rest and the fresh before the stale; then that nothing of the kind is
//! registered, which takes the absence on every ledger; then why it cannot be said. Of two alike the
//! first ledger's stands. So what is found on one ledger is never hidden by an absence on another,
//! and an absence on one says nothing while another has not been asked.

use super::fetch::{ABSENCE_AGE, rank};
use super::whole::decides;
use crate::store::SealKey;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{Finding, Freshness, Outcome, SealClaim, Unproven, Verdict};
use sealight_verify::time::{Now, Timestamp};
use std::collections::BTreeMap;

/// Most absences that are remembered at once.
const MAX_ABSENCES: usize = 256;

/// Where a verdict stands among those of several ledgers, the most telling first.
pub(crate) fn place(verdict: &Verdict) -> (u8, u8) {
    match (verdict.outcome(), &verdict.record) {
        (Outcome::Contradicted, _) => (0, 0),
        (Outcome::ProvenBut, _) => (1, 0),
        (Outcome::Proven, _) => (2, 0),
        (Outcome::ProvenStale, _) => (3, 0),
        (Outcome::NotOnLedger, _) => (4, 0),
        // Proven, but only told or too old; or proven to be unprovable.
        (Outcome::Unproven, _) if decides(verdict) => (5, 0),
        (Outcome::Unproven, Finding::Unproven(reason)) => (6, rank(reason)),
        (Outcome::Unproven, _) => (6, u8::MAX),
    }
}

/// Absences that were proven lately, by what they are of and on which ledger. In memory only: each
/// run asks again.
#[derive(Debug, Default)]
pub(super) struct Absences(BTreeMap<SealKey, Timestamp>);

impl Absences {
    /// Forgets which seals were looked for.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }

    /// Holds one ledger's absence against the other ledgers: it stands where each of them has shown
    /// the same within minutes, and else nothing was found as far as is known.
    pub(super) fn weigh(
        &mut self,
        claim: &SealClaim,
        ledgers: &[LedgerId],
        ledger: &LedgerId,
        verdict: Verdict,
        now: &Now,
    ) -> Verdict {
        let Finding::NotOnLedger(not) = &verdict.record else { return verdict };
        if !not.may_end() {
            return verdict;
        }
        if let Some(as_of) = verdict.as_of.filter(|_| verdict.freshness == Freshness::Fresh) {
            if self.0.len() >= MAX_ABSENCES {
                self.0.clear();
            }
            self.0.insert(SealKey::of(ledger, claim), as_of.time);
        }
        let shown = |other: &LedgerId| {
            let time = self.0.get(&SealKey::of(other, claim));
            time.is_some_and(|time| now.age_of(*time) <= ABSENCE_AGE.0)
        };
        match ledgers.iter().filter(|other| *other != ledger).all(shown) {
            true => verdict,
            false => Verdict::unproven(Unproven::NotFound),
        }
    }
}
