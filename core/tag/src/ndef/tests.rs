//! Messages built here, byte by byte.

use super::*;
use proptest::prelude::*;

const WELL_KNOWN: u8 = 1;

/// One short record with these flags.
fn raw(flags: u8, kind: &[u8], payload: &[u8]) -> Vec<u8> {
    let header = [flags | 0x10, kind.len() as u8, payload.len() as u8];
    [&header, kind, payload].concat()
}

/// A message of one record.
pub(crate) fn single(tnf: u8, kind: &[u8], payload: &[u8]) -> Vec<u8> {
    raw(0xc0 | tnf, kind, payload)
}

/// A message that is one URI record.
pub(crate) fn uri_message(prefix: u8, rest: &str) -> Vec<u8> {
    single(WELL_KNOWN, b"U", &[&[prefix], rest.as_bytes()].concat())
}

fn uri(text: &str) -> Result<Vec<Content>, NdefError> {
    Ok(vec![Content::Uri(text.to_owned())])
}

fn words(language: &str, text: &str) -> Text {
    Text { language: language.to_owned(), text: text.to_owned() }
}

#[test]
fn a_uri_record_writes_its_prefix_out() {
    assert_eq!(decode(&uri_message(4, "s.example/s#x")), uri("https://s.example/s#x"));
    assert_eq!(decode(&uri_message(0, "a:b")), uri("a:b"));
    assert_eq!(decode(&uri_message(0x1e, "sgtin:1.2.3")), uri("urn:epc:id:sgtin:1.2.3"));
    assert_eq!(decode(&uri_message(0x23, "x")), uri("urn:nfc:x"));
    for code in 0..36 {
        assert!(UriPrefix(code).text().is_some());
    }
}

#[test]
fn a_reserved_prefix_is_refused() {
    assert_eq!(decode(&uri_message(36, "x")), Err(NdefError::UnknownPrefix { got: 36 }));
    assert_eq!(decode(&single(WELL_KNOWN, b"U", b"")), Err(NdefError::NoPrefix));
}

#[test]
fn an_absolute_uri_record_is_read() {
    assert_eq!(decode(&single(3, b"https://a.example/", b"")), uri("https://a.example/"));
}

#[test]
fn a_long_record_with_an_id_is_read() {
    let mut message = vec![0xc9, 1, 0, 0, 0, 3, 2];
    message.extend(b"UidU\x04".iter().take(3));
    message.extend(b"\x04ab");
    let read = records(&message).unwrap();
    assert_eq!((read[0].id.as_slice(), read[0].payload.as_slice()), (&b"id"[..], &b"\x04ab"[..]));
}

#[test]
fn text_is_utf8_or_utf16() {
    let text = |payload: &[u8]| decode(&single(WELL_KNOWN, b"T", payload));
    let expected = Ok(vec![Content::Text(words("zh", "酒"))]);
    assert_eq!(text("\u{2}zh酒".as_bytes()), expected);
    assert_eq!(text(b"\x82zh\x91\x52"), expected);
    assert_eq!(text(b"\x82zh\xfe\xff\x91\x52"), expected);
    assert_eq!(text(b"\x82zh\xff\xfe\x52\x91"), expected);
    for payload in [&b"\x82zh\x91"[..], b"\x82zh\xd8\x00", b"\x02zh\xff", b"\x01\xff"] {
        assert_eq!(text(payload), Err(NdefError::Encoding), "{payload:?}");
    }
    for payload in [&b""[..], b"\x42zhx", b"\x05zh"] {
        assert_eq!(text(payload), Err(NdefError::TextStatus), "{payload:?}");
    }
}

