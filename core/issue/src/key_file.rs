//! The file of a signing key: JSON text, so that a person can see what it is.

use crate::key::{KeyError, SigningKey};
use sealight_verify::sign::Algorithm;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use zeroize::Zeroizing;

/// Most bytes of a key file.
pub const MAX_FILE: usize = 1024;

const VERSION: u64 = 1;

/// The JSON object; the public key is there so that damage is noticed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    sealight_key: u64,
    pub(crate) algorithm: String,
    pub(crate) public: String,
    pub(crate) seed: Zeroizing<String>,
}

impl KeyFile {
    pub(crate) fn new(algorithm: &str, public: &str, seed: Zeroizing<String>) -> Self {
        let (algorithm, public) = (algorithm.to_owned(), public.to_owned());
        Self { sealight_key: VERSION, algorithm, public, seed }
    }

    pub(crate) fn text(&self) -> Zeroizing<String> {
        // Strings and a number always serialize.
        let mut text = Zeroizing::new(serde_json::to_string_pretty(self).unwrap_or_default());
        text.push('\n');
        text
    }

    pub(crate) fn read(text: &str) -> Result<Self, KeyError> {
        if text.len() > MAX_FILE {
            return Err(KeyError::TooLong { got: text.len(), max: MAX_FILE });
        }
        let file: Self = serde_json::from_str(text).map_err(|_| KeyError::Malformed)?;
        if file.sealight_key != VERSION {
            return Err(KeyError::UnknownVersion { got: file.sealight_key });
        }
        Ok(file)
    }
}

impl SigningKey {
    /// The text of the key's file; whoever has it can sign.
    pub fn encode_file(&self) -> Zeroizing<String> {
        let public = self.public();
        KeyFile::new(self.algorithm().name(), &hex(&public.bytes), hex(self.seed())).text()
    }

    /// Reads the text of a key's file.
    ///
    /// # Errors
    /// What is wrong with it; see [`KeyError`].
    pub fn decode_file(text: &str) -> Result<Self, KeyError> {
        let file = KeyFile::read(text)?;
        let algorithm: Algorithm =
            file.algorithm.parse().map_err(|_| KeyError::UnknownAlgorithm)?;
        let key = Self::from_seed(algorithm, &*unhex(&file.seed).ok_or(KeyError::Malformed)?)?;
        if *hex(&key.public().bytes) != file.public {
            return Err(KeyError::PublicMismatch);
        }
        Ok(key)
    }
}

pub(crate) fn hex(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    for byte in bytes {
        // Writing to a string cannot fail.
        _ = write!(text, "{byte:02x}");
    }
    text
}

pub(crate) fn unhex(text: &str) -> Option<Zeroizing<[u8; 32]>> {
    let digits: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = Zeroizing::new([0; 32]);
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16);
        *byte = (digit(0)? << 4 | digit(1)?) as u8;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::from_seed(Algorithm::Sm2, &[5; 32]).unwrap()
    }

    #[test]
    fn a_key_file_comes_back_the_same() {
        for algorithm in Algorithm::ALL {
            let key = SigningKey::from_seed(algorithm, &[9; 32]).unwrap();
            let again = SigningKey::decode_file(&key.encode_file()).unwrap();
            assert_eq!(again.public(), key.public());
            assert_eq!(again.sign(b"lot"), key.sign(b"lot"));
        }
    }

    #[test]
    fn a_damaged_seed_is_noticed() {
        let text = key().encode_file().replace("0505", "0506");
        assert_eq!(SigningKey::decode_file(&text).unwrap_err(), KeyError::PublicMismatch);
    }

    #[test]
    fn a_key_file_is_not_read_past_its_limit() {
        let text = " ".repeat(MAX_FILE + 1);
        assert_eq!(
            SigningKey::decode_file(&text).unwrap_err(),
            KeyError::TooLong { got: MAX_FILE + 1, max: MAX_FILE }
        );
    }

    #[test]
    fn another_version_of_a_key_file_is_said_so() {
        let text = key().encode_file().replace("\"sealight_key\": 1", "\"sealight_key\": 2");
        let error = SigningKey::decode_file(&text).unwrap_err();
        assert_eq!(error, KeyError::UnknownVersion { got: 2 });
    }

    #[test]
    fn an_unknown_algorithm_of_a_key_file_is_said_so() {
        let text = key().encode_file().replace("\"sm2\"", "\"sm4\"");
        assert_eq!(SigningKey::decode_file(&text).unwrap_err(), KeyError::UnknownAlgorithm);
    }

    #[test]
    fn other_text_is_no_key_file() {
        let whole = key().encode_file();
        for text in ["", "{}", "[]", &whole.replace("05", "0g"), &whole.replace('}', ",\"x\":1}")] {
            assert_eq!(SigningKey::decode_file(text).unwrap_err(), KeyError::Malformed, "{text}");
        }
    }
}
