//! Proofs: what verdicts rest on, bit by bit, and what cannot be made from it.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "judge-rules",
        group: "proofs",
        about: "every rule of the judge, by name, on a whole ledger",
        clock: false,
        run: tests("judge_rules", 25),
    },
    Claim {
        name: "bundle-bits",
        group: "proofs",
        about: "every flipped bit, truncation and added byte of a bundle or slice is refused, typed",
        clock: false,
        run: tests("bundle_bits", 15),
    },
    Claim {
        name: "no-seal-from-files",
        group: "proofs",
        about: "no seal can be printed from exported files, histories or the whole ledger",
        clock: false,
        run: tests("secrets", 8),
    },
];

const fn tests(target: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-tests", target, filter: "", at_least }
}
