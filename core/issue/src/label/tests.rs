use super::*;
use sealight_tag::gs1::DigitalLink;
use sealight_tag::payload::Payload;
use sealight_tag::qr::{CodeReader, FrameReader};
use sealight_tag::{ndef, picture, reading::TagReading};
use sealight_verify::format::ids::{LotId, ShortLedgerId};
use sealight_verify::format::seal::Secret;

const HOST: &str = "seal.example";

fn seal() -> SealCode {
    SealCode {
        ledger: ShortLedgerId([0x11; 8]),
        lot: LotId([0x22; 8]),
        index: 77,
        secret: Secret([0x33; 16]),
    }
}

/// The seal that the tag side finds in an address.
fn found(reading: &TagReading) -> SealCode {
    match reading.decode() {
        Payload::Seal { fragment, .. } => SealCode::decode_fragment(fragment.as_str()).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// Dark modules as the rectangles of a picture's path say.
fn drawn(svg: &str) -> Vec<(usize, usize)> {
    let path = svg.split("d=\"").nth(1).unwrap().split('"').next().unwrap();
    let mut dark = Vec::new();
    for run in path.split('M').skip(1) {
        let (start, rest) = run.split_once('h').unwrap();
        let (x, y) = start.split_once(' ').unwrap();
        let length: usize = rest.split('v').next().unwrap().parse().unwrap();
        let x: usize = x.parse().unwrap();
        (x..x + length).for_each(|x| dark.push((x, y.parse().unwrap())));
    }
    dark
}

#[test]
fn a_seal_address_is_host_and_fragment() {
    let uri = seal_uri(HOST, &seal()).unwrap();
    assert_eq!(uri, format!("https://seal.example/s#{}", seal().fragment()));
    assert!(seal_uri("192.168.7.1:26680", &seal()).is_ok());
}

#[test]
fn the_host_must_be_plain() {
    let long = "a".repeat(254);
    for host in ["", "Seal.example", "a..b", "a/b", "a b", "a#b", "a:", "a:x", "a:999999", &long] {
        assert_eq!(seal_uri(host, &seal()), Err(LabelError::Host), "{host}");
    }
}

#[test]
fn a_digital_link_carries_the_same_fragment() {
    let uri = digital_link_uri(HOST, "06901234567892", "A/7+\"%", &seal()).unwrap();
    assert!(uri.starts_with("https://seal.example/01/06901234567892/21/A%2F7%2B%22%25#"));
    let reading = TagReading::nfc(ndef_message(&uri).unwrap(), None);
    assert_eq!(found(&reading), seal());
    let link = DigitalLink::parse(uri.split('#').next().unwrap()).unwrap();
    assert_eq!((link.gtin(), link.value("21")), (Some("06901234567892"), Some("A/7+\"%")));
}

#[test]
fn a_digital_link_needs_a_gtin_and_a_serial_of_gs1() {
    let link = |gtin, serial| digital_link_uri(HOST, gtin, serial, &seal());
    assert_eq!(link("6901234567892", "1"), Err(LabelError::Gtin));
    for serial in ["", "a b", "123456789012345678901", "#", "酒"] {
        assert_eq!(link("06901234567892", serial), Err(LabelError::Serial), "{serial}");
    }
}

#[test]
fn a_png_label_is_read_back() {
    let uri = seal_uri(HOST, &seal()).unwrap();
    for module in [2, 4, 7] {
        let symbol = QrSymbol::encode(&uri).unwrap();
        let frame = picture::decode(&symbol.png(module).unwrap()).unwrap();
        assert_eq!(frame.width(), symbol.width() * module as usize);
        let codes = FrameReader::default().read(&frame, &sealight_tag::deadline::Unbounded);
        assert_eq!(codes.len(), 1, "module of {module}");
        assert_eq!(codes[0].bytes, uri.as_bytes());
        assert_eq!(found(&TagReading::from(codes[0].clone())), seal());
    }
}

#[test]
fn a_png_has_a_light_quiet_zone_of_four_modules() {
    let symbol = QrSymbol::encode("https://seal.example/s").unwrap();
    let frame = picture::decode(&symbol.png(3).unwrap()).unwrap();
    let (width, quiet) = (frame.width(), 3 * QUIET);
    for (at, pixel) in frame.pixels().iter().enumerate() {
        let (x, y) = (at % width, at / width);
        let inside = |at: usize| (quiet..width - quiet).contains(&at);
        assert!(inside(x) && inside(y) || *pixel == 255, "pixel {x}, {y}");
    }
    assert_eq!(frame.pixels()[quiet * width + quiet], 0);
}

#[test]
fn an_svg_label_draws_the_same_modules_and_the_number() {
    let symbol = QrSymbol::encode(&seal_uri(HOST, &seal()).unwrap()).unwrap();
    let number = number(&seal());
    let svg = symbol.svg(Some(&number));
    let width = symbol.width();
    let dark: Vec<_> = (0..width)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .filter(|(x, y)| symbol.is_dark(*x, *y))
        .collect();
    assert_eq!(drawn(&svg), dark);
    assert!(svg.contains(&format!(">{}</text>", number.text())));
    assert!(!svg.contains(&seal().fragment()));
    assert!(!symbol.svg(None).contains("<text"));
}

#[test]
fn a_module_has_1_to_64_pixels() {
    let symbol = QrSymbol::encode("https://seal.example/s").unwrap();
    for got in [0, 65, u32::MAX] {
        assert_eq!(symbol.png(got), Err(LabelError::ModuleSize { got }));
    }
    assert!(symbol.png(1).is_ok());
}

#[test]
fn an_address_has_a_limit() {
    let long = "x".repeat(513);
    let error = LabelError::TooLong { got: 513, max: 512 };
    assert_eq!(QrSymbol::encode(&long), Err(error.clone()));
    assert_eq!(ndef_message(&long), Err(error));
    assert!(QrSymbol::encode(&long[1..]).is_ok());
}

#[test]
fn an_ndef_message_is_read_back() {
    let uri = seal_uri(HOST, &seal()).unwrap();
    let message = ndef_message(&uri).unwrap();
    assert_eq!(message[..5], [0xd1, 1, message.len() as u8 - 4, b'U', 4]);
    assert_eq!(found(&TagReading::nfc(message, None)), seal());
    for uri in [format!("https://seal.example/{}", "x".repeat(300)), "urn:epc:id:sgtin:1".into()] {
        let contents = ndef::decode(&ndef_message(&uri).unwrap()).unwrap();
        assert!(matches!(&contents[..], [ndef::Content::Uri(read)] if *read == uri));
    }
}
