//! Packs: one file for export, offline use and web servers, and who serves it counts for nothing.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "pack-format",
        group: "packs",
        about: "every flipped bit, cut and wrong frame of a pack is told with its place",
        clock: false,
        run: Run::Tests {
            package: "sealight-verify",
            target: "lib",
            filter: "format::pack",
            at_least: 13,
        },
    },
    Claim {
        name: "pack",
        group: "packs",
        about: "round trip, damage, deltas, a lying maker, another ledger, older news, bounded memory",
        clock: false,
        run: tests("packs_", 7),
    },
    Claim {
        name: "pack-hostile",
        group: "packs",
        about: "left out, twice, out of bounds, foreign: refused; nothing unproven is exported",
        clock: false,
        run: device("client::tests::packs", 7),
    },
    Claim {
        name: "pack-older",
        group: "packs",
        about: "an older pack takes no recall from the store, the screen or the history",
        clock: false,
        run: device("client::tests::older::", 3),
    },
    Claim {
        name: "pack-older-host",
        group: "packs",
        about: "nor from the screen of the running program",
        clock: false,
        run: device("host::tests::an_older_pack", 1),
    },
    Claim {
        name: "pack-sources",
        group: "packs",
        about: "a node, nginx, a folder and a pack give the same bytes and the same verdict",
        clock: false,
        run: tests("sources_", 2),
    },
];

const fn tests(filter: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-tests", target: "packs", filter, at_least }
}

const fn device(filter: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-edge", target: "lib", filter, at_least }
}