#[test]
fn a_smart_poster_has_one_uri_and_titles() {
    let first = raw(0x81, b"U", b"\x04a.example");
    let title = raw(0x01, b"T", b"\x02enHello");
    let action = raw(0x41, b"act", b"\x00");
    let poster = single(WELL_KNOWN, b"Sp", &[first.clone(), title, action].concat());
    let titles = vec![words("en", "Hello")];
    let uri = "https://a.example".to_owned();
    assert_eq!(decode(&poster), Ok(vec![Content::SmartPoster { uri, titles }]));
    let two = [first, raw(0x41, b"U", b"\x04b")].concat();
    let error = Err(NdefError::PosterUris { got: 2 });
    assert_eq!(decode(&single(WELL_KNOWN, b"Sp", &two)), error);
    let none = single(WELL_KNOWN, b"T", b"\x02enHello");
    let error = Err(NdefError::PosterUris { got: 0 });
    assert_eq!(decode(&single(WELL_KNOWN, b"Sp", &none)), error);
}

#[test]
fn nesting_is_bounded() {
    let mut message = uri_message(4, "a");
    for _ in 0..MAX_NESTING {
        message = single(WELL_KNOWN, b"Sp", &message);
    }
    assert_eq!(decode(&message), Err(NdefError::TooDeep));
}

#[test]
fn a_message_is_bounded() {
    let long = vec![0; MAX_MESSAGE + 1];
    assert_eq!(decode(&long), Err(NdefError::TooLong { got: MAX_MESSAGE + 1 }));
    let record = raw(0x05, b"", b"x");
    let message = [raw(0x85, b"", b""), record.repeat(MAX_RECORDS)].concat();
    assert_eq!(decode(&message), Err(NdefError::TooManyRecords));
    assert_eq!(decode(b""), Err(NdefError::Empty));
}

#[test]
fn a_message_cut_anywhere_is_refused() {
    let first = raw(0x81, b"U", b"\x04a.example");
    let message = [first.clone(), raw(0x41, b"T", b"\x02enHello")].concat();
    assert!(decode(&message).is_ok());
    for end in 1..message.len() {
        let error = decode(&message[..end]).unwrap_err();
        let whole = end == first.len();
        assert!(
            matches!(error, NdefError::Truncated { .. }) && !whole
                || error == NdefError::NoEnd && whole,
            "{end}: {error}"
        );
    }
}

#[test]
fn first_and_last_record_are_marked() {
    assert_eq!(decode(&raw(0x41, b"U", b"\x04a")), Err(NdefError::NoBegin));
    let message = [raw(0x81, b"U", b"\x04a"), raw(0xc1, b"U", b"\x04b")].concat();
    assert_eq!(decode(&message), Err(NdefError::SecondBegin { at: 6 }));
    let message = [uri_message(4, "a"), vec![0]].concat();
    assert_eq!(decode(&message), Err(NdefError::AfterEnd { at: 6 }));
}

#[test]
fn the_reserved_format_is_refused() {
    assert_eq!(decode(&single(7, b"U", b"")), Err(NdefError::ReservedFormat { at: 0 }));
}

#[test]
fn parts_fit_the_format() {
    let shapes = [
        single(0, b"", b"x"),
        single(0, b"U", b""),
        raw(0xe0, b"", b""),
        single(WELL_KNOWN, b"", b"x"),
        single(2, b"", b"x"),
        single(5, b"U", b"x"),
        single(6, b"U", b"x"),
    ];
    for message in shapes {
        assert_eq!(decode(&message), Err(NdefError::Shape { at: 0 }), "{message:?}");
    }
    assert_eq!(decode(&single(0, b"", b"")).unwrap().len(), 1);
}

#[test]
fn chunks_are_put_together() {
    let first = raw(0xa1, b"U", b"\x04a.ex");
    let message = [first.clone(), raw(0x26, b"", b"amp"), raw(0x46, b"", b"le")].concat();
    assert_eq!(decode(&message), uri("https://a.example"));
    let with_id = [&[0x5e, 0, 1, 1][..], b"ix"].concat();
    for (wrong, at) in [
        (single(6, b"", b"x"), 0),
        (raw(0xe1, b"U", b"\x04a"), 0),
        ([first.clone(), raw(0x41, b"U", b"\x04a")].concat(), first.len()),
        ([first.clone(), with_id].concat(), first.len()),
    ] {
        assert_eq!(decode(&wrong), Err(NdefError::Chunk { at }), "{wrong:?}");
    }
    assert_eq!(decode(&first), Err(NdefError::NoEnd));
}

