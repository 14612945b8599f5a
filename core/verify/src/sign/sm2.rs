//! SM2 signatures, GB/T 32918.2-2016, on the recommended curve of GB/T 32918.5-2017.

use super::{PublicKey, Signature, SignatureError, compressed_point};
use crate::codec::Blob;
use ::sm2::dsa::VerifyingKey;
use ::sm2::dsa::signature::Verifier;

/// The default user id, GM/T 0009-2012, section 10.
pub(super) const DEFAULT_USER_ID: &str = "1234567812345678";

pub(super) fn decode_key(bytes: &[u8]) -> Result<VerifyingKey, SignatureError> {
    let point = compressed_point(bytes)?;
    VerifyingKey::from_sec1_bytes(DEFAULT_USER_ID, point).map_err(|_| SignatureError::BadKey)
}

/// Verifies over SM3(Z_A || message); r and s must lie in 1 to n-1.
pub(super) fn verify(
    key: &[u8],
    message: &[u8],
    signature: &Signature,
) -> Result<(), SignatureError> {
    let key = decode_key(key)?;
    let signature =
        ::sm2::dsa::Signature::from_slice(&signature.0).map_err(|_| SignatureError::BadForm)?;
    key.verify(message, &signature).map_err(|_| SignatureError::Mismatch)
}

impl PublicKey {
    /// An SM2 key from its coordinates X || Y, as FISCO BCOS and JD Chain write it.
    ///
    /// # Errors
    /// [`SignatureError::BadKey`] if the point is not on the curve.
    pub fn sm2_from_uncompressed(point: &[u8; 64]) -> Result<Self, SignatureError> {
        let mut sec1 = [0x04; 65];
        sec1[1..].copy_from_slice(point);
        let key = ::sm2::PublicKey::from_sec1_bytes(&sec1).map_err(|_| SignatureError::BadKey)?;
        let compressed = ::sm2::CompressedPoint::from(key);
        Ok(Self { algorithm: super::Algorithm::Sm2, bytes: Blob(compressed.to_vec()) })
    }
}
