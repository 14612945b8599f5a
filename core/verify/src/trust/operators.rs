//! Operators, not keys: how few could together have forged a header.

use super::file::LedgerTrust;
use crate::comet::{Threshold, ValidatorSet};
use alloc::vec;

/// The fewest operators whose validators in `set` together pass the threshold.
///
/// Validators that the trust file does not list count together as one unnamed operator, so a set
/// of unknown keys is one operator and never many.
pub fn fewest_operators(trust: &LedgerTrust, set: &ValidatorSet, threshold: Threshold) -> u32 {
    let mut powers = vec![0u64; trust.operators.len() + 1];
    for validator in set.validators() {
        let place = trust.operator_of(&validator.key).unwrap_or(trust.operators.len());
        powers[place] += validator.power;
    }
    powers.sort_unstable_by(|one, other| other.cmp(one));
    let (total, mut together) = (set.total_power(), 0);
    let mut count = 0;
    for power in powers {
        together += power;
        count += 1;
        if threshold.passed(together, total) {
            break;
        }
    }
    count
}
