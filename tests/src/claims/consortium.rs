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
        name: "consortium-supervisor",
        group: "consortium",
        about: "an engine that is frozen, ends with success or lacks blocks: told, and started again",
        clock: false,
        run: Run::Tests { package: "sealight-ledger", target: "traps", filter: "", at_least: 5 },
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
        about: "100,000 items in one entry, 1,000 events: proven through another node, issuer gone",
        clock: false,
        run: ignored("scan::"),
    },
    Claim {
        name: "consortium-faults",
        group: "consortium",
        about: "one node lost: goes on; two: stops, told as stale, loses nothing, resumes",
        clock: false,
        run: tests("faults::", 1),
    },
    Claim {
        name: "consortium-kills",
        group: "consortium",
        about: "the application killed inside blocks has its peers' state",
        clock: false,
        run: tests("kills::", 1),
    },
    // Six minutes: for the long tier.
    Claim {
        name: "consortium-fifty-kills",
        group: "consortium",
        about: "the application killed fifty times inside a block has its peers' state",
        clock: true,
        run: ignored("kills::"),
    },
    Claim {
        name: "consortium-liars",
        group: "consortium",
        about: "a gateway that forks, lies about the head or withholds is survived; a fork freezes",
        clock: false,
        run: Run::IgnoredTests {
            package: "sealight-tests",
            target: "consortium",
            filter: "liars::",
            at_least: 2,
        },
    },
    Claim {
        name: "consortium-rotation",
        group: "consortium",
        about: "all validators and members replaced one by one; who slept follows by skipping",
        clock: false,
        run: ignored("rotation::"),
    },
    Claim {
        name: "consortium-quiet-month",
        group: "consortium",
        about: "31 days without an entry, a block a minute, simulated: fresh on each of them",
        clock: false,
        run: Run::IgnoredTests {
            package: "sealight-tests",
            target: "quiet_month",
            filter: "",
            at_least: 1,
        },
    },
    Claim {
        name: "light-clients-agree",
        group: "consortium",
        about: "ours, tendermint-rs and cometbft light agree on live blocks, and on lies",
        clock: false,
        run: ignored("agree::"),
    },
    Claim {
        name: "consortium-sync-flat",
        group: "consortium",
        about: "a first sync costs the same at 30 and at 3,000 real blocks",
        clock: true,
        run: ignored("flat::"),
    },
    Claim {
        name: "consortium-speed",
        group: "consortium",
        about: "signed 1 KB entries a second: at least half of a do-nothing application's",
        clock: true,
        run: ignored("speed::"),
    },
    Claim {
        name: "consortium-served",
        group: "consortium",
        about: "buckets and live lot proofs of one real node, beside its engine's own empty answer",
        clock: true,
        run: ignored("served::"),
    },
    Claim {
        name: "consortium-lots",
        group: "consortium",
        about: "ten million items anchored, storage receipts included; a sale day's cost",
        clock: true,
        run: ignored("lots::ten"),
    },
];

/// Tests of four real nodes.
const fn tests(filter: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-tests", target: "consortium", filter, at_least }
}

/// One that takes long.
const fn ignored(filter: &'static str) -> Run {
    Run::IgnoredTests { package: "sealight-tests", target: "consortium", filter, at_least: 1 }
}
