//! Three finder patterns to a code that error correction has verified.

use super::align::{self, Anchors, axes};
use super::decode::{Decoded, Decoder, Modules, View, format, tables};
use super::geometry::Point;
use super::group::{Triple, timing};
use super::plane::Pyramid;
use super::refine::Finder;
use super::sample::Samples;
use super::warp::Warp;

/// Room for attempts, kept between codes.
#[derive(Debug)]
pub(super) struct Bench {
    samples: Samples,
    modules: Modules,
    decoder: Decoder,
    /// Modules sampled so far, by which work is measured where there is no clock.
    pub(super) work: usize,
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) decoded: Decoded,
    pub(super) warp: Warp,
}

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Found(Box<Found>),
    Nothing,
    /// Not likely enough to be attempted yet.
    PutOff,
}

/// Modules to each side that a module is compared with, and how much it is sharpened before.
const DECISIONS: [(usize, f32); 3] = [(4, 0.0), (3, 0.8), (2, 2.0)];

/// Sides that are tried of three patterns.
const SIDES: usize = 4;

/// Smallest side that has version information.
const TELLING: usize = 45;

/// Logarithm of how far a side that a code tells may be from what the distances say.
const TOLD: f32 = 0.25;

/// Least share of the timing modules that have to be right before anything is sampled. Three
/// patterns of a crowd that belong to two codes have a part of a timing pattern between them.
const TIMING: f32 = 0.66;

/// Least share of them once every module has been sampled.
const SETTLING: f32 = 0.7;

/// What an attempt costs besides the modules it samples.
const WORK: usize = 400;

impl Bench {
    pub(super) fn new() -> Self {
        Self { samples: Samples::new(), modules: Modules::new(), decoder: Decoder::new(), work: 0 }
    }

    /// Tries the likely numbers of modules one after the other.
    ///
    /// Unless `any`, what the timing patterns count has to agree with the distances: in a crowd most
    /// triples are of several codes, and this is cheap to see.
    pub(super) fn attempt(
        &mut self,
        pyramid: &Pyramid<'_>,
        finders: &[Finder],
        triple: &Triple,
        any: bool,
    ) -> Outcome {
        let chosen = [&finders[triple.corner], &finders[triple.right], &finders[triple.down]];
        let axes = axes(finders, triple);
        let (right, down) = axes[0];
        let counts = [
            timing(pyramid, chosen[0], (right, down), chosen[1]),
            timing(pyramid, chosen[0], (down, right), chosen[2]),
        ];
        self.work += WORK;
        let (sides, agreed) = sides(counts, triple.side);
        if !agreed && !any {
            return Outcome::PutOff;
        }
        let inverted = chosen[0].inverted;
        let mut tried = [0; SIDES];
        for (i, guess) in sides.into_iter().enumerate() {
            let Some(guess) = guess else { continue };
            let Some(warp) = Anchors::of(chosen, axes, guess).warp(guess) else { continue };
            // A large code says its size itself.
            let told = if guess >= TELLING { self.told(pyramid, &warp, inverted) } else { None };
            let told = told.filter(|side| (*side as f32 / triple.side).ln().abs() < TOLD);
            let side = told.unwrap_or(guess);
            if tried[..i].contains(&side) {
                continue;
            }
            tried[i] = side;
            let anchors = Anchors::of(chosen, axes, side);
            let Some(warp) = anchors.warp(side) else { continue };
            // The patterns at the ends of a long side say too little about its middle.
            let enough = if told.is_some() { 0.0 } else { TIMING };
            if self.timing(pyramid, &warp, inverted) < enough {
                continue;
            }
            if let Some(found) = self.grid(pyramid, &anchors, warp, inverted) {
                return Outcome::Found(Box::new(found));
            }
            if told.is_some() {
                break;
            }
        }
        Outcome::Nothing
    }

