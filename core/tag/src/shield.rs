//! A wall around what may panic by design: decoders and drivers of others that are handed bytes from
//! outside.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    /// How many walls stand around what this thread does now.
    static WALLS: Cell<u32> = const { Cell::new(0) };
}

/// Runs `work`; a panic inside becomes `None`.
///
/// A picture on a label must not be able to stop a kiosk, and the decoders behind this wall index
/// and assert on what they find in it. `work` owns or borrows immutably all that it uses, so
/// nothing half-changed is seen afterwards.
pub fn shielded<T>(work: impl FnOnce() -> T) -> Option<T> {
    WALLS.set(WALLS.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work)).ok();
    WALLS.set(WALLS.get() - 1);
    done
}

/// Whether a panic of this thread ends at such a wall: for a panic hook, which runs before that.
pub fn is_shielded() -> bool {
    WALLS.get() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_no_answer() {
        assert_eq!(shielded(|| 7), Some(7));
        assert_eq!(shielded(|| -> u8 { panic!("on purpose") }), None);
    }

    #[test]
    fn a_wall_stands_as_long_as_what_is_inside_runs() {
        assert!(!is_shielded());
        assert_eq!(shielded(is_shielded), Some(true));
        let inner = || shielded(|| -> () { panic!("on purpose") }).is_none() && is_shielded();
        assert_eq!(shielded(inner), Some(true), "the outer one stands on");
        let elsewhere = || std::thread::spawn(is_shielded).join().unwrap();
        assert_eq!(shielded(elsewhere), Some(false), "each thread has its own");
        assert!(!is_shielded());
    }
}
