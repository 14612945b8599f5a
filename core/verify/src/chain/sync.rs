//! Synchronising: the pure side asks for headers, the host fetches them.
//!
//! First the head itself is tried, then headers between: where the gateway gave hints of set
//! changes, the header before a change (whose set is the known one) and the change itself by an
//! adjacent step; without hints, the middle. Hints and answers are untrusted: a lie costs requests
//! and never trust.

use super::error::AcceptError;
use super::header::Basis;
use super::{Change, HeaderChain};
use crate::comet::json::{JsonError, SignedHeader};
use crate::comet::{CometError, LightBlock, Stock, ValidatorSet};
use crate::time::Now;
use alloc::vec::Vec;
use core::fmt;

/// Most hints that are looked at.
pub const MAX_HINTS: usize = 4096;
/// Most answers without a newly accepted header, and most headers that wait for one between.
const MAX_IDLE: usize = 64;

/// What a synchronisation needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// The signed header of this height: answer with [`Sync::commit`].
    Commit(u64),
    /// All validators of this height: answer with [`Sync::validators`].
    Validators(u64),
    /// Nothing: the head is accepted; take [`Sync::into_changes`].
    Done,
    /// Nothing: this gateway cannot bring the chain to its head. What was accepted on the way is
    /// sound; take [`Sync::into_changes`].
    Failed(SyncError),
}

/// Why a synchronisation ended without its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncError {
    /// The head lies below what is trusted: the gateway lags.
    Stale {
        /// The newest trusted height.
        have: u64,
        /// The gateway's head.
        got: u64,
    },
    /// An answer of another height than asked for, or one that nobody asked for.
    WrongHeight {
        /// Height asked for.
        asked: u64,
        /// Height answered.
        got: u64,
    },
    /// A header and validators that do not belong together.
    Answer(JsonError),
    /// A header that is not accepted.
    Header(AcceptError),
    /// The head is accepted only from trust past its period: a checkpoint is needed.
    TrustExpired,
    /// Too many answers without a step forward.
    NoProgress,
}

impl fmt::Display for SyncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stale { have, got } => {
                write!(f, "the gateway's head {got} lies below the trusted {have}")
            }
            Self::WrongHeight { asked, got } => {
                write!(f, "height {got} was answered, {asked} was asked for")
            }
            Self::Answer(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::TrustExpired => {
                f.write_str("trust is past its period; a newer checkpoint is needed")
            }
            Self::NoProgress => f.write_str("too many answers without a step forward"),
        }
    }
}

impl core::error::Error for SyncError {}

/// One synchronisation with one gateway.
#[derive(Debug, Clone)]
pub struct Sync {
    /// A copy that runs ahead of the host's chain.
    chain: HeaderChain,
    now: Now,
    hints: Vec<u64>,
    /// Headers that wait for one between, the head first.
    waiting: Vec<Waiting>,
    changes: Vec<Change>,
    idle: usize,
    state: Ask,
}

#[derive(Debug, Clone)]
enum Waiting {
    Signed(SignedHeader),
    Block(LightBlock),
}

impl Waiting {
    fn height(&self) -> u64 {
        match self {
            Self::Signed(signed) => signed.header.height,
            Self::Block(block) => block.height(),
        }
    }
}

impl Sync {
    /// Begins with the gateway's head and its hints: heights whose validator set differs from the
    /// one before.
    pub fn start(chain: &HeaderChain, head: SignedHeader, hints: &[u64], now: &Now) -> Self {
        let mut hints = hints[..hints.len().min(MAX_HINTS)].to_vec();
        hints.sort_unstable();
        let got = head.header.height;
        let mut sync = Self {
            chain: chain.clone(),
            now: *now,
            hints,
            waiting: alloc::vec![Waiting::Signed(head)],
            changes: Vec::new(),
            idle: 0,
            state: Ask::Done,
        };
        match chain.head().map(|head| head.height) {
            Some(have) if got < have => sync.fail(SyncError::Stale { have, got }),
            _ => sync.advance(),
        }
        sync
    }

    /// What is needed next.
    pub fn ask(&self) -> &Ask {
        &self.state
    }

