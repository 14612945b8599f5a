//! Element strings: identifiers and values one after the other (GS1 General Specifications, 7.8).

use super::{Element, GS, GTIN, Gs1Error, MAX_LEN, add, brief, table, value_of};
use std::fmt;

/// Elements in the order in which they were read, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElementString(Vec<Element>);

/// AIM symbology identifiers (ISO/IEC 15424) of carriers of element strings: GS1 DataMatrix, GS1
/// QR, GS1-128, GS1 DataBar.
const AIM: [&str; 4] = ["]d2", "]Q3", "]C1", "]e0"];

impl ElementString {
    /// Reads a string as a reader hands it out: an AIM identifier or an FNC1 may stand before it,
    /// and a group separator ends each value whose length is not predefined.
    ///
    /// # Errors
    /// [`Gs1Error::TooLong`], [`Gs1Error::Empty`], [`Gs1Error::UnknownAi`] where no identifier
    /// stands, [`Gs1Error::Value`] for a value that does not fit its own, [`Gs1Error::Repeated`]
    /// for two values of one, and [`Gs1Error::TooMany`].
    pub fn parse(text: &str) -> Result<Self, Gs1Error> {
        bounded(text)?;
        let text = AIM.iter().find_map(|aim| text.strip_prefix(aim)).unwrap_or(text);
        let mut rest = text.strip_prefix(GS).unwrap_or(text);
        let mut elements = Vec::new();
        while !rest.is_empty() {
            let unknown = || Gs1Error::UnknownAi { got: brief(rest) };
            let (ai, entry) = table::leading(rest).ok_or_else(unknown)?;
            let after = &rest[ai.len()..];
            let end = after.find(GS).unwrap_or(after.len());
            let end = entry.fixed_len().map_or(end, |len| len.min(end));
            let (value, tail) = after.split_at_checked(end).ok_or_else(unknown)?;
            add(&mut elements, Element::new(ai, value)?)?;
            rest = tail.strip_prefix(GS).unwrap_or(tail);
        }
        Self::of(elements)
    }

    /// Reads the form for people, such as `(01)09506000134352(10)ABC`. A bracket inside a value is
    /// taken for the start of the next element only if an identifier stands in it.
    ///
    /// # Errors
    /// [`Gs1Error::TooLong`], [`Gs1Error::Empty`], [`Gs1Error::UnknownAi`] where no identifier
    /// stands, [`Gs1Error::Value`] for a value that does not fit its own, [`Gs1Error::Repeated`]
    /// for two values of one, and [`Gs1Error::TooMany`].
    pub fn parse_bracketed(text: &str) -> Result<Self, Gs1Error> {
        bounded(text)?;
        let mut elements = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let unknown = || Gs1Error::UnknownAi { got: brief(rest) };
            let (ai, after) = bracket(rest).ok_or_else(unknown)?;
            let next = after.match_indices('(').find(|(at, _)| bracket(&after[*at..]).is_some());
            let (value, tail) = after.split_at(next.map_or(after.len(), |(at, _)| at));
            add(&mut elements, Element::new(ai, value.trim())?)?;
            rest = tail;
        }
        Self::of(elements)
    }

    fn of(elements: Vec<Element>) -> Result<Self, Gs1Error> {
        if elements.is_empty() { Err(Gs1Error::Empty) } else { Ok(Self(elements)) }
    }

    /// The elements in the order in which they were read.
    pub fn elements(&self) -> &[Element] {
        &self.0
    }

    /// The value of an identifier.
    pub fn value(&self, ai: &str) -> Option<&str> {
        value_of(&self.0, ai)
    }

    /// The trade item number, 14 digits.
    pub fn gtin(&self) -> Option<&str> {
        self.value(GTIN)
    }
}

impl fmt::Display for ElementString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|element| write!(f, "({}){}", element.ai, element.value))
    }
}

fn bounded(text: &str) -> Result<(), Gs1Error> {
    if text.len() > MAX_LEN {
        return Err(Gs1Error::TooLong { got: text.len(), max: MAX_LEN });
    }
    Ok(())
}

/// An identifier in brackets at the start, and what follows.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let (ai, after) = text.strip_prefix('(')?.split_once(')')?;
    table::lookup(ai).map(|_| (ai, after))
}
