//! What is known of an application identifier, and whether a value fits it.

use super::ais::ENTRIES;
use super::rules::Rule;
use super::{Charset, ValueError};

/// One identifier, or a run of identifiers that differ in the last digit only.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) parts: &'static [Part],
    /// Of a length that readers know, so that no separator follows.
    pub(super) predefined: bool,
    /// May stand in the query of a Digital Link.
    pub(super) attribute: bool,
    /// For a primary key of a Digital Link: the sequences of qualifiers that may follow it.
    pub(super) qualifiers: Option<&'static [&'static [&'static str]]>,
}

/// A piece of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) charset: Charset,
    pub(super) variable: bool,
    pub(super) len: usize,
    pub(super) optional: bool,
    pub(super) rules: [Option<Rule>; 2],
}

pub(super) const fn entry(
    first: &'static str,
    last: &'static str,
    parts: &'static [Part],
) -> Entry {
    Entry { first, last, parts, predefined: false, attribute: false, qualifiers: None }
}

impl Entry {
    pub(super) const fn predefined(mut self) -> Self {
        self.predefined = true;
        self
    }

    pub(super) const fn attribute(mut self) -> Self {
        self.attribute = true;
        self
    }

    pub(super) const fn key(mut self, sequences: &'static [&'static [&'static str]]) -> Self {
        self.qualifiers = Some(sequences);
        self
    }

    /// Length of every value, for an entry of predefined length.
    pub(super) fn fixed_len(&self) -> Option<usize> {
        self.predefined.then(|| self.parts.iter().map(|part| part.len).sum())
    }

    fn names(&self, ai: &str) -> bool {
        ai.len() == self.first.len() && self.first <= ai && ai <= self.last
    }

    /// Fits a value to the parts, each in its turn.
    pub(super) fn accept(&self, value: &str) -> Result<(), ValueError> {
        let mut at = 0;
        for part in self.parts {
            let rest = &value.as_bytes()[at..];
            if part.optional && rest.is_empty() {
                break;
            }
            let least = if part.variable { 1 } else { part.len };
            if rest.len() < least {
                return Err(ValueError::TooShort { got: value.len(), min: at + least });
            }
            let taken = &rest[..part.len.min(rest.len())];
            if let Some(bad) = taken.iter().position(|c| !part.charset.has(*c)) {
                return Err(ValueError::Character { at: at + bad, charset: part.charset });
            }
            // The character sets are ASCII, so no character has been cut.
            let taken = std::str::from_utf8(taken).unwrap_or_default();
            part.rules.iter().flatten().try_for_each(|rule| rule.accept(taken, at))?;
            at += taken.len();
        }
        if at < value.len() {
            return Err(ValueError::TooLong { got: value.len(), max: at });
        }
        Ok(())
    }
}

const fn part(charset: Charset, len: usize) -> Part {
    Part { charset, variable: false, len, optional: false, rules: [None, None] }
}

pub(super) const fn digits(len: usize) -> Part {
    part(Charset::Digits, len)
}

pub(super) const fn text(len: usize) -> Part {
    part(Charset::Set82, len)
}

pub(super) const fn up_to_digits(len: usize) -> Part {
    digits(len).variable()
}

pub(super) const fn up_to_text(len: usize) -> Part {
    text(len).variable()
}

pub(super) const fn up_to_upper(len: usize) -> Part {
    part(Charset::Set39, len).variable()
}

pub(super) const fn up_to_base64(len: usize) -> Part {
    part(Charset::Base64Url, len).variable()
}

impl Part {
    const fn variable(mut self) -> Self {
        self.variable = true;
        self
    }

    pub(super) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    pub(super) const fn is(mut self, rule: Rule) -> Self {
        self.rules[self.rules[0].is_some() as usize] = Some(rule);
        self
    }
}

/// The entry of an identifier.
pub(super) fn lookup(ai: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.names(ai))
}

/// The identifier that a string starts with; no identifier is the start of another.
pub(super) fn leading(text: &str) -> Option<(&str, &'static Entry)> {
    (2..=4).find_map(|len| {
        let ai = text.get(..len)?;
        Some((ai, lookup(ai)?))
    })
}
