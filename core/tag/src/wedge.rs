//! A hand scanner that types: keys in a burst become a reading, keys of a person do not.
//!
//! Touches nothing outside: a shell hands in each key with its time, on every platform as the web's
//! `KeyboardEvent` names it (UI Events KeyboardEvent code values), and asks now and then whether a
//! burst ended in silence. Keys are taken by their place on the keyboard, so the layout that the
//! system is set to does not matter. A scanner is set to the US layout as it comes; the layout of
//! one that is not is learned from a calibration code: see [`Layout`]. A scanner may put the AIM identifier (ISO/IEC 15424) in front, and sends a group separator as
//! Ctrl and `]`, or as F8.

mod layout;

pub use layout::{CALIBRATION, Layout};

use crate::gs1::GS;
use crate::qr::Symbology;
use crate::reading::{Medium, TagReading};
use layout::Press;

/// Most milliseconds between two keys of a burst: nobody types so fast.
const GAP: u64 = 30;
/// Milliseconds by which keys of one clock may come out of order: a page that mixes the display
/// server's time with its own lets them differ by ten seconds. A key that is further back is of
/// another clock, as that of a page which began anew.
const BACK: u64 = 15_000;
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
    /// Whether Alt or AltGr was held.
    pub alt: bool,
    /// When, in milliseconds of any clock. One that goes back by a quarter of a minute is another
    /// one, and ends the burst.
    pub at: u64,
}

/// What was typed so far in one burst.
///
/// It may hold a seal's secret, so it has no debug form.
#[derive(Default)]
pub struct Wedge {
    text: String,
    /// The same as keys.
    presses: Vec<Press>,
    layout: Layout,
    learned: Option<Layout>,
    last: u64,
    /// The burst is longer than any code; dropped until it ends.
    flooded: bool,
}

impl Wedge {
    /// Takes a key; gives the reading that it ended.
    pub fn key(&mut self, key: Key<'_>) -> Option<TagReading> {
        let ended = self.quiet(key.at);
        self.last = if self.is_of_another_clock(key.at) { key.at } else { key.at.max(self.last) };
        match key.code {
            "Enter" | "NumpadEnter" | "Tab" => return ended.or_else(|| self.end()),
            "F8" => self.push(GS),
            // Control and Alt together are AltGr on some systems.
            code if key.control && !key.alt => {
                let plain = Press::of(code, false, false);
                let closes = plain.and_then(|press| self.layout.typed(press)) == Some(']');
                if closes || code == "BracketRight" {
                    self.push(GS);
                }
                // Whatever else is held with Control is not for the machine.
            }
            code => {
                if let Some(press) = Press::of(code, key.shift, key.alt) {
                    self.press(press);
                }
            }
        }
        ended
    }

    /// Gives the reading of a burst that ended without a key for it.
    pub fn quiet(&mut self, at: u64) -> Option<TagReading> {
        let is_over = at.saturating_sub(self.last) > GAP || self.is_of_another_clock(at);
        if is_over { self.end() } else { None }
    }

    /// Whether the keys of now come from a scanner: a pad must not take them.
    pub fn is_burst(&self) -> bool {
        self.text.chars().count() >= 3
    }

    /// Forgets what was typed.
    pub fn forget(&mut self) {
        let layout = std::mem::take(&mut self.layout);
        *self = Self { last: self.last, layout, ..Self::default() };
    }

    /// The layout that a calibration code showed since this was asked for last; it counts for
    /// nothing until it is [adopted](Self::adopt).
    pub fn learned(&mut self) -> Option<Layout> {
        self.learned.take()
    }

    /// Reads keys by this layout from now on.
    pub fn adopt(&mut self, layout: Layout) {
        self.layout = layout;
    }

    /// Whether this is no time of the clock that the last key had.
    fn is_of_another_clock(&self, at: u64) -> bool {
        self.last.saturating_sub(at) > BACK
    }

    fn press(&mut self, press: Press) {
        if self.presses.len() < MOST {
            self.presses.push(press);
        }
        if let Some(c) = self.layout.typed(press) {
            self.push(c);
        }
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
        let (flooded, presses) =
            (std::mem::take(&mut self.flooded), std::mem::take(&mut self.presses));
        if let Some(layout) = Layout::of_calibration(&presses) {
            self.learned = Some(layout);
            return None;
        }
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

#[cfg(test)]
mod tests;
