//! Electronic product codes: GS1 EPC Tag Data Standard (TDS) 1.13, sections 6, 7, 12 and 14.
//!
//! Read are pure identities and tag URIs of SGTIN, SSCC and SGLN, and their 96-bit binary forms.
//! The longer binary forms and the `+` schemes of TDS 2 are not.

use crate::gs1::mod10;
use crate::uri::unescape;
use std::fmt;

/// Most bytes of a URN that is looked at.
pub const MAX_URN: usize = 256;

/// What an EPC names, as GS1 numbers with their check digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Epc {
    /// One item of a trade item number.
    Sgtin {
        /// 14 digits.
        gtin: String,
        /// 1 to 20 characters.
        serial: String,
    },
    /// A logistic unit.
    Sscc {
        /// 18 digits.
        sscc: String,
    },
    /// A place.
    Sgln {
        /// 13 digits.
        gln: String,
        /// A place within it.
        extension: Option<String>,
    },
}

/// Why bytes or text are not an EPC that is read here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpcError {
    /// Not 96 bits, or a URN longer than [`MAX_URN`].
    Length {
        /// Bytes found.
        got: usize,
        /// Bytes expected, or most bytes.
        expected: usize,
    },
    /// Characters that are no hex.
    Hex,
    /// A binary header of another scheme.
    Header {
        /// First byte.
        got: u8,
    },
    /// A partition value that splits nothing.
    Partition {
        /// Value found.
        got: u8,
    },
    /// A number with more digits than its field has.
    Overflow,
    /// Bits set behind the end.
    Padding,
    /// A URN of another scheme.
    Scheme,
    /// Not as many fields as the scheme has.
    Fields {
        /// Fields found.
        got: usize,
        /// Fields expected.
        expected: usize,
    },
    /// Company prefix and reference that are not digits, or do not make up the number's length.
    Digits {
        /// Characters found.
        got: usize,
        /// Digits expected.
        expected: usize,
    },
    /// A company prefix that has not 6 to 12 digits.
    CompanyPrefix,
    /// A filter value that is not 0 to 7.
    Filter,
    /// A serial number or extension of wrong length or characters.
    Serial,
}

impl fmt::Display for EpcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { got, expected } => write!(f, "{got} bytes, {expected} expected"),
            Self::Hex => f.write_str("not hexadecimal digits"),
            Self::Header { got } => write!(f, "EPC header {got:02x} is not read here"),
            Self::Partition { got } => write!(f, "EPC partition {got}, 0 to 6 expected"),
            Self::Overflow => f.write_str("a number too large for its EPC field"),
            Self::Padding => f.write_str("bits set after the end of the EPC"),
            Self::Scheme => f.write_str("an EPC scheme that is not read here"),
            Self::Fields { got, expected } => write!(f, "{got} EPC fields, {expected} expected"),
            Self::Digits { got, expected } => write!(f, "{got} digits, {expected} expected"),
            Self::CompanyPrefix => f.write_str("a company prefix has 6 to 12 digits"),
            Self::Filter => f.write_str("an EPC filter is 0 to 7"),
            Self::Serial => f.write_str("not a serial number"),
        }
    }
}

impl std::error::Error for EpcError {}

