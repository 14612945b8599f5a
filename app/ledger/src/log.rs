//! The log beside the state: leaves for its paths, and in which block each entry stands.
//!
//! The state binds the log by its root and keeps a few dozen hashes of it. Whoever follows the log
//! wants entries and consistency paths: those come from here, 64 bytes of memory an entry and the
//! file of blocks. A node that joined by a snapshot has no leaves of before and serves no pages.

use crate::answer::QueryError;
use crate::state::State;
use sealight_verify::codec::{self, Blob, Versioned};
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::entry::log_leaf;
use sealight_verify::format::log::{LogPage, MAX_PAGE, PAGE_BYTES};
use sealight_verify::hash::Sm3;
use sealight_verify::tree::build::Log;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

/// Leaves and blocks of the log.
#[derive(Debug)]
pub(crate) struct LogBook {
    /// Entries that came before, in a snapshot.
    first: u64,
    log: Log<Sm3>,
    /// Size of the log after each block.
    ends: Vec<u64>,
    /// Where each block's record begins, in whatever its reader counts.
    starts: Vec<u64>,
}

impl LogBook {
    /// A book that begins behind so many entries.
    pub(crate) fn new(first: u64) -> Self {
        Self { first, log: Log::new(), ends: Vec::new(), starts: Vec::new() }
    }

    /// Notes the next block's entries.
    pub(crate) fn push<'a>(&mut self, start: u64, entries: impl IntoIterator<Item = &'a [u8]>) {
        entries.into_iter().for_each(|entry| self.log.append(log_leaf(entry)));
        self.ends.push(self.first + self.log.size());
        self.starts.push(start);
    }

    /// Where the records of all blocks begin.
    pub(crate) fn set_starts(&mut self, starts: &[u64]) {
        self.starts = starts.to_vec();
    }

    /// The block with the entry at this place: its record's start, and entries before it there.
    fn place(&self, at: u64) -> Option<(u64, usize)> {
        let block = self.ends.partition_point(|end| *end <= at);
        let before = block.checked_sub(1).map_or(self.first, |before| self.ends[before]);
        let skip = usize::try_from(at.checked_sub(before)?).ok()?;
        Some((*self.starts.get(block)?, skip))
    }
}

/// A page of the log as the state has it, from the place that `data` name; `read` gives the entries
/// of the block whose record begins there.
///
/// # Errors
/// What is wrong with the query, or that this node does not have the log.
pub(crate) fn page(
    book: &RwLock<LogBook>,
    state: &State,
    height: u64,
    data: &[u8],
    read: &mut dyn FnMut(u64) -> Option<Vec<Blob>>,
) -> Result<Vec<u8>, QueryError> {
    let place =
        data.try_into().map_err(|_| QueryError::DataLength { expected: 8, got: data.len() });
    let (from, roots) = (u64::from_be_bytes(place?), state.roots());
    let size = roots.log_size;
    if from > size {
        return Err(QueryError::Bounds(BoundsError::Unfit { field: "from" }));
    }
    let first = look(book).first;
    let missing = || QueryError::LogMissing { first };
    if first > 0 {
        return Err(missing());
    }
    let (mut entries, mut bytes) = (Vec::new(), 0);
    let room = |count: usize, bytes| count < MAX_PAGE && bytes < PAGE_BYTES;
    while from + (entries.len() as u64) < size && room(entries.len(), bytes) {
        // No lock is held while the disk is read: a commit waits for it.
        let place = look(book).place(from + entries.len() as u64);
        let (start, skip) = place.ok_or_else(missing)?;
        let had = entries.len();
        for entry in read(start).ok_or_else(missing)?.into_iter().skip(skip) {
            if room(entries.len(), bytes) {
                bytes += entry.len();
                entries.push(entry);
            }
        }
        if entries.len() == had {
            return Err(missing());
        }
    }
    let to = from + entries.len() as u64;
    let path = match to {
        0 => Vec::new(),
        to => look(book).log.consistency_path(to, size).map_err(|_| missing())?,
    };
    let page =
        codec::encode(&LogPage { version: 1, height, roots, from, entries, path: path.into() });
    let (got, max) = (page.len(), LogPage::MAX_LEN);
    if got > max { Err(QueryError::TooLong { got, max }) } else { Ok(page) }
}

fn look(book: &RwLock<LogBook>) -> RwLockReadGuard<'_, LogBook> {
    book.read().unwrap_or_else(PoisonError::into_inner)
}
