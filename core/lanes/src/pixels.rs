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
    /// `rows` holds `2 * width + width / 2` bytes and is scratch.
    extremes = extremes_kernel(
        pixels: &[u8], width: usize, low: &mut [u8], high: &mut [u8], rows: &mut [u8]
    )
}

/// Which pixels of a row are darker than the threshold of their block: one bit a pixel, the first in
/// the lowest bit of the first word.
///
/// `thresholds` holds `row.len().div_ceil(8)` bytes, `bits` `row.len().div_ceil(64)` words.
pub fn below(row: &[u8], thresholds: &[u8], bits: &mut [u64]) {
    assert!(bits.len() == row.len().div_ceil(64), "one bit a pixel");
    assert!(thresholds.len() == row.len().div_ceil(BLOCK), "one threshold a block");
    let (pixels, rest) = row.as_chunks::<64>();
    let (limits, last) = thresholds.as_chunks::<BLOCK>();
    below_words(pixels, limits, bits);
    if !rest.is_empty() {
        // White never is darker than anything.
        let mut padded = [255; 64];
        padded[..rest.len()].copy_from_slice(rest);
        let mut cut = [0; BLOCK];
        match limits.get(pixels.len()) {
            Some(whole) => cut = *whole,
            None => cut[..last.len()].copy_from_slice(last),
        }
        below_words(&[padded], &[cut], &mut bits[pixels.len()..]);
    }
}

/// What the compiler does not find by itself: a comparison whose result is one bit a pixel.
fn below_words(pixels: &[[u8; 64]], limits: &[[u8; BLOCK]], bits: &mut [u64]) {
    #[cfg(target_arch = "x86_64")]
    {
        if crate::widest::avx512() {
            // SAFETY: the processor was just asked for every feature that the function names.
            return unsafe { wide::below_avx512(pixels, limits, bits) };
        }
        if crate::widest::avx2() {
            // SAFETY: the processor was just asked for AVX2.
            return unsafe { wide::below_avx2(pixels, limits, bits) };
        }
    }
    below_plain(pixels, limits, bits);
}