    /// Answers [`Ask::Commit`].
    pub fn commit(&mut self, signed: SignedHeader) {
        let got = signed.header.height;
        match self.state {
            Ask::Commit(asked) if asked == got => {
                self.waiting.push(Waiting::Signed(signed));
                self.advance();
            }
            Ask::Commit(asked) | Ask::Validators(asked) => {
                self.fail(SyncError::WrongHeight { asked, got });
            }
            Ask::Done | Ask::Failed(_) => {}
        }
    }

    /// Answers [`Ask::Validators`].
    pub fn validators(&mut self, set: ValidatorSet) {
        let Ask::Validators(asked) = self.state else { return };
        match self.waiting.pop() {
            Some(Waiting::Signed(signed)) if signed.header.height == asked => {
                match signed.with_validators::<Stock>(set) {
                    Ok(block) => self.waiting.push(Waiting::Block(block)),
                    Err(error) => return self.fail(SyncError::Answer(error)),
                }
            }
            other => {
                self.waiting.extend(other);
                match self.chain.offer_validators(set) {
                    Ok(change) => self.take(change),
                    Err(error) => return self.fail(SyncError::Header(error)),
                }
            }
        }
        self.advance();
    }

    /// Everything that was accepted, in order; sound also after a failure.
    pub fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// Goes on as far as it can without an answer.
    fn advance(&mut self) {
        self.idle += 1;
        while let Some(top) = self.waiting.pop() {
            if self.idle > MAX_IDLE || self.waiting.len() > MAX_IDLE {
                return self.fail(SyncError::NoProgress);
            }
            let next = match top {
                Waiting::Signed(signed) => self.complete(signed),
                Waiting::Block(block) => self.try_block(block),
            };
            match next {
                Ok(None) => {}
                Ok(Some(ask)) => {
                    self.state = ask;
                    return;
                }
                Err(error) => return self.fail(error),
            }
        }
        self.state = Ask::Done;
    }

    /// Adds the set to a signed header where it is known, or asks for it.
    fn complete(&mut self, signed: SignedHeader) -> Result<Option<Ask>, SyncError> {
        let height = signed.header.height;
        match self.chain.set(&signed.header.validators_hash).cloned() {
            Some(set) => {
                let block = signed.with_validators::<Stock>(set).map_err(SyncError::Answer)?;
                self.waiting.push(Waiting::Block(block));
                Ok(None)
            }
            None => {
                self.waiting.push(Waiting::Signed(signed));
                Ok(Some(Ask::Validators(height)))
            }
        }
    }

    /// Accepts a block, or puts it back and asks for what is missing.
    fn try_block(&mut self, block: LightBlock) -> Result<Option<Ask>, SyncError> {
        let ask = match self.chain.accept(&block, &self.now) {
            Ok(accepted) => {
                if accepted.header.basis() == Basis::Historical && !self.now.doubtful() {
                    return Err(SyncError::TrustExpired);
                }
                self.idle = 0;
                self.take(accepted.remember);
                return Ok(None);
            }
            Err(AcceptError::Rule(CometError::TrustedSetUnknown { .. })) => {
                Ask::Validators(self.anchor_height(&block)? + 1)
            }
            Err(AcceptError::Rule(CometError::NotEnoughTrust { .. })) => {
                Ask::Commit(self.pivot(self.anchor_height(&block)?, block.height()))
            }
            Err(error) => {
                self.changes.extend(error.remember());
                return Err(SyncError::Header(error));
            }
        };
        self.waiting.push(Waiting::Block(block));
        Ok(Some(ask))
    }

    fn anchor_height(&self, block: &LightBlock) -> Result<u64, SyncError> {
        self.chain
            .anchor(block.height(), &self.now)
            .map(|anchor| anchor.height)
            .map_err(SyncError::Header)
    }

    /// A height between: next to the first hinted change, else the middle.
    fn pivot(&self, low: u64, high: u64) -> u64 {
        let change = self.hints.iter().copied().find(|hint| *hint > low && *hint <= high);
        match change {
            Some(change) if change - 1 > low => change - 1,
            Some(change) if change < high => change,
            _ => low + (high - low) / 2,
        }
    }

    fn take(&mut self, change: Change) {
        if change != Change::Nothing {
            self.chain.apply(&change);
            self.changes.push(change);
        }
    }

    fn fail(&mut self, error: SyncError) {
        self.state = Ask::Failed(error);
    }

    /// The height of the head that is synchronised to, while it waits.
    pub fn target(&self) -> Option<u64> {
        self.waiting.first().map(Waiting::height)
    }
}
