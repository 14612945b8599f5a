//! Puts an update into the slot that is not current, and makes it current as the last step.

use crate::error::{UpdateError, io};
use crate::manifest::{Listed, MANIFEST, Manifest, SIGNATURE};
use crate::root::{Locked, Root, Slot, Trial, keep_names, manifest_bytes, remove_folder, write};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path};

/// Room that stays free beside an update.
const SPARE: u64 = 16 * 1024 * 1024;

/// Where an installation is, as it tells between its steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The manifest holds and there is room; nothing was changed yet.
    Accepted,
    /// The other slot is empty.
    Emptied,
    /// So many files are in it.
    Copied(usize),
    /// All files and the manifest are in it, durably.
    Complete,
    /// It is noted that the version is on trial.
    OnTrial,
    /// It is the current one.
    Switched,
}

/// Installs the update in `from`; `go_on` is asked after each step. Until the last step the version
/// before is current, whatever stops the installation.
///
/// # Errors
/// The first rule that the update breaks; see [`UpdateError`].
pub fn install(
    root: &Locked,
    from: &Path,
    go_on: &mut dyn FnMut(Step) -> bool,
) -> Result<Manifest, UpdateError> {
    let mut told = |step| if go_on(step) { Ok(()) } else { Err(UpdateError::Stopped) };
    let (bytes, signature) = manifest_bytes(from)?;
    let manifest = Manifest::open(&bytes, &signature, &root.key()?)?;
    may_come(root, &manifest)?;
    spare_the_proven(root)?;
    room(root.path(), manifest.total())?;
    told(Step::Accepted)?;
    let slot = root.current().map_or(Slot::A, Slot::other);
    let folder = root.slot(slot);
    remove_folder(&folder)?;
    fs::create_dir(&folder).map_err(io(&folder))?;
    told(Step::Emptied)?;
    for (at, file) in manifest.files.iter().enumerate() {
        copy(from, &folder, file)?;
        told(Step::Copied(at + 1))?;
    }
    write(&folder.join(MANIFEST), &bytes)?;
    write(&folder.join(SIGNATURE), &signature)?;
    keep_names(&folder)?;
    keep_names(root.path())?;
    told(Step::Complete)?;
    root.put_trial(Trial { slot, starts: 0 })?;
    told(Step::OnTrial)?;
    root.switch(slot, manifest.release)?;
    told(Step::Switched)?;
    Ok(manifest)
}

/// Its release is not the current one, not below any that ever was, and above all that failed their
/// trial. One that was current and was gone back from all the same may come again.
///
/// # Errors
/// [`UpdateError::Older`] and [`UpdateError::Refused`].
pub fn newer(root: &Root, manifest: &Manifest) -> Result<(), UpdateError> {
    let (got, refused) = (manifest.release, root.refused());
    if got <= refused {
        return Err(UpdateError::Refused { refused, got });
    }
    let current = root.current().and_then(|slot| root.installed(slot).ok());
    let current = current.map(|manifest| manifest.release);
    if current == Some(got) {
        return Err(UpdateError::Older { have: got, got });
    }
    // A current version whose manifest was lost holds nothing back by itself: the note does.
    let have = root.highest().max(current.unwrap_or(0));
    if got < have { Err(UpdateError::Older { have, got }) } else { Ok(()) }
}

/// It is [`newer`], or it is the current release and mends that: one that is not whole any more.
fn may_come(root: &Root, manifest: &Manifest) -> Result<(), UpdateError> {
    match newer(root, manifest) {
        Err(UpdateError::Older { have, got }) if have == got && is_damaged(root) => Ok(()),
        told => told,
    }
}

fn is_damaged(root: &Root) -> bool {
    root.current().is_some_and(|slot| root.whole(slot).is_err())
}

/// While a version is on trial, the one that came up before it is not written over.
///
/// # Errors
/// [`UpdateError::OnTrial`].
fn spare_the_proven(root: &Root) -> Result<(), UpdateError> {
    if needs_the_other(root) { Err(UpdateError::OnTrial) } else { Ok(()) }
}

/// Whether a version is on trial and the other one is what would be gone back to.
pub(crate) fn needs_the_other(root: &Root) -> bool {
    root.trial().is_some_and(|trial| way_back(root, trial.slot).is_ok())
}

/// The version that would be gone back to from this slot.
///
/// # Errors
/// What is wrong with it; [`UpdateError::Refused`] where it failed its own trial: it is no better.
pub(crate) fn way_back(root: &Root, from: Slot) -> Result<Manifest, UpdateError> {
    let (other, refused) = (root.whole(from.other())?, root.refused());
    if other.release == refused {
        return Err(UpdateError::Refused { refused, got: other.release });
    }
    Ok(other)
}

/// There is room for so many bytes, asked before anything is written.
pub(crate) fn room(folder: &Path, bytes: u64) -> Result<(), UpdateError> {
    let needed = bytes.saturating_add(SPARE);
    match free(folder)? {
        Some(free) if free < needed => Err(UpdateError::NoSpace { needed, free }),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn free(folder: &Path) -> Result<Option<u64>, UpdateError> {
    let told = rustix::fs::statvfs(folder).map_err(|error| io(folder)(error.into()))?;
    Ok(Some(told.f_bavail.saturating_mul(told.f_frsize)))
}

/// Std does not say it here: a full disk then stops the copying, with nothing switched.
#[cfg(not(unix))]
fn free(_: &Path) -> Result<Option<u64>, UpdateError> {
    Ok(None)
}

/// Read once, so that what was hashed is what is written, whatever becomes of the source.
fn copy(from: &Path, to: &Path, file: &Listed) -> Result<(), UpdateError> {
    let bytes = file_in(from, file)?;
    file.holds(&bytes)?;
    let path = to.join(&file.path);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io(folder))?;
    }
    write(&path, &bytes)?;
    if file.executable {
        executable(&path)?;
    }
    match path.parent() {
        Some(folder) => keep_names(folder),
        None => Ok(()),
    }
}

#[cfg(unix)]
fn executable(path: &Path) -> Result<(), UpdateError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).map_err(io(path))
}

#[cfg(not(unix))]
fn executable(_: &Path) -> Result<(), UpdateError> {
    Ok(())
}

/// A listed file's bytes in a folder, at most one more than listed; no link on the way to it.
pub(crate) fn file_in(folder: &Path, file: &Listed) -> Result<Vec<u8>, UpdateError> {
    let missing = || UpdateError::Missing { path: file.path.clone() };
    let mut path = folder.to_owned();
    for part in Path::new(&file.path).components() {
        // A manifest's paths have no other parts.
        let Component::Normal(part) = part else { return Err(missing()) };
        path.push(part);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_symlink() => {
                return Err(UpdateError::Link { path: file.path.clone() });
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => return Err(missing()),
            Err(error) => return Err(io(&path)(error)),
        }
    }
    if !path.is_file() {
        return Err(missing());
    }
    // At once: before each start all files are read, and what grows leaves holes behind.
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or(0).saturating_add(1));
    let open = File::open(&path).map_err(io(&path))?;
    open.take(file.size + 1).read_to_end(&mut bytes).map_err(io(&path))?;
    Ok(bytes)
}
