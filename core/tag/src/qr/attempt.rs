//! Three finder patterns to a code that error correction has verified.

use super::align::{Anchors, axes};
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
}

/// What came of an attempt.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) decoded: Decoded,
    pub(super) warp: Warp,
}

/// Modules to each side that a module is compared with, and how much it is sharpened before.
const DECISIONS: [(usize, f32); 3] = [(4, 0.0), (3, 0.8), (2, 2.0)];

impl Bench {
    pub(super) fn new() -> Self {
        Self { samples: Samples::new(), modules: Modules::new(), decoder: Decoder::new() }
    }

    /// Tries the likely numbers of modules one after the other.
    pub(super) fn attempt(&mut self, pyramid: &Pyramid<'_>, finders: &[Finder], triple: &Triple) -> Option<Found> {
        let chosen = [&finders[triple.corner], &finders[triple.right], &finders[triple.down]];
        let axes = axes(finders, triple);
        let (right, down) = axes[0];
        let counts = [
            timing(pyramid, chosen[0], (right, down), chosen[1]),
            timing(pyramid, chosen[0], (down, right), chosen[2]),
        ];
        let sides = sides(counts, triple.side);
        let mut tried = 0;
        for side in sides.into_iter().flatten() {
            let anchors = Anchors::of(chosen, axes, side);
            let Some(warp) = anchors.warp(side) else { continue };
            if side >= 45 {
                // A large code says its size itself.
                if let Some(told) = self.told(pyramid, &warp, chosen[0].inverted)
                    && told != side
                {
                    let anchors = Anchors::of(chosen, axes, told);
                    if let Some(warp) = anchors.warp(told)
                        && let Some(found) = self.grid(pyramid, &anchors, warp, chosen[0].inverted)
                    {
                        return Some(found);
                    }
                    continue;
                }
            }
            if let Some(found) = self.grid(pyramid, &anchors, warp, chosen[0].inverted) {
                return Some(found);
            }
            tried += 1;
            if tried == 3 {
                break;
            }
        }
        None
    }

    /// Side by the version information beside the two far patterns.
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
            format::version(bits).map(|version| version * 4 + 17)
        };
        read(false).or_else(|| read(true))
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
    fn grid(&mut self, pyramid: &Pyramid<'_>, anchors: &Anchors, warp: Warp, inverted: bool) -> Option<Found> {
        if self.timing(pyramid, &warp, inverted) < 0.6 {
            return None;
        }
        let (mut warp, aligned) = anchors.aligned(pyramid, warp, inverted);
        if !warp.is_sound() {
            return None;
        }
        self.samples.take(pyramid, &warp, inverted, 3.0, (0.0, 0.0));
        self.samples.decide(DECISIONS[0].0, DECISIONS[0].1, &mut self.modules);
        let fixed = fixed(&self.modules);
        if fixed < 0.7 {
            return None;
        }
        if let Some(decoded) = self.decoder.decode(&self.modules) {
            return Some(Found { decoded, warp });
        }
        _ = aligned;
        for degree in [1, 2, 2, 3, 3] {
            let Some(_) = warp.settle(pyramid, &self.modules, degree) else { break };
            if !warp.is_sound() {
                break;
            }
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
fn sides(counts: [Option<usize>; 2], distance: f32) -> [Option<usize>; 5] {
    let valid = |side: f32| {
        let version = ((side - 17.0) / 4.0).round().clamp(1.0, 40.0);
        version as usize * 4 + 17
    };
    let near = |side: usize| (side as f32 / distance).ln().abs() < 0.3;
    let counted = counts.map(|count| count.map(|count| valid(count as f32 + 13.0)).filter(|side| near(*side)));
    let guess = valid(distance);
    let next = if distance > guess as f32 { guess + 4 } else { guess - 4 };
    let mut list = [counted[0], counted[1], Some(guess), Some(next), None];
    for i in 0..list.len() {
        if list[i].is_some_and(|side| list[..i].contains(&Some(side)) || tables::version(side).is_none()) {
            list[i] = None;
        }
    }
    list
}

/// Share of the timing and finder modules that are as every code has them.
fn fixed(modules: &Modules) -> f32 {
    let (side, values) = (modules.side(), modules.values());
    let dark = |x: usize, y: usize| values[y * side + x] > 0;
    let (mut right, mut all) = (0, 0);
    for i in 8..side - 8 {
        right += usize::from(dark(i, 6) == (i % 2 == 0)) + usize::from(dark(6, i) == (i % 2 == 0));
        all += 2;
    }
    for (left, top) in [(0, 0), (side - 7, 0), (0, side - 7)] {
        for i in 0..49usize {
            let (x, y) = (i % 7, i / 7);
            let ring = x.abs_diff(3).max(y.abs_diff(3));
            right += usize::from(dark(left + x, top + y) == (ring != 2));
            all += 1;
        }
    }
    right as f32 / all as f32
}

impl Found {
    /// Corners clockwise as the picture is seen, from the code's own upper left.
    pub(super) fn corners(&self) -> [Point; 4] {
        let [a, b, c, d] = self.warp.corners();
        if self.decoded.view == View::Mirrored { [a, d, c, b] } else { [a, b, c, d] }
    }
}
