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
            at_least: 11,
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
