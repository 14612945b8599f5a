//! Keys that are held elsewhere: issuers' in tokens, validators' behind a signer.

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
            at_least: 17,
        },
    },
    Claim {
        name: "remote-signer",
        group: "consortium",
        about: "killed at any moment it never signs twice; a real validator makes blocks through it",
        clock: false,
        run: Run::Tests { package: "sealight-ledger", target: "signer", filter: "", at_least: 3 },
    },
];
