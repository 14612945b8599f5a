//! Rows of the state's maps: values, and what of them stands outside the value but is bound by it.

use super::life_tree::LifeTree;
use super::{Refused, State};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::event;
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::index::CodeIndex;
use sealight_verify::format::lot::LotState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Party;
use sealight_verify::format::state::MapDomain;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::time::Timestamp;
use sealight_verify::tree::build::Log;
use sealight_verify::tree::map::MapProof;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A party.
#[derive(Debug, Clone)]
pub struct PartyRow {
    /// Its id.
    pub id: PartyId,
    /// Its state.
    pub party: Party,
}

/// A lot with what its state binds by root.
#[derive(Debug, Clone)]
pub struct LotRow {
    /// Its id.
    pub id: LotId,
    /// Its state.
    pub lot: LotState,
    /// The entry that anchored it.
    pub anchor: Arc<Entry>,
    /// Its events.
    pub events: Arc<Events>,
    /// Its items' life.
    pub life: LifeTree,
}

/// A code index.
#[derive(Debug, Clone)]
pub struct IndexRow {
    /// The namespace that it serves.
    pub namespace: Namespace,
    /// Its state.
    pub index: CodeIndex,
}

/// Events of a lot in the order in which they were entered.
#[derive(Debug, Clone, Default)]
pub struct Events {
    /// The events.
    pub rows: Vec<EventRow>,
    log: Log<Sm3>,
    /// Trace events among them by each party: number and bytes.
    traces: BTreeMap<PartyId, Share>,
}

/// What of a lot's trace events is one party's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Share {
    /// How many.
    pub(super) events: usize,
    /// Bytes of their entries.
    pub(super) bytes: usize,
}

/// One event as it was entered.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Height of the entry.
    pub height: u64,
    /// Block time of the entry.
    pub at: Timestamp,
    /// The entry: a trace event, or a recall of items.
    pub entry: Arc<Entry>,
    /// Bytes of the entry.
    pub len: usize,
}

impl LotRow {
    /// Appends an event and tells the state of it.
    pub(super) fn append_event(&mut self, height: u64, at: Timestamp, entry: &Entry, bytes: &[u8]) {
        let leaf = event::leaf(height, &at, bytes);
        let row = EventRow { height, at, entry: Arc::new(entry.clone()), len: bytes.len() };
        Events::push(&mut self.events, leaf, row);
        (self.lot.events, self.lot.event_root) = self.events.bound();
    }
}

impl Events {
    pub(super) fn push(events: &mut Arc<Self>, leaf: Hash32, row: EventRow) {
        let events = Arc::make_mut(events);
        events.log.append(leaf);
        if matches!(row.entry.body, Body::AppendEvent(_)) {
            let share = events.traces.entry(row.entry.party).or_default();
            share.events += 1;
            share.bytes += row.len;
        }
        events.rows.push(row);
    }

    /// Parties that said what happened, and how much each.
    pub(super) fn traces(&self) -> &BTreeMap<PartyId, Share> {
        &self.traces
    }

    /// What the lot binds of its events: their number and root.
    pub(super) fn bound(&self) -> (u64, Hash32) {
        (self.log.size(), self.log.root())
    }
}

impl State {
    /// A party's row.
    ///
    /// # Errors
    /// [`Refused::UnknownParty`].
    pub fn party(&self, id: &PartyId) -> Result<&Arc<PartyRow>, Refused> {
        let row = self.parties.value(&MapDomain::PARTIES.key(&id.0));
        row.ok_or(Refused::UnknownParty { party: *id })
    }

    /// A lot's row.
    ///
    /// # Errors
    /// [`Refused::UnknownLot`].
    pub fn lot(&self, id: &LotId) -> Result<&Arc<LotRow>, Refused> {
        let row = self.lots.value(&MapDomain::LOTS.key(&id.0));
        row.ok_or(Refused::UnknownLot { lot: *id })
    }

    /// The code index of a namespace.
    pub fn index(&self, namespace: &Namespace) -> Option<&Arc<IndexRow>> {
        self.indexes.value(&MapDomain::INDEXES.key(&codec::encode(namespace)))
    }

    /// Every party, in the order of the map.
    pub fn parties(&self) -> impl Iterator<Item = &Arc<PartyRow>> {
        self.parties.iter().map(|(_, row)| row)
    }