impl Epc {
    /// Decodes the 96 bits of a tag's EPC memory behind its protocol control word (TDS 14.6).
    ///
    /// # Errors
    /// [`EpcError::Length`] for other than 12 bytes, [`EpcError::Header`], [`EpcError::Partition`],
    /// [`EpcError::Overflow`], and [`EpcError::Padding`] for bits behind an SSCC.
    pub fn decode(bytes: &[u8]) -> Result<Self, EpcError> {
        let error = EpcError::Length { got: bytes.len(), expected: 12 };
        let bytes = <[u8; 12]>::try_from(bytes).map_err(|_| error)?;
        let mut bits =
            Bits { value: bytes.iter().fold(0, |v, b| v << 8 | u128::from(*b)), left: 96 };
        let header = bits.take(8) as u8;
        let scheme = match header {
            0x30 => Scheme::Sgtin,
            0x31 => Scheme::Sscc,
            0x32 => Scheme::Sgln,
            got => return Err(EpcError::Header { got }),
        };
        let _filter = bits.take(3);
        let partition = bits.take(3);
        let row = PREFIX_BITS.get(partition as usize);
        let prefix_bits = *row.ok_or(EpcError::Partition { got: partition as u8 })?;
        let prefix_len = 12 - partition as usize;
        let reference_len = scheme.digits() - prefix_len;
        let prefix = fixed_digits(bits.take(prefix_bits), prefix_len)?;
        let reference = fixed_digits(bits.take(scheme.body_bits() - prefix_bits), reference_len)?;
        match scheme {
            Scheme::Sscc if bits.take(24) != 0 => Err(EpcError::Padding),
            Scheme::Sscc => scheme.build(&prefix, &reference, ""),
            Scheme::Sgtin | Scheme::Sgln => {
                let serial = bits.take(bits.left).to_string();
                scheme.build(&prefix, &reference, &serial)
            }
        }
    }

    /// Decodes the same from hex, in upper or lower case.
    ///
    /// # Errors
    /// Those of [`Epc::decode`], and [`EpcError::Hex`].
    pub fn from_hex(text: &str) -> Result<Self, EpcError> {
        if text.len() != 24 {
            return Err(EpcError::Length { got: text.len().div_ceil(2), expected: 12 });
        }
        let byte = |pair: &[u8]| Some(crate::uri::hex(pair[0])? << 4 | crate::uri::hex(pair[1])?);
        let bytes: Option<Vec<u8>> = text.as_bytes().chunks_exact(2).map(byte).collect();
        Self::decode(&bytes.ok_or(EpcError::Hex)?)
    }

    /// Reads `urn:epc:id:...` (TDS 6) and `urn:epc:tag:...` (TDS 12).
    ///
    /// # Errors
    /// [`EpcError::Length`] for more than [`MAX_URN`] bytes, [`EpcError::Scheme`], and
    /// [`EpcError::Fields`], [`EpcError::Filter`], [`EpcError::CompanyPrefix`],
    /// [`EpcError::Digits`] or [`EpcError::Serial`] for fields that do not fit it.
    pub fn parse(urn: &str) -> Result<Self, EpcError> {
        if urn.len() > MAX_URN {
            return Err(EpcError::Length { got: urn.len(), expected: MAX_URN });
        }
        let start = urn.get(..8).filter(|start| start.eq_ignore_ascii_case("urn:epc:"));
        let rest = &urn[start.ok_or(EpcError::Scheme)?.len()..];
        let (kind, rest) = rest.split_once(':').ok_or(EpcError::Scheme)?;
        let (name, body) = rest.split_once(':').ok_or(EpcError::Scheme)?;
        let (scheme, tagged) = match (kind, name) {
            ("id", "sgtin") => (Scheme::Sgtin, false),
            ("id", "sscc") => (Scheme::Sscc, false),
            ("id", "sgln") => (Scheme::Sgln, false),
            ("tag", "sgtin-96" | "sgtin-198") => (Scheme::Sgtin, true),
            ("tag", "sscc-96") => (Scheme::Sscc, true),
            ("tag", "sgln-96" | "sgln-195") => (Scheme::Sgln, true),
            _ => return Err(EpcError::Scheme),
        };
        let expected = scheme.fields() + usize::from(tagged);
        let mut fields: Vec<&str> = body.split('.').collect();
        // A serial number may have full stops of its own.
        if scheme != Scheme::Sscc {
            fields = body.splitn(expected, '.').collect();
        }
        if fields.len() != expected {
            return Err(EpcError::Fields { got: fields.len(), expected });
        }
        if tagged && !matches!(fields.remove(0).as_bytes(), [b'0'..=b'7']) {
            return Err(EpcError::Filter);
        }
        let serial = fields.get(2).copied().unwrap_or_default();
        scheme.build(fields[0], fields[1], &unescape(serial).ok_or(EpcError::Serial)?)
    }
}

