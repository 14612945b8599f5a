//! What the run tells as it goes.

use super::stage::Stage;
use crate::console::Console;
use crate::fail::Failure;
use crate::layout::{pad, width, wrap};
use crate::show;
use sealight_verify::judge::{Outcome, Verdict};

/// Writes a step of the run: its name, and what came of it.
pub(super) fn step(console: &Console, name: &str, values: &[(&str, &str)]) {
    const NAMES: [&str; 6] = ["ledger", "parties", "lot", "labels", "events", "sync"];
    let title = |name: &str| console.say(&format!("cli.demo.step.{name}"), &[]);
    let names = NAMES.iter().map(|name| width(&title(name))).max().unwrap_or(0);
    let text = console.say(&format!("cli.demo.{name}"), values);
    console.pairs(2, &[(format!("**{}**", pad(&title(name), names)), text)]);
}

impl Stage<'_> {
    /// Writes the title of a part of the run.
    pub(super) fn heading(&self, name: &str, values: &[(&str, &str)]) {
        self.console.line("");
        let title = self.console.say(&format!("cli.demo.part.{name}"), values);
        self.console.wrapped(0, &format!("**{title}**"));
    }

    /// Fails where a part of the run does not come out as it must.
    pub(super) fn expect(&self, what: &str, holds: bool) -> Result<(), Failure> {
        if self.cancel.is_cancelled() {
            return Err(Failure::stopped());
        }
        if holds { Ok(()) } else { Err(Failure::new("demo", &[("what", &what)])) }
    }

    /// Writes how an attempt came out.
    pub(super) fn attempted(&self, name: &str, verdict: &Verdict) -> (&'static str, &'static str) {
        let ((code, detail), outcome) = (show::reason(verdict), outcome(verdict.outcome()));
        self.refused(name, outcome, &detail);
        (outcome, code)
    }

    /// Writes an attempt, its outcome, and the words of the rule that refused it.
    pub(super) fn refused(&self, name: &str, outcome: &str, detail: &str) {
        let console = self.console;
        let title = console.say(&format!("cli.demo.attack.{name}"), &[]);
        let outcome = console.say(&format!("cli.demo.outcome.{outcome}"), &[]);
        let words = [("what", &*title), ("outcome", &*outcome)];
        console.tell(2, "cli.demo.attempt", &words);
        for line in wrap(&shortened(detail), console.width().saturating_sub(6)) {
            console.line(&format!("      {}", console.faint(&line)));
        }
    }
}

/// The name of an outcome in texts and documents.
fn outcome(of: Outcome) -> &'static str {
    match of {
        Outcome::Proven => "proven",
        Outcome::ProvenBut => "proven-but",
        Outcome::ProvenStale => "proven-stale",
        Outcome::NotOnLedger => "not-on-ledger",
        Outcome::Contradicted => "contradicted",
        Outcome::Unproven => "unproven",
    }
}

/// The text with long digests cut: whole ones are in the JSON document.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 8;
    let digest = |word: &&str| {
        let digits = word.trim_end_matches([',', '.']);
        digits.len() > 4 * SHOWN && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let words = text.split(' ').map(|word| match Some(word).filter(digest) {
        Some(word) => {
            let end = word.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            format!("{}…{end}", word.get(..SHOWN).unwrap_or_default())
        }
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}
