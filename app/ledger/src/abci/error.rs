use crate::records::RecordsError;
use crate::snapshot::SnapshotError;
use crate::state::Refused;
use sealight_verify::codec::CodecError;
use sealight_verify::hash::Hash32;
use std::path::PathBuf;

/// Why the application stops: it will not go on with a state that might differ from its peers'.
#[derive(Debug)]
pub enum AbciError {
    /// The file system.
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: std::io::Error,
    },
    /// Another process has the home open.
    InUse {
        /// The home.
        home: PathBuf,
    },
    /// The file of blocks.
    Records(RecordsError),
    /// Snapshots, or the one that this node joined with.
    Snapshot(SnapshotError),
    /// The genesis document that the engine hands over cannot be read.
    GenesisText,
    /// The genesis document that the engine hands over, or the one here, cannot be decoded.
    GenesisCodec(CodecError),
    /// A genesis document that no ledger starts with.
    Genesis(Refused),
    /// The engine's genesis says something else than the ledger's.
    OtherGenesis {
        /// What of it.
        what: &'static str,
    },
    /// A block out of its place.
    Height {
        /// The height that is next here.
        expected: u64,
        /// The height handed over.
        got: i64,
    },
    /// A time that no header can have.
    Time,
    /// Blocks here do not give the state that this node wrote down after them.
    OtherState {
        /// Height of the block.
        height: u64,
        /// As written down.
        expected: Hash32,
        /// As computed.
        got: Hash32,
    },
    /// An entry of a block that was taken in is refused when it is read again.
    Refused {
        /// Height of the block.
        height: u64,
        /// The rule.
        refused: Refused,
    },
    /// A commit without a block before it.
    NothingStaged,
}

impl From<RecordsError> for AbciError {
    fn from(error: RecordsError) -> Self {
        Self::Records(error)
    }
}

impl std::fmt::Display for AbciError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::InUse { home } => {
                write!(f, "{}: another process has it open", home.display())
            }
            Self::Records(error) => write!(f, "{error}"),
            Self::Snapshot(error) => write!(f, "{error}"),
            Self::GenesisText => {
                f.write_str("the engine's genesis holds no base64 text of a genesis document")
            }
            Self::GenesisCodec(error) => write!(f, "{error}"),
            Self::Genesis(refused) => write!(f, "no ledger starts so: {refused}"),
            Self::OtherGenesis { what } => {
                write!(f, "the engine's genesis and the ledger's differ: {what}")
            }
            Self::Height { expected, got } => {
                write!(f, "a block of height {got} where {expected} is next")
            }
            Self::Time => f.write_str("a block time that no header can have"),
            Self::OtherState { height, expected, got } => {
                write!(f, "block {height} gives state {got}, written down was {expected}")
            }
            Self::Refused { height, refused } => {
                write!(f, "an entry of block {height}, taken in before, is refused: {refused}")
            }
            Self::NothingStaged => f.write_str("a commit without a block before it"),
        }
    }
}

impl std::error::Error for AbciError {}
