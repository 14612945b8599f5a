//! A real consortium: four CometBFT nodes with our application.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "consortium-application",
        group: "consortium",
        about: "refused at the door, refused in a proposal; the same state after a crash anywhere",
        clock: false,
        run: Run::Tests {
            package: "sealight-ledger",
            target: "lib",
            filter: "abci::tests",
            at_least: 22,
        },
    },
    Claim {
        name: "consortium-refusals",
        group: "consortium",
        about: "replayed, malformed, oversized, wrongly signed, unauthorised, foreign, unstored: refused",
        clock: false,
        run: Run::Tests {
            package: "sealight-ledger",
            target: "lib",
            filter: "abci::tests::refusals",
            at_least: 7,
        },
    },
    Claim {
        name: "consortium-traps",
        group: "consortium",
        about: "validator sets that halt an engine, results per entry, locks, versions: closed",
        clock: false,
        run: Run::Tests {
            package: "sealight-ledger",
            target: "lib",
            filter: "abci::tests::traps",
            at_least: 5,
        },
    },
    Claim {
        name: "consortium-network",
        group: "consortium",
        about: "sealight network up, every verb against any of its nodes, add, status, down",
        clock: false,
        run: Run::Tests { package: "sealight", target: "network", filter: "", at_least: 2 },
    },
    Claim {
        name: "consortium-snapshots",
        group: "consortium",
        about: "a joining node is fed nothing false: every altered byte of a snapshot is refused",
        clock: false,
        run: Run::Tests {
            package: "sealight-ledger",
            target: "lib",
            filter: "snapshot",
            at_least: 6,
        },
    },
    Claim {
        name: "consortium-node",
        group: "consortium",
        about: "engine or application killed, stopped, orphaned or ahead: the node goes on",
        clock: false,
        run: Run::Tests { package: "sealight-ledger", target: "node", filter: "", at_least: 4 },
    },
    Claim {
        name: "consortium-scan",
        group: "consortium",
        about: "an item issued through one of four nodes is proven through another",
        clock: false,
        run: Run::Tests {
            package: "sealight-tests",
            target: "consortium_network",
            filter: "",
            at_least: 2,
        },
    },
    Claim {
        name: "consortium-faults",
        group: "consortium",
        about: "one node lost: goes on; two: stops and loses nothing; killed in blocks: same state",
        clock: false,
        run: Run::Tests {
            package: "sealight-tests",
            target: "consortium_faults",
            filter: "",
            at_least: 2,
        },
    },
    Claim {
        name: "consortium-speed",
        group: "consortium",
        about: "time of a block, entry to provable header, and entries a second on four nodes",
        clock: true,
        run: Run::Tests {
            package: "sealight-tests",
            target: "consortium_speed",
            filter: "",
            at_least: 1,
        },
    },
];
