//! A sampled grid of modules to content: format, words, correction, bit stream.
//!
//! Own rather than rqrr's, whose result says neither how much was corrected (which is what tells a
//! reading from a guess) nor ECI and function 1, and which knows no erasures. rqrr stays the peer
//! that every version and level is compared with in the tests.

pub(super) mod charset;
pub(super) mod format;
pub(super) mod segments;
mod solomon;
pub(super) mod tables;

use format::Format;
use segments::Content;
use tables::{Functions, MAX_SIDE, blocks};

/// Most words of a code (version 40).
const WORDS: usize = 3706;

/// Sampled modules: how far each is on the dark side of its threshold.
#[derive(Debug, Clone)]
pub(crate) struct Modules {
    side: usize,
    /// Row by row; above zero is dark, and the further from zero the surer.
    values: Vec<i16>,
}

/// A code may have been printed or seen mirrored: then rows are columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Straight,
    Mirrored,
}

/// A grid that error correction has verified.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decoded {
    pub(crate) content: Content,
    pub(crate) view: View,
    /// Share of the correction that was left in the worst block: 1 for a clean code.
    pub(crate) margin: f32,
}

impl Modules {
    /// A grid without modules, to be filled.
    pub(crate) fn new() -> Self {
        Self { side: 0, values: Vec::with_capacity(MAX_SIDE * MAX_SIDE) }
    }

    /// Makes room for a side that a code may have; values are then to be written.
    pub(crate) fn resize(&mut self, side: usize) -> &mut [i16] {
        self.side = side;
        self.values.clear();
        self.values.resize(side * side, 0);
        &mut self.values
    }

    pub(crate) fn side(&self) -> usize {
        self.side
    }

    pub(crate) fn values(&self) -> &[i16] {
        &self.values
    }

    fn value(&self, view: View, x: usize, y: usize) -> i16 {
        let at = if view == View::Straight { y * self.side + x } else { x * self.side + y };
        self.values[at]
    }

    fn dark(&self, view: View, x: usize, y: usize) -> bool {
        self.value(view, x, y) > 0
    }
}

/// Room for decoding, kept between codes.
#[derive(Debug)]
pub(crate) struct Decoder {
    words: [u8; WORDS],
    sure: [i16; WORDS],
    data: [u8; WORDS],
}

impl Decoder {
    pub(crate) fn new() -> Self {
        Self { words: [0; WORDS], sure: [0; WORDS], data: [0; WORDS] }
    }

    /// Decodes the modules; `None` where they are no code, or one beyond correction.
    pub(crate) fn decode(&mut self, modules: &Modules) -> Option<Decoded> {
        let version = tables::version(modules.side)?;
        let functions = Functions::new(modules.side);
        let views =
            [View::Straight, View::Mirrored].map(|view| (view, format::read(modules, view)));
        let mut tries: [Option<(View, Format)>; 4] = [None; 4];
        for (i, (view, formats)) in views.into_iter().enumerate() {
            for (j, format) in formats.into_iter().enumerate() {
                tries[2 * j + i] = format.map(|format| (view, format));
            }
        }
        tries.sort_by_key(|found| found.map_or(u32::MAX, |(_, format)| format.distance));
        tries.into_iter().flatten().find_map(|(view, format)| {
            self.gather(modules, view, &functions, format.mask);
            let (length, margin) = self.corrected(version, format)?;
            let content = segments::read(&self.data[..length], version).ok()?;
            // A stranger's padding is forgiven where much of the correction was left.
            (content.padded || margin > 0.3).then_some(Decoded { content, view, margin })
        })
    }

    /// Takes the mask off and reads the words in the order of figure 22.
    fn gather(&mut self, modules: &Modules, view: View, functions: &Functions, mask: u8) {
        let side = modules.side;
        let (mut at, mut word, mut sure, mut count) = (0, 0u8, i16::MAX, 0);
        for pair in 0..side / 2 {
            let right = side - 1 - 2 * pair;
            // Column 6 is timing and is stepped over.
            let right = if right <= 6 { right - 1 } else { right };
            for i in 0..side {
                let y = if pair % 2 == 0 { side - 1 - i } else { i };
                for x in [right, right.wrapping_sub(1)] {
                    if x >= side || functions.contain(x, y) || at == WORDS {
                        continue;
                    }
                    let value = modules.value(view, x, y);
                    word = word << 1 | u8::from((value > 0) != masked(mask, x, y));
                    sure = sure.min(value.saturating_abs());
                    count += 1;
                    if count == 8 {
                        (self.words[at], self.sure[at]) = (word, sure);
                        (at, word, sure, count) = (at + 1, 0, i16::MAX, 0);
                    }
                }
            }
        }
    }

