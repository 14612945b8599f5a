//! Signed trust files of a home, each kept by its serial.
//!
//! `trust` is the newest, and the place where a person puts the next one; `trust-files/N` is every
//! one that stood there. A device some files behind follows them one by one, since each is signed
//! by the roots of the one before. Nothing here judges them: a device believes what it can follow.

use sealight_verify::codec::{self, Versioned};
use sealight_verify::trust::{SignedTrustFile, TrustFile};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The trust files of a home.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TrustFiles<'a> {
    home: &'a Path,
}

impl<'a> TrustFiles<'a> {
    pub(crate) fn of(home: &'a Path) -> Self {
        Self { home }
    }

    /// The newest one, kept under its serial from then on; none where there is none.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn newest(&self) -> io::Result<Option<Vec<u8>>> {
        let newest = read(&self.home.join("trust"))?;
        if let Some(bytes) = &newest {
            // Served all the same; what cannot be kept now is kept at the next request.
            let _ = self.keep(bytes);
        }
        Ok(newest)
    }

    /// The one with this serial.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn of_serial(&self, serial: u64) -> io::Result<Option<Vec<u8>>> {
        // What was put in the newest one's place since is kept first.
        self.newest()?;
        read(&self.place(serial))
    }

    /// The first file of a serial stays; what is no trust file is served to nobody by its serial.
    fn keep(&self, bytes: &[u8]) -> io::Result<()> {
        let Some(serial) = serial(bytes) else { return Ok(()) };
        let path = self.place(serial);
        if path.exists() {
            return Ok(());
        }
        fs::create_dir_all(self.home.join("trust-files"))?;
        // Two requests may keep one file at once.
        let half = path.with_extension(format!("half-{:?}", std::thread::current().id()));
        File::create(&half).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })?;
        fs::rename(&half, &path)
    }

    fn place(&self, serial: u64) -> PathBuf {
        self.home.join("trust-files").join(serial.to_string())
    }
}

fn serial(bytes: &[u8]) -> Option<u64> {
    let signed: SignedTrustFile = codec::decode(bytes).ok()?;
    Some(codec::decode::<TrustFile>(&signed.body).ok()?.serial)
}

fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    file.take(SignedTrustFile::MAX_LEN as u64 + 1).read_to_end(&mut bytes)?;
    match bytes.len() > SignedTrustFile::MAX_LEN {
        true => Err(ErrorKind::FileTooLarge.into()),
        false => Ok(Some(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use sealight_verify::hash::Hash32;
    use sealight_verify::time::Timestamp;
    use sealight_verify::trust::KeySet;

    fn file(serial: u64) -> Vec<u8> {
        let none = || KeySet { threshold: 1, keys: Vec::new() };
        let expires = Timestamp::from_unix_secs(0);
        let (roots, checkpoints, ledgers) = (none(), none(), Vec::new());
        let file =
            TrustFile { version: 1, serial, expires, roots, checkpoints, ledgers, demo: true };
        codec::encode(&SignedTrustFile::unsigned(&file))
    }

    #[test]
    fn every_trust_file_that_was_the_newest_is_kept_by_its_serial() {
        let scratch = Scratch::new();
        let files = TrustFiles::of(scratch.path());
        assert_eq!(files.newest().unwrap(), None);
        for serial in [1, 2, 3] {
            fs::write(scratch.path().join("trust"), file(serial)).unwrap();
            assert_eq!(files.newest().unwrap(), Some(file(serial)));
        }
        for serial in [1, 2, 3] {
            assert_eq!(files.of_serial(serial).unwrap(), Some(file(serial)));
        }
        assert_eq!(files.of_serial(4).unwrap(), None);
        // One that is put in its place is found by its serial at once.
        fs::write(scratch.path().join("trust"), file(4)).unwrap();
        assert_eq!(files.of_serial(4).unwrap(), Some(file(4)));
    }

    #[test]
    fn what_is_no_trust_file_is_kept_under_no_serial() {
        let scratch = Scratch::new();
        fs::write(scratch.path().join("trust"), Hash32([7; 32]).0).unwrap();
        let files = TrustFiles::of(scratch.path());
        assert!(files.newest().unwrap().is_some());
        assert!(!scratch.path().join("trust-files").exists());
    }
}
