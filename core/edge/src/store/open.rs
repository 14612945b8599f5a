//! Opening a store: looked at after an unclean stop, set aside where it is damaged.
//!
//! Blocks for the disk. Beside the store stands how the last run came to its end: see
//! [`super::lease`]. Where it was killed or saw damage, the file is checked before its first use; that
//! takes minutes for a large one on worn flash, and a device that keeps no history does without: what
//! is damaged there is begun anew at the next start. A whole check runs in the background through
//! [`Check`], which any thread may interrupt. On Unix the file can be read by its owner only.

use super::StoreError;
use super::lease::{Lease, Left, left};
use super::schema;
use super::sqlite::SqliteStore;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, InterruptHandle, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Files that were set aside and stay beside the store, the newest first.
const ASIDE: [&str; 2] = ["-damaged-1", "-damaged-2"];
/// Beside the file a log of at most so many bytes stays.
const MOST_LOG: i64 = 4 * 1024 * 1024;

/// A store that was opened, and what should be told about it.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: SqliteStore,
    /// What happened on the way.
    pub warning: Option<Warning>,
    /// Whether the last run was killed and nobody looked at the file since: a [`Check`] can.
    pub unchecked: bool,
}

/// Something that a person should know of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// It was damaged, or not for this program: a fresh one was begun, and history is not in it.
    SetAside {
        /// Where that file lies now.
        to: PathBuf,
        /// What was wrong with it.
        why: String,
    },
}

impl core::fmt::Display for Warning {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::SetAside { to, why } => {
                write!(f, "the store was set aside ({why}) and lies now at {}", to.display())
            }
        }
    }
}

impl SqliteStore {
    /// Opens the store of this path, or begins one; looked at first where the last run was killed or
    /// saw damage.
    ///
    /// # Errors
    /// [`StoreError::NewerVersion`] leaves the file as it is; damage sets it aside and is a warning.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        match try_open(path, left(path) != Left::Clean) {
            Ok(store) => Ok(Opened { store, warning: None, unchecked: false }),
            Err(StoreError::Corrupt { why }) => anew(path, why),
            Err(error) => Err(error),
        }
    }

    /// The same on a device that keeps no history, at once: nothing in the file is missed. One in
    /// which damage was seen is set aside and not looked at; one whose last run was only killed is
    /// opened [unchecked](Opened::unchecked), and what is damaged in it shows when it is read. The
    /// store of a newer program is set aside too: a program that was gone back to has to start.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open_or_anew(path: &Path) -> Result<Opened, StoreError> {
        let left = left(path);
        if left == Left::Damaged && path.exists() {
            return anew(path, "damage was seen in it".into());
        }
        match try_open(path, false) {
            Ok(store) => Ok(Opened { store, warning: None, unchecked: left == Left::Killed }),
            Err(StoreError::Corrupt { why }) => anew(path, why),
            Err(error @ StoreError::NewerVersion { .. }) => anew(path, error.to_string()),
            Err(error) => Err(error),
        }
    }
}

/// Begins a store in the place of one that is set aside.
fn anew(path: &Path, why: String) -> Result<Opened, StoreError> {
    let to = set_aside(path)?;
    let store = try_open(path, false)?;
    let warning = Some(Warning::SetAside { to, why });
    Ok(Opened { store, warning, unchecked: false })
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

fn try_open(path: &Path, checks: bool) -> Result<SqliteStore, StoreError> {
    create_private(path)?;
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
    // Of a file that begins here: what is forgotten can be given back to the disk.
    connection.pragma_update(None, "auto_vacuum", "incremental")?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update_and_check(None, "journal_size_limit", MOST_LOG, |_| Ok(()))?;
    if checks {
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

/// Moves the file with its log out of the way; it may still be of use to a person. The newest and
/// the one before stay.
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let [newest, before] = ASIDE.map(|suffix| beside(path, suffix));
    if newest.exists() {
        displace(&newest, &before)?;
    }
    displace(path, &newest)?;
    Ok(newest)
}

/// Moves a file with its log into the place of another.
fn displace(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to)?;
    for log in ["-wal", "-shm"] {
        let (from, to) = (beside(from, log), beside(to, log));
        if from.exists() {
            std::fs::rename(&from, &to)?;
        } else if to.exists() {
            // The log of what lay there would change what lies there now.
            std::fs::remove_file(&to)?;
        }
    }
    Ok(())
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
