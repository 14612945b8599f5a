//! Pictures of one bit a pixel, turned so that a column is a row of words.

/// Side in pixels of the squares that a picture is turned by.
pub const SQUARE: usize = 64;

widest! {
    /// Turns a strip of 64 columns: what was the bit of a row becomes a bit of a column.
    ///
    /// `rows` is the picture, `words` words a row, the first pixel in the lowest bit; `strip` is which
    /// word of each row is turned. `columns` takes the 64 columns one after the other, each
    /// `rows.len() / words` pixels rounded up to whole words; bits below the picture are 0.
    turn = turn_kernel(rows: &[u64], words: usize, strip: usize, columns: &mut [u64])
}

#[inline(always)]
fn turn_kernel(rows: &[u64], words: usize, strip: usize, columns: &mut [u64]) {
    let down = (rows.len() / words).div_ceil(SQUARE);
    assert!(strip < words && columns.len() == SQUARE * down, "sides fit slices");
    for (band, rows) in rows.chunks(SQUARE * words).enumerate() {
        let mut square = [0; SQUARE];
        for (word, row) in square.iter_mut().zip(rows.chunks_exact(words)) {
            *word = row[strip];
        }
        turn_square(&mut square);
        for (column, word) in columns.chunks_exact_mut(down).zip(square) {
            column[band] = word;
        }
    }
}

/// Exchanges two quarters of the square, then two quarters of each quarter, and so on.
#[inline(always)]
fn turn_square(square: &mut [u64; SQUARE]) {
    let (mut half, mut mask) = (SQUARE / 2, u64::from(u32::MAX));
    while half > 0 {
        for rows in square.chunks_exact_mut(2 * half) {
            let (upper, lower) = rows.split_at_mut(half);
            for (upper, lower) in upper.iter_mut().zip(lower) {
                let changed = (*upper >> half ^ *lower) & mask;
                *lower ^= changed;
                *upper ^= changed << half;
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: usize = 3;
    const ROWS: usize = 150;

    #[test]
    fn widest_and_plain_turn_rows_to_columns() {
        let noise = |i: usize| (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let rows: [u64; WORDS * ROWS] = core::array::from_fn(|i| noise(i) ^ noise(i) >> 29);
        for strip in 0..WORDS {
            let (mut wide, mut plain) = ([0; 64 * 3], [u64::MAX; 64 * 3]);
            turn(&rows, WORDS, strip, &mut wide);
            turn_kernel(&rows, WORDS, strip, &mut plain);
            assert_eq!(wide, plain);
            for (x, column) in wide.chunks_exact(3).enumerate() {
                for y in 0..3 * SQUARE {
                    let bit = y < ROWS && rows[y * WORDS + strip] >> x & 1 == 1;
                    assert_eq!(column[y / 64] >> (y % 64) & 1 == 1, bit, "{x}, {y} of {strip}");
                }
            }
        }
    }
}
