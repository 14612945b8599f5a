//! Deterministic CBOR (RFC 8949, section 4.2.1) with integer keys.
//!
//! Every structure of ours is a CBOR map whose key 0 is its format version. Bytes that do not come
//! back the same when re-encoded are refused, so a structure has exactly one encoding and unknown
//! keys, longer integers, trailing bytes and reordered maps never pass.

mod bytes;

pub use bytes::Blob;
pub(crate) use bytes::fixed_bytes;

use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// A structure with a version of its own at key 0.
pub trait Versioned {
    /// Name for error messages, such as `"item record"`.
    const NAME: &'static str;
    /// The version that this build reads and writes.
    const VERSION: u8 = 1;
    /// Most bytes that are looked at before anything is parsed.
    const MAX_LEN: usize;
}

/// A structure that can be decoded and encoded: a name for the three bounds together.
pub trait Structure: Versioned + Encode<()> + for<'b> Decode<'b, ()> {}

impl<T: Versioned + Encode<()> + for<'b> Decode<'b, ()>> Structure for T {}

/// Why bytes are not the structure that they should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodecError {
    /// More bytes than the structure may have.
    TooLong {
        /// Name of the structure.
        what: &'static str,
        /// Bytes handed in.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// A version that this build does not know: the app is too old, nothing is contradicted.
    UnknownVersion {
        /// Name of the structure.
        what: &'static str,
        /// Version found.
        got: u64,
    },
    /// Not the CBOR structure that was expected.
    Malformed {
        /// Name of the structure.
        what: &'static str,
    },
    /// Decodes, but is not the one canonical encoding.
    NotCanonical {
        /// Name of the structure.
        what: &'static str,
    },
}

impl core::fmt::Display for CodecError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { what, got, max } => {
                write!(f, "{what}: {got} bytes, at most {max} are allowed")
            }
            Self::UnknownVersion { what, got } => write!(f, "{what}: unknown version {got}"),
            Self::Malformed { what } => write!(f, "{what}: malformed"),
            Self::NotCanonical { what } => write!(f, "{what}: not the canonical encoding"),
        }
    }
}

impl core::error::Error for CodecError {}

/// Encodes a structure; the result is its one canonical encoding.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    // A Vec as writer cannot fail and our encoders raise no errors of their own.
    minicbor::to_vec(value).unwrap_or_default()
}

/// Decodes a versioned structure, refusing every encoding but the canonical one.
///
/// # Errors
/// [`CodecError::TooLong`] for more bytes than the structure may have,
/// [`CodecError::UnknownVersion`] for another version than this build's, [`CodecError::Malformed`]
/// for what is not the structure, and [`CodecError::NotCanonical`] for another encoding of it.
pub fn decode<T>(bytes: &[u8]) -> Result<T, CodecError>
where
    T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
{
    let what = T::NAME;
    if bytes.len() > T::MAX_LEN {
        return Err(CodecError::TooLong { what, got: bytes.len(), max: T::MAX_LEN });
    }
    let version = peek_version(bytes).ok_or(CodecError::Malformed { what })?;
    if version != u64::from(T::VERSION) {
        return Err(CodecError::UnknownVersion { what, got: version });
    }
    let value: T = minicbor::decode(bytes).map_err(|_| CodecError::Malformed { what })?;
    if encode(&value) != bytes {
        return Err(CodecError::NotCanonical { what });
    }
    Ok(value)
}

/// Reads key 0 of a map without looking at the rest.
fn peek_version(bytes: &[u8]) -> Option<u64> {
    let mut decoder = minicbor::Decoder::new(bytes);
    decoder.map().ok()?;
    if decoder.u64().ok()? != 0 {
        return None;
    }
    decoder.u64().ok()
}

/// Fills `out` from hex; `None` when the text is not exactly that many bytes of hex.
pub(crate) fn hex_into(text: &str, out: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != out.len() * 2 {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = (high * 16 + low) as u8;
    }
    Some(())
}

#[cfg(test)]
mod tests;
