//! Blocks made and signed: everything follows from the blocks before, the state and the time.
//!
//! Ed25519 gives one signature for one message, and votes carry the header's own time, so making a
//! block again after a crash gives the same commit, byte for byte. A real CometBFT header carries
//! the median time of the votes before it and is one block older; here it is the clock's.

use super::blocks::Block;
use super::error::{BlocksError, HomeError};
use super::hashes;
use crate::state::Refused;
use sealight_issue::comet::{self, Draft};
use sealight_issue::key::SigningKey;
use sealight_verify::codec::{self, Blob};
use sealight_verify::comet::{
    BlockId, Commit, Header, LightBlock, Slot, Stock, Validator, ValidatorSet, vote_bytes,
};
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::governance::Validators;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Version of the application, as headers name it.
const APP_VERSION: u64 = 1;

/// Validator sets by the first height that each signs.
#[derive(Debug, Clone)]
pub(super) struct Sets(Vec<(u64, Arc<ValidatorSet>)>);

impl Sets {
    pub(super) fn first(validators: &Validators) -> Result<Self, HomeError> {
        Ok(Self(vec![(1, Arc::new(set_of(validators)?))]))
    }

    /// The set that signs `height`.
    pub(super) fn at(&self, height: u64) -> Arc<ValidatorSet> {
        let later = self.0.partition_point(|(first, _)| *first <= height);
        self.0[later.max(1) - 1].1.clone()
    }

    /// A change in block `height` signs from two heights later on.
    pub(super) fn changed_in(
        &mut self,
        height: u64,
        validators: &Validators,
    ) -> Result<(), HomeError> {
        self.0.push((height + 2, Arc::new(set_of(validators)?)));
        Ok(())
    }
}

fn set_of(validators: &Validators) -> Result<ValidatorSet, HomeError> {
    let seats = validators.seats.iter();
    let seats = seats.map(|seat| Validator { key: seat.key.clone(), power: seat.power });
    let unfit = Refused::Bounds(BoundsError::Unfit { field: "validators" });
    ValidatorSet::sorted::<Stock>(seats.collect()).map_err(|_| HomeError::Genesis(unfit))
}

/// The newest block, as far as the next one needs it.
#[derive(Debug, Clone)]
pub(super) struct Tip {
    pub(super) block: LightBlock,
    pub(super) id: BlockId,
    entries: usize,
}

/// The end of the chain, and the keys to go on.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    chain_id: String,
    keys: Arc<BTreeMap<Blob, SigningKey>>,
    pub(super) sets: Sets,
    pub(super) tip: Option<Tip>,
}

impl Chain {
    pub(super) fn new<'a>(
        chain_id: &str,
        validators: &Validators,
        keys: impl Iterator<Item = &'a SigningKey>,
    ) -> Result<Self, HomeError> {
        Ok(Self {
            chain_id: chain_id.to_owned(),
            keys: Arc::new(keys.map(|key| (key.public().bytes, key.clone())).collect()),
            sets: Sets::first(validators)?,
            tip: None,
        })
    }

    /// Height of the newest block, 0 before the first.
    pub(super) fn height(&self) -> u64 {
        self.tip.as_ref().map_or(0, |tip| tip.block.height())
    }

    /// Whether this home can sign for a validator.
    pub(super) fn can_sign(&self, key: &Blob) -> bool {
        self.keys.contains_key(key)
    }

    /// Makes the next block; it becomes the tip when it is signed by [`Chain::follow`].
    pub(super) fn next(&self, app_hash: Hash32, entries: Vec<Blob>, time: Timestamp) -> Block {
        let height = self.height() + 1;
        let tip = self.tip.as_ref();
        let mut header = comet::header(&Draft {
            chain_id: &self.chain_id,
            height,
            time,
            app_hash: &app_hash.0,
            transactions: &entries.iter().map(|entry| &entry[..]).collect::<Vec<_>>(),
            validators: &self.sets.at(height),
            next_validators: &self.sets.at(height + 1),
            last: tip.map(|tip| &tip.block),
        });
        header.version.app = APP_VERSION;
        header.consensus_hash = Some(hashes::parameters());
        header.last_results_hash = Some(hashes::results(tip.map_or(0, |tip| tip.entries)));
        let last_commit = tip.map(|tip| tip.block.commit.clone());
        Block { version: 1, header, entries, last_commit }
    }

    /// Signs the next block and makes it the tip.
    pub(super) fn follow(&mut self, block: &Block) -> Result<(), HomeError> {
        let commit = self.sign(&block.header, &self.id(block))?;
        self.retrace(block, commit);
        Ok(())
    }

    /// Takes a block over that was made before; `commit` is the one that the block after it
    /// carries.
    pub(super) fn retrace(&mut self, block: &Block, commit: Commit) {
        let (id, entries) = (self.id(block), block.entries.len());
        let set = (*self.sets.at(block.header.height)).clone();
        let block = LightBlock::new(block.header.clone(), commit, set);
        self.tip = Some(Tip { block, id, entries });
    }

    /// The block follows the tip.
    pub(super) fn linked(&self, block: &Block) -> Result<(), BlocksError> {
        let header = &block.header;
        let tip = self.tip.as_ref();
        let fits = header.height == self.height() + 1
            && header.last_block_id == tip.map(|tip| tip.id)
            && header.chain_id == self.chain_id;
        if fits { Ok(()) } else { Err(BlocksError::NotLinked { height: self.height() + 1 }) }
    }

    fn id(&self, block: &Block) -> BlockId {
        let parts = hashes::parts(&codec::encode(block));
        BlockId { hash: block.header.hash::<Stock>(), parts }
    }

    fn sign(&self, header: &Header, id: &BlockId) -> Result<Commit, HomeError> {
        let message = vote_bytes(header, 0, Some(id), header.time);
        let mut slots = Vec::new();
        for validator in self.sets.at(header.height).validators() {
            let key = self.keys.get(&validator.key);
            let key = key.ok_or(BlocksError::NoValidatorKey { key: validator.key.clone() })?;
            slots.push(Slot::Commit { timestamp: header.time, signature: key.sign(&message) });
        }
        Ok(Commit { round: 0, parts: id.parts, slots })
    }
}
