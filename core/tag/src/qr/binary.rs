//! Dark and light by a threshold that follows the light, one bit a pixel.
//!
//! A block of 8 x 8 pixels takes the middle between the darkest and the brightest pixel of its
//! neighbourhood, smoothed over the neighbours. Where a neighbourhood has hardly any contrast, the
//! whole block goes to the side on which the nearest threshold puts it, so that paper and table stay
//! free of noise and the middle of a large module keeps its colour.

use super::lines::Line;
use super::plane::Plane;
use sealight_lanes::bits::{SQUARE, turn};
use sealight_lanes::pixels::{BLOCK, below, extremes};

/// How thresholds are found; the ladder has several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    /// Blocks to each side that make a neighbourhood.
    pub(super) reach: usize,
    /// Least difference in brightness that is more than noise.
    pub(super) contrast: u8,
}

/// Bits of a picture and the room to make them, kept between pictures.
#[derive(Debug, Default)]
pub(super) struct Binary {
    width: usize,
    height: usize,
    words: usize,
    bits: Vec<u64>,
    low: Vec<u8>,
    high: Vec<u8>,
    wide_low: Vec<u8>,
    wide_high: Vec<u8>,
    thresholds: Vec<u8>,
    scratch: Vec<u8>,
    columns: Vec<u16>,
    /// The same bits, column by column, where somebody asked for them.
    turned: Vec<u64>,
    /// Which strips of 64 columns are in `turned`.
    strips: Vec<bool>,
}

impl Binary {
    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    pub(super) fn row(&self, y: usize) -> &[u64] {
        &self.bits[y * self.words..][..self.words]
    }

    pub(super) fn dark(&self, x: usize, y: usize) -> bool {
        self.bits[y * self.words + x / 64] >> (x % 64) & 1 == 1
    }

    /// A row's pixels.
    pub(super) fn line(&self, y: usize) -> Line<'_> {
        Line { bits: self.row(y), length: self.width }
    }

    /// A column's.
    pub(super) fn column(&mut self, x: usize) -> Line<'_> {
        let (down, strip) = (self.height.div_ceil(SQUARE), x / SQUARE);
        if !self.strips[strip] {
            self.strips[strip] = true;
            let columns = &mut self.turned[strip * SQUARE * down..][..SQUARE * down];
            turn(&self.bits, self.words, strip, columns);
        }
        Line { bits: &self.turned[x * down..][..down], length: self.height }
    }

    /// Thresholds a picture.
    pub(super) fn make(&mut self, plane: Plane<'_>, rule: Rule) {
        let (width, height) = (plane.width, plane.height);
        let (across, down) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
        (self.width, self.height, self.words) = (width, height, width.div_ceil(64));
        for blocks in [
            &mut self.low,
            &mut self.high,
            &mut self.wide_low,
            &mut self.wide_high,
            &mut self.thresholds,
        ] {
            blocks.resize(across * down, 0);
        }
        self.bits.resize(self.words * height, 0);
        self.turned.resize(self.words * SQUARE * height.div_ceil(SQUARE), 0);
        self.strips.clear();
        self.strips.resize(self.words, false);
        self.scratch.resize(3 * width.max(across), 0);
        extremes(plane.pixels, width, &mut self.low, &mut self.high, &mut self.scratch);
        self.columns.resize(2 * (across + 2), 0);
        self.widen(across, rule.reach);
        self.middle(across, rule.contrast);
        self.fill(across);
        for y in 0..height {
            let limits = &self.thresholds[y / BLOCK * across..][..across];
            below(plane.row(y), limits, &mut self.bits[y * self.words..][..self.words]);
        }
    }

    /// Extremes of each block's neighbourhood: along the rows, then along the columns.
    fn widen(&mut self, across: usize, reach: usize) {
        spread(&self.low, &mut self.wide_low, across, reach, &mut self.scratch, u8::min);
        spread(&self.high, &mut self.wide_high, across, reach, &mut self.scratch, u8::max);
    }

    /// The middle where there is contrast, 0 where there is none; then the mean of neighbours that
    /// have one. Leaves the thresholds in `thresholds`.
    fn middle(&mut self, across: usize, contrast: u8) {
        for (low, high) in self.wide_low.iter_mut().zip(&self.wide_high) {
            let clear = *high - *low >= contrast;
            *low = if clear {
                (u16::midpoint(u16::from(*low), u16::from(*high)) as u8).max(1)
            } else {
                0
            };
        }
        let down = self.thresholds.len() / across;
        // One column more to each side, so that those at the edges have neighbours too.
        let (sums, counts) = self.columns.split_at_mut(across + 2);
        for y in 0..down {
            sums.fill(0);
            counts.fill(0);
            for row in
                self.wide_low.chunks_exact(across).take((y + 2).min(down)).skip(y.saturating_sub(1))
            {
                for ((sum, count), value) in sums[1..].iter_mut().zip(&mut counts[1..]).zip(row) {
                    *sum += u16::from(*value);
                    *count += u16::from(*value != 0);
                }
            }
            let own = &self.wide_low[y * across..][..across];
            let out = &mut self.thresholds[y * across..][..across];
            let three = |of: &[u16], x: usize| of[x] + of[x + 1] + of[x + 2];
            for (x, (out, own)) in out.iter_mut().zip(own).enumerate() {
                let part = PARTS[usize::from(three(counts, x))];
                let mean = (u32::from(three(sums, x)) * part) >> 16;
                *out = if *own == 0 { 0 } else { mean as u8 };
            }
        }
    }

    /// Gives blocks without contrast to one side, by the nearest threshold left, above, right or
    /// below.
    fn fill(&mut self, across: usize) {
        // `wide_low` carries the thresholds on, `thresholds` what is compared with.
        self.wide_low.copy_from_slice(&self.thresholds);
        let count = self.thresholds.len();
        let flat = |low: u8, high: u8, near: u8| {
            if near == 0 {
                return 0;
            }
            if u8::midpoint(low, high) < near { 255 } else { 0 }
        };
        for i in 0..count {
            if self.thresholds[i] != 0 {
                continue;
            }
            let left = if i % across > 0 { self.wide_low[i - 1] } else { 0 };
            let above = if i >= across { self.wide_low[i - across] } else { 0 };
            self.wide_low[i] = near(left, above);
            self.wide_high[i] = flat(self.low[i], self.high[i], self.wide_low[i]);
        }
        for i in (0..count).rev() {
            if self.thresholds[i] != 0 {
                continue;
            }
            if self.wide_low[i] == 0 {
                let right = if i % across + 1 < across { self.wide_low[i + 1] } else { 0 };
                let below = if i + across < count { self.wide_low[i + across] } else { 0 };
                self.wide_low[i] = near(right, below);
                self.wide_high[i] = flat(self.low[i], self.high[i], self.wide_low[i]);
            }
        }
        for i in 0..count {
            if self.thresholds[i] == 0 {
                self.thresholds[i] = self.wide_high[i];
            }
        }
    }
}

