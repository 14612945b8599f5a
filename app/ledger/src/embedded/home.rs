//! The home folder: genesis, keys, trust file; made once, opened by one process at a time.
//!
//! | name | what |
//! |---|---|
//! | `genesis` | the genesis document |
//! | `keys/*.key` | `root`, `checkpoint`, `authority`, `member-N`, `validator-N` |
//! | `trust`, `trust-files/` | the newest signed trust file, and each by its serial |
//! | `blocks`, `signed` | the chain, and what was signed last |
//! | `checkpoint` | the newest signed checkpoint |
//! | `lots/`, `indexes/` | files of lots and code indexes |
//! | `lock` | held while a process has the home open |

use super::error::HomeError;
use crate::state::{Genesis, State};
use crate::trust_files::TrustFiles;
use sealight_issue::MAX_KEY_FILE;
use sealight_issue::entry::Signer;
use sealight_issue::key::SigningKey;
use sealight_verify::codec::Versioned;
use sealight_verify::format::party::{KeyStanding, Roles};
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// A home with its genesis and keys; the lock is held while this lives.
#[derive(Debug)]
pub struct Home {
    path: PathBuf,
    genesis: Genesis,
    keys: Vec<(String, SigningKey)>,
    _lock: File,
}

impl Home {
    /// Opens a home that no other process has open.
    ///
    /// # Errors
    /// [`HomeError::NoLedger`], [`HomeError::InUse`], or what of it cannot be read.
    pub fn open(path: &Path) -> Result<Self, HomeError> {
        let none = || HomeError::NoLedger { home: path.to_owned() };
        let document = read(&path.join("genesis"), Genesis::MAX_LEN)?.ok_or_else(none)?;
        let genesis = Genesis::decode(&document).map_err(HomeError::Codec)?;
        let _lock = lock(path)?;
        let keys = read_keys(&path.join("keys"))?;
        Ok(Self { path: path.to_owned(), genesis, keys, _lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the ledger started with.
    pub fn genesis(&self) -> &Genesis {
        &self.genesis
    }

    /// The key with this file name, without `.key`.
    ///
    /// # Errors
    /// [`HomeError::NoKey`].
    pub fn key(&self, name: &'static str) -> Result<&SigningKey, HomeError> {
        let found = self.keys.iter().find(|(known, _)| known == name);
        found.map(|(_, key)| key).ok_or(HomeError::NoKey { name })
    }

    /// The validators' keys.
    pub(super) fn validator_keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.keys.iter().filter(|(name, _)| name.starts_with("validator-")).map(|(_, key)| key)
    }

    /// The parties with one of `roles` for which a key in force at `height` is in this home, in
    /// the order of the key files' names; each once.
    pub fn signers(&self, state: &State, roles: Roles, height: u64) -> Vec<Signer<'_>> {
        let mut signers: Vec<Signer<'_>> = Vec::new();
        for (_, key) in &self.keys {
            let public = key.public();
            for row in state.parties().filter(|row| row.party.roles.meets(roles)) {
                let place = row.party.keys.iter().position(|had| had.key == public);
                let Some(place) = place.map(|place| place as u16) else { continue };
                let standing = row.party.key_standing(place, height);
                let signs =
                    matches!(standing, Some(KeyStanding::InForce | KeyStanding::RetiredSince(_)));
                let signs = signs && row.party.suspended.is_none();
                if signs && signers.iter().all(|known| known.party != row.id) {
                    signers.push(Signer { party: row.id, place, key });
                }
            }
        }
        signers
    }

    /// The signed trust file.
    ///
    /// # Errors
    /// [`HomeError::NoLedger`] where it is gone, or the file system's.
    pub fn trust(&self) -> Result<Vec<u8>, HomeError> {
        let none = || HomeError::NoLedger { home: self.path.clone() };
        let io = HomeError::io(&self.path);
        TrustFiles::of(&self.path).newest().map_err(io)?.ok_or_else(none)
    }

    /// The signed trust file of this serial, where it was the newest once.
    ///
    /// # Errors
    /// The file system's.
    pub fn trust_of(&self, serial: u64) -> Result<Option<Vec<u8>>, HomeError> {
        TrustFiles::of(&self.path).of_serial(serial).map_err(HomeError::io(&self.path))
    }
}

/// Holds the home's lock until the file is dropped.
pub(super) fn lock(home: &Path) -> Result<File, HomeError> {
    let path = home.join("lock");
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(HomeError::io(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(HomeError::InUse { home: home.to_owned() }),
        Err(fs::TryLockError::Error(error)) => Err(HomeError::io(&path)(error)),
    }
}

fn read_keys(folder: &Path) -> Result<Vec<(String, SigningKey)>, HomeError> {
    let io = HomeError::io(folder);
    let mut keys = Vec::new();
    for file in fs::read_dir(folder).map_err(&io)? {
        let path = file.map_err(&io)?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.and_then(|name| name.strip_suffix(".key")) else { continue };
        let bytes = read(&path, MAX_KEY_FILE)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let key = SigningKey::decode_file(&text)
            .map_err(|error| HomeError::Key { path: path.clone(), error })?;
        keys.push((name.to_owned(), key));
    }
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(keys)
}

/// Reads a file of at most `max` bytes; none where there is none.
pub(super) fn read(path: &Path, max: usize) -> Result<Option<Vec<u8>>, HomeError> {
    let io = HomeError::io(path);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.take(max as u64 + 1).read_to_end(&mut bytes).map_err(&io)?;
    if bytes.len() > max {
        return Err(io(ErrorKind::FileTooLarge.into()));
    }
    Ok(Some(bytes))
}

/// Waits until the names in a folder are on disk; other systems than Unix do that by themselves.
pub(super) fn sync_names(folder: &Path) -> Result<(), HomeError> {
    if cfg!(unix) {
        let synced = File::open(folder).and_then(|folder| folder.sync_all());
        return synced.map_err(HomeError::io(folder));
    }
    Ok(())
}

/// Writes a file as a whole and waits until it is on disk; secret ones are the owner's alone.
pub(super) fn write_new(path: &Path, bytes: &[u8], secret: bool) -> Result<(), HomeError> {
    let io = HomeError::io(path);
    let half = path.with_extension("half");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let mut file = options.open(&half).map_err(&io)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(&io)?;
    fs::rename(&half, path).map_err(&io)
}
