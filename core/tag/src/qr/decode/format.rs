//! Format and version information (ISO/IEC 18004, 7.9 and 7.10).

use super::tables::Level;
use super::{Modules, View};

/// What the format modules say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Format {
    pub(super) level: Level,
    pub(super) mask: u8,
    /// Bits by which the better of the two copies differs from what it should be.
    pub(super) distance: u32,
}

/// Bits that may be wrong in a copy: two of the 32 words differ in at least 7.
const WRONG: u32 = 3;

/// The likeliest formats of both copies, best first.
pub(super) fn read(modules: &Modules, view: View) -> [Option<Format>; 2] {
    let (first, second) = copies(modules, view);
    let mut best: [Option<(u32, Format)>; 2] = [None; 2];
    for data in 0..32u8 {
        let word = word(data);
        let distances = ((first ^ word).count_ones(), (second ^ word).count_ones());
        let distance = distances.0.min(distances.1);
        if distance > WRONG {
            continue;
        }
        let rank = 32 * distance + distances.0.max(distances.1);
        let level =
            [Level::Medium, Level::Low, Level::High, Level::Quartile][usize::from(data >> 3)];
        let format = (rank, Format { level, mask: data & 7, distance });
        match best {
            [Some((top, _)), _] if rank >= top => {
                if best[1].is_none_or(|(second, _)| rank < second) {
                    best[1] = Some(format);
                }
            }
            [top, _] => best = [Some(format), top],
        }
    }
    best.map(|format| format.map(|(_, format)| format))
}

/// Format data with its BCH check bits, masked (annex C).
fn word(data: u8) -> u32 {
    let mut rest = u32::from(data) << 10;
    for bit in (10..15).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= 0b101_0011_0111 << (bit - 10);
        }
    }
    (u32::from(data) << 10 | rest) ^ 0b101_0100_0001_0010
}

fn copies(modules: &Modules, view: View) -> (u32, u32) {
    let side = modules.side();
    let bit = |x, y| u32::from(modules.dark(view, x, y));
    let (mut first, mut second) = (0, 0);
    for i in 0..15 {
        // Bit i counts from the lowest; figure 25.
        let (x, y) = match i {
            0..=5 => (8, i),
            6 => (8, 7),
            7 => (8, 8),
            8 => (7, 8),
            _ => (14 - i, 8),
        };
        first |= bit(x, y) << i;
        let (x, y) = if i < 8 { (side - 1 - i, 8) } else { (8, side - 15 + i) };
        second |= bit(x, y) << i;
    }
    (first, second)
}

/// The version that 18 bits say (annex D), if at most three of them are wrong, and how many are.
pub(crate) fn version(bits: u32) -> Option<(usize, u32)> {
    (7..=40).find_map(|version| {
        let distance = (version_word(version as u32) ^ bits).count_ones();
        (distance <= WRONG).then_some((version, distance))
    })
}

fn version_word(version: u32) -> u32 {
    let mut rest = version << 12;
    for bit in (12..18).rev() {
        if rest >> bit & 1 == 1 {
            rest ^= 0b1_1111_0010_0101 << (bit - 12);
        }
    }
    version << 12 | rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_annexes_c_and_d() {
        // The examples there: level M and mask 5, version 7.
        assert_eq!(word(0b00101), 0b100_0000_1100_1110);
        assert_eq!(version_word(7), 0b00_0111_1100_1001_0100);
        assert_eq!(version(0b00_0111_1100_1001_0100 ^ 0b10_0000_0100_0001), Some((7, 3)));
        assert_eq!(version(0), None);
    }
}
