//! One item: record, life, secret, and the worst recall.

use super::lot::{ProvenLot, issuer_key};
use super::parties::speaker;
use crate::codec;
use crate::format::bundle::{ItemPart, LifePart};
use crate::format::event::ItemRange;
use crate::format::life::{self, ItemLife, LEAF_ITEMS};
use crate::format::lot::{LotState, Recall};
use crate::format::party::Party;
use crate::format::private::{self, ItemPlace};
use crate::format::record::{self, ItemRecord};
use crate::format::seal::commitment;
use crate::hash::Sm3;
use crate::judge::claim::Shown;
use crate::judge::reason::{NotOnLedger, Part, ProofError, Unproven};
use crate::judge::verdict::{Entered, Happening, ProvenEvent, ProvenItem, RecallShown};
use crate::report::Recipient;
use crate::tree::log;
use alloc::boxed::Box;
use alloc::vec::Vec;

/// What a bundle proves of an item.
pub(in crate::judge) struct Proof {
    pub(in crate::judge) item: ProvenItem,
    pub(in crate::judge) lot: LotState,
    pub(in crate::judge) issuer: Party,
    pub(in crate::judge) life: ItemLife,
    pub(in crate::judge) life_withdrawn: bool,
    pub(in crate::judge) recall: Option<RecallShown>,
}

impl Proof {
    /// Whom reports on the item go to.
    pub(in crate::judge) fn recipient(&self) -> Option<Recipient> {
        Recipient::of(*self.item.ledger(), self.lot.issuer, &self.issuer)
    }
}

/// What the parts of a bundle lead to.
pub(in crate::judge) enum Walked {
    Item(Box<Proof>),
    /// With whom reports on it go to, as far as that is proven.
    Not(NotOnLedger, Option<Recipient>),
}

/// The record is the leaf at the claim's index of the lot.
pub(super) fn item(
    part: Option<&ItemPart>,
    index: u32,
    state: &LotState,
) -> Result<ItemRecord, Unproven> {
    let part = part.ok_or(ProofError::Missing(Part::Item))?;
    let (index, size) = (u64::from(index), u64::from(state.size));
    let leaf = record::leaf(&part.record);
    log::verify_inclusion::<Sm3>(&leaf, index, size, &part.path, &state.root)
        .map_err(|error| ProofError::Path { part: Part::Item, error })?;
    let record: ItemRecord = codec::decode(&part.record)?;
    record.bounds().map_err(ProofError::Bounds)?;
    Ok(record)
}

/// The item's life is in the lot's life tree, or the lot is untouched.
pub(super) fn item_life(
    part: Option<&LifePart>,
    index: u32,
    state: &LotState,
) -> Result<ItemLife, ProofError> {
    let path = |error| ProofError::Path { part: Part::Life, error };
    let untouched = life::untouched_root(state.initial, state.size) == state.life_root;
    let Some(life) = part else {
        return match untouched {
            true => Ok(ItemLife::new(state.initial)),
            false => Err(ProofError::Missing(Part::Life)),
        };
    };
    if untouched {
        return Err(ProofError::Superfluous(Part::Life));
    }
    if life.leaf.len() != LEAF_ITEMS as usize {
        return Err(ProofError::WrongEntry(Part::Life));
    }
    let (at, leaves) = (u64::from(index / LEAF_ITEMS), life::leaf_count(state.size));
    let leaf = life::leaf(&life.leaf);
    log::verify_inclusion::<Sm3>(&leaf, at, leaves, &life.path, &state.life_root).map_err(path)?;
    ItemLife::from_byte(life.leaf[(index % LEAF_ITEMS) as usize])
        .ok_or(ProofError::WrongEntry(Part::Life))
}

/// One item of a proven lot, from its proven record and life.
pub(in crate::judge) fn one_item(
    lot: &ProvenLot,
    index: u32,
    record: ItemRecord,
    life: ItemLife,
    shown: &Shown,
) -> Result<Walked, Unproven> {
    let place = ItemPlace { ledger: &lot.ledger, lot: &lot.id, index };
    if !shown_is_committed(&record, place, shown) {
        let not = NotOnLedger::SecretNotCommitted { lot: lot.id, index };
        return Ok(Walked::Not(not, lot.recipient()));
    }
    let key_retired = issuer_key(&lot.state, &lot.issuer)?;
    let events = lot.events.as_ref().map_err(Clone::clone)?;
    let of_item = |(items, _): &&(Option<ItemRange>, _)| items.is_none_or(|i| i.holds(index));
    let state = &lot.state;
    let item = ProvenItem {
        ledger: lot.ledger,
        lot: lot.id,
        index,
        lot_size: state.size,
        private: private_fields(&record, place, shown),
        record,
        issuer: speaker(state.issuer, &lot.issuer),
        anchored: Entered { height: state.height, at: state.at },
        title: lot.title.clone(),
        key_retired,
        events: events.iter().filter(of_item).map(|(_, event)| event.clone()).collect(),
    };
    let told = recall_told(state, &item.events);
    let mut recalls = state.recalls.iter().chain(&lot.issuer.recalls);
    Ok(Walked::Item(Box::new(Proof {
        item,
        life,
        life_withdrawn: state.life_withdrawn || recalls.any(Recall::in_doubt),
        recall: worst_recall(state, &lot.issuer, life).or(told),
        lot: state.clone(),
        issuer: lot.issuer.clone(),
    })))
}

/// The record commits to what was shown; a typed number shows nothing and needs nothing.
fn shown_is_committed(record: &ItemRecord, place: ItemPlace<'_>, shown: &Shown) -> bool {
    shown.inner().is_none_or(|inner| {
        commitment(place.ledger, place.lot, place.index, &inner) == record.commitment
    })
}

/// Private fields, for a live scan; what does not open is not shown.
fn private_fields(record: &ItemRecord, place: ItemPlace<'_>, shown: &Shown) -> Vec<record::Field> {
    match (&record.private, shown) {
        (Some(bytes), Shown::Live(secret)) => {
            private::open(place, secret, bytes).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

/// The worst recall in force: of the issuer, of the lot, of the item.
fn worst_recall(lot: &LotState, issuer: &Party, life: ItemLife) -> Option<RecallShown> {
    let in_force = |recalls: &[Recall]| recalls.iter().find(|recall| recall.in_force()).cloned();
    let by_authority = |recall: &Recall| recall.by != lot.issuer;
    if let Some(recall) = in_force(&issuer.recalls) {
        return Some(RecallShown::Issuer { by_authority: by_authority(&recall), recall });
    }
    if let Some(recall) = in_force(&lot.recalls) {
        return Some(RecallShown::Lot { by_authority: by_authority(&recall), recall });
    }
    let item = life.recalled_by_issuer || life.recalled_by_authority;
    (item && !lot.life_withdrawn)
        .then_some(RecallShown::Item { by_authority: life.recalled_by_authority })
}

/// Where another key put the items' life in doubt: the last recall of the item whose own key was
/// not, as it stands among the events.
fn recall_told(lot: &LotState, events: &[ProvenEvent]) -> Option<RecallShown> {
    let last = events.iter().rev().filter(|event| lot.life_withdrawn && !event.key_withdrawn);
    let recalls = last.filter_map(|event| match event.what {
        Happening::Recall { recalled, .. } => Some((recalled, event.by.id != lot.issuer)),
        Happening::Trace(_) => None,
    });
    let (recalled, by_authority) = recalls.into_iter().next()?;
    recalled.then_some(RecallShown::Item { by_authority })
}
