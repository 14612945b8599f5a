//! The bit stream of a code (ISO/IEC 18004, 7.4): modes, counts and content.

use super::charset;

/// What a code says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Content {
    /// Content in its own encoding.
    pub(crate) bytes: Vec<u8>,
    /// The same as text, if it is text.
    pub(crate) text: Option<String>,
    /// Extended channel interpretation that the code names, the first if several.
    pub(crate) eci: Option<u32>,
    /// Modifier of the symbology identifier (annex F): `1` to `6`.
    pub(crate) modifier: u8,
    /// Whether the stream ended and was padded as the standard has it.
    pub(crate) padded: bool,
}

/// Why a stream is not content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StreamError {
    /// A mode that no code has.
    Mode(u32),
    /// Fewer bits than its count calls for.
    Short,
    /// A group of digits or characters of too large a value.
    Value,
}

const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Reads corrected words.
pub(crate) fn read(words: &[u8], version: usize) -> Result<Content, StreamError> {
    let mut bits = Bits { words, at: 0 };
    let mut content = Content::default();
    let mut parts = charset::Parts::default();
    // Function 1 in the first (GS1) or second position (an industry's own).
    let (mut first, mut second) = (false, false);
    let band = usize::from(version >= 10) + usize::from(version >= 27);
    while bits.left() >= 4 {
        let start = content.bytes.len();
        match bits.take(4)? {
            0 => break,
            1 => digits(&mut bits, [10, 12, 14][band], &mut content.bytes)?,
            2 => {
                let functions = first || second;
                alphanumeric(&mut bits, [9, 11, 13][band], functions, &mut content.bytes)?;
            }
            3 => _ = bits.take(16)?,
            4 => {
                let count = bits.count([8, 16, 16][band], 8)?;
                for _ in 0..count {
                    content.bytes.push(bits.take(8)? as u8);
                }
            }
            5 => first = true,
            7 => {
                let eci = designator(&mut bits)?;
                content.eci.get_or_insert(eci);
                parts.begin(eci, start);
            }
            8 => {
                kanji(&mut bits, [8, 10, 12][band], &mut content.bytes)?;
                parts.kanji(start, content.bytes.len());
            }
            9 => {
                second = true;
                bits.take(8)?;
            }
            mode => return Err(StreamError::Mode(mode)),
        }
    }
    content.padded = bits.padded();
    let plain = 1 + u8::from(content.eci.is_some());
    content.modifier = plain + if first { 2 } else { 4 * u8::from(second) };
    content.text = parts.text(&content.bytes);
    Ok(content)
}

struct Bits<'a> {
    words: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn left(&self) -> usize {
        self.words.len() * 8 - self.at
    }

    fn take(&mut self, count: usize) -> Result<u32, StreamError> {
        if self.left() < count {
            return Err(StreamError::Short);
        }
        let mut value = 0;
        for _ in 0..count {
            let bit = self.words[self.at / 8] >> (7 - self.at % 8) & 1;
            value = value << 1 | u32::from(bit);
            self.at += 1;
        }
        Ok(value)
    }

    /// A count of characters that are at least `least` bits each, if so many are left.
    fn count(&mut self, width: usize, least: usize) -> Result<usize, StreamError> {
        let count = self.take(width)? as usize;
        if self.left() < count * least { Err(StreamError::Short) } else { Ok(count) }
    }

    /// Whether only padding is left (7.4.10): zeros to the next word, then 0xEC and 0x11 in turn.
    fn padded(&mut self) -> bool {
        let rest = 8 - self.at % 8;
        let filled = rest == 8 || self.take(rest) == Ok(0);
        let pads = self.words[self.at / 8..].iter().zip([0xec, 0x11].iter().cycle());
        filled && pads.into_iter().all(|(word, pad)| word == pad)
    }
}

