//! Signed checkpoints as text, for a code on a screen or on paper.

use crate::net::base64;
use sealight_verify::codec::Versioned;
use sealight_verify::trust::SignedCheckpoint;

/// What the text begins with.
const START: &str = "sealight-checkpoint:";

/// A signed checkpoint as text: `sealight-checkpoint:` and its bytes in base64.
pub fn checkpoint_text(bytes: &[u8]) -> String {
    format!("{START}{}", base64::encode(bytes))
}

/// The bytes of a signed checkpoint in a text, untrusted; none where it is no such text.
pub fn checkpoint_of_text(text: &str) -> Option<Vec<u8>> {
    let rest = text.strip_prefix(START)?;
    (rest.len() <= 2 * SignedCheckpoint::MAX_LEN).then(|| base64::decode(rest))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoints_bytes_come_back_from_their_text() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(checkpoint_of_text(&checkpoint_text(&bytes)), Some(bytes));
        for other in ["", "sealight-checkpoint:?", "https://shop.example/", "sealight-checkpoint"] {
            assert_eq!(checkpoint_of_text(other), None, "{other}");
        }
        let long = checkpoint_text(&vec![0; 2 * SignedCheckpoint::MAX_LEN]);
        assert_eq!(checkpoint_of_text(&long), None);
    }
}
