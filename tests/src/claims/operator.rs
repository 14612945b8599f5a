//! What an operator sends to its kiosks: configuration and updates, signed; nothing else counts.

use super::{Claim, Run};

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "kiosk-config",
        group: "kiosk",
        about: "a foreign, older, expired, oversized or newer-format configuration: each its own refusal, the one before stays in force",
        clock: false,
        run: Run::tests("sealight-edge", "lib", "operator::", 22),
    },
    Claim {
        name: "kiosk-updates",
        group: "kiosk",
        about: "signed updates: every fault refused before the switch; a version that does not come up, or crashes on, is gone back from",
        clock: false,
        run: Run::tests("sealight-launch", "lib", "", 30),
    },
    Claim {
        name: "kiosk-hangs",
        group: "kiosk",
        about: "a version that hangs at its start, or says no longer that it is alive, is killed and started again, and gone back from in the end; a slow start, one that never said so, or a machine that slept, is left alone",
        clock: false,
        run: Run::tests("sealight-launch", "lib", "alive::", 13),
    },
    Claim {
        name: "kiosk-update-kills",
        group: "kiosk",
        about: "killed after any step of an installation, a whole version is current",
        clock: false,
        run: Run::tests("sealight-launch", "kill", "", 1),
    },
    Claim {
        name: "kiosk-units",
        group: "kiosk",
        about: "the session's units start the launcher again for ever, hardened, with a key of updates that is root's, hide nothing that a session needs, wait for nothing that they cannot hear, leave no keys that lead out, and systemd takes them",
        clock: false,
        run: Run::tests("sealight-launch", "units", "", 7),
    },
    Claim {
        name: "kiosk-cage",
        group: "kiosk",
        about: "cage with the unit's options, without a screen: it shows a program, upright too, and not where the session's folder is hidden; the program ends with it",
        clock: false,
        run: Run::tests("sealight-launch", "cage", "", 3),
    },
    Claim {
        name: "kiosk-read-only",
        group: "kiosk",
        about: "on a disk mounted read-only the launcher starts the kiosk all the same, proven or on trial",
        clock: false,
        run: Run::tests("sealight-launch", "readonly", "", 1),
    },
];
