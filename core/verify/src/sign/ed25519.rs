//! Ed25519: strict for formats of ours, ZIP-215 for CometBFT headers.

use super::{Signature, SignatureError};
use ed25519_dalek::VerifyingKey;

/// The field's prime 2^255 - 19, little-endian.
const PRIME: [u8; 32] = {
    let mut prime = [0xff; 32];
    prime[0] = 0xed;
    prime[31] = 0x7f;
    prime
};

/// The group's order 2^252 + 27742317777372353535851937790883648493, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// Canonical, on the curve and not of small order.
pub(super) fn decode_key(bytes: &[u8]) -> Result<VerifyingKey, SignatureError> {
    let bytes: &[u8; 32] = bytes.try_into().map_err(|_| SignatureError::BadKey)?;
    if !canonical_point(bytes) {
        return Err(SignatureError::BadKey);
    }
    match VerifyingKey::from_bytes(bytes) {
        Ok(key) if !key.is_weak() => Ok(key),
        _ => Err(SignatureError::BadKey),
    }
}

/// RFC 8032, 5.1.7, without the cofactor and with no small-order point anywhere.
pub(super) fn verify(
    key: &[u8],
    message: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    let key = decode_key(key)?;
    let (r, s) = halves(signature);
    if !canonical_point(&r) || !below(&s, &ORDER) {
        return Err(SignatureError::BadForm);
    }
    key.verify_strict(message, &ed25519_dalek::Signature::from_components(r, s))
        .map_err(|_| SignatureError::Mismatch)
}

/// Verifies by ZIP-215, the rule of CometBFT nodes: with the cofactor, and for keys and R also in
/// non-canonical or small-order form.
///
/// Every node and client must agree on each header, so here the nodes' rule counts and not the
/// stricter one.
///
/// # Errors
/// [`SignatureError::BadKey`] where the key is no point, [`SignatureError::BadForm`] where S is not
/// below the group's order, and [`SignatureError::Mismatch`] for everything else.
pub fn verify_ed25519_zip215(
    key: &[u8; 32],
    message: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    let key = ed25519_zebra::VerificationKey::try_from(*key).map_err(|_| SignatureError::BadKey)?;
    let (_, s) = halves(signature);
    if !below(&s, &ORDER) {
        return Err(SignatureError::BadForm);
    }
    key.verify(&ed25519_zebra::Signature::from(signature.0), message)
        .map_err(|_| SignatureError::Mismatch)
}

fn halves(signature: &Signature) -> ([u8; 32], [u8; 32]) {
    let (mut r, mut s) = ([0; 32], [0; 32]);
    r.copy_from_slice(&signature.0[..32]);
    s.copy_from_slice(&signature.0[32..]);
    (r, s)
}

/// Whether the y coordinate is below the prime; the highest bit is the sign of x.
fn canonical_point(bytes: &[u8; 32]) -> bool {
    let mut y = *bytes;
    y[31] &= 0x7f;
    below(&y, &PRIME)
}

/// Compares little-endian numbers.
fn below(number: &[u8; 32], bound: &[u8; 32]) -> bool {
    number.iter().rev().lt(bound.iter().rev())
}
