//! Documents that members hand to each other before there is a ledger: read with care.

use base64ct::{Base64, Encoding};
use sealight_verify::sign::{Algorithm, PublicKey};
use serde_json::Value;
use std::fmt;

/// Why bytes are no such document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// More bytes than one may have.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// Not the JSON of an object.
    Json,
    /// A version that this build does not know.
    Version {
        /// Version found; 0 where there is none.
        got: u64,
    },
    /// A field that is missing, or not what it should be.
    Field {
        /// Which.
        name: &'static str,
    },
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got, max } => write!(f, "{got} bytes, at most {max}"),
            Self::Json => f.write_str("not JSON"),
            Self::Version { got } => write!(f, "unknown version {got}"),
            Self::Field { name } => write!(f, "{name} is missing, or not what it should be"),
        }
    }
}

impl std::error::Error for DocumentError {}

/// A document whose field `version` names is 1.
pub(super) fn object(bytes: &[u8], max: usize, version: &str) -> Result<Value, DocumentError> {
    if bytes.len() > max {
        return Err(DocumentError::TooLong { got: bytes.len(), max });
    }
    let value: Value = serde_json::from_slice(bytes).map_err(|_| DocumentError::Json)?;
    match value.get(version).and_then(Value::as_u64).unwrap_or(0) {
        1 => Ok(value),
        got => Err(DocumentError::Version { got }),
    }
}

pub(super) fn text<'a>(value: &'a Value, name: &'static str) -> Result<&'a str, DocumentError> {
    value.get(name).and_then(Value::as_str).ok_or(DocumentError::Field { name })
}

pub(super) fn parsed<T: std::str::FromStr>(
    value: &Value,
    name: &'static str,
) -> Result<T, DocumentError> {
    text(value, name)?.parse().map_err(|_| DocumentError::Field { name })
}

/// A key that is a point of its curve, under `name` as `{"algorithm", "public"}`.
pub(super) fn key(value: &Value, name: &'static str) -> Result<PublicKey, DocumentError> {
    let field = DocumentError::Field { name };
    let key = value.get(name).ok_or(field.clone())?;
    let algorithm: Algorithm = parsed(key, "algorithm")?;
    let bytes = unhex(text(key, "public")?).ok_or(field.clone())?;
    PublicKey::decode(algorithm, &bytes).map_err(|_| field)
}

pub(super) fn bytes32(value: &Value, name: &'static str) -> Result<[u8; 32], DocumentError> {
    let bytes = unhex(text(value, name)?).and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or(DocumentError::Field { name })
}

pub(super) fn base64(value: &Value, name: &'static str) -> Result<Vec<u8>, DocumentError> {
    Base64::decode_vec(text(value, name)?).map_err(|_| DocumentError::Field { name })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).ok()).collect()
}
