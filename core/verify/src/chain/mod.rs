//! Header chains: what of a ledger is trusted, and how it grows.
//!
//! A [`HeaderChain`] begins with a trust file and signed checkpoints. [`HeaderChain::accept`] takes
//! a light block by one step from the best trusted header below it and returns what to remember;
//! [`HeaderChain::apply`] remembers it. Nothing stored is believed: after a start the store hands
//! its checkpoints (in order of height), then its validator sets, then its blocks (in order of
//! height), then its fork evidence to the same functions again. [`Sync`] asks for the headers between.

mod accept;
mod checkpoint;
mod error;
mod fork;
mod header;
mod ledger;
mod sync;

pub use crate::trust::TrustStanding;
pub use accept::Accepted;
pub use error::{AcceptError, CheckpointError};
pub use fork::{First, ForkEvidence};
pub use header::{Basis, TrustedHeader};
pub use ledger::{Assurance, InclusionError, Ledger};
pub use sync::{Ask, MAX_HINTS, Sync, SyncError};

use crate::comet::{LightBlock, Stock, ValidatorSet};
use crate::format::ids::LedgerId;
use crate::hash::Hash32;
use crate::time::{Evidence, Now, Timestamp};
use crate::trust::{KeySet, LedgerTrust, SignedCheckpoint, TrustFile, Trusted};
use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;

/// Most headers held at once; the lowest that no checkpoint vouches for go first.
const MAX_HEADERS: usize = 256;

/// The trusted headers of one ledger.
#[derive(Debug, Clone)]
pub struct HeaderChain {
    trust: LedgerTrust,
    expires: Timestamp,
    demo: bool,
    role: KeySet,
    headers: BTreeMap<u64, Held>,
    sets: BTreeMap<Hash32, Arc<ValidatorSet>>,
    newest: Option<NewestCheckpoint>,
    freeze: Option<Freeze>,
}

/// A trusted header, with its block where it came in one, and its checkpoint where it has one.
#[derive(Debug, Clone)]
struct Held {
    header: TrustedHeader,
    block: Option<Arc<LightBlock>>,
    signed: Option<Arc<SignedCheckpoint>>,
}

#[derive(Debug, Clone, Copy)]
struct NewestCheckpoint {
    height: u64,
    made: Timestamp,
}

#[derive(Debug, Clone, Copy)]
struct Freeze {
    last_common: u64,
    fork: u64,
    detected: Timestamp,
}

/// What a store should remember, in one transaction with what it belongs to.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Nothing new.
    Nothing,
    /// A header was accepted: keep its block.
    Header(Box<NewHeader>),
    /// A checkpoint was accepted: keep it.
    Checkpoint(Box<SignedCheckpoint>),
    /// A fork was found: keep the evidence. Everything above the last common height is trusted no
    /// more until a newer checkpoint.
    Freeze(Box<ForkEvidence>),
    /// A validator set that a trusted header names: keep it.
    Validators(ValidatorSet),
}

/// An accepted header with its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHeader {
    header: TrustedHeader,
    block: LightBlock,
}

impl NewHeader {
    /// The header.
    pub fn header(&self) -> &TrustedHeader {
        &self.header
    }

    /// The block that it came in.
    pub fn block(&self) -> &LightBlock {
        &self.block
    }
}

impl Change {
    /// What this says about the clock; see [`crate::time::Clock::settle`].
    pub fn evidence(&self) -> Option<Evidence> {
        match self {
            Self::Header(new) => Some(Evidence::header(new.header.time)),
            Self::Checkpoint(signed) => Some(Evidence::checkpoint(signed.body.made)),
            Self::Nothing | Self::Freeze(_) | Self::Validators(_) => None,
        }
    }
}

impl HeaderChain {
    /// The chain of a ledger that the trust file lists; it trusts no header yet.
    pub fn new(trust: &Trusted<TrustFile>, ledger: &LedgerId) -> Option<Self> {
        Some(Self {
            trust: trust.ledger(ledger)?.clone(),
            expires: trust.expires,
            demo: trust.demo,
            role: trust.checkpoints.clone(),
            headers: BTreeMap::new(),
            sets: BTreeMap::new(),
            newest: None,
            freeze: None,
        })
    }

    /// The ledger.
    pub fn ledger(&self) -> &LedgerId {
        &self.trust.id
    }

    /// What the trust file says of the ledger.
    pub fn trust(&self) -> &LedgerTrust {
        &self.trust
    }

    /// Whether the trust file's anchors are those of a demonstration.
    pub fn demo(&self) -> bool {
        self.demo
    }

    /// What the trust file is worth now.
    pub fn trust_standing(&self, now: &Now) -> TrustStanding {
        TrustStanding::at(self.expires, now.at())
    }

    /// Fewest operators, below which the assurance is told.
    pub fn least_operators(&self) -> u32 {
        self.trust.least_operators
    }

