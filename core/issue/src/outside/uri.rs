//! The name of a key in a token: a `pkcs11:` URI (RFC 7512).
//!
//! ```text
//! pkcs11:token=Brand;object=issuer?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/brand.pin
//! ```
//!
//! Taken are `token`, `serial`, `manufacturer`, `model`, `slot-id`, `object`, `id` and
//! `type=private` before the `?`, and `module-path` and `pin-source` behind it. `pin-value` is refused: a command's
//! arguments are there for every user of the machine to read. Two attributes are ours, for
//! tokens with SM2, which no standard gives numbers: `x-sm2-sign` and `x-sm2-generate`, the vendor's
//! mechanisms as `0x80000001`. Whatever else is named is refused, for a key that was found by
//! fewer marks than the person gave could be another.

use std::fmt;

/// A scheme that says that a text names a key in a token.
pub const SCHEME: &str = "pkcs11:";

/// Most bytes of a URI.
pub const MAX_LEN: usize = 2048;

/// Smallest number of a vendor's mechanism (PKCS#11 v2.40, `CKM_VENDOR_DEFINED`).
pub const VENDOR: u32 = 0x8000_0000;

/// Which key in which token, and by which module it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TokenUri {
    /// The token's label.
    pub token: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Who made it.
    pub manufacturer: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// The number of its slot.
    pub slot: Option<u64>,
    /// The key's label.
    pub object: Option<String>,
    /// The key's `CKA_ID`.
    pub id: Option<Vec<u8>>,
    /// Path of the module, somebody's library that is loaded and run.
    pub module: Option<String>,
    /// File whose first line is the PIN: an absolute path.
    pub pin_source: Option<String>,
    /// The vendor's mechanism that signs an SM2 digest.
    pub sm2_sign: Option<u32>,
    /// The vendor's mechanism that generates SM2 keys.
    pub sm2_generate: Option<u32>,
}

/// Why a text names no key in a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UriError {
    /// Longer than a URI may be.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// It does not begin with `pkcs11:`.
    Scheme,
    /// An attribute without `=`, an empty one, a bad escape, or text that is not UTF-8.
    Malformed {
        /// The attribute.
        attribute: String,
    },
    /// The same attribute twice.
    Twice {
        /// The attribute.
        attribute: String,
    },
    /// An attribute that is not taken here.
    Unknown {
        /// The attribute.
        attribute: String,
    },
    /// A PIN in the URI itself.
    PinValue,
    /// A `pin-source` that is no absolute path.
    PinSource,
    /// A mechanism's number that no vendor may give.
    Mechanism {
        /// The attribute.
        attribute: String,
    },
    /// Neither `object` nor `id`: the key is not named.
    NoKey,
}

impl fmt::Display for UriError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got, max } => write!(f, "a URI of {got} bytes, at most {max}"),
            Self::Scheme => write!(f, "does not begin with {SCHEME}"),
            Self::Malformed { attribute } => write!(f, "the attribute {attribute} is malformed"),
            Self::Twice { attribute } => write!(f, "the attribute {attribute} stands there twice"),
            Self::Unknown { attribute } => write!(f, "the attribute {attribute} is not taken"),
            Self::PinValue => f.write_str("it holds a PIN, which others can read there"),
            Self::PinSource => f.write_str("pin-source is no absolute path of a file"),
            Self::Mechanism { attribute } => {
                write!(f, "{attribute} is no vendor's mechanism, 0x80000000 and above")
            }
            Self::NoKey => f.write_str("neither object nor id names the key"),
        }
    }
}

impl std::error::Error for UriError {}

/// Whether a text means a key in a token and not a file.
pub fn names_token(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|start| start.eq_ignore_ascii_case(SCHEME))
}