/// Bits of the company prefix by partition, 0 first (TDS tables 14-2, 14-5, 14-7).
const PREFIX_BITS: [u32; 7] = [40, 37, 34, 30, 27, 24, 20];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Sgtin,
    Sscc,
    Sgln,
}

impl Scheme {
    /// Digits of company prefix and reference together.
    fn digits(self) -> usize {
        match self {
            Self::Sgtin => 13,
            Self::Sscc => 17,
            Self::Sgln => 12,
        }
    }

    /// Bits of company prefix and reference together.
    fn body_bits(self) -> u32 {
        match self {
            Self::Sgtin => 44,
            Self::Sscc => 58,
            Self::Sgln => 41,
        }
    }

    fn fields(self) -> usize {
        if self == Self::Sscc { 2 } else { 3 }
    }

    fn build(self, prefix: &str, reference: &str, serial: &str) -> Result<Epc, EpcError> {
        if !(6..=12).contains(&prefix.len()) {
            return Err(EpcError::CompanyPrefix);
        }
        let (got, expected) = (prefix.len() + reference.len(), self.digits());
        if got != expected || !prefix.bytes().chain(reference.bytes()).all(|c| c.is_ascii_digit()) {
            return Err(EpcError::Digits { got, expected });
        }
        // The first digit of the reference, indicator or extension, goes before the prefix.
        let (first, rest) = reference.split_at(usize::from(self != Self::Sgln));
        let mut number = format!("{first}{prefix}{rest}");
        number.push(mod10(&number));
        Ok(match self {
            Self::Sgtin => Epc::Sgtin { gtin: number, serial: serial_text(serial)? },
            Self::Sscc => Epc::Sscc { sscc: number },
            Self::Sgln if serial == "0" => Epc::Sgln { gln: number, extension: None },
            Self::Sgln => Epc::Sgln { gln: number, extension: Some(serial_text(serial)?) },
        })
    }
}

/// A serial number obeys the rules of AI (21), which are those of (254) too.
fn serial_text(serial: &str) -> Result<String, EpcError> {
    crate::gs1::Element::new("21", serial).map_err(|_| EpcError::Serial)?;
    Ok(serial.to_owned())
}

struct Bits {
    value: u128,
    left: u32,
}

impl Bits {
    /// The next bits, at most as many as are left.
    fn take(&mut self, count: u32) -> u64 {
        self.left = self.left.saturating_sub(count);
        (self.value >> self.left & ((1 << count) - 1)) as u64
    }
}

