//! Keys that live elsewhere, in a token that never gives them out: what such a key is named, what
//! is handed to it, and what is made of its answer.
//!
//! [`uri`] is the name. A token signs a digest ([`digest`]) and tells its public key as a point
//! ([`public`]); its answer counts only once it has been verified ([`signature`]).

pub mod uri;

use sealight_verify::hash::{Hash32, HashSuite, Sha256, Sm3};
use sealight_verify::sign::{Algorithm, PublicKey, Signature, SignatureError};

/// What a token signs of a message: SHA-256 of it (FIPS 186-5), or for SM2 SM3 of the signer's Z
/// and the message (GB/T 32918.2-2016, 5.5 and 6.1). None for Ed25519, which signs whole messages.
pub fn digest(key: &PublicKey, message: &[u8]) -> Option<Hash32> {
    match key.algorithm {
        Algorithm::P256 => Some(Sha256::hash(&[message])),
        Algorithm::Sm2 => {
            let z = sm2_z(key)?;
            Some(Sm3::hash(&[&z.0, message]))
        }
        Algorithm::Ed25519 => None,
    }
}

/// The signature that a token's 64 bytes r||s are, in the form of ours: low-s for P-256.
///
/// # Errors
/// What is wrong with them, found as any reader of the signature would: nothing is passed on that
/// does not verify.
pub fn signature(
    key: &PublicKey,
    message: &[u8],
    answer: &[u8],
) -> Result<Signature, SignatureError> {
    let mut bytes: [u8; 64] = answer.try_into().map_err(|_| SignatureError::BadForm)?;
    if key.algorithm == Algorithm::P256 {
        let signature = p256::ecdsa::Signature::from_slice(&bytes);
        let signature = signature.map_err(|_| SignatureError::BadForm)?;
        bytes = signature.normalize_s().to_bytes().into();
    }
    let signature = Signature(bytes);
    key.verify(message, &signature).map(|()| signature)
}

/// The public key of a point as tokens tell it: SEC 1 uncompressed, bare or in a DER OCTET STRING
/// (PKCS#11 v2.40, `CKA_EC_POINT`).
///
/// # Errors
/// [`SignatureError::BadKey`] for other forms and for what is no point of the curve.
pub fn public(algorithm: Algorithm, point: &[u8]) -> Result<PublicKey, SignatureError> {
    let point = match point {
        [0x04, 0x41, point @ ..] if point.len() == 65 => point,
        bare => bare,
    };
    let bytes = match (algorithm, point) {
        (Algorithm::P256, [0x04, ..]) if point.len() == 65 => {
            let key = p256::PublicKey::from_sec1_bytes(point);
            key.ok().map(|key| p256::CompressedPoint::from(key).to_vec())
        }
        (Algorithm::Sm2, [0x04, ..]) if point.len() == 65 => {
            let key = sm2::PublicKey::from_sec1_bytes(point);
            key.ok().map(|key| sm2::CompressedPoint::from(key).to_vec())
        }
        _ => None,
    };
    PublicKey::decode(algorithm, &bytes.ok_or(SignatureError::BadKey)?)
}

/// Z of the default user id: SM3(ENTL || ID || a || b || G || P), GB/T 32918.2-2016, 5.5.
fn sm2_z(key: &PublicKey) -> Option<Hash32> {
    let point = sm2::PublicKey::from_sec1_bytes(&key.bytes).ok()?;
    let point = sm2::Sec1Point::from(point);
    let bits = (SM2_USER_ID.len() as u16 * 8).to_be_bytes();
    Some(Sm3::hash(&[&bits, SM2_USER_ID, &SM2_CURVE, &point.as_bytes()[1..]]))
}

/// GM/T 0009-2012, section 10.
const SM2_USER_ID: &[u8] = b"1234567812345678";

