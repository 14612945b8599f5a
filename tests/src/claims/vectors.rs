//! Trees and primitives against other people's vectors.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "tree-vectors",
        group: "primitives",
        about: "log trees agree with every public RFC 9162 proof vector, good and bad",
        clock: false,
        run: Run::tests("sealight-tests", "vectors_merkle", "", 2),
    },
    Claim {
        name: "tree-rules",
        group: "primitives",
        about: "any tree, any leaf: it is proven, and any flipped bit of proof, root or leaf refused",
        clock: false,
        run: Run::tests("sealight-verify", "lib", "tree::", 60),
    },
    Claim {
        name: "wycheproof",
        group: "primitives",
        about: "Ed25519 and P-256 judge every Wycheproof signature as they have to",
        clock: false,
        run: Run::tests("sealight-tests", "vectors_wycheproof", "", 2),
    },
    Claim {
        name: "sm-vectors",
        group: "primitives",
        about: "SM2 and SM3 give the standards' values and accept a real ledger's signatures",
        clock: false,
        run: Run::tests("sealight-tests", "vectors_sm", "", 4),
    },
];
