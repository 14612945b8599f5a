//! Why an update is not installed; the version that is current stays so.

use std::path::{Path, PathBuf};

/// The rule that an update breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpdateError {
    /// A manifest or signature of more bytes than it may have.
    TooLong {
        /// Most bytes.
        max: usize,
    },
    /// Not the JSON of a manifest.
    Malformed {
        /// What the reader says.
        why: String,
    },
    /// A manifest for a newer launcher.
    UnknownVersion {
        /// Its version.
        got: u64,
    },
    /// No key that updates are signed by stands on this kiosk, or it is none.
    NoKey {
        /// What is wrong.
        why: String,
    },
    /// Not the form of a minisign signature.
    NoSignature,
    /// Signed by another key than this kiosk's.
    ForeignSigner,
    /// The signature does not hold.
    BadSignature,
    /// For another machine.
    Platform {
        /// This one.
        expected: String,
        /// The update's.
        got: String,
    },
    /// Not above the release that is current.
    Older {
        /// The current release.
        have: u64,
        /// The update's.
        got: u64,
    },
    /// A release that was gone back from, or an earlier one.
    Refused {
        /// The highest refused release.
        refused: u64,
        /// The update's.
        got: u64,
    },
    /// The current version is on trial, and the one before it is all there is to go back to.
    OnTrial,
    /// A path that is none inside an update: absolute, with `..`, hidden, or with other characters
    /// than letters, digits, `.`, `-`, `_` and `/`.
    Path {
        /// The path, cut.
        path: String,
    },
    /// Two files of one name; upper and lower case are one.
    Twice {
        /// Their path.
        path: String,
    },
    /// The program is none of the files.
    NoProgram {
        /// Its path.
        path: String,
    },
    /// More files than an update may have.
    TooManyFiles {
        /// Files found.
        got: usize,
        /// Most files.
        max: usize,
    },
    /// One file, or all together, of more bytes than they may have.
    TooLarge {
        /// Bytes found.
        got: u64,
        /// Most bytes.
        max: u64,
    },
    /// A link in place of a file or folder.
    Link {
        /// Its path in the update.
        path: String,
    },
    /// A file that is listed and not there.
    Missing {
        /// Its path in the update.
        path: String,
    },
    /// A file of another size.
    Size {
        /// Its path in the update.
        path: String,
        /// Bytes listed.
        expected: u64,
        /// Bytes found, at most one more than listed.
        got: u64,
    },
    /// A file of other content.
    Hash {
        /// Its path in the update.
        path: String,
    },
    /// Not enough room on the disk.
    NoSpace {
        /// Bytes needed.
        needed: u64,
        /// Bytes free.
        free: u64,
    },
    /// Another launcher, or another installation, is at work in this folder.
    Busy,
    /// The file system fails.
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// Stopped by the caller between two steps.
    Stopped,
}

impl core::fmt::Display for UpdateError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooLong { max } => write!(f, "manifest or signature of more than {max} bytes"),
            Self::Malformed { why } => write!(f, "manifest: {why}"),
            Self::UnknownVersion { got } => write!(f, "manifest: version {got} is unknown"),
            Self::NoKey { why } => write!(f, "no key for updates on this kiosk: {why}"),
            Self::NoSignature => f.write_str("no minisign signature"),
            Self::ForeignSigner => f.write_str("signed by another key than this kiosk's"),
            Self::BadSignature => f.write_str("the signature does not hold"),
            Self::Platform { expected, got } => write!(f, "for {got:?}, this is {expected}"),
            Self::Older { have, got } => write!(f, "release {got} is not above {have}"),
            Self::Refused { refused, got } => {
                write!(f, "release {got}: releases up to {refused} were refused here")
            }
            Self::OnTrial => f.write_str("the version before it has not come up yet"),
            Self::Path { path } => write!(f, "{path:?} is no path inside an update"),
            Self::Twice { path } => write!(f, "{path:?} is listed twice"),
            Self::NoProgram { path } => write!(f, "the program {path:?} is not listed"),
            Self::TooManyFiles { got, max } => write!(f, "{got} files, at most {max}"),
            Self::TooLarge { got, max } => write!(f, "{got} bytes, at most {max}"),
            Self::Link { path } => write!(f, "{path:?} is a link"),
            Self::Missing { path } => write!(f, "{path:?} is missing"),
            Self::Size { path, expected, got } => {
                write!(f, "{path:?} has {got} bytes, {expected} are listed")
            }
            Self::Hash { path } => write!(f, "{path:?} is not the file that is listed"),
            Self::NoSpace { needed, free } => write!(f, "{needed} bytes needed, {free} are free"),
            Self::Busy => f.write_str("another launcher or installation is at work here"),
            Self::Io { path, why } => write!(f, "{}: {why}", path.display()),
            Self::Stopped => f.write_str("stopped"),
        }
    }
}

impl core::error::Error for UpdateError {}

/// For `map_err`: the file system failed here.
pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> UpdateError {
    let path = path.to_owned();
    move |error| UpdateError::Io { path, why: error.to_string() }
}