fn fixed_digits(value: u64, len: usize) -> Result<String, EpcError> {
    if len == 0 {
        return if value == 0 { Ok(String::new()) } else { Err(EpcError::Overflow) };
    }
    let text = format!("{value:0len$}");
    if text.len() == len { Ok(text) } else { Err(EpcError::Overflow) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sgtin(gtin: &str, serial: &str) -> Result<Epc, EpcError> {
        Ok(Epc::Sgtin { gtin: gtin.to_owned(), serial: serial.to_owned() })
    }

    #[test]
    fn published_sgtins_are_read() {
        // TDS 1.13, annex E.3; the second from rust-gs1, tests/test_epc.rs.
        let item = sgtin("80614141123458", "6789");
        assert_eq!(Epc::from_hex("3074257BF7194E4000001A85"), item);
        assert_eq!(Epc::parse("urn:epc:tag:sgtin-96:3.0614141.812345.6789"), item);
        assert_eq!(Epc::parse("URN:EPC:id:sgtin:0614141.812345.6789"), item);
        assert_eq!(Epc::from_hex("30340242201d8840009efdf7"), sgtin("00037000302414", "10419703"));
    }

    #[test]
    fn published_ssccs_are_read() {
        // TDS 1.13, annex E.3; the binary form from epc-tds, examples.js.
        let unit = Ok(Epc::Sscc { sscc: "106141412345678908".to_owned() });
        assert_eq!(Epc::parse("urn:epc:id:sscc:0614141.1234567890"), unit);
        assert!(matches!(Epc::from_hex("317A7202CC164BA20B000000"), Ok(Epc::Sscc { .. })));
    }

    #[test]
    fn a_place_may_have_an_extension() {
        // TDS 1.13, section 6.3.3.
        let gln = "0614141123452".to_owned();
        let place = Epc::Sgln { gln: gln.clone(), extension: Some("400".to_owned()) };
        assert_eq!(Epc::parse("urn:epc:id:sgln:0614141.12345.400"), Ok(place));
        let place = Epc::Sgln { gln, extension: None };
        assert_eq!(Epc::parse("urn:epc:id:sgln:0614141.12345.0"), Ok(place));
    }

    #[test]
    fn a_serial_number_is_unescaped() {
        let urn = "urn:epc:id:sgtin:0614141.812345.A.%2F1";
        assert_eq!(Epc::parse(urn), sgtin("80614141123458", "A./1"));
    }

    #[test]
    fn urns_of_wrong_shape_are_refused() {
        let cases = [
            ("urn:epc:id:grai:0614141.12345.400", EpcError::Scheme),
            ("urn:epc:raw:96.1", EpcError::Scheme),
            ("urn:epd:id:sgtin:1.2.3", EpcError::Scheme),
            ("é", EpcError::Scheme),
            ("urn:epc:id:sgtin:0614141.812345", EpcError::Fields { got: 2, expected: 3 }),
            ("urn:epc:id:sscc:0614141.1.2", EpcError::Fields { got: 3, expected: 2 }),
            ("urn:epc:id:sgtin:0614141.81234.1", EpcError::Digits { got: 12, expected: 13 }),
            ("urn:epc:id:sgtin:0614141.81234X.1", EpcError::Digits { got: 13, expected: 13 }),
            ("urn:epc:id:sgtin:06141.81234567.1", EpcError::CompanyPrefix),
            ("urn:epc:tag:sgtin-96:8.0614141.812345.1", EpcError::Filter),
            ("urn:epc:id:sgtin:0614141.812345.", EpcError::Serial),
            ("urn:epc:id:sgtin:0614141.812345.%4", EpcError::Serial),
            ("urn:epc:id:sgtin:0614141.812345.a b", EpcError::Serial),
        ];
        for (urn, error) in cases {
            assert_eq!(Epc::parse(urn), Err(error), "{urn}");
        }
    }

    #[test]
    fn bits_of_wrong_shape_are_refused() {
        let cases = [
            ("E2801160600002054D1FA2B1", EpcError::Header { got: 0xe2 }),
            ("307C257BF7194E4000001A85", EpcError::Partition { got: 7 }),
            ("3077FFFFFF194E4000001A85", EpcError::Overflow),
            ("317A7202CC164BA20B000001", EpcError::Padding),
            ("3074", EpcError::Length { got: 2, expected: 12 }),
            ("3074257BF7194E4000001A850", EpcError::Length { got: 13, expected: 12 }),
            ("3074257BF7194E4000001A8G", EpcError::Hex),
        ];
        for (hex, error) in cases {
            assert_eq!(Epc::from_hex(hex), Err(error), "{hex}");
        }
        let long = "x".repeat(MAX_URN + 1);
        let error = EpcError::Length { got: MAX_URN + 1, expected: MAX_URN };
        assert_eq!(Epc::parse(&long), Err(error));
    }

    proptest! {
        #[test]
        fn arbitrary_input_never_panics(
            bytes in prop::collection::vec(any::<u8>(), 0..20),
            header in 0x30u8..0x33, tail in prop::array::uniform11(any::<u8>()),
            text in any::<String>(),
        ) {
            let _ = Epc::decode(&bytes);
            let _ = Epc::decode(&[&[header], &tail[..]].concat());
            let _ = Epc::from_hex(&text);
            let _ = Epc::parse(&text);
            let _ = Epc::parse(&format!("urn:epc:id:sgtin:{text}"));
        }
    }
}
