//! The deterministic state machine: entries in, state under one `app_hash` out.
//!
//! The same code runs in the embedded ledger and beside a consensus engine: no clock, no IO, no
//! randomness. A [`State`] is made of persistent maps, so that a clone costs nothing and a node
//! keeps as many versions as it wants to answer at. Whatever is needed to judge the next entry is
//! bound by [`State::app_hash`]; the only things beside it are [`Hints`], which are believed by
//! nobody.

pub mod genesis;
mod govern;
mod life;
pub mod life_tree;
mod lots;
mod parties;
pub mod pieces;
mod recall;
mod refused;
mod rows;
mod signers;
mod trace;

pub use genesis::Genesis;
pub use recall::MAX_ISSUER_RECALLS;
pub use refused::Refused;
pub use rows::{EventRow, Events, IndexRow, LotRow, PartyRow};
pub use trace::{MAX_EVENT_BYTES, MAX_EVENT_SIGNERS, MAX_EVENTS, MAX_EVENTS_OF_PARTY};

use sealight_verify::codec::{self, CodecError, Versioned};
use sealight_verify::format::answer::RecallHint;
use sealight_verify::format::entry::{Body, Endorsement, Entry, log_leaf};
use sealight_verify::format::governance::{GovernanceChange, Members, Validators};
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::format::state::StateRoots;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::time::Timestamp;
use sealight_verify::tree::map::Map;
use sealight_verify::tree::peaks::Peaks;
use std::sync::Arc;

/// The ledger's state after some block.
#[derive(Debug, Clone)]
pub struct State {
    ledger: LedgerId,
    log: Peaks<Sm3>,
    parties: Map<Sm3, Arc<PartyRow>>,
    lots: Map<Sm3, Arc<LotRow>>,
    indexes: Map<Sm3, Arc<IndexRow>>,
    governance: Map<Sm3, Arc<[u8]>>,
    members: Arc<Members>,
    validators: Arc<Validators>,
    hints: Hints,
}

/// What gateways tell without proof; a function of the entries like the rest.
#[derive(Debug, Clone, Default)]
pub struct Hints {
    /// Recalls set and lifted, in the order of the log.
    pub recalls: Arc<Vec<RecallHint>>,
    /// First heights that a new validator set signs, ascending.
    pub set_changes: Arc<Vec<u64>>,
}

/// What became of an entry that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// The entry's id.
    pub id: Hash32,
    /// Its place in the log.
    pub log_index: u64,
    /// The new validators, if the entry changed them; they sign from two heights later on.
    pub validators: Option<Arc<Validators>>,
}

/// An entry that would be taken in at the height asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The entry's id.
    pub id: Hash32,
    /// Who says it.
    pub party: PartyId,
    /// The party's sequence number.
    pub sequence: u64,
}

/// The block that an entry stands in.
#[derive(Debug, Clone, Copy)]
struct Moment {
    height: u64,
    at: Timestamp,
}

/// One entry being taken in.
struct Act<'a> {
    entry: &'a Entry,
    bytes: &'a [u8],
    id: Hash32,
    now: Moment,
    /// Whether signatures are verified; they are not where the node reads its own blocks again.
    signatures: Signatures,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signatures {
    Verify,
    Known,
}

impl Act<'_> {
    fn party(&self) -> PartyId {
        self.entry.party
    }

    /// The party's own endorsement; that it comes first was made sure of before any rule runs.
    fn own(&self) -> Result<&Endorsement, Refused> {
        self.entry.signatures.first().ok_or(Refused::NotSignedByItsParty)
    }
}

impl State {
    /// The state that a ledger starts with.
    ///
    /// # Errors
    /// [`Refused::Bounds`] for a document that no ledger can start with, and the rules that hold
    /// for parties registered later: distinct, with good keys and namespaces of their own.
    pub fn genesis(genesis: &Genesis) -> Result<Self, Refused> {
        genesis.bounds()?;
        readable::<Validators>(genesis.validators.version)?;
        for registration in &genesis.parties {
            readable::<Registration>(registration.version)?;
        }
        let mut members: Vec<PartyId> = Vec::new();
        let none = Members { version: 1, parties: Vec::new(), threshold: 0 };
        let seats = &genesis.validators;
        let mut state = Self {
            ledger: genesis.ledger(),
            log: Peaks::default(),
            parties: Map::new(),
            lots: Map::new(),
            indexes: Map::new(),
            governance: Map::new(),
            members: Arc::new(none),
            validators: Arc::new(seats.clone()),
            hints: Hints::default(),
        };
        for registration in &genesis.parties {
            let id = parties::add(&mut state, registration, 0)?;
            if registration.roles.meets(Roles::MEMBER) {
                members.push(id);
            }
        }
        members.sort();
        let threshold = genesis.threshold;
        govern::set_members(&mut state, &Members { version: 1, parties: members, threshold })?;
        govern::set_validators(&mut state, seats)?;
        Ok(state)
    }

