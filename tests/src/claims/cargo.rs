//! Claims that stand on cargo tests: runs them and reads what they print.

use super::seen::Program;
use super::{Figure, NotShown, Report};
use std::process::Command;

const LAST_LINES: usize = 30;

/// Runs the tests of `package` in `target` that the harness picks by `chosen`: a part of their path,
/// and `--ignored` for those that are. In a release build of this program the tests are built with
/// `--release` too.
pub(super) fn test(
    package: &str,
    target: &str,
    chosen: &[&str],
    at_least: usize,
    report: &mut Report,
) -> Result<(), NotShown> {
    test_with(&[], package, target, chosen, at_least, report)
}

/// The same with features of the package's that are off by default.
pub(super) fn test_with(
    features: &[&str],
    package: &str,
    target: &str,
    chosen: &[&str],
    at_least: usize,
    report: &mut Report,
) -> Result<(), NotShown> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--package", package, "--features", &features.join(",")]);
    match target {
        "lib" => command.arg("--lib"),
        name => command.args(["--test", name]),
    };
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command.arg("--");
    run(command, chosen, at_least, report)
}

/// Runs those of a test program that is built already.
pub(super) fn built(
    program: &Program,
    chosen: &[&str],
    at_least: usize,
    report: &mut Report,
) -> Result<(), NotShown> {
    run(Command::new(program.file()), chosen, at_least, report)
}

fn run(
    mut command: Command,
    chosen: &[&str],
    at_least: usize,
    report: &mut Report,
) -> Result<(), NotShown> {
    // The full count, which `tests/run` asks for too.
    command.env("SEALIGHT_CASES", "100000");
    // Tests side by side would write their figures into each other's lines.
    command.args(chosen).args(["--nocapture", "--test-threads=1"]);
    let ran = command.output().map_err(NotShown::broken)?;
    let said = String::from_utf8_lossy(&ran.stdout);
    if !ran.status.success() {
        let all = format!("{}{said}", String::from_utf8_lossy(&ran.stderr));
        return Err(NotShown::TestsFailed { output: end_of(&all) });
    }
    read(&said, at_least, report)
}

/// The same out of a run that has been.
pub(super) fn seen(
    program: &Program,
    filter: &str,
    at_least: usize,
    report: &mut Report,
) -> Result<(), NotShown> {
    let mut passed = 0;
    for (name, ok, printed) in program.chosen(filter) {
        if !ok {
            return Err(NotShown::TestsFailed {
                output: format!("{name}: see the tests' own output"),
            });
        }
        passed += 1;
        printed.iter().for_each(|line| take(line, report));
    }
    enough(passed, at_least, report)
}

fn read(said: &str, at_least: usize, report: &mut Report) -> Result<(), NotShown> {
    let mut passed = 0;
    for line in said.lines() {
        if let Some(rest) = line.strip_prefix("test result: ") {
            let count = rest.split(' ').nth(1).and_then(|count| count.parse().ok());
            passed += count.unwrap_or(0);
            continue;
        }
        // The harness writes `test NAME ... ` before the first line that the test itself prints.
        take(
            match line.split_once(" ... ") {
                Some((name, rest)) if name.starts_with("test ") => rest,
                _ => line,
            },
            report,
        );
    }
    enough(passed, at_least, report)
}

/// One line that a test printed.
fn take(line: &str, report: &mut Report) {
    if let Some(why) = line.strip_prefix("skipped: ") {
        report.skip(why);
    } else if let Some(figure) = line.strip_prefix("figure: ").and_then(Figure::parse) {
        report.figures.push(figure);
    } else if !harness(line) {
        report.notes.push(line.into());
    }
}

fn enough(passed: usize, at_least: usize, report: &mut Report) -> Result<(), NotShown> {
    #[expect(clippy::cast_precision_loss, reason = "a count of tests")]
    report.figure("tests passed", passed as f64, "");
    if passed < at_least {
        return Err(NotShown::TooFewTests { expected: at_least, got: passed });
    }
    Ok(())
}

fn harness(line: &str) -> bool {
    line.is_empty() || line == "ok" || line.starts_with("running ") || line.starts_with("ignored")
}

fn end_of(output: &str) -> String {
    let lines: Vec<_> = output.lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "running 2 tests\n\
        test one ... figure: steps: 99\nmerkle: 12 cases\nok\n\
        test two ... skipped: no vectors beside the project\nok\n\n\
        test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 5 filtered out\n";

    #[test]
    fn figures_and_skips_are_read_and_tests_counted() {
        let mut report = Report::default();
        assert_eq!(read(SAID, 2, &mut report), Ok(()));
        assert_eq!(report.figures.len(), 2);
        assert_eq!(report.figures[0].to_string(), "steps: 99");
        assert_eq!(report.notes, ["merkle: 12 cases"]);
        assert_eq!(report.skipped, ["no vectors beside the project"]);
    }

    #[test]
    fn a_claim_that_lost_tests_fails() {
        let few = read(SAID, 3, &mut Report::default());
        assert_eq!(few, Err(NotShown::TooFewTests { expected: 3, got: 2 }));
    }
}
