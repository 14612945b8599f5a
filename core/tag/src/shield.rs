//! A wall around third-party decoders that are handed bytes from outside.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; a panic inside becomes `None`.
///
/// A picture on a label must not be able to stop a kiosk, and the decoders behind this wall index
/// and assert on what they find in it. `work` owns or borrows immutably all that it uses, so
/// nothing half-changed is seen afterwards.
pub(crate) fn shielded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_is_no_answer() {
        assert_eq!(shielded(|| 7), Some(7));
        assert_eq!(shielded(|| -> u8 { panic!("on purpose") }), None);
    }
}
