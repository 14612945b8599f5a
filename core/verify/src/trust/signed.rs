//! Signed trust files: opened once, then rotated by the old and the new roots.

use super::file::{TrustFile, TrustFileError};
use super::keys::{KeySignature, MAX_KEYS, QuorumError};
use super::signing_bytes;
use crate::codec::{self, Blob, CodecError, Versioned};
use crate::hash::tags;
use alloc::vec::Vec;
use core::fmt;
use minicbor::{Decode, Encode};

/// A trust file with its signatures, as it is shipped and stored.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedTrustFile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Canonical bytes of the [`TrustFile`].
    #[n(1)]
    pub body: Blob,
    /// Signatures of root keys over [`SignedTrustFile::signing_bytes`]; at most twice 64.
    #[n(2)]
    pub signatures: Vec<KeySignature>,
}

impl Versioned for SignedTrustFile {
    const NAME: &'static str = "signed trust file";
    const MAX_LEN: usize = TrustFile::MAX_LEN + 32 * 1024;
}

impl SignedTrustFile {
    /// A file that nobody has signed yet.
    pub fn unsigned(file: &TrustFile) -> Self {
        Self { version: 1, body: Blob(codec::encode(file)), signatures: Vec::new() }
    }

    /// The bytes that roots sign: length of tag, tag, body.
    pub fn signing_bytes(&self) -> Vec<u8> {
        signing_bytes(&tags::TRUST, &[&self.body])
    }
}

/// Something that a quorum signed; made in this module only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted<T>(T);

impl<T> core::ops::Deref for Trusted<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// Why a trust file is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrustError {
    /// Not the structure.
    Codec(CodecError),
    /// More signatures than two sets of roots could give.
    TooManySignatures {
        /// How many.
        got: usize,
    },
    /// The file contradicts itself.
    File(TrustFileError),
    /// Its own roots have not signed it.
    OwnRoots(QuorumError),
    /// The roots of the file before have not signed it.
    OldRoots(QuorumError),
    /// Not newer than the file before.
    NotNewer {
        /// Serial of the file before.
        have: u64,
        /// Serial found.
        got: u64,
    },
    /// A demonstration's file in place of a real one, or the reverse.
    Demo,
}

impl fmt::Display for TrustError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Codec(error) => error.fmt(f),
            Self::TooManySignatures { got } => write!(f, "{got} signatures on a trust file"),
            Self::File(error) => error.fmt(f),
            Self::OwnRoots(error) => write!(f, "the file's own roots: {error}"),
            Self::OldRoots(error) => write!(f, "the roots before: {error}"),
            Self::NotNewer { have, got } => write!(f, "serial {got} is not above {have}"),
            Self::Demo => f.write_str("a demonstration's trust file never follows a real one"),
        }
    }
}

impl core::error::Error for TrustError {}

impl From<CodecError> for TrustError {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

/// Opens a trust file that the caller has from a trusted place, such as the program itself: it must
/// be signed by its own roots.
///
/// # Errors
/// [`TrustError::Codec`], [`TrustError::TooManySignatures`], [`TrustError::File`] where the file
/// contradicts itself, and [`TrustError::OwnRoots`] where its own roots did not sign it.
pub fn open(bytes: &[u8]) -> Result<Trusted<TrustFile>, TrustError> {
    let (signed, file) = decode(bytes)?;
    let message = signed.signing_bytes();
    file.roots.verify(&message, &signed.signatures).map_err(TrustError::OwnRoots)?;
    Ok(Trusted(file))
}

/// Takes a newer trust file in place of an old one: signed by the old roots and by its own.
///
/// # Errors
/// Those of [`open`]; [`TrustError::OldRoots`] where the old roots did not sign it,
/// [`TrustError::NotNewer`] for a serial that is not above the old one, and [`TrustError::Demo`]
/// where one of the two is a demonstration's and the other is not.
pub fn rotate(old: &Trusted<TrustFile>, bytes: &[u8]) -> Result<Trusted<TrustFile>, TrustError> {
    let (signed, file) = decode(bytes)?;
    let message = signed.signing_bytes();
    old.roots.verify(&message, &signed.signatures).map_err(TrustError::OldRoots)?;
    file.roots.verify(&message, &signed.signatures).map_err(TrustError::OwnRoots)?;
    serial_rises(old, &file)?;
    same_purpose(old, &file)?;
    Ok(Trusted(file))
}

fn decode(bytes: &[u8]) -> Result<(SignedTrustFile, TrustFile), TrustError> {
    let signed: SignedTrustFile = codec::decode(bytes)?;
    if signed.signatures.len() > 2 * MAX_KEYS {
        return Err(TrustError::TooManySignatures { got: signed.signatures.len() });
    }
    let file: TrustFile = codec::decode(&signed.body)?;
    file.sound().map_err(TrustError::File)?;
    Ok((signed, file))
}

/// An older file never comes back.
fn serial_rises(old: &TrustFile, new: &TrustFile) -> Result<(), TrustError> {
    if new.serial > old.serial {
        return Ok(());
    }
    Err(TrustError::NotNewer { have: old.serial, got: new.serial })
}

/// Demo anchors are not in the release trust set.
fn same_purpose(old: &TrustFile, new: &TrustFile) -> Result<(), TrustError> {
    if old.demo == new.demo { Ok(()) } else { Err(TrustError::Demo) }
}
