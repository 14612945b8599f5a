//! The one thread that makes blocks: entries wait in a queue, what has gathered goes into a block,
//! and an empty block follows at once, so that the new state stands in a signed header.
//!
//! It blocks on its queue and ends when the last sender is gone.

use super::blocks::Block;
use super::chain::Chain;
use super::error::{HomeError, SubmitError};
use super::signed::{Signed, SignedFile};
use super::{Committed, Shared};
use crate::state::{Applied, State};
use sealight_verify::codec::Blob;
use sealight_verify::time::Timestamp;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

/// Most bytes of entries in one block.
const MAX_BATCH_BYTES: usize = 4 * 1024 * 1024;

/// An entry that waits for its block.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) entry: Vec<u8>,
    /// Where to answer; nobody waits where there is none.
    pub(super) answer: Option<SyncSender<Result<Committed, SubmitError>>>,
}

impl Job {
    fn answer(&self, result: Result<Committed, SubmitError>) {
        if let Some(answer) = &self.answer {
            // Who no longer waits needs no answer.
            _ = answer.try_send(result);
        }
    }
}

pub(super) struct Maker {
    pub(super) shared: Arc<Shared>,
    pub(super) chain: Chain,
    pub(super) state: State,
    pub(super) signed: SignedFile,
    /// Longest time without a block.
    pub(super) interval: Duration,
    /// Most entries in one block.
    pub(super) batch: usize,
}

impl Maker {
    /// Runs until all senders are gone, or nothing can be written any more.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let made = match jobs.recv_timeout(self.interval) {
                Ok(job) => self.take_in(gather(job, jobs, self.batch)),
                Err(RecvTimeoutError::Timeout) => self.heartbeat(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            // What could not be made durable was not published; the process goes on serving what
            // was, and takes nothing in until somebody looks.
            if made.is_err() {
                self.shared.close();
                return;
            }
        }
    }

    /// Makes one empty block.
    pub(super) fn heartbeat(&mut self) -> Result<(), HomeError> {
        let mut chain = self.chain.clone();
        let block = chain.next(self.state.app_hash(), Vec::new(), self.time());
        chain.follow(&block)?;
        self.publish(chain, self.state.clone(), &[block])
    }

    /// Makes a block of the entries that are taken in, and an empty one that binds the new state.
    fn take_in(&mut self, jobs: Vec<Job>) -> Result<(), HomeError> {
        let (height, time) = (self.chain.height() + 1, self.time());
        let mut state = self.state.clone();
        let mut taken: Vec<(Job, Applied)> = Vec::new();
        for job in jobs {
            match self.apply(&mut state, &job, height, time) {
                Ok(applied) => taken.push((job, applied)),
                Err(refused) => job.answer(Err(refused)),
            }
        }
        if taken.is_empty() {
            return Ok(());
        }
        let made = self.two_blocks(state, &taken, time);
        for (job, applied) in taken {
            let Applied { id, log_index, .. } = applied;
            let committed = Committed { height, provable: height + 1, id, log_index };
            job.answer(if made.is_ok() { Ok(committed) } else { Err(SubmitError::Closed) });
        }
        made
    }

    /// Applies one entry; the state stays as it is where it is refused.
    fn apply(
        &self,
        state: &mut State,
        job: &Job,
        height: u64,
        time: Timestamp,
    ) -> Result<Applied, SubmitError> {
        let mut next = state.clone();
        let applied = next.apply(&job.entry, height, time).map_err(SubmitError::Refused)?;
        let seats = applied.validators.iter().flat_map(|validators| &validators.seats);
        if let Some(foreign) = seats.map(|seat| &seat.key).find(|key| !self.chain.can_sign(key)) {
            return Err(SubmitError::ForeignValidator { key: foreign.clone() });
        }
        *state = next;
        Ok(applied)
    }

    fn two_blocks(
        &mut self,
        state: State,
        taken: &[(Job, Applied)],
        time: Timestamp,
    ) -> Result<(), HomeError> {
        let mut chain = self.chain.clone();
        let entries = taken.iter().map(|(job, _)| Blob(job.entry.clone())).collect();
        let block = chain.next(self.state.app_hash(), entries, time);
        chain.follow(&block)?;
        if taken.iter().any(|(_, applied)| applied.validators.is_some()) {
            chain.sets.changed_in(block.header.height, state.validators())?;
        }
        let empty = chain.next(state.app_hash(), Vec::new(), after(time));
        chain.follow(&empty)?;
        self.publish(chain, state, &[block, empty])
    }

    /// Blocks become durable, then what was signed, and only then does anybody see them.
    fn publish(&mut self, chain: Chain, state: State, blocks: &[Block]) -> Result<(), HomeError> {
        self.shared.blocks.append(blocks)?;
        if let Some(tip) = &chain.tip {
            self.signed.remember(Signed { height: tip.block.height(), hash: tip.id.hash })?;
        }
        self.shared.note_entries(blocks);
        self.shared.publish(&chain, &state);
        (self.chain, self.state) = (chain, state);
        self.shared.checkpoint_when_due()
    }

    /// The clock's time, but after the newest block's.
    fn time(&self) -> Timestamp {
        match &self.chain.tip {
            Some(tip) => self.shared.clock.now().max(after(tip.block.header.time)),
            None => self.shared.home.genesis().time,
        }
    }
}

/// A millisecond later.
fn after(time: Timestamp) -> Timestamp {
    Timestamp::from_unix_ms(time.unix_ms() + 1).unwrap_or(Timestamp::LATEST)
}

/// This entry and those that wait behind it, within the limits of one block.
fn gather(first: Job, jobs: &Receiver<Job>, most: usize) -> Vec<Job> {
    let mut bytes = first.entry.len();
    let mut all = vec![first];
    while all.len() < most && bytes < MAX_BATCH_BYTES {
        let Ok(job) = jobs.try_recv() else { break };
        bytes += job.entry.len();
        all.push(job);
    }
    all
}
