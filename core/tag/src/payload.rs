//! What a text says: the seal's address, a typed number, GS1 data, an EPC, a brand's old code, or
//! nothing about a seal at all.
//!
//! Only shapes are told apart here. Whether a seal's check value fits is for
//! [`claim`](crate::claim::claim).

use crate::clean::shown;
use crate::epc::Epc;
use crate::gs1::{DigitalLink, ElementString, GS, is_gtin};
use crate::uri::WebUri;
use std::fmt;

/// Most bytes of a text that is looked at.
pub const MAX_TEXT: usize = 4096;

/// Characters of a seal's fragment.
const FRAGMENT_LEN: usize = 52;
/// Most characters that are taken for a fragment, a damaged one among them.
const MAX_FRAGMENT: usize = 128;
/// Characters of a typed number, its check character among them.
const NUMBER_LEN: usize = 21;
/// Lengths that a brand's code may have, as its pattern in the ledger has.
const CODE_LEN: std::ops::RangeInclusive<usize> = 6..=128;

/// What a tag says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Payload {
    /// A seal: `https://HOST/s#...`, or the same fragment behind a Digital Link.
    Seal {
        /// Host and port, in lower case. It carries no trust.
        host: String,
        /// What stands behind `#`, secret and all.
        fragment: Fragment,
        /// The Digital Link that it stands behind.
        digital_link: Option<DigitalLink>,
    },
    /// The number beneath a seal as somebody typed it: 20 characters of Crockford base32 and a
    /// check character, in upper case without separators.
    Number(String),
    /// A product named by a web address.
    DigitalLink(DigitalLink),
    /// A product named by GS1 elements.
    ElementString(ElementString),
    /// A thing named by an electronic product code.
    Epc(Epc),
    /// A text that may be a code which a brand used before: 6 to 128 visible ASCII characters.
    Other(String),
    /// Nothing about a seal.
    NotASeal(NotASeal),
}

/// The part of a seal that holds its secret; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// base64url text, usually 52 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fragment(..)")
    }
}

/// Something that was read and is no seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotASeal {
    /// What was read, fit for showing; of an address without its fragment.
    pub read: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// An address that a brand may have used as its code, as it stands.
    pub candidate: Option<String>,
}

/// What was read instead of a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A web address.
    WebAddress,
    /// A number that names a kind of product, not one item.
    PriceBarcode,
    /// A request for payment.
    Payment,
    /// Other text.
    Text,
    /// Bytes that are no text.
    Binary,
}

impl NotASeal {
    pub(crate) fn new(kind: Kind, read: &str) -> Self {
        Self { read: shown(read), kind, candidate: None }
    }

    /// Bytes, shown as the start of their hex.
    pub(crate) fn binary(bytes: &[u8]) -> Self {
        let hex: String = bytes.iter().take(32).map(|byte| format!("{byte:02x}")).collect();
        Self::new(Kind::Binary, &hex)
    }

    /// A web address. Its fragment is left out of what is shown: a seal's secret would stand there.
    fn web(text: &str) -> Self {
        let open = text.split('#').next().unwrap_or_default();
        let candidate = is_code(text).then(|| text.to_owned());
        Self { candidate, ..Self::new(Kind::WebAddress, open) }
    }
}

impl fmt::Display for NotASeal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::WebAddress => "a web address",
            Kind::PriceBarcode => "a price barcode",
            Kind::Payment => "a payment code",
            Kind::Text => "a text",
            Kind::Binary => "unreadable bytes",
        };
        write!(f, "not a seal but {what}: {}", self.read)
    }
}

impl std::error::Error for NotASeal {}

/// Tells what a scanned text is.
pub fn decode(text: &str) -> Payload {
    let text = text.trim_matches(|c: char| c.is_whitespace());
    if text.len() > MAX_TEXT {
        return Payload::NotASeal(NotASeal::new(Kind::Text, text));
    }
    if let Some(payload) = payment(text).or_else(|| address(text)).or_else(|| product(text)) {
        return payload;
    }
    if is_code(text) {
        return Payload::Other(text.to_owned());
    }
    Payload::NotASeal(NotASeal::new(Kind::Text, text))
}

