//! Why a command stops: a code, the facts, and what to do about it.

use crate::console::Console;
use crate::layout;
use serde_json::json;
use std::process::ExitCode;

/// Wrong arguments.
const USAGE: u8 = 2;
/// Everything else that is no verdict.
const FAILED: u8 = 1;
/// Stopped by the person (128 and the number of SIGINT).
const STOPPED: u8 = 130;

/// Why a command stops. The words are `cli.fail.CODE`, what to do is `cli.fail.CODE.hint`.
#[derive(Debug)]
pub(crate) struct Failure {
    code: &'static str,
    values: Vec<(&'static str, String)>,
    exit: u8,
}

impl Failure {
    /// A failure with its facts.
    pub(crate) fn new(code: &'static str, values: &[(&'static str, &dyn ToString)]) -> Self {
        let values = values.iter().map(|(name, value)| (*name, value.to_string())).collect();
        Self { code, values, exit: FAILED }
    }

    /// Arguments that do not fit.
    pub(crate) fn usage(code: &'static str, values: &[(&'static str, &dyn ToString)]) -> Self {
        Self { exit: USAGE, ..Self::new(code, values) }
    }

    /// The person stopped the run.
    pub(crate) fn stopped() -> Self {
        Self { exit: STOPPED, ..Self::new("stopped", &[]) }
    }

    /// The same, as the code of another exit.
    pub(crate) fn exits(self, exit: u8) -> Self {
        Self { exit, ..self }
    }

    /// Its code, as in JSON documents.
    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// One of its facts.
    pub(crate) fn value(&self, name: &str) -> String {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// What went wrong, and what to do.
    pub(crate) fn words(&self, console: &Console) -> (String, String) {
        let values: Vec<_> = self.values.iter().map(|(name, value)| (*name, &**value)).collect();
        let say = |key: &str| sealight_flow::plain(&console.say(key, &values));
        let key = format!("cli.fail.{}", self.code);
        (say(&key), say(&format!("{key}.hint")))
    }

    /// Tells the person, and ends.
    pub(crate) fn tell(&self, console: &Console) -> ExitCode {
        let (what, hint) = self.words(console);
        if console.json {
            let error = json!({ "code": self.code, "message": what, "hint": hint });
            console.document(json!({ "error": error }));
        } else {
            const NAME: &str = "sealight: ";
            let room = console.width().saturating_sub(NAME.len());
            let lines = [layout::wrap(&what, room), layout::wrap(&hint, room)].concat();
            for (at, line) in lines.iter().enumerate() {
                let start = if at == 0 { NAME.to_owned() } else { " ".repeat(NAME.len()) };
                console.aside(&format!("{start}{line}"));
            }
        }
        ExitCode::from(self.exit)
    }
}
