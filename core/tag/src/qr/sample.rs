//! Brightness of every module, and which of them are dark.
//!
//! Thresholds are taken between the modules themselves, not between pixels: each module is compared
//! with the middle of its neighbourhood, so that a shadow over half a code does no harm. Blur over
//! more than a module is undone before, by taking the neighbours off.

use super::decode::Modules;
use super::decode::tables::MAX_SIDE;
use super::plane::Pyramid;
use super::warp::Warp;

/// Room for one code's brightness.
#[derive(Debug)]
pub(super) struct Samples {
    side: usize,
    inverted: bool,
    values: Vec<f32>,
    sharp: Vec<f32>,
    rows: Vec<f32>,
    low: Vec<f32>,
    high: Vec<f32>,
}

impl Samples {
    pub(super) fn new() -> Self {
        let room = || Vec::with_capacity(MAX_SIDE * MAX_SIDE);
        Self {
            side: 0,
            inverted: false,
            values: room(),
            sharp: room(),
            rows: room(),
            low: room(),
            high: room(),
        }
    }

    /// Samples every module at its middle, `shift` modules off.
    pub(super) fn take(
        &mut self,
        pyramid: &Pyramid<'_>,
        warp: &Warp,
        inverted: bool,
        wanted: f32,
        shift: (f32, f32),
    ) {
        let (plane, factor) = pyramid.scale(warp.module(), wanted);
        (self.side, self.inverted) = (warp.side, inverted);
        self.values.clear();
        for y in 0..warp.side {
            let row = warp.row(y as f32 + 0.5 + shift.1);
            let middles = (0..warp.side).map(|x| row.map(x as f32 + 0.5 + shift.0));
            self.values.extend(middles.map(|at| plane.at(at * factor)));
        }
    }

    /// Decides every module. `reach` is how many modules to each side make a neighbourhood;
    /// `sharpen` is how much of the neighbours is taken off.
    pub(super) fn decide(&mut self, reach: usize, sharpen: f32, modules: &mut Modules) {
        let side = self.side;
        self.sharp.clear();
        if sharpen > 0.0 {
            let row = |y: usize| &self.values[y * side..][..side];
            for y in 0..side {
                let (above, here, below) =
                    (row(y.saturating_sub(1)), row(y), row((y + 1).min(side - 1)));
                let sharp = |x: usize| {
                    let beside = here[x.saturating_sub(1)] + here[(x + 1).min(side - 1)];
                    here[x] + sharpen * (here[x] - (beside + above[x] + below[x]) * 0.25)
                };
                self.sharp.extend((0..side).map(sharp));
            }
        } else {
            self.sharp.extend_from_slice(&self.values);
        }
        // Written out, since there are instructions for exactly this.
        let (least, most) = (|a, b| if a < b { a } else { b }, |a, b| if a > b { a } else { b });
        extremes(&self.sharp, (&mut self.rows, &mut self.low), side, reach, least);
        extremes(&self.sharp, (&mut self.rows, &mut self.high), side, reach, most);
        let out = modules.resize(side);
        let lights = self.low.iter().zip(&self.high).zip(&self.sharp);
        for (out, ((low, high), value)) in out.iter_mut().zip(lights) {
            let middle = (low + high) * 0.5;
            let dark = if self.inverted { value - middle } else { middle - value };
            // Relative to the contrast there is: a module in the shadow may be as sure as another.
            let scale = 1000.0 / (high - low).max(8.0);
            *out = (dark * scale) as i16;
        }
    }
}

/// Extremes within `reach` modules, along rows into `rows` and then along columns.
fn extremes(
    from: &[f32],
    (rows, to): (&mut Vec<f32>, &mut Vec<f32>),
    side: usize,
    reach: usize,
    extreme: impl Fn(f32, f32) -> f32 + Copy,
) {
    let take = |to: &mut [f32], from: &[f32]| {
        to.iter_mut().zip(from).for_each(|(value, other)| *value = extreme(*value, *other));
    };
    rows.clear();
    rows.extend_from_slice(from);
    for (out, row) in rows.chunks_exact_mut(side).zip(from.chunks_exact(side)) {
        for step in 1..=reach {
            take(&mut out[step..], row);
            take(out, &row[step..]);
        }
    }
    to.clear();
    to.extend_from_slice(rows);
    for (y, out) in to.chunks_exact_mut(side).enumerate() {
        let near = y.saturating_sub(reach)..(y + reach + 1).min(side);
        rows[near.start * side..near.end * side].chunks_exact(side).for_each(|row| take(out, row));
    }
}
