//! What readers and the maker have in common: the published chain, and the checkpoint.

use super::blocks::{Block, BlockFile};
use super::chain::{Chain, Sets, Tip};
use super::error::{HomeError, ReadError};
use super::home::{self, Home};
use super::{Clock, OpenOptions};
use crate::files::Files;
use crate::log::LogBook;
use crate::state::State;
use sealight_issue::trust::{checkpoint, sign_checkpoint};
use sealight_verify::codec::{self, Blob};
use sealight_verify::comet::{Commit, Header, Stock};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::{Seconds, Timestamp};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// A checkpoint is renewed when it is this old.
const CHECKPOINT_PERIOD: Seconds = Seconds::days(7);

pub(super) struct Shared {
    pub(super) home: Home,
    pub(super) ledger: LedgerId,
    pub(super) files: Files,
    pub(super) blocks: BlockFile,
    /// Entries for those who follow the log.
    pub(super) log: RwLock<LogBook>,
    pub(super) clock: Arc<dyn Clock>,
    keep: usize,
    view: RwLock<View>,
    checkpoint: Mutex<Option<Published>>,
}

/// What is published of the chain.
pub(super) struct View {
    pub(super) tip: Tip,
    pub(super) sets: Sets,
    /// The state after the tip.
    pub(super) state: State,
    /// Header heights, ascending, with the state that each binds.
    versions: VecDeque<(u64, State)>,
    pub(super) closed: bool,
}

/// A signed checkpoint as it is served.
struct Published {
    made: Timestamp,
    bytes: Arc<[u8]>,
}

impl Shared {
    /// `bound` says whether the tip's header binds `state`, so that it can be answered under it.
    pub(super) fn new(
        home: Home,
        (files, blocks, log): (Files, BlockFile, LogBook),
        clock: Arc<dyn Clock>,
        options: &OpenOptions,
        (tip, chain, state): (Tip, &Chain, &State),
        bound: bool,
    ) -> Self {
        let version = bound.then(|| (tip.block.height(), state.clone()));
        let view = View {
            sets: chain.sets.clone(),
            state: state.clone(),
            versions: version.into_iter().collect(),
            tip,
            closed: false,
        };
        Self {
            ledger: home.genesis().ledger(),
            home,
            files,
            blocks,
            log: RwLock::new(log),
            clock,
            keep: options.versions.max(2),
            view: RwLock::new(view),
            checkpoint: Mutex::new(None),
        }
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&View) -> T) -> T {
        look(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Publishes the chain after blocks were made: at most two, of which only the last binds
    /// `state`; what the first binds is what was published before.
    pub(super) fn publish(&self, chain: &Chain, state: &State) {
        let Some(tip) = chain.tip.clone() else { return };
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        let (height, before) = (tip.block.height(), view.state.clone());
        let from = view.tip.block.height() + 1;
        view.versions.extend((from..height).map(|between| (between, before.clone())));
        view.versions.push_back((height, state.clone()));
        let surplus = view.versions.len().saturating_sub(self.keep);
        view.versions.drain(..surplus);
        (view.tip, view.sets, view.state) = (tip, chain.sets.clone(), state.clone());
    }

    /// Notes the entries of blocks that are durable, before anybody sees the state after them.
    pub(super) fn note_entries(&self, blocks: &[Block]) {
        let mut log = self.log.write().unwrap_or_else(PoisonError::into_inner);
        for block in blocks {
            log.push(block.header.height, block.entries.iter().map(|entry| &entry[..]));
        }
    }

    /// The entries of a block.
    pub(super) fn entries(&self, height: u64) -> Option<Vec<Blob>> {
        self.blocks.read(height).ok().flatten().map(|block| block.entries)
    }

    /// Nothing is taken in any more.
    pub(super) fn close(&self) {
        self.view.write().unwrap_or_else(PoisonError::into_inner).closed = true;
    }

    /// The header of a height with its commit.
    pub(super) fn commit(&self, height: Option<u64>) -> Result<(Header, Commit), ReadError> {
        let tip = self.read(|view| view.tip.clone());
        let newest = tip.block.height();
        let height = height.unwrap_or(newest);
        if height == newest {
            return Ok((tip.block.header, tip.block.commit));
        }
        let none = || ReadError::Height { got: height, oldest: 1, newest };
        let read = |height| self.blocks.read(height).map_err(|e| ReadError::Blocks(Box::new(e)));
        let next = height.checked_add(1).filter(|next| *next <= newest).ok_or_else(none)?;
        let header = read(height)?.ok_or_else(none)?.header;
        let commit = read(next)?.and_then(|block| block.last_commit).ok_or_else(none)?;
        Ok((header, commit))
    }

    /// The newest signed checkpoint.
    pub(super) fn checkpoint(&self) -> Arc<[u8]> {
        let kept = self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().map_or_else(|| Arc::from([]), |kept| kept.bytes.clone())
    }

    /// Signs a checkpoint if there is none from the last week.
    pub(super) fn checkpoint_when_due(&self) -> Result<(), HomeError> {
        let now = self.read(|view| view.tip.block.header.time);
        let due = {
            let kept = self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner);
            kept.as_ref().is_none_or(|kept| now.since(kept.made) >= CHECKPOINT_PERIOD)
        };
        if due { self.renew_checkpoint() } else { Ok(()) }
    }

    /// Signs a checkpoint of the newest header, made at that header's time or now.
    pub(super) fn renew_checkpoint(&self) -> Result<(), HomeError> {
        let key = self.home.key("checkpoint")?;
        let mut kept = self.checkpoint.lock().unwrap_or_else(PoisonError::into_inner);
        let header = self.read(|view| view.tip.block.header.clone());
        let made = self.clock.now().max(header.time);
        let path = self.home.path().join("checkpoint");
        let unfit = |_| HomeError::io(&path)(std::io::ErrorKind::InvalidData.into());
        let mut signed = checkpoint::<Stock>(self.ledger, &header, made).map_err(unfit)?;
        sign_checkpoint(&mut signed, key);
        let bytes = codec::encode(&signed);
        home::write_new(&path, &bytes, false)?;
        *kept = Some(Published { made, bytes: bytes.into() });
        Ok(())
    }
}

impl View {
    /// The state that the header at `height` binds; of the newest for 0.
    pub(super) fn version(&self, height: u64) -> Result<(u64, State), ReadError> {
        let newest = self.tip.block.height();
        let asked = if height == 0 { newest } else { height };
        let oldest = self.versions.front().map_or(newest, |(oldest, _)| *oldest);
        let place = self.versions.binary_search_by_key(&asked, |(height, _)| *height);
        match place.ok().and_then(|place| self.versions.get(place)) {
            Some((height, state)) => Ok((*height, state.clone())),
            None => Err(ReadError::Height { got: asked, oldest, newest }),
        }
    }
}