#[test]
fn other_records_are_kept_as_they_stand() {
    let read = decode(&single(2, b"text/plain", b"hi")).unwrap();
    assert!(matches!(&read[0], Content::Other(record) if record.tnf == Tnf::Media));
}

#[test]
fn debug_output_has_no_address() {
    let shown = format!("{:?}", decode(&uri_message(4, "s.example/s#secret")).unwrap());
    assert!(!shown.contains("secret"), "{shown}");
}

/// Memory of a tag with 144 data bytes, as an NTAG213 has.
fn memory(blocks: &[u8]) -> Vec<u8> {
    let mut memory = vec![0x04; 12];
    memory.extend([0xe1, 0x10, 0x12, 0x00]);
    memory.extend(blocks);
    memory.resize(16 + 144, 0);
    memory
}

#[test]
fn a_tag_s_message_is_found_behind_other_blocks() {
    let message = uri_message(4, "a.example");
    // NTAG213: lock bytes of 12 bits at page 10 of 16 bytes, behind the data.
    let mut blocks = vec![0x01, 0x03, 0xa0, 0x0c, 0x34, 0x00, 0xfd, 0x01, 0xaa, 0x03];
    blocks.push(message.len() as u8);
    blocks.extend(&message);
    blocks.push(0xfe);
    assert_eq!(message_of_type2(&memory(&blocks)), Ok(message));
}

#[test]
fn areas_set_apart_are_left_out() {
    // 2 reserved bytes at byte 24 = page 1 of 16 bytes, offset 8.
    let blocks = [0x02, 0x03, 0x18, 0x02, 0x04, 0x03, 0x03, b'a', 0xee, 0xee, b'b', b'c'];
    assert_eq!(message_of_type2(&memory(&blocks)), Ok(b"abc".to_vec()));
}

#[test]
fn a_long_block_is_read() {
    let mut blocks = vec![0x03, 0xff, 0x00, 0x80];
    blocks.extend([7; 0x80]);
    assert_eq!(message_of_type2(&memory(&blocks)), Ok(vec![7; 0x80]));
}

#[test]
fn memory_without_a_message_is_refused() {
    let cases = [
        (memory(&[0xfe, 0x03, 0x01, 0x00]), Type2Error::NoMessage),
        (memory(&[]), Type2Error::NoMessage),
        (memory(&[0x00, 0x03, 0x90]), Type2Error::Truncated { at: 17 }),
        (memory(&[0x01, 0x02, 0x00, 0x00]), Type2Error::Control { at: 16 }),
        (memory(&[1, 3, 0xf0, 8, 0x34].repeat(9)), Type2Error::Control { at: 16 + 40 }),
        (vec![0; 160], Type2Error::NoContainer),
        (vec![], Type2Error::NoContainer),
        (vec![0; 2057], Type2Error::TooLong { got: 2057 }),
    ];
    for (memory, error) in cases {
        assert_eq!(message_of_type2(&memory), Err(error));
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        let _ = decode(&[&[0xd1, 2, bytes.len() as u8][..], b"Sp", &bytes].concat());
        let _ = decode(&[&[0xd1, 1, bytes.len() as u8][..], b"T", &bytes].concat());
        let _ = message_of_type2(&memory(&bytes[..bytes.len().min(144)]));
    }

    #[test]
    fn a_changed_byte_never_panics(at in 0usize..64, byte in any::<u8>()) {
        let mut message = [raw(0xa1, b"U", b"\x04a.ex"), raw(0x06, b"", b"amp"), raw(0x41, b"T", b"\x82zh\x91\x52")].concat();
        let at = at % message.len();
        message[at] = byte;
        let _ = decode(&message);
    }
}
