//! A tag as it was read: which medium, which bytes.

use crate::epc::Epc;
use crate::ndef::{self, Content};
use crate::payload::{self, NotASeal, Payload};
use crate::qr::{Code, Symbology};
use sealight_verify::format::record::Carrier;
use std::fmt;

/// What carried the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    /// A printed code.
    Printed(Symbology),
    /// An NFC chip: the bytes are an NDEF message.
    Nfc,
    /// A UHF tag: the bytes are its EPC, without the protocol control word.
    Uhf,
    /// A person, or a reader that types: the bytes are UTF-8 text.
    Typed,
}

impl Medium {
    /// The same as a record lists it. A typed number stands beneath a printed code.
    pub fn carrier(self) -> Carrier {
        match self {
            Self::Printed(_) | Self::Typed => Carrier::Qr,
            Self::Nfc => Carrier::Nfc,
            Self::Uhf => Carrier::Uhf,
        }
    }
}

/// One reading of one tag. It may hold a seal's secret, so its debug form shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct TagReading {
    /// What carried the bytes.
    pub medium: Medium,
    /// The bytes as read.
    pub bytes: Vec<u8>,
    /// The same as text, where the carrier's encoding is not UTF-8.
    pub text: Option<String>,
    /// AIM symbology identifier of a printed code, where it is known.
    pub aim: Option<String>,
    /// UID of a chip.
    pub uid: Option<Vec<u8>>,
}

impl fmt::Debug for TagReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TagReading({:?}, {} bytes)", self.medium, self.bytes.len())
    }
}

impl From<Code> for TagReading {
    fn from(code: Code) -> Self {
        let Code { symbology, aim, bytes, text, .. } = code;
        Self { medium: Medium::Printed(symbology), bytes, text, aim, uid: None }
    }
}

impl TagReading {
    /// Text that a person or a wedge reader typed.
    pub fn typed(text: &str) -> Self {
        Self::bare(Medium::Typed, text.as_bytes().to_vec())
    }

    /// An NDEF message and the UID of the chip that gave it.
    pub fn nfc(message: Vec<u8>, uid: Option<Vec<u8>>) -> Self {
        Self { uid, ..Self::bare(Medium::Nfc, message) }
    }

    /// The EPC of a UHF tag.
    pub fn uhf(epc: Vec<u8>) -> Self {
        Self::bare(Medium::Uhf, epc)
    }

    fn bare(medium: Medium, bytes: Vec<u8>) -> Self {
        Self { medium, bytes, text: None, aim: None, uid: None }
    }

    /// What the tag says.
    pub fn decode(&self) -> Payload {
        match self.medium {
            Medium::Nfc => self.decode_message(),
            Medium::Uhf => Epc::decode(&self.bytes).map_or_else(|_| self.binary(), Payload::Epc),
            Medium::Typed => self.with_text(payload::decode_typed),
            Medium::Printed(_) if self.carries_elements() => {
                self.with_text(payload::decode_elements)
            }
            Medium::Printed(_) => self.with_text(payload::decode),
        }
    }

    /// FNC1 in first position, or DataBar: GS1 DataMatrix, GS1 QR, GS1-128 (ISO/IEC 15424).
    fn carries_elements(&self) -> bool {
        matches!(self.aim.as_deref(), Some("]d2" | "]Q3" | "]C1" | "]e0"))
    }

    fn with_text(&self, decode: fn(&str) -> Payload) -> Payload {
        let text = std::str::from_utf8(&self.bytes).ok().or(self.text.as_deref());
        match text.filter(|text| !looks_binary(text)) {
            Some(text) => decode(text),
            None => self.binary(),
        }
    }

    /// The record that says most: a seal, else anything about a product, else the first.
    fn decode_message(&self) -> Payload {
        let mut best: Option<Payload> = None;
        for content in ndef::decode(&self.bytes).unwrap_or_default() {
            let payload = match content {
                Content::Uri(uri) | Content::SmartPoster { uri, .. } => payload::decode(&uri),
                Content::Text(text) => payload::decode(&text.text),
                Content::Other(record) => Payload::NotASeal(NotASeal::binary(&record.payload)),
            };
            if best.as_ref().is_none_or(|best| weight(&payload) > weight(best)) {
                best = Some(payload);
            }
        }
        best.unwrap_or_else(|| self.binary())
    }

    fn binary(&self) -> Payload {
        Payload::NotASeal(NotASeal::binary(&self.bytes))
    }
}

fn weight(payload: &Payload) -> u8 {
    match payload {
        Payload::Seal { .. } => 3,
        Payload::NotASeal(_) => 0,
        Payload::Other(_) => 1,
        _ => 2,
    }
}

