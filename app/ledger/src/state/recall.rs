//! Rules and effects: recalls of items, lots and issuers, set and lifted.

use super::life::changed_by;
use super::rows::{EventRow, LotRow};
use super::trace::inside;
use super::{Act, Refused, State};
use sealight_verify::format::answer::RecallHint;
use sealight_verify::format::entry::{Body, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::life::{ItemLife, LifeState};
use sealight_verify::format::lot::{Lifted, Recall};
use sealight_verify::format::party::Roles;
use std::sync::Arc;

/// Most recalls of items that an issuer enters in one lot of its own, liftings included.
pub const MAX_ISSUER_RECALLS: usize = 512;

/// In which capacity somebody recalls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recaller {
    Issuer,
    Authority,
}

pub(super) fn change(
    state: &mut State,
    act: &Act<'_>,
    change: &RecallChange,
) -> Result<(), Refused> {
    match change.scope {
        RecallScope::Items(lot, items) => of_items(state, act, change, lot, items)?,
        RecallScope::Lot(lot) => of_lot(state, act, change, lot)?,
        RecallScope::Issuer(issuer) => of_issuer(state, act, change, issuer)?,
    }
    let (scope, recalled) = (change.scope.clone(), change.recalled);
    let hint = RecallHint { log_index: state.log.size(), scope, recalled };
    Arc::make_mut(&mut state.hints.recalls).push(hint);
    Ok(())
}

/// Flags of the items; the entry goes among the lot's events, so that its notice is proven.
fn of_items(
    state: &mut State,
    act: &Act<'_>,
    change: &RecallChange,
    lot: LotId,
    items: ItemRange,
) -> Result<(), Refused> {
    let mut row = (**state.lot(&lot)?).clone();
    let recaller = recaller(state, act, row.lot.issuer)?;
    inside(items, row.lot.size)?;
    room(&row, recaller, change.recalled)?;
    let flag = |_, byte| -> Result<u8, Refused> { Ok(flagged(byte, recaller, change.recalled)) };
    row.life = row.life.changed(items.first, items.last, &flag)?;
    changed_by(&mut row, act)?;
    row.append_event(act.now.height, act.now.at, act.entry, act.bytes);
    state.put_lot(row)
}

/// An issuer that recalls its own items over and over cannot make the lot too long to be answered
/// for. Authorities are trusted not to.
fn room(row: &LotRow, recaller: Recaller, recalled: bool) -> Result<(), Refused> {
    let by_issuer = |event: &&EventRow| {
        matches!(event.entry.body, Body::Recall(_)) && event.entry.party == row.lot.issuer
    };
    let full = row.events.rows.iter().filter(by_issuer).count() >= MAX_ISSUER_RECALLS;
    if recaller == Recaller::Issuer && recalled && full {
        let what = "recalls of items by the issuer";
        return Err(Refused::EventsFull { what, max: MAX_ISSUER_RECALLS });
    }
    Ok(())
}

fn of_lot(
    state: &mut State,
    act: &Act<'_>,
    change: &RecallChange,
    lot: LotId,
) -> Result<(), Refused> {
    let mut row = (**state.lot(&lot)?).clone();
    let issuer = row.lot.issuer;
    let recaller = recaller(state, act, issuer)?;
    set_or_lift(&mut row.lot.recalls, issuer, recaller, act, change)?;
    state.put_lot(row)
}

fn of_issuer(
    state: &mut State,
    act: &Act<'_>,
    change: &RecallChange,
    issuer: PartyId,
) -> Result<(), Refused> {
    let mut party = state.party(&issuer)?.party.clone();
    let recaller = recaller(state, act, issuer)?;
    set_or_lift(&mut party.recalls, issuer, recaller, act, change)?;
    state.put_party(issuer, party)
}

/// Only the issuer and authorities recall.
fn recaller(state: &State, act: &Act<'_>, issuer: PartyId) -> Result<Recaller, Refused> {
    let party = act.party();
    if party == issuer {
        Ok(Recaller::Issuer)
    } else if state.party(&party)?.party.roles.meets(Roles::AUTHORITY) {
        Ok(Recaller::Authority)
    } else {
        Err(Refused::RecalledByOther { party })
    }
}

/// At most one recall by the issuer and one by an authority; lifted only by who set it. One that
/// was lifted, or whose key was withdrawn, gives way to a new one.
fn set_or_lift(
    recalls: &mut Vec<Recall>,
    issuer: PartyId,
    recaller: Recaller,
    act: &Act<'_>,
    change: &RecallChange,
) -> Result<(), Refused> {
    let place = |recall: &Recall| (recall.by == issuer) == (recaller == Recaller::Issuer);
    let (key, height) = (act.own()?.key, act.now.height);
    if !change.recalled {
        let standing = |recall: &&mut Recall| place(recall) && recall.lifted.is_none();
        let recall = recalls.iter_mut().find(standing).ok_or(Refused::NotRecalled)?;
        if recall.by != act.party() {
            return Err(Refused::NotTheRecaller { by: recall.by });
        }
        recall.lifted = Some(Lifted { height, key });
        return Ok(());
    }
    if let Some(recall) = recalls.iter().find(|recall| place(recall) && recall.in_force()) {
        return Err(Refused::RecalledAlready { by: recall.by });
    }
    recalls.retain(|recall| !place(recall));
    recalls.push(Recall {
        by: act.party(),
        at: act.now.at,
        height,
        key,
        notice: change.notice.clone(),
        withdrawn: false,
        lifted: None,
    });
    Ok(())
}

/// The item's byte with the recaller's own flag set or cleared.
fn flagged(byte: u8, recaller: Recaller, recalled: bool) -> u8 {
    let mut life = ItemLife::from_byte(byte).unwrap_or(ItemLife::new(LifeState::Void));
    match recaller {
        Recaller::Issuer => life.recalled_by_issuer = recalled,
        Recaller::Authority => life.recalled_by_authority = recalled,
    }
    life.byte()
}
