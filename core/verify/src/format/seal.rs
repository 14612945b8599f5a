//! The seal: what the printed code carries, and the number for typing beneath it.
//!
//! `https://HOST/s#` + base64url (RFC 4648, section 5, no padding) of 39 bytes:
//!
//! | bytes | what |
//! |---|---|
//! | 0 | version, 1 |
//! | 1..9 | short ledger id |
//! | 9..17 | lot id |
//! | 17..21 | index in the lot, big-endian |
//! | 21..37 | secret |
//! | 37..39 | CRC-16/IBM-3740 of bytes 0..37, big-endian |
//!
//! The fragment never reaches a web server and HOST carries no trust.

use super::ids::{LedgerId, LotId, ShortLedgerId};
use crate::hash::{Hash32, tagged, tags};
use alloc::string::String;
use base64ct::{Base64UrlUnpadded, Encoding};

/// Characters of a fragment.
pub const FRAGMENT_LEN: usize = 52;
const BYTES: usize = 39;
const VERSION: u8 = 1;

/// The random 128 bits that only a live scan of the seal carries.
///
/// Never stored, logged or sent; [`Secret::inner`] is what outlives the scan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Secret(pub [u8; 16]);

impl core::fmt::Debug for Secret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// The hash that proves that the code was scanned and cannot be turned back into a label.
    pub fn inner(&self) -> InnerHash {
        InnerHash(tagged(&tags::SECRET, &[&self.0]))
    }
}

/// Hash of a seal's secret: kept in history, bundles, packs and reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InnerHash(pub Hash32);

/// The commitment that the record of an item holds.
pub fn commitment(ledger: &LedgerId, lot: &LotId, index: u32, inner: &InnerHash) -> Hash32 {
    tagged(&tags::COMMITMENT, &[&ledger.0, &lot.0, &index.to_be_bytes(), &inner.0.0])
}

/// What a printed seal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealCode {
    /// Which ledger, shortened.
    pub ledger: ShortLedgerId,
    /// Which lot.
    pub lot: LotId,
    /// Which item of the lot, from 0.
    pub index: u32,
    /// What makes the seal hard to invent.
    pub secret: Secret,
}

/// Why a fragment or number is not read; a reading problem, never a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealError {
    /// Not as many characters as a seal has.
    Length {
        /// Characters found.
        got: usize,
        /// Characters of a seal.
        expected: usize,
    },
    /// A character outside the alphabet, or bits that no seal has.
    Alphabet,
    /// A version that this build does not know: the app is too old.
    UnknownVersion {
        /// Version found.
        got: u8,
    },
    /// The check value does not fit: damaged or mistyped.
    Checksum,
}

impl core::fmt::Display for SealError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Length { got, expected } => write!(f, "{got} characters, a seal has {expected}"),
            Self::Alphabet => f.write_str("a character that no seal has"),
            Self::UnknownVersion { got } => write!(f, "seal version {got} is newer than this app"),
            Self::Checksum => f.write_str("the check value does not fit: damaged or mistyped"),
        }
    }
}

impl core::error::Error for SealError {}

impl SealCode {
    /// Reads the part after `#`.
    ///
    /// # Errors
    /// [`SealError::Length`], [`SealError::Alphabet`] and [`SealError::Checksum`] for what is no
    /// fragment or a damaged one, and [`SealError::UnknownVersion`] for one that a newer program
    /// reads.
    pub fn decode_fragment(fragment: &str) -> Result<Self, SealError> {
        if fragment.len() != FRAGMENT_LEN {
            return Err(SealError::Length { got: fragment.len(), expected: FRAGMENT_LEN });
        }
        let mut bytes = [0u8; BYTES];
        Base64UrlUnpadded::decode(fragment, &mut bytes).map_err(|_| SealError::Alphabet)?;
        let [check @ .., high, low] = &bytes;
        if crc16(check) != u16::from_be_bytes([*high, *low]) {
            return Err(SealError::Checksum);
        }
        if bytes[0] != VERSION {
            return Err(SealError::UnknownVersion { got: bytes[0] });
        }
        Ok(Self {
            ledger: ShortLedgerId(part(&bytes, 1)),
            lot: LotId(part(&bytes, 9)),
            index: u32::from_be_bytes(part(&bytes, 17)),
            secret: Secret(part(&bytes, 21)),
        })
    }