fn digits(bits: &mut Bits<'_>, width: usize, out: &mut Vec<u8>) -> Result<(), StreamError> {
    let mut count = bits.count(width, 3)?;
    while count > 0 {
        let (length, size, limit) = [(1, 4, 10), (2, 7, 100), (3, 10, 1000)][count.min(3) - 1];
        let value = bits.take(size)?;
        if value >= limit {
            return Err(StreamError::Value);
        }
        for place in (0..length).rev() {
            out.push(b'0' + (value / 10u32.pow(place) % 10) as u8);
        }
        count -= length as usize;
    }
    Ok(())
}

/// With function 1 in play `%` stands for the separator and `%%` for itself (7.4.8.2).
fn alphanumeric(
    bits: &mut Bits<'_>,
    width: usize,
    functions: bool,
    out: &mut Vec<u8>,
) -> Result<(), StreamError> {
    let (count, start) = (bits.count(width, 5)?, out.len());
    for _ in 0..count / 2 {
        let value = bits.take(11)? as usize;
        let first = ALPHANUMERIC.get(value / 45).ok_or(StreamError::Value)?;
        out.extend([*first, ALPHANUMERIC[value % 45]]);
    }
    if count % 2 == 1 {
        let value = bits.take(6)? as usize;
        out.push(*ALPHANUMERIC.get(value).ok_or(StreamError::Value)?);
    }
    if functions {
        let (mut read, mut write) = (start, start);
        while read < out.len() {
            let percent = out[read] == b'%';
            let twice = percent && out.get(read + 1) == Some(&b'%');
            out[write] = if percent && !twice { crate::gs1::GS as u8 } else { out[read] };
            read += 1 + usize::from(twice);
            write += 1;
        }
        out.truncate(write);
    }
    Ok(())
}

fn kanji(bits: &mut Bits<'_>, width: usize, out: &mut Vec<u8>) -> Result<(), StreamError> {
    for _ in 0..bits.count(width, 13)? {
        let value = bits.take(13)?;
        let packed = ((value / 0xc0) << 8) | (value % 0xc0);
        let code = packed + if packed < 0x1f00 { 0x8140 } else { 0xc140 };
        out.extend((code as u16).to_be_bytes());
    }
    Ok(())
}

/// An ECI designator of one to three words (7.4.2.2).
fn designator(bits: &mut Bits<'_>) -> Result<u32, StreamError> {
    let first = bits.take(8)?;
    match first {
        0..=0x7f => Ok(first),
        0x80..=0xbf => Ok((first & 0x3f) << 8 | bits.take(8)?),
        0xc0..=0xdf => Ok((first & 0x1f) << 16 | bits.take(16)?),
        _ => Err(StreamError::Value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_mode_that_no_code_has_is_refused() {
        assert_eq!(read(&[0xf0, 0], 1), Err(StreamError::Mode(15)));
    }

    #[test]
    fn a_count_beyond_the_words_is_refused() {
        assert_eq!(read(&[0x4f, 0xf0, 1, 2], 1), Err(StreamError::Short));
    }

    #[test]
    fn a_group_of_digits_is_below_a_thousand() {
        // Numeric, three digits, 1023.
        assert_eq!(read(&[0b0001_0000, 0b0000_1111, 0b1111_1111, 0], 1), Err(StreamError::Value));
    }

    #[test]
    fn padding_is_looked_at() {
        let words = [0x40, 0x14, 0x10, 0xec, 0x11, 0xec];
        let content = read(&words, 1).unwrap();
        assert_eq!((&content.bytes[..], content.padded, content.modifier), (&b"A"[..], true, 1));
        assert!(!read(&[0x40, 0x14, 0x10, 0xec, 0x12], 1).unwrap().padded);
    }

    proptest! {
        #[test]
        fn arbitrary_words_never_panic(words in prop::collection::vec(any::<u8>(), 0..300), version in 1usize..=40) {
            _ = read(&words, version);
        }
    }
}
