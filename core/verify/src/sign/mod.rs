//! Signatures: SM2 (GB/T 32918, default user id, r||s), P-256 (low-s), Ed25519.
//!
//! Verification only. Keys are made and used by the issuer's side.

use crate::codec::{Blob, fixed_bytes};
use minicbor::{Decode, Encode};

fixed_bytes!(
    /// A signature of 64 bytes: r||s for SM2 and P-256, R||s for Ed25519.
    Signature,
    64
);

/// A signature algorithm of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize)]
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

/// A public key: algorithm and its one accepted encoding.
///
/// SM2 and P-256 are SEC 1 compressed points (33 bytes), Ed25519 32 bytes. The point itself is
/// checked when a signature is.
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
