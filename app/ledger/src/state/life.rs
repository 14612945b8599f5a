//! Rules and effects: items take a step of their life, or are restored.

use super::rows::LotRow;
use super::signers::has_role;
use super::trace::inside;
use super::{Act, Refused, State};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::entry::LifeChange;
use sealight_verify::format::life::{ItemLife, LifeState};
use sealight_verify::format::lot::{KeyUse, LotState};
use std::sync::Arc;

/// Bytes kept free in a lot's state: two recalls with their notices, and some dozen keys.
const RESERVE: usize = 3 * 1024;

pub(super) fn change(state: &mut State, act: &Act<'_>, change: &LifeChange) -> Result<(), Refused> {
    let row: Arc<LotRow> = state.lot(&change.lot)?.clone();
    change.ranges.iter().try_for_each(|range| inside(*range, row.lot.size))?;
    let restore = change.restore.is_some();
    if !restore {
        has_role(state, act, row.lot.life_roles.roles_for(change.to))?;
    }
    let step = |item, byte| step(item, byte, change.to, restore);
    let mut life = row.life.clone();
    for range in &change.ranges {
        life = life.changed(range.first, range.last, &step)?;
    }
    let mut next = (*row).clone();
    next.life = life;
    changed_by(&mut next, act)?;
    if !restore {
        room_for_recalls(&next.lot)?;
    }
    state.put_lot(next)
}

/// Keys that sell and open leave room in the lot's state for those that restore and recall.
fn room_for_recalls(lot: &LotState) -> Result<(), Refused> {
    let (what, got, max) = (LotState::NAME, codec::encode(lot).len(), LotState::MAX_LEN - RESERVE);
    if got > max { Err(Refused::StateTooLong { what, got, max }) } else { Ok(()) }
}

/// Notes that the entry's keys changed the life of a lot, whose tree is new.
pub(super) fn changed_by(row: &mut LotRow, act: &Act<'_>) -> Result<(), Refused> {
    if row.lot.life_root == row.life.root() {
        return Err(Refused::NothingChanges);
    }
    row.lot.life_root = row.life.root();
    for endorsement in &act.entry.signatures {
        let (party, key, last) = (endorsement.party, endorsement.key, act.now.height);
        note_use(&mut row.lot, KeyUse { party, key, last });
    }
    Ok(())
}

fn note_use(lot: &mut LotState, used: KeyUse) {
    let place = lot.life_keys.binary_search_by_key(&(used.party, used.key), |k| (k.party, k.key));
    match place {
        Ok(at) => lot.life_keys[at].last = used.last,
        Err(at) => lot.life_keys.insert(at, used),
    }
}

/// One item's step: forward, or anywhere when it is restored. Recall flags stay as they are.
fn step(item: u32, byte: u8, to: LifeState, restore: bool) -> Result<u8, Refused> {
    let unknown = ItemLife::new(LifeState::Void);
    let life = ItemLife::from_byte(byte).unwrap_or(unknown);
    if !restore && !life.state.may_become(to) {
        return Err(Refused::LifeBackward { item, from: life.state, to });
    }
    Ok(ItemLife { state: to, ..life }.byte())
}