/// Controls that no text has; a group separator stands between GS1 elements.
fn looks_binary(text: &str) -> bool {
    text.contains(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | crate::gs1::GS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ndef::tests::{single, uri_message};
    use crate::payload::Kind;
    use proptest::prelude::*;

    fn printed(symbology: Symbology, aim: Option<&str>, bytes: &[u8]) -> TagReading {
        let aim = aim.map(str::to_owned);
        TagReading { aim, ..TagReading::bare(Medium::Printed(symbology), bytes.to_vec()) }
    }

    fn kind(reading: &TagReading) -> Option<Kind> {
        match reading.decode() {
            Payload::NotASeal(not) => Some(not.kind),
            _ => None,
        }
    }

    #[test]
    fn an_nfc_seal_is_found_among_records() {
        let message = uri_message(4, "s.example/s#AQID");
        let seal = TagReading::nfc(message.clone(), None).decode();
        assert!(matches!(seal, Payload::Seal { host, .. } if host == "s.example"));
        let poster = TagReading::nfc(single(1, b"Sp", &message), None).decode();
        assert!(matches!(poster, Payload::Seal { .. }));
        let mut text_first = single(1, b"T", b"\x02enA seal");
        text_first[0] &= !0x40;
        let mut second = message;
        second[0] &= !0x80;
        let both = TagReading::nfc([text_first, second].concat(), None).decode();
        assert!(matches!(both, Payload::Seal { .. }));
    }

    #[test]
    fn a_broken_message_is_bytes() {
        assert_eq!(kind(&TagReading::nfc(vec![1, 2, 3], None)), Some(Kind::Binary));
    }

    #[test]
    fn a_uhf_tag_says_its_epc() {
        let epc = [0x30, 0x74, 0x25, 0x7b, 0xf7, 0x19, 0x4e, 0x40, 0, 0, 0x1a, 0x85];
        assert!(matches!(TagReading::uhf(epc.to_vec()).decode(), Payload::Epc(_)));
        assert_eq!(kind(&TagReading::uhf(vec![0xe2; 12])), Some(Kind::Binary));
    }

    #[test]
    fn the_identifier_of_a_code_decides_on_elements() {
        let lot = b"10ABC12345";
        let elements = printed(Symbology::Code128, Some("]C1"), lot).decode();
        assert!(matches!(elements, Payload::ElementString(_)));
        let plain = printed(Symbology::Code128, Some("]C0"), lot).decode();
        assert_eq!(plain, Payload::Other("10ABC12345".to_owned()));
    }

    #[test]
    fn all_gs1_carriers_say_elements() {
        let carriers = [
            (Symbology::DataMatrix, "]d2"),
            (Symbology::QrCode, "]Q3"),
            (Symbology::Code128, "]C1"),
            (Symbology::DataBar, "]e0"),
            (Symbology::DataBarExpanded, "]e0"),
        ];
        for (symbology, aim) in carriers {
            let elements = printed(symbology, Some(aim), b"0109506000134352").decode();
            assert!(matches!(elements, Payload::ElementString(_)), "{aim}: {elements:?}");
        }
    }

    #[test]
    fn only_typed_text_is_a_number() {
        let number = "01234-56789-ABCDE-FGHJK-X";
        assert!(matches!(TagReading::typed(number).decode(), Payload::Number(_)));
        let code = printed(Symbology::QrCode, None, number.as_bytes()).decode();
        assert!(matches!(code, Payload::Other(_)));
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        assert_eq!(kind(&printed(Symbology::QrCode, None, &[0xff, 0, 1])), Some(Kind::Binary));
        assert_eq!(kind(&printed(Symbology::QrCode, None, b"a\0b")), Some(Kind::Binary));
        let mut chinese = printed(Symbology::QrCode, None, &[0xbe, 0xc6]);
        chinese.text = Some("酒".to_owned());
        assert_eq!(kind(&chinese), Some(Kind::Text));
    }

    #[test]
    fn a_price_barcode_is_no_seal() {
        let reading = printed(Symbology::Ean13, Some("]E0"), b"6901234567892");
        assert_eq!(kind(&reading), Some(Kind::PriceBarcode));
    }

    proptest! {
        #[test]
        fn arbitrary_readings_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let media = [Medium::Nfc, Medium::Uhf, Medium::Typed, Medium::Printed(Symbology::Ean13)];
            for medium in media {
                let _ = TagReading::bare(medium, bytes.clone()).decode();
            }
            let _ = printed(Symbology::QrCode, Some("]Q3"), &bytes).decode();
        }
    }
}
