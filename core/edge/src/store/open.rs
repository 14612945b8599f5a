//! Opening a store: looked at first after an unclean stop, set aside where it is damaged.
//!
//! Blocks for the disk. A marker file stands beside the store while it is open and goes with a
//! clean close; where it still stands, the last run was killed or saw damage, and the file is
//! checked before its first use. A whole check runs in the background through [`Check`], which any
//! thread may interrupt. On Unix the file can be read by its owner only.

use super::StoreError;
use super::schema;
use super::sqlite::SqliteStore;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, InterruptHandle, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Most damaged files that are kept beside the store.
const MAX_ASIDE: u32 = 100;

/// A store that was opened, and what should be told about it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: SqliteStore,
    /// What happened on the way.
    pub warning: Option<Warning>,
}

/// Something that a person should know of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// It was damaged: a fresh one was begun, and history is not in it.
    SetAside {
        /// Where the damaged file lies now.
        to: PathBuf,
        /// What was wrong with it.
        why: String,
    },
}

impl core::fmt::Display for Warning {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SetAside { to, why } => {
                write!(f, "the store was damaged ({why}) and lies now at {}", to.display())
            }
        }
    }
}

impl SqliteStore {
    /// Opens the store of this path, or begins one.
    ///
    /// # Errors
    /// [`StoreError::NewerVersion`] leaves the file as it is; damage sets it aside and is a warning.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        match try_open(path) {
            Ok(store) => Ok(Opened { store, warning: None }),
            Err(StoreError::Corrupt { why }) => {
                let to = set_aside(path)?;
                let store = try_open(path)?;
                Ok(Opened { store, warning: Some(Warning::SetAside { to, why }) })
            }
            Err(error) => Err(error),
        }
    }
}

/// Marks the store as open; the mark goes when the store is closed without having seen damage.
#[derive(Debug)]
pub(super) struct Lease {
    marker: PathBuf,
    damaged: AtomicBool,
}

impl Lease {
    fn take(path: &Path) -> Result<Self, StoreError> {
        let marker = beside(path, "-open");
        std::fs::File::create(&marker)?;
        Ok(Self { marker, damaged: AtomicBool::new(false) })
    }

    pub(super) fn damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.damaged.load(Ordering::Relaxed) {
            // A marker that stays costs a check at the next start and nothing else.
            let _ = std::fs::remove_file(&self.marker);
        }
    }
}

/// A check of a whole store file over a connection of its own; for a background thread.
#[derive(Debug)]
pub struct Check {
    connection: Connection,
}

impl Check {
    /// Prepares to check the file; nothing is read yet.
    ///
    /// # Errors
    /// [`StoreError::Io`] where it cannot be opened.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self { connection: Connection::open_with_flags(path, flags)? })
    }

    /// Stops a running check from any thread.
    pub fn interrupt(&self) -> InterruptHandle {
        self.connection.get_interrupt_handle()
    }

    /// Reads the whole file.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] where it is damaged, and [`StoreError::Io`] where it cannot be read
    /// or the check was stopped.
    pub fn run(self) -> Result<(), StoreError> {
        sound(&self.connection, "integrity_check")
    }
}

fn try_open(path: &Path) -> Result<SqliteStore, StoreError> {
    create_private(path)?;
    let unclean = beside(path, "-open").exists();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_WAIT)?;
    // The file may have been made by somebody else: nothing in it may act.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    if unclean {
        sound(&connection, "quick_check")?;
    }
    schema::migrate(&mut connection)?;
    Ok(SqliteStore::over(connection, Lease::take(path)?))
}

/// An empty file is a new store; making it first gives it the right mode.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}

/// `quick_check` or `integrity_check` (SQLite, PRAGMA statements): one row "ok", or what is wrong.
fn sound(connection: &Connection, pragma: &str) -> Result<(), StoreError> {
    let sql = format!("PRAGMA {pragma}(1)");
    let told: String = connection.query_row(&sql, [], |row| row.get(0))?;
    if told == "ok" { Ok(()) } else { Err(StoreError::Corrupt { why: told }) }
}

/// Moves the file with its log out of the way; it may still be of use to a person.
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let free =
        (1..=MAX_ASIDE).map(|n| beside(path, &format!("-damaged-{n}"))).find(|to| !to.exists());
    let to = free.unwrap_or_else(|| beside(path, "-damaged-1"));
    std::fs::rename(path, &to)?;
    for log in ["-wal", "-shm"] {
        let from = beside(path, log);
        if from.exists() {
            std::fs::rename(&from, beside(&to, log))?;
        }
    }
    Ok(to)
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
