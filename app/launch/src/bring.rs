//! Brings a newer update from wherever the kiosk can ask for files, for the launcher to install.
//!
//! Files arrive in `arriving/`, which becomes `incoming/` by one rename once it is whole: the
//! launcher never sees half of an update. What had arrived is not asked for again; what had arrived
//! of another update is gone, for its files may stand where this one has folders. What waits is
//! installed at the next start, and so it waits only for as long as it is offered.

use crate::error::{UpdateError, io};
use crate::install::{file_in, newer, room};
use crate::manifest::{MANIFEST, MAX_MANIFEST, MAX_SIGNATURE, Manifest, SIGNATURE};
use crate::root::{Root, keep_names, manifest_bytes, read, remove_folder, write};
use std::fs;
use std::path::PathBuf;

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// What is there is what runs.
    Nothing,
    /// A newer update waits in `incoming/`.
    Update {
        /// Its release.
        release: u64,
    },
}

/// Why nothing was brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BringError<E> {
    /// It could not be asked for.
    Source(E),
    /// What came is no update for this kiosk, or cannot be kept.
    Update(UpdateError),
}

impl<E> From<UpdateError> for BringError<E> {
    fn from(error: UpdateError) -> Self {
        Self::Update(error)
    }
}

impl<E: core::fmt::Display> core::fmt::Display for BringError<E> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Source(error) => error.fmt(f),
            Self::Update(error) => error.fmt(f),
        }
    }
}

impl<E: core::fmt::Debug + core::fmt::Display> core::error::Error for BringError<E> {}

/// Asks for the manifest, and for the files if it is newer; `get` gives a file by its path, of at
/// most so many bytes. Where a signed manifest offers nothing newer, what waits was withdrawn and is
/// gone.
///
/// # Errors
/// The source's, or the first rule that the update breaks.
pub fn bring<E>(
    root: &Root,
    mut get: impl FnMut(&str, usize) -> Result<Vec<u8>, E>,
) -> Result<Brought, BringError<E>> {
    let key = root.key()?;
    let bytes = get(MANIFEST, MAX_MANIFEST).map_err(BringError::Source)?;
    let signature = get(SIGNATURE, MAX_SIGNATURE).map_err(BringError::Source)?;
    let manifest = Manifest::open(&bytes, &signature, &key)?;
    if let Err(error) = newer(root, &manifest) {
        withdraw(root)?;
        return match error {
            UpdateError::Older { have, got } if have == got => Ok(Brought::Nothing),
            error => Err(error.into()),
        };
    }
    let (brought, incoming) = (Brought::Update { release: manifest.release }, root.incoming());
    if manifest_bytes(&incoming).is_ok_and(|(waiting, _)| waiting == bytes) {
        return Ok(brought);
    }
    let arriving = arriving(root, &bytes)?;
    // Once as it arrives, once as it is installed.
    room(root.path(), manifest.total().saturating_mul(2))?;
    for file in &manifest.files {
        if file_in(&arriving, file).is_ok_and(|bytes| file.holds(&bytes).is_ok()) {
            continue;
        }
        let most = usize::try_from(file.size).unwrap_or(usize::MAX);
        let bytes = get(&file.path, most).map_err(BringError::Source)?;
        file.holds(&bytes)?;
        let path = arriving.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io(folder))?;
        }
        write(&path, &bytes)?;
    }
    write(&arriving.join(SIGNATURE), &signature)?;
    remove_folder(&incoming)?;
    fs::rename(&arriving, &incoming).map_err(io(&incoming))?;
    keep_names(root.path())?;
    Ok(brought)
}

/// The folder in which the update with this manifest arrives. The manifest stands in it first, and
/// tells of which update all else is.
fn arriving(root: &Root, manifest: &[u8]) -> Result<PathBuf, UpdateError> {
    let folder = root.path().join("arriving");
    let path = folder.join(MANIFEST);
    let there = read(&path, MAX_MANIFEST).ok().flatten();
    if there.as_deref() != Some(manifest) {
        remove_folder(&folder)?;
        fs::create_dir(&folder).map_err(io(&folder))?;
        write(&path, manifest)?;
    }
    Ok(folder)
}

/// Takes away what waits. One rename does it, as one rename had it wait: the launcher never sees half
/// of it, and of a link only the link goes.
fn withdraw(root: &Root) -> Result<(), UpdateError> {
    let (incoming, arriving) = (root.incoming(), root.path().join("arriving"));
    if !incoming.exists() {
        return Ok(());
    }
    remove_folder(&arriving)?;
    fs::rename(&incoming, &arriving).map_err(io(&incoming))?;
    keep_names(root.path())?;
    remove_folder(&arriving)
}
