//! Mailboxes: sealed reports wait here for their party.
//!
//! `reports/PARTY/ID.LOCK` is one letter: named by its hash, so that it is stored once however often
//! it is sent, and by its lock, so that its ticket finds it. A mailbox takes in [`MAX_LETTERS`];
//! when it is full, the oldest makes room for the next, if it is older than [`KEPT`]. A gateway
//! learns of a letter for whom it is and from which network address, never what it says: all are of
//! one length.
//!
//! Blocks on the file system. A letter is on disk before it is said to be taken in.

use super::{FileError, store};
use sealight_verify::codec::{Blob, Versioned, encode};
use sealight_verify::format::ids::PartyId;
use sealight_verify::hash::Hash32;
use sealight_verify::report::{self, Letter, Page, Ticket};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

/// Most letters of one party.
pub const MAX_LETTERS: usize = 1024;
/// How long a letter is safe in a full mailbox.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

/// The mailboxes under one home.
#[derive(Debug)]
pub struct Mailbox {
    folder: PathBuf,
    /// Letters of one party are counted and written in one turn.
    turn: Mutex<()>,
}

impl Mailbox {
    pub(super) fn open(home: &Path) -> Result<Self, FileError> {
        let folder = home.join("reports");
        // Clears away half-written letters.
        store::bytes_under(&folder)?;
        Ok(Self { folder, turn: Mutex::new(()) })
    }

    /// Takes a letter in, or finds that it is here.
    ///
    /// # Errors
    /// No room, or [`FileError::Io`].
    pub fn put(&self, letter: &Letter) -> Result<(), FileError> {
        let _turn = self.turn();
        let folder = self.of(&letter.party);
        let name = format!("{}.{}", letter.id(), letter.lock);
        let names = names(&folder)?;
        if names.contains(&name) {
            return Ok(());
        }
        if names.len() >= MAX_LETTERS && !make_room(&folder, &names) {
            return Err(FileError::Full { max: (MAX_LETTERS * Letter::MAX_LEN) as u64 });
        }
        write(&folder, &name, &encode(letter))
    }

    /// Letters of a party behind one, in the order of their ids.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn page(&self, party: &PartyId, after: Option<Hash32>) -> Result<Page, FileError> {
        let folder = self.of(party);
        let after = after.map(|after| after.to_string());
        let behind = |name: &&String| after.as_ref().is_none_or(|after| name[..64] > after[..]);
        let names = names(&folder)?;
        let mut waiting = names.iter().filter(behind);
        let mut letters = Vec::new();
        for name in waiting.by_ref().take(report::MAX_LETTERS) {
            // One that was taken off in between is not missed.
            let bytes = store::read(&folder.join(name), Letter::MAX_LEN)?;
            letters.extend(bytes.map(Blob));
        }
        let more = !letters.is_empty() && waiting.next().is_some();
        Ok(Page { version: 1, letters, more })
    }

    /// Takes the letters off whose tickets these are, as far as they are here. The folder is read
    /// once, however many tickets come.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn take(&self, party: &PartyId, tickets: &[Ticket]) -> Result<(), FileError> {
        let locks: BTreeSet<String> =
            tickets.iter().map(|ticket| ticket.lock().to_string()).collect();
        self.forget(party, |name| locks.contains(&name[65..]))
    }

    /// Throws these letters away, as far as they are here: for a party that signed for it.
    ///
    /// # Errors
    /// [`FileError::Io`].
    pub fn discard(&self, party: &PartyId, letters: &[Hash32]) -> Result<(), FileError> {
        let ids: BTreeSet<String> = letters.iter().map(Hash32::to_string).collect();
        self.forget(party, |name| ids.contains(&name[..64]))
    }

    fn forget(&self, party: &PartyId, which: impl Fn(&str) -> bool) -> Result<(), FileError> {
        let _turn = self.turn();
        let folder = self.of(party);
        for name in names(&folder)?.iter().filter(|name| which(name)) {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(|error| FileError::Io { path, error })?;
        }
        Ok(())
    }

    fn of(&self, party: &PartyId) -> PathBuf {
        self.folder.join(party.to_string())
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        // Nothing is half done where a thread died: files are whole or not there.
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names of the letters in a folder, sorted: two hashes in hex with a dot between them.
fn names(folder: &Path) -> Result<Vec<String>, FileError> {
    let io = |error| FileError::Io { path: folder.to_owned(), error };
    let files = match fs::read_dir(folder) {
        Ok(files) => files,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io(error)),
    };
    let mut names = Vec::new();
    for file in files {
        let name = file.map_err(io)?.file_name();
        let whole = |name: &&str| {
            let halves = name.split_once('.');
            halves.is_some_and(|(id, lock)| {
                [id, lock].map(Hash32::from_hex).iter().all(Option::is_some)
            })
        };
        names.extend(name.to_str().filter(whole).map(str::to_owned));
    }
    names.sort_unstable();
    Ok(names)
}

