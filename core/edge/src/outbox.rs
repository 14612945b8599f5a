//! Letters that wait on this device for a network: one file each, in a folder beside the store.
//!
//! A letter is sealed before it comes here, so nobody who finds the folder learns more of it than
//! for which party it is. A file appears whole or not at all. It goes once a gateway has the letter,
//! or when it has waited for [`KEPT_DAYS`]; and letters to one party are [`SHARE`] at most, so that
//! those which no gateway takes leave room for others. A program of another version finds the same
//! files, and leaves those alone that it cannot read. Blocks for the disk.

use crate::clock;
use crate::home::{self, HomeError};
use sealight_verify::codec::{Versioned, encode};
use sealight_verify::hash::Hash32;
use sealight_verify::report::Letter;
use sealight_verify::time::Timestamp;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Most letters that wait.
pub const MAX_WAITING: usize = 256;
/// Most of them for one party.
pub const SHARE: usize = 64;
/// How long a letter waits.
pub const KEPT_DAYS: i64 = 90;

/// How a letter's file ends.
const ENDING: &str = "letter";

/// The folder of waiting letters.
#[derive(Debug, Clone)]
pub struct Outbox(PathBuf);

/// Why a letter is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutboxError {
    /// So many wait already.
    Full {
        /// Most that can.
        max: usize,
    },
    /// So many wait for this party already.
    Share {
        /// Most that can.
        max: usize,
    },
    /// Its file or the folder fails.
    File(HomeError),
}

impl core::fmt::Display for OutboxError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Full { max } => write!(f, "{max} letters wait already"),
            Self::Share { max } => write!(f, "{max} letters wait for this party already"),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for OutboxError {}

impl Outbox {
    /// The letters in this folder, which is made with the first one.
    pub fn new(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    /// Keeps a letter, on disk when this returns.
    ///
    /// # Errors
    /// [`OutboxError`]
    pub fn put(&self, letter: &Letter) -> Result<(), OutboxError> {
        if self.files()?.len() >= MAX_WAITING {
            return Err(OutboxError::Full { max: MAX_WAITING });
        }
        let party = (letter.ledger, letter.party);
        let waiting = self.waiting()?;
        if waiting.iter().filter(|other| (other.ledger, other.party) == party).count() >= SHARE {
            return Err(OutboxError::Share { max: SHARE });
        }
        let path = self.place(&letter.id());
        std::fs::create_dir_all(&self.0).map_err(|error| io(&self.0, &error))?;
        home::write(&path, &encode(letter)).map_err(OutboxError::File)
    }

    /// Letters that can be read, in the order of their names.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn waiting(&self) -> Result<Vec<Letter>, OutboxError> {
        Ok(self.letters()?.into_iter().map(|(_, letter)| letter).collect())
    }

    /// Forgets letters that have waited for longer than [`KEPT_DAYS`]; how many.
    ///
    /// A file that seems older than this program was written while the clock was wrong, or before an
    /// update: its time begins now. While the clock itself is behind the program, nothing is forgotten.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn forget_old(&self, now: Timestamp) -> Result<usize, OutboxError> {
        let (built, mut forgotten) = (clock::built().secs(), 0);
        if now.secs() < built {
            return Ok(0);
        }
        for (path, _) in self.letters()? {
            let Some(written) = written(&path) else { continue };
            if written < built {
                // What cannot be dated stays.
                let _ = date(&path, now);
            } else if now.secs().saturating_sub(written) > KEPT_DAYS * 24 * 3600 {
                std::fs::remove_file(&path).map_err(|error| io(&path, &error))?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    /// Forgets a letter that a gateway has.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn remove(&self, id: &Hash32) -> Result<(), OutboxError> {
        let path = self.place(id);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(io(&path, &error)),
            _ => Ok(()),
        }
    }

    fn letters(&self) -> Result<Vec<(PathBuf, Letter)>, OutboxError> {
        let mut letters = Vec::new();
        for path in self.files()? {
            let bytes = home::read(&path, Letter::MAX_LEN).ok().flatten();
            let letter = bytes.and_then(|bytes| Letter::decode(&bytes).ok());
            letters.extend(letter.map(|letter| (path, letter)));
        }
        Ok(letters)
    }

    fn place(&self, id: &Hash32) -> PathBuf {
        self.0.join(format!("{id}.{ENDING}"))
    }

    fn files(&self) -> Result<Vec<PathBuf>, OutboxError> {
        let files = match std::fs::read_dir(&self.0) {
            Ok(files) => files,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(&self.0, &error)),
        };
        let mut paths: Vec<PathBuf> = files.flatten().map(|file| file.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == ENDING));
        paths.sort_unstable();
        Ok(paths)
    }
}

