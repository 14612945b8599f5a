//! The embedded ledger: one process, in-process validators, the same state machine.
//!
//! Four validators (by default) sign CometBFT-format headers over the state of
//! [`crate::state`]; a light client cannot tell them from a real network, but its trust file says
//! that one operator runs them all, and so does the verdict. Blocks are made when entries arrive
//! and at least once an interval; everything acknowledged is on disk, and after a crash the same
//! blocks come back, never others at the same height.
//!
//! The state after block `H - 1` is the one that header `H` binds, so that is the one that answers
//! at height `H`.

mod blocks;
mod chain;
mod error;
mod hashes;
mod home;
mod init;
mod maker;
mod open;
mod shared;
mod signed;

pub use error::{BlocksError, HomeError, ReadError, SubmitError};
pub use home::Home;
pub use init::InitOptions;

use crate::answer;
use crate::files::{FileError, Files};
use crate::log;
use crate::state::{Checked, Refused, State};
use maker::Job;
use sealight_issue::entry::sign_receipt;
use sealight_verify::codec::{CodecError, Versioned};
use sealight_verify::comet::{Commit, Header, LightBlock, ValidatorSet};
use sealight_verify::format::entry::Entry;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::log::LOG_PATH;
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::format::party::Roles;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use shared::Shared;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// The present.
    fn now(&self) -> Timestamp;
}

/// How a home is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOptions {
    /// Longest time without a block.
    pub interval: Duration,
    /// Most entries in one block.
    pub batch: usize,
    /// Most entries that wait.
    pub queue: usize,
    /// Versions of the state that are kept to answer at.
    pub versions: usize,
    /// Most bytes of all files of lots and indexes.
    pub store_bytes: u64,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(60),
            batch: 256,
            queue: 1024,
            versions: 512,
            store_bytes: 8 << 30,
        }
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    /// Height of its block.
    pub height: u64,
    /// First height whose header binds the state that it made; signed already.
    pub provable: u64,
    /// The entry's id.
    pub id: Hash32,
    /// Its place in the log.
    pub log_index: u64,
}

/// A running ledger. Closing waits for the block that is being made.
pub struct Embedded {
    shared: Arc<Shared>,
    jobs: Option<SyncSender<Job>>,
    maker: Option<JoinHandle<()>>,
    torn: u64,
}

impl Embedded {
    /// Makes a home with keys, genesis and trust file; see [`Home::init`].
    ///
    /// # Errors
    /// See [`Home::init`].
    pub fn init(
        home: &Path,
        options: &InitOptions,
        now: Timestamp,
        random: &mut dyn FnMut() -> [u8; 32],
    ) -> Result<(), HomeError> {
        Home::init(home, options, now, random)
    }

    /// Opens a home: reads all blocks again, signs nothing anew, and goes on.
    ///
    /// # Errors
    /// What of the home is missing, in use, damaged, or not what this ledger wrote.
    pub fn open(
        home: &Path,
        options: OpenOptions,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, HomeError> {
        let (maker, torn) = open::open(home, options, clock)?;
        let shared = maker.shared.clone();
        let (jobs, waiting) = sync_channel(options.queue.max(1));
        let thread = std::thread::Builder::new().name("sealight-blocks".into());
        let maker = thread.spawn(move || maker.run(&waiting)).map_err(HomeError::io(home))?;
        Ok(Self { shared, jobs: Some(jobs), maker: Some(maker), torn })
    }

    /// Bytes of a torn record that were cut off the end of the blocks when they were opened;
    /// nobody was ever told about what they held.
    pub fn torn_bytes(&self) -> u64 {
        self.torn
    }

    /// The home.
    pub fn home(&self) -> &Home {
        &self.shared.home
    }

    /// The ledger's id.
    pub fn ledger(&self) -> LedgerId {
        self.shared.ledger
    }

    /// Its name in headers.
    pub fn chain_id(&self) -> &str {
        &self.shared.home.genesis().chain_id
    }

    /// Files of lots and indexes.
    pub fn files(&self) -> &Files {
        &self.shared.files
    }

    /// Whether an entry would be taken in next.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, entry: &[u8]) -> Result<Checked, SubmitError> {
        let (height, state) = self.newest();
        state.check(entry, height + 1).map_err(SubmitError::Refused)
    }

    /// Takes an entry in; blocks until it is durable and its state stands in a signed header.
    ///
    /// # Errors
    /// The rule that it breaks, or why nothing is taken in now.
    pub fn submit(&self, entry: &[u8]) -> Result<Committed, SubmitError> {
        let (answer, answered) = sync_channel(1);
        self.queue(Job { entry: entry_bytes(entry)?, answer: Some(answer) })?;
        answered.recv().unwrap_or(Err(SubmitError::Closed))
    }

    /// Checks an entry and queues it without waiting for its block.
    ///
    /// # Errors
    /// The rule that it breaks, or why nothing is taken in now.
    pub fn enqueue(&self, entry: &[u8]) -> Result<Checked, SubmitError> {
        let checked = self.check(entry)?;
        self.queue(Job { entry: entry_bytes(entry)?, answer: None })?;
        Ok(checked)
    }

