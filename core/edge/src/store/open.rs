//! Opening a store: looked at first after an unclean stop, set aside where it is damaged.
//!
//! Blocks for the disk. A marker file stands beside the store while it is open and goes with a
//! clean close; where it still stands, the last run was killed or saw damage, and the file is
//! checked before its first use. Each program that shares the store has a marker of its own and
//! holds it locked (`flock`, `LockFileEx`): that tells one that runs from one that was killed, and
//! none takes another's away. On a disk without locks all have the first one. A whole check runs in
//! the background through [`Check`], which any thread may interrupt. On Unix the file can be read by
//! its owner only.

use super::StoreError;
use super::schema;
use super::sqlite::SqliteStore;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, InterruptHandle, OpenFlags};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Markers of programs that have the store open, the first that is free for each; a program beside
/// so many has none.
const MARKERS: [&str; 4] = ["-open", "-open-2", "-open-3", "-open-4"];
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
    /// Opens the store of this path, or begins one.
    ///
    /// # Errors
    /// [`StoreError::NewerVersion`] leaves the file as it is; damage sets it aside and is a warning.
    pub fn open(path: &Path) -> Result<Opened, StoreError> {
        match try_open(path) {
            Ok(store) => Ok(Opened { store, warning: None }),
            Err(StoreError::Corrupt { why }) => anew(path, why),
            Err(error) => Err(error),
        }
    }

    /// The same on a device that keeps no history: the store of a newer program is set aside too.
    /// Nothing in it is missed, and a program that was gone back to has to start.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn open_or_anew(path: &Path) -> Result<Opened, StoreError> {
        match Self::open(path) {
            Err(error @ StoreError::NewerVersion { .. }) => anew(path, error.to_string()),
            opened => opened,
        }
    }
}

/// Begins a store in the place of one that is set aside.
fn anew(path: &Path, why: String) -> Result<Opened, StoreError> {
    let to = set_aside(path)?;
    let store = try_open(path)?;
    Ok(Opened { store, warning: Some(Warning::SetAside { to, why }) })
}

/// Marks the store as open by this program; the mark goes when the store is closed without having
/// seen damage.
#[derive(Debug)]
pub(super) struct Lease {
    marker: Option<Marker>,
    damaged: AtomicBool,
}

/// A marker that no other program holds.
#[derive(Debug)]
struct Marker {
    path: PathBuf,
    /// Locked until it is closed, by whatever end of the program.
    _lock: File,
}

impl Marker {
    /// The marker of this path, if no program holds it.
    fn free(path: PathBuf, options: &OpenOptions) -> std::io::Result<Option<Self>> {
        let lock = options.open(&path)?;
        match lock.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            // Without locks, whoever comes last takes it for its own.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Self { path, _lock: lock })),
        }
    }

    /// What was left there by a program that was killed, or saw damage.
    fn left(path: PathBuf) -> std::io::Result<Option<Self>> {
        match Self::free(path, OpenOptions::new().write(true)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            left => left,
        }
    }

    fn make(path: PathBuf) -> std::io::Result<Option<Self>> {
        Self::free(path, OpenOptions::new().write(true).create(true).truncate(false))
    }

    fn remove(&self) {
        // A marker that stays costs a check at the next start and nothing else.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a program that had the store open was killed, or saw damage. What cannot be told may be
/// so.
fn is_unclean(path: &Path) -> bool {
    MARKERS.iter().any(|suffix| !matches!(Marker::left(beside(path, suffix)), Ok(None)))
}

impl Lease {
    /// Takes a marker for this program, and clears away what others left: the file was looked at.
    fn take(path: &Path) -> Result<Self, StoreError> {
        let mut marker = None;
        for path in MARKERS.map(|suffix| beside(path, suffix)) {
            if marker.is_none() {
                marker = Marker::make(path)?;
            } else if let Ok(Some(left)) = Marker::left(path) {
                left.remove();
            }
        }
        Ok(Self { marker, damaged: AtomicBool::new(false) })
    }

    pub(super) fn damaged(&self) {
        self.damaged.store(true, Ordering::Relaxed);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.damaged.load(Ordering::Relaxed) {
            self.marker.iter().for_each(Marker::remove);
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
    let unclean = is_unclean(path);
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

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::super::Store;
    use super::*;
    use crate::testfolder::Folder;

    fn open(path: &Path) -> SqliteStore {
        let opened = SqliteStore::open(path).unwrap();
        assert_eq!(opened.warning, None);
        opened.store
    }

    /// Suffixes of the markers that stand beside the store.
    fn markers(path: &Path) -> Vec<&'static str> {
        MARKERS.into_iter().filter(|suffix| beside(path, suffix).exists()).collect()
    }

    #[test]
    fn a_command_beside_a_running_program_takes_no_marker_but_its_own() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let kiosk = open(&path);
        let command = open(&path);
        assert_eq!(markers(&path), ["-open", "-open-2"]);
        drop(command);
        assert_eq!(markers(&path), ["-open"]);
        // Nor does one that came first and goes first.
        let command = open(&path);
        drop(kiosk);
        assert_eq!(markers(&path), ["-open-2"]);
        drop(command);
        assert_eq!(markers(&path), [""; 0]);
    }

    #[test]
    fn a_program_that_runs_is_told_from_one_that_was_killed() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let kiosk = open(&path);
        assert!(!is_unclean(&path), "it runs");
        // As a command leaves it that is killed beside it.
        std::fs::write(beside(&path, "-open-3"), b"").unwrap();
        assert!(is_unclean(&path));
        drop(open(&path));
        assert!(!is_unclean(&path), "that was looked at");
        drop(kiosk);
        // As the kiosk leaves it.
        std::fs::write(beside(&path, "-open"), b"").unwrap();
        assert!(is_unclean(&path));
        drop(open(&path));
        assert_eq!(markers(&path), [""; 0]);
    }

    #[test]
    fn damage_that_one_of_two_programs_saw_is_looked_at() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let (kiosk, command) = (open(&path), open(&path));
        command.connection().execute_batch("DROP TABLE settings").unwrap();
        assert!(matches!(command.setting("x"), Err(StoreError::Corrupt { .. })));
        drop(command);
        drop(kiosk);
        assert!(is_unclean(&path));
    }

    #[test]
    fn more_programs_than_markers_open_it_all_the_same() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let many: Vec<SqliteStore> = (0..=MARKERS.len()).map(|_| open(&path)).collect();
        assert_eq!(markers(&path), MARKERS);
        drop(many);
        assert_eq!(markers(&path), [""; 0]);
    }
}
