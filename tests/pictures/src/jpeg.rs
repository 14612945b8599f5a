//! What writing and reading a JPEG file does to pixels (ITU-T T.81): blocks of 8 by 8 lose the finer
//! part of their waves.

use std::f32::consts::PI;

/// Steps of brightness waves (T.81, table K.1).
const STEPS: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// The same pixels after a file of that quality (1 to 100, as the common library scales it).
pub(crate) fn worn(width: usize, pixels: &mut [u8], quality: u8) {
    let height = pixels.len() / width;
    let scale =
        if quality < 50 { 5000.0 / f32::from(quality) } else { 200.0 - 2.0 * f32::from(quality) };
    let steps = STEPS.map(|step| (f32::from(step) * scale / 100.0).round().clamp(1.0, 255.0));
    let waves: [[f32; 8]; 8] = std::array::from_fn(|wave| {
        let size = if wave == 0 { 0.125f32.sqrt() } else { 0.5 };
        std::array::from_fn(|x| size * ((2 * x + 1) as f32 * wave as f32 * PI / 16.0).cos())
    });
    for top in (0..height).step_by(8) {
        for left in (0..width).step_by(8) {
            let place =
                |x: usize, y: usize| (top + y).min(height - 1) * width + (left + x).min(width - 1);
            let block: [[f32; 8]; 8] = std::array::from_fn(|y| {
                std::array::from_fn(|x| f32::from(pixels[place(x, y)]) - 128.0)
            });
            // Waves along rows, then along columns, rounded to their steps; then back.
            let rows: [[f32; 8]; 8] = block.map(|row| waves.map(|wave| sum(|x| wave[x] * row[x])));
            let kept: [[f32; 8]; 8] = std::array::from_fn(|v| {
                std::array::from_fn(|u| {
                    let (wave, step) = (sum(|y| waves[v][y] * rows[y][u]), steps[v * 8 + u]);
                    (wave / step).round() * step
                })
            });
            let columns: [[f32; 8]; 8] =
                std::array::from_fn(|y| std::array::from_fn(|u| sum(|v| waves[v][y] * kept[v][u])));
            for y in 0..8.min(height - top) {
                for x in 0..8.min(width - left) {
                    let light = sum(|u| waves[u][x] * columns[y][u]) + 128.0;
                    pixels[place(x, y)] = light.round().clamp(0.0, 255.0) as u8;
                }
            }
        }
    }
}

fn sum(of: impl Fn(usize) -> f32) -> f32 {
    (0..8).map(of).sum()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_good_file_changes_little_and_a_bad_one_more() {
        let pixels: Vec<u8> =
            (0..50 * 41).map(|at| ((at % 50 * 5) ^ (at / 50 * 3)) as u8).collect();
        let off = |quality| {
            let mut worn = pixels.clone();
            super::worn(50, &mut worn, quality);
            worn.iter().zip(&pixels).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>() / 2050
        };
        assert!(off(100) <= 1 && off(20) > off(90), "{} {} {}", off(100), off(90), off(20));
    }
}
