//! Following the log.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "monitor",
        group: "monitor",
        about: "a gateway that rewrites, hides or invents an entry is dropped; forks are told",
        clock: false,
        run: Run::Tests { package: "sealight-tests", target: "monitor", filter: "", at_least: 4 },
    },
    Claim {
        name: "monitor-findings",
        group: "monitor",
        about: "each entry proven by its consistency path; lots, names, keys, odd volumes told",
        clock: false,
        run: Run::Tests { package: "sealight-tests", target: "follow", filter: "", at_least: 10 },
    },
    Claim {
        name: "monitor-command",
        group: "monitor",
        about: "one line a finding, exit codes, and a place in the log that outlives a kill",
        clock: false,
        run: Run::Tests { package: "sealight", target: "monitor", filter: "", at_least: 4 },
    },
];
