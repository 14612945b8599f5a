//! Gateways that lie, and scans without any: two processes with a liar between them.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "lying-gateway",
        group: "light-client",
        about: "stale, forked, foreign, cut, garbled, withheld, huge or slow: never red, nothing lost",
        clock: false,
        run: tests("", 20),
    },
    Claim {
        name: "second-scan-offline",
        group: "light-client",
        about: "a second scan says the same with the network gone, as of the first",
        clock: false,
        run: tests("a_second_scan_offline", 1),
    },
];

const fn tests(filter: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-tests", target: "gateways", filter, at_least }
}