impl TokenUri {
    /// Reads a URI.
    ///
    /// # Errors
    /// What is wrong with it; see [`UriError`].
    pub fn parse(text: &str) -> Result<Self, UriError> {
        if text.len() > MAX_LEN {
            return Err(UriError::TooLong { got: text.len(), max: MAX_LEN });
        }
        let rest = names_token(text).then(|| &text[SCHEME.len()..]).ok_or(UriError::Scheme)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        for (name, value) in attributes(path, ';')? {
            uri.put_path(name, value)?;
        }
        for (name, value) in attributes(query, '&')? {
            uri.put_query(name, value)?;
        }
        if uri.object.is_none() && uri.id.is_none() {
            return Err(UriError::NoKey);
        }
        Ok(uri)
    }

    fn put_path(&mut self, name: &str, value: Vec<u8>) -> Result<(), UriError> {
        match name {
            "token" => self.token = Some(text(name, value)?),
            "serial" => self.serial = Some(text(name, value)?),
            "manufacturer" => self.manufacturer = Some(text(name, value)?),
            "model" => self.model = Some(text(name, value)?),
            "slot-id" => {
                let number = text(name, value)?.parse();
                self.slot = Some(number.map_err(|_| malformed(name))?);
            }
            "object" => self.object = Some(text(name, value)?),
            "id" => self.id = Some(value),
            "type" if value == b"private" => {}
            _ => return Err(UriError::Unknown { attribute: name.into() }),
        }
        Ok(())
    }

    fn put_query(&mut self, name: &str, value: Vec<u8>) -> Result<(), UriError> {
        match name {
            "module-path" => self.module = Some(text(name, value)?),
            "pin-source" => {
                let source = text(name, value)?;
                let path = source.strip_prefix("file://").or(source.strip_prefix("file:"));
                let path = path.unwrap_or(&source);
                let absolute = path.starts_with('/').then(|| path.to_owned());
                self.pin_source = Some(absolute.ok_or(UriError::PinSource)?);
            }
            "pin-value" => return Err(UriError::PinValue),
            "x-sm2-sign" => self.sm2_sign = Some(mechanism(name, &text(name, value)?)?),
            "x-sm2-generate" => self.sm2_generate = Some(mechanism(name, &text(name, value)?)?),
            _ => return Err(UriError::Unknown { attribute: name.into() }),
        }
        Ok(())
    }
}

/// Splits at `between`; each name at most once, each value unescaped and not empty.
fn attributes(part: &str, between: char) -> Result<Vec<(&str, Vec<u8>)>, UriError> {
    let mut found: Vec<(&str, Vec<u8>)> = Vec::new();
    for attribute in part.split(between).filter(|_| !part.is_empty()) {
        let (name, value) = attribute.split_once('=').ok_or_else(|| malformed(attribute))?;
        if found.iter().any(|(earlier, _)| *earlier == name) {
            return Err(UriError::Twice { attribute: name.into() });
        }
        let value = unescaped(value).filter(|value| !value.is_empty() && !name.is_empty());
        found.push((name, value.ok_or_else(|| malformed(name))?));
    }
    Ok(found)
}

/// RFC 3986, section 2.1.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let byte = match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? << 4 | digit()?) as u8
            }
            byte if byte.is_ascii_graphic() => byte,
            // People paste labels with spaces and other scripts; no meaning can be lost by it.
            byte if byte == b' ' || !byte.is_ascii() => byte,
            _ => return None,
        };
        bytes.push(byte);
    }
    Some(bytes)
}

fn text(name: &str, value: Vec<u8>) -> Result<String, UriError> {
    let text = String::from_utf8(value).ok();
    text.filter(|text| !text.contains('\0')).ok_or_else(|| malformed(name))
}

/// A number of 32 bits, for that is what a `CK_ULONG` has on some systems.
fn mechanism(name: &str, value: &str) -> Result<u32, UriError> {
    let number = value.strip_prefix("0x").and_then(|digits| u32::from_str_radix(digits, 16).ok());
    let vendors = number.filter(|number| *number >= VENDOR);
    vendors.ok_or_else(|| UriError::Mechanism { attribute: name.into() })
}

