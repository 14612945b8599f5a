//! Rules and effects: lots and code indexes anchored.

use super::life_tree::LifeTree;
use super::parties::standing_of;
use super::rows::{Events, IndexRow, LotRow};
use super::signers::has_role;
use super::{Act, Refused, Signatures, State};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::{CodeIndex, IndexAnchor};
use sealight_verify::format::lot::{LotAnchor, LotState, StorageReceipt, receipt_bytes};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::hash::Sm3;
use sealight_verify::tree::log::empty_root;
use std::sync::Arc;

pub(super) fn anchor(state: &mut State, act: &Act<'_>, anchor: &LotAnchor) -> Result<(), Refused> {
    let id = LotId::of_number(&act.party(), anchor.number);
    has_role(state, act, Roles::ISSUER)?;
    own_namespaces(state, act, &anchor.namespaces)?;
    known_roles(anchor)?;
    lot_free(state, id)?;
    stored_by_enough(state, anchor)?;
    receipts_hold(state, act, anchor, id)?;
    let life = LifeTree::new(anchor.initial, anchor.size);
    let lot = LotState {
        version: 1,
        root: anchor.root,
        size: anchor.size,
        issuer: act.party(),
        key: act.own()?.key,
        namespaces: anchor.namespaces.clone(),
        height: act.now.height,
        at: act.now.at,
        log_index: state.log.size(),
        entry: act.id,
        life_root: life.root(),
        life_roles: anchor.life_roles,
        initial: anchor.initial,
        recalls: Vec::new(),
        events: 0,
        event_root: empty_root::<Sm3>(),
        life_keys: Vec::new(),
        life_withdrawn: false,
    };
    let anchor = Arc::new(act.entry.clone());
    state.put_lot(LotRow { id, lot, anchor, events: Arc::new(Events::default()), life })
}

pub(super) fn index(state: &mut State, act: &Act<'_>, anchor: &IndexAnchor) -> Result<(), Refused> {
    has_role(state, act, Roles::ISSUER)?;
    own_namespaces(state, act, std::slice::from_ref(&anchor.namespace))?;
    own_lots(state, act, &anchor.lots)?;
    no_overlap(state, &anchor.namespace)?;
    let index = CodeIndex {
        version: 1,
        root: anchor.root,
        size: anchor.size,
        lots: anchor.lots.clone(),
        issuer: act.party(),
        prefix_bits: anchor.prefix_bits,
    };
    state.put_index(IndexRow { namespace: anchor.namespace.clone(), index })
}

/// Every declared namespace lies in one of the issuer's.
fn own_namespaces(state: &State, act: &Act<'_>, declared: &[Namespace]) -> Result<(), Refused> {
    let issuer = &state.party(&act.party())?.party;
    match declared.iter().find(|inner| !issuer.covers(std::slice::from_ref(*inner))) {
        Some(foreign) => Err(Refused::ForeignNamespace { namespace: foreign.clone() }),
        None => Ok(()),
    }
}

/// The roles that the lot names for its items' life are ones that there are.
fn known_roles(anchor: &LotAnchor) -> Result<(), Refused> {
    let named = anchor.life_roles;
    let all = named.applied.with(named.sold).with(named.opened).with(named.void);
    if all.known() { Ok(()) } else { Err(Refused::UnknownRoles { got: all.0 }) }
}

fn lot_free(state: &State, id: LotId) -> Result<(), Refused> {
    if state.lot(&id).is_ok() { Err(Refused::LotTaken { lot: id }) } else { Ok(()) }
}

/// At least one honest member stores the files: f + 1 of n, where f = (n - 1) / 3.
fn stored_by_enough(state: &State, anchor: &LotAnchor) -> Result<(), Refused> {
    let need = state.receipts_needed();
    let have = anchor.receipts.len();
    if have < need {
        return Err(Refused::TooFewReceipts { have, need });
    }
    let mut members: Vec<_> = anchor.receipts.iter().map(|receipt| receipt.member).collect();
    members.sort();
    match members.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Refused::ReceiptTwice { member: pair[0] }),
        None => Ok(()),
    }
}

fn receipts_hold(
    state: &State,
    act: &Act<'_>,
    anchor: &LotAnchor,
    id: LotId,
) -> Result<(), Refused> {
    let signed = receipt_bytes(&state.ledger, &id, &anchor.root, anchor.size);
    anchor.receipts.iter().try_for_each(|receipt| receipt_holds(state, act, receipt, &signed))
}

/// The receipt is by a member, with a key in force, over this very lot.
fn receipt_holds(
    state: &State,
    act: &Act<'_>,
    receipt: &StorageReceipt,
    signed: &[u8],
) -> Result<(), Refused> {
    let member = receipt.member;
    if state.members.parties.binary_search(&member).is_err() {
        return Err(Refused::NotAMember { party: member });
    }
    let key = standing_of(state, member, receipt.key, act.now.height)?;
    if act.signatures == Signatures::Known {
        return Ok(());
    }
    key.verify(signed, &receipt.signature).map_err(|error| Refused::Receipt { member, error })
}

/// An index points into its issuer's own lots.
fn own_lots(state: &State, act: &Act<'_>, lots: &[LotId]) -> Result<(), Refused> {
    for lot in lots {
        let issuer = state.lot(lot)?.lot.issuer;
        if issuer != act.party() {
            return Err(Refused::ForeignLot { lot: *lot, issuer });
        }
    }
    Ok(())
}

/// A code has one index: the same namespace again replaces its index, one that overlaps with
/// another's is refused, since only one of the two would be asked.
fn no_overlap(state: &State, namespace: &Namespace) -> Result<(), Refused> {
    let other = |row: &&Arc<IndexRow>| row.namespace != *namespace;
    match state.indexes().filter(other).find(|row| row.namespace.overlaps(namespace)) {
        Some(row) => Err(Refused::IndexOverlaps {
            namespace: namespace.clone(),
            overlaps: row.namespace.clone(),
        }),
        None => Ok(()),
    }
}

impl State {
    /// How many members must store a lot's files.
    pub fn receipts_needed(&self) -> usize {
        (self.members.parties.len().max(1) - 1) / 3 + 1
    }
}
