//! The kiosk's pages in a real browser: drawn from every golden view by `tests/web`.

use super::{Claim, Figure, NotShown, Report, Run};
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
        group: "kiosk",
        about: "the real window: a label before the camera, its verdict and story, idle again; recalled, contradicted, unproven, offline, no camera; a hand scanner; Chinese",
        clock: true,
        run: Run::Here(|report| page_test("window", report)),
    },
];

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
