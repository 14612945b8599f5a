//! Runs of one colour on a line of bits, a word at a time.

use super::finders::LEAST;
use sealight_lanes::runs::{FIVE, likely, module};

/// A row or a column of bits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) bits: &'a [u64],
    /// Pixels; the bits of the last word beyond them say nothing.
    pub(super) length: usize,
}

/// Five runs in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Five {
    /// Where the middle one begins.
    pub(super) from: usize,
    /// Where it ends.
    pub(super) to: usize,
    /// Pixels a module.
    pub(super) module: f32,
}

impl Line<'_> {
    /// The five runs around a place if they are as a finder pattern has them, by [`likely`]'s rule.
    pub(super) fn five(&self, at: usize, expected: f32, slack: f32) -> Option<Five> {
        // No run of a finder pattern in perspective is longer than this.
        let most = (expected * 9.0) as u32 as usize + 4;
        let [back, before, first] = self.back(at)?;
        if back > most + 1 || before > most {
            return None;
        }
        let [forth, after, last] = self.forth(at)?;
        let middle = back + forth - 1;
        if middle > most || after > most {
            return None;
        }
        let (from, to) = (at + 1 - back, at + forth);
        let runs: [usize; FIVE] = [first.min(most + 1), before, middle, after, last.min(most + 1)];
        let runs = runs.map(|run| run as u32 as f32);
        let module = module(runs);
        (module > LEAST && likely(runs, module, slack)).then_some(Five { from, to, module })
    }

    /// Lengths of three runs from a place back, itself among the first; `None` where there are not
    /// as many.
    fn back(&self, at: usize) -> Option<[usize; 3]> {
        let (i, shift, own) = (at / 64, at % 64, self.colour(at));
        if i > 0 {
            // The 64 pixels up to the place nearly always have all three.
            let seen = self.bits[i] << (63 - shift) | self.bits[i - 1] >> shift >> 1;
            let first = (seen ^ own).leading_zeros();
            if first < 64 {
                let seen = (seen ^ own) << first;
                let second = seen.leading_ones();
                let third = (seen << second).leading_zeros();
                if third < 64 {
                    return Some([first, second, third].map(|run| run as usize));
                }
            }
        }
        let first = self.begin(at, own);
        let second = self.begin(first.checked_sub(1)?, !own);
        let third = self.begin(second.checked_sub(1)?, own);
        Some([at + 1 - first, first - second, second - third])
    }

    /// The same from a place on.
    fn forth(&self, at: usize) -> Option<[usize; 3]> {
        let (i, shift, own) = (at / 64, at % 64, self.colour(at));
        if at + 64 <= self.length && i + 1 < self.bits.len() {
            let seen = self.bits[i] >> shift | self.bits[i + 1] << 1 << (63 - shift);
            let first = (seen ^ own).trailing_zeros();
            if first < 64 {
                let seen = (seen ^ own) >> first;
                let second = seen.trailing_ones();
                let third = (seen >> second).trailing_zeros();
                if third < 64 {
                    return Some([first, second, third].map(|run| run as usize));
                }
            }
        }
        let first = self.end(at, own);
        let second = self.end((first < self.length).then_some(first)?, !own);
        let third = self.end((second < self.length).then_some(second)?, own);
        Some([first - at, second - first, third - second])
    }

    /// Where the run begins that a place of that colour is in.
    fn begin(&self, at: usize, colour: u64) -> usize {
        let mut i = at / 64;
        let mut other = (self.bits[i] ^ colour) & !(u64::MAX << (at % 64));
        while other == 0 {
            if i == 0 {
                return 0;
            }
            i -= 1;
            other = self.bits[i] ^ colour;
        }
        64 * i + 64 - other.leading_zeros() as usize
    }

    /// Where it ends.
    fn end(&self, at: usize, colour: u64) -> usize {
        let mut i = at / 64;
        let mut other = (self.bits[i] ^ colour) & u64::MAX << (at % 64);
        while other == 0 {
            i += 1;
            let Some(word) = self.bits.get(i) else { return self.length };
            other = word ^ colour;
        }
        (64 * i + other.trailing_zeros() as usize).min(self.length)
    }

    /// A word full of a place's colour.
    fn colour(&self, at: usize) -> u64 {
        0u64.wrapping_sub(self.bits[at / 64] >> (at % 64) & 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(runs: &[usize]) -> (Vec<u64>, usize) {
        let length = runs.iter().sum();
        let mut bits = vec![0; usize::div_ceil(length, 64)];
        let mut x = 0;
        for (i, run) in runs.iter().enumerate() {
            for _ in 0..*run {
                bits[x / 64] |= (i as u64 % 2) << (x % 64);
                x += 1;
            }
        }
        (bits, length)
    }

    #[test]
    fn five_runs_are_found_across_words_from_any_place_of_the_middle_one() {
        for before in [1, 30, 57, 64, 127, 200] {
            let (bits, length) = line(&[before, 4, 4, 12, 4, 4, 90]);
            let line = Line { bits: &bits, length };
            let (from, to) = (before + 8, before + 20);
            for at in from..to {
                assert_eq!(line.five(at, 4.0, 0.8), Some(Five { from, to, module: 4.0 }));
            }
            assert_eq!(line.five(from - 1, 4.0, 0.8), None);
        }
    }

    #[test]
    fn the_outer_runs_may_reach_the_edge_and_the_others_not() {
        let (bits, length) = line(&[0, 4, 4, 12, 4, 4]);
        let at = |bits, length| Line { bits, length }.five(12, 4.0, 0.8);
        assert!(at(&bits, length).is_some());
        for cut in 1..24 {
            assert_eq!(at(&bits, length - cut).is_some(), cut < 4, "{cut} pixels cut off");
        }
    }

    #[test]
    fn a_middle_longer_than_nine_modules_is_none() {
        let (bits, length) = line(&[8, 10, 10, 30, 10, 10, 8]);
        let line = Line { bits: &bits, length };
        assert!(line.five(30, 10.0, 0.8).is_some());
        assert_eq!(line.five(30, 2.0, 0.8), None);
    }

    proptest! {
        #[test]
        fn runs_are_those_that_the_pixels_have(
            runs in prop::collection::vec(prop_oneof![1usize..9, 1usize..150], 1..40),
            at in any::<prop::sample::Index>(),
        ) {
            let (bits, length) = line(&runs);
            let (line, at) = (Line { bits: &bits, length }, at.index(length));
            let own = runs.iter().scan(0, |end, run| { *end += run; Some(*end) });
            let own = own.take_while(|end| *end <= at).count();
            let from: usize = runs[..own].iter().sum();
            let three = |first: usize, rest: Option<[usize; 2]>| {
                rest.map(|[second, third]| [first, second, third])
            };
            let back = own.checked_sub(2).map(|i| [runs[i + 1], runs[i]]);
            let forth = runs.get(own + 2).map(|third| [runs[own + 1], *third]);
            prop_assert_eq!(line.back(at), three(at + 1 - from, back));
            prop_assert_eq!(line.forth(at), three(from + runs[own] - at, forth));
        }
    }
}
