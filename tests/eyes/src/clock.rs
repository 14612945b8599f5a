//! Processor time of this thread, so that what else runs on the machine counts less.

use rustix::time::{ClockId, clock_gettime};

/// The result and the processor time of a call, in milliseconds.
pub(crate) fn timed<T>(call: impl FnOnce() -> T) -> (T, f64) {
    let start = now();
    let result = call();
    (result, now() - start)
}

/// The value in the middle; of an even number the upper of both.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn now() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}
