//! Time: what ages, what doubts, and what cures.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "time",
    group: "light-client",
    about: "stale, too old, expired, clock back or ahead: nothing looks fresh that may not be",
    clock: false,
    run: Run::Tests { package: "sealight-tests", target: "time_rules", filter: "", at_least: 20 },
}];