/// What a sum of so many bytes is multiplied with to be their mean times 65536. Rounded up, so that
/// nine bytes at most give the very quotient.
const PARTS: [u32; 10] = {
    let mut parts = [0; 10];
    let mut count = 1;
    while count < 10 {
        parts[count] = 65_536u32.div_ceil(count as u32);
        count += 1;
    }
    parts
};

fn near(first: u8, second: u8) -> u8 {
    match (first, second) {
        (0, other) | (other, 0) => other,
        (first, second) => u8::midpoint(first, second),
    }
}

/// `to` takes the extreme of `from` over `reach` blocks to each side.
fn spread(
    from: &[u8],
    to: &mut [u8],
    across: usize,
    reach: usize,
    scratch: &mut [u8],
    extreme: impl Fn(u8, u8) -> u8 + Copy,
) {
    let down = from.len() / across;
    for y in 0..down {
        let line = &mut scratch[..across];
        line.copy_from_slice(&from[y * across..][..across]);
        for other in y.saturating_sub(reach)..(y + reach + 1).min(down) {
            let row = &from[other * across..][..across];
            line.iter_mut().zip(row).for_each(|(value, other)| *value = extreme(*value, *other));
        }
        let out = &mut to[y * across..][..across];
        out.copy_from_slice(line);
        for step in 1..=reach.min(across - 1) {
            out[step..]
                .iter_mut()
                .zip(&*line)
                .for_each(|(value, other)| *value = extreme(*value, *other));
            out.iter_mut()
                .zip(&line[step..])
                .for_each(|(value, other)| *value = extreme(*value, *other));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PARTS;

    #[test]
    fn a_mean_by_parts_is_the_quotient() {
        for count in 1..10 {
            for sum in 0..=255 * count {
                assert_eq!((sum * PARTS[count as usize]) >> 16, sum / count, "{sum} by {count}");
            }
        }
    }
}
