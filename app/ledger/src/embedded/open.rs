//! A home opened: every block read again, and the chain gone on from where it ended.

use super::blocks::{Block, BlockFile};
use super::chain::Chain;
use super::error::{BlocksError, HomeError};
use super::home::{self, Home};
use super::maker::Maker;
use super::shared::Shared;
use super::signed::{self, SignedFile};
use super::{Clock, OpenOptions};
use crate::files::Files;
use crate::log::LogBook;
use crate::state::State;
use sealight_verify::comet::Stock;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use std::path::Path;
use std::sync::Arc;

/// Opens the home and makes the maker ready, with how many torn bytes were cut off the blocks.
pub(super) fn open(
    path: &Path,
    options: OpenOptions,
    clock: Arc<dyn Clock>,
) -> Result<(Maker, u64), HomeError> {
    let home = Home::open(path)?;
    let files = Files::open(path, options.store_bytes).map_err(HomeError::Files)?;
    let mut replay = Replay::new(&home)?;
    let (blocks, torn) = BlockFile::open(&path.join("blocks"), |block| replay.take(block))?;
    let (mut memory, last) = SignedFile::open(&path.join("signed"))?;
    // Files that were just made must not be gone after a power cut, when something was signed.
    home::sync_names(path)?;
    let hash_at = |height| -> Result<Option<Hash32>, HomeError> {
        Ok(blocks.read(height)?.map(|block| block.header.hash::<Stock>()))
    };
    signed::agrees(last, replay.height(), hash_at)?;
    if replay.height() == 0 {
        let genesis = home.genesis().time;
        begin(&mut replay, genesis, &blocks, &mut memory)?;
    }
    let Replay { chain, state, last, log } = replay.sign_last()?;
    let unlinked = BlocksError::NotLinked { height: 1 };
    let tip = chain.tip.clone().ok_or(unlinked)?;
    let quiet = clock.now().since(tip.block.header.time).0 >= options.interval.as_secs();
    let bound = last.is_none_or(|block| block.entries.is_empty());
    let beside = (files, blocks, log);
    let shared = Shared::new(home, beside, clock, &options, (tip, &chain, &state), bound);
    let mut maker = Maker {
        shared: Arc::new(shared),
        chain,
        state,
        signed: memory,
        interval: options.interval,
        batch: options.batch.max(1),
    };
    // A state that no header binds yet, or a header that has grown old.
    if quiet || !bound {
        maker.heartbeat()?;
    }
    maker.shared.checkpoint_when_due()?;
    Ok((maker, torn))
}

/// The first block: empty, at the time of the genesis.
fn begin(
    replay: &mut Replay,
    time: Timestamp,
    blocks: &BlockFile,
    memory: &mut SignedFile,
) -> Result<(), HomeError> {
    let first = replay.chain.next(replay.state.app_hash(), Vec::new(), time);
    blocks.append(std::slice::from_ref(&first))?;
    let hash = first.header.hash::<Stock>();
    memory.remember(signed::Signed { height: 1, hash })?;
    replay.take(first)
}

/// Blocks taken over one by one.
struct Replay {
    chain: Chain,
    state: State,
    /// The newest block, whose commit is in the next one or yet to be signed again.
    last: Option<Block>,
    log: LogBook,
}

impl Replay {
    fn new(home: &Home) -> Result<Self, HomeError> {
        let genesis = home.genesis();
        let state = State::genesis(genesis).map_err(HomeError::Genesis)?;
        let keys = home.validator_keys();
        let chain = Chain::new(&genesis.chain_id, &genesis.validators, keys)?;
        Ok(Self { chain, state, last: None, log: LogBook::new(0) })
    }

    fn height(&self) -> u64 {
        self.last.as_ref().map_or(0, |block| block.header.height)
    }

    /// Takes the next block: it follows the one before, names the state, and its entries hold.
    fn take(&mut self, block: Block) -> Result<(), HomeError> {
        if let Some(before) = self.last.take() {
            let height = block.header.height;
            let commit = block.last_commit.clone();
            self.chain.retrace(&before, commit.ok_or(BlocksError::NotLinked { height })?);
        }
        self.chain.linked(&block)?;
        let (height, time) = (block.header.height, block.header.time);
        let got = self.state.app_hash();
        if block.header.app_hash[..] != got.0 {
            let named = <[u8; 32]>::try_from(&block.header.app_hash[..]).unwrap_or_default();
            return Err(BlocksError::OtherState { height, expected: Hash32(named), got }.into());
        }
        let mut changed = false;
        for entry in &block.entries {
            let applied = self.state.replay(entry, height, time);
            let applied = applied.map_err(|refused| BlocksError::Refused { height, refused })?;
            changed |= applied.validators.is_some();
        }
        if changed {
            self.chain.sets.changed_in(height, self.state.validators())?;
        }
        self.log.push(height, block.entries.iter().map(|entry| &entry[..]));
        self.last = Some(block);
        Ok(())
    }

    /// Signs the newest block again, which gives the signatures that it had.
    fn sign_last(mut self) -> Result<Self, HomeError> {
        if let Some(block) = &self.last {
            self.chain.follow(block)?;
        }
        Ok(self)
    }
}
