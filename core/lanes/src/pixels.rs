//! Brightness (0 black, 255 white), row by row without padding.
//!
//! Sides that do not fit their slices are the caller's fault and panic.

/// Side in pixels of the blocks that [`extremes`] and [`below`] speak of.
pub const BLOCK: usize = 8;

widest! {
    /// A copy of half the width and height, rounded down, each pixel the mean of four.
    ///
    /// `half` holds `width / 2 * (height / 2)` bytes.
    halve = halve_kernel(pixels: &[u8], width: usize, height: usize, half: &mut [u8])
}

widest! {
    /// Least and greatest brightness of every block of 8 x 8 pixels, those at the right and lower
    /// edge cut short.
    ///
    /// `low` and `high` hold one byte a block, row by row: `width.div_ceil(8)` a row.
    /// `rows` holds `2 * width` bytes and is scratch.
    extremes = extremes_kernel(
        pixels: &[u8], width: usize, low: &mut [u8], high: &mut [u8], rows: &mut [u8]
    )
}

widest! {
    /// Which pixels of a row are darker than the threshold of their block: one bit a pixel, the
    /// first in the lowest bit of the first word.
    ///
    /// `thresholds` holds `row.len().div_ceil(8)` bytes, `bits` `row.len().div_ceil(64)` words.
    below = below_kernel(row: &[u8], thresholds: &[u8], bits: &mut [u64])
}

#[inline(always)]
fn halve_kernel(pixels: &[u8], width: usize, height: usize, half: &mut [u8]) {
    let (across, down) = (width / 2, height / 2);
    assert!(pixels.len() == width * height && half.len() == across * down, "sides fit slices");
    if across == 0 {
        return;
    }
    for (pair, out) in pixels.chunks_exact(2 * width).zip(half.chunks_exact_mut(across)) {
        let (upper, lower) = pair.split_at(width);
        let (upper, lower) = (upper.chunks_exact(2), lower.chunks_exact(2));
        for ((above, below), out) in upper.zip(lower).zip(out) {
            let sum = u16::from(above[0])
                + u16::from(above[1])
                + u16::from(below[0])
                + u16::from(below[1]);
            *out = ((sum + 2) >> 2) as u8;
        }
    }
}

#[inline(always)]
fn extremes_kernel(
    pixels: &[u8],
    width: usize,
    low: &mut [u8],
    high: &mut [u8],
    rows: &mut [u8],
) {
    let across = width.div_ceil(BLOCK);
    let (lows, highs) = rows.split_at_mut(width);
    let bands = pixels.chunks(BLOCK * width);
    assert!(low.len() == across * bands.len() && high.len() == low.len(), "sides fit slices");
    for ((band, low), high) in
        bands.zip(low.chunks_exact_mut(across)).zip(high.chunks_exact_mut(across))
    {
        lows.copy_from_slice(&band[..width]);
        highs.copy_from_slice(&band[..width]);
        for row in band.chunks_exact(width).skip(1) {
            for ((low, high), pixel) in lows.iter_mut().zip(&mut *highs).zip(row) {
                *low = (*low).min(*pixel);
                *high = (*high).max(*pixel);
            }
        }
        for (out, block) in low.iter_mut().zip(lows.chunks(BLOCK)) {
            *out = block.iter().fold(255, |least, pixel| least.min(*pixel));
        }
        for (out, block) in high.iter_mut().zip(highs.chunks(BLOCK)) {
            *out = block.iter().fold(0, |most, pixel| most.max(*pixel));
        }
    }
}

#[inline(always)]
fn below_kernel(row: &[u8], thresholds: &[u8], bits: &mut [u64]) {
    assert!(bits.len() == row.len().div_ceil(64), "one bit a pixel");
    assert!(thresholds.len() == row.len().div_ceil(BLOCK), "one threshold a block");
    let words = row.chunks_exact(64);
    let rest = words.remainder();
    for ((word, pixels), limits) in bits.iter_mut().zip(words).zip(thresholds.chunks(BLOCK)) {
        *word = below_word(pixels, limits);
    }
    if !rest.is_empty() {
        let mut padded = [255; 64];
        padded[..rest.len()].copy_from_slice(rest);
        let mut limits = [0; BLOCK];
        let last = &thresholds[row.len() / 64 * BLOCK..];
        limits[..last.len()].copy_from_slice(last);
        bits[row.len() / 64] = below_word(&padded, &limits);
    }
}

/// 64 pixels and the thresholds of their eight blocks.
#[inline(always)]
fn below_word(pixels: &[u8], limits: &[u8]) -> u64 {
    let mut dark = [0u8; 64];
    for i in 0..64 {
        dark[i] = u8::from(pixels[i] < limits[i / BLOCK]);
    }
    let mut word = 0;
    for (i, eight) in dark.chunks_exact(8).enumerate() {
        let eight = eight.iter().rev().fold(0, |sum, bit| sum << 8 | u64::from(*bit));
        // Brings the lowest bits of eight bytes together in the highest byte.
        word |= (eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * i);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: usize) -> impl Iterator<Item = u8> {
        (0..length as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
    }

    #[test]
    fn halving_takes_the_mean_of_four_and_drops_the_odd_edge() {
        let pixels = [0, 4, 9, 8, 8, 9, 1, 1, 1];
        let mut half = [0];
        halve(&pixels, 3, 3, &mut half);
        assert_eq!(half, [5]);
    }

    #[test]
    fn widest_and_plain_halves_are_the_same() {
        let mut pixels = [0; 150 * 21];
        pixels.iter_mut().zip(noise(150 * 21)).for_each(|(pixel, noise)| *pixel = noise);
        let (mut wide, mut plain) = ([0; 75 * 10], [0; 75 * 10]);
        halve(&pixels, 150, 21, &mut wide);
        halve_kernel(&pixels, 150, 21, &mut plain);
        assert_eq!(wide, plain);
    }

    #[test]
    fn blocks_know_their_extremes_to_the_cut_edge() {
        let mut pixels = [100; 10 * 9];
        pixels[7 * 10 + 7] = 3;
        pixels[8 * 10 + 9] = 200;
        let (mut low, mut high, mut rows) = ([0; 4], [0; 4], [0; 20]);
        extremes(&pixels, 10, &mut low, &mut high, &mut rows);
        assert_eq!((low, high), ([3, 100, 100, 100], [100, 100, 100, 200]));
    }

    #[test]
    fn bits_are_set_where_a_pixel_is_darker_than_its_block_allows() {
        for length in [1, 8, 63, 64, 65, 200] {
            let (mut row, mut limits, mut bits) = ([0; 200], [0; 25], [u64::MAX; 4]);
            row.iter_mut().zip(noise(200)).for_each(|(pixel, noise)| *pixel = noise);
            limits.iter_mut().zip(noise(25)).for_each(|(limit, noise)| *limit = noise ^ 0x5a);
            let bits = &mut bits[..length.div_ceil(64)];
            below(&row[..length], &limits[..length.div_ceil(8)], bits);
            for i in 0..bits.len() * 64 {
                let dark = i < length && row[i] < limits[i / 8];
                assert_eq!(bits[i / 64] >> (i % 64) & 1 == 1, dark, "pixel {i} of {length}");
            }
        }
    }
}
