//! What texts are told to be.

use super::*;
use proptest::prelude::*;

const FRAGMENT: &str = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn";

fn not_a_seal(text: &str) -> NotASeal {
    match decode(text) {
        Payload::NotASeal(not) => not,
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn a_seal_s_address_is_split() {
    let Payload::Seal { host, fragment, digital_link } =
        decode(&format!(" HTTPS://S.Example:8443/s#{FRAGMENT}\r\n"))
    else {
        panic!("no seal");
    };
    assert_eq!(host, "s.example:8443");
    assert_eq!(fragment.as_str(), FRAGMENT);
    assert_eq!(digital_link, None);
}

#[test]
fn a_seal_may_stand_behind_a_digital_link() {
    let text = format!("https://id.example/01/09506000134352/21/A1#{FRAGMENT}");
    let Payload::Seal { digital_link: Some(link), fragment, .. } = decode(&text) else {
        panic!("no seal");
    };
    assert_eq!((link.gtin(), link.value("21")), (Some("09506000134352"), Some("A1")));
    assert_eq!(fragment.as_str(), FRAGMENT);
    let text = "https://id.example/01/09506000134352/21/A1#top";
    assert!(matches!(decode(text), Payload::DigitalLink(_)));
}

#[test]
fn a_damaged_fragment_is_still_a_seal_s() {
    assert!(matches!(decode("https://s.example/s#AQID"), Payload::Seal { .. }));
}

#[test]
fn other_addresses_are_no_seals() {
    for text in [
        "http://s.example/s#AQID",
        "https://s.example/s",
        "https://s.example/s?a=1#AQID",
        "https://s.example/t#AQID",
        "https://s.example/s#AQ/D",
        "https://s.example/s#",
        "www.example.com",
    ] {
        assert_eq!(not_a_seal(text).kind, Kind::WebAddress, "{text}");
    }
}

#[test]
fn an_address_is_shown_without_its_fragment() {
    let text = format!("http://s.example/s#{FRAGMENT}");
    assert_eq!(not_a_seal(&text).read, "http://s.example/s");
    assert_eq!(not_a_seal(&text).candidate, Some(text));
}

#[test]
fn a_typed_number_is_told_by_its_shape() {
    let plain = "0123456789ABCDEFGHJK*";
    for text in ["01234-56789-ABCDE-FGHJK-*", "01234 56789 abcde fghjk *", plain] {
        assert_eq!(decode_typed(text), Payload::Number(plain.to_owned()), "{text}");
    }
    for text in
        ["01234-56789-ABCDE-FGHJK", "0123456789ABCDEFGHJU0", "0123456789ABCDEFGHJK*0", "é", ""]
    {
        assert!(!matches!(decode_typed(text), Payload::Number(_)), "{text}");
    }
    assert!(!matches!(decode(plain), Payload::Number(_)), "a number is typed, not scanned");
}

#[test]
fn gs1_elements_are_told_in_each_form() {
    for text in [
        "(01)09506000134352(21)A1",
        "]d2010950600013435221A1",
        "010950600013435221A1",
        "21A1\u{1d}0109506000134352",
    ] {
        let Payload::ElementString(elements) = decode(text) else { panic!("{text}") };
        assert_eq!((elements.gtin(), elements.value("21")), (Some("09506000134352"), Some("A1")));
    }
    assert!(matches!(decode_elements("9912345"), Payload::ElementString(_)));
    assert!(matches!(decode_elements("05"), Payload::NotASeal(NotASeal { kind: Kind::Text, .. })));
    // A code that merely starts like one.
    assert_eq!(decode("0109506000134353XY"), Payload::Other("0109506000134353XY".to_owned()));
}

#[test]
fn an_epc_is_told() {
    assert!(matches!(decode("urn:epc:id:sgtin:0614141.812345.6789"), Payload::Epc(_)));
}

#[test]
fn price_barcodes_are_told() {
    for text in ["6901234567892", "96385074", "09506000134352"] {
        assert_eq!(not_a_seal(text).kind, Kind::PriceBarcode, "{text}");
    }
}

#[test]
fn payments_are_told() {
    for text in [
        "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A",
        "https://qr.alipay.com/fkx00000",
        "HTTPS://QR.ALIPAY.COM/FKX00000",
        "wxp://f2f0abc",
        "upi://pay?pa=a@b",
        "BCD\n002\n1\nSCT",
    ] {
        assert_eq!(not_a_seal(text).kind, Kind::Payment, "{text}");
    }
    assert_eq!(decode("00020112345678901234"), Payload::Other("00020112345678901234".to_owned()));
}

#[test]
fn a_brand_s_old_code_is_a_candidate() {
    for text in ["1234567890123456", "AB-12/CD", "FW:8842-1180"] {
        assert_eq!(decode(text), Payload::Other(text.to_owned()));
    }
    for text in ["12345", "two words", "防伪码12345"] {
        assert_eq!(not_a_seal(text).kind, Kind::Text, "{text}");
    }
}

#[test]
fn long_text_is_only_text() {
    let text = format!("https://s.example/{}", "x".repeat(MAX_TEXT));
    assert_eq!(not_a_seal(&text).kind, Kind::Text);
    assert_eq!(not_a_seal(&text).read.chars().count(), crate::clean::SHOWN_CHARS);
}

#[test]
fn debug_output_has_no_secret() {
    let shown = format!("{:?}", decode(&format!("https://s.example/s#{FRAGMENT}")));
    assert!(!shown.contains("AQID"), "{shown}");
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        for text in [text.clone(), format!("https://a/s#{text}"), format!("www.{text}"), format!("({text}")] {
            let _ = decode(&text);
            let _ = decode_typed(&text);
            let _ = decode_elements(&text);
        }
    }

    #[test]
    fn what_is_shown_never_holds_a_fragment(secret in "[A-Za-z0-9_-]{52}", start in "https?://[a-z]{1,8}/[a-z]{0,3}") {
        let payload = decode(&format!("{start}#{secret}"));
        if let Payload::NotASeal(not) = &payload {
            prop_assert!(!not.read.contains(&secret));
        }
    }
}
