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
    low: Vec<f32>,
    high: Vec<f32>,
}

impl Samples {
    pub(super) fn new() -> Self {
        let room = || Vec::with_capacity(MAX_SIDE * MAX_SIDE);
        Self { side: 0, inverted: false, values: room(), sharp: room(), low: room(), high: room() }
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
            for x in 0..warp.side {
                let at = warp.map(x as f32 + 0.5 + shift.0, y as f32 + 0.5 + shift.1);
                self.values.push(plane.at(at * factor));
            }
        }
    }

    /// Decides every module. `reach` is how many modules to each side make a neighbourhood;
    /// `sharpen` is how much of the neighbours is taken off.
    pub(super) fn decide(&mut self, reach: usize, sharpen: f32, modules: &mut Modules) {
        let side = self.side;
        self.sharp.clear();
        if sharpen > 0.0 {
            let at = |x: usize, y: usize| self.values[y.min(side - 1) * side + x.min(side - 1)];
            for y in 0..side {
                for x in 0..side {
                    let around = at(x.saturating_sub(1), y)
                        + at(x + 1, y)
                        + at(x, y.saturating_sub(1))
                        + at(x, y + 1);
                    let here = at(x, y);
                    self.sharp.push(here + sharpen * (here - around * 0.25));
                }
            }
        } else {
            self.sharp.extend_from_slice(&self.values);
        }
        extremes(&self.sharp, &mut self.low, side, reach, f32::min);
        extremes(&self.sharp, &mut self.high, side, reach, f32::max);
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

/// Extremes within `reach` modules, along rows and then along columns.
fn extremes(
    from: &[f32],
    to: &mut Vec<f32>,
    side: usize,
    reach: usize,
    extreme: fn(f32, f32) -> f32,
) {
    to.clear();
    to.resize(from.len(), 0.0);
    let mut line = [0f32; MAX_SIDE];
    for y in 0..side {
        let row = &from[y * side..][..side];
        for x in 0..side {
            let window = &row[x.saturating_sub(reach)..(x + reach + 1).min(side)];
            to[y * side + x] = window.iter().copied().fold(window[0], extreme);
        }
    }
    for x in 0..side {
        (0..side).for_each(|y| line[y] = to[y * side + x]);
        for y in 0..side {
            let window = &line[y.saturating_sub(reach)..(y + reach + 1).min(side)];
            to[y * side + x] = window.iter().copied().fold(window[0], extreme);
        }
    }
}
