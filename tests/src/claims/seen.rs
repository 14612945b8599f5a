//! What a run of the workspace's tests has shown already, out of its log, so that claims on tests
//! need not run them a second time: `cargo test --workspace -- --show-output 2>&1`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Test programs by their package and target.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<(String, String), Program>);

/// One test program's run.
#[derive(Debug, Default)]
pub(super) struct Program {
    file: PathBuf,
    /// Each test by its path, and whether it passed.
    tests: BTreeMap<String, bool>,
    /// What each printed.
    printed: BTreeMap<String, Vec<String>>,
}

impl Seen {
    /// Reads the log.
    #[must_use]
    pub fn read(log: &str) -> Self {
        let mut seen = Self::default();
        // Cargo goes from package to package and begins each with its unit tests.
        let mut package = String::new();
        let mut open: Option<(String, Program)> = None;
        let mut speaker: Option<String> = None;
        for line in log.lines() {
            if let Some(started) = Started::read(line) {
                seen.close(&package, open.take());
                if let Some(next) = started.package() {
                    package = next.into();
                }
                let program = Program { file: started.file.into(), ..Program::default() };
                open = Some((started.target(), program));
                speaker = None;
                continue;
            }
            // Compiled examples in docs follow the programs and are no claim's ground.
            if line.trim_start().starts_with("Doc-tests ") {
                seen.close(&package, open.take());
            }
            let Some((_, program)) = open.as_mut() else { continue };
            if let Some(name) =
                line.strip_prefix("---- ").and_then(|l| l.strip_suffix(" stdout ----"))
            {
                speaker = Some(name.into());
            } else if line == "successes:" || line == "failures:" {
                speaker = None;
            } else if let Some(name) = &speaker {
                program.printed.entry(name.clone()).or_default().push(line.into());
            } else if let Some((name, passed)) = ended(line) {
                program.tests.insert(name, passed);
            }
        }
        seen.close(&package, open);
        seen
    }

    fn close(&mut self, package: &str, program: Option<(String, Program)>) {
        if let Some((target, program)) = program {
            self.0.insert((package.into(), target), program);
        }
    }

    /// The run of a package's `target`, as a claim names it.
    pub(super) fn program(&self, package: &str, target: &str) -> Option<&Program> {
        self.0.get(&(package.replace('-', "_"), target.into()))
    }
}

impl Program {
    /// Where it lies.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The tests whose path contains `filter`: whether each passed, and what it printed.
    pub(super) fn chosen(&self, filter: &str) -> impl Iterator<Item = (&str, bool, &[String])> {
        let chosen = self.tests.iter().filter(move |(name, _)| name.contains(filter));
        chosen.map(|(name, passed)| {
            (name.as_str(), *passed, self.printed.get(name).map_or(&[][..], Vec::as_slice))
        })
    }
}

/// `Running tests/walk.rs (target/debug/deps/walk-0f3a)`.
struct Started<'a> {
    /// The source, where these are unit tests.
    units_of: Option<&'a str>,
    name: &'a str,
    file: &'a str,
}

impl<'a> Started<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let (source, program) = line.trim_start().strip_prefix("Running ")?.split_once(" (")?;
        let file = program.strip_suffix(')')?;
        let (name, _hash) = file.rsplit(['/', '\\']).next()?.rsplit_once('-')?;
        Some(Self { units_of: source.strip_prefix("unittests "), name, file })
    }

    /// A package's first program has the package's name.
    fn package(&self) -> Option<&'a str> {
        matches!(self.units_of?, "src/lib.rs" | "src/main.rs").then_some(self.name)
    }

    /// As claims name it: `lib`, or an integration test's name.
    fn target(&self) -> String {
        match self.units_of {
            Some("src/lib.rs") => "lib".into(),
            Some(_) => format!("program {}", self.name),
            None => self.name.into(),
        }
    }
}

/// `test path::name ... ok`.
fn ended(line: &str) -> Option<(String, bool)> {
    let (name, how) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let passed = match how {
        "ok" => true,
        "FAILED" => false,
        _ => return None,
    };
    Some((name.into(), passed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "     Running unittests src/lib.rs (target/debug/deps/sealight_tag-0a)\n\
        \n\
        running 3 tests\n\
        test qr::reads ... ok\n\
        test qr::long ... ignored, takes long\n\
        test ndef::cut ... FAILED\n\
        \n\
        successes:\n\
        \n\
        ---- qr::reads stdout ----\n\
        figure: codes: 9\n\
        \n\
        \n\
        successes:\n    qr::reads\n\
        \n\
        test result: FAILED. 1 passed; 1 failed\n\
             Running unittests src/main.rs (target/debug/deps/sealight-0b)\n\
             Running tests/walk.rs (/elsewhere/debug/deps/walk-0b)\n\
        test all ... ok\n\
             Running tests/kill.rs (target/debug/deps/kill-0c)\n\
        test one ... ok\n\
             Running unittests src/lib.rs (target/debug/deps/sealight_ledger-0d)\n\
             Running unittests src/bin/node.rs (target/debug/deps/node-0d)\n\
             Running tests/kill.rs (target/debug/deps/kill-0e)\n\
        test one ... FAILED\n";

    #[test]
    fn tests_are_found_by_package_and_target_with_what_they_printed() {
        let seen = Seen::read(LOG);
        let tag = seen.program("sealight-tag", "lib").unwrap();
        let reads: Vec<_> = tag.chosen("qr::").collect();
        assert_eq!(reads.len(), 1, "an ignored test was not run");
        assert_eq!(
            (reads[0].0, reads[0].1, reads[0].2[0].as_str()),
            ("qr::reads", true, "figure: codes: 9")
        );
        assert!(tag.chosen("ndef").all(|(_, passed, _)| !passed));
        assert_eq!(seen.program("sealight", "walk").unwrap().chosen("").count(), 1);
    }

    #[test]
    fn programs_of_one_name_are_told_apart_by_their_packages() {
        let seen = Seen::read(LOG);
        let passed = |package| {
            let program = seen.program(package, "kill").unwrap();
            (program.file().to_owned(), program.chosen("").all(|(_, passed, _)| passed))
        };
        assert_eq!(passed("sealight"), ("target/debug/deps/kill-0c".into(), true));
        assert_eq!(passed("sealight-ledger"), ("target/debug/deps/kill-0e".into(), false));
        assert!(seen.program("sealight-tag", "kill").is_none());
    }
}