/// Removes the oldest letter, if it is older than [`KEPT`]; whether it was. One letter needs the room
/// of one: the others stay.
fn make_room(folder: &Path, names: &[String]) -> bool {
    let written = |name: &String| {
        let path = folder.join(name);
        let at = fs::metadata(&path).and_then(|letter| letter.modified());
        at.ok().map(|at| (at, path))
    };
    let Some((at, path)) = names.iter().filter_map(written).min() else { return false };
    let old = SystemTime::now().duration_since(at).is_ok_and(|age| age > KEPT);
    old && fs::remove_file(path).is_ok()
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), FileError> {
    fs::create_dir_all(folder).map_err(|error| FileError::Io { path: folder.to_owned(), error })?;
    let (half, path) = (folder.join("letter.half"), folder.join(name));
    let written = File::create(&half)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&half, &path));
    written.map_err(|error| FileError::Io { path, error })?;
    store::make_durable(folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use sealight_verify::format::ids::LedgerId;

    const PARTY: PartyId = PartyId([2; 16]);

    /// A letter that nobody can open, of the length that all have.
    fn letter(number: u16) -> Letter {
        let [high, low] = number.to_be_bytes();
        Letter {
            version: 1,
            ledger: LedgerId([1; 32]),
            party: PARTY,
            lock: ticket(number).lock(),
            encapsulated: Blob(vec![high; 32]),
            sealed: Blob(vec![low; 2064]),
        }
    }

    fn ticket(number: u16) -> Ticket {
        Ticket([number.to_be_bytes(); 16].concat().try_into().unwrap())
    }

    fn waiting(mailbox: &Mailbox) -> usize {
        let (mut count, mut after) = (0, None);
        loop {
            let page = mailbox.page(&PARTY, after).unwrap();
            count += page.letters.len();
            after = page.letters.last().map(|last| Letter::decode(last).unwrap().id());
            if !page.more {
                return count;
            }
        }
    }

    #[test]
    fn a_letter_is_stored_once_and_stays_through_a_restart() {
        let scratch = Scratch::new();
        let mailbox = Mailbox::open(scratch.path()).unwrap();
        mailbox.put(&letter(1)).unwrap();
        mailbox.put(&letter(1)).unwrap();
        drop(mailbox);
        let again = Mailbox::open(scratch.path()).unwrap();
        let page = again.page(&PARTY, None).unwrap();
        assert_eq!((page.letters, page.more), (vec![Blob(encode(&letter(1)))], false));
        assert_eq!(again.page(&PartyId([3; 16]), None).unwrap().letters, []);
    }

    #[test]
    fn only_its_ticket_takes_a_letter_off() {
        let scratch = Scratch::new();
        let mailbox = Mailbox::open(scratch.path()).unwrap();
        (1..=3).for_each(|number| mailbox.put(&letter(number)).unwrap());
        mailbox.take(&PARTY, &[ticket(4)]).unwrap();
        mailbox.take(&PartyId([3; 16]), &[ticket(1)]).unwrap();
        assert_eq!(waiting(&mailbox), 3);
        mailbox.take(&PARTY, &[ticket(1), ticket(4), ticket(3)]).unwrap();
        assert_eq!(mailbox.page(&PARTY, None).unwrap().letters, [Blob(encode(&letter(2)))]);
    }

    #[test]
    fn only_the_letters_of_these_names_are_thrown_away() {
        let scratch = Scratch::new();
        let mailbox = Mailbox::open(scratch.path()).unwrap();
        (1..=3).for_each(|number| mailbox.put(&letter(number)).unwrap());
        let ids = [1, 4, 3].map(|number| letter(number).id());
        mailbox.discard(&PartyId([3; 16]), &ids).unwrap();
        assert_eq!(waiting(&mailbox), 3);
        mailbox.discard(&PARTY, &ids).unwrap();
        assert_eq!(mailbox.page(&PARTY, None).unwrap().letters, [Blob(encode(&letter(2)))]);
    }

    #[test]
    fn a_full_mailbox_refuses_until_old_letters_make_room() {
        let scratch = Scratch::new();
        let mailbox = Mailbox::open(scratch.path()).unwrap();
        let folder = mailbox.of(&PARTY);
        fs::create_dir_all(&folder).unwrap();
        for number in 0..MAX_LETTERS as u16 {
            let letter = letter(number);
            let name = format!("{}.{}", letter.id(), letter.lock);
            fs::write(folder.join(name), encode(&letter)).unwrap();
        }
        assert_eq!(waiting(&mailbox), MAX_LETTERS);
        let one_more = letter(5000);
        assert!(matches!(mailbox.put(&one_more), Err(FileError::Full { .. })));
        let names = names(&folder).unwrap();
        let old = [(3, 60), (7, 120)].map(|(place, more)| {
            let path = folder.join(&names[place]);
            let then = SystemTime::now() - KEPT - Duration::from_secs(more);
            File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
            path
        });
        mailbox.put(&one_more).unwrap();
        // The oldest alone.
        assert_eq!(old.map(|path| path.exists()), [true, false]);
        assert_eq!(waiting(&mailbox), MAX_LETTERS);
    }
}
