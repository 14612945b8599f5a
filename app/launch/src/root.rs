//! The launcher's folder: two slots, the pointer between them, and small notes beside it.
//!
//! Every note is replaced whole: written beside, made durable, renamed. Blocks for the disk.

use crate::error::{UpdateError, io};
use crate::manifest::{MANIFEST, MAX_MANIFEST, MAX_SIGNATURE, Manifest, SIGNATURE};
use crate::{FOLDER, KEY};
use minisign_verify::PublicKey;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Most bytes of a note or of the key's file.
const MAX_NOTE: usize = 1024;

/// The launcher's folder, and where the key of its updates is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    folder: PathBuf,
    key: PathBuf,
}

/// The folder, held by this process alone.
#[derive(Debug)]
pub struct Locked {
    root: Root,
    _lock: File,
}

impl std::ops::Deref for Locked {
    type Target = Root;
    fn deref(&self) -> &Root {
        &self.root
    }
}

/// One of the two places of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The folder `a`.
    A,
    /// The folder `b`.
    B,
}

impl Slot {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// The folder's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    fn named(name: &str) -> Option<Self> {
        [Self::A, Self::B].into_iter().find(|slot| slot.name() == name)
    }
}

/// A version that has not yet shown that it comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trial {
    /// Where it is.
    pub slot: Slot,
    /// How often it was started.
    pub starts: u32,
}

impl Root {
    /// The folder at this path; it must be there. The key of its updates is `update.pub` in it.
    pub fn new(path: &Path) -> Self {
        Self { folder: path.to_owned(), key: path.join("update.pub") }
    }

    /// The same with the key of its updates in this file alone: one that the program which runs here
    /// cannot change, where another user owns it.
    #[must_use]
    pub fn with_key(self, key: &Path) -> Self {
        Self { key: key.to_owned(), ..self }
    }

    /// What the launcher tells the version that it starts; none without a launcher.
    pub fn of_environment() -> Option<Self> {
        let named = |name| std::env::var_os(name).map(PathBuf::from);
        Self::named(named(FOLDER), named(KEY))
    }

    pub(crate) fn named(folder: Option<PathBuf>, key: Option<PathBuf>) -> Option<Self> {
        let root = Self::new(&folder?);
        // A launcher from before keys were named has it in its folder.
        Some(match key {
            Some(key) => root.with_key(&key),
            None => root,
        })
    }

