//! What a camera's pictures say: one event for what is held up, not one a picture.
//!
//! Looks at one picture at a time, on the thread that calls, for at most [`LOOK`]. Of several seals
//! the one nearest the middle is scanned and the others are told beside it. A code that is no seal
//! counts only where no seal is, and only once it was read three times running: bars are seen in
//! many a pattern. What stays in view is told again every two seconds, so that its answer stays on
//! the screen, but for three minutes at most: a bottle that was left behind is no visitor.

use crate::clock::Budget;
use sealight_flow::{Event, Hint};
use sealight_tag::claim::{ClaimError, claim};
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{Code, CodeReader, FrameReader};
use sealight_tag::reading::TagReading;
use sealight_verify::judge::SealClaim;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// How long one picture is looked at.
pub const LOOK: Duration = Duration::from_millis(120);
/// Milliseconds after which a code that is still there is told again.
const AGAIN: u64 = 2_000;
/// Milliseconds for which it is told again.
const LONGEST: u64 = 180_000;
/// Milliseconds without a code after which the same one is a new scan.
const AWAY: u64 = 1_000;
/// Pictures in which a code that is no seal must be read.
const SURE: u32 = 3;
/// Below this mean brightness nothing can be read.
const DARK: u64 = 28;

/// Looks at picture after picture.
#[derive(Debug, Default)]
pub struct Eye {
    reader: FrameReader,
    hasher: RandomState,
    held: Option<Held>,
    dark: bool,
}

/// What is held up: its hash only, for it may be a seal's secret.
#[derive(Debug, Clone, Copy)]
struct Held {
    code: u64,
    since: u64,
    seen: u64,
    told: Option<u64>,
    times: u32,
}

impl Eye {
    /// Looks at a picture that was taken at `ms`, of a clock that does not go back.
    pub fn look(&mut self, frame: &LumaFrame, ms: u64) -> Option<Event> {
        let codes = self.reader.read(frame, &Budget::of(LOOK));
        let middle = (frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
        match said(codes, middle) {
            Some(said) => self.held(said, ms),
            None => self.light(frame),
        }
    }

    fn held(&mut self, said: Said, ms: u64) -> Option<Event> {
        let code = self.hasher.hash_one(&said.bytes);
        let fresh = Held { code, since: ms, seen: ms, told: None, times: 0 };
        let held = self.held.get_or_insert(fresh);
        if held.code != code || ms.saturating_sub(held.seen) > AWAY {
            *held = fresh;
        }
        (held.seen, held.times) = (ms, held.times.saturating_add(1));
        let due = held.told.is_none_or(|told| ms.saturating_sub(told) >= AGAIN);
        let left_behind = ms.saturating_sub(held.since) > LONGEST;
        if !due || left_behind || said.claim.is_err() && held.times < SURE {
            return None;
        }
        held.told = Some(ms);
        Some(Event::Read { claim: said.claim.map(Box::new), typed: false, others: said.others })
    }

    /// Says once that it is dark, and once that it no longer is.
    fn light(&mut self, frame: &LumaFrame) -> Option<Event> {
        let sum: u64 = frame.pixels().iter().step_by(16).map(|pixel| u64::from(*pixel)).sum();
        let dark = sum < DARK * frame.pixels().len().div_ceil(16) as u64;
        (dark != std::mem::replace(&mut self.dark, dark)).then_some(Event::Hint(if dark {
            Hint::MoreLight
        } else {
            Hint::None
        }))
    }
}

/// What one picture says.
struct Said {
    bytes: Vec<u8>,
    claim: Result<SealClaim, ClaimError>,
    others: Vec<SealClaim>,
}

fn said(mut codes: Vec<Code>, middle: (f32, f32)) -> Option<Said> {
    codes.sort_by(|one, two| far(one, middle).total_cmp(&far(two, middle)));
    let mut first = None;
    let mut others = Vec::new();
    for code in codes {
        let reading = TagReading::from(code);
        let claim = claim(reading.decode(), reading.medium.carrier());
        match (&first, claim) {
            (Some(Said { claim: Ok(_), .. }), Ok(claim)) => others.push(claim),
            (None, claim) | (Some(Said { claim: Err(_), .. }), claim @ Ok(_)) => {
                first = Some(Said { bytes: reading.bytes, claim, others: Vec::new() });
            }
            (Some(_), Err(_)) => {}
        }
    }
    first.map(|first| Said { others, ..first })
}

/// How far from the middle a code stands, squared.
fn far(code: &Code, (x, y): (f32, f32)) -> f32 {
    let count = code.corners.len().max(1) as f32;
    let sum = code.corners.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    (sum.0 / count - x).powi(2) + (sum.1 / count - y).powi(2)
}

#[cfg(test)]
mod tests;
