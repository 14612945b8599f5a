use super::*;

#[derive(Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct Sample {
    #[n(0)]
    version: u8,
    #[n(1)]
    body: Blob,
    #[n(2)]
    note: Option<u32>,
}

impl Versioned for Sample {
    const NAME: &'static str = "sample";
    const MAX_LEN: usize = 64;
}

fn sample() -> Sample {
    Sample { version: 1, body: Blob(alloc::vec![7, 8]), note: None }
}

#[test]
fn a_structure_comes_back_the_same() {
    assert_eq!(decode::<Sample>(&encode(&sample())), Ok(sample()));
}

#[test]
fn another_version_is_too_new_and_not_malformed() {
    let bytes = encode(&Sample { version: 2, ..sample() });
    assert_eq!(
        decode::<Sample>(&bytes),
        Err(CodecError::UnknownVersion { what: "sample", got: 2 })
    );
}

#[test]
fn a_longer_integer_is_not_canonical() {
    // Version 1 written in two bytes.
    let bytes = [0xa2, 0x00, 0x18, 0x01, 0x01, 0x42, 7, 8];
    assert_eq!(decode::<Sample>(&bytes), Err(CodecError::NotCanonical { what: "sample" }));
}

#[test]
fn trailing_bytes_and_unknown_keys_are_refused() {
    let mut trailing = encode(&sample());
    trailing.push(0);
    assert_eq!(decode::<Sample>(&trailing), Err(CodecError::NotCanonical { what: "sample" }));
    let unknown = [0xa3, 0x00, 0x01, 0x01, 0x42, 7, 8, 0x09, 0x00];
    assert_eq!(decode::<Sample>(&unknown), Err(CodecError::NotCanonical { what: "sample" }));
}

#[test]
fn length_is_limited_before_parsing() {
    assert_eq!(
        decode::<Sample>(&[0u8; 65]),
        Err(CodecError::TooLong { what: "sample", got: 65, max: 64 })
    );
}
