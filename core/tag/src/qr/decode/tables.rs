//! Facts of ISO/IEC 18004: sizes, blocks, alignment patterns, function modules.

/// Largest side of a code in modules (version 40).
pub(crate) const MAX_SIDE: usize = 177;

/// Error correction level, in the order of the tables below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Level {
    Low,
    Medium,
    Quartile,
    High,
}

/// Check words a block by level and version (table 9), version 1 first.
#[rustfmt::skip]
const CHECKS: [[u8; 40]; 4] = [
    [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28],
    [13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
    [17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
];

/// Blocks by level and version (table 9), version 1 first.
#[rustfmt::skip]
const BLOCKS: [[u8; 40]; 4] = [
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
    [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
    [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
    [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
];

/// Version of a side, if a code may have that side.
pub(crate) fn version(side: usize) -> Option<usize> {
    let fits = (21..=MAX_SIDE).contains(&side) && side % 4 == 1;
    fits.then(|| (side - 17) / 4)
}

/// How the words of a code are shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Blocks {
    /// Words of the whole code.
    pub(crate) words: usize,
    /// Blocks; the last `words % count` of them are one word longer.
    pub(crate) count: usize,
    /// Check words of each block.
    pub(crate) checks: usize,
}

/// Blocks of a version (1 to 40).
pub(crate) fn blocks(version: usize, level: Level) -> Blocks {
    Blocks {
        words: words(version),
        count: usize::from(BLOCKS[level as usize][version - 1]),
        checks: usize::from(CHECKS[level as usize][version - 1]),
    }
}

/// Words that fit between the function modules (table 1).
fn words(version: usize) -> usize {
    let mut modules = (16 * version + 128) * version + 64;
    if version >= 2 {
        let across = version / 7 + 2;
        modules -= (25 * across - 10) * across - 55;
    }
    if version >= 7 {
        modules -= 36;
    }
    modules / 8
}

/// Rows (and columns) on which centres of alignment patterns lie (annex E), and how many.
pub(crate) fn alignments(version: usize) -> ([usize; 7], usize) {
    let mut at = [6; 7];
    if version < 2 {
        return (at, 0);
    }
    let count = version / 7 + 2;
    let step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
    for (i, place) in at[1..count].iter_mut().enumerate() {
        *place = version * 4 + 10 - (count - 2 - i) * step;
    }
    (at, count)
}

/// Tells the modules that carry words from those that only help to find them.
#[derive(Debug, Clone)]
pub(crate) struct Functions {
    side: usize,
    /// Whether a row or column crosses alignment patterns.
    aligned: [bool; MAX_SIDE],
}

impl Functions {
    /// Of a code of this side, which is one of a version.
    pub(crate) fn new(side: usize) -> Self {
        let mut aligned = [false; MAX_SIDE];
        let (at, count) = alignments((side - 17) / 4);
        for place in &at[..count] {
            aligned[place - 2..=place + 2].fill(true);
        }
        Self { side, aligned }
    }

    // Spelt as the figure shows it.
    #[allow(clippy::nonminimal_bool)]
    /// Whether the module carries no data.
    pub(crate) fn contain(&self, x: usize, y: usize) -> bool {
        let far = self.side - 8;
        let finder = (x < 9 && y < 9) || (x >= far && y < 9) || (x < 9 && y >= far);
        let timing = x == 6 || y == 6;
        let told = self.side >= 45 && ((x >= far - 3 && y < 6) || (y >= far - 3 && x < 6));
        finder || timing || told || self.aligned(x, y)
    }

    fn aligned(&self, x: usize, y: usize) -> bool {
        // Three corners have a finder pattern instead, next to which two strips are left over.
        let (left, right) = (x < 9, x >= self.side - 9);
        let (top, bottom) = (y < 9, y >= self.side - 9);
        let corner = (left && (top || bottom)) || (top && right);
        self.aligned[x] && self.aligned[y] && !corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alignment_patterns_stand_where_annex_e_puts_them() {
        assert_eq!(alignments(1).1, 0);
        assert_eq!(alignments(2).0[..2], [6, 18]);
        assert_eq!(alignments(7).0[..3], [6, 22, 38]);
        assert_eq!(alignments(32).0[..6], [6, 34, 60, 86, 112, 138]);
        assert_eq!(alignments(40).0, [6, 30, 58, 86, 114, 142, 170]);
    }

    #[test]
    fn modules_without_function_hold_the_words_of_every_version() {
        for version in 1..=40 {
            let side = version * 4 + 17;
            let functions = Functions::new(side);
            let modules = (0..side * side).filter(|i| !functions.contain(i % side, i / side));
            assert_eq!(modules.count() / 8, words(version), "version {version}");
        }
    }

    #[test]
    fn sides_are_four_apart() {
        assert_eq!((version(21), version(177)), (Some(1), Some(40)));
        assert_eq!((version(17), version(22), version(181)), (None, None, None));
    }
}
