//! A USB stick that opens the staff's page: a file with a secret, whose hash the device knows.
//!
//! Blocks for the disk; a stick that hangs holds up whoever looks, so a thread of its own should.
//! Linux mounts sticks under `/media/USER/NAME` and `/run/media/USER/NAME`, or right below; both
//! are looked at, a bounded number of folders of each. The secret has 32 random bytes, so that a
//! plain hash (SM3) tells it and gives nothing away.

use crate::home::{self, Home, HomeError};
use sealight_verify::hash::{HashSuite, Sm3};
use std::path::{Path, PathBuf};

/// Where sticks are mounted.
pub const MOUNTS: [&str; 2] = ["/media", "/run/media"];
/// Name of the file on the stick.
pub const NAME: &str = "sealight-staff.key";
/// Bytes of the secret.
pub const SECRET: usize = 32;

/// Most bytes of the file: the secret in hex, and a line end.
const MAX_FILE: usize = 2 * SECRET + 2;
/// Most folders that are looked into on one level.
const MOST_FOLDERS: usize = 32;

/// Most names that are looked at for them.
const MOST_NAMES: usize = 1024;

/// Writes a secret, which is random, to a folder of a stick, and its hash to the device. A stick
/// that was made before opens nothing any more.
///
/// # Errors
/// [`HomeError::Io`] where the stick or the device takes no file; the stick then opens nothing.
pub fn make(home: &Home, folder: &Path, secret: [u8; SECRET]) -> Result<PathBuf, HomeError> {
    let text: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.join(NAME);
    home::write(&path, format!("{text}\n").as_bytes())?;
    home::write(&hash_file(home), hash(&text).as_bytes())?;
    Ok(path)
}

/// Whether a stick with this device's secret is mounted below one of `mounts`.
pub fn is_there(home: &Home, mounts: &[&Path]) -> bool {
    let Ok(Some(known)) = home::read(&hash_file(home), 2 * SECRET) else { return false };
    mounts.iter().any(|mount| {
        let near = folders(mount);
        let far = near.iter().flat_map(|folder| folders(folder));
        near.iter().cloned().chain(far).any(|folder| opens(&folder, &known))
    })
}

fn opens(folder: &Path, known: &[u8]) -> bool {
    // A link may lead out of the stick, a device or a pipe may never end.
    let path = folder.join(NAME);
    if !std::fs::symlink_metadata(&path).is_ok_and(|file| file.is_file()) {
        return false;
    }
    let Ok(Some(bytes)) = home::read(&path, MAX_FILE) else { return false };
    let Ok(text) = std::str::from_utf8(&bytes) else { return false };
    let text = text.trim_end();
    text.len() == 2 * SECRET && hash(text).as_bytes() == known
}

fn hash(text: &str) -> String {
    Sm3::hash(&[b"sealight staff key\n".as_slice(), text.as_bytes()]).to_string()
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(of).into_iter().flatten().flatten();
    // Bounded before anything is asked of them: a stick may have any number of names.
    let named = entries.take(MOST_NAMES);
    let folders = named.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.take(MOST_FOLDERS).map(|entry| entry.path()).collect()
}

fn hash_file(home: &Home) -> PathBuf {
    home.path().join("exit-key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testfolder::Folder;

    fn stick(folder: &Folder, name: &str) -> PathBuf {
        let stick = folder.path("media").join(name);
        std::fs::create_dir_all(&stick).unwrap();
        stick
    }

    #[test]
    fn a_stick_that_was_made_for_this_device_is_found_at_either_depth() {
        let folder = Folder::new();
        let home = Home::open(&folder.path("device")).unwrap();
        let media = folder.path("media");
        for place in ["STICK", "shop/STICK"] {
            let stick = stick(&folder, place);
            assert!(!is_there(&home, &[&media]));
            make(&home, &stick, [9; SECRET]).unwrap();
            assert!(is_there(&home, &[Path::new("/nonexistent"), &media]));
            std::fs::remove_dir_all(stick).unwrap();
        }
        assert!(!is_there(&home, &[&media]), "pulled out");
    }

    #[test]
    fn another_stick_and_what_is_no_key_open_nothing() {
        let folder = Folder::new();
        let home = Home::open(&folder.path("device")).unwrap();
        let media = folder.path("media");
        let old = stick(&folder, "old");
        make(&home, &old, [1; SECRET]).unwrap();
        let aside = folder.path("aside");
        std::fs::create_dir_all(&aside).unwrap();
        make(&home, &aside, [2; SECRET]).unwrap();
        assert!(!is_there(&home, &[&media]), "the newest alone counts");
        for bytes in [&b""[..], b"\xff\xff", &[b'0'; 64], &[b'0'; 4096]] {
            std::fs::write(old.join(NAME), bytes).unwrap();
            assert!(!is_there(&home, &[&media]));
        }
        #[cfg(unix)]
        {
            std::fs::remove_file(old.join(NAME)).unwrap();
            std::os::unix::fs::symlink(aside.join(NAME), old.join(NAME)).unwrap();
            assert!(!is_there(&home, &[&media]), "a link leads elsewhere");
        }
        let bare = Home::open(&folder.path("bare")).unwrap();
        assert!(!is_there(&bare, &[&media]), "a device without a key");
    }
}
