//! Where the vectors lie, and the text forms of bytes that they use.
#![allow(dead_code, reason = "each test file uses its part")]

use std::path::{Path, PathBuf};

/// The folder of vectors that nobody here wrote, or `None` with a line that says so.
///
/// `SEALIGHT_SHARED` names its parent; without it a folder `shared` beside the workspace counts.
pub(crate) fn vectors(name: &str) -> Option<PathBuf> {
    let shared = match std::env::var_os("SEALIGHT_SHARED") {
        Some(path) => PathBuf::from(path),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    };
    let folder = shared.join("vectors").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no vectors at shared/vectors/{name}");
    None
}

/// Reads a JSON file.
pub(crate) fn json(path: &Path) -> serde_json::Value {
    let text = std::fs::read(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Bytes of hex, with or without `0x`.
pub(crate) fn hex(text: &str) -> Vec<u8> {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    assert!(digits.len().is_multiple_of(2), "odd hex {text}");
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hex digits"))
        .collect()
}

/// Bytes of padded standard base64, RFC 4648, section 4.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let six = alphabet.iter().position(|known| *known == letter).expect("base64 letter");
        (held, bits) = (held << 6 | six as u32, bits + 6);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    bytes
}
