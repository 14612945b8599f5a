//! Signatures: SM2 (GB/T 32918, default user id, r||s), P-256 (low-s), Ed25519.
//!
//! Verification only. Keys are made and used by the issuer's side.

mod ed25519;
mod known;
mod p256;
mod sm2;

pub use ed25519::verify_ed25519_zip215;
pub use known::KnownKeys;

use crate::codec::{Blob, fixed_bytes};
use minicbor::{Decode, Encode};

fixed_bytes!(
    /// A signature of 64 bytes: r||s for SM2 and P-256, R||s for Ed25519.
    Signature,
    64
);

/// A signature algorithm of ours.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// SM2 with SM3 and the default user id `1234567812345678`.
    #[n(0)]
    Sm2,
    /// ECDSA over P-256 with SHA-256, low-s.
    #[n(1)]
    P256,
    /// Ed25519, strict (RFC 8032 with no small-order points).
    #[n(2)]
    Ed25519,
}

impl Algorithm {
    /// Every algorithm, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Sm2, Self::P256, Self::Ed25519];

    /// Name as people type it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sm2 => "sm2",
            Self::P256 => "p256",
            Self::Ed25519 => "ed25519",
        }
    }
}

impl core::fmt::Display for Algorithm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name())
    }
}

impl core::str::FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == text).ok_or(UnknownAlgorithm)
    }
}

/// A name that is no signature algorithm of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl core::fmt::Display for UnknownAlgorithm {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("unknown signature algorithm; known are sm2, p256 and ed25519")
    }
}

impl core::error::Error for UnknownAlgorithm {}

/// A public key: algorithm and its one accepted encoding.
///
/// SM2 and P-256 are SEC 1 compressed points (33 bytes), Ed25519 32 bytes. The point itself is
/// checked by [`PublicKey::decode`] and again whenever a signature is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct PublicKey {
    /// The algorithm.
    #[n(0)]
    pub algorithm: Algorithm,
    /// The encoded point.
    #[n(1)]
    pub bytes: Blob,
}

impl PublicKey {
    /// Takes a key in its one accepted encoding.
    ///
    /// # Errors
    /// [`SignatureError::BadKey`] if the bytes are no point of the curve in that encoding, or for
    /// Ed25519 one of small order.
    pub fn decode(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, SignatureError> {
        match algorithm {
            Algorithm::Sm2 => _ = sm2::decode_key(bytes)?,
            Algorithm::P256 => _ = p256::decode_key(bytes)?,
            Algorithm::Ed25519 => _ = ed25519::decode_key(bytes)?,
        }
        Ok(Self { algorithm, bytes: Blob(bytes.to_vec()) })
    }

    /// Accepts that `signature` is by this key over `message`.
    ///
    /// # Errors
    /// What is wrong with key, form or match; see [`SignatureError`].
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        match self.algorithm {
            Algorithm::Sm2 => sm2::verify(&self.bytes, message, signature),
            Algorithm::P256 => p256::verify(&self.bytes, message, signature),
            Algorithm::Ed25519 => ed25519::verify(&self.bytes, message, signature),
        }
    }
}

/// A SEC 1 compressed point (section 2.3.3): 33 bytes that begin with 02 or 03, no other form.
fn compressed_point(bytes: &[u8]) -> Result<&[u8], SignatureError> {
    match bytes {
        [0x02 | 0x03, coordinate @ ..] if coordinate.len() == 32 => Ok(bytes),
        _ => Err(SignatureError::BadKey),
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureError {
    /// The key's bytes are no point of the curve in the accepted encoding.
    BadKey,
    /// The signature's numbers are out of range or not in the accepted form (low-s, canonical).
    BadForm,
    /// The signature is well formed and is not by this key over this message.
    Mismatch,
}

impl core::fmt::Display for SignatureError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::BadKey => "the key is not a point of its curve",
            Self::BadForm => "the signature is not in the accepted form",
            Self::Mismatch => "the signature does not fit key and message",
        })
    }
}

impl core::error::Error for SignatureError {}

#[cfg(test)]
mod tests;
