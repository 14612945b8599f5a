//! The light client against tendermint-rs: its shipped cases, and as an oracle.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "conformance-steps",
        group: "light-client",
        about: "all 99 single steps and all bisections shipped with tendermint-light-client come out the same",
        clock: false,
        run: Run::tests("sealight-tests", "conformance_light_client", "", 4),
    },
    Claim {
        name: "conformance-mutations",
        group: "light-client",
        about: "100,000 mutated light blocks: no disagreement with tendermint-rs that is not explained",
        clock: false,
        run: Run::tests("sealight-tests", "conformance_mutations", "", 1),
    },
    Claim {
        name: "light-client-rules",
        group: "light-client",
        about: "every rule of header, chain, trust file, clock and synchronising, and attacks 1 to 24, by name",
        clock: false,
        run: Run::tests("sealight-verify", "light", "", 120),
    },
];
