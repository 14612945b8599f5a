use crate::abci::AbciError;
use crate::files::FileError;
use crate::state::Refused;
use sealight_issue::key::KeyError;
use sealight_verify::trust::TrustError;
use std::path::PathBuf;

/// Why a node or a network cannot be made or run.
#[derive(Debug)]
pub enum NodeError {
    /// The file system, a socket or a process.
    Io {
        /// Of what.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file of a node that is not what it should be.
    File {
        /// Which.
        path: PathBuf,
    },
    /// A key file that is none.
    Key {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        error: KeyError,
    },
    /// A signer's folder could not be made.
    Signer {
        /// Why.
        error: crate::signer::SignerError,
    },
    /// The validator's key is a signer's, and not in the node's folder.
    SignersKey,
    /// CometBFT is not on this machine.
    NoEngine,
    /// A CometBFT of a line that this application does not speak to.
    OtherEngine {
        /// What it says of its version.
        got: String,
    },
    /// An option that no network can start with.
    Option {
        /// Which.
        name: &'static str,
    },
    /// No network lives here.
    NoNetwork {
        /// The folder.
        home: PathBuf,
    },
    /// Another supervisor runs the node.
    Running {
        /// The node's folder.
        home: PathBuf,
    },
    /// A network lives here with another number of validators.
    OtherSize {
        /// How many there are.
        got: usize,
    },
    /// A file that is never written over.
    Exists {
        /// Which.
        path: PathBuf,
    },
    /// A node's folder without its card.
    NoCard {
        /// The folder.
        home: PathBuf,
    },
    /// Two cards have the same.
    Twice {
        /// Of what.
        what: &'static str,
        /// Legal name in the second one.
        name: String,
    },
    /// No group of loopback addresses was free.
    NoAddresses,
    /// A node did not start in time; its log says more.
    NotUp {
        /// The node's folder.
        home: PathBuf,
    },
    /// Whoever waited waits no longer.
    Stopped,
    /// The application.
    App(AbciError),
    /// Files of lots.
    Files(FileError),
    /// A genesis document that no ledger starts with.
    Genesis(Refused),
    /// A trust file that no client would take.
    Trust(TrustError),
    /// A checkpoint could not be made.
    Checkpoint {
        /// Why.
        why: String,
    },
}

impl NodeError {
    /// For `map_err`: the system's error, of what.
    pub(super) fn io(what: impl std::fmt::Display) -> impl Fn(std::io::Error) -> Self {
        let what = what.to_string();
        move |error| Self::Io { what: what.clone(), error }
    }
}

impl From<AbciError> for NodeError {
    fn from(error: AbciError) -> Self {
        Self::App(error)
    }
}

impl std::fmt::Display for NodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Io { what, error } => write!(f, "{what}: {error}"),
            Self::File { path } => write!(f, "{}: not what it should be", path.display()),
            Self::Key { path, error } => write!(f, "{}: {error}", path.display()),
            Self::Signer { error } => error.fmt(f),
            Self::SignersKey => f.write_str(
                "the validator's key is its signer's: `sealight-ledger signer key --home DIR` there",
            ),
            Self::NoEngine => f.write_str(
                "CometBFT 0.38 is not on this machine. Install Go 1.22 or newer, then run \
                 `go install github.com/cometbft/cometbft/cmd/cometbft@v0.38.25`; it is looked for \
                 in SEALIGHT_COMETBFT, in PATH and in ~/go/bin",
            ),
            Self::OtherEngine { got } => {
                write!(f, "CometBFT {got:?} is of another line; 0.38 is needed")
            }
            Self::Option { name } => write!(f, "{name}: out of range"),
            Self::NoNetwork { home } => write!(f, "{}: no network lives here", home.display()),
            Self::Running { home } => write!(f, "{}: this node runs already", home.display()),
            Self::OtherSize { got } => {
                write!(f, "a network of {got} validators lives here already")
            }
            Self::Exists { path } => write!(f, "{} is there already", path.display()),
            Self::NoCard { home } => write!(f, "{}: no card of a node is here", home.display()),
            Self::Twice { what, name } => {
                write!(f, "the card of {name} has the {what} of an earlier card")
            }
            Self::NoAddresses => f.write_str("no loopback addresses are free"),
            Self::NotUp { home } => {
                let logs = home.join("logs");
                write!(f, "the node did not start in time; see {}", logs.display())
            }
            Self::Stopped => f.write_str("stopped"),
            Self::App(error) => write!(f, "{error}"),
            Self::Files(error) => write!(f, "{error}"),
            Self::Genesis(refused) => write!(f, "no ledger starts so: {refused}"),
            Self::Trust(error) => write!(f, "{error}"),
            Self::Checkpoint { why } => write!(f, "no checkpoint: {why}"),
        }
    }
}

impl std::error::Error for NodeError {}
