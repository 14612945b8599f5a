//! A folder that goes away with whoever made it.

use std::io;
use std::path::{Path, PathBuf};

/// A folder of this process alone.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A new one with this in its name.
    ///
    /// # Errors
    /// Where the system's folder for such things cannot be written.
    pub fn new(name: &str) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
        match std::fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir_all(&path)?,
        }
        Ok(Self(path))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A place in it.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What stays behind is the system's to clear.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