    /// Corrects block by block and puts the data words in a row. Returns how many there are and the
    /// margin that was left.
    fn corrected(&mut self, version: usize, format: Format) -> Option<(usize, f32)> {
        let shape = blocks(version, format.level);
        let (short, long) = (shape.words / shape.count, shape.words % shape.count);
        let (mut filled, mut margin) = (0, 1f32);
        for i in 0..shape.count {
            let longer = i >= shape.count - long;
            let length = short + usize::from(longer);
            let data = length - shape.checks;
            let place = |j: usize| match j {
                _ if j >= data => {
                    shape.words - shape.checks * shape.count + (j - data) * shape.count + i
                }
                // The additional word of the longer blocks.
                _ if j == short - shape.checks => j * shape.count + i + long - shape.count,
                _ => j * shape.count + i,
            };
            let mut block = [0; solomon::WORDS];
            let block = &mut block[..length];
            for (j, word) in block.iter_mut().enumerate() {
                *word = self.words[place(j)];
            }
            let left =
                correct(block, shape.checks, reserve(version, format), |j| self.sure[place(j)])?;
            margin = margin.min(left);
            self.data[filled..filled + data].copy_from_slice(&block[..data]);
            filled += data;
        }
        Some((filled, margin))
    }
}

/// Check words that only detect (table 9): small codes would too often be corrected to what they
/// are not.
fn reserve(version: usize, format: Format) -> usize {
    use tables::Level::{High, Low, Medium, Quartile};
    match (version, format.level) {
        (1, Low) => 3,
        (1, Medium) | (2, Low) => 2,
        (1, Quartile | High) | (3, Low) => 1,
        _ => 0,
    }
}

/// Corrects a block, with the least sure words erased where it does not go without. Returns the
/// share of the correction that was left.
fn correct(
    block: &mut [u8],
    checks: usize,
    reserve: usize,
    sure: impl Fn(usize) -> i16,
) -> Option<f32> {
    let most = (checks - reserve) / 2;
    if let Some(errors) = solomon::correct(block, checks, &[]) {
        return (errors <= most).then(|| 1.0 - errors as f32 / most as f32);
    }
    let mut order = [(0i16, 0usize); solomon::WORDS];
    let order = &mut order[..block.len()];
    for (j, entry) in order.iter_mut().enumerate() {
        *entry = (sure(j), j);
    }
    order.sort_unstable();
    let mut places = [0; 32];
    // Erasures prove nothing, so some check words are always left over to detect.
    let spare = (checks / 5).max(reserve + 1).max(3);
    for share in [2, 3, 4] {
        let count = (checks * share / 5).min(checks.saturating_sub(spare));
        places.iter_mut().zip(&*order).take(count).for_each(|(place, entry)| *place = entry.1);
        if let Some(errors) = solomon::correct(block, checks, &places[..count])
            && 2 * errors + count + spare <= checks
        {
            return Some(0.0);
        }
    }
    None
}

/// Whether the mask turns this module over (table 10).
fn masked(mask: u8, x: usize, y: usize) -> bool {
    match mask {
        0 => (x + y).is_multiple_of(2),
        1 => y.is_multiple_of(2),
        2 => x.is_multiple_of(3),
        3 => (x + y).is_multiple_of(3),
        4 => (y / 2 + x / 3).is_multiple_of(2),
        5 => x * y % 2 + x * y % 3 == 0,
        6 => (x * y % 2 + x * y % 3).is_multiple_of(2),
        _ => ((x + y) % 2 + x * y % 3).is_multiple_of(2),
    }
}

#[cfg(test)]
mod tests;
