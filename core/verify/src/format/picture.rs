//! Pictures of products: a record's public field [`FIELD`] names one by the hash of its file.
//!
//! The file stands beside the ledger, under its hash, and proves itself; the record, which the lot's
//! root covers, says that it is the issuer's. An event's `document` names a file in the same way.
//!
//! It is a PNG that does not move (no APNG), or a sequential JPEG (baseline or extended, not
//! progressive) of four scans at most; a device shows no other, and nobody may issue one.

use super::record::Field;
use crate::hash::{Hash32, HashSuite, Sm3};

/// Key of the field that holds the hash of the picture's file, as 64 hex digits.
pub const FIELD: &str = "picture";

/// Most bytes of a picture's file: 512 KiB.
pub const MAX_LEN: usize = 512 * 1024;

/// Most pixels of a side of a picture.
pub const MAX_SIDE: usize = 2048;

/// The hash that names a file: SM3 of its bytes as they are, so that any tool can compute it.
pub fn hash(file: &[u8]) -> Hash32 {
    Sm3::hash(&[file])
}

/// The picture that a record's fields name; none where the value is no hash.
pub fn named(fields: &[Field]) -> Option<Hash32> {
    let field = fields.iter().find(|field| field.key == FIELD)?;
    Hash32::from_hex(&field.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn a_field_names_a_picture_by_the_hash_of_its_file() {
        let field = |key: &str, value: &str| Field { key: key.into(), value: value.into() };
        let of = hash(b"abc");
        let abc = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(of.to_string(), abc, "GB/T 32905-2016, A.1");
        assert_eq!(named(&[field("origin", abc), field(FIELD, abc)]), Some(of));
        assert_eq!(named(&[field("origin", abc)]), None);
        for value in ["", &abc[1..], "../picture", "https://brand.example/picture.png"] {
            assert_eq!(named(&[field(FIELD, value)]), None, "{value}");
        }
    }
}
