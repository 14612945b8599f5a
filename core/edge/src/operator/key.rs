//! The operator's key, as a file on the kiosk itself names it.

use sealight_verify::sign::{Algorithm, PublicKey};
use serde_json::Value;
use std::path::Path;

/// Most bytes of the file.
const MAX_FILE: usize = 4096;

/// The public key that signs this kiosk's configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperatorKey(PublicKey);

/// Why a file names no operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFileError {
    /// The file system fails, or the file is too long to be one.
    Unreadable {
        /// What the system says.
        why: String,
    },
    /// Not the JSON that `sealight key show --json` prints.
    Malformed,
    /// A key of another algorithm than Ed25519.
    Algorithm,
    /// The file holds the secret part, which must never be on a kiosk.
    Secret,
}

impl core::fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unreadable { why } => write!(f, "operator key: {why}"),
            Self::Malformed => {
                f.write_str("operator key: not what `sealight key show --json` prints")
            }
            Self::Algorithm => f.write_str("operator key: only ed25519 signs configurations"),
            Self::Secret => f.write_str(
                "operator key: this file holds the secret key, which must not be on a kiosk; \
                 take what `sealight key show --json` prints",
            ),
        }
    }
}

impl core::error::Error for KeyFileError {}

impl OperatorKey {
    /// Takes a key.
    ///
    /// # Errors
    /// [`KeyFileError::Algorithm`].
    pub fn new(key: PublicKey) -> Result<Self, KeyFileError> {
        match key.algorithm {
            Algorithm::Ed25519 => Ok(Self(key)),
            _ => Err(KeyFileError::Algorithm),
        }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let unreadable = |why: String| KeyFileError::Unreadable { why };
        let bytes =
            crate::home::read(path, MAX_FILE).map_err(|error| unreadable(error.to_string()))?;
        let missing = || unreadable(format!("{}: not found", path.display()));
        Self::decode(&bytes.ok_or_else(missing)?)
    }

    /// Reads the file's bytes.
    ///
    /// # Errors
    /// See [`KeyFileError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, KeyFileError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| KeyFileError::Malformed)?;
        if value.get("seed").is_some() {
            return Err(KeyFileError::Secret);
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let (Some(algorithm), Some(public)) = (text("algorithm"), text("public")) else {
            return Err(KeyFileError::Malformed);
        };
        if algorithm != Algorithm::Ed25519.name() {
            return Err(KeyFileError::Algorithm);
        }
        public_key(public).map(Self).ok_or(KeyFileError::Malformed)
    }

    /// The key.
    pub fn public(&self) -> &PublicKey {
        &self.0
    }

    /// The key as hex.
    pub fn hex(&self) -> String {
        hex(&self.0)
    }
}

pub(super) fn hex(key: &PublicKey) -> String {
    key.bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An Ed25519 key of 64 hex digits.
pub(super) fn public_key(text: &str) -> Option<PublicKey> {
    let bytes = sealight_verify::hash::Hash32::from_hex(text)?;
    PublicKey::decode(Algorithm::Ed25519, &bytes.0).ok()
}
