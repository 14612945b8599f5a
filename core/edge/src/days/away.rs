//! How often a device went away, and for how long.

use sealight_verify::time::Timestamp;

/// Since when a device gives nothing, where it does not.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Away(Option<Timestamp>);

impl Away {
    /// The device is well, or is not; whether it has just gone away.
    pub(super) fn goes(&mut self, well: bool, now: Timestamp) -> bool {
        let was_here = self.0.is_none();
        self.0 = if well { None } else { self.0.or(Some(now)) };
        was_here && !well
    }

    /// Seconds without it since this was last asked. A clock that goes back adds nothing.
    pub(super) fn spend(&mut self, now: Timestamp) -> u64 {
        let Some(since) = self.0 else { return 0 };
        let seconds = now.secs().saturating_sub(since.secs()).max(0).unsigned_abs();
        self.0 = Some(if seconds > 0 { now } else { now.min(since) });
        seconds
    }
}
