//! What is wrong with a pack, or with a chunk of it.

use super::super::bounds::BoundsError;
use crate::codec::CodecError;
use crate::hash::Hash32;
use crate::sign::SignatureError;
use core::fmt;

/// What is wrong with a pack, or with one of its chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackError {
    /// It does not begin as a pack does.
    NotAPack,
    /// Start or end is not the structure that it should be, or is of a newer version.
    Codec(CodecError),
    /// The start holds what it may not.
    Bounds(BoundsError),
    /// Bytes that are no frame; the next one was found behind them.
    NoFrame {
        /// How many.
        bytes: u64,
    },
    /// A frame with more bytes than one may have.
    TooLong {
        /// Bytes that its head names.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// A chunk whose bytes are not those of its content address.
    Content {
        /// The address.
        expected: Hash32,
        /// The address of what is there.
        got: Hash32,
    },
    /// A frame that does not follow the one before.
    Order {
        /// Number that was due.
        expected: u32,
        /// Number found.
        got: u32,
    },
    /// A chunk of a kind that this build does not know.
    UnknownPlace,
    /// It ends in the middle, without its last frame.
    Truncated,
    /// Bytes behind the last frame.
    Surplus,
    /// The end names another id than the frames give.
    Id {
        /// Id of the frames.
        expected: Hash32,
        /// Id that the end names.
        got: Hash32,
    },
    /// The end counts other frames than there are.
    Count {
        /// Frames that there are.
        expected: u32,
        /// Frames that the end counts.
        got: u32,
    },
    /// Frames are missing or damaged, so that nothing shows what the maker signed.
    Incomplete,
    /// The maker's signature does not hold.
    Signature(SignatureError),
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPack => f.write_str("not a pack"),
            Self::Codec(error) => error.fmt(f),
            Self::Bounds(error) => error.fmt(f),
            Self::NoFrame { bytes } => write!(f, "{bytes} damaged bytes that are no chunk"),
            Self::TooLong { got, max } => write!(f, "a chunk of {got} bytes, at most {max}"),
            Self::Content { .. } => f.write_str("damaged: not the bytes of its content address"),
            Self::Order { expected, got } => {
                write!(f, "chunk {got} where {expected} was due")
            }
            Self::UnknownPlace => f.write_str("a kind of chunk that this app does not know"),
            Self::Truncated => f.write_str("cut off before its end"),
            Self::Surplus => f.write_str("bytes behind its end"),
            Self::Id { expected, got } => write!(f, "it says id {got}, its chunks give {expected}"),
            Self::Count { expected, got } => {
                write!(f, "it counts {got} chunks where there are {expected}")
            }
            Self::Incomplete => f.write_str("chunks are missing, so its signature shows nothing"),
            Self::Signature(error) => write!(f, "the maker's signature: {error}"),
        }
    }
}

impl core::error::Error for PackError {}

impl From<CodecError> for PackError {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}
