//! Telling a brand: letters that only it can read, and their way to it.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "kiosk-sealing",
        group: "kiosk",
        about: "a sealed report: RFC 9180's vector; every flipped bit and every cut is refused; all are of one length",
        clock: false,
        run: Run::Tests {
            package: "sealight-verify",
            target: "lib",
            filter: "report::letter::",
            at_least: 9,
        },
    },
    Claim {
        name: "kiosk-reports",
        group: "kiosk",
        about: "from the host over a gateway to `sealight inbox`, through an outage and a restart: what was shown, once, and nothing else",
        clock: false,
        run: Run::Tests { package: "sealight-tests", target: "reports", filter: "", at_least: 5 },
    },
];
