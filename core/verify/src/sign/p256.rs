//! ECDSA over P-256 with SHA-256, FIPS 186-5, in low-s form only.

use super::{Signature, SignatureError, compressed_point};
use ::p256::ecdsa::VerifyingKey;
use ::p256::ecdsa::signature::Verifier;

/// Half of the group order n, rounded down.
const HALF_ORDER: [u8; 32] = [
    0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b, 0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
];

pub(super) fn decode_key(bytes: &[u8]) -> Result<VerifyingKey, SignatureError> {
    let point = compressed_point(bytes)?;
    VerifyingKey::from_sec1_bytes(point).map_err(|_| SignatureError::BadKey)
}

pub(super) fn verify(
    key: &[u8],
    message: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    let key = decode_key(key)?;
    low_s(signature)?;
    let signature =
        ::p256::ecdsa::Signature::from_slice(&signature.0).map_err(|_| SignatureError::BadForm)?;
    key.verify(message, &signature).map_err(|_| SignatureError::Mismatch)
}

/// With n - s in place of s a signature stays mathematically good, so only the smaller one counts.
fn low_s(signature: &Signature) -> Result<(), SignatureError> {
    if signature.0[32..] > HALF_ORDER[..] {
        return Err(SignatureError::BadForm);
    }
    Ok(())
}