    /// Whether the entry would be taken in at `height`, the state left as it is.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn check(&self, entry: &[u8], height: u64) -> Result<Checked, Refused> {
        // The time is written into the state and decides nothing.
        let at = Timestamp::EARLIEST;
        let decoded = decode(entry)?;
        let now = Moment { height, at };
        let applied = self.clone().enact(&decoded, entry, now, Signatures::Verify)?;
        Ok(Checked { id: applied.id, party: decoded.party, sequence: decoded.sequence })
    }

    /// Takes an entry in, at the height and time of its block.
    ///
    /// # Errors
    /// The rule that it breaks; the state stays as it is.
    pub fn apply(&mut self, entry: &[u8], height: u64, at: Timestamp) -> Result<Applied, Refused> {
        self.take(entry, Moment { height, at }, Signatures::Verify)
    }

    /// Takes an entry in again that this node took in before, out of its own durable blocks: every
    /// rule holds but signatures, which were verified before the block was written.
    ///
    /// # Errors
    /// The rule that it breaks; the blocks are then not what this node wrote.
    pub fn replay(&mut self, entry: &[u8], height: u64, at: Timestamp) -> Result<Applied, Refused> {
        self.take(entry, Moment { height, at }, Signatures::Known)
    }

    fn take(
        &mut self,
        bytes: &[u8],
        now: Moment,
        signatures: Signatures,
    ) -> Result<Applied, Refused> {
        let entry = decode(bytes)?;
        let mut next = self.clone();
        let applied = next.enact(&entry, bytes, now, signatures)?;
        *self = next;
        Ok(applied)
    }

    /// Every rule in its order, then the effects. On an error `self` may be half changed.
    fn enact(
        &mut self,
        entry: &Entry,
        bytes: &[u8],
        now: Moment,
        signatures: Signatures,
    ) -> Result<Applied, Refused> {
        let act = Act { entry, bytes, id: entry.id(), now, signatures };
        signers::addressed_here(self, &act)?;
        signers::in_sequence(self, &act)?;
        signers::own_comes_first(&act)?;
        signers::nobody_twice(&act)?;
        signers::whoever_must(self, &act)?;
        signers::all_verify(self, &act)?;
        let before = self.validators.clone();
        match &entry.body {
            Body::Register(registration) => parties::register(self, &act, registration)?,
            Body::RotateKey(rotation) => parties::rotate(self, &act, rotation)?,
            Body::RevokeKey(revocation) => parties::revoke(self, &act, revocation)?,
            Body::Suspend(suspension) => parties::suspend(self, &act, suspension)?,
            Body::AnchorLot(anchor) => lots::anchor(self, &act, anchor)?,
            Body::AnchorIndex(anchor) => lots::index(self, &act, anchor)?,
            Body::AppendEvent(event) => trace::append(self, &act, event)?,
            Body::ChangeLife(change) => life::change(self, &act, change)?,
            Body::Recall(change) => recall::change(self, &act, change)?,
            Body::Govern(GovernanceChange::Members(members)) => govern::members(self, members)?,
            Body::Govern(GovernanceChange::Validators(validators)) => {
                govern::validators(self, &act, validators)?;
            }
        }
        let mut party = self.party(&entry.party)?.party.clone();
        party.next_sequence += 1;
        self.put_party(entry.party, party)?;
        let log_index = self.log.size();
        self.log.append(log_leaf(bytes));
        let changed = !Arc::ptr_eq(&before, &self.validators);
        let validators = changed.then(|| self.validators.clone());
        Ok(Applied { id: act.id, log_index, validators })
    }

    /// The ledger's id.
    pub fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// The roots that `app_hash` binds.
    pub fn roots(&self) -> StateRoots {
        StateRoots {
            log_size: self.log.size(),
            log_root: self.log.root(),
            parties: self.parties.root(),
            lots: self.lots.root(),
            indexes: self.indexes.root(),
            governance: self.governance.root(),
        }
    }

    /// One hash over everything: a function of state alone.
    pub fn app_hash(&self) -> Hash32 {
        self.roots().app_hash()
    }

    /// Members and quorum.
    pub fn members(&self) -> &Members {
        &self.members
    }

    /// Validators as governance has them.
    pub fn validators(&self) -> &Arc<Validators> {
        &self.validators
    }

    /// What is told without proof.
    pub fn hints(&self) -> &Hints {
        &self.hints
    }
}

/// Reads an entry and refuses what none can hold.
fn decode(bytes: &[u8]) -> Result<Entry, Refused> {
    let entry: Entry = codec::decode(bytes)?;
    entry.bounds()?;
    known_version(&entry.body)?;
    Ok(entry)
}

/// What an entry would put into the state as it is has a version that clients read.
fn known_version(body: &Body) -> Result<(), CodecError> {
    match body {
        Body::Register(registration) => readable::<Registration>(registration.version),
        Body::Govern(GovernanceChange::Members(members)) => readable::<Members>(members.version),
        Body::Govern(GovernanceChange::Validators(validators)) => {
            readable::<Validators>(validators.version)
        }
        _ => Ok(()),
    }
}

fn readable<T: Versioned>(version: u8) -> Result<(), CodecError> {
    if version == T::VERSION {
        return Ok(());
    }
    Err(CodecError::UnknownVersion { what: T::NAME, got: u64::from(version) })
}

#[cfg(test)]
mod tests;
