//! What holds for the house as a whole: shown by scripts and by the packages' own tests.

use super::{Claim, NotShown, Report, Run};
use std::process::Command;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "no-std",
        group: "house",
        about: "the verifier builds for a target that has no standard library",
        clock: false,
        run: Run::Here(no_std),
    },
    Claim {
        name: "fuzz",
        group: "house",
        about: "no decoder panics, hangs or grows on fuzzed input (SEALIGHT_FUZZ_SECONDS each, or 5)",
        clock: true,
        run: Run::Here(fuzz),
    },
    Claim {
        name: "tag-rules",
        group: "house",
        about: "codes, GS1, EPC and NDEF are read by their standards, and nothing makes them panic",
        clock: false,
        run: Run::tests("sealight-tag", "lib", "", 100),
    },
    Claim {
        name: "ledger-rules",
        group: "house",
        about: "every rule of the ledger's state machine, by name",
        clock: false,
        run: Run::tests("sealight-ledger", "lib", "state::", 60),
    },
    Claim {
        name: "ledger-kills",
        group: "house",
        about: "the embedded ledger, killed at random moments, loses nothing acknowledged and never forks",
        clock: false,
        run: Run::tests("sealight-ledger", "kill", "", 1),
    },
    Claim {
        name: "demo",
        group: "house",
        about: "the demonstration: label to verdict, every attack refused with its typed error",
        clock: false,
        run: Run::tests("sealight", "demo", "", 1),
    },
    Claim {
        name: "command",
        group: "house",
        about: "the command from keys to verdicts, its exit codes and its words in both languages",
        clock: false,
        run: Run::tests("sealight", "walk", "", 1),
    },
    Claim {
        name: "device",
        group: "house",
        about: "checkpoints by file and code, configuration, missed trust files, secrets through standard input, demonstrations that say so",
        clock: false,
        run: Run::tests("sealight", "device", "", 5),
    },
    Claim {
        name: "several-ledgers",
        group: "house",
        about: "a claim that names no ledger is asked of all: found beats absent, a contradiction is not hidden",
        clock: false,
        run: Run::tests("sealight-edge", "lib", "client::tests::several", 4),
    },
    Claim {
        name: "history-rows",
        group: "house",
        about: "a row of the history says what its bundle proves: an edited store improves none",
        clock: false,
        run: Run::tests("sealight-edge", "lib", "client::tests::past", 4),
    },
    Claim {
        name: "goldens",
        group: "house",
        about: "every answer, document and screen from real bundles, in both languages",
        clock: false,
        run: Run::tests("sealight-tests", "golden_views", "", 4),
    },
];

fn no_std(report: &mut Report) -> Result<(), NotShown> {
    script("nostd", &[], report)
}

fn fuzz(report: &mut Report) -> Result<(), NotShown> {
    let seconds = std::env::var("SEALIGHT_FUZZ_SECONDS").unwrap_or_else(|_| "5".into());
    script("fuzz/run", &[&seconds], report)
}

/// Runs a script of this folder; its lines become notes, its failure the claim's.
fn script(name: &str, args: &[&str], report: &mut Report) -> Result<(), NotShown> {
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let ran = Command::new(path).args(args).output().map_err(NotShown::broken)?;
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    if !ran.status.success() {
        let output = format!("{}{said}", String::from_utf8_lossy(&ran.stderr));
        return Err(NotShown::TestsFailed { output });
    }
    for line in said.lines() {
        match line.strip_prefix("skipped: ") {
            Some(why) => report.skip(why),
            None => report.notes.push(line.into()),
        }
    }
    Ok(())
}
