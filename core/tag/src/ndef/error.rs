//! Why bytes are not an NDEF message.

use std::fmt;

/// Why bytes are not an NDEF message; `at` counts bytes of the message from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NdefError {
    /// A message of more than [`super::MAX_MESSAGE`] bytes.
    TooLong {
        /// Bytes handed in.
        got: usize,
    },
    /// A message without records.
    Empty,
    /// More than [`super::MAX_RECORDS`] records.
    TooManyRecords,
    /// Messages deeper within each other than [`super::MAX_NESTING`].
    TooDeep,
    /// The message ends within a record.
    Truncated {
        /// Where the missing part should begin.
        at: usize,
        /// Bytes that it should have.
        needed: usize,
    },
    /// The first record is not marked as the first.
    NoBegin,
    /// A later record is marked as the first.
    SecondBegin {
        /// Where the record begins.
        at: usize,
    },
    /// The last record is not marked as the last.
    NoEnd,
    /// Bytes behind the record that is marked as the last.
    AfterEnd {
        /// Where they begin.
        at: usize,
    },
    /// The reserved type name format 7.
    ReservedFormat {
        /// Where the record begins.
        at: usize,
    },
    /// An empty record with a type, an id or a payload; a record of unknown type or a chunk with a
    /// type; a record of another format without one.
    Shape {
        /// Where the record begins.
        at: usize,
    },
    /// A chunk that continues nothing, or something else where a chunk should continue, or an id
    /// on a chunk that is not the first.
    Chunk {
        /// Where the record begins.
        at: usize,
    },
    /// A URI record without its prefix byte.
    NoPrefix,
    /// A prefix byte that names no prefix.
    UnknownPrefix {
        /// The byte.
        got: u8,
    },
    /// Text that is not in the encoding that its record names.
    Encoding,
    /// A text record whose status byte is missing, reserved or longer than the record.
    TextStatus,
    /// A smart poster that has not exactly one URI.
    PosterUris {
        /// URI records found.
        got: usize,
    },
}

impl fmt::Display for NdefError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got } => write!(f, "an NFC message of {got} bytes"),
            Self::Empty => f.write_str("an NFC message without records"),
            Self::TooManyRecords => f.write_str("too many records in an NFC message"),
            Self::TooDeep => f.write_str("NFC messages too deep within each other"),
            Self::Truncated { at, needed } => write!(f, "{needed} bytes missing at byte {at}"),
            Self::NoBegin => f.write_str("the first record is not marked as the first"),
            Self::SecondBegin { at } => write!(f, "a second first record at byte {at}"),
            Self::NoEnd => f.write_str("the last record is not marked as the last"),
            Self::AfterEnd { at } => write!(f, "bytes behind the last record, at byte {at}"),
            Self::ReservedFormat { at } => write!(f, "a reserved format at byte {at}"),
            Self::Shape { at } => write!(f, "a record's parts do not fit its format, byte {at}"),
            Self::Chunk { at } => write!(f, "a chunk out of place at byte {at}"),
            Self::NoPrefix => f.write_str("a URI record without its first byte"),
            Self::UnknownPrefix { got } => write!(f, "URI prefix {got} is not defined"),
            Self::Encoding => f.write_str("text that is not in its record's encoding"),
            Self::TextStatus => f.write_str("a text record with a wrong first byte"),
            Self::PosterUris { got } => write!(f, "a smart poster with {got} addresses, not one"),
        }
    }
}

impl std::error::Error for NdefError {}
