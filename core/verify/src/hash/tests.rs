use super::*;
use alloc::vec::Vec;

#[test]
fn sm3_gives_the_digests_of_the_standard() {
    // GB/T 32905-2016, annex A.
    assert_eq!(
        Sm3::hash(&[b"abc"]).to_string(),
        "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    );
    assert_eq!(
        Sm3::hash(&[&b"abcd".repeat(16)]).to_string(),
        "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    );
}

#[test]
fn sha256_gives_the_digests_of_the_standard() {
    // FIPS 180-4, examples of one and of two blocks.
    assert_eq!(
        Sha256::hash(&[b"abc"]).to_string(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        Sha256::hash(&[b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"]).to_string(),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    );
}

#[test]
fn parts_are_hashed_as_one() {
    let content: Vec<u8> = (0..=255).collect();
    for cut in 0..content.len() {
        let (head, tail) = content.split_at(cut);
        assert_eq!(Sm3::hash(&[head, &[], tail]), Sm3::hash(&[&content]));
        assert_eq!(Sha256::hash(&[head, tail]), Sha256::hash(&[&content]));
    }
}

#[test]
fn a_tag_is_hashed_behind_its_length() {
    let plain = [&[b"sealight/1/lot-id".len() as u8][..], b"sealight/1/lot-id", b"body"].concat();
    assert_eq!(tagged(&tags::LOT_ID, &[b"bo", b"dy"]), Sm3::hash(&[&plain]));
}

#[test]
fn content_never_moves_between_a_tag_and_its_body() {
    let (short, long) = (Tag("sealight/1/lot"), Tag("sealight/1/lot-id"));
    assert_ne!(tagged(&short, &[b"-id"]), tagged(&long, &[]));
}

#[test]
fn hex_is_read_only_at_its_full_length() {
    let hash = Sm3::hash(&[b"abc"]);
    let text = hash.to_string();
    assert_eq!(Hash32::from_hex(&text), Some(hash));
    assert_eq!(Hash32::from_hex(&text.to_uppercase()), Some(hash));
    for bad in [&text[1..], &format!("{text}0"), &text.replace('6', "g"), "", &"é".repeat(32)] {
        assert_eq!(Hash32::from_hex(bad), None, "{bad}");
    }
}
