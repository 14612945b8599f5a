//! What the project claims of itself: each claim by name, with the code that shows it.
//!
//! To add one:
//! 1. put a [`Claim`] into the list of the file of its topic here (or start a file with a
//!    `pub(super) const CLAIMS: &[Claim]` and name it in `TOPICS`);
//! 2. an existing cargo test is enough: [`Run::Tests`]; it prints figures as
//!    `figure: LABEL: VALUE UNIT` on a line, and `skipped: WHY` where it cannot run; a long one is
//!    `#[ignore]`d and run by its claim alone: [`Run::IgnoredTests`];
//! 3. otherwise [`Run::Here`]: a function that writes its figures to the [`Report`] and returns
//!    through [`Report::at_most`], [`Report::at_least`] or [`Report::within_twice`] as it holds;
//! 4. `clock: true` if a figure depends on the machine's speed: it then runs in a release build.

mod attackers;
mod bench_header;
mod bench_proof;
mod bench_qr;
mod bench_start;
mod bench_store;
mod bench_verify;
mod cargo;
mod conformance;
mod consortium;
mod eye;
mod gateways;
mod house;
mod keys;
mod kiosk;
mod machine;
mod monitor;
mod operator;
mod packs;
mod proof_size;
mod proofs;
mod report;
mod reports;
mod scans_served;
mod seen;
mod store;
mod sync_cost;
mod time;
mod vectors;

pub use machine::machine;
pub use report::{Figure, NotShown, Report};
pub use seen::Seen;

/// All claims by topic, in the order of the list.
const TOPICS: &[&[Claim]] = &[
    vectors::CLAIMS,
    conformance::CLAIMS,
    house::CLAIMS,
    proof_size::CLAIMS,
    proofs::CLAIMS,
    time::CLAIMS,
    attackers::CLAIMS,
    gateways::CLAIMS,
    store::CLAIMS,
    sync_cost::CLAIMS,
    packs::CLAIMS,
    scans_served::CLAIMS,
    bench_proof::CLAIMS,
    bench_verify::CLAIMS,
    bench_header::CLAIMS,
    bench_qr::CLAIMS,
    bench_store::CLAIMS,
    bench_start::CLAIMS,
    consortium::CLAIMS,
    monitor::CLAIMS,
    eye::CLAIMS,
    kiosk::CLAIMS,
    operator::CLAIMS,
    reports::CLAIMS,
    keys::CLAIMS,
];

/// One thing the project says of itself.
#[derive(Debug)]
pub struct Claim {
    /// Its name on the command line: lower case, words joined by `-`, unique.
    pub name: &'static str,
    /// The part of the project it speaks of, for example `light-client`.
    pub group: &'static str,
    /// What is claimed, in one line.
    pub about: &'static str,
    /// Whether a figure depends on the machine's speed.
    pub clock: bool,
    /// What shows it.
    pub run: Run,
}

/// What shows a claim.
#[derive(Debug)]
pub enum Run {
    /// A function of this package.
    Here(fn(&mut Report) -> Result<(), NotShown>),
    /// Cargo tests that exist already.
    Tests {
        /// The package, for example `sealight-verify`.
        package: &'static str,
        /// An integration test of the package by name, or `lib` for its unit tests.
        target: &'static str,
        /// Tests whose path contains this; empty for all.
        filter: &'static str,
        /// Fewer tests than this mean that the claim lost its ground.
        at_least: usize,
    },
    /// The same with tests that cargo ignores unless it is asked for them: they take long, so a
    /// claim on them is all that runs them.
    IgnoredTests {
        /// The package.
        package: &'static str,
        /// An integration test of the package by name, or `lib`.
        target: &'static str,
        /// Tests whose path contains this.
        filter: &'static str,
        /// Fewer tests than this mean that the claim lost its ground.
        at_least: usize,
    },
}

impl Run {
    /// [`Run::Tests`] in one line.
    const fn tests(
        package: &'static str,
        target: &'static str,
        filter: &'static str,
        at_least: usize,
    ) -> Self {
        Self::Tests { package, target, filter, at_least }
    }
}

/// How a claim came out.
#[derive(Debug)]
pub enum Outcome {
    /// All of it was shown.
    Holds,
    /// Some of it could not be tried here; the report says what and why.
    Skipped,
    /// It does not hold, or could not be shown to.
    Fails(NotShown),
}

/// Every claim, in the order of the list.
pub fn all() -> impl Iterator<Item = &'static Claim> {
    TOPICS.iter().copied().flatten()
}

/// The claim of that name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Claim> {
    all().find(|claim| claim.name == name)
}

impl Claim {
    /// Runs what shows the claim, or takes it from tests that have `seen` it.
    #[must_use]
    pub fn show(&self, seen: &Seen) -> (Report, Outcome) {
        let mut report = Report::default();
        let shown = match &self.run {
            Run::Here(show) => show(&mut report),
            Run::Tests { package, target, filter, at_least } => {
                match seen.program(package, target).filter(|_| !self.clock) {
                    Some(program) => cargo::seen(program, filter, *at_least, &mut report),
                    None => cargo::test(package, target, &[filter], *at_least, &mut report),
                }
            }
            Run::IgnoredTests { package, target, filter, at_least } => {
                let chosen = [*filter, "--ignored"];
                match seen.program(package, target).filter(|_| !self.clock) {
                    Some(program) => cargo::built(program, &chosen, *at_least, &mut report),
                    None => cargo::test(package, target, &chosen, *at_least, &mut report),
                }
            }
        };
        let outcome = match shown {
            Err(why) => Outcome::Fails(why),
            Ok(()) if report.skipped.is_empty() => Outcome::Holds,
            Ok(()) => Outcome::Skipped,
        };
        (report, outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_speakable() {
        let mut seen = std::collections::BTreeSet::new();
        for claim in all() {
            assert!(seen.insert(claim.name), "{} stands twice", claim.name);
            let speakable = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            assert!(claim.name.chars().all(speakable), "{}", claim.name);
            assert!(!claim.about.contains('\n') && !claim.about.is_empty(), "{}", claim.name);
        }
    }
}
