//! The hash and the signature that a chain of CometBFT's kind uses.

use crate::hash::{HashSuite, Sha256};
use crate::sign::{Signature, SignatureError, verify_ed25519_zip215};

/// Hash, signature and key encoding of a chain of CometBFT's kind.
pub trait CometSuite: Copy + core::fmt::Debug + 'static {
    /// Hash of headers, validator sets and addresses.
    type Hash: HashSuite;
    /// Length of a validator's key in bytes.
    const KEY_LEN: usize;
    /// Field of the key in `tendermint.crypto.PublicKey`, which says its algorithm.
    const KEY_FIELD: u32;
    /// Type of the key as RPC answers name it.
    const KEY_TYPE: &'static str;

    /// Verifies a vote.
    ///
    /// # Errors
    /// What is wrong with key, form or match; see [`SignatureError`].
    fn verify(key: &[u8], message: &[u8], signature: &Signature) -> Result<(), SignatureError>;
}

/// Stock CometBFT: SHA-256, and Ed25519 by ZIP-215 as its nodes verify it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock;

impl CometSuite for Stock {
    type Hash = Sha256;
    const KEY_LEN: usize = 32;
    const KEY_FIELD: u32 = 1;
    const KEY_TYPE: &'static str = "tendermint/PubKeyEd25519";

    fn verify(key: &[u8], message: &[u8], signature: &Signature) -> Result<(), SignatureError> {
        let key = key.try_into().map_err(|_| SignatureError::BadKey)?;
        verify_ed25519_zip215(key, message, signature)
    }
}
