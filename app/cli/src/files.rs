//! Files: read up to a limit, written whole or not at all, secrets for their owner alone.

use crate::fail::Failure;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a file of at most `max` bytes.
pub(crate) fn read(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    let open = File::open(path).map_err(|error| unreadable(path, &error))?;
    bounded(open, max, path)
}

/// Reads standard input up to `max` bytes.
pub(crate) fn read_stdin(max: usize) -> Result<Vec<u8>, Failure> {
    bounded(std::io::stdin().lock(), max, Path::new("-"))
}

fn bounded(from: impl Read, max: usize, path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = from.take(max as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| unreadable(path, &error))?;
    if bytes.len() > max {
        return Err(Failure::new("file-too-large", &[("path", &path.display()), ("max", &max)]));
    }
    Ok(bytes)
}

pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new("file-unreadable", &[("path", &path.display()), ("why", error)])
}

pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new("file-unwritable", &[("path", &path.display()), ("why", error)])
}

/// Makes a folder and those above it.
pub(crate) fn folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| unwritable(path, &error))
}

/// Writes a file that only its owner can read, and never over another one.
pub(crate) fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        self::folder(folder)?;
    }
    let made = with_mode(OpenOptions::new().write(true).create_new(true), 0o600).open(path);
    let mut file = made.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new("file-exists", &[("path", &path.display())])
        }
        _ => unwritable(path, &error),
    })?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| unwritable(path, &error))
}

/// Writes a file that only its owner can read, one of many that can be made again: it is not
/// waited for until it is on the disk.
pub(crate) fn put_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let options = &mut OpenOptions::new();
    let open = with_mode(options.write(true).create(true).truncate(true), 0o600).open(path);
    let written = open.and_then(|mut file| file.write_all(bytes));
    written.map_err(|error| unwritable(path, &error))
}

/// The same for a file that anybody may read.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| unwritable(path, &error))
}

/// Writes a file that anybody may read, in place of an older one: a stop at any moment leaves the
/// old file or the new one, never half of it.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = beside(path);
    let fail = |error: std::io::Error| unwritable(path, &error);
    let mut file = File::create(&beside).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(fail)?;
    fs::rename(&beside, path).map_err(fail)
}

/// The name of a file until it is whole.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

/// A long file that only its owner can read, written line by line; under its name once it is whole.
pub(crate) struct Secret {
    path: PathBuf,
    out: BufWriter<File>,
}

impl Secret {
    /// Begins the file.
    pub(crate) fn begin(path: &Path) -> Result<Self, Failure> {
        let options = &mut OpenOptions::new();
        let open = with_mode(options.write(true).create(true).truncate(true), 0o600);
        let file = open.open(beside(path)).map_err(|error| unwritable(path, &error))?;
        Ok(Self { path: path.to_owned(), out: BufWriter::new(file) })
    }

    /// Adds a line.
    pub(crate) fn line(&mut self, line: &str) -> Result<(), Failure> {
        writeln!(self.out, "{line}").map_err(|error| unwritable(&self.path, &error))
    }

    /// Puts the whole file under its name; the name itself is on the disk after [`settle`].
    pub(crate) fn finish(self) -> Result<(), Failure> {
        let Self { path, out } = self;
        let synced = out.into_inner().map_err(std::io::IntoInnerError::into_error);
        let synced = synced.and_then(|file| file.sync_all());
        let named = synced.and_then(|()| fs::rename(beside(&path), &path));
        named.map_err(|error| unwritable(&path, &error))
    }
}

/// Waits until the names in a folder are on the disk; they come by themselves on other systems than
/// Unix.
pub(crate) fn settle(folder: &Path) -> Result<(), Failure> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    let sync = |folder: &Path| File::open(folder).and_then(|folder| folder.sync_all());
    // The folder's own name, where the folder above lets itself be opened.
    let _ = std::path::absolute(folder).map(|whole| whole.parent().map(sync));
    sync(folder).map_err(|error| unwritable(folder, &error))
}

#[cfg(unix)]
fn with_mode(options: &mut OpenOptions, mode: u32) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(mode)
}

/// Elsewhere a file is as private as the folder that it stands in.
#[cfg(not(unix))]
fn with_mode(options: &mut OpenOptions, _: u32) -> &mut OpenOptions {
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_its_name_once_it_is_whole() {
        let folder = std::env::temp_dir().join(format!("sealight-secret-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("report.json");
        // What a run that died left behind is written anew.
        fs::write(beside(&path), "half of an older one, and longer than the whole").unwrap();
        let mut secret = Secret::begin(&path).unwrap();
        secret.line("whole").unwrap();
        assert!(!path.exists());
        secret.finish().unwrap();
        settle(&folder).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "whole\n");
        assert!(!beside(&path).exists());
        fs::remove_dir_all(&folder).unwrap();
    }
}
