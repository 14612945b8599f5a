//! The envelope: a document as one text, who signed it, and the signature.
//!
//! ```json
//! { "sealight_config": 1, "document": "…", "key": "…64 hex digits…", "signature": "…128…" }
//! ```
//!
//! What is signed are the bytes of the text as they stand, after the tag of
//! [`sealight_verify::hash::tags::KIOSK`] and its length; the key in the envelope only tells a
//! foreign signer from a damaged file.

use super::document::Shop;
use super::error::ConfigError;
use super::key::{OperatorKey, hex, public_key};
use sealight_verify::hash::tags;
use sealight_verify::sign::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

/// Most bytes of a signed document.
pub const MAX_SIGNED: usize = 64 * 1024;

const VERSION: u64 = 1;

/// A document with its signature; untrusted until it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedShop {
    document: String,
    key: PublicKey,
    signature: Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    sealight_config: u64,
    document: String,
    key: String,
    signature: String,
}

impl SignedShop {
    /// The bytes that an operator signs for this document.
    pub fn signing_bytes(document: &str) -> Vec<u8> {
        let tag = tags::KIOSK.as_bytes();
        // Tags are short: see `tagged`.
        [&[tag.len() as u8], tag, document.as_bytes()].concat()
    }

    /// A document with the signature that was made for it.
    pub fn new(document: String, key: OperatorKey, signature: Signature) -> Self {
        Self { document, key: key.public().clone(), signature }
    }

    /// Who says to have signed it.
    pub fn signer(&self) -> &PublicKey {
        &self.key
    }

    /// The document's text, whoever signed it.
    pub fn text(&self) -> &str {
        &self.document
    }

    /// The file.
    pub fn encode(&self) -> Vec<u8> {
        let signature = self.signature.as_ref().iter().map(|byte| format!("{byte:02x}"));
        let envelope = Envelope {
            sealight_config: VERSION,
            document: self.document.clone(),
            key: hex(&self.key),
            signature: signature.collect(),
        };
        // Strings and a number: writing them as JSON cannot fail.
        let mut bytes = serde_json::to_vec_pretty(&envelope).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ConfigError::TooLong`], [`ConfigError::UnknownVersion`], [`ConfigError::Malformed`].
    pub fn decode(bytes: &[u8]) -> Result<Self, ConfigError> {
        if bytes.len() > MAX_SIGNED {
            return Err(ConfigError::TooLong { got: bytes.len(), max: MAX_SIGNED });
        }
        let malformed = || ConfigError::Malformed;
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| malformed())?;
        let version = value.get("sealight_config").and_then(serde_json::Value::as_u64);
        match version.ok_or_else(malformed)? {
            VERSION => {}
            got => return Err(ConfigError::UnknownVersion { got }),
        }
        let envelope: Envelope = serde_json::from_value(value).map_err(|_| malformed())?;
        Ok(Self {
            key: public_key(&envelope.key).ok_or_else(malformed)?,
            signature: Signature::from_hex(&envelope.signature).ok_or_else(malformed)?,
            document: envelope.document,
        })
    }

    /// The document, if this operator signed it.
    ///
    /// # Errors
    /// [`ConfigError::ForeignSigner`], [`ConfigError::Signature`], [`ConfigError::Shop`].
    pub fn open(&self, operator: &OperatorKey) -> Result<Shop, ConfigError> {
        let expected = operator.public();
        if self.key != *expected {
            return Err(ConfigError::ForeignSigner {
                expected: expected.clone(),
                got: self.key.clone(),
            });
        }
        let message = Self::signing_bytes(&self.document);
        expected.verify(&message, &self.signature).map_err(ConfigError::Signature)?;
        Ok(Shop::decode(self.document.as_bytes())?)
    }
}
