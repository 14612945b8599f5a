//! From a place that looks like a finder pattern to where it stands and how it lies, by its edges
//! in brightness.
//!
//! Rays go out from the middle; each should cross three edges, which lie on three squares of 3, 5
//! and 7 modules. An affine map is fitted to all of them: that is exact to a fraction of a pixel,
//! also under blur, which moves the three edges in turn outwards and inwards.

use super::finders::Hit;
use super::fit::{EDGES, Edge, SQUARES, fit};
use super::geometry::{Point, point};
use super::plane::{Plane, Pyramid};
use std::f32::consts::FRAC_1_SQRT_2;

const RAYS: usize = EDGES / 3;

/// Their directions: x is the cosine, y the sine.
const WAYS: [Point; RAYS] = {
    // Cosines of no, one, two, ... six twenty-fourths of a turn.
    const QUARTER: [f32; 7] =
        [1.0, 0.965_925_8, 0.866_025_4, FRAC_1_SQRT_2, 0.5, 0.258_819_04, 0.0];
    let mut ways = [point(0.0, 0.0); RAYS];
    let mut i = 0;
    while i < 6 {
        let (cos, sin) = (QUARTER[i], QUARTER[6 - i]);
        ways[i] = point(cos, sin);
        ways[i + 6] = point(-sin, cos);
        ways[i + 12] = point(-cos, -sin);
        ways[i + 18] = point(sin, -cos);
        i += 1;
    }
    ways
};

/// Where a finder pattern stands, in pixels of the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finder {
    pub(super) centre: Point,
    /// One module along its first side.
    pub(super) u: Point,
    /// One module along its second side, clockwise from the first.
    pub(super) v: Point,
    pub(super) inverted: bool,
    /// Share of the edges that lie where they should.
    pub(super) quality: f32,
}

impl Finder {
    /// A place in modules of this finder pattern, from its middle.
    pub(super) fn local(&self, at: Point) -> Point {
        let (to, area) = (at - self.centre, self.u.cross(self.v));
        point(to.cross(self.v) / area, self.u.cross(to) / area)
    }

    /// Pixels a module.
    pub(super) fn module(&self) -> f32 {
        self.u.cross(self.v).abs().sqrt()
    }
}

struct Edges {
    list: [Edge; EDGES],
    count: usize,
    /// Rays on which all three were found.
    whole: usize,
}

/// Looks closely; `None` where it is no finder pattern after all.
pub(super) fn refine(pyramid: &Pyramid<'_>, hit: &Hit) -> Option<Finder> {
    let (plane, factor) = pyramid.scale(hit.module, 3.0);
    let module = hit.module * factor;
    let mut centre = hit.centre * factor;
    let mut fitted = None;
    for _ in 0..2 {
        let edges = edges(plane, centre, module, hit.inverted);
        // With fewer the quality could not be reached.
        if edges.whole * 3 < (QUALITY * EDGES as f32) as usize {
            return None;
        }
        let fit = fit(&edges.list[..edges.count])?;
        let still = (fit.0 - centre).length() < 0.3 * module;
        centre = fit.0;
        fitted = Some(fit);
        if still {
            break;
        }
        // What is nothing like a pattern by the first map is none by a better one.
        if likeness(plane, 1.0, (fit.0, fit.1, fit.2), hit.inverted) < UNLIKE {
            return None;
        }
    }
    let (centre, u, v, quality) = fitted?;
    let scale = 1.0 / factor;
    let (centre, u, v) = (centre * scale, u * scale, v * scale);
    let (long, short) = (u.length().max(v.length()), u.length().min(v.length()));
    let size = u.cross(v).abs().sqrt();
    let flat = size * size < 0.35 * u.length() * v.length() || long > 4.0 * short;
    let strange = size > 2.2 * hit.module || size < 0.4 * hit.module;
    if quality < QUALITY || flat || strange || (centre - hit.centre).length() > 1.5 * hit.module {
        return None;
    }
    let likeness = likeness(plane, factor, (centre, u, v), hit.inverted);
    if likeness < LIKENESS {
        return None;
    }
    let quality = (quality + likeness) * 0.5;
    Some(Finder { centre, u, v, inverted: hit.inverted, quality })
}

