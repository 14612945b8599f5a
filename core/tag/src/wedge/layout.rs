//! Which character a scanner means by which key.
//!
//! A scanner types a text by pressing the keys on which its characters are in the layout that it is
//! set to. The calibration code holds a text that is known, with every character that seals, links
//! and element strings are made of: the keys that come for it say the layout. Which keys they are
//! does not matter, only that the same character always comes by the same key and no other does, which no
//! ordinary text of this length does by chance. Characters that some
//! layouts make of two keys (dead keys) are not in it.

use std::collections::BTreeMap;

/// The text of the calibration code; `assets/scanner/calibration.svg` is the code.
pub const CALIBRATION: &str = "SEALIGHT-KEYS-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ\
    abcdefghijklmnopqrstuvwxyz./_:?#%=+*$,;()[]@!&";

/// Keys of an AIM identifier that a scanner may put in front.
const AIM: usize = 3;

/// Keys that type: their places, each with what it types on the US layout, plain and with Shift.
const KEYS: [(&str, char, char); 63] = [
    ("KeyA", 'a', 'A'),
    ("KeyB", 'b', 'B'),
    ("KeyC", 'c', 'C'),
    ("KeyD", 'd', 'D'),
    ("KeyE", 'e', 'E'),
    ("KeyF", 'f', 'F'),
    ("KeyG", 'g', 'G'),
    ("KeyH", 'h', 'H'),
    ("KeyI", 'i', 'I'),
    ("KeyJ", 'j', 'J'),
    ("KeyK", 'k', 'K'),
    ("KeyL", 'l', 'L'),
    ("KeyM", 'm', 'M'),
    ("KeyN", 'n', 'N'),
    ("KeyO", 'o', 'O'),
    ("KeyP", 'p', 'P'),
    ("KeyQ", 'q', 'Q'),
    ("KeyR", 'r', 'R'),
    ("KeyS", 's', 'S'),
    ("KeyT", 't', 'T'),
    ("KeyU", 'u', 'U'),
    ("KeyV", 'v', 'V'),
    ("KeyW", 'w', 'W'),
    ("KeyX", 'x', 'X'),
    ("KeyY", 'y', 'Y'),
    ("KeyZ", 'z', 'Z'),
    ("Digit0", '0', ')'),
    ("Digit1", '1', '!'),
    ("Digit2", '2', '@'),
    ("Digit3", '3', '#'),
    ("Digit4", '4', '$'),
    ("Digit5", '5', '%'),
    ("Digit6", '6', '^'),
    ("Digit7", '7', '&'),
    ("Digit8", '8', '*'),
    ("Digit9", '9', '('),
    ("Space", ' ', ' '),
    ("Minus", '-', '_'),
    ("Equal", '=', '+'),
    ("BracketLeft", '[', '{'),
    ("BracketRight", ']', '}'),
    ("Backslash", '\\', '|'),
    ("IntlBackslash", '\\', '|'),
    ("Semicolon", ';', ':'),
    ("Quote", '\'', '"'),
    ("Backquote", '`', '~'),
    ("Comma", ',', '<'),
    ("Period", '.', '>'),
    ("Slash", '/', '?'),
    ("Numpad0", '0', '0'),
    ("Numpad1", '1', '1'),
    ("Numpad2", '2', '2'),
    ("Numpad3", '3', '3'),
    ("Numpad4", '4', '4'),
    ("Numpad5", '5', '5'),
    ("Numpad6", '6', '6'),
    ("Numpad7", '7', '7'),
    ("Numpad8", '8', '8'),
    ("Numpad9", '9', '9'),
    ("NumpadSubtract", '-', '-'),
    ("NumpadDivide", '/', '/'),
    ("NumpadDecimal", '.', '.'),
    ("NumpadAdd", '+', '+'),
];

/// A key that types, with what is held with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Press {
    /// Its place among [`KEYS`].
    key: u8,
    shift: bool,
    alt: bool,
}

impl Press {
    pub(super) fn of(code: &str, shift: bool, alt: bool) -> Option<Self> {
        let key = KEYS.iter().position(|(known, ..)| *known == code)?;
        Some(Self { key: u8::try_from(key).ok()?, shift, alt })
    }

    /// What it types on the US layout.
    fn on_us(self) -> Option<char> {
        let (_, plain, shifted) = KEYS.get(usize::from(self.key))?;
        (!self.alt).then_some(if self.shift { *shifted } else { *plain })
    }
}

/// The characters of a scanner's keys; the US layout unless another was learned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layout(BTreeMap<Press, char>);

impl Layout {
    /// Most bytes of [`Layout::text`].
    pub const MAX_LEN: usize = 4096;

    /// The layout of a scanner that typed the calibration code like this.
    pub(super) fn of_calibration(presses: &[Press]) -> Option<Self> {
        let length = CALIBRATION.chars().count();
        let presses = match presses.len().checked_sub(length)? {
            0 => presses,
            AIM => &presses[AIM..],
            _ => return None,
        };
        let (mut chars, mut keys) = (BTreeMap::new(), BTreeMap::new());
        for (press, c) in presses.iter().zip(CALIBRATION.chars()) {
            if *chars.entry(*press).or_insert(c) != c || *keys.entry(c).or_insert(*press) != *press
            {
                return None;
            }
        }
        Some(Self(chars))
    }

    pub(super) fn typed(&self, press: Press) -> Option<char> {
        self.0.get(&press).copied().or_else(|| press.on_us())
    }

    /// The layout as the keys of the calibration code, to be kept; empty for the US layout as it
    /// comes.
    pub fn text(&self) -> String {
        let key_of = |c| self.0.iter().find(|(_, known)| **known == c).map(|(press, _)| *press);
        let word = |press: Press| {
            let (code, ..) = KEYS.get(usize::from(press.key))?;
            let held = |held: bool, name| if held { name } else { "" };
            Some(format!("{code}{}{}", held(press.shift, "+Shift"), held(press.alt, "+Alt")))
        };
        let words: Vec<String> = CALIBRATION.chars().filter_map(key_of).filter_map(word).collect();
        words.join(" ")
    }

    /// The layout of a text that was kept; none where it is no such text.
    pub fn of_text(text: &str) -> Option<Self> {
        if text.len() > Self::MAX_LEN {
            return None;
        }
        let press = |word: &str| {
            let (word, alt) = word.strip_suffix("+Alt").map_or((word, false), |word| (word, true));
            let (code, shift) =
                word.strip_suffix("+Shift").map_or((word, false), |word| (word, true));
            Press::of(code, shift, alt)
        };
        let presses: Option<Vec<Press>> = text.split_whitespace().map(press).collect();
        Self::of_calibration(&presses?)
    }
}
