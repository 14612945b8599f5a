//! The device's store: killed, edited, swapped.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "store-kills",
        group: "light-client",
        about: "50 kills, edits by hand, an older copy: a store proves no more than it did",
        clock: false,
        run: Run::Tests {
            package: "sealight-tests",
            target: "store_kills",
            filter: "",
            at_least: 4,
        },
    },
    Claim {
        name: "store-contract",
        group: "light-client",
        about: "one contract on both stores; strangers, full disks and damaged pages on the file",
        clock: false,
        run: Run::Tests {
            package: "sealight-edge",
            target: "lib",
            filter: "store::tests",
            at_least: 20,
        },
    },
];
