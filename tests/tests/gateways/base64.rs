//! Base64 as a node's JSON has it (RFC 4648, section 4), of answers that a test bends.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Text of bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number =
            (0..3).fold(0u32, |sum, at| sum << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let sextet = (number >> (18 - 6 * at) & 63) as usize;
            text.push(if at <= group.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    text
}

/// Bytes of a text that an honest gateway gave.
pub(crate) fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let place = |byte: &u8| ALPHABET.iter().position(|known| known == byte);
        let sextets: Vec<usize> = group.iter().filter_map(place).collect();
        let number = (0..4).fold(0usize, |sum, at| sum << 6 | sextets.get(at).unwrap_or(&0));
        let whole = [number >> 16, number >> 8, number].map(|byte| (byte & 255) as u8);
        bytes.extend(&whole[..sextets.len() - 1]);
    }
    bytes
}

#[test]
fn text_and_bytes_are_each_others() {
    for (bytes, text) in [(&b"f"[..], "Zg=="), (b"fo", "Zm8="), (b"foo", "Zm9v"), (b"", "")] {
        assert_eq!(encode(bytes), text);
        assert_eq!(decode(text), bytes);
    }
}