    /// Holds the folder, until the value is dropped or the process ends.
    ///
    /// # Errors
    /// [`UpdateError::Busy`] where another process does; [`UpdateError::Io`] where there is no file
    /// to lock and none can be made.
    pub fn lock(&self) -> Result<Locked, UpdateError> {
        let path = self.folder.join("lock");
        let lock = lock_file(&path).map_err(io(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Locked { root: self.clone(), _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(UpdateError::Busy),
            Err(fs::TryLockError::Error(error)) => Err(io(&path)(error)),
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Where a version is.
    pub fn slot(&self, slot: Slot) -> PathBuf {
        self.folder.join(slot.name())
    }

    /// Where an update waits.
    pub fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// The mark of a version that came up.
    pub fn health(&self) -> PathBuf {
        self.folder.join("health")
    }

    /// The file with the key that updates are signed by.
    pub fn key_file(&self) -> &Path {
        &self.key
    }

    /// The key that updates are signed by.
    ///
    /// # Errors
    /// [`UpdateError::NoKey`].
    pub fn key(&self) -> Result<PublicKey, UpdateError> {
        let path = self.key_file();
        let no_key = |why: &str| UpdateError::NoKey { why: format!("{}: {why}", path.display()) };
        let bytes = read(path, MAX_NOTE)?.ok_or_else(|| no_key("not found"))?;
        let text = String::from_utf8(bytes).map_err(|_| no_key("no text"))?;
        PublicKey::decode(text.trim_end()).map_err(|error| no_key(&error.to_string()))
    }

    /// Which version is started; none before the first was installed.
    pub fn current(&self) -> Option<Slot> {
        Slot::named(&self.note("current")?)
    }

    /// Starts another version, of this release, from now on: by one rename. Its release is noted
    /// first: no version is ever current above what is noted.
    ///
    /// # Errors
    /// [`UpdateError::Io`].
    pub fn switch(&self, to: Slot, release: u64) -> Result<(), UpdateError> {
        if release > self.highest() {
            self.put("highest", &release.to_string())?;
        }
        self.put("current", to.name())
    }

    /// The highest release that was ever switched to; 0 where that is not noted.
    pub fn highest(&self) -> u64 {
        self.number("highest")
    }

    /// The trial that is on, if the version on trial is the current one.
    pub fn trial(&self) -> Option<Trial> {
        let note = self.note("trial")?;
        let (slot, starts) = note.split_once(' ')?;
        let trial = Trial { slot: Slot::named(slot)?, starts: starts.parse().ok()? };
        Some(trial).filter(|trial| self.current() == Some(trial.slot))
    }

    /// Notes a trial.
    ///
    /// # Errors
    /// [`UpdateError::Io`].
    pub fn put_trial(&self, trial: Trial) -> Result<(), UpdateError> {
        self.put("trial", &format!("{} {}", trial.slot.name(), trial.starts))
    }

    /// Ends the trial: the version came up, or was gone back from.
    ///
    /// # Errors
    /// [`UpdateError::Io`].
    pub fn end_trial(&self) -> Result<(), UpdateError> {
        remove_file(&self.folder.join("trial"))
    }

    /// The highest release that failed its trial; 0 where none did.
    pub fn refused(&self) -> u64 {
        self.number("refused")
    }

    /// Refuses this release, and those before it, for good.
    ///
    /// # Errors
    /// [`UpdateError::Io`].
    pub fn refuse(&self, release: u64) -> Result<(), UpdateError> {
        self.put("refused", &self.refused().max(release).to_string())
    }

    /// The manifest of an installed version, held against its signature anew.
    ///
    /// # Errors
    /// See [`Manifest::open`].
    pub fn installed(&self, slot: Slot) -> Result<Manifest, UpdateError> {
        manifest_in(&self.slot(slot), &self.key()?)
    }

    /// An installed version every file of which is as it was signed.
    ///
    /// # Errors
    /// The first fault; see [`UpdateError`].
    pub fn whole(&self, slot: Slot) -> Result<Manifest, UpdateError> {
        let manifest = self.installed(slot)?;
        for file in &manifest.files {
            file.holds(&crate::install::file_in(&self.slot(slot), file)?)?;
        }
        Ok(manifest)
    }

    fn number(&self, name: &str) -> u64 {
        self.note(name).and_then(|note| note.parse().ok()).unwrap_or(0)
    }

    fn note(&self, name: &str) -> Option<String> {
        let bytes = read(&self.folder.join(name), MAX_NOTE).ok()??;
        String::from_utf8(bytes).ok().map(|text| text.trim().to_owned())
    }

    fn put(&self, name: &str, text: &str) -> Result<(), UpdateError> {
        let (path, beside) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        write(&beside, format!("{text}\n").as_bytes())?;
        fs::rename(&beside, &path).map_err(io(&path))?;
        keep_names(&self.folder)
    }
}

/// The file that is locked. One that is only read can be locked too: a disk that takes nothing any
/// more keeps no kiosk from its start.
fn lock_file(path: &Path) -> std::io::Result<File> {
    File::create(path).or_else(|error| File::open(path).map_err(|_| error))
}

/// The signed manifest in a folder.
pub(crate) fn manifest_in(folder: &Path, key: &PublicKey) -> Result<Manifest, UpdateError> {
    let (bytes, signature) = manifest_bytes(folder)?;
    Manifest::open(&bytes, &signature, key)
}

/// A manifest and its signature, as they stand in a folder.
pub(crate) fn manifest_bytes(folder: &Path) -> Result<(Vec<u8>, Vec<u8>), UpdateError> {
    let file = |name: &str, max: usize| {
        read(&folder.join(name), max)?.ok_or_else(|| UpdateError::Missing { path: name.into() })
    };
    Ok((file(MANIFEST, MAX_MANIFEST)?, file(SIGNATURE, MAX_SIGNATURE)?))
}

/// A file of at most `max` bytes; none where there is none.
pub(crate) fn read(path: &Path, max: usize) -> Result<Option<Vec<u8>>, UpdateError> {
    // What is no file, a pipe for one, might be waited for for ever.
    match fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            return Err(io(path)(ErrorKind::InvalidInput.into()));
        }
        _ => {}
    }
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path)(error)),
    };
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(io(path))?;
    if bytes.len() > max { Err(UpdateError::TooLong { max }) } else { Ok(Some(bytes)) }
}

/// Writes a file and makes it durable.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), UpdateError> {
    let mut file = File::create(path).map_err(io(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io(path))
}

/// The names in a folder outlast a lost power supply; Windows gives no handle to a folder for that.
pub(crate) fn keep_names(folder: &Path) -> Result<(), UpdateError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(io(folder))?;
    }
    Ok(())
}

pub(crate) fn remove_file(path: &Path) -> Result<(), UpdateError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(path)(error)),
        _ => Ok(()),
    }
}

/// Removes a folder and what is in it; of a link only the link.
pub(crate) fn remove_folder(path: &Path) -> Result<(), UpdateError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(io(path)(error)),
        Ok(found) if found.is_dir() => fs::remove_dir_all(path).map_err(io(path)),
        Ok(_) => fs::remove_file(path).map_err(io(path)),
    }
}
