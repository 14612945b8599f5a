use crate::state::pieces::UnfitPiece;
use sealight_verify::codec::CodecError;
use sealight_verify::hash::Hash32;
use std::path::PathBuf;

/// Why a snapshot cannot be written, or is not taken.
#[derive(Debug)]
pub enum SnapshotError {
    /// An offer whose parts do not agree, or too many chunks.
    Offer,
    /// The bytes end inside a piece.
    Torn,
    /// A piece that is none.
    Malformed,
    /// The cover cannot be read.
    Codec(CodecError),
    /// A piece that is longer than any.
    TooLong {
        /// Bytes found.
        got: usize,
        /// Most bytes allowed.
        max: usize,
    },
    /// A piece that fits no state.
    Piece(UnfitPiece),
    /// The state is another one.
    OtherState {
        /// The root that it must have.
        expected: Hash32,
        /// The root that it has.
        got: Hash32,
    },
    /// The file system.
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: std::io::Error,
    },
}

impl std::fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Offer => f.write_str("a snapshot's offer whose parts do not agree"),
            Self::Torn => f.write_str("a snapshot that ends inside a piece"),
            Self::Malformed => f.write_str("a snapshot with a piece that is none"),
            Self::Codec(error) => write!(f, "{error}"),
            Self::TooLong { got, max } => write!(f, "a piece of {got} bytes, at most {max}"),
            Self::Piece(error) => write!(f, "a snapshot with {error}"),
            Self::OtherState { expected, got } => {
                write!(f, "a snapshot of state {got}, not of {expected}")
            }
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for SnapshotError {}