/// Least share of the edges that lie where they should.
const QUALITY: f32 = 0.45;

/// Least likeness of the 49 modules with those of a finder pattern. Data that happens to have the
/// right runs has the wrong corners.
const LIKENESS: f32 = 0.68;

/// The same by the first of two maps.
const UNLIKE: f32 = 0.25;

/// Correlation of 7 x 7 modules with a finder pattern: 1 is the very same.
fn likeness(plane: Plane<'_>, factor: f32, map: (Point, Point, Point), inverted: bool) -> f32 {
    let (centre, u, v) = map;
    let (mut sum, mut square, mut dark) = (0.0, 0.0, 0.0);
    for y in -3..=3i32 {
        for x in -3..=3i32 {
            let value = plane.at((centre + u * x as f32 + v * y as f32) * factor);
            sum += value;
            square += value * value;
            dark += if x.abs().max(y.abs()) == 2 { 0.0 } else { value };
        }
    }
    // 33 dark modules, 16 light ones.
    let light = sum - dark;
    let spread = (square - sum * sum / 49.0).max(1.0).sqrt();
    let contrast = (light / 16.0 - dark / 33.0) * (33.0f32 * 16.0 / 49.0).sqrt() / spread.max(30.0);
    if inverted { -contrast } else { contrast }
}

/// Follows the rays outwards.
fn edges(plane: Plane<'_>, centre: Point, module: f32, inverted: bool) -> Edges {
    let sign = if inverted { -1.0 } else { 1.0 };
    let step = (module * 0.25).max(0.4);
    let count = ((module * 7.0 / step) as usize).clamp(8, 64);
    let mut found = Edges { list: [Edge::default(); EDGES], count: 0, whole: 0 };
    let mut dark = 0.0;
    for (x, y) in [(0.0, 0.0), (0.6, 0.0), (-0.6, 0.0), (0.0, 0.6), (0.0, -0.6)] {
        dark += sign * plane.at(centre + point(x, y) * module) / 5.0;
    }
    // The ring of light begins after 1.5 modules and ends before 3.6.
    let near = ((1.0 * module / step) as usize).max(1);
    let far = ((3.6 * module / step) as usize).min(count - 1);
    let mut values = [0f32; 64];
    // A third of the rays first, evenly around: where nearly all of them fail, so will the others.
    for (done, ray) in (0..3).flat_map(|first| (first..RAYS).step_by(3)).enumerate() {
        if done == RAYS / 3 && found.whole < 2 {
            break;
        }
        let way = WAYS[ray] * step;
        let value = |i: usize| sign * plane.at(centre + way * i as f32);
        for (i, place) in values[..=far].iter_mut().enumerate() {
            *place = value(i);
        }
        let light = values[near..=far].iter().fold(f32::MIN, |most, value| most.max(*value));
        let threshold = (dark + light) * 0.5;
        if light - dark < 12.0 {
            continue;
        }
        let (mut square, start) = (0, found.count);
        let mut here = values[0];
        for i in 1..count {
            let before = here;
            // Most rays end before the last of them, so those are looked at as they come.
            here = values[..=far].get(i).map_or_else(|| value(i), |value| *value);
            let rising = square != 1;
            if (before < threshold) == (here < threshold) || (here >= threshold) != rising {
                continue;
            }
            let part = (threshold - before) / (here - before);
            let at = centre + way * (i as f32 - 1.0 + part);
            found.list[found.count] = Edge { at, square: SQUARES[square] };
            found.count += 1;
            square += 1;
            if square == 3 {
                break;
            }
        }
        if square == 3 {
            found.whole += 1;
        } else {
            // What ends early is not to be trusted.
            found.count = start;
        }
    }
    found
}
