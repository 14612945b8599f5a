//! Why a signer does not start, or stops.

use sealight_issue::key::KeyError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a signer does not start, or stops.
#[derive(Debug)]
pub enum SignerError {
    /// The file system.
    Io {
        /// Of what.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The key file is none of an Ed25519 key.
    Key {
        /// Which.
        path: PathBuf,
        /// What is wrong; none for another algorithm.
        error: Option<KeyError>,
    },
    /// A file that others than its owner may read.
    Open {
        /// Which.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Another process signs from this folder.
    Locked {
        /// Which.
        home: PathBuf,
    },
    /// A file is there already.
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// What was signed is not known any more: a file is missing.
    Lost {
        /// Which.
        path: PathBuf,
    },
    /// A file is damaged.
    Garbled {
        /// Which.
        path: PathBuf,
    },
    /// The folder is a copy of another, which may have signed since.
    Copied {
        /// Which.
        home: PathBuf,
    },
    /// The state is not the newest: it was put back from somewhere.
    Older {
        /// Number of the newest state.
        expected: u64,
        /// Number of this one.
        got: u64,
    },
    /// A reset below what was signed.
    Behind {
        /// Lowest height from which nothing can be signed a second time.
        lowest: i64,
        /// Height asked for.
        got: i64,
    },
    /// A reset to another chain than the one that was signed for.
    OtherChain {
        /// The signer's chain.
        expected: String,
        /// The chain asked for.
        got: String,
    },
    /// The engine's folder holds no validator's key, chain or state that can be taken over.
    NoEngineKey {
        /// The file that is missing or malformed.
        path: PathBuf,
    },
}

impl SignerError {
    pub(super) fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |error| Self::Io { path: path.clone(), error }
    }
}

/// What to do where the state cannot be trusted.
const RESET: &str = "be certain that no other signer of this key runs, look up the network's \
                     height, and say `signer reset --home DIR --chain ID --new-at-height N` with N \
                     above it";

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Key { path, error: Some(error) } => write!(f, "{}: {error}", path.display()),
            Self::Key { path, error: None } => {
                write!(f, "{}: not an Ed25519 key", path.display())
            }
            Self::Open { path, mode } => {
                let path = path.display();
                write!(f, "{path} is open to others (mode {mode:o}): chmod 600 {path}")
            }
            Self::Locked { home } => {
                write!(f, "another signer runs from {}: stop one of them", home.display())
            }
            Self::Exists { path } => write!(f, "{} is there already", path.display()),
            Self::Lost { path } => write!(f, "{} is missing: {RESET}", path.display()),
            Self::Garbled { path } => write!(f, "{} is damaged: {RESET}", path.display()),
            Self::Copied { home } => {
                write!(f, "{} is a copy of another signer's folder: {RESET}", home.display())
            }
            Self::Older { expected, got } => {
                write!(f, "the state is number {got}, the newest was {expected}: {RESET}")
            }
            Self::Behind { lowest, got } => write!(
                f,
                "from height {got} on it could sign a second time what it signed: {lowest} is the \
                 lowest, and N has to lie above the network's height"
            ),
            Self::OtherChain { expected, got } => write!(
                f,
                "it signed for chain {expected}, not {got}: a signer of another chain has a folder \
                 and a key of its own"
            ),
            Self::NoEngineKey { path } => {
                write!(f, "{} is missing, or not as CometBFT writes it", path.display())
            }
        }
    }
}

impl std::error::Error for SignerError {}
