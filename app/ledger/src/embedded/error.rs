use crate::answer::QueryError;
use crate::files::FileError;
use crate::state::Refused;
use sealight_issue::key::KeyError;
use sealight_verify::codec::{Blob, CodecError};
use sealight_verify::hash::Hash32;
use sealight_verify::trust::TrustError;
use std::path::{Path, PathBuf};

/// Why a home cannot be made or opened.
#[derive(Debug)]
pub enum HomeError {
    /// A ledger lives here already.
    Taken {
        /// The home.
        home: PathBuf,
    },
    /// No ledger lives here.
    NoLedger {
        /// The home.
        home: PathBuf,
    },
    /// Another process has the home open.
    InUse {
        /// The home.
        home: PathBuf,
    },
    /// An option that no ledger can start with.
    Option {
        /// Which.
        name: &'static str,
    },
    /// The file system.
    Io {
        /// Where.
        path: PathBuf,
        /// What it says.
        error: std::io::Error,
    },
    /// A key file that is none.
    Key {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        error: KeyError,
    },
    /// A key that the ledger cannot do without.
    NoKey {
        /// Name of its file.
        name: &'static str,
    },
    /// A genesis document that cannot be read.
    Codec(CodecError),
    /// A genesis document that no ledger starts with.
    Genesis(Refused),
    /// A trust file that no client would take.
    Trust(TrustError),
    /// The files of lots.
    Files(FileError),
    /// The file of blocks.
    Blocks(BlocksError),
}

/// Why blocks are not what this ledger wrote.
#[derive(Debug)]
pub enum BlocksError {
    /// A record before the last is damaged: what follows it was made durable after it.
    Damaged {
        /// Where it begins in the file.
        at: u64,
    },
    /// A block that cannot be read.
    Codec {
        /// Its height.
        height: u64,
        /// What is wrong.
        error: CodecError,
    },
    /// A block that does not follow the one before it.
    NotLinked {
        /// Its height.
        height: u64,
    },
    /// The state is not the one that the block's header names.
    OtherState {
        /// Height of the block.
        height: u64,
        /// In the header.
        expected: Hash32,
        /// Of the state.
        got: Hash32,
    },
    /// An entry of a block is refused.
    Refused {
        /// Height of the block.
        height: u64,
        /// The rule.
        refused: Refused,
    },
    /// Blocks that were signed are missing: an older copy, on which nothing may be signed again.
    SignedAhead {
        /// Height signed.
        signed: u64,
        /// Height of the newest block here.
        have: u64,
    },
    /// The block at the height signed last is another one than was signed.
    SignedOther {
        /// The height.
        height: u64,
    },
    /// A validator whose key is not in this home.
    NoValidatorKey {
        /// Its public key.
        key: Blob,
    },
}

/// Why an entry was not taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitError {
    /// It breaks a rule.
    Refused(Refused),
    /// It would make somebody a validator whose key this process does not have; the ledger would
    /// stand still.
    ForeignValidator {
        /// The public key.
        key: Blob,
    },
    /// More entries wait than can be kept.
    Busy,
    /// The ledger is being closed, or could not write.
    Closed,
}

/// Why something cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// A height that is not yet made, or whose state is no longer kept.
    Height {
        /// Height asked for.
        got: u64,
        /// Lowest height that can be asked for.
        oldest: u64,
        /// Highest.
        newest: u64,
    },
    /// The query.
    Query(QueryError),
    /// The file system, or bytes that changed under the ledger.
    Blocks(Box<HomeError>),
}

impl HomeError {
    pub(super) fn io(path: &Path) -> impl Fn(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::Io { path: path.clone(), error }
    }
}

impl From<BlocksError> for HomeError {
    fn from(error: BlocksError) -> Self {
        Self::Blocks(error)
    }
}

impl SubmitError {
    /// A stable number from 1 up and a stable name, for machines.
    pub fn code(&self) -> (u32, &'static str) {
        match self {
            Self::Refused(refused) => refused.code(),
            Self::ForeignValidator { .. } => (201, "foreign-validator"),
            Self::Busy => (202, "busy"),
            Self::Closed => (203, "closed"),
        }
    }
}

impl std::fmt::Display for HomeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Taken { home } => write!(f, "{}: a ledger lives here already", home.display()),
            Self::NoLedger { home } => write!(f, "{}: no ledger lives here", home.display()),
            Self::InUse { home } => write!(f, "{}: in use by another process", home.display()),
            Self::Option { name } => write!(f, "{name}: no ledger can start with this"),
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Key { path, error } => write!(f, "{}: {error}", path.display()),
            Self::NoKey { name } => write!(f, "the key {name} is missing"),
            Self::Codec(error) => write!(f, "{error}"),
            Self::Genesis(refused) => write!(f, "genesis: {refused}"),
            Self::Trust(error) => write!(f, "{error}"),
            Self::Files(error) => write!(f, "{error}"),
            Self::Blocks(error) => write!(f, "{error}"),
        }
    }
}

impl std::fmt::Display for BlocksError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Damaged { at } => write!(f, "the file of blocks is damaged at byte {at}"),
            Self::Codec { height, error } => write!(f, "block {height}: {error}"),
            Self::NotLinked { height } => {
                write!(f, "block {height} does not follow the one before it")
            }
            Self::OtherState { height, expected, got } => {
                write!(f, "block {height} names state {expected}, the state is {got}")
            }
            Self::Refused { height, refused } => write!(f, "an entry of block {height}: {refused}"),
            Self::SignedAhead { signed, have } => write!(
                f,
                "height {signed} was signed and the newest block here is {have}: an older copy"
            ),
            Self::SignedOther { height } => {
                write!(f, "another block was signed at height {height} than the one here")
            }
            Self::NoValidatorKey { .. } => f.write_str("a validator's key is not here"),
        }
    }
}

impl std::fmt::Display for SubmitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refused) => write!(f, "{refused}"),
            Self::ForeignValidator { .. } => {
                f.write_str("a validator whose key this ledger does not have")
            }
            Self::Busy => f.write_str("too many entries wait"),
            Self::Closed => f.write_str("the ledger takes nothing in any more"),
        }
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Height { got, oldest, newest } => {
                write!(f, "height {got} must be between {oldest} and {newest}")
            }
            Self::Query(error) => write!(f, "{error}"),
            Self::Blocks(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for HomeError {}
impl std::error::Error for BlocksError {}
impl std::error::Error for SubmitError {}
impl std::error::Error for ReadError {}
