//! What is written where: text or one JSON document to standard output, progress to standard error.

use crate::layout;
use sealight_flow::view::Tone;
use sealight_flow::{Language, Words};
use serde_json::{Map, Value};
use std::cell::Cell;
use std::io::{IsTerminal, Write};

/// Most and least columns of a text.
const WIDEST: usize = 100;
const NARROWEST: usize = 40;

/// How this run speaks.
pub(crate) struct Console {
    /// Words of its language.
    pub(crate) words: &'static Words,
    /// One JSON document instead of text.
    pub(crate) json: bool,
    command: &'static str,
    colour: bool,
    width: usize,
    live: bool,
    line: Cell<bool>,
}

impl Console {
    /// A console in this language; colours, width and progress follow the terminal.
    pub(crate) fn new(language: Language, command: &'static str, json: bool, quiet: bool) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let plain = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            words: language.words(),
            json,
            command,
            colour: terminal && !plain && !json,
            width: columns(),
            live: !quiet && !json && std::io::stderr().is_terminal(),
            line: Cell::new(false),
        }
    }

    /// Columns of a line.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// A text of this command.
    pub(crate) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.say(key, values)
    }

    /// Writes a line; not in a run that gives JSON.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            self.raw(&layout::bold(text, self.colour));
        }
    }

    /// Writes a text of this command, wrapped, each line after `indent` spaces.
    pub(crate) fn tell(&self, indent: usize, key: &str, values: &[(&str, &str)]) {
        self.wrapped(indent, &self.say(key, values));
    }

    /// Writes a text, wrapped, each line after `indent` spaces.
    pub(crate) fn wrapped(&self, indent: usize, text: &str) {
        for line in layout::wrap(text, self.width.saturating_sub(indent)) {
            self.line(&format!("{}{line}", " ".repeat(indent)));
        }
    }

    /// Writes names and values in two columns.
    pub(crate) fn pairs(&self, indent: usize, pairs: &[(String, String)]) {
        let names = pairs.iter().map(|(name, _)| layout::width(name)).max().unwrap_or(0);
        for (name, value) in pairs {
            let room = self.width.saturating_sub(indent + names + 2);
            for (at, line) in layout::wrap(value, room).into_iter().enumerate() {
                let name = if at == 0 { name } else { "" };
                let text = format!("{}{}  {line}", " ".repeat(indent), layout::pad(name, names));
                self.line(text.trim_end());
            }
        }
    }

    /// The text in the colour of a tone, if colours are shown; the tone is never told by it alone.
    pub(crate) fn tinted(&self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Proven => "32",
            Tone::Half | Tone::Act => "36",
            Tone::Unproven => "33",
            Tone::Alarm => "31",
            Tone::Trouble => "35",
        };
        self.sgr(code, text)
    }

    /// The text fainter than others, if colours are shown.
    pub(crate) fn faint(&self, text: &str) -> String {
        self.sgr("2", text)
    }

    fn sgr(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Writes this command's JSON document, if the run gives one.
    pub(crate) fn document(&self, body: Value) {
        if !self.json {
            return;
        }
        let mut document = Map::new();
        document.insert("version".into(), 1.into());
        document.insert("command".into(), self.command.into());
        if let Value::Object(body) = body {
            document.extend(body);
        }
        self.raw(&format!("{:#}", Value::Object(document)));
    }

    /// Writes one JSON document of several, in a line of its own, if the run gives JSON.
    pub(crate) fn row(&self, body: Map<String, Value>) {
        if !self.json {
            return;
        }
        let mut document = Map::new();
        document.insert("version".into(), 1.into());
        document.insert("command".into(), self.command.into());
        document.extend(body);
        self.raw(&Value::Object(document).to_string());
    }

    /// Writes something that is neither text nor document, as it is: a script, help.
    pub(crate) fn script(&self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    fn raw(&self, text: &str) {
        self.clear();
        let mut out = std::io::stdout().lock();
        // Whoever reads may stop reading; there is nobody left to tell.
        _ = writeln!(out, "{text}").and_then(|()| out.flush());
    }

    /// Shows on standard error how far a long step is; only on a terminal.
    pub(crate) fn progress(&self, key: &str, values: &[(&str, &str)]) {
        if self.live {
            self.line.set(true);
            let text = layout::bold(&self.say(key, values), false);
            _ = write!(std::io::stderr().lock(), "\r\x1b[K  {text}");
            _ = std::io::stderr().flush();
        }
    }

    /// Takes the progress away.
    pub(crate) fn clear(&self) {
        if self.line.replace(false) {
            _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }

    /// Writes to standard error, whatever the form of the output.
    pub(crate) fn aside(&self, text: &str) {
        self.clear();
        _ = writeln!(std::io::stderr().lock(), "{}", layout::bold(text, false));
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        self.clear();
    }
}

fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.or_else(seen).unwrap_or(WIDEST - 10).clamp(NARROWEST, WIDEST)
}
