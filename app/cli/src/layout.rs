//! Text in columns: widths as a terminal counts them, wrapping, bold words.

use unicode_width::UnicodeWidthChar;

/// Start and end of bold words in the texts.
const BOLD: &str = "**";

/// Columns that a text takes on a terminal, its marks left out.
pub(crate) fn width(text: &str) -> usize {
    text.replace(BOLD, "").chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    match c {
        // Isolates and break marks take no room; terminals do not agree on what they do with them.
        '\u{200b}' | '\u{2066}'..='\u{2069}' => 0,
        c => c.width().unwrap_or(0),
    }
}

/// The text filled up with spaces to `to` columns.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// The text in lines of at most `room` columns. It breaks at spaces, where the text marks the end
/// of a phrase, and between wide letters except before closing punctuation. Bold words that go over
/// a break are bold on both lines.
pub(crate) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = Lines { done: Vec::new(), line: String::new(), used: 0, bold: false, room };
    for part in text.split('\n') {
        for (atom, space) in atoms(part) {
            lines.put(&atom, space);
        }
        lines.close();
    }
    lines.done
}

/// Sentences and clauses one after the other: a space between, none after full-width punctuation,
/// and a semicolon where a clause has no end of its own. Line ends inside them go.
pub(crate) fn joined<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        out.push_str(match out.chars().last() {
            None | Some('。' | '，' | '；' | '：' | '！' | '？') => "",
            Some(c) if columns(c) > 1 => "；",
            Some('.' | '?' | ',' | ':' | ';') => " ",
            Some(_) => "; ",
        });
        let mut lines = part.split('\n');
        out.push_str(lines.next().unwrap_or_default());
        for line in lines {
            let wide = out.chars().last().is_some_and(|c| columns(c) > 1);
            out.push_str(if wide { "" } else { " " });
            out.push_str(line);
        }
    }
    out
}

struct Lines {
    done: Vec<String>,
    line: String,
    used: usize,
    bold: bool,
    room: usize,
}

impl Lines {
    fn put(&mut self, atom: &str, space: bool) {
        let wide = width(atom);
        let gap = usize::from(space && self.used > 0);
        if self.used > 0 && self.used + gap + wide > self.room {
            self.close();
        } else if gap == 1 {
            self.line.push(' ');
            self.used += 1;
        }
        self.line.push_str(atom);
        self.used += wide;
        self.bold ^= atom.matches(BOLD).count() % 2 == 1;
    }

    fn close(&mut self) {
        let mark = if self.bold { BOLD } else { "" };
        let line = std::mem::replace(&mut self.line, mark.to_owned());
        self.done.push(line + mark);
        self.used = 0;
    }
}

/// Pieces that stay together, each with whether a space stands before it.
fn atoms(text: &str) -> Vec<(String, bool)> {
    let mut atoms: Vec<(String, bool)> = Vec::new();
    let (mut open, mut space) = (false, false);
    for c in text.chars() {
        if c == ' ' {
            (open, space) = (false, true);
        } else if c == '\u{200b}' {
            open = false;
        } else if closes(c) && !space && !atoms.is_empty() {
            push(&mut atoms, c);
        } else {
            let wide = columns(c) > 1;
            if !open || wide {
                atoms.push((String::new(), space));
                space = false;
            }
            push(&mut atoms, if c == '\u{a0}' { ' ' } else { c });
            open = !wide;
        }
    }
    atoms.retain(|(atom, _)| !atom.is_empty());
    atoms
}

fn push(atoms: &mut [(String, bool)], c: char) {
    if let Some((last, _)) = atoms.last_mut() {
        last.push(c);
    }
}

/// Punctuation that never begins a line, the star of bold marks among it.
fn closes(c: char) -> bool {
    "*，。、；：！？）」』”’》·,.;:!?)".contains(c)
}

/// The text for a terminal that shows bold words, or one that does not.
pub(crate) fn bold(text: &str, shown: bool) -> String {
    let mut out = String::new();
    for (at, part) in text.split(BOLD).enumerate() {
        match (shown && at % 2 == 1 && !part.is_empty(), part) {
            (true, part) => out.extend(["\x1b[1m", part, "\x1b[22m"]),
            (false, part) => out.push_str(part),
        }
    }
    sealight_flow::plain(&out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!((width("记录 ok"), width("**bold**")), (7, 4));
        assert_eq!(pad("记录", 6), "记录  ");
    }

    #[test]
    fn lines_break_at_spaces_and_between_wide_letters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("这份记录属实。", 8), ["这份记录", "属实。"]);
        assert_eq!(wrap("记录属实，未改", 8), ["记录属", "实，未改"]);
        assert_eq!(wrap("a\nb", 8), ["a", "b"]);
    }

    #[test]
    fn sentences_join_as_their_script_does() {
        assert_eq!(joined(["One.", "Two"]), "One. Two");
        assert_eq!(joined(["这份记录\n属实", "这一瓶"]), "这份记录属实；这一瓶");
        assert_eq!(joined(["此后未被改动。", "", "印刷码"]), "此后未被改动。印刷码");
        assert_eq!(joined(["one\ntwo"]), "one two");
    }

    #[test]
    fn bold_goes_over_a_break() {
        assert_eq!(wrap("**one two** three", 5), ["**one**", "**two**", "three"]);
        assert_eq!(bold("**one** two", true), "\x1b[1mone\x1b[22m two");
        assert_eq!(bold("**one** two", false), "one two");
    }

    #[test]
    fn a_word_longer_than_the_line_stands_alone() {
        assert_eq!(wrap("a abcdefgh b", 4), ["a", "abcdefgh", "b"]);
    }
}
