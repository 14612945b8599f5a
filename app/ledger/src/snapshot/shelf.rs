//! Snapshots on disk: the newest two, served chunk by chunk.

use super::{CHUNK, Offer, SnapshotError};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Snapshots that are kept.
const KEPT: usize = 2;

/// The folder of snapshots, each a file named after its height.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    offers: Mutex<Vec<Offer>>,
}

impl Shelf {
    /// Opens the folder and hashes what is in it; half-written files are cleared away.
    ///
    /// # Errors
    /// [`SnapshotError::Io`].
    pub fn open(folder: &Path) -> Result<Self, SnapshotError> {
        let io = |error| SnapshotError::Io { path: folder.to_owned(), error };
        fs::create_dir_all(folder).map_err(io)?;
        let mut offers = Vec::new();
        for file in fs::read_dir(folder).map_err(io)? {
            let path = file.map_err(io)?.path();
            let height = path.file_name().and_then(|name| name.to_str()?.parse().ok());
            match height {
                Some(height) => offers.push(Offer::of(height, &fs::read(&path).map_err(io)?)),
                None => fs::remove_file(&path).map_err(io)?,
            }
        }
        offers.sort_by_key(|offer| offer.height);
        Ok(Self { folder: folder.to_owned(), offers: Mutex::new(offers) })
    }

    /// What can be had, the newest last.
    pub fn offers(&self) -> Vec<Offer> {
        self.lock().clone()
    }

    /// Puts a snapshot in and the oldest out.
    ///
    /// # Errors
    /// [`SnapshotError::Io`].
    pub fn put(&self, height: u64, snapshot: &[u8]) -> Result<(), SnapshotError> {
        write(&self.folder.join(height.to_string()), snapshot)?;
        let mut offers = self.lock();
        offers.retain(|offer| offer.height != height);
        offers.push(Offer::of(height, snapshot));
        let surplus = offers.len().saturating_sub(KEPT);
        for old in offers.drain(..surplus) {
            let path = self.folder.join(old.height.to_string());
            fs::remove_file(&path).map_err(|error| SnapshotError::Io { path, error })?;
        }
        Ok(())
    }

    /// A chunk of the snapshot at a height; none where it is not here.
    pub fn chunk(&self, height: u64, chunk: u32) -> Option<Vec<u8>> {
        let offers = self.lock();
        let offer = offers.iter().find(|offer| offer.height == height)?;
        let at = usize::try_from(chunk).ok().filter(|at| *at < offer.chunks.len())?;
        let mut file = File::open(self.folder.join(height.to_string())).ok()?;
        file.seek(SeekFrom::Start(at as u64 * CHUNK as u64)).ok()?;
        let mut bytes = Vec::new();
        file.take(CHUNK as u64).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Offer>> {
        self.offers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes a file as a whole and waits until it is on disk.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), SnapshotError> {
    let io = |error| SnapshotError::Io { path: path.to_owned(), error };
    let half = path.with_extension("half");
    let mut file = File::create(&half).map_err(io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io)?;
    fs::rename(&half, path).map_err(io)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)
}
