//! A long ledger of which only the headers exist that somebody asks for, in a node's own JSON.

use crate::kit::{World, at};
use sealight_issue::comet::{
    Draft, Signers, ValidatorKey, commit_answer, header, validators_answer,
};
use sealight_verify::chain::{Ask, HeaderChain, Sync, SyncError};
use sealight_verify::codec::{decode, encode};
use sealight_verify::comet::json::{self, SignedHeader};
use sealight_verify::comet::{LightBlock, Stock, ValidatorSet};
use sealight_verify::time::{Now, Seconds, Timestamp};
use sealight_verify::trust::SignedCheckpoint;

/// Validators of a set.
const SEATS: u16 = 4;

/// A ledger with a block a second, whose whole set changes at some heights.
pub struct LongChain {
    /// Whose trust file, checkpoint and first set it has.
    world: World,
    /// First height of each set, ascending from 1.
    sets: Vec<(u64, Signers)>,
    head: u64,
}

/// Answers of a gateway, in the order in which they were asked for.
#[derive(Debug, Default)]
pub struct Answers {
    /// Number.
    pub requests: usize,
    /// Bytes of all bodies.
    pub bytes: usize,
}

impl LongChain {
    /// A ledger of this many blocks whose set changes as a whole at each of these heights.
    #[must_use]
    pub fn new(head: u64, changes: &[u64]) -> Self {
        let world = World::new();
        let first = (1, world.signers.clone());
        let later = changes.iter().zip(1..).map(|(height, n)| (*height, strangers(n)));
        let sets = std::iter::once(first).chain(later).collect();
        Self { world, sets, head }
    }

    /// The present, when the head is a second old.
    #[must_use]
    pub fn now(&self) -> Now {
        Now::new(finely(self.head).saturating_add(Seconds(1)), false)
    }

    /// Time of the header that the checkpoint pins.
    #[must_use]
    pub fn trusted_time(&self) -> Timestamp {
        self.world.blocks[&1].header.time
    }

    /// A device that has nothing but the trust file.
    #[must_use]
    pub fn device(&self) -> HeaderChain {
        HeaderChain::new(&self.world.trust, &self.world.ledger).expect("a listed ledger")
    }

    /// The body of an answer with the newest checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> Vec<u8> {
        encode(&self.world.checkpoint(1, 0))
    }

    /// The light block of a height.
    #[must_use]
    pub fn block(&self, height: u64) -> LightBlock {
        let (by, next) = (self.signers(height), self.signers(height + 1));
        let time = finely(height);
        let last = self.last(height);
        let draft = Draft {
            chain_id: &self.world.blocks[&1].header.chain_id,
            height,
            time,
            app_hash: &[7; 32],
            transactions: &[],
            validators: by.set(),
            next_validators: next.set(),
            last: last.as_ref(),
        };
        by.sign(header(&draft), 0, time.saturating_add(Seconds(1)))
    }

    /// The body of an answer with the commit of a height.
    #[must_use]
    pub fn commit(&self, height: u64) -> String {
        commit_answer(&self.block(height))
    }

    /// The body of an answer with the validators of a height.
    #[must_use]
    pub fn validators(&self, height: u64) -> String {
        validators_answer(height, self.signers(height).set(), 1, 100)
    }

    /// A device's synchronisation from nothing, every answer through its JSON.
    ///
    /// # Errors
    /// What the synchronisation ended with.
    pub fn cold_sync(&self, hints: &[u64]) -> Result<(HeaderChain, Answers), SyncError> {
        let mut answers = Answers::default();
        let mut chain = self.device();
        let pin = decode::<SignedCheckpoint>(answers.came(&self.checkpoint())).expect("canonical");
        chain.apply(&chain.checkpoint(&pin).expect("a signed checkpoint"));
        let head = signed(answers.came(self.commit(self.head).as_bytes()))?;
        let mut sync = Sync::start(&chain, head, hints, &self.now());
        loop {
            match sync.ask().clone() {
                Ask::Commit(height) => {
                    sync.commit(signed(answers.came(self.commit(height).as_bytes()))?);
                }
                Ask::Validators(height) => {
                    sync.validators(set(answers.came(self.validators(height).as_bytes()))?);
                }
                Ask::Done => break,
                Ask::Failed(error) => return Err(error),
            }
        }
        sync.into_changes().iter().for_each(|change| chain.apply(change));
        Ok((chain, answers))
    }

    fn signers(&self, height: u64) -> &Signers {
        let set = self.sets.iter().rev().find(|(from, _)| *from <= height);
        &set.unwrap_or(&self.sets[0]).1
    }

    /// The block before, itself without one: a header names it by hash alone.
    fn last(&self, height: u64) -> Option<LightBlock> {
        let by = self.signers(height.checked_sub(1)?);
        let mut before = self.world.blocks[&1].header.clone();
        before.height = height - 1;
        Some(by.sign(before, 0, finely(height)))
    }
}

impl Answers {
    fn came<'a>(&mut self, body: &'a [u8]) -> &'a [u8] {
        self.requests += 1;
        self.bytes += body.len();
        body
    }
}

/// Time of a height; real clocks tell nanoseconds, and answers are as long as that makes them.
fn finely(height: u64) -> Timestamp {
    let whole = at(height as i64);
    Timestamp::from_unix(whole.secs(), 123_456_789).unwrap_or(whole)
}

/// Decodes the body of a commit.
///
/// # Errors
/// What is wrong with it.
pub fn signed(body: &[u8]) -> Result<SignedHeader, SyncError> {
    json::commit_answer::<Stock>(body).map_err(SyncError::Answer)
}

/// Decodes the body with all validators of a height.
///
/// # Errors
/// What is wrong with it.
pub fn set(body: &[u8]) -> Result<ValidatorSet, SyncError> {
    let page = json::validators_answer::<Stock>(body).map_err(SyncError::Answer)?;
    page.into_set().map_err(SyncError::Answer)
}

/// Validators of power 10; sets of different numbers have none in common.
fn strangers(number: u16) -> Signers {
    let seat = |place: u16| {
        let mut seed = [0xa5; 32];
        seed[..2].copy_from_slice(&number.to_be_bytes());
        seed[2..4].copy_from_slice(&place.to_be_bytes());
        (ValidatorKey::from_seed(&seed).expect("not zero"), 10)
    };
    Signers::new((0..SEATS).map(seat).collect()).expect("a set")
}