    fn queue(&self, job: Job) -> Result<(), SubmitError> {
        if self.is_closed() {
            return Err(SubmitError::Closed);
        }
        let jobs = self.jobs.as_ref().ok_or(SubmitError::Closed)?;
        jobs.try_send(job).map_err(|error| match error {
            TrySendError::Full(_) => SubmitError::Busy,
            TrySendError::Disconnected(_) => SubmitError::Closed,
        })
    }

    /// Whether nothing is taken in any more, because something could not be written.
    pub fn is_closed(&self) -> bool {
        self.shared.read(|view| view.closed)
    }

    /// The newest header.
    pub fn head(&self) -> Header {
        self.shared.read(|view| view.tip.block.header.clone())
    }

    /// The newest height, and the state after its block: what the next entry meets.
    pub fn newest(&self) -> (u64, State) {
        self.shared.read(|view| (view.tip.block.height(), view.state.clone()))
    }

    /// The header of a height with its commit; the newest where none is named.
    ///
    /// # Errors
    /// [`ReadError::Height`], or the file system's.
    pub fn commit(&self, height: Option<u64>) -> Result<(Header, Commit), ReadError> {
        self.shared.commit(height)
    }

    /// The validators that sign a height; of the newest where none is named.
    ///
    /// # Errors
    /// [`ReadError::Height`].
    pub fn validators(&self, height: Option<u64>) -> Result<(u64, Arc<ValidatorSet>), ReadError> {
        let (newest, sets) = self.shared.read(|view| (view.tip.block.height(), view.sets.clone()));
        let height = height.unwrap_or(newest);
        // The set that signs next is announced, so it can be told as well.
        if height == 0 || height > newest + 1 {
            return Err(ReadError::Height { got: height, oldest: 1, newest: newest + 1 });
        }
        Ok((height, sets.at(height)))
    }

    /// A header with all that proves it.
    ///
    /// # Errors
    /// [`ReadError::Height`], or the file system's.
    pub fn light_block(&self, height: Option<u64>) -> Result<LightBlock, ReadError> {
        let (header, commit) = self.commit(height)?;
        let (_, set) = self.validators(Some(header.height))?;
        Ok(LightBlock::new(header, commit, (*set).clone()))
    }

    /// Answers a query under the header at `height`, 0 for the newest; gives the height too.
    ///
    /// # Errors
    /// [`ReadError::Height`] where that state is no longer kept, or what is wrong with the query.
    pub fn query(&self, path: &str, data: &[u8], height: u64) -> Result<(u64, Vec<u8>), ReadError> {
        let (height, state) = self.shared.read(|view| view.version(height))?;
        let answered = match path {
            LOG_PATH => {
                let read = &mut |height| self.shared.entries(height);
                log::page(&self.shared.log, &state, height, data, read)
            }
            _ => answer::answer(&state, height, &self.shared.files, path, data),
        };
        answered.map(|bytes| (height, bytes)).map_err(ReadError::Query)
    }

    /// Recomputes a lot's root from its files, and signs for it: as many receipts as an anchor
    /// needs, of members whose keys are in this home.
    ///
    /// # Errors
    /// The first file that is missing or leads elsewhere.
    pub fn receipts(
        &self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
    ) -> Result<Vec<StorageReceipt>, FileError> {
        self.shared.files.seal(root, size)?;
        let (height, state) = self.newest();
        let members = self.shared.home.signers(&state, Roles::MEMBER, height + 1);
        let members = members
            .into_iter()
            .filter(|signer| state.members().parties.binary_search(&signer.party).is_ok());
        let sign = |member| sign_receipt(&self.ledger(), lot, root, size, member);
        Ok(members.take(state.receipts_needed()).map(sign).collect())
    }

    /// The newest signed checkpoint; never older than a week.
    pub fn checkpoint(&self) -> Arc<[u8]> {
        self.shared.checkpoint()
    }

    /// Signs a checkpoint of the newest header now.
    ///
    /// # Errors
    /// The checkpoint key's or the file system's.
    pub fn renew_checkpoint(&self) -> Result<Arc<[u8]>, HomeError> {
        self.shared.renew_checkpoint()?;
        Ok(self.checkpoint())
    }

    /// The signed trust file.
    ///
    /// # Errors
    /// The file system's.
    pub fn trust(&self) -> Result<Vec<u8>, HomeError> {
        self.shared.home.trust()
    }

    /// The signed trust file of this serial, where it was the newest once.
    ///
    /// # Errors
    /// The file system's.
    pub fn trust_of(&self, serial: u64) -> Result<Option<Vec<u8>>, HomeError> {
        self.shared.home.trust_of(serial)
    }
}

/// Longer ones are refused before they wait anywhere.
fn entry_bytes(entry: &[u8]) -> Result<Vec<u8>, SubmitError> {
    let (what, got, max) = (Entry::NAME, entry.len(), Entry::MAX_LEN);
    match got > max {
        true => Err(SubmitError::Refused(Refused::Codec(CodecError::TooLong { what, got, max }))),
        false => Ok(entry.to_vec()),
    }
}

impl Drop for Embedded {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(maker) = self.maker.take() {
            // The maker ends by itself; one that panicked has nothing left to be waited for.
            _ = maker.join();
        }
    }
}

impl std::fmt::Debug for Embedded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Embedded").field("ledger", &self.shared.ledger).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