    /// The part after `#`, 52 characters.
    pub fn fragment(&self) -> String {
        let mut bytes = [0u8; BYTES];
        bytes[0] = VERSION;
        bytes[1..9].copy_from_slice(&self.ledger.0);
        bytes[9..17].copy_from_slice(&self.lot.0);
        bytes[17..21].copy_from_slice(&self.index.to_be_bytes());
        bytes[21..37].copy_from_slice(&self.secret.0);
        let check = crc16(&bytes[..37]);
        bytes[37..].copy_from_slice(&check.to_be_bytes());
        Base64UrlUnpadded::encode_string(&bytes)
    }
}

/// The number for typing: finds the record, has no secret.
///
/// 20 characters of Crockford base32 (96 bits with 4 zero bits in front: lot id, index) and
/// Crockford's check symbol (modulo 37). Upper case; `I` and `L` read as 1, `O` as 0; hyphens and
/// spaces are passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedNumber {
    /// Which lot.
    pub lot: LotId,
    /// Which item of the lot, from 0.
    pub index: u32,
}

const CROCKFORD: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";
const NUMBER_LEN: usize = 21;

impl TypedNumber {
    /// Reads a typed number; separators may stand anywhere.
    ///
    /// # Errors
    /// [`SealError::Length`], [`SealError::Alphabet`] for a character or a number that no seal has,
    /// and [`SealError::Checksum`] for a slip.
    pub fn decode(text: &str) -> Result<Self, SealError> {
        if text.len() > 64 {
            return Err(SealError::Length { got: text.len(), expected: NUMBER_LEN });
        }
        let mut symbols = [0u8; NUMBER_LEN];
        let mut got = 0;
        for c in text.chars().filter(|c| !matches!(c, '-' | ' ')) {
            let symbol = crockford(c).ok_or(SealError::Alphabet)?;
            if let Some(slot) = symbols.get_mut(got) {
                *slot = symbol;
            }
            got += 1;
        }
        if got != NUMBER_LEN {
            return Err(SealError::Length { got, expected: NUMBER_LEN });
        }
        let [digits @ .., check] = symbols;
        if digits.iter().any(|digit| *digit > 31) {
            return Err(SealError::Alphabet);
        }
        let value = digits.iter().fold(0u128, |value, digit| value << 5 | u128::from(*digit));
        if value % 37 != u128::from(check) {
            return Err(SealError::Checksum);
        }
        if value >> 96 != 0 {
            return Err(SealError::Alphabet);
        }
        let bytes = value.to_be_bytes();
        Ok(Self { lot: LotId(part(&bytes, 4)), index: u32::from_be_bytes(part(&bytes, 12)) })
    }

    /// The number as printed: four groups of five and the check symbol.
    pub fn text(&self) -> String {
        let mut bytes = [0u8; 16];
        bytes[4..12].copy_from_slice(&self.lot.0);
        bytes[12..].copy_from_slice(&self.index.to_be_bytes());
        let value = u128::from_be_bytes(bytes);
        let mut text = String::with_capacity(25);
        for digit in 0..20 {
            if digit > 0 && digit % 5 == 0 {
                text.push('-');
            }
            let symbol = (value >> (5 * (19 - digit)) & 31) as usize;
            text.push(char::from(CROCKFORD[symbol]));
        }
        text.push('-');
        text.push(char::from(CROCKFORD[(value % 37) as usize]));
        text
    }
}