    /// Side by the version information beside the two far patterns: what both say, or one of them
    /// clearly. A tenth of all random bits are near enough to some version's.
    fn told(&mut self, pyramid: &Pyramid<'_>, warp: &Warp, inverted: bool) -> Option<usize> {
        let (plane, factor) = pyramid.scale(warp.module(), 2.5);
        let side = warp.side;
        let read = |mirror: bool| {
            let mut values = [0f32; 18];
            for (i, value) in values.iter_mut().enumerate() {
                let (x, y) = (side - 11 + i % 3, i / 3);
                let (x, y) = if mirror { (y, x) } else { (x, y) };
                *value = plane.at(warp.map(x as f32 + 0.5, y as f32 + 0.5) * factor);
            }
            let (low, high) = values.iter().fold((f32::MAX, f32::MIN), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
            let bits = values.iter().enumerate().fold(0, |bits, (i, value)| {
                bits | u32::from((*value < (low + high) * 0.5) != inverted) << i
            });
            format::version(bits)
        };
        let version = match (read(false), read(true)) {
            (Some((first, _)), Some((second, _))) if first == second => first,
            (Some((version, ..=1)), _) | (_, Some((version, ..=1))) => version,
            _ => return None,
        };
        Some(version * 4 + 17)
    }

    /// Share of the timing modules that differ from their neighbours the way they should.
    fn timing(&self, pyramid: &Pyramid<'_>, warp: &Warp, inverted: bool) -> f32 {
        let (plane, factor) = pyramid.scale(warp.module(), 2.5);
        let (mut right, mut all) = (0, 0);
        for down in [false, true] {
            let value = |i: usize| {
                let along = i as f32 + 0.5;
                let (x, y) = if down { (6.5, along) } else { (along, 6.5) };
                plane.at(warp.map(x, y) * factor)
            };
            let (mut before, mut here) = (value(7), value(8));
            for i in 8..warp.side - 8 {
                let after = value(i + 1);
                let dark = (here < (before + after) * 0.5) != inverted;
                right += usize::from(dark == (i % 2 == 0));
                all += 1;
                (before, here) = (here, after);
            }
        }
        right as f32 / all as f32
    }

    /// Samples and decodes, bending the map closer to the code between tries.
    fn grid(
        &mut self,
        pyramid: &Pyramid<'_>,
        anchors: &Anchors,
        warp: Warp,
        inverted: bool,
    ) -> Option<Found> {
        self.work += WORK + 2 * warp.side * warp.side + align::work(warp.side);
        let mut warp = anchors.aligned(pyramid, warp, inverted);
        if !warp.is_sound() {
            return None;
        }
        self.samples.take(pyramid, &warp, inverted, 3.0, (0.0, 0.0));
        self.samples.decide(DECISIONS[0].0, DECISIONS[0].1, &mut self.modules);
        let (patterns, timing) = fixed(&self.modules);
        if patterns < 0.75 || timing < SETTLING {
            return None;
        }
        if let Some(decoded) = self.decoder.decode(&self.modules) {
            return Some(Found { decoded, warp });
        }
        for degree in [1, 2, 2, 3, 3] {
            let Some(_) = warp.settle(pyramid, &self.modules, degree) else { break };
            if !warp.is_sound() {
                break;
            }
            self.work += 3 * warp.side * warp.side;
            self.samples.take(pyramid, &warp, inverted, 3.0, (0.0, 0.0));
            for (reach, sharpen) in DECISIONS {
                self.samples.decide(reach, sharpen, &mut self.modules);
                if let Some(decoded) = self.decoder.decode(&self.modules) {
                    return Some(Found { decoded, warp });
                }
            }
        }
        None
    }
}

/// Likely sides, best first: what both timing patterns say, what either says, what the distances
/// say.
fn sides(counts: [Option<usize>; 2], distance: f32) -> ([Option<usize>; SIDES], bool) {
    let valid = |side: f32| {
        let version = ((side - 17.0) / 4.0).round().clamp(1.0, 40.0);
        version as usize * 4 + 17
    };
    let near = |side: usize| (side as f32 / distance).ln().abs() < 0.3;
    let counted = counts
        .map(|count| count.map(|count| valid(count as f32 + 13.0)).filter(|side| near(*side)));
    let guess = valid(distance);
    let next = if distance > guess as f32 { guess + 4 } else { guess - 4 };
    let agreed = counted.iter().any(Option::is_some);
    let mut list = [counted[0], counted[1], Some(guess), Some(next)];
    for i in 0..list.len() {
        if list[i]
            .is_some_and(|side| list[..i].contains(&Some(side)) || tables::version(side).is_none())
        {
            list[i] = None;
        }
    }
    (list, agreed)
}

/// Shares of the finder modules and of the timing modules that are as every code has them.
fn fixed(modules: &Modules) -> (f32, f32) {
    let (side, values) = (modules.side(), modules.values());
    let dark = |x: usize, y: usize| values[y * side + x] > 0;
    let (mut timing, mut patterns) = (0, 0);
    for i in 8..side - 8 {
        timing += usize::from(dark(i, 6) == (i % 2 == 0)) + usize::from(dark(6, i) == (i % 2 == 0));
    }
    for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
        for i in 0..49usize {
            let (x, y) = (i % 7, i / 7);
            let ring = x.abs_diff(3).max(y.abs_diff(3));
            patterns += usize::from(dark(left + x, top + y) == (ring != 2));
        }
    }
    (patterns as f32 / 147.0, timing as f32 / (2 * side - 32) as f32)
}

impl Found {
    /// Corners clockwise as the picture is seen, from the code's own upper left.
    pub(super) fn corners(&self) -> [Point; 4] {
        let [a, b, c, d] = self.warp.corners();
        if self.decoded.view == View::Mirrored { [a, d, c, b] } else { [a, b, c, d] }
    }
}