/// When a file was written, in seconds since 1970; 0 for any time before.
fn written(path: &Path) -> Option<i64> {
    let at = std::fs::metadata(path).and_then(|file| file.modified()).ok()?;
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).ok()
}

/// Has a file be written at this time.
fn date(path: &Path, at: Timestamp) -> std::io::Result<()> {
    let since = Duration::from_secs(u64::try_from(at.secs()).unwrap_or(0));
    let file = std::fs::File::options().write(true).open(path)?;
    file.set_modified(SystemTime::UNIX_EPOCH + since)
}

fn io(path: &Path, error: &std::io::Error) -> OutboxError {
    OutboxError::File(HomeError::Io { path: path.to_owned(), why: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testfolder::Folder;
    use sealight_verify::codec::Blob;
    use sealight_verify::format::ids::{LedgerId, PartyId};

    fn letter(number: u16) -> Letter {
        let [high, low] = number.to_be_bytes();
        Letter {
            version: 1,
            ledger: LedgerId([1; 32]),
            party: PartyId([(number / SHARE as u16) as u8; 16]),
            lock: Hash32([3; 32]),
            encapsulated: Blob(vec![high; 32]),
            sealed: Blob(vec![low; 2064]),
        }
    }

    #[test]
    fn letters_wait_until_they_are_removed() {
        let folder = Folder::new();
        let outbox = Outbox::new(&folder.path("reports"));
        assert_eq!(outbox.waiting(), Ok(Vec::new()));
        outbox.put(&letter(1)).unwrap();
        outbox.put(&letter(2)).unwrap();
        let again = Outbox::new(&folder.path("reports"));
        assert_eq!(again.waiting().unwrap().len(), 2);
        again.remove(&letter(1).id()).unwrap();
        again.remove(&letter(1).id()).unwrap();
        assert_eq!(outbox.waiting(), Ok(vec![letter(2)]));
    }

    #[test]
    fn a_full_outbox_takes_no_more_and_loses_none() {
        let folder = Folder::new();
        let outbox = Outbox::new(&folder.path("reports"));
        (0..MAX_WAITING as u16).for_each(|number| outbox.put(&letter(number)).unwrap());
        let one_more = outbox.put(&letter(9999));
        assert_eq!(one_more, Err(OutboxError::Full { max: MAX_WAITING }));
        assert_eq!(outbox.waiting().unwrap().len(), MAX_WAITING);
    }

    #[test]
    fn letters_to_one_party_leave_room_for_those_to_others() {
        let folder = Folder::new();
        let outbox = Outbox::new(&folder.path("reports"));
        (0..SHARE as u16).for_each(|number| outbox.put(&letter(number)).unwrap());
        let one_more = Letter { lock: Hash32([4; 32]), ..letter(0) };
        assert_eq!(outbox.put(&one_more), Err(OutboxError::Share { max: SHARE }));
        assert_eq!(outbox.put(&letter(SHARE as u16)), Ok(()));
        outbox.remove(&letter(0).id()).unwrap();
        assert_eq!(outbox.put(&one_more), Ok(()));
    }

    #[test]
    fn a_letter_that_nobody_takes_goes_after_its_time() {
        let folder = Folder::new();
        let outbox = Outbox::new(&folder.path("reports"));
        let day = |day: i64| Timestamp::from_unix_secs(clock::built().secs() + day * 24 * 3600);
        // The last was written before the clock was set.
        for (number, at) in [(1, day(10)), (2, day(150)), (3, Timestamp::from_unix_secs(60))] {
            outbox.put(&letter(number)).unwrap();
            date(&outbox.place(&letter(number).id()), at).unwrap();
        }
        assert_eq!(outbox.forget_old(day(-1)), Ok(0));
        assert_eq!(outbox.forget_old(day(200)), Ok(1));
        let waiting = outbox.waiting().unwrap();
        assert!(waiting.len() == 2 && !waiting.contains(&letter(1)));
        assert_eq!(outbox.forget_old(day(200 + KEPT_DAYS)), Ok(1));
        assert_eq!(outbox.waiting(), Ok(vec![letter(3)]));
        assert_eq!(outbox.forget_old(day(201 + KEPT_DAYS)), Ok(1));
    }

    #[test]
    fn what_is_no_letter_of_ours_is_left_alone() {
        let folder = Folder::new();
        let outbox = Outbox::new(&folder.path("reports"));
        outbox.put(&letter(1)).unwrap();
        let newer = folder.path("reports").join("of-a-newer-program.letter");
        std::fs::write(&newer, b"what it may be").unwrap();
        std::fs::write(folder.path("reports").join("half.new"), b"x").unwrap();
        assert_eq!(outbox.waiting(), Ok(vec![letter(1)]));
        assert!(newer.exists());
    }
}
