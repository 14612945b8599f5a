//! Lengths of runs of one colour along a row of a picture.

/// Runs that [`fives`] looks at together.
pub const FIVE: usize = 5;

widest! {
    /// Which five runs in a row may be a line through the middle of a finder pattern of a QR code,
    /// by [`likely`]'s rule: 1 where they may, 0 where they can't.
    ///
    /// `turns` are the places at which runs begin, rising, and where the last one ends; `least` is
    /// the fewest pixels a module. `out` holds `turns.len() - 5` bytes, one for each first run.
    fives = fives_kernel(turns: &[u16], least: f32, out: &mut [u8])
}

/// Pixels a module of five runs that are 1, 1, 3, 1 and 1 modules long, as a line through the middle
/// of a finder pattern has them.
#[inline(always)]
pub fn module(runs: [f32; FIVE]) -> f32 {
    let [a, b, c, d, e] = runs;
    ((a + b) + (b + c) + (c + d) + (d + e)) / 12.0
}

/// Whether five runs may be such a line with that many pixels a module. `slack` is how far a pair of
/// runs may be off, in modules; a pixel may fall to either side of an edge besides.
///
/// Blur makes dark runs longer and light ones shorter (or the other way round) by the same amount,
/// so what is compared are pairs of neighbours, which blur leaves alone.
#[inline(always)]
pub fn likely(runs: [f32; FIVE], module: f32, slack: f32) -> bool {
    let [a, b, c, d, e] = runs;
    let slack = slack * module + 0.8;
    let near = |pair: f32, modules: f32| (pair - modules * module).abs() < slack;
    let even = near(a + b, 2.0) & near(b + c, 4.0) & near(c + d, 4.0) & near(d + e, 2.0);
    let core = (c > 1.6 * module) & (c < 4.6 * module);
    let rings = (b > 0.2 * module) & (d > 0.2 * module);
    even & core & rings
}

#[inline(always)]
fn fives_kernel(turns: &[u16], least: f32, out: &mut [u8]) {
    let count = out.len();
    assert!(turns.len() == count + FIVE, "one byte for each five runs");
    let at = |i: usize| &turns[i..][..count];
    let (t0, t1, t2, t3, t4, t5) = (at(0), at(1), at(2), at(3), at(4), at(5));
    for (i, out) in out.iter_mut().enumerate() {
        let run = |from: u16, to: u16| f32::from(to.wrapping_sub(from));
        let runs = [
            run(t0[i], t1[i]),
            run(t1[i], t2[i]),
            run(t2[i], t3[i]),
            run(t3[i], t4[i]),
            run(t4[i], t5[i]),
        ];
        let [a, b, c, d, e] = runs;
        let widest = (c > b) & (c > d) & (c >= a) & (c >= e);
        let module = module(runs);
        *out = u8::from(widest & (module > least) & likely(runs, module, ALONG));
    }
}

/// How far a pair of runs along a row may be off, in modules.
pub const ALONG: f32 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finder_pattern_is_likely_and_blur_leaves_it_so() {
        for (dark, light) in [(0, 0), (1, 1), (2, 2)] {
            let runs = [3 + dark, 3 - light, 9 + dark, 3 - light, 3 + dark].map(|run| run as f32);
            let module = module(runs);
            assert!((module - 3.0).abs() < 0.4, "{runs:?}: {module}");
            assert!(likely(runs, module, ALONG), "{runs:?}");
        }
        let even = [3.0; FIVE];
        assert!(!likely(even, module(even), ALONG));
    }

    #[test]
    fn widest_and_plain_find_the_same_fives() {
        let mut turns = [0u16; 205];
        let mut at = 0;
        for (i, turn) in turns.iter_mut().enumerate() {
            *turn = at;
            let noise = ((i as u32).wrapping_mul(2_654_435_761) >> 29) as u16;
            // Among noise, a finder pattern every ten runs.
            at += [2, 2, 6, 2, 2].get(i % 10).copied().unwrap_or(1 + noise);
        }
        let (mut wide, mut plain) = ([0; 200], [9; 200]);
        fives(&turns, 1.1, &mut wide);
        fives_kernel(&turns, 1.1, &mut plain);
        assert_eq!(wide, plain);
        assert!(wide.iter().step_by(10).all(|likely| *likely == 1), "{wide:?}");
        assert!(wide.iter().filter(|likely| **likely == 1).count() < 60);
    }
}
