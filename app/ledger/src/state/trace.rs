//! Rules and effects: events appended to a lot.
//!
//! A client proves all events of a lot at once, so a lot has no more of them, and no more signers,
//! than fit one answer. Recalls of items stand among the events but not under these limits: nobody
//! can fill a lot up to escape one.

use super::rows::LotRow;
use super::signers::has_role;
use super::{Act, Refused, State};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::party::Roles;

/// Most trace events of one lot.
pub const MAX_EVENTS: usize = 1024;
/// Most bytes of all trace events of one lot.
pub const MAX_EVENT_BYTES: usize = 1024 * 1024;
/// Most trace events of one party in one lot of somebody else.
pub const MAX_EVENTS_OF_PARTY: usize = 128;
/// Most parties that sign trace events of one lot.
pub const MAX_EVENT_SIGNERS: usize = 48;

/// Roles that may say what happened to goods.
const SPEAKERS: Roles = Roles(
    Roles::ISSUER.0
        | Roles::LAB.0
        | Roles::CARRIER.0
        | Roles::RETAILER.0
        | Roles::LINE.0
        | Roles::AUTHORITY.0,
);

pub(super) fn append(state: &mut State, act: &Act<'_>, event: &TraceEvent) -> Result<(), Refused> {
    has_role(state, act, SPEAKERS)?;
    let row = state.lot(&event.lot)?;
    if let Some(items) = event.items {
        inside(items, row.lot.size)?;
    }
    room(row, act)?;
    let mut row = (**row).clone();
    row.append_event(act.now.height, act.now.at, act.entry, act.bytes);
    state.put_lot(row)
}

/// The items lie in the lot.
pub(super) fn inside(items: ItemRange, size: u32) -> Result<(), Refused> {
    match items.fits(size) {
        true => Ok(()),
        false => Err(Refused::PastTheLot { last: items.last, size }),
    }
}

/// One more event still fits an answer.
fn room(row: &LotRow, act: &Act<'_>) -> Result<(), Refused> {
    let traces = row.events.traces();
    let events: usize = traces.values().map(|share| share.events).sum();
    let bytes: usize = traces.values().map(|share| share.bytes).sum();
    let own = traces.get(&act.party()).map_or(0, |share| share.events);
    let signers = traces.len() + usize::from(own == 0);
    let foreign = row.lot.issuer != act.party();
    let full = |what, max| Err(Refused::EventsFull { what, max });
    if events >= MAX_EVENTS {
        full("events", MAX_EVENTS)
    } else if bytes + act.bytes.len() > MAX_EVENT_BYTES {
        full("bytes of events", MAX_EVENT_BYTES)
    } else if signers > MAX_EVENT_SIGNERS {
        full("signers of events", MAX_EVENT_SIGNERS)
    } else if foreign && own >= MAX_EVENTS_OF_PARTY {
        full("events of this party", MAX_EVENTS_OF_PARTY)
    } else {
        Ok(())
    }
}