/// a, b and the base point's coordinates of the recommended curve, GB/T 32918.5-2017.
const SM2_CURVE: [u8; 128] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfc,
    0x28, 0xe9, 0xfa, 0x9e, 0x9d, 0x9f, 0x5e, 0x34, 0x4d, 0x5a, 0x9e, 0x4b, 0xcf, 0x65, 0x09, 0xa7,
    0xf3, 0x97, 0x89, 0xf5, 0x15, 0xab, 0x8f, 0x92, 0xdd, 0xbc, 0xbd, 0x41, 0x4d, 0x94, 0x0e, 0x93,
    0x32, 0xc4, 0xae, 0x2c, 0x1f, 0x19, 0x81, 0x19, 0x5f, 0x99, 0x04, 0x46, 0x6a, 0x39, 0xc9, 0x94,
    0x8f, 0xe3, 0x0b, 0xbf, 0xf2, 0x66, 0x0b, 0xe1, 0x71, 0x5a, 0x45, 0x89, 0x33, 0x4c, 0x74, 0xc7,
    0xbc, 0x37, 0x36, 0xa2, 0xf4, 0xf6, 0x77, 0x9c, 0x59, 0xbd, 0xce, 0xe3, 0x6b, 0x69, 0x21, 0x53,
    0xd0, 0xa9, 0x87, 0x7c, 0xc6, 0x2a, 0x47, 0x40, 0x02, 0xdf, 0x32, 0xe5, 0x21, 0x39, 0xf0, 0xa0,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use p256::ecdsa::signature::hazmat::PrehashSigner as _;

    const SEED: [u8; 32] = [9; 32];

    /// What a token would answer: r||s over the digest, s in the lower or the upper half.
    fn answered(algorithm: Algorithm, digest: &Hash32) -> [u8; 64] {
        match algorithm {
            Algorithm::Sm2 => {
                let key = sm2::SecretKey::from_slice(&SEED).unwrap();
                let key = sm2::dsa::SigningKey::new("1234567812345678", &key).unwrap();
                let signature: sm2::dsa::Signature = key.sign_prehash(&digest.0).unwrap();
                signature.to_bytes().into()
            }
            _ => {
                let key = p256::ecdsa::SigningKey::from_slice(&SEED).unwrap();
                let signature: p256::ecdsa::Signature = key.sign_prehash(&digest.0).unwrap();
                signature.to_bytes().into()
            }
        }
    }

    fn public_of(algorithm: Algorithm) -> PublicKey {
        SigningKey::from_seed(algorithm, &SEED).unwrap().public()
    }

    #[test]
    fn a_digest_that_was_signed_elsewhere_verifies_as_ours() {
        for algorithm in [Algorithm::P256, Algorithm::Sm2] {
            let key = public_of(algorithm);
            let answer = answered(algorithm, &digest(&key, b"lot").unwrap());
            assert!(signature(&key, b"lot", &answer).is_ok(), "{algorithm}");
            let other = signature(&key, b"lots", &answer);
            assert_eq!(other, Err(SignatureError::Mismatch), "{algorithm}");
        }
        assert_eq!(digest(&public_of(Algorithm::Ed25519), b"lot"), None);
    }

    #[test]
    fn a_high_s_comes_out_low() {
        let key = public_of(Algorithm::P256);
        let mut highs = 0;
        for number in 0..32u8 {
            let answer = answered(Algorithm::P256, &digest(&key, &[number]).unwrap());
            let parsed = p256::ecdsa::Signature::from_slice(&answer).unwrap();
            let negated = -*parsed.s();
            let high = p256::ecdsa::Signature::from_scalars(*parsed.r(), negated).unwrap();
            for form in [answer, high.to_bytes().into()] {
                let made = signature(&key, &[number], &form).unwrap();
                highs += usize::from(made.0 != form);
                assert_eq!(key.verify(&[number], &made), Ok(()));
            }
        }
        // Of the two forms of each signature one is high.
        assert_eq!(highs, 32);
    }

    #[test]
    fn an_answer_of_another_length_is_no_signature() {
        let key = public_of(Algorithm::P256);
        for length in [0, 63, 65, 72] {
            let got = signature(&key, b"lot", &vec![1; length]);
            assert_eq!(got, Err(SignatureError::BadForm), "{length}");
        }
    }

    #[test]
    fn a_point_is_read_bare_and_in_its_octet_string_and_nothing_else() {
        let key = p256::SecretKey::from_slice(&SEED).unwrap().public_key();
        let bare = p256::Sec1Point::from(key).as_bytes().to_vec();
        let wrapped = [&[0x04, 0x41], &bare[..]].concat();
        for point in [&bare, &wrapped] {
            assert_eq!(public(Algorithm::P256, point), Ok(public_of(Algorithm::P256)));
            assert_eq!(public(Algorithm::Sm2, point), Err(SignatureError::BadKey));
            assert_eq!(public(Algorithm::Ed25519, point), Err(SignatureError::BadKey));
        }
        for bad in [&[][..], &bare[..64], &[0x04; 65], &[&wrapped[..], &[0]].concat()] {
            assert_eq!(public(Algorithm::P256, bad), Err(SignatureError::BadKey));
        }
    }
}
