//! Places that look like the middle of a finder pattern: runs of 1, 1, 3, 1 and 1 modules along a
//! row, and along the column through their middle.

use super::binary::Binary;
use super::geometry::{Point, point};
use super::plane::Plane;
use super::recent::Recent;
use sealight_lanes::runs::{ALONG, FIVE, fives, module};

/// Most places kept of one picture.
pub(super) const MOST: usize = 1500;

/// Least pixels a module: with fewer nothing can be decoded, and noise has such runs everywhere.
pub(super) const LEAST: f32 = 1.1;

/// Differences in brightness between the core and the ring around it that may be a sensor's noise.
const NOISE: u8 = 10;

/// A place that looks like a finder pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    /// Its middle.
    pub(super) centre: Point,
    /// Pixels a module, by the row and the column through the middle.
    pub(super) module: f32,
    /// Light on dark.
    pub(super) inverted: bool,
    /// Rows in which it was seen.
    pub(super) seen: u16,
}

/// What [`scan`] needs beside a picture, kept between pictures.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    turns: Vec<u16>,
    likely: Vec<u8>,
    recent: Recent,
}

/// Searches every `step`th row of the rows given of a picture and its bits. Hits are appended in the
/// order of the rows.
pub(super) fn scan(
    plane: Plane<'_>,
    binary: &mut Binary,
    rows: std::ops::Range<usize>,
    step: usize,
    Scratch { turns, likely, recent }: &mut Scratch,
    hits: &mut Vec<Hit>,
) {
    recent.clear(plane.width);
    for y in rows.step_by(step.max(1)) {
        let turned = turns_of(binary.row(y), binary.width(), turns);
        let turns = &turns[..turned];
        let count = turned.saturating_sub(FIVE);
        if count == 0 {
            continue;
        }
        // Grown only: what is there is written over.
        likely.resize(likely.len().max(count), 0);
        let likely = &mut likely[..count];
        fives(turns, LEAST, likely);
        // Hardly any five are likely, so they are passed over by eights.
        for (eight, flags) in likely.chunks(8).enumerate() {
            let mut eights = [0; 8];
            eights[..flags.len()].copy_from_slice(flags);
            let mut left = u64::from_le_bytes(eights);
            while left != 0 {
                let first = 8 * eight + left.trailing_zeros() as usize / 8;
                left &= left - 1;
                let Some(&[a, b, c, d, e, f]) = turns[first..].first_chunk() else { continue };
                let runs = [b - a, c - b, d - c, e - d, f - e].map(f32::from);
                let x = middle(c, d);
                let value = |x: usize| plane.row(y)[x];
                let (core, rings) = (value(x), [middle(b, c), middle(d, e)]);
                if rings.into_iter().any(|ring| core.abs_diff(value(ring)) < NOISE) {
                    continue;
                }
                look(binary, x, y, runs, recent, hits);
            }
        }
        if hits.len() >= MOST {
            return;
        }
    }
}

/// Places at which a row changes its colour, its ends among them; returns how many.
fn turns_of(row: &[u64], width: usize, edges: &mut Vec<u16>) -> usize {
    // Grown only, as places are written over.
    edges.resize(edges.len().max(width + 1), 0);
    let (mut count, mut last) = (1, row[0] & 1);
    edges[0] = 0;
    for (i, word) in row.iter().enumerate() {
        let mut turned = word ^ (word << 1 | last);
        last = word >> 63;
        if i + 1 == row.len() && !width.is_multiple_of(64) {
            turned &= !(u64::MAX << (width % 64));
        }
        while turned != 0 {
            edges[count] = (64 * i) as u16 + turned.trailing_zeros() as u16;
            count += 1;
            turned &= turned - 1;
        }
    }
    edges[count] = width as u16;
    count + 1
}

fn middle(from: u16, to: u16) -> usize {
    usize::midpoint(usize::from(from), usize::from(to))
}

/// How far a pair of runs along a column may be off, in modules.
const DOWN: f32 = 1.0;

/// Looks at a place closely, unless it is known.
fn look(
    binary: &mut Binary,
    x: usize,
    y: usize,
    runs: [f32; FIVE],
    recent: &mut Recent,
    hits: &mut Vec<Hit>,
) {
    let inverted = !binary.dark(x, y);
    let here = point(x as f32 + 0.5, y as f32 + 0.5);
    if let Some(hit) = recent.find(hits, here, inverted) {
        hit.seen += 1;
        return;
    }
    let Some(down) = binary.column(x).five(y, module(runs), DOWN) else { return };
    let y = usize::midpoint(down.from, down.to);
    let Some(across) = binary.line(y).five(x, down.module, ALONG) else { return };
    if across.module > 2.5 * down.module || down.module > 2.5 * across.module {
        return;
    }
    let middle = |from: usize, to: usize| (from + to) as f32 * 0.5;
    let centre = point(middle(across.from, across.to), middle(down.from, down.to));
    if !rings(binary, centre, (across.module, down.module)) {
        return;
    }
    let module = (across.module + down.module) * 0.5;
    recent.push(hits, Hit { centre, module, inverted, seen: 1 });
}

/// Whether the core and the ring around it have their colours all around. However the pattern is
/// turned, a circle of one module lies in its core and one of 2.3 in its light ring; but a row
/// through a pattern that is turned by an eighth makes its modules look larger by the root of two.
fn rings(binary: &Binary, centre: Point, (across, down): (f32, f32)) -> bool {
    // Sixteenths of a turn, those first of which the row and the column through the middle say least.
    const WAYS: [(f32, f32); 4] = [(0.707, 0.707), (0.924, 0.383), (0.383, 0.924), (1.0, 0.0)];
    let at = |x: f32, y: f32| {
        let (x, y) = (centre.x + x * across, centre.y + y * down);
        // To 32 bits, which is a fraction of the work of 64.
        let (x, y) = (x as u32 as usize, y as u32 as usize);
        binary.dark(x.min(binary.width() - 1), y.min(binary.height() - 1))
    };
    let core = at(0.0, 0.0);
    [1.0, 0.86, 0.73].into_iter().any(|scale| {
        let all = |same: bool, radius: f32, but: usize| {
            let quarters = WAYS.into_iter().flat_map(|(a, b)| [(a, b), (-b, a), (-a, -b), (b, -a)]);
            let mut wrong = quarters.filter(|(x, y)| (at(x * radius, y * radius) == core) != same);
            wrong.nth(but).is_none()
        };
        all(true, scale, 2) && all(false, 2.3 * scale, 5)
    })
}
