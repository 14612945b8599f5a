//! Letters that wait on this device for a network: one file each, in a folder beside the store.
//!
//! A letter is sealed before it comes here, so nobody who finds the folder learns more of it than
//! for which party it is. A file appears whole or not at all. It goes once enough gateways have the
//! letter; and letters to one party are [`SHARE`] at most, so that those which no gateway takes leave
//! room for others. A program of another version finds the same files, and leaves those alone that it
//! cannot read. Blocks for the disk.
//!
//! | file | what | goes at the latest |
//! |---|---|---|
//! | `ID.letter` | a sealed report | [`KEPT_DAYS`] after it came here |
//! | `ID.took` | addresses of the gateways that took it, one a line | with its letter, [`SECOND_HOURS`] after the last of them |
//!
//! How old a file is, the register says: the time of its newest header that was accepted. The clock
//! of a device may be set ahead by whoever can reach it, and would take every letter with it.

use crate::clock;
use crate::home::{self, HomeError};
use sealight_verify::codec::{Versioned, encode};
use sealight_verify::format::ids::LedgerId;
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
/// How long a letter that a gateway took waits for the next one.
pub const SECOND_HOURS: i64 = 24;

/// How a letter's file ends.
const ENDING: &str = "letter";
/// How the file ends that says who took it,
const MARK: &str = "took";
/// and most of its bytes.
const MAX_MARK: usize = 64 * 1024;
/// Seconds of an hour.
const HOUR: i64 = 3600;

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

    /// How many of the letters that wait were written after one moment and not after another.
    pub fn written_between(&self, after: Timestamp, until: Timestamp) -> usize {
        let files = self.files().unwrap_or_default();
        let times = files.iter().filter_map(|path| written(path));
        times.filter(|at| (after.secs() + 1..=until.secs()).contains(at)).count()
    }

    /// The gateways that took a letter, by the addresses that they were noted with; none where that
    /// cannot be read, and then they are asked again, which does no harm.
    pub fn takers(&self, id: &Hash32) -> Vec<String> {
        let bytes = home::read(&self.mark(id), MAX_MARK).ok().flatten().unwrap_or_default();
        String::from_utf8_lossy(&bytes).lines().map(str::to_owned).collect()
    }

    /// Notes that these gateways took a letter as well, on disk when this returns; `as_of` is the time
    /// of the register.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn took(
        &self,
        id: &Hash32,
        gateways: &[String],
        as_of: Option<Timestamp>,
    ) -> Result<(), OutboxError> {
        let (mut takers, path) = (self.takers(id), self.mark(id));
        takers.extend_from_slice(gateways);
        home::write(&path, takers.join("\n").as_bytes()).map_err(OutboxError::File)?;
        // With the system's time it may go early or late.
        let _ = as_of.map(|at| date(&path, at));
        Ok(())
    }

    /// Forgets letters that have waited for longer than [`KEPT_DAYS`], and those that a gateway took
    /// longer than [`SECOND_HOURS`] ago; how many. `as_of` gives the time of a ledger's register;
    /// where it is not known, no letter is old.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn forget_old(
        &self,
        as_of: impl Fn(&LedgerId) -> Option<Timestamp>,
    ) -> Result<usize, OutboxError> {
        let mut forgotten = 0;
        for (path, letter) in self.letters()? {
            let (mark, Some(as_of)) = (self.mark(&letter.id()), as_of(&letter.ledger)) else {
                continue;
            };
            let old = is_over(&path, KEPT_DAYS * 24 * HOUR, as_of);
            if old || is_over(&mark, SECOND_HOURS * HOUR, as_of) {
                remove(&mark)?;
                remove(&path)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    /// Forgets a letter that enough gateways have.
    ///
    /// # Errors
    /// [`OutboxError::File`]
    pub fn remove(&self, id: &Hash32) -> Result<(), OutboxError> {
        // The letter last: without its mark it is sent again, and a mark alone would stay for ever.
        [self.mark(id), self.place(id)].iter().try_for_each(|path| remove(path))
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

    fn mark(&self, id: &Hash32) -> PathBuf {
        self.0.join(format!("{id}.{MARK}"))
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

/// Whether a file is older than so many seconds by the register. The clock was wrong when one was
/// written that seems older than this program, or as far ahead of the register: its time begins now.
fn is_over(path: &Path, kept: i64, as_of: Timestamp) -> bool {
    let Some(written) = written(path) else { return false };
    let age = as_of.secs().saturating_sub(written);
    if written < clock::built().secs() || age < -kept {
        // What cannot be dated stays.
        let _ = date(path, as_of);
        return false;
    }
    age > kept
}

fn remove(path: &Path) -> Result<(), OutboxError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io(path, &error)),
        _ => Ok(()),
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
    use sealight_verify::format::ids::PartyId;

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

    /// A moment so many days after the program was built.
    fn day(day: i64) -> Timestamp {
        Timestamp::from_unix_secs(clock::built().secs() + day * 24 * HOUR)
    }

    /// An outbox with letters of these numbers that were written at these times.
    fn written_at(folder: &Folder, letters: &[(u16, Timestamp)]) -> Outbox {
        let outbox = Outbox::new(&folder.path("reports"));
        for (number, at) in letters {
            outbox.put(&letter(*number)).unwrap();
            date(&outbox.place(&letter(*number).id()), *at).unwrap();
        }
        outbox
    }

    #[test]
    fn a_letter_that_nobody_takes_goes_after_its_time() {
        let folder = Folder::new();
        // The last was written before the clock was set.
        let unset = Timestamp::from_unix_secs(60);
        let outbox = written_at(&folder, &[(1, day(10)), (2, day(60)), (3, unset)]);
        assert_eq!(outbox.forget_old(|_| Some(day(-1))), Ok(0));
        assert_eq!(outbox.forget_old(|_| Some(day(120))), Ok(1));
        let waiting = outbox.waiting().unwrap();
        assert!(waiting.len() == 2 && !waiting.contains(&letter(1)));
        assert_eq!(outbox.forget_old(|_| Some(day(160))), Ok(1));
        assert_eq!(outbox.waiting(), Ok(vec![letter(3)]));
        assert_eq!(outbox.forget_old(|_| Some(day(121 + KEPT_DAYS))), Ok(1));
    }

    #[test]
    fn while_no_header_is_known_no_letter_is_old() {
        let folder = Folder::new();
        let outbox = written_at(&folder, &[(1, day(0)), (2, Timestamp::from_unix_secs(60))]);
        outbox.took(&letter(1).id(), &["http://a.example".into()], Some(day(0))).unwrap();
        assert_eq!(outbox.forget_old(|_| None), Ok(0));
        assert_eq!(outbox.waiting().unwrap().len(), 2);
    }

    #[test]
    fn a_letter_that_lies_in_the_future_of_the_register_is_new() {
        let folder = Folder::new();
        // The register stands still while there is no network; the last clock was wrong.
        let outbox = written_at(&folder, &[(1, day(89)), (2, day(20_000))]);
        assert_eq!(outbox.forget_old(|_| Some(day(0))), Ok(0));
        assert_eq!(outbox.forget_old(|_| Some(day(KEPT_DAYS + 1))), Ok(1), "of the wrong clock");
        assert_eq!(outbox.waiting(), Ok(vec![letter(1)]));
        assert_eq!(outbox.forget_old(|_| Some(day(89 + KEPT_DAYS + 1))), Ok(1));
    }

    #[test]
    fn who_took_a_letter_is_remembered_for_a_day() {
        let folder = Folder::new();
        let outbox = written_at(&folder, &[(1, day(0)), (2, day(0))]);
        let (id, [a, b]) = (letter(1).id(), ["http://a.example/x", "http://b.example"]);
        assert_eq!(outbox.takers(&id), Vec::<String>::new());
        outbox.took(&id, &[a.into()], Some(day(3))).unwrap();
        let again = Outbox::new(&folder.path("reports"));
        assert_eq!(again.takers(&id), [a]);
        assert_eq!(again.forget_old(|_| Some(day(4))), Ok(0));
        again.took(&id, &[b.into()], Some(day(4))).unwrap();
        assert_eq!(again.takers(&id), [a, b]);
        assert_eq!(again.forget_old(|_| Some(day(5))), Ok(0));
        assert_eq!(again.forget_old(|_| Some(day(6))), Ok(1));
        assert_eq!(again.waiting(), Ok(vec![letter(2)]));
        assert_eq!(std::fs::read_dir(folder.path("reports")).unwrap().count(), 1, "nor its mark");
    }

    #[test]
    fn letters_of_the_last_hour_are_counted_and_none_of_a_clock_that_was_ahead() {
        let folder = Folder::new();
        let outbox = written_at(&folder, &[(1, day(1)), (2, day(2)), (3, day(9))]);
        assert_eq!(outbox.written_between(day(1), day(2)), 1);
        assert_eq!(outbox.written_between(day(0), day(9)), 3);
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
