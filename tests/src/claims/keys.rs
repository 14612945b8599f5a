//! Keys that are held elsewhere, in tokens and behind a signer; members who make theirs apart.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "token-keys",
        group: "consortium",
        about: "an issuer whose key never leaves its PKCS#11 token registers, issues, and is scanned",
        clock: false,
        run: Run::Tests { package: "sealight", target: "tokens", filter: "", at_least: 6 },
    },
    Claim {
        name: "signer-rules",
        group: "consortium",
        about: "a validator's signer: each rule that keeps it from signing twice, by name",
        clock: false,
        run: Run::Tests {
            package: "sealight-ledger",
            target: "lib",
            filter: "signer::",
            at_least: 20,
        },
    },
    Claim {
        name: "remote-signer",
        group: "consortium",
        about: "killed at any moment it never signs twice; a real validator makes blocks through it",
        clock: false,
        run: Run::Tests { package: "sealight-ledger", target: "signer", filter: "", at_least: 3 },
    },
    Claim {
        name: "machines-apart",
        group: "consortium",
        about: "members make their own keys, found a ledger, sign its checkpoint; one comes later",
        clock: false,
        run: Run::Tests { package: "sealight", target: "apart", filter: "", at_least: 3 },
    },
    Claim {
        name: "party-suspended",
        group: "consortium",
        about: "a suspended party enters nothing until a quorum lets it in again, and scans say so",
        clock: false,
        run: Run::Tests {
            package: "sealight",
            target: "walk",
            filter: "a_suspended_party",
            at_least: 1,
        },
    },
];
