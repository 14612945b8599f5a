//! Flow scripts: events in, effects and view out.

mod any;
mod beside;
mod carriers;
mod faces;
mod past;
mod several;
mod staff;
mod walk;

use super::*;
use crate::answer::Answer;
use crate::case::Case;
use crate::history::Entry;
use crate::profile::{Chips, Equipment};
use crate::sample::*;
use crate::view::{Action, Screen, Shape, Tone};
use crate::words::plain;
use sealight_tag::claim::ClaimError;
use sealight_tag::payload::{Kind, NotASeal};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::{SealError, Secret};
use sealight_verify::judge::{AsOf, Named, Original, SealClaim, SealState, Shown, Unproven};
use sealight_verify::time::Timestamp;

/// A flow with a clock that only the script moves.
struct Script {
    flow: Flow,
    ms: u64,
}

impl Script {
    fn on(profile: Profile) -> Self {
        let zone = Zone { minutes_east: 480 };
        let mut flow = Flow::new(profile, Language::English, zone, instant(0));
        flow.ledgers.are(&[LEDGER]);
        Self { flow, ms: 0 }
    }

    fn send(&mut self, event: Event) -> Vec<Effect> {
        self.flow.update(event, instant(self.ms))
    }

    fn after(&mut self, ms: u64, event: Event) -> Vec<Effect> {
        self.ms += ms;
        self.send(event)
    }

    fn read(&mut self, claim: SealClaim) -> Vec<Effect> {
        self.seen(claim, false, Vec::new())
    }

    /// What the camera tells of a label, for the first time or again, with others beside it.
    fn seen(&mut self, claim: SealClaim, again: bool, others: Vec<SealClaim>) -> Vec<Effect> {
        self.send(Event::Read { claim: Ok(Box::new(claim)), by: By::Camera, again, others })
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        self.send(Event::Act(action))
    }

    /// The whole walk with nothing stored: the gateway's bundle gives this answer.
    fn answer(&mut self, claim: SealClaim, answer: Answer) -> (ScanId, Vec<Effect>) {
        let effects = self.read(claim);
        let scan = loading(&effects);
        self.send(Event::Loaded { scan, bundle: None });
        self.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
        let effects = self.judged(scan, answer);
        (scan, effects)
    }

    fn judged(&mut self, scan: ScanId, answer: Answer) -> Vec<Effect> {
        self.send(Event::Judged { scan, answer: Box::new(answer) })
    }

    fn screen(&self) -> Screen {
        self.flow.view().screen
    }

    fn headline(&self) -> String {
        plain(&self.flow.view().field.headline)
    }
}

/// The ledger of the samples.
const LEDGER: LedgerId = LedgerId([1; 32]);
/// Another one.
const OTHER: LedgerId = LedgerId([2; 32]);

fn synced(as_of: Timestamp) -> Event {
    Event::HeadersSynced { ledger: LEDGER, as_of }
}

fn sync_failed() -> Event {
    Event::SyncFailed { ledger: LEDGER }
}

fn bundle(n: u8) -> BundleBytes {
    BundleBytes { bytes: vec![n].into(), digest: format!("{n:02x}") }
}

fn loading(effects: &[Effect]) -> ScanId {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Load { scan, .. } => Some(*scan),
            _ => None,
        })
        .expect("a scan starts with the store")
}

fn has(effects: &[Effect], wanted: impl Fn(&Effect) -> bool) -> bool {
    effects.iter().any(wanted)
}

fn fetches(effects: &[Effect]) -> bool {
    has(effects, |effect| matches!(effect, Effect::Fetch { .. }))
}

fn not_a_seal() -> ClaimError {
    ClaimError::NotASeal(NotASeal {
        read: "6901234567892".into(),
        kind: Kind::PriceBarcode,
        candidate: None,
    })
}

fn trouble(script: &mut Script, error: ClaimError, typed: bool) -> Vec<Effect> {
    let by = if typed { By::Typed } else { By::Camera };
    script.send(Event::Read { claim: Err(error), by, again: false, others: Vec::new() })
}

fn saved(effects: &[Effect]) -> Option<(EntryKey, Entry)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Save { key, entry } => Some((*key, (**entry).clone())),
        _ => None,
    })
}

fn kept(id: u64, answer: &Answer) -> Kept {
    let bundle = Some("01".into());
    let entry = Entry::of(at(NOW - 30 * DAY), &claim(7), answer, Chips::ALL, bundle);
    Kept { id, entry }
}