    /// Every lot, in the order of the map.
    pub fn lots(&self) -> impl Iterator<Item = &Arc<LotRow>> {
        self.lots.iter().map(|(_, row)| row)
    }

    /// Every code index, in the order of the map.
    pub fn indexes(&self) -> impl Iterator<Item = &Arc<IndexRow>> {
        self.indexes.iter().map(|(_, row)| row)
    }

    /// Path to a party, or to where it would be.
    pub fn prove_party(&self, id: &PartyId) -> MapProof {
        self.parties.prove(&MapDomain::PARTIES.key(&id.0))
    }

    /// Path to a lot, or to where it would be.
    pub fn prove_lot(&self, id: &LotId) -> MapProof {
        self.lots.prove(&MapDomain::LOTS.key(&id.0))
    }

    /// Path to the code index of a namespace, or to where it would be.
    pub fn prove_index(&self, namespace: &Namespace) -> MapProof {
        self.indexes.prove(&MapDomain::INDEXES.key(&codec::encode(namespace)))
    }

    /// Canonical bytes of a value of governance, and the path to it or to where it would be.
    pub fn prove_governance(&self, name: &str) -> (Option<Vec<u8>>, MapProof) {
        let key = MapDomain::GOVERNANCE.key(name.as_bytes());
        let value = self.governance.value(&key).map(|bytes| bytes.to_vec());
        (value, self.governance.prove(&key))
    }

    pub(super) fn put_party(&mut self, id: PartyId, party: Party) -> Result<(), Refused> {
        let bytes = readable(&party)?;
        let (key, hash) = hashes(MapDomain::PARTIES, &id.0, &bytes);
        self.parties = self.parties.insert(key, hash, Arc::new(PartyRow { id, party }));
        Ok(())
    }

    pub(super) fn put_lot(&mut self, row: LotRow) -> Result<(), Refused> {
        let bytes = readable(&row.lot)?;
        let (key, hash) = hashes(MapDomain::LOTS, &row.id.0, &bytes);
        self.lots = self.lots.insert(key, hash, Arc::new(row));
        Ok(())
    }

    pub(super) fn put_index(&mut self, row: IndexRow) -> Result<(), Refused> {
        let bytes = readable(&row.index)?;
        let own_key = codec::encode(&row.namespace);
        let (key, hash) = hashes(MapDomain::INDEXES, &own_key, &bytes);
        self.indexes = self.indexes.insert(key, hash, Arc::new(row));
        Ok(())
    }

    pub(super) fn put_governance<T>(&mut self, name: &str, value: &T) -> Result<(), Refused>
    where
        T: Versioned + minicbor::Encode<()>,
    {
        let bytes = readable(value)?;
        let (key, hash) = hashes(MapDomain::GOVERNANCE, name.as_bytes(), &bytes);
        self.governance = self.governance.insert(key, hash, bytes.into());
        Ok(())
    }
}

impl State {
    /// Makes a lot anew where `mend` says that it changed.
    pub(super) fn mend_lots(
        &mut self,
        mend: impl Fn(&mut LotState) -> bool,
    ) -> Result<(), Refused> {
        let rows: Vec<Arc<LotRow>> = self.lots().cloned().collect();
        for row in rows {
            let mut lot = row.lot.clone();
            if mend(&mut lot) {
                self.put_lot(LotRow { lot, ..(*row).clone() })?;
            }
        }
        Ok(())
    }

    /// Makes a party anew where `mend` says that it changed.
    pub(super) fn mend_parties(
        &mut self,
        mend: impl Fn(&mut Party) -> bool,
    ) -> Result<(), Refused> {
        let rows: Vec<Arc<PartyRow>> = self.parties().cloned().collect();
        for row in rows {
            let mut party = row.party.clone();
            if mend(&mut party) {
                self.put_party(row.id, party)?;
            }
        }
        Ok(())
    }
}

fn hashes(domain: MapDomain, own_key: &[u8], value: &[u8]) -> (Hash32, Hash32) {
    (domain.key(own_key), domain.value_hash(value))
}

/// Canonical bytes of a value, no more of them than a client reads.
fn readable<T: Versioned + minicbor::Encode<()>>(value: &T) -> Result<Vec<u8>, Refused> {
    let bytes = codec::encode(value);
    if bytes.len() > T::MAX_LEN {
        return Err(Refused::StateTooLong { what: T::NAME, got: bytes.len(), max: T::MAX_LEN });
    }
    Ok(bytes)
}
