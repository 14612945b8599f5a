//! A state in pieces, for a snapshot, and a state put together from them again.
//!
//! Everything that the state root binds is recomputed: whoever makes a snapshot up can at most
//! leave out or invent [`Hints`], which nobody believes.

use super::life_tree::{LifeTree, Run};
use super::rows::{EventRow, Events, IndexRow, LotRow};
use super::{Genesis, Hints, State, govern};
use minicbor::{Decode, Encode};
use sealight_verify::codec::{self, Blob};
use sealight_verify::format::answer::RecallHint;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::governance::{Members, Validators};
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::index::CodeIndex;
use sealight_verify::format::lot::LotState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Party;
use sealight_verify::format::{event, life::leaf_count};
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use sealight_verify::tree::map::Map;
use sealight_verify::tree::peaks::Peaks;
use std::sync::Arc;

/// Most runs in one piece.
const RUNS: usize = 4096;
/// Most hints in one piece.
const HINTS: usize = 4096;

/// A part of a state, in the order in which they come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Piece {
    /// The log's edge, members and validators: once, first.
    #[n(0)]
    Ground {
        /// Entries in the log.
        #[n(0)]
        log_size: u64,
        /// Its perfect subtrees, the largest first.
        #[n(1)]
        peaks: Vec<Hash32>,
        /// Members and quorum.
        #[n(2)]
        members: Members,
        /// Validators.
        #[n(3)]
        validators: Validators,
    },
    /// A party.
    #[n(1)]
    Party(#[n(0)] PartyId, #[n(1)] Party),
    /// A code index.
    #[n(2)]
    Index(#[n(0)] Namespace, #[n(1)] CodeIndex),
    /// A lot, with the bytes of the entry that anchored it; its life and events follow.
    #[n(3)]
    Lot(#[n(0)] LotId, #[n(1)] LotState, #[n(2)] Blob),
    /// Life of the items of the lot before it, where it is not as it started.
    #[n(4)]
    Life(#[n(0)] Vec<Run>),
    /// One event of the lot before it: height, block time, and the entry's bytes.
    #[n(5)]
    Event(#[n(0)] u64, #[n(1)] Timestamp, #[n(2)] Blob),
    /// First heights of new validator sets.
    #[n(6)]
    SetChanges(#[n(0)] Vec<u64>),
    /// Recalls.
    #[n(7)]
    Recalls(#[n(0)] Vec<RecallHint>),
}

impl State {
    /// Shows every piece of the state to `each`, in an order that follows from the state alone.
    ///
    /// # Errors
    /// That of `each` alone; no further piece is shown then.
    pub fn pieces<E>(&self, mut each: impl FnMut(Piece) -> Result<(), E>) -> Result<(), E> {
        each(Piece::Ground {
            log_size: self.log.size(),
            peaks: self.log.hashes().to_vec(),
            members: (*self.members).clone(),
            validators: (*self.validators).clone(),
        })?;
        self.parties().try_for_each(|row| each(Piece::Party(row.id, row.party.clone())))?;
        for row in self.lots() {
            let anchor = Blob(codec::encode(&*row.anchor));
            each(Piece::Lot(row.id, row.lot.clone(), anchor))?;
            if row.life.root() != LifeTree::new(row.lot.initial, row.lot.size).root() {
                let runs = row.life.runs();
                runs.chunks(RUNS).try_for_each(|runs| each(Piece::Life(runs.to_vec())))?;
            }
            for event in &row.events.rows {
                each(Piece::Event(event.height, event.at, Blob(codec::encode(&*event.entry))))?;
            }
        }
        self.indexes()
            .try_for_each(|row| each(Piece::Index(row.namespace.clone(), row.index.clone())))?;
        for heights in self.hints.set_changes.chunks(HINTS) {
            each(Piece::SetChanges(heights.to_vec()))?;
        }
        for recalls in self.hints.recalls.chunks(HINTS) {
            each(Piece::Recalls(recalls.to_vec()))?;
        }
        Ok(())
    }
}

/// A state being put together from pieces.
#[derive(Debug)]
pub struct Rebuild {
    state: State,
    begun: bool,
    /// The lot whose life and events are coming.
    open: Option<(LotRow, Vec<Run>)>,
    hints: (Vec<u64>, Vec<RecallHint>),
}

/// Why pieces make no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnfitPiece {
    /// Out of its order.
    Order,
    /// The log's edge is not one of so many entries.
    Log,
    /// A value that no state holds.
    Value,
    /// A lot's entry is not the one that anchored it, or not signed by its issuer.
    Anchor,
    /// A lot's life is not what the lot binds.
    Life,
    /// A lot's events are not those that the lot binds.
    Events,
}

impl std::fmt::Display for UnfitPiece {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Order => "a piece out of its order",
            Self::Log => "the log's edge is not one of so many entries",
            Self::Value => "a value that no state holds",
            Self::Anchor => "a lot's entry is not the one that anchored it",
            Self::Life => "the life of a lot's items is not what the lot binds",
            Self::Events => "a lot's events are not those that the lot binds",
        })
    }
}

impl std::error::Error for UnfitPiece {}

impl Rebuild {
    /// A state without anything, of the ledger that starts with this document.
    pub fn new(genesis: &Genesis) -> Self {
        let none = Members { version: 1, parties: Vec::new(), threshold: 0 };
        let state = State {
            ledger: genesis.ledger(),
            log: Peaks::default(),
            parties: Map::new(),
            lots: Map::new(),
            indexes: Map::new(),
            governance: Map::new(),
            members: Arc::new(none),
            validators: Arc::new(genesis.validators.clone()),
            hints: Hints::default(),
        };
        Self { state, begun: false, open: None, hints: Default::default() }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`UnfitPiece`]; nothing more is then taken.
    pub fn take(&mut self, piece: Piece) -> Result<(), UnfitPiece> {
        let ground = matches!(piece, Piece::Ground { .. });
        if ground == self.begun {
            return Err(UnfitPiece::Order);
        }
        match piece {
            Piece::Life(runs) => return self.life(runs),
            Piece::Event(height, at, bytes) => return self.event(height, at, &bytes),
            _ => self.close()?,
        }
        let unfit = |_| UnfitPiece::Value;
        match piece {
            Piece::Ground { log_size, peaks, members, validators } => {
                self.begun = true;
                self.state.log = Peaks::of(log_size, peaks).ok_or(UnfitPiece::Log)?;
                govern::set_members(&mut self.state, &members).map_err(unfit)?;
                govern::set_validators(&mut self.state, &validators).map_err(unfit)
            }
            Piece::Party(id, party) => self.state.put_party(id, party).map_err(unfit),
            Piece::Index(namespace, index) => {
                self.state.put_index(IndexRow { namespace, index }).map_err(unfit)
            }
            Piece::Lot(id, lot, anchor) => {
                let life = LifeTree::new(lot.initial, lot.size.max(1));
                let anchor: Entry = codec::decode(&anchor).map_err(|_| UnfitPiece::Anchor)?;
                let (anchor, events) = (Arc::new(anchor), Arc::default());
                self.open = Some((LotRow { id, lot, anchor, events, life }, Vec::new()));
                Ok(())
            }
            Piece::SetChanges(heights) => {
                self.hints.0.extend(heights);
                ascending(&self.hints.0, |height| *height)
            }
            Piece::Recalls(recalls) => {
                self.hints.1.extend(recalls);
                ascending(&self.hints.1, |recall| recall.log_index)
            }
            Piece::Life(_) | Piece::Event(..) => Err(UnfitPiece::Order),
        }
    }

    fn life(&mut self, more: Vec<Run>) -> Result<(), UnfitPiece> {
        let (row, runs) = self.open.as_mut().ok_or(UnfitPiece::Order)?;
        runs.extend(more);
        let fits = runs.len() as u64 <= leaf_count(row.lot.size);
        if fits { Ok(()) } else { Err(UnfitPiece::Life) }
    }

    fn event(&mut self, height: u64, at: Timestamp, bytes: &[u8]) -> Result<(), UnfitPiece> {
        let (row, _) = self.open.as_mut().ok_or(UnfitPiece::Order)?;
        let entry: Entry = codec::decode(bytes).map_err(|_| UnfitPiece::Events)?;
        entry.bounds().map_err(|_| UnfitPiece::Events)?;
        let leaf = event::leaf(height, &at, bytes);
        let event = EventRow { height, at, entry: Arc::new(entry), len: bytes.len() };
        Events::push(&mut row.events, leaf, event);
        Ok(())
    }

    /// Holds the open lot against what its state binds, and puts it in.
    fn close(&mut self) -> Result<(), UnfitPiece> {
        let Some((mut row, runs)) = self.open.take() else { return Ok(()) };
        let size = row.lot.size;
        if !runs.is_empty() {
            row.life = LifeTree::of_runs(size, &runs).ok_or(UnfitPiece::Life)?;
        }
        if size == 0 || row.life.root() != row.lot.life_root {
            return Err(UnfitPiece::Life);
        }
        if row.events.bound() != (row.lot.events, row.lot.event_root) {
            return Err(UnfitPiece::Events);
        }
        self.anchored(&row)?;
        self.state.put_lot(row).map_err(|_| UnfitPiece::Value)
    }

    /// The entry's id leaves its signature out, so that is asked too: gateways hand it on.
    fn anchored(&self, row: &LotRow) -> Result<(), UnfitPiece> {
        let LotRow { lot, anchor, .. } = row;
        let same = anchor.id() == lot.entry
            && anchor.party == lot.issuer
            && matches!(anchor.body, Body::AnchorLot(_));
        let signed = || {
            let [own] = &anchor.signatures[..] else { return false };
            let issuer = self.state.party(&lot.issuer).ok();
            let key = issuer.and_then(|row| row.party.keys.get(usize::from(lot.key)));
            let whole = own.party == lot.issuer && own.key == lot.key;
            whole
                && key.is_some_and(|key| {
                    key.key.verify(&anchor.signing_bytes(), &own.signature).is_ok()
                })
        };
        if same && signed() { Ok(()) } else { Err(UnfitPiece::Anchor) }
    }

    /// The state; its root is for the caller to compare.
    ///
    /// # Errors
    /// [`UnfitPiece`], of the last lot or for a state that never began.
    pub fn finish(mut self) -> Result<State, UnfitPiece> {
        self.close()?;
        if !self.begun {
            return Err(UnfitPiece::Order);
        }
        let (set_changes, recalls) = self.hints;
        self.state.hints = Hints { recalls: Arc::new(recalls), set_changes: Arc::new(set_changes) };
        Ok(self.state)
    }
}

fn ascending<T>(list: &[T], of: impl Fn(&T) -> u64) -> Result<(), UnfitPiece> {
    let rising = list.windows(2).all(|pair| of(&pair[0]) < of(&pair[1]));
    if rising { Ok(()) } else { Err(UnfitPiece::Order) }
}
