//! What a camera's pictures say: one event for what is held up, not one a picture.
//!
//! Looks at one picture at a time, on the thread that calls, for at most [`LOOK`]. Of several seals
//! the one nearest the middle is scanned and the others are told beside it; it stays the one that
//! is looked at until it is gone or another is clearly nearer. A code that is no seal counts only
//! where no seal is, and only once it was read three times running: bars are seen in many a
//! pattern. What stays in view is told again every two seconds, marked so: that keeps its answer on
//! the screen and starts nothing. After three minutes it is told no more and is in nobody's way,
//! nearer the middle or not: a bottle that was left behind is no visitor. Once it was taken away
//! it counts again.

mod left;

use crate::clock::Budget;
use left::Standing;
use sealight_flow::{By, Event, Hint};
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
/// Milliseconds without a code after which the same one is a new scan.
const AWAY: u64 = 1_000;
/// By a quarter of its distance another code is clearly nearer than one that was told; of squares.
const CLEARLY: f32 = 0.75 * 0.75;
/// Pictures in which a code that is no seal must be read.
const SURE: u32 = 3;
/// Below this mean brightness nothing can be read.
const DARK: u64 = 28;

/// Looks at picture after picture.
#[derive(Debug, Default)]
pub struct Eye {
    reader: FrameReader,
    hasher: RandomState,
    standing: Standing,
    held: Option<Held>,
    dark: bool,
}

/// What is held up: its hash only, for it may be a seal's secret.
#[derive(Debug)]
struct Held {
    code: u64,
    is_seal: bool,
    seen: u64,
    told: Option<u64>,
    times: u32,
    /// The seals that were beside it when it was last seen.
    beside: Vec<u64>,
}

impl Eye {
    /// Looks at a picture that was taken at `ms`, of a clock that does not go back.
    pub fn look(&mut self, frame: &LumaFrame, ms: u64) -> Option<Event> {
        let codes = self.reader.read(frame, &Budget::of(LOOK));
        let middle = (frame.width() as f32 / 2.0, frame.height() as f32 / 2.0);
        let mut seen: Vec<Seen> =
            codes.into_iter().map(|code| Seen::of(code, middle, &self.hasher)).collect();
        self.leave_out(&mut seen, ms);
        if seen.is_empty() {
            return self.light(frame);
        }
        seen.sort_by(|one, two| one.far.total_cmp(&two.far));
        let first = seen.remove(self.first(&seen, ms)?);
        self.held(first, seen, ms)
    }

    /// Leaves out what was left behind.
    fn leave_out(&mut self, seen: &mut Vec<Seen>, ms: u64) {
        self.standing.see(seen.iter().map(|seen| seen.code), ms);
        seen.retain(|seen| !self.standing.is_left(seen.code));
        if seen.iter().any(Seen::is_seal) {
            self.standing.hidden(ms);
        }
    }

    /// Which of the codes is looked at: the seal nearest the middle, or the nearest code where
    /// there is no seal. What was told stays it until it is gone or another seal is clearly nearer:
    /// of two bottles at the same distance the nearest changes from picture to picture.
    fn first(&self, seen: &[Seen], ms: u64) -> Option<usize> {
        let nearest = seen.iter().position(Seen::is_seal).unwrap_or(0);
        let stays = |held: &&Held| held.told.is_some() && held.is_here(ms);
        let Some(held) = self.held.as_ref().filter(stays) else { return Some(nearest) };
        let new = seen.get(nearest)?;
        if let Some(at) = seen.iter().position(|seen| seen.code == held.code) {
            let clearly = seen.get(at).is_some_and(|told| new.far < told.far * CLEARLY);
            let gives_way = new.is_seal() && (clearly || !held.is_seal);
            return Some(if gives_way { nearest } else { at });
        }
        // It was not read in this picture: gone, where what is there instead was not there before.
        let was_there = if new.is_seal() { held.beside.contains(&new.code) } else { held.is_seal };
        (!was_there).then_some(nearest)
    }

    fn held(&mut self, first: Seen, others: Vec<Seen>, ms: u64) -> Option<Event> {
        let fresh = || Held::new(&first, ms);
        let held = self.held.get_or_insert_with(fresh);
        if held.code != first.code || !held.is_here(ms) {
            *held = fresh();
        }
        let others = others.into_iter().filter(|seen| seen.is_seal() && seen.code != first.code);
        let (beside, others): (Vec<u64>, Vec<_>) =
            others.map(|other| (other.code, other.claim)).unzip();
        (held.seen, held.times, held.beside) = (ms, held.times.saturating_add(1), beside);
        let due = held.told.is_none_or(|told| ms.saturating_sub(told) >= AGAIN);
        if !due || first.claim.is_err() && held.times < SURE {
            return None;
        }
        let again = held.told.replace(ms).is_some();
        Some(Event::Read {
            claim: first.claim.map(Box::new),
            by: By::Camera,
            again,
            others: others.into_iter().flatten().collect(),
        })
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

impl Held {
    fn new(seen: &Seen, ms: u64) -> Self {
        let (code, is_seal) = (seen.code, seen.is_seal());
        Self { code, is_seal, seen: ms, told: None, times: 0, beside: Vec::new() }
    }

    /// Whether it has not been away for long enough to be a new scan.
    fn is_here(&self, ms: u64) -> bool {
        ms.saturating_sub(self.seen) <= AWAY
    }
}

/// A code in one picture.
struct Seen {
    /// Hash of its bytes.
    code: u64,
    /// How far from the middle it stands, squared.
    far: f32,
    claim: Result<SealClaim, ClaimError>,
}

impl Seen {
    fn of(code: Code, middle: (f32, f32), hasher: &RandomState) -> Self {
        let far = far(&code, middle);
        let reading = TagReading::from(code);
        let claim = claim(reading.decode(), reading.medium.carrier());
        Self { code: hasher.hash_one(&reading.bytes), far, claim }
    }

    fn is_seal(&self) -> bool {
        self.claim.is_ok()
    }
}

/// How far from the middle a code stands, squared.
fn far(code: &Code, (x, y): (f32, f32)) -> f32 {
    let count = code.corners.len().max(1) as f32;
    let sum = code.corners.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
    (sum.0 / count - x).powi(2) + (sum.1 / count - y).powi(2)
}

#[cfg(test)]
mod tests;
