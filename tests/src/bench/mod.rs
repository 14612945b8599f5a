//! Measuring: processor time of this thread, medians over rounds, peers by turns in one run.
//!
//! Processor time and turns, because other programs run on the same cores: what disturbs one
//! side of a ratio then disturbs the other as well.

pub mod chain;
pub mod folder;
pub mod jpeg;
pub mod program;
pub mod scene;

use rustix::time::{ClockId, clock_gettime};

/// Processor time of one sample, in nanoseconds; the work is repeated until it takes this long.
const SAMPLE: f64 = 4e6;

/// How long two pieces of work take, in nanoseconds a call.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    /// Median of the first.
    pub ours: f64,
    /// Median of the second.
    pub peer: f64,
    /// Median over the rounds of the first by the second.
    pub ratio: f64,
}

/// Median processor time of one call, in nanoseconds.
pub fn each(rounds: usize, mut work: impl FnMut()) -> f64 {
    let calls = calls(&mut work);
    median((0..rounds).map(|_| sample(calls, &mut work)).collect())
}

/// Both by turns.
pub fn pair(rounds: usize, mut ours: impl FnMut(), mut peer: impl FnMut()) -> Pair {
    let (our_calls, peer_calls) = (calls(&mut ours), calls(&mut peer));
    let samples: Vec<(f64, f64)> = (0..rounds)
        .map(|_| (sample(our_calls, &mut ours), sample(peer_calls, &mut peer)))
        .collect();
    Pair {
        ours: median(samples.iter().map(|(ours, _)| *ours).collect()),
        peer: median(samples.iter().map(|(_, peer)| *peer).collect()),
        ratio: median(samples.iter().map(|(ours, peer)| ours / peer).collect()),
    }
}

/// The value in the middle; of an even number the upper of both, of none not a number.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Calls that fill a sample; the first call warms caches and is not counted.
fn calls(work: &mut impl FnMut()) -> u32 {
    work();
    let once = sample(1, work).max(1.0);
    (SAMPLE / once).clamp(1.0, 1e6) as u32
}

fn sample(calls: u32, work: &mut impl FnMut()) -> f64 {
    let start = now();
    (0..calls).for_each(|_| work());
    (now() - start) / f64::from(calls)
}

/// Processor time of this thread in nanoseconds.
fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn a_median_is_no_mean() {
        assert_eq!(median(vec![9.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![1.0, 3.0]), 3.0);
        assert!(median(Vec::new()).is_nan());
    }
}
