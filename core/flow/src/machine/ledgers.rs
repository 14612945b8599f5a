//! The ledgers in use: how far each one's register goes, and since when nobody answers for it.
//!
//! A device with several is without a network only where none of them answers, and knows no more of
//! what happened than the one that is furthest behind.

use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{ItemName, Named, SealClaim};
use sealight_verify::time::Timestamp;
use std::collections::BTreeMap;

/// What is known of each ledger in use.
#[derive(Debug, Default)]
pub(super) struct Ledgers(BTreeMap<LedgerId, Known>);

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// Time of its newest accepted header.
    as_of: Option<Timestamp>,
    /// Since when nobody answers for it.
    lost_since: Option<Timestamp>,
}

impl Ledgers {
    /// These are in use from now on, and no others.
    pub(super) fn are(&mut self, ledgers: &[LedgerId]) {
        self.0.retain(|known, _| ledgers.contains(known));
        for ledger in ledgers {
            self.0.entry(*ledger).or_default();
        }
    }

    /// A header of a ledger was accepted; what is known never gets older again.
    pub(super) fn synced(&mut self, ledger: LedgerId, as_of: Timestamp) {
        let known = self.0.entry(ledger).or_default();
        known.as_of = known.as_of.max(Some(as_of));
        known.lost_since = None;
    }

    /// Nobody answers for a ledger.
    pub(super) fn lost(&mut self, ledger: LedgerId, now: Timestamp) {
        self.0.entry(ledger).or_default().lost_since.get_or_insert(now);
    }

    /// Nobody answers for any ledger that a claim may be about.
    pub(super) fn lost_all_of(&mut self, claim: &SealClaim, now: Timestamp) {
        let named = match &claim.names {
            Named::Item(ItemName { ledger, .. }) => *ledger,
            Named::Code(_) => None,
        };
        for (ledger, known) in &mut self.0 {
            if named.is_none_or(|short| ledger.short() == short) {
                known.lost_since.get_or_insert(now);
            }
        }
    }

    /// Since when nobody answers for any ledger; none while somebody does.
    pub(super) fn offline_since(&self) -> Option<Timestamp> {
        let lost: Option<Vec<_>> = self.0.values().map(|known| known.lost_since).collect();
        lost?.into_iter().max()
    }

    /// Time of the newest header of the ledger that is furthest behind, of those that were fetched.
    pub(super) fn as_of(&self) -> Option<Timestamp> {
        self.0.values().filter_map(|known| known.as_of).min()
    }

    /// The same, but none where a ledger was never fetched.
    pub(super) fn all_as_of(&self) -> Option<Timestamp> {
        self.0.values().all(|known| known.as_of.is_some()).then(|| self.as_of()).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::claim;

    const ONE: LedgerId = LedgerId([1; 32]);
    const TWO: LedgerId = LedgerId([2; 32]);

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_unix_secs(secs)
    }

    fn two() -> Ledgers {
        let mut ledgers = Ledgers::default();
        ledgers.are(&[ONE, TWO]);
        ledgers
    }

    #[test]
    fn offline_is_where_no_ledger_answers_since_the_last_of_them() {
        let mut ledgers = two();
        assert_eq!(ledgers.offline_since(), None);
        ledgers.lost(ONE, at(10));
        assert_eq!(ledgers.offline_since(), None, "the other may answer");
        ledgers.lost(TWO, at(20));
        ledgers.lost(ONE, at(30));
        assert_eq!(ledgers.offline_since(), Some(at(20)));
        ledgers.synced(TWO, at(5));
        assert_eq!(ledgers.offline_since(), None);
        assert_eq!(Ledgers::default().offline_since(), None);
    }

    #[test]
    fn the_register_is_as_old_as_the_ledger_that_is_furthest_behind() {
        let mut ledgers = two();
        ledgers.synced(ONE, at(100));
        assert_eq!((ledgers.as_of(), ledgers.all_as_of()), (Some(at(100)), None));
        ledgers.synced(TWO, at(40));
        ledgers.synced(TWO, at(30));
        assert_eq!((ledgers.as_of(), ledgers.all_as_of()), (Some(at(40)), Some(at(40))));
        ledgers.are(&[ONE]);
        assert_eq!(ledgers.all_as_of(), Some(at(100)), "one that is not in use counts no more");
        assert_eq!(Ledgers::default().all_as_of(), None);
    }

    #[test]
    fn a_look_up_in_vain_is_of_the_ledger_that_the_claim_names() {
        let mut ledgers = two();
        ledgers.lost_all_of(&claim(7), at(10));
        assert_eq!(ledgers.offline_since(), None);
        ledgers.are(&[ONE]);
        assert_eq!(ledgers.offline_since(), Some(at(10)));
        let nameless = match claim(7).names {
            Named::Item(name) => Named::Item(ItemName { ledger: None, ..name }),
            other => other,
        };
        let mut ledgers = two();
        ledgers.lost_all_of(&SealClaim { names: nameless, ..claim(7) }, at(10));
        assert_eq!(ledgers.offline_since(), Some(at(10)), "each was asked");
    }
}
