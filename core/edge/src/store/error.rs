//! How keeping fails.

/// Why something cannot be kept or read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreError {
    /// No room on the disk; what was kept before is still there.
    DiskFull,
    /// Another program holds the store for longer than five seconds.
    Busy,
    /// The disk or the file system fails, or forbids.
    Io {
        /// What the system says.
        why: String,
    },
    /// The file is damaged, or somebody changed its form; the next start sets it aside.
    Corrupt {
        /// What is wrong.
        why: String,
    },
    /// Written by a newer program.
    NewerVersion {
        /// Version of the file.
        got: i64,
        /// Newest version that this program knows.
        known: i64,
    },
    /// More bytes than are kept of such a thing.
    TooLong {
        /// What it is.
        what: &'static str,
        /// Bytes handed in.
        got: usize,
        /// Most bytes.
        max: usize,
    },
    /// A number that no row can have.
    OutOfRange {
        /// What it is.
        what: &'static str,
    },
}

impl StoreError {
    /// Whether the same may be kept later, without another start of the program.
    pub fn passes(&self) -> bool {
        match self {
            Self::DiskFull | Self::Busy | Self::Io { .. } => true,
            Self::Corrupt { .. }
            | Self::NewerVersion { .. }
            | Self::TooLong { .. }
            | Self::OutOfRange { .. } => false,
        }
    }
}

impl core::fmt::Display for StoreError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::DiskFull => f.write_str("the disk is full"),
            Self::Busy => f.write_str("another program holds the store"),
            Self::Io { why } => write!(f, "the store cannot be read or written: {why}"),
            Self::Corrupt { why } => write!(f, "the store is damaged: {why}"),
            Self::NewerVersion { got, known } => {
                write!(f, "the store has version {got}, this program knows {known}")
            }
            Self::TooLong { what, got, max } => {
                write!(f, "{what}: {got} bytes, at most {max} are kept")
            }
            Self::OutOfRange { what } => write!(f, "{what}: out of range"),
        }
    }
}

impl core::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let why = error.to_string();
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(
                Code::SystemIoFailure
                | Code::CannotOpen
                | Code::PermissionDenied
                | Code::ReadOnly
                | Code::OutOfMemory
                | Code::OperationInterrupted,
            ) => Self::Io { why },
            // Our statements fit our schema: whatever else goes wrong lies in the file.
            _ => Self::Corrupt { why },
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::DiskFull,
            _ => Self::Io { why: error.to_string() },
        }
    }
}

/// Refuses what is longer than it is kept.
pub(super) fn bound(what: &'static str, got: usize, max: usize) -> Result<(), StoreError> {
    if got > max { Err(StoreError::TooLong { what, got, max }) } else { Ok(()) }
}
