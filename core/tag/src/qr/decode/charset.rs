//! Text of a code's bytes: named by an ECI, or guessed as other readers guess it.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GB18030, ISO_8859_2, ISO_8859_3, ISO_8859_4, ISO_8859_5, ISO_8859_6,
    ISO_8859_7, ISO_8859_10, ISO_8859_13, ISO_8859_14, ISO_8859_15, ISO_8859_16, SHIFT_JIS, UTF_8,
    UTF_16BE, WINDOWS_874, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256,
};

/// Most parts of different encodings; a stream with more has no text, only bytes.
const PARTS: usize = 64;

/// Where each encoding begins.
#[derive(Debug, Default)]
pub(super) struct Parts {
    eci: Vec<(u32, usize)>,
    kanji: Vec<(usize, usize)>,
}

impl Parts {
    /// From here on an ECI holds.
    pub(super) fn begin(&mut self, eci: u32, start: usize) {
        if self.eci.len() < PARTS {
            self.eci.push((eci, start));
        }
    }

    /// These bytes come from kanji mode and are Shift JIS.
    pub(super) fn kanji(&mut self, start: usize, end: usize) {
        if self.kanji.len() < PARTS {
            self.kanji.push((start, end));
        }
    }

    /// Text of the bytes; `None` where an encoding is unknown or does not fit.
    pub(super) fn text(&self, bytes: &[u8]) -> Option<String> {
        if self.eci.is_empty() {
            return if self.kanji.is_empty() { Some(guessed(bytes)) } else { self.mixed(bytes) };
        }
        let mut text = guessed(&bytes[..self.eci[0].1]);
        for (i, (eci, start)) in self.eci.iter().enumerate() {
            let end = self.eci.get(i + 1).map_or(bytes.len(), |next| next.1);
            text += &decoded(encoding(*eci)?, bytes.get(*start..end)?)?;
        }
        Some(text)
    }

    /// Kanji between other parts, each guessed for itself.
    fn mixed(&self, bytes: &[u8]) -> Option<String> {
        if let Some(text) = decoded(SHIFT_JIS, bytes) {
            return Some(text);
        }
        let (mut text, mut at) = (String::new(), 0);
        for (start, end) in &self.kanji {
            text += &guessed(bytes.get(at..*start)?);
            text += &decoded(SHIFT_JIS, bytes.get(*start..*end)?)?;
            at = *end;
        }
        text += &guessed(bytes.get(at..)?);
        Some(text)
    }
}

/// Encoding of an ECI (AIM ITS/04-023).
fn encoding(eci: u32) -> Option<&'static Encoding> {
    Some(match eci {
        0..=3 | 23 => WINDOWS_1252,
        4 => ISO_8859_2,
        5 => ISO_8859_3,
        6 => ISO_8859_4,
        7 => ISO_8859_5,
        8 => ISO_8859_6,
        9 => ISO_8859_7,
        11 => WINDOWS_1254,
        12 => ISO_8859_10,
        13 => WINDOWS_874,
        15 => ISO_8859_13,
        16 => ISO_8859_14,
        17 => ISO_8859_15,
        18 => ISO_8859_16,
        20 => SHIFT_JIS,
        10 => WINDOWS_1255,
        21 => WINDOWS_1250,
        22 => WINDOWS_1251,
        24 => WINDOWS_1256,
        25 => UTF_16BE,
        26 | 27 | 170 => UTF_8,
        28 => BIG5,
        29 | 31 | 32 => GB18030,
        30 => EUC_KR,
        _ => return None,
    })
}

fn decoded(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(text.into_owned())
}

/// UTF-8 if it is that, as the standard's Latin-1 hardly ever is; else what fits of Shift JIS and
/// GB 18030, in which codes without an ECI are printed; else Latin-1, which fits anything.
fn guessed(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let wide = bytes.windows(2).filter(|pair| pair[0] >= 0x80 && pair[1] >= 0x40).count();
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let mut guesses = [SHIFT_JIS, GB18030].into_iter();
    let fits =
        if 2 * wide >= high { guesses.find_map(|guess| decoded(guess, bytes)) } else { None };
    fits.unwrap_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_guessed_where_no_encoding_is_named() {
        assert_eq!(guessed("酒 ä".as_bytes()), "酒 ä");
        assert_eq!(guessed(&[0x8e, 0xf0]), "酒");
        assert_eq!(guessed(b"caf\xe9 au lait"), "café au lait");
    }

    #[test]
    fn an_encoding_that_is_named_is_used() {
        let mut parts = Parts::default();
        parts.begin(29, 0);
        assert_eq!(parts.text(&[0xbe, 0xc6]).as_deref(), Some("酒"));
        parts.begin(999, 2);
        assert_eq!(parts.text(&[0xbe, 0xc6]), None);
    }
}
