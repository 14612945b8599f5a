//! Reading and writing whole files, within a budget.

use super::FileError;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Name of the file that says that a lot is sealed; no bucket is called so.
pub(super) const SEALED: &str = "sealed";

/// Bytes that may still be taken in.
#[derive(Debug)]
pub(super) struct Budget {
    used: AtomicU64,
    max: u64,
    /// Makes names of half-written files distinct.
    serial: AtomicU64,
}

impl Budget {
    pub(super) fn new(used: u64, max: u64) -> Self {
        Self { used: AtomicU64::new(used), max, serial: AtomicU64::new(0) }
    }

    /// Bytes that were taken in.
    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Acquire)
    }

    /// Writes a file as a whole or not at all; a former one is replaced.
    pub(super) fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        self.take(bytes.len() as u64)?;
        let former = fs::metadata(path).map_or(0, |former| former.len());
        let written = self.write_whole(path, bytes);
        self.give_back(if written.is_ok() { former } else { bytes.len() as u64 });
        written
    }

    fn write_whole(&self, path: &Path, bytes: &[u8]) -> Result<(), FileError> {
        let io = |error| FileError::Io { path: path.to_owned(), error };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io)?;
        }
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let half = path.with_extension(format!("{}-{serial}.half", std::process::id()));
        let mut file = File::create(&half).map_err(io)?;
        let renamed = file.write_all(bytes).and_then(|()| fs::rename(&half, path));
        if renamed.is_err() {
            // What is left behind costs room only.
            _ = fs::remove_file(&half);
        }
        renamed.map_err(io)
    }

    fn take(&self, bytes: u64) -> Result<(), FileError> {
        let room = |used: u64| used.checked_add(bytes).filter(|used| *used <= self.max);
        let taken = self.used.fetch_update(Ordering::AcqRel, Ordering::Acquire, room);
        taken.map(|_| ()).map_err(|_| FileError::Full { max: self.max })
    }

    fn give_back(&self, bytes: u64) {
        self.used.fetch_sub(bytes, Ordering::AcqRel);
    }
}

/// Reads a file of at most `max` bytes; none where there is none.
pub(super) fn read(path: &Path, max: usize) -> Result<Option<Vec<u8>>, FileError> {
    let io = |error| FileError::Io { path: path.to_owned(), error };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.take(max as u64).read_to_end(&mut bytes).map_err(io)?;
    Ok(Some(bytes))
}

/// A file of a sealed lot may only be sent again as it is.
pub(super) fn must_be_same(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    match read(path, super::MAX_FILE)? {
        Some(kept) if kept == bytes => Ok(()),
        _ => Err(FileError::Sealed),
    }
}

/// Waits until a file, or the names in a folder, are on disk; names come by themselves on other
/// systems than Unix.
pub(super) fn make_durable(path: &Path) -> Result<(), FileError> {
    if cfg!(not(unix)) && path.is_dir() {
        return Ok(());
    }
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| FileError::Io { path: path.to_owned(), error })
}

/// Bytes of all files two levels under a folder; half-written ones are cleared away.
pub(super) fn bytes_under(folder: &Path) -> Result<u64, FileError> {
    let io = |error| FileError::Io { path: folder.to_owned(), error };
    fs::create_dir_all(folder).map_err(io)?;
    let mut bytes = 0;
    for inner in fs::read_dir(folder).map_err(io)? {
        let inner = inner.map_err(io)?.path();
        if !inner.is_dir() {
            continue;
        }
        for file in fs::read_dir(inner).map_err(io)? {
            let file = file.map_err(io)?;
            if file.path().extension().is_some_and(|extension| extension == "half") {
                fs::remove_file(file.path()).map_err(io)?;
            } else {
                bytes += file.metadata().map_err(io)?.len();
            }
        }
    }
    Ok(bytes)
}
