//! What a run of the workspace's tests has shown already, out of its log, so that claims on tests
//! need not run them a second time: `cargo test --workspace -- --show-output 2>&1`.

use std::collections::BTreeMap;

/// Test programs by the word for their target; `None` where two have the same.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<String, Option<Program>>);

/// One test program's run.
#[derive(Debug, Default)]
pub(super) struct Program {
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
        let mut open: Option<(String, Program)> = None;
        let mut speaker: Option<String> = None;
        for line in log.lines() {
            if let Some(key) = started(line) {
                seen.close(open.take());
                open = Some((key, Program::default()));
                speaker = None;
                continue;
            }
            // Compiled examples in docs follow the programs and are no claim's ground.
            if line.trim_start().starts_with("Doc-tests ") {
                seen.close(open.take());
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
        seen.close(open);
        seen
    }

    fn close(&mut self, program: Option<(String, Program)>) {
        let Some((key, program)) = program else { return };
        let twice = self.0.contains_key(&key);
        self.0.insert(key, (!twice).then_some(program));
    }

    /// The run of a package's `target`, as a claim names it.
    pub(super) fn program(&self, package: &str, target: &str) -> Option<&Program> {
        let key = if target == "lib" { lib(&package.replace('-', "_")) } else { target.into() };
        self.0.get(&key)?.as_ref()
    }
}

impl Program {
    /// The tests whose path contains `filter`: whether each passed, and what it printed.
    pub(super) fn chosen(&self, filter: &str) -> impl Iterator<Item = (&str, bool, &[String])> {
        let chosen = self.tests.iter().filter(move |(name, _)| name.contains(filter));
        chosen.map(|(name, passed)| {
            (name.as_str(), *passed, self.printed.get(name).map_or(&[][..], Vec::as_slice))
        })
    }
}

/// `Running tests/walk.rs (target/debug/deps/walk-0f3a)` is `walk`; unit tests are `lib` and their
/// program.
fn started(line: &str) -> Option<String> {
    let (source, program) = line.trim_start().strip_prefix("Running ")?.split_once(" (")?;
    let file = program.strip_suffix(')')?.rsplit(['/', '\\']).next()?;
    let (name, _hash) = file.rsplit_once('-')?;
    match source.strip_prefix("unittests ") {
        Some(face) if face.ends_with("lib.rs") => Some(lib(name)),
        Some(_) => Some(format!("program {name}")),
        None => Some(name.into()),
    }
}

fn lib(name: &str) -> String {
    format!("lib {name}")
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
             Running tests/walk.rs (/elsewhere/debug/deps/walk-0b)\n\
        test all ... ok\n\
             Running tests/node.rs (target/debug/deps/node-0c)\n\
        test one ... ok\n\
             Running tests/node.rs (target/debug/deps/node-0d)\n\
        test one ... ok\n";

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
    fn two_programs_of_one_name_are_none() {
        assert!(Seen::read(LOG).program("sealight-ledger", "node").is_none());
    }
}