/// A Crockford symbol's value, 0 to 36; values above 31 are check symbols only.
fn crockford(c: char) -> Option<u8> {
    let c = match c.to_ascii_uppercase() {
        'I' | 'L' => '1',
        'O' => '0',
        other => other,
    };
    CROCKFORD.iter().position(|symbol| char::from(*symbol) == c).map(|at| at as u8)
}

/// CRC-16/IBM-3740: polynomial 0x1021, initial value 0xFFFF, not reflected.
fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            if crc & 0x8000 != 0 { crc << 1 ^ 0x1021 } else { crc << 1 }
        })
    })
}

fn part<const N: usize>(bytes: &[u8], from: usize) -> [u8; N] {
    core::array::from_fn(|i| bytes[from + i])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> SealCode {
        SealCode {
            ledger: ShortLedgerId([1; 8]),
            lot: LotId([2; 8]),
            index: 0x0304_0506,
            secret: Secret([7; 16]),
        }
    }

    #[test]
    fn crc16_has_its_published_value() {
        // CRC catalogue (reveng), CRC-16/IBM-3740: check value of "123456789".
        assert_eq!(crc16(b"123456789"), 0x29B1);
    }

    #[test]
    fn a_seal_comes_back_the_same() {
        let fragment = code().fragment();
        assert_eq!(fragment.len(), FRAGMENT_LEN);
        assert_eq!(SealCode::decode_fragment(&fragment), Ok(code()));
    }

    #[test]
    fn every_changed_character_is_a_reading_problem() {
        let fragment = code().fragment();
        for at in 0..fragment.len() {
            let mut text = fragment.clone().into_bytes();
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(text).unwrap();
            assert!(SealCode::decode_fragment(&text).is_err(), "character {at}");
        }
    }

    #[test]
    fn a_newer_seal_says_that_the_app_is_too_old() {
        let mut bytes = [0u8; BYTES];
        bytes[0] = 2;
        let check = crc16(&bytes[..37]);
        bytes[37..].copy_from_slice(&check.to_be_bytes());
        let fragment = Base64UrlUnpadded::encode_string(&bytes);
        assert_eq!(SealCode::decode_fragment(&fragment), Err(SealError::UnknownVersion { got: 2 }));
    }

    #[test]
    fn a_number_comes_back_the_same_and_forgives_look_alikes() {
        let number = TypedNumber { lot: LotId([0x21; 8]), index: 9 };
        let text = number.text();
        assert_eq!(text.len(), 25);
        assert_eq!(TypedNumber::decode(&text), Ok(number));
        let sloppy = text.to_lowercase().replace('1', "l").replace('0', "o").replace('-', " ");
        assert_eq!(TypedNumber::decode(&sloppy), Ok(number));
    }

    #[test]
    fn every_single_slip_in_a_number_is_noticed() {
        let text = TypedNumber { lot: LotId(*b"Reverie!"), index: 77 }.text();
        for at in (0..text.len()).filter(|at| text.as_bytes()[*at] != b'-') {
            for symbol in CROCKFORD.iter().filter(|symbol| **symbol != text.as_bytes()[at]) {
                let mut slip = text.clone().into_bytes();
                slip[at] = *symbol;
                let slip = String::from_utf8(slip).unwrap();
                assert!(TypedNumber::decode(&slip).is_err(), "{slip}");
            }
        }
    }

    #[test]
    fn two_swapped_neighbours_in_a_number_are_noticed() {
        let text = TypedNumber { lot: LotId(*b"Reverie!"), index: 77 }.text().replace('-', "");
        for at in 0..19 {
            let mut slip = text.clone().into_bytes();
            if slip[at] != slip[at + 1] {
                slip.swap(at, at + 1);
                let slip = String::from_utf8(slip).unwrap();
                assert!(TypedNumber::decode(&slip).is_err(), "{slip}");
            }
        }
    }

    #[test]
    fn a_secret_never_prints() {
        assert_eq!(alloc::format!("{:?}", code().secret), "Secret(..)");
    }
}
