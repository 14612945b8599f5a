//! Signing keys: SM2, P-256 and Ed25519 from a random seed, and their file.
//!
//! The seed is the private key itself (SM2 and P-256: the scalar, big-endian; Ed25519: the seed of
//! RFC 8032, section 5.1.5), so a key from elsewhere comes in as it is. Nonces are deterministic:
//! RFC 6979 for P-256, the same generator over SM3 for SM2, RFC 8032 for Ed25519.

use ed25519_dalek::Signer as _;
use sealight_verify::codec::Blob;
use sealight_verify::sign::{Algorithm, PublicKey, Signature};
use std::convert::Infallible;
use zeroize::Zeroizing;

/// User id of SM2 signatures (GM/T 0009-2012, section 10).
const SM2_USER_ID: &str = "1234567812345678";

/// A private key; erased from memory when dropped and never printed.
#[derive(Clone)]
pub struct SigningKey {
    seed: Zeroizing<[u8; 32]>,
    public: PublicKey,
}

/// Whatever signs for a party: a key in memory, or one in a token that never gives it out.
pub trait Sign {
    /// Why it could not sign; a key in memory always can.
    type Error;

    /// The public key, in the encoding that [`PublicKey::decode`] accepts.
    fn public(&self) -> PublicKey;

    /// A signature over a message in the one form that formats of ours accept.
    ///
    /// # Errors
    /// Whatever keeps the key from signing.
    fn try_sign(&self, message: &[u8]) -> Result<Signature, Self::Error>;
}

impl Sign for SigningKey {
    type Error = Infallible;

    fn public(&self) -> PublicKey {
        self.public.clone()
    }

    fn try_sign(&self, message: &[u8]) -> Result<Signature, Infallible> {
        Ok(self.sign(message))
    }
}

/// Why bytes or text are no signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyError {
    /// A seed that is no private key of its algorithm: zero, or not below the group's order. One
    /// random seed in 2^32 at most; draw another.
    Seed {
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// A key file of more bytes than one can have.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes of a key file.
        max: usize,
    },
    /// Not the text of a key file.
    Malformed,
    /// A version that this build does not know.
    UnknownVersion {
        /// Version found.
        got: u64,
    },
    /// An algorithm that this build does not know.
    UnknownAlgorithm,
    /// The public key written beside the seed is not the seed's: the file is damaged.
    PublicMismatch,
}

impl std::fmt::Display for KeyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Seed { algorithm } => write!(f, "the seed is no private key for {algorithm}"),
            Self::TooLong { got, max } => write!(f, "a key file of {got} bytes, at most {max}"),
            Self::Malformed => f.write_str("not a key file"),
            Self::UnknownVersion { got } => write!(f, "unknown version {got} of a key file"),
            Self::UnknownAlgorithm => f.write_str("unknown signature algorithm in a key file"),
            Self::PublicMismatch => f.write_str("the public key in the file is not the seed's"),
        }
    }
}

impl std::error::Error for KeyError {}

impl SigningKey {
    /// The key that these 32 random bytes are.
    ///
    /// # Errors
    /// [`KeyError::Seed`] if they are zero or out of the algorithm's range.
    pub fn from_seed(algorithm: Algorithm, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let no_key = KeyError::Seed { algorithm };
        let seed = Zeroizing::new(*seed);
        if *seed == [0; 32] {
            return Err(no_key);
        }
        let bytes = match algorithm {
            Algorithm::Sm2 => sm2_public(&seed),
            Algorithm::P256 => p256_public(&seed),
            Algorithm::Ed25519 => {
                Some(ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key().to_bytes().into())
            }
        };
        let public = PublicKey { algorithm, bytes: Blob(bytes.ok_or(no_key)?) };
        Ok(Self { seed, public })
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.public.algorithm
    }

    /// The public key, in the encoding that [`PublicKey::decode`] accepts.
    pub fn public(&self) -> PublicKey {
        self.public.clone()
    }

    pub(crate) fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Signs a message; the same message always gives the same signature.
    ///
    /// An SM2 or P-256 nonce out of range, 1 in 2^256, gives zeros, which never verify.
    pub fn sign(&self, message: &[u8]) -> Signature {
        let bytes = match self.public.algorithm {
            Algorithm::Sm2 => sm2_sign(&self.seed, message),
            Algorithm::P256 => p256_sign(&self.seed, message),
            Algorithm::Ed25519 => {
                Some(ed25519_dalek::SigningKey::from_bytes(&self.seed).sign(message).to_bytes())
            }
        };
        Signature(bytes.unwrap_or([0; 64]))
    }
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({}, ..)", self.algorithm())
    }
}

fn sm2_key(seed: &[u8; 32]) -> Option<sm2::SecretKey> {
    sm2::SecretKey::from_slice(seed).ok()
}

/// GB/T 32918.1-2016, section 6.1 also leaves out n-1, for which no signature can be made.
fn sm2_public(seed: &[u8; 32]) -> Option<Vec<u8>> {
    let key = sm2_key(seed)?;
    sm2::dsa::SigningKey::new(SM2_USER_ID, &key).ok()?;
    (*seed != SM2_ORDER_LESS_ONE).then(|| sm2::CompressedPoint::from(key.public_key()).to_vec())
}

/// The order n of the SM2 curve (GB/T 32918.5-2017) less one.
const SM2_ORDER_LESS_ONE: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x22,
];

fn sm2_sign(seed: &[u8; 32], message: &[u8]) -> Option<[u8; 64]> {
    let key = sm2::dsa::SigningKey::new(SM2_USER_ID, &sm2_key(seed)?).ok()?;
    Some(key.try_sign(message).ok()?.to_bytes().into())
}

fn p256_public(seed: &[u8; 32]) -> Option<Vec<u8>> {
    let key = p256::SecretKey::from_slice(seed).ok()?;
    Some(p256::CompressedPoint::from(key.public_key()).to_vec())
}

/// Low-s, the only form that formats of ours accept.
fn p256_sign(seed: &[u8; 32], message: &[u8]) -> Option<[u8; 64]> {
    let key = p256::ecdsa::SigningKey::from_slice(seed).ok()?;
    let signature: p256::ecdsa::Signature = key.try_sign(message).ok()?;
    Some(signature.normalize_s().to_bytes().into())
}

#[cfg(test)]
mod tests;
