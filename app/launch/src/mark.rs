//! The mark by which a version shows that it has come up.
//!
//! It counts for one start: a mark that is left of the start before, on a disk that takes nothing
//! any more, is no sign of a version that comes up now. Such a start has its mark elsewhere.

use crate::alive::word;
use crate::error::UpdateError;
use crate::root::remove_file;
use std::path::{Path, PathBuf};

/// Where a version marks that it has come up; nothing is there when it starts.
#[derive(Debug)]
pub(crate) enum Mark {
    /// In the launcher's folder.
    Usual(PathBuf),
    /// Among the system's temporary files; goes with the value.
    Elsewhere(PathBuf),
}

impl Mark {
    /// At this place, or why it is elsewhere. Blocks for the disk.
    pub(crate) fn fresh(usual: PathBuf) -> (Self, Option<UpdateError>) {
        match remove_file(&usual) {
            Ok(()) => (Self::Usual(usual), None),
            Err(error) => {
                let name = format!("sealight-health-{}", word());
                (Self::Elsewhere(std::env::temp_dir().join(name)), Some(error))
            }
        }
    }

    pub(crate) fn path(&self) -> &Path {
        let (Self::Usual(path) | Self::Elsewhere(path)) = self;
        path
    }

    /// Whether the version has made it.
    pub(crate) fn is_made(&self) -> bool {
        self.path().exists()
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        if let Self::Elsewhere(path) = self {
            let _ = remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder of this test's own, without anything in it.
    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn a_mark_of_the_start_before_is_gone() {
        let folder = folder("mark");
        let usual = folder.join("health");
        fs::write(&usual, "shown").unwrap();
        let (mark, trouble) = Mark::fresh(usual.clone());
        assert_eq!((mark.path(), mark.is_made(), trouble), (&*usual, false, None));
        fs::write(mark.path(), "shown").unwrap();
        assert!(mark.is_made());
        drop(mark);
        assert!(usual.exists(), "it stays for whoever looks");
        fs::remove_dir_all(folder).unwrap();
    }

    /// A folder in the mark's place stands for a disk that takes nothing: it cannot be removed as a
    /// file, by root neither.
    #[test]
    fn a_mark_that_cannot_be_removed_counts_for_nothing() {
        let folder = folder("stale-mark");
        let (mark, trouble) = Mark::fresh(folder.clone());
        assert!(matches!(trouble, Some(UpdateError::Io { .. })), "{trouble:?}");
        assert!(!mark.is_made());
        let elsewhere = mark.path().to_owned();
        fs::write(&elsewhere, "shown").unwrap();
        assert!(mark.is_made());
        drop(mark);
        assert!(!elsewhere.exists(), "nothing piles up");
        fs::remove_dir_all(folder).unwrap();
    }
}
