//! The file of a party's report key, in the form of the files of signing keys.

use crate::key::{KeyError, Sign};
use crate::key_file::{KeyFile, hex, unhex};
use sealight_verify::report::{Collect, Discard, ReportKey};
use zeroize::Zeroizing;

/// The algorithm's name in files and documents.
pub const ALGORITHM: &str = "x25519";

/// The text of the file of the report key with this seed; whoever has it can read reports.
pub fn encode_file(seed: &[u8; 32]) -> Zeroizing<String> {
    let public = ReportKey::from_seed(seed).public();
    KeyFile::new(ALGORITHM, &hex(&public), hex(seed)).text()
}

/// Reads the text of a report key's file.
///
/// # Errors
/// What is wrong with it; see [`KeyError`].
pub fn decode_file(text: &str) -> Result<ReportKey, KeyError> {
    let file = KeyFile::read(text)?;
    if file.algorithm != ALGORITHM {
        return Err(KeyError::UnknownAlgorithm);
    }
    let key = ReportKey::from_seed(&*unhex(&file.seed).ok_or(KeyError::Malformed)?);
    if *hex(&key.public()) != file.public {
        return Err(KeyError::PublicMismatch);
    }
    Ok(key)
}

/// The request with the party's signature.
///
/// # Errors
/// Whatever keeps the key from signing.
pub fn signed<K: Sign>(request: Collect, key: &K) -> Result<Collect, K::Error> {
    let signature = key.try_sign(&request.signed_bytes())?;
    Ok(Collect { signature, ..request })
}

/// The request to throw letters away with the party's signature.
///
/// # Errors
/// Whatever keeps the key from signing.
pub fn discarding<K: Sign>(request: Discard, key: &K) -> Result<Discard, K::Error> {
    let signature = key.try_sign(&request.signed_bytes())?;
    Ok(Discard { signature, ..request })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use sealight_verify::sign::Algorithm;

    #[test]
    fn a_report_key_comes_back_from_its_file() {
        let text = encode_file(&[9; 32]);
        let key = decode_file(&text).unwrap();
        assert_eq!(key.public(), ReportKey::from_seed(&[9; 32]).public());
        let damaged = text.replace("0909", "0908");
        assert_eq!(decode_file(&damaged).unwrap_err(), KeyError::PublicMismatch);
    }

    #[test]
    fn a_signing_key_is_no_report_key_and_a_report_key_never_signs() {
        let signing = SigningKey::from_seed(Algorithm::Ed25519, &[9; 32]).unwrap();
        let error = decode_file(&signing.encode_file()).unwrap_err();
        assert_eq!(error, KeyError::UnknownAlgorithm);
        let error = SigningKey::decode_file(&encode_file(&[9; 32])).unwrap_err();
        assert_eq!(error, KeyError::UnknownAlgorithm);
    }
}