fn malformed(attribute: &str) -> UriError {
    UriError::Malformed { attribute: attribute.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> UriError {
        TokenUri::parse(text).unwrap_err()
    }

    #[test]
    fn a_uri_names_token_key_module_and_pin() {
        let uri = TokenUri::parse(
            "pkcs11:token=Blue%20Reverie;serial=0a;slot-id=7;object=issuer;id=%01%ff;type=private\
             ?module-path=/usr/lib/x.so&pin-source=file:/etc/pin&x-sm2-sign=0x80000005",
        );
        let expected = TokenUri {
            token: Some("Blue Reverie".into()),
            serial: Some("0a".into()),
            slot: Some(7),
            object: Some("issuer".into()),
            id: Some(vec![1, 0xff]),
            module: Some("/usr/lib/x.so".into()),
            pin_source: Some("/etc/pin".into()),
            sm2_sign: Some(0x8000_0005),
            ..TokenUri::default()
        };
        assert_eq!(uri, Ok(expected));
    }

    #[test]
    fn a_uri_is_not_read_past_its_limit() {
        let long = format!("pkcs11:object={}", "a".repeat(MAX_LEN));
        assert_eq!(refused(&long), UriError::TooLong { got: long.len(), max: MAX_LEN });
    }

    #[test]
    fn another_scheme_is_a_files_name() {
        assert_eq!(refused("key.json"), UriError::Scheme);
        assert!(!names_token("pkcs11") && names_token("PKCS11:object=a"));
    }

    #[test]
    fn malformed_attributes_are_refused_by_name() {
        for (text, attribute) in [
            ("pkcs11:object", "object"),
            ("pkcs11:object=", "object"),
            ("pkcs11:object=%4", "object"),
            ("pkcs11:object=%zz", "object"),
            ("pkcs11:object=%ff", "object"),
            ("pkcs11:object=a%00", "object"),
            ("pkcs11:object=a\n", "object"),
            ("pkcs11:object=a;slot-id=x", "slot-id"),
            ("pkcs11:object=a;", ""),
        ] {
            assert_eq!(refused(text), malformed(attribute), "{text}");
        }
    }

    #[test]
    fn an_attribute_stands_once() {
        let twice = UriError::Twice { attribute: "object".into() };
        assert_eq!(refused("pkcs11:object=a;object=b"), twice);
    }

    #[test]
    fn an_attribute_that_is_not_taken_is_not_passed_over() {
        for (text, attribute) in [
            ("pkcs11:object=a;library-version=2", "library-version"),
            ("pkcs11:object=a;type=cert", "type"),
            ("pkcs11:object=a?module-name=x", "module-name"),
        ] {
            assert_eq!(refused(text), UriError::Unknown { attribute: attribute.into() });
        }
    }

    #[test]
    fn a_pin_in_the_uri_is_refused() {
        assert_eq!(refused("pkcs11:object=a?pin-value=1234"), UriError::PinValue);
    }

    #[test]
    fn a_pin_source_is_an_absolute_path() {
        for source in ["pin", "|command", "file:pin", "https://a.example/pin"] {
            let text = format!("pkcs11:object=a?pin-source={source}");
            assert_eq!(refused(&text), UriError::PinSource);
        }
    }

    #[test]
    fn a_mechanism_is_a_vendors() {
        for number in ["0x1041", "80000001", "0x", "0x100000000"] {
            let text = format!("pkcs11:object=a?x-sm2-sign={number}");
            assert_eq!(refused(&text), UriError::Mechanism { attribute: "x-sm2-sign".into() });
        }
    }

    #[test]
    fn a_uri_names_a_key() {
        assert_eq!(refused("pkcs11:"), UriError::NoKey);
        assert_eq!(refused("pkcs11:token=a?module-path=/x.so"), UriError::NoKey);
    }
}
