//! The kiosk's pages in a real browser: drawn from every golden view by `tests/web`.

use super::{Claim, Figure, NotShown, Report, Run, cargo};
use std::process::Command;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "kiosk-pages",
        group: "kiosk",
        about: "every view at 1080x1920, 1920x1080 and 1280x800, dark and right to left: nothing is cut off",
        clock: false,
        run: Run::Here(|report| page_test("pages", report)),
    },
    Claim {
        name: "kiosk-accessible",
        group: "kiosk",
        about: "axe-core has no serious finding on any view, upright, lying and dark",
        clock: false,
        run: Run::Here(|report| page_test("accessible", report)),
    },
    Claim {
        name: "kiosk-views",
        group: "kiosk",
        about: "every text and every button of every view stands on the page, in both languages",
        clock: false,
        run: Run::Here(|report| page_test("views", report)),
    },
    Claim {
        name: "kiosk-hostile",
        group: "kiosk",
        about: "markup, direction marks and endless words in every field: nothing runs, the layout holds",
        clock: false,
        run: Run::Here(|report| page_test("hostile", report)),
    },
    Claim {
        name: "kiosk-window",
        group: "kiosk-window",
        about: "the real window: a label before the camera, its verdict and story, idle again; recalled, contradicted, unproven, offline, no camera; a hand scanner; Chinese",
        clock: false,
        run: Run::Here(|report| page_test("window", report)),
    },
    Claim {
        name: "kiosk-full-screen",
        group: "kiosk-window",
        about: "on X with no window's manager, as its unit starts it: the window fills the screen, a scanner's keys reach it, and asked to close it stays",
        clock: false,
        run: Run::Here(|report| page_test("fullscreen", report)),
    },
    Claim {
        name: "kiosk-starts",
        group: "kiosk-window",
        about: "a device without a trust file says so in its window and starts once there is one; half a configuration keeps nobody from an answer",
        clock: false,
        run: Run::Here(|report| page_test("starts", report)),
    },
    Claim {
        name: "kiosk-shop",
        group: "kiosk-window",
        about: "the staff's page in the real window: by PIN and by stick, never by keys; five wrong tries, ten minutes, over a restart; the program ends",
        clock: false,
        run: Run::Here(|report| page_test("staff", report)),
    },
    Claim {
        name: "kiosk-pictures",
        group: "kiosk",
        about: "a product's picture counts by length, hash, format and sides, wherever it comes from; an edited one is fetched again, another one is shown to nobody",
        clock: false,
        run: edge("pictures::", 3),
    },
    Claim {
        name: "kiosk-pin",
        group: "kiosk",
        about: "every rule of the PIN by name: its hash, five tries, ten minutes by no clock that is set, a start that finds a lock, a count that cannot be written",
        clock: false,
        run: edge("pin::", 6),
    },
    Claim {
        name: "kiosk-days",
        group: "kiosk",
        about: "a day in figures: whole or not at all, counted on where the disk takes nothing, nothing of any visitor, so many days",
        clock: false,
        run: edge("days::", 9),
    },
    Claim {
        name: "kiosk-tags",
        group: "kiosk",
        about: "a tag reader: a resting tag is told once, a second tap again; unplugged and back; hostile tags come to an end",
        clock: false,
        run: edge("tags::", 17),
    },
    Claim {
        name: "kiosk-nfc",
        group: "kiosk",
        about: "an emulated PN532 through the system's libnfc: a tag becomes a seal; empty, removed, refusing and lying tags; libnfc's own programs see the same",
        clock: false,
        run: Run::Here(nfc),
    },
    Claim {
        name: "kiosk-doctor",
        group: "kiosk",
        about: "what is wrong with a device, each from a device that has it, in words of both languages",
        clock: false,
        run: edge("doctor::", 11),
    },
    Claim {
        name: "kiosk-counters",
        group: "kiosk",
        about: "counters for Prometheus on loopback alone; whoever is slow or asks for something else holds nobody up",
        clock: false,
        run: edge("metrics::", 3),
    },
    Claim {
        name: "kiosk-shop-commands",
        group: "kiosk",
        about: "days, doctor, a PIN from standard input and a stick, by command",
        clock: false,
        run: Run::Tests { package: "sealight", target: "shop", filter: "", at_least: 4 },
    },
    Claim {
        name: "kiosk-recovers",
        group: "kiosk-window",
        about: "the page's process killed twice, the network gone and back, the disk full during scans: every scan has its answer, all proofs are kept",
        clock: false,
        run: Run::Here(|report| page_test("recovers", report)),
    },
    Claim {
        name: "kiosk-answers",
        group: "kiosk",
        about: "1,000 scans in the running app: 95 in 100 go from frame to view in at most 150 ms (SEALIGHT_KIOSK_SCANS)",
        clock: true,
        run: Run::Here(|report| page_test("answers", report)),
    },
    Claim {
        name: "kiosk-update-window",
        group: "kiosk-window",
        about: "the real kiosk under the real launcher: an update fetched, verified, taken at night and shown stays; one that draws nothing or ends is gone back from; a changed and an older one are refused",
        clock: false,
        run: Run::Here(|report| page_test("update", report)),
    },
    Claim {
        name: "kiosk-memory",
        group: "kiosk",
        about: "45 minutes at 15 frames a second: app and page's process rise by less than 1 MB an hour (SEALIGHT_KIOSK_MINUTES)",
        clock: true,
        run: Run::Here(|report| page_test("memory", report)),
    },
];

/// Unit tests of the world's side.
const fn edge(filter: &'static str, at_least: usize) -> Run {
    Run::Tests { package: "sealight-edge", target: "lib", filter, at_least }
}

/// Unit tests that libnfc is needed to build.
fn nfc(report: &mut Report) -> Result<(), NotShown> {
    let looks = "pkg-config --exists libnfc && find /usr/lib*/ -name 'libclang*.so*' | grep -q .";
    let found = Command::new("sh").args(["-c", looks]).output();
    if !found.is_ok_and(|found| found.status.success()) {
        report.skip("no libnfc and libclang to build with");
        return Ok(());
    }
    // With the camera too: `tests/run` has built the two together.
    cargo::test_with(&["camera", "nfc"], "sealight-edge", "lib", &["nfc::"], 12, report)
}

/// Most lines of a failed test that are shown.
const LAST_LINES: usize = 40;

/// Runs one test of `tests/web` and reads what it prints.
fn page_test(name: &str, report: &mut Report) -> Result<(), NotShown> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/web/run.mjs");
    let ran = match Command::new("node").args([script, name]).output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            report.skip("no Node.js");
            return Ok(());
        }
        ran => ran.map_err(NotShown::broken)?,
    };
    let said = String::from_utf8_lossy(&ran.stdout);
    if !ran.status.success() {
        let all = format!("{said}{}", String::from_utf8_lossy(&ran.stderr));
        let lines: Vec<&str> = all.lines().take(LAST_LINES).collect();
        return Err(NotShown::TestsFailed { output: lines.join("\n") });
    }
    for line in said.lines() {
        if let Some(why) = line.strip_prefix("skipped: ") {
            report.skip(why);
        } else if let Some(figure) = line.strip_prefix("figure: ").and_then(Figure::parse) {
            report.figures.push(figure);
        } else {
            report.notes.push(line.into());
        }
    }
    Ok(())
}
