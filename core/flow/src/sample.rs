//! Answers for this crate's tests. Proven items of the verifier cannot be made by hand, so these
//! are answers, not verdicts; the goldens go the whole way.

use crate::answer::{Answer, NamedAs, Record, Subject};
use crate::machine::Instant;
use crate::words::{Present, Zone};
use sealight_verify::chain::Assurance;
use sealight_verify::format::event::TraceEvent;
use sealight_verify::format::ids::{LotId, PartyId, ShortLedgerId};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::Recall;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::format::seal::{SealCode, Secret, TypedNumber};
use sealight_verify::hash::Hash32;
use sealight_verify::judge::{
    AsOf, Entered, Freshness, Happening, LabelFacts, Life, NotLookedAt, Original, ProvenEvent,
    RecallShown, SaidBy, SealClaim, SealState, Speaker, Tap,
};
use sealight_verify::time::Timestamp;

/// 2026-11-20 10:43 in Shanghai.
pub(crate) const NOW: i64 = 1_795_142_580;
pub(crate) const DAY: i64 = 86_400;

pub(crate) fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

pub(crate) fn present() -> Present {
    Present { now: at(NOW), zone: Zone { minutes_east: 480 } }
}

/// So many milliseconds after [`NOW`].
pub(crate) fn instant(ms: u64) -> Instant {
    Instant { at: at(NOW + (ms / 1000) as i64), ms }
}

pub(crate) fn code(index: u32) -> SealCode {
    SealCode {
        ledger: ShortLedgerId([1; 8]),
        lot: LotId(*b"Reverie!"),
        index,
        secret: Secret([7; 16]),
    }
}

pub(crate) fn claim(index: u32) -> SealClaim {
    SealClaim::of_seal(&code(index), Carrier::Qr)
}

pub(crate) fn tap_claim(index: u32, counter: u32) -> SealClaim {
    let tap = Tap { uid: [4; 7], counter, tamper: *b"CC", code: [counter as u8; 8] };
    SealClaim { taps: vec![tap], ..SealClaim::of_seal(&code(index), Carrier::NfcTap) }
}

pub(crate) fn distillery() -> Speaker {
    Speaker {
        id: PartyId([1; 16]),
        legal_name: "Chengchuan Distillery".into(),
        roles: Roles::ISSUER,
        suspended: None,
    }
}

pub(crate) fn lab() -> Speaker {
    Speaker {
        id: PartyId([2; 16]),
        legal_name: "Heming Food Laboratory".into(),
        roles: Roles::LAB,
        suspended: None,
    }
}

pub(crate) fn field(key: &str, value: &str) -> Field {
    Field { key: key.into(), value: value.into() }
}

/// An event `days` before [`NOW`].
pub(crate) fn event(step: &str, days: i64, by: Speaker, said_by: SaidBy) -> ProvenEvent {
    let when = at(NOW - days * DAY);
    ProvenEvent {
        entered: Entered { height: 9, at: when },
        by,
        said_by,
        key_withdrawn: false,
        entry: Hash32([3; 32]),
        what: Happening::Trace(TraceEvent {
            lot: LotId(*b"Reverie!"),
            items: None,
            step: step.into(),
            at: when,
            place: Some("Chengchuan".into()),
            facts: Vec::new(),
            sensor: said_by == SaidBy::Sensor,
            document: None,
        }),
    }
}

pub(crate) fn subject(index: u32) -> Subject {
    Subject {
        number: TypedNumber { lot: LotId(*b"Reverie!"), index },
        lot_size: 1000,
        product: "Blue Reverie Deep Cellar, 500 ml".into(),
        category: "baijiu".into(),
        brand: Some("Blue Reverie".into()),
        gtin: Some("06901234567892".into()),
        serial: None,
        batch: Some("2603".into()),
        expires: None,
        carriers: vec![Carrier::Qr],
        tap_codes: 0,
        fields: vec![field("origin", "Chengchuan, workshop 3")],
        picture: None,
        private: Vec::new(),
        issuer: distillery(),
        anchored: at(NOW - 253 * DAY),
        key_retired: None,
        events: Vec::new(),
    }
}

/// E1: a printed code whose record is proven, fresh, one minute old.
pub(crate) fn e1(index: u32) -> Answer {
    Answer {
        named: NamedAs::of(&claim(index).names),
        carrier: Carrier::Qr,
        label: LabelFacts::default(),
        record: Record::Proven(Box::new(subject(index))),
        assurance: Assurance::QuorumFinalWithState,
        operators: Some(2),
        original: Original::RecordOnly { guessable: false },
        seal: SealState::Unknown,
        life: Life::At(LifeState::InTrade),
        as_of: Some(AsOf { height: 4_812_337, time: at(NOW - 61), age: 61 }),
        freshness: Freshness::Fresh,
        not_looked_at: vec![NotLookedAt::ScansElsewhere, NotLookedAt::Contents],
        demo: false,
        report_to: None,
    }
}

/// The same bottle with a tap chip.
pub(crate) fn tapped(index: u32, original: Original, seal: SealState) -> Answer {
    let carriers = vec![Carrier::Qr, Carrier::NfcTap];
    let subject = Subject { carriers, tap_codes: 32, ..subject(index) };
    Answer {
        carrier: Carrier::NfcTap,
        record: Record::Proven(Box::new(subject)),
        original,
        seal,
        ..e1(index)
    }
}

/// E1, proven as of two days and five hours ago.
pub(crate) fn stale(index: u32) -> Answer {
    let age = 53 * 3600;
    Answer {
        as_of: Some(AsOf { height: 4_812_337, time: at(NOW - age), age: age as u64 }),
        freshness: Freshness::Stale,
        not_looked_at: vec![
            NotLookedAt::SinceThen,
            NotLookedAt::ScansElsewhere,
            NotLookedAt::Contents,
        ],
        ..e1(index)
    }
}

pub(crate) fn recalled(index: u32) -> Answer {
    let recall = Recall {
        by: PartyId([1; 16]),
        at: at(NOW - 6 * DAY),
        height: 9,
        key: 0,
        notice: "the cap may leak.".into(),
        withdrawn: false,
        lifted: None,
    };
    let life = Life::Recalled(RecallShown::Lot { recall, by_authority: false });
    Answer { life, ..e1(index) }
}
