//! A hand scanner that types: keys in a burst become a reading, keys of a person do not.
//!
//! Touches nothing outside: a shell hands in each key with its time, on every platform as the web's
//! `KeyboardEvent` names it (UI Events KeyboardEvent code values), and asks now and then whether a
//! burst ended in silence. Keys are taken by their place on the keyboard, so the layout that the
//! system is set to does not matter; the scanner itself must be set to the US layout, as it comes.
//! A scanner may put the AIM identifier (ISO/IEC 15424) in front, and sends a group separator as
//! Ctrl and `]`, or as F8.

use crate::gs1::GS;
use crate::qr::Symbology;
use crate::reading::{Medium, TagReading};

/// Most milliseconds between two keys of a burst: nobody types so fast.
const GAP: u64 = 30;
/// Fewest characters of a burst: two keys may be hit at once by a person.
const LEAST: usize = 6;
/// Most characters: what a QR code of the largest seal or link holds, and more.
const MOST: usize = 1024;

/// A key as it went down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key<'a> {
    /// Its place, such as `KeyA`, `Digit1` or `Enter`.
    pub code: &'a str,
    /// Whether Shift was held.
    pub shift: bool,
    /// Whether Control was held.
    pub control: bool,
    /// When, in milliseconds of any clock that does not go back.
    pub at: u64,
}

/// What was typed so far in one burst.
///
/// It may hold a seal's secret, so it has no debug form.
#[derive(Default)]
pub struct Wedge {
    text: String,
    last: u64,
    /// The burst is longer than any code; dropped until it ends.
    flooded: bool,
}

impl Wedge {
    /// Takes a key; gives the reading that it ended.
    pub fn key(&mut self, key: Key<'_>) -> Option<TagReading> {
        let ended = if key.at.saturating_sub(self.last) > GAP { self.end() } else { None };
        self.last = key.at.max(self.last);
        match key.code {
            "Enter" | "NumpadEnter" | "Tab" => return ended.or_else(|| self.end()),
            "F8" => self.push(GS),
            "BracketRight" if key.control => self.push(GS),
            // Whatever else is held with Control, or types nothing, is not for the machine.
            _ if key.control => {}
            code => typed(code, key.shift).into_iter().for_each(|c| self.push(c)),
        }
        ended
    }

    /// Gives the reading of a burst that ended without a key for it.
    pub fn quiet(&mut self, at: u64) -> Option<TagReading> {
        if at.saturating_sub(self.last) > GAP { self.end() } else { None }
    }

    /// Whether the keys of now come from a scanner: a pad must not take them.
    pub fn is_burst(&self) -> bool {
        self.text.chars().count() >= 3
    }

    /// Forgets what was typed.
    pub fn forget(&mut self) {
        *self = Self { last: self.last, ..Self::default() };
    }

    fn push(&mut self, c: char) {
        if self.text.len() < MOST {
            self.text.push(c);
        } else {
            self.flooded = true;
        }
    }

    fn end(&mut self) -> Option<TagReading> {
        let text = std::mem::take(&mut self.text);
        let flooded = std::mem::take(&mut self.flooded);
        (!flooded && text.len() >= LEAST).then(|| reading(&text))
    }
}

/// The reading of what a scanner typed.
fn reading(text: &str) -> TagReading {
    let (aim, rest) = aim(text);
    let symbology = match aim.and_then(|aim| aim.chars().nth(1)) {
        Some('Q') => Symbology::QrCode,
        Some('E') => Symbology::Ean13,
        Some('C') => Symbology::Code128,
        _ if rest.len() <= 14 && rest.bytes().all(|byte| byte.is_ascii_digit()) => Symbology::Ean13,
        _ => Symbology::QrCode,
    };
    TagReading {
        medium: Medium::Printed(symbology),
        bytes: rest.as_bytes().to_vec(),
        text: None,
        aim: aim.map(str::to_owned),
        uid: None,
    }
}

/// The identifier in front, of `]`, a letter and a modifier, and the rest.
fn aim(text: &str) -> (Option<&str>, &str) {
    match text.as_bytes() {
        [b']', letter, modifier, ..]
            if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() =>
        {
            let (aim, rest) = text.split_at(3);
            (Some(aim), rest)
        }
        _ => (None, text),
    }
}

/// The character on a key of the US layout.
fn typed(code: &str, shift: bool) -> Option<char> {
    let pair = |plain: char, shifted: char| Some(if shift { shifted } else { plain });
    if let Some(letter) = code.strip_prefix("Key") {
        let letter = one(letter).filter(char::is_ascii_uppercase)?;
        return pair(letter.to_ascii_lowercase(), letter);
    }
    if let Some(digit) = code.strip_prefix("Digit") {
        let digit = one(digit).filter(char::is_ascii_digit)?;
        let shifted = ")!@#$%^&*(".chars().nth(digit.to_digit(10)? as usize)?;
        return pair(digit, shifted);
    }
    if let Some(digit) = code.strip_prefix("Numpad").and_then(one) {
        return Some(digit).filter(char::is_ascii_digit);
    }
    match code {
        "Space" => Some(' '),
        "Minus" => pair('-', '_'),
        "Equal" => pair('=', '+'),
        "BracketLeft" => pair('[', '{'),
        "BracketRight" => pair(']', '}'),
        "Backslash" | "IntlBackslash" => pair('\\', '|'),
        "Semicolon" => pair(';', ':'),
        "Quote" => pair('\'', '"'),
        "Backquote" => pair('`', '~'),
        "Comma" => pair(',', '<'),
        "Period" => pair('.', '>'),
        "Slash" => pair('/', '?'),
        "NumpadSubtract" => Some('-'),
        "NumpadDivide" => Some('/'),
        "NumpadDecimal" => Some('.'),
        _ => None,
    }
}

fn one(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

#[cfg(test)]
mod tests;
