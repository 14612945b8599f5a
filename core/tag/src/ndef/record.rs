//! Records of a message: NDEF Technical Specification 1.0, section 3.

use super::{MAX_MESSAGE, MAX_RECORDS, NdefError};

/// How a record's type is to be read (section 3.2.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tnf {
    /// No type, no payload.
    Empty,
    /// A type of the NFC Forum, such as `U`, `T` or `Sp`.
    WellKnown,
    /// A media type (RFC 2046).
    Media,
    /// The type is itself an absolute URI.
    AbsoluteUri,
    /// A type that somebody else defined.
    External,
    /// A payload of unknown type.
    Unknown,
}

/// One record, its chunks put together.
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    /// How the type is to be read.
    pub tnf: Tnf,
    /// The type, at most 255 bytes.
    pub kind: Vec<u8>,
    /// The id, at most 255 bytes.
    pub id: Vec<u8>,
    /// The payload. It may hold a seal's secret.
    pub payload: Vec<u8>,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({:?}, {:?}, {} bytes)", self.tnf, self.kind, self.payload.len())
    }
}

const MESSAGE_BEGIN: u8 = 0x80;
const MESSAGE_END: u8 = 0x40;
const CHUNK: u8 = 0x20;
const SHORT: u8 = 0x10;
const ID_LENGTH: u8 = 0x08;
const UNCHANGED: u8 = 6;

/// Splits a message into its records.
///
/// # Errors
/// What is wrong with the message's form; see [`NdefError`]. What a payload says is not looked at.
pub fn records(message: &[u8]) -> Result<Vec<Record>, NdefError> {
    if message.len() > MAX_MESSAGE {
        return Err(NdefError::TooLong { got: message.len() });
    }
    let mut reader = Reader { message, at: 0 };
    let mut records: Vec<Record> = Vec::new();
    let (mut count, mut ended, mut in_chunks) = (0, false, false);
    while reader.at < message.len() {
        let at = reader.at;
        if ended {
            return Err(NdefError::AfterEnd { at });
        }
        if count == MAX_RECORDS {
            return Err(NdefError::TooManyRecords);
        }
        let raw = reader.raw_record()?;
        match (raw.flags & MESSAGE_BEGIN != 0, count) {
            (false, 0) => return Err(NdefError::NoBegin),
            (true, 1..) => return Err(NdefError::SecondBegin { at }),
            _ => count += 1,
        }
        ended = raw.flags & MESSAGE_END != 0;
        let tnf = format(&raw, at)?;
        match (tnf, records.last_mut()) {
            (None, Some(first)) if in_chunks && raw.flags & ID_LENGTH == 0 => {
                first.payload.extend_from_slice(raw.payload);
            }
            (Some(tnf), _) if !in_chunks => records.push(Record {
                tnf,
                kind: raw.kind.to_vec(),
                id: raw.id.to_vec(),
                payload: raw.payload.to_vec(),
            }),
            _ => return Err(NdefError::Chunk { at }),
        }
        in_chunks = raw.flags & CHUNK != 0;
        if in_chunks && ended {
            return Err(NdefError::Chunk { at });
        }
    }
    match (records.is_empty(), ended) {
        (true, _) => Err(NdefError::Empty),
        (false, false) => Err(NdefError::NoEnd),
        (false, true) => Ok(records),
    }
}

/// The format, `None` for "unchanged", and whether the record's parts fit it (section 3.2.6).
fn format(raw: &RawRecord<'_>, at: usize) -> Result<Option<Tnf>, NdefError> {
    let (tnf, fits) = match raw.flags & 0x07 {
        0 => {
            let parts = raw.kind.len() + raw.id.len() + raw.payload.len();
            (Some(Tnf::Empty), parts == 0 && raw.flags & CHUNK == 0)
        }
        1 => (Some(Tnf::WellKnown), !raw.kind.is_empty()),
        2 => (Some(Tnf::Media), !raw.kind.is_empty()),
        3 => (Some(Tnf::AbsoluteUri), !raw.kind.is_empty()),
        4 => (Some(Tnf::External), !raw.kind.is_empty()),
        5 => (Some(Tnf::Unknown), raw.kind.is_empty()),
        UNCHANGED => (None, raw.kind.is_empty()),
        _ => return Err(NdefError::ReservedFormat { at }),
    };
    if fits { Ok(tnf) } else { Err(NdefError::Shape { at }) }
}

/// A record as it stands in the message.
struct RawRecord<'a> {
    flags: u8,
    kind: &'a [u8],
    id: &'a [u8],
    payload: &'a [u8],
}

struct Reader<'a> {
    message: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn raw_record(&mut self) -> Result<RawRecord<'a>, NdefError> {
        let flags = self.number(1)? as u8;
        let kind_len = self.number(1)?;
        let payload_len = self.number(if flags & SHORT != 0 { 1 } else { 4 })?;
        let id_len = if flags & ID_LENGTH != 0 { self.number(1)? } else { 0 };
        Ok(RawRecord {
            flags,
            kind: self.take(kind_len)?,
            id: self.take(id_len)?,
            payload: self.take(payload_len)?,
        })
    }

    /// A big-endian number of 1 to 4 bytes.
    fn number(&mut self, len: usize) -> Result<usize, NdefError> {
        Ok(self.take(len)?.iter().fold(0, |value, byte| value << 8 | usize::from(*byte)))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], NdefError> {
        let rest = self.message.get(self.at..).unwrap_or_default();
        let error = NdefError::Truncated { at: self.at, needed: len - len.min(rest.len()) };
        let taken = rest.get(..len).ok_or(error)?;
        self.at += len;
        Ok(taken)
    }
}