fn below_plain(pixels: &[[u8; 64]], limits: &[[u8; BLOCK]], bits: &mut [u64]) {
    for ((word, pixels), limits) in bits.iter_mut().zip(pixels).zip(limits) {
        *word = 0;
        for ((i, block), limit) in pixels.as_chunks::<BLOCK>().0.iter().enumerate().zip(limits) {
            let eight =
                block.iter().rev().fold(0, |sum, pixel| sum << 1 | u64::from(pixel < limit));
            *word |= eight << (BLOCK * i);
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    use super::BLOCK;
    use core::arch::x86_64::{
        __m256i, _mm_cvtsi64_si128, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8,
        _mm256_set_epi64x, _mm256_set1_epi8, _mm256_shuffle_epi8, _mm512_broadcast_i32x4,
        _mm512_cmplt_epu8_mask, _mm512_loadu_si512, _mm512_set_epi64, _mm512_shuffle_epi8,
    };

    /// The byte `i` eight times over.
    const fn eight(i: i64) -> i64 {
        0x0101_0101_0101_0101 * i
    }

    #[target_feature(enable = "avx2,avx512f,avx512bw,avx512vl")]
    pub(super) fn below_avx512(pixels: &[[u8; 64]], limits: &[[u8; BLOCK]], bits: &mut [u64]) {
        let spread = _mm512_set_epi64(
            eight(7),
            eight(6),
            eight(5),
            eight(4),
            eight(3),
            eight(2),
            eight(1),
            eight(0),
        );
        for ((word, pixels), limits) in bits.iter_mut().zip(pixels).zip(limits) {
            let limits = _mm_cvtsi64_si128(i64::from_le_bytes(*limits));
            let limits = _mm512_shuffle_epi8(_mm512_broadcast_i32x4(limits), spread);
            // SAFETY: the array is 64 bytes long, and the load asks for no alignment.
            let pixels = unsafe { _mm512_loadu_si512(pixels.as_ptr().cast()) };
            *word = _mm512_cmplt_epu8_mask(pixels, limits);
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn below_avx2(pixels: &[[u8; 64]], limits: &[[u8; BLOCK]], bits: &mut [u64]) {
        let spread = [
            _mm256_set_epi64x(eight(3), eight(2), eight(1), eight(0)),
            _mm256_set_epi64x(eight(7), eight(6), eight(5), eight(4)),
        ];
        let ones = _mm256_set1_epi8(-1);
        for ((word, pixels), limits) in bits.iter_mut().zip(pixels).zip(limits) {
            let limits = _mm_cvtsi64_si128(i64::from_le_bytes(*limits));
            let limits = _mm256_broadcastsi128_si256(limits);
            *word = 0;
            for (i, (half, spread)) in pixels.as_chunks::<32>().0.iter().zip(spread).enumerate() {
                let limits = _mm256_shuffle_epi8(limits, spread);
                // SAFETY: the array is 32 bytes long, and the load asks for no alignment.
                let half = unsafe { _mm256_loadu_si256(half.as_ptr().cast::<__m256i>()) };
                // Darker: the greater of the two is not the pixel.
                let lighter = _mm256_cmpeq_epi8(_mm256_max_epu8(half, limits), half);
                let darker = _mm256_movemask_epi8(_mm256_andnot_si256(lighter, ones));
                *word |= u64::from(darker as u32) << (32 * i);
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn every_width_finds_the_same_bits() {
            let byte = |i: usize| ((i as u32).wrapping_mul(2_654_435_761) >> 11) as u8;
            let pixels: [[u8; 64]; 5] =
                core::array::from_fn(|j| core::array::from_fn(|i| byte(64 * j + i)));
            let limits: [[u8; 8]; 5] =
                core::array::from_fn(|j| core::array::from_fn(|i| byte(997 * j + i)));
            let (mut plain, mut wide) = ([0; 5], [0; 5]);
            super::super::below_plain(&pixels, &limits, &mut plain);
            if crate::widest::avx2() {
                // SAFETY: the processor was just asked for AVX2.
                unsafe { below_avx2(&pixels, &limits, &mut wide) };
                assert_eq!(plain, wide);
            }
            if crate::widest::avx512() {
                // SAFETY: the processor was just asked for every feature that the function names.
                unsafe { below_avx512(&pixels, &limits, &mut wide) };
                assert_eq!(plain, wide);
            }
        }
    }
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
        let (upper, lower) = (upper.as_chunks().0, lower.as_chunks().0);
        for ((above, below), out) in upper.iter().zip(lower).zip(out) {
            // Two pixels as one number: apart they would have to be sorted first.
            let (above, below) = (u16::from_le_bytes(*above), u16::from_le_bytes(*below));
            let sum = (above & 255) + (above >> 8) + (below & 255) + (below >> 8);
            *out = ((sum + 2) >> 2) as u8;
        }
    }
}

#[inline(always)]
fn extremes_kernel(pixels: &[u8], width: usize, low: &mut [u8], high: &mut [u8], rows: &mut [u8]) {
    let across = width.div_ceil(BLOCK);
    let (lows, rest) = rows.split_at_mut(width);
    let (highs, half) = rest.split_at_mut(width);
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
        eighths(lows, half, low, u16::min);
        eighths(highs, half, high, u16::max);
    }
}

/// The extreme of every eight pixels of a row, which is used up, and of what is left over.
#[inline(always)]
fn eighths(row: &mut [u8], half: &mut [u8], out: &mut [u8], extreme: impl Fn(u16, u16) -> u16) {
    let whole = row.len() / BLOCK;
    let rest = row[whole * BLOCK..].iter().map(|pixel| u16::from(*pixel)).reduce(&extreme);
    pairs(&row[..8 * whole], &mut half[..4 * whole], &extreme);
    pairs(&half[..4 * whole], &mut row[..2 * whole], &extreme);
    pairs(&row[..2 * whole], &mut out[..whole], &extreme);
    if let Some(rest) = rest {
        out[whole] = rest as u8;
    }
}

#[inline(always)]
fn pairs(row: &[u8], out: &mut [u8], extreme: impl Fn(u16, u16) -> u16) {
    for (pair, out) in row.as_chunks().0.iter().zip(out) {
        let pair = u16::from_le_bytes(*pair);
        *out = extreme(pair & 255, pair >> 8) as u8;
    }
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
        let (mut low, mut high, mut rows) = ([0; 4], [0; 4], [0; 25]);
        extremes(&pixels, 10, &mut low, &mut high, &mut rows);
        assert_eq!((low, high), ([3, 100, 100, 100], [100, 100, 100, 200]));
    }

    #[test]
    fn widest_and_plain_find_the_same_extremes() {
        const BLOCKS: usize = 26 * 3;
        let mut pixels = [0; 203 * 21];
        pixels.iter_mut().zip(noise(203 * 21)).for_each(|(pixel, noise)| *pixel = noise);
        let (mut wide, mut plain) = ([[0; BLOCKS]; 2], [[9; BLOCKS]; 2]);
        let mut rows = [0; 507];
        let [low, high] = &mut wide;
        extremes(&pixels, 203, low, high, &mut rows);
        let [low, high] = &mut plain;
        extremes_kernel(&pixels, 203, low, high, &mut rows);
        assert_eq!(wide, plain);
        for (i, (low, high)) in wide[0].iter().zip(&wide[1]).enumerate() {
            let (left, top) = (i % 26 * 8, i / 26 * 8);
            let block =
                (top..21.min(top + 8)).flat_map(|y| &pixels[y * 203..][left..203.min(left + 8)]);
            assert_eq!(Some(low), block.clone().min(), "block {i}");
            assert_eq!(Some(high), block.max(), "block {i}");
        }
    }

    #[test]
    fn bits_are_set_where_a_pixel_is_darker_than_its_block_allows() {
        for length in [1usize, 8, 63, 64, 65, 200] {
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
