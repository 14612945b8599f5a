//! What records say: URI, Text and Smart Poster record type definitions.

use super::{MAX_NESTING, NdefError, Record, Tnf, records};

/// What one record says.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// An address, its prefix written out.
    Uri(String),
    /// Words.
    Text(Text),
    /// An address with titles.
    SmartPoster {
        /// The address.
        uri: String,
        /// Its titles in one or more languages.
        titles: Vec<Text>,
    },
    /// Anything else, as it stands.
    Other(Record),
}

/// Words in a language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// Language tag (RFC 5646), such as `zh-CN`.
    pub language: String,
    /// The words.
    pub text: String,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // An address may carry a seal's secret.
            Self::Uri(uri) => write!(f, "Uri({} bytes)", uri.len()),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::SmartPoster { uri, titles } => {
                write!(f, "SmartPoster({} bytes, {titles:?})", uri.len())
            }
            Self::Other(record) => write!(f, "Other({record:?})"),
        }
    }
}

pub(super) fn decode_nested(message: &[u8], depth: usize) -> Result<Vec<Content>, NdefError> {
    if depth > MAX_NESTING {
        return Err(NdefError::TooDeep);
    }
    records(message)?.into_iter().map(|record| content(record, depth)).collect()
}

fn content(record: Record, depth: usize) -> Result<Content, NdefError> {
    match (record.tnf, record.kind.as_slice()) {
        (Tnf::WellKnown, b"U") => uri(&record.payload).map(Content::Uri),
        (Tnf::WellKnown, b"T") => text(&record.payload).map(Content::Text),
        (Tnf::WellKnown, b"Sp") => smart_poster(&record.payload, depth),
        (Tnf::AbsoluteUri, kind) => utf8(kind).map(Content::Uri),
        _ => Ok(Content::Other(record)),
    }
}

/// The first byte of a URI record stands for the start of the address (URI RTD 1.0, table 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UriPrefix(pub u8);

impl UriPrefix {
    /// The start that it stands for; `None` if the byte is reserved.
    pub fn text(self) -> Option<&'static str> {
        PREFIXES.get(usize::from(self.0)).copied()
    }
}

const PREFIXES: [&str; 36] = [
    "",
    "http://www.",
    "https://www.",
    "http://",
    "https://",
    "tel:",
    "mailto:",
    "ftp://anonymous:anonymous@",
    "ftp://ftp.",
    "ftps://",
    "sftp://",
    "smb://",
    "nfs://",
    "ftp://",
    "dav://",
    "news:",
    "telnet://",
    "imap:",
    "rtsp://",
    "urn:",
    "pop:",
    "sip:",
    "sips:",
    "tftp:",
    "btspp://",
    "btl2cap://",
    "btgoep://",
    "tcpobex://",
    "irdaobex://",
    "file://",
    "urn:epc:id:",
    "urn:epc:tag:",
    "urn:epc:pat:",
    "urn:epc:raw:",
    "urn:epc:",
    "urn:nfc:",
];

fn uri(payload: &[u8]) -> Result<String, NdefError> {
    let (code, rest) = payload.split_first().ok_or(NdefError::NoPrefix)?;
    let prefix = UriPrefix(*code).text().ok_or(NdefError::UnknownPrefix { got: *code })?;
    Ok(format!("{prefix}{}", utf8(rest)?))
}

/// Text RTD 1.0, section 3.2: status byte, language, words.
fn text(payload: &[u8]) -> Result<Text, NdefError> {
    let (status, rest) = payload.split_first().ok_or(NdefError::TextStatus)?;
    if status & 0x40 != 0 {
        return Err(NdefError::TextStatus);
    }
    let (language, words) =
        rest.split_at_checked(usize::from(status & 0x3f)).ok_or(NdefError::TextStatus)?;
    if !language.is_ascii() {
        return Err(NdefError::Encoding);
    }
    let text = if status & 0x80 == 0 { utf8(words) } else { utf16(words) };
    Ok(Text { language: utf8(language)?, text: text? })
}

fn utf8(bytes: &[u8]) -> Result<String, NdefError> {
    String::from_utf8(bytes.to_vec()).map_err(|_| NdefError::Encoding)
}

/// Big-endian unless a byte order mark says otherwise (Text RTD 1.0, section 3.4).
fn utf16(bytes: &[u8]) -> Result<String, NdefError> {
    let (bytes, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => (rest, u16::from_be_bytes),
        _ => (bytes, u16::from_be_bytes),
    };
    if bytes.len() % 2 != 0 {
        return Err(NdefError::Encoding);
    }
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units).map_err(|_| NdefError::Encoding)
}

/// Smart Poster RTD 1.1, section 3.3: exactly one URI; titles are text records. What it says on
/// actions, sizes and icons is passed over.
fn smart_poster(payload: &[u8], depth: usize) -> Result<Content, NdefError> {
    let (mut uris, mut titles) = (Vec::new(), Vec::new());
    for content in decode_nested(payload, depth + 1)? {
        match content {
            Content::Uri(uri) => uris.push(uri),
            Content::Text(text) => titles.push(text),
            Content::SmartPoster { .. } | Content::Other(_) => {}
        }
    }
    let got = uris.len();
    match uris.pop() {
        Some(uri) if got == 1 => Ok(Content::SmartPoster { uri, titles }),
        _ => Err(NdefError::PosterUris { got }),
    }
}