/// Tells what a typed text is: a number, or else what [`decode`] says.
pub fn decode_typed(text: &str) -> Payload {
    number(text).map_or_else(|| decode(text), Payload::Number)
}

/// Tells what a text is that its carrier marks as GS1 elements.
pub fn decode_elements(text: &str) -> Payload {
    match ElementString::parse(text) {
        Ok(elements) => Payload::ElementString(elements),
        Err(_) => Payload::NotASeal(NotASeal::new(Kind::Text, text)),
    }
}

/// How payment codes start: EMV QR Code Specification (merchant-presented, tag 00), EPC069-12,
/// Swiss QR bill, and the addresses of the large networks.
const PAYMENT: [&str; 16] = [
    "000201",
    "bcd\n00",
    "bcd\r\n00",
    "spc\n02",
    "spc\r\n02",
    "https://qr.alipay.com/",
    "https://render.alipay.com/",
    "alipays://",
    "alipayqr://",
    "wxp://",
    "weixin://wxpay/",
    "https://qr.95516.com/",
    "upi://pay",
    "bitcoin:",
    "ethereum:",
    "lightning:",
];

fn payment(text: &str) -> Option<Payload> {
    let start = |prefix: &&str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let pays = PAYMENT.iter().any(start);
    // An EMV code ends in its CRC, tag 63 of length 04; other numbers may start with the same.
    let pays = pays && (!text.starts_with("000201") || text.contains("6304"));
    pays.then(|| Payload::NotASeal(NotASeal::new(Kind::Payment, text)))
}

/// Seals, Digital Links and other web addresses; EPC URNs.
fn address(text: &str) -> Option<Payload> {
    if let Ok(epc) = Epc::parse(text) {
        return Some(Payload::Epc(epc));
    }
    let bare = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let Some(uri) = WebUri::split(text) else {
        return bare.then(|| Payload::NotASeal(NotASeal::web(text)));
    };
    let fragment = uri.fragment.filter(|fragment| is_fragment(fragment));
    let host = uri.host.to_ascii_lowercase();
    if let (true, "/s", None, Some(fragment)) = (uri.secure, uri.path, uri.query, fragment) {
        let fragment = Fragment(fragment.to_owned());
        return Some(Payload::Seal { host, fragment, digital_link: None });
    }
    let Ok(link) = DigitalLink::from_uri(&uri) else {
        return Some(Payload::NotASeal(NotASeal::web(text)));
    };
    Some(match fragment.filter(|fragment| fragment.len() == FRAGMENT_LEN) {
        Some(fragment) => {
            let fragment = Fragment(fragment.to_owned());
            Payload::Seal { host, fragment, digital_link: Some(link) }
        }
        None => Payload::DigitalLink(link),
    })
}

fn is_fragment(text: &str) -> bool {
    (1..=MAX_FRAGMENT).contains(&text.len())
        && text.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
}

/// Element strings and trade item numbers. A wedge scanner may lose AIM identifier and separators,
/// so a text that starts with a whole (01) is tried as well.
fn product(text: &str) -> Option<Payload> {
    if is_gtin(text) {
        return Some(Payload::NotASeal(NotASeal::new(Kind::PriceBarcode, text)));
    }
    let elements = if text.starts_with('(') {
        ElementString::parse_bracketed(text)
    } else if text.starts_with([']', GS]) || text.contains(GS) || text.starts_with("01") {
        ElementString::parse(text)
    } else {
        return None;
    };
    elements.ok().map(Payload::ElementString)
}

fn is_code(text: &str) -> bool {
    CODE_LEN.contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic())
}

/// The number without its separators, if the text has the shape of one.
fn number(text: &str) -> Option<String> {
    if text.len() > 2 * NUMBER_LEN {
        return None;
    }
    let plain = text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase());
    let plain: String = plain.collect();
    let (digits, check) = plain.split_at_checked(NUMBER_LEN - 1)?;
    // Crockford base32 has no U; I, L and O are read as the digits they look like.
    let digit = |c: char| c.is_ascii_alphanumeric() && c != 'U';
    let is_check = |c: char| c.is_ascii_alphanumeric() || "*~$=".contains(c);
    let fits = check.len() == 1 && check.chars().all(is_check) && digits.chars().all(digit);
    fits.then_some(plain)
}

#[cfg(test)]
mod tests;
