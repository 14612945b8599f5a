//! Every sentence that the product says, by key, in each language.
//!
//! The texts are `assets/text/*.json`, embedded. A text may hold `{name}` placeholders, `**bold**`
//! words, U+200B where a phrase ends and a line may break, and U+00A0 where it may not.
//!
//! A further language is a further file, found when this crate is built (`build.rs`): named by its
//! tag (RFC 5646), with all keys of `en.json`, and under `language.name` what it calls itself. The
//! page knows from the tag which way it is written; a script that no bundled font has needs a font.

mod goods;
mod reason;
mod time;

pub use goods::Kind;
pub(crate) use reason::is_chip;
pub use reason::{contradiction_code, not_looked_at_code, not_on_ledger_code, unproven_code};
pub use time::{Present, Zone};
pub(crate) use time::{countdown, limit, long_span, span};

use sealight_verify::judge::Outcome;
use serde::de::{Error as _, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::OnceLock;

// `FILES`: the tag of each language and its file, the default first.
include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A language of the product, by its place among the files; in documents it is its tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Language(usize);

#[allow(non_upper_case_globals, reason = "each is one of several, as a variant is")]
impl Language {
    /// English, the default.
    pub const English: Self = Self::of("en");
    /// Simplified Chinese.
    pub const Chinese: Self = Self::of("zh-CN");
}

impl Language {
    /// The language of this very tag; what is not among the files does not compile.
    const fn of(tag: &str) -> Self {
        let mut place = 0;
        while !is_same(FILES[place].0.as_bytes(), tag.as_bytes()) {
            place += 1;
        }
        Self(place)
    }

    /// All languages, in the order in which a face offers them.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..FILES.len()).map(Self)
    }

    /// The language of a tag (RFC 5646) or locale name (POSIX), by its primary subtag: `zh-Hans`,
    /// `zh_CN.UTF-8` and `en` are known; `C` and empty text are none.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = |tag: &str| tag.split(['-', '_', '.', '@']).next().map(str::to_lowercase);
        let wanted = primary(tag)?;
        Self::all().find(|language| primary(language.tag()).as_ref() == Some(&wanted))
    }

    /// Its tag (RFC 5646).
    pub fn tag(self) -> &'static str {
        FILES[self.0].0
    }

    /// Its words.
    pub fn words(self) -> &'static Words {
        static WORDS: [OnceLock<Words>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];
        WORDS[self.0].get_or_init(|| Words::parse(self, self.file()))
    }

    /// The next language, for a button that switches.
    pub fn next(self) -> Self {
        Self((self.0 + 1) % FILES.len())
    }

    /// Its file, in JSON.
    pub fn file(self) -> &'static str {
        FILES[self.0].1
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

impl Serialize for Language {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Language {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let tag = String::deserialize(from)?;
        let known = Self::all().find(|language| language.tag() == tag);
        let unknown = || D::Error::invalid_value(Unexpected::Str(&tag), &"the tag of a language");
        known.ok_or_else(unknown)
    }
}

/// The texts of one language.
#[derive(Debug)]
pub struct Words {
    language: Language,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// The files are embedded and tested; one that does not parse would say its keys.
    fn parse(language: Language, json: &str) -> Self {
        Self { language, texts: serde_json::from_str(json).unwrap_or_default() }
    }

    /// Which language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The text of a key without placeholders; the key itself where there is none.
    pub fn text(&self, key: &str) -> String {
        self.find(key).unwrap_or(key).to_owned()
    }

    /// The text of a key, if there is one.
    pub fn find(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text of a key with its placeholders filled in.
    ///
    /// Values are never looked into for placeholders, and cannot make words bold.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        let mut rest = self.find(key).unwrap_or(key);
        while let Some((before, from)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = from.split_once('}').unwrap_or((from, ""));
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => out.extend(value.chars().map(unmarked)),
                None => out.push_str(name),
            }
            rest = after;
        }
        out.push_str(rest);
        out
    }

    /// A verdict's outcome in a word or two, for lists and the command line.
    pub fn outcome(&self, outcome: Outcome) -> String {
        let name = match outcome {
            Outcome::Proven => "proven",
            Outcome::ProvenBut => "proven-but",
            Outcome::ProvenStale => "proven-stale",
            Outcome::NotOnLedger => "not-on-ledger",
            Outcome::Contradicted => "contradicted",
            Outcome::Unproven => "unproven",
        };
        self.text(&format!("outcome.{name}"))
    }

    /// Joins sentences' parts with this language's semicolon, capitalised and with a full stop.
    pub(crate) fn sentence(&self, parts: &[String]) -> String {
        let joined = parts.join(self.find("list.semicolon").unwrap_or("; "));
        format!("{}{}", capitalised(&joined), self.text("list.end"))
    }

    /// Joins names with this language's comma.
    pub(crate) fn list(&self, parts: &[String]) -> String {
        parts.join(self.find("list.comma").unwrap_or(", "))
    }
}

/// A star that looks like one and marks nothing.
const STAR: char = '\u{2217}';

fn unmarked(c: char) -> char {
    if c == '*' { STAR } else { c }
}

/// The text with its first letter in upper case.
pub(crate) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Text of a label or a record that stands alone: cleaned, cut, and without marks of its own.
pub fn outside(text: &str) -> String {
    sealight_tag::clean::shown(text).chars().map(unmarked).collect()
}

/// Text of a label or a record inside a sentence: cleaned, cut, isolated from the direction of
/// the words around it (Unicode Standard Annex 9, section 2.4).
pub(crate) fn quoted(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", outside(text))
}

/// The same of a notice, which is not cut.
pub(crate) fn quoted_whole(text: &str) -> String {
    format!("\u{2068}{}\u{2069}", notice(text))
}

/// A notice that stands alone.
pub(crate) fn notice(text: &str) -> String {
    sealight_tag::clean::notice(text).chars().map(unmarked).collect()
}

/// A text without its marks, for terminals and for reading aloud.
pub fn plain(text: &str) -> String {
    let unbold = text.replace("**", "");
    unbold
        .chars()
        .filter(|c| !matches!(c, '\u{200b}' | '\u{2068}' | '\u{2069}'))
        .map(|c| match c {
            STAR => '*',
            '\u{a0}' | '\n' => ' ',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests;
