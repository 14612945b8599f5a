//! Who has a store open, and how the last ones that had came to their end: marker files beside it.
//!
//! A marker stands while a program has the store open and goes with a clean close; where it still
//! stands, that program was killed, or saw damage and wrote so into it. Each program that shares the
//! store has a marker of its own and holds it locked (`flock`, `LockFileEx`): that tells one that runs
//! from one that was killed, and none takes another's away. On a disk without locks all have the
//! first one.

use super::StoreError;
use super::open::beside;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Markers of programs that have the store open, the first that is free for each; a program beside
/// so many has none.
const MARKERS: [&str; 4] = ["-open", "-open-2", "-open-3", "-open-4"];
/// What stands in the marker of a program that saw damage.
const DAMAGED: &[u8] = b"damaged\n";

/// How the programs that had a store open came to their end: the worst of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    /// All closed it.
    Clean,
    /// One was killed, or that cannot be told. By itself that damages nothing: whole changes are
    /// there or are not.
    Killed,
    /// One saw damage.
    Damaged,
}

/// What was left beside the store of this path by programs that run no more.
pub(super) fn left(path: &Path) -> Left {
    let each = MARKERS.iter().map(|suffix| match Marker::left(beside(path, suffix)) {
        Ok(None) => Left::Clean,
        Ok(Some(marker)) => marker.says(),
        // What cannot be told may be so.
        Err(_) => Left::Killed,
    });
    each.max().unwrap_or(Left::Clean)
}

/// Whether damage was seen in a store since it was opened. Clones tell the same.
#[derive(Debug, Clone, Default)]
pub struct Damage(Arc<AtomicBool>);

impl Damage {
    /// Whether it was.
    pub fn is_seen(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    /// It was, as a [`super::Check`] sees it.
    pub fn see(&self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Marks the store as open by this program; the mark goes when the store is closed without having
/// seen damage.
#[derive(Debug)]
pub(super) struct Lease {
    marker: Option<Marker>,
    damage: Damage,
}

impl Lease {
    /// Takes a marker for this program, and clears away what others left: the file was looked at, or
    /// whoever opens it sees to that.
    pub(super) fn take(path: &Path) -> Result<Self, StoreError> {
        let mut marker: Option<Marker> = None;
        for path in MARKERS.map(|suffix| beside(path, suffix)) {
            if marker.is_none() {
                marker = Marker::make(path)?;
            } else if let Ok(Some(left)) = Marker::left(path) {
                left.remove();
            }
        }
        marker.iter().for_each(Marker::clear);
        Ok(Self { marker, damage: Damage::default() })
    }

    pub(super) fn damage(&self) -> &Damage {
        &self.damage
    }

    /// Damage was seen: that stands on the disk at once, however this program ends.
    pub(super) fn damaged(&self) {
        if !self.damage.is_seen() {
            self.damage.see();
            self.marker.iter().for_each(Marker::note_damage);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        match self.damage.is_seen() {
            true => self.marker.iter().for_each(Marker::note_damage),
            false => self.marker.iter().for_each(Marker::remove),
        }
    }
}

/// A marker that no other program holds.
#[derive(Debug)]
struct Marker {
    path: PathBuf,
    /// Locked until it is closed, by whatever end of the program.
    file: File,
}

impl Marker {
    /// The marker of this path, if no program holds it.
    fn free(path: PathBuf, options: &OpenOptions) -> std::io::Result<Option<Self>> {
        let file = options.open(&path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Ok(None),
            // Without locks, whoever comes last takes it for its own.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(Self { path, file })),
        }
    }

    /// What was left there by a program that was killed, or saw damage.
    fn left(path: PathBuf) -> std::io::Result<Option<Self>> {
        match Self::free(path, OpenOptions::new().read(true).write(true)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            left => left,
        }
    }

    fn make(path: PathBuf) -> std::io::Result<Option<Self>> {
        Self::free(path, OpenOptions::new().read(true).write(true).create(true).truncate(false))
    }

    /// How the program came to its end that left it.
    fn says(&self) -> Left {
        let mut first = [0];
        match (&self.file).read(&mut first) {
            Ok(0) | Err(_) => Left::Killed,
            Ok(_) => Left::Damaged,
        }
    }

    /// What a program before wrote is not this one's.
    fn clear(&self) {
        // At worst the next start looks at a file that is well.
        let _ = self.file.set_len(0);
    }

    fn note_damage(&self) {
        // Where it cannot be written, the program was killed as far as anybody can tell.
        let _ = (&self.file).write_all(DAMAGED);
    }

    fn remove(&self) {
        // A marker that stays costs a check and nothing else.
        let _ = std::fs::remove_file(&self.path);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SqliteStore, Store};
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

    /// How many bytes stand in the first marker; nobody else may read one that is held, everywhere.
    fn noted(path: &Path) -> usize {
        let marker = std::fs::metadata(beside(path, "-open")).unwrap();
        usize::try_from(marker.len()).unwrap()
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
        assert_eq!(left(&path), Left::Clean, "it runs");
        // As a command leaves it that is killed beside it.
        std::fs::write(beside(&path, "-open-3"), b"").unwrap();
        assert_eq!(left(&path), Left::Killed);
        drop(open(&path));
        assert_eq!(left(&path), Left::Clean, "that was looked at");
        drop(kiosk);
        // As the kiosk leaves it.
        std::fs::write(beside(&path, "-open"), b"").unwrap();
        assert_eq!(left(&path), Left::Killed);
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
        assert_eq!(left(&path), Left::Clean, "both run");
        drop(command);
        drop(kiosk);
        assert_eq!(left(&path), Left::Damaged);
    }

    #[test]
    fn damage_stands_on_the_disk_as_soon_as_it_is_seen() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let store = open(&path);
        assert!(!store.damage().is_seen());
        store.connection().execute_batch("DROP TABLE settings").unwrap();
        assert!(matches!(store.setting("x"), Err(StoreError::Corrupt { .. })));
        assert!(store.damage().is_seen());
        assert_eq!(noted(&path), DAMAGED.len(), "before any close");
    }

    #[test]
    fn damage_that_a_check_saw_stands_on_the_disk_after_the_close() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        let store = open(&path);
        store.damage().see();
        drop(store);
        assert_eq!(left(&path), Left::Damaged);
        // Looked at, and well: neither the note nor the marker outlives that.
        drop(open(&path));
        assert_eq!(left(&path), Left::Clean);
        assert_eq!(markers(&path), [""; 0]);
    }

    #[test]
    fn what_a_program_before_wrote_is_not_the_next_ones() {
        let folder = Folder::new();
        let path = folder.path("store.db");
        std::fs::write(beside(&path, "-open"), DAMAGED).unwrap();
        let _store = open(&path);
        assert_eq!(noted(&path), 0);
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