    /// The newest trusted header.
    pub fn head(&self) -> Option<&TrustedHeader> {
        self.headers.values().next_back().map(|held| &held.header)
    }

    /// All trusted headers, lowest first.
    pub fn headers(&self) -> impl DoubleEndedIterator<Item = &TrustedHeader> {
        self.headers.values().map(|held| &held.header)
    }

    /// The block of a trusted header, where it came in one.
    pub fn block(&self, height: u64) -> Option<&LightBlock> {
        self.headers.get(&height)?.block.as_deref()
    }

    /// Height of the newest checkpoint.
    pub fn checkpoint_height(&self) -> Option<u64> {
        self.newest.map(|newest| newest.height)
    }

    /// The last common height and the fork's height, while the ledger is frozen.
    pub fn frozen(&self) -> Option<(u64, u64)> {
        self.freeze.map(|freeze| (freeze.last_common, freeze.fork))
    }

    /// What the ledger's clock cannot be before: genesis, newest checkpoint, newest header.
    pub fn floor(&self) -> Timestamp {
        let checkpoint = self.newest.map_or(self.trust.genesis, |newest| newest.made);
        let headers = self.headers().map(TrustedHeader::time).max();
        checkpoint.max(self.trust.genesis).max(headers.unwrap_or(self.trust.genesis))
    }

    /// Evidence for the clock: the head, where gateways of at least two operators gave it.
    ///
    /// `gateways` are addresses as the trust file lists them; others count for nothing.
    pub fn agreed_head(&self, head: &TrustedHeader, gateways: &[&str]) -> Option<Evidence> {
        let same = self.head().is_some_and(|own| own.hash == head.hash);
        let operators = self.trust.operators.iter().filter(|operator| {
            operator.gateways.iter().any(|listed| gateways.contains(&listed.as_str()))
        });
        (same && operators.count() >= 2).then(|| Evidence::agreed_head(head.time))
    }

    /// Takes a validator set that a trusted header names, such as the one after a checkpoint.
    ///
    /// # Errors
    /// [`AcceptError::UnnamedSet`] where no trusted header names it.
    pub fn offer_validators(&self, set: ValidatorSet) -> Result<Change, AcceptError> {
        let got = set.hash::<Stock>();
        if self.sets.contains_key(&got) {
            return Ok(Change::Nothing);
        }
        let named = |header: &TrustedHeader| {
            header.next_validators_hash == got || header.validators_hash == got
        };
        if self.headers().any(named) {
            return Ok(Change::Validators(set));
        }
        Err(AcceptError::UnnamedSet { got })
    }

    /// Remembers what an accepting function returned.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Nothing => {}
            Change::Header(new) => self.hold(&new.header, Some(&new.block)),
            Change::Checkpoint(signed) => self.hold_checkpoint(signed),
            Change::Freeze(evidence) => self.freeze(evidence),
            Change::Validators(set) => self.learn(set),
        }
        self.forget();
    }

    fn hold(&mut self, header: &TrustedHeader, block: Option<&LightBlock>) {
        if let Some(block) = block {
            self.learn(&block.validators);
        }
        let block = block.cloned().map(Arc::new);
        let before = self.headers.remove(&header.height);
        // What takes a header's place is another header only where no checkpoint vouches for it.
        let signed = before.and_then(|held| held.signed).filter(|_| header.checkpoint);
        self.headers.insert(header.height, Held { header: header.clone(), block, signed });
    }

    fn learn(&mut self, set: &ValidatorSet) {
        self.sets.entry(set.hash::<Stock>()).or_insert_with(|| Arc::new(set.clone()));
    }

    fn freeze(&mut self, evidence: &ForkEvidence) {
        let last_common =
            self.freeze.map_or(evidence.common, |freeze| freeze.last_common.min(evidence.common));
        let fork = self.freeze.map_or(evidence.height(), |old| old.fork.max(evidence.height()));
        let detected = self.freeze.map_or(evidence.detected, |old| old.detected);
        self.freeze = Some(Freeze { last_common, fork, detected });
        self.headers.retain(|height, held| *height <= last_common || held.header.checkpoint);
    }

    /// Keeps the number of headers and sets in bounds.
    fn forget(&mut self) {
        while self.headers.len() > MAX_HEADERS {
            let lowest = self.headers.values().find(|held| !held.header.checkpoint);
            let height = lowest.or(self.headers.values().next()).map(|held| held.header.height);
            height.and_then(|height| self.headers.remove(&height));
        }
        if self.sets.len() > 2 * MAX_HEADERS {
            let headers = &self.headers;
            self.sets.retain(|hash, _| {
                headers.values().any(|held| {
                    held.header.next_validators_hash == *hash
                        || held.header.validators_hash == *hash
                })
            });
        }
    }

    fn set(&self, hash: &Hash32) -> Option<&ValidatorSet> {
        self.sets.get(hash).map(AsRef::as_ref)
    }
}
