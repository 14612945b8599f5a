//! What a face of the product asks of a proof.

/// Limits that turn a proof into a verdict; periods in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Oldest header that is still fresh.
    pub fresh: u64,
    /// Oldest header of which anything is said at all: "was proven as of".
    pub stop: u64,
    /// Fewest operators that could together have forged the header, below which the assurance is
    /// told only.
    pub least_operators: u32,
}

const DAY: u64 = 24 * 60 * 60;

impl Policy {
    /// Shopper and kiosk: fresh for 24 hours.
    pub const SHOPPER: Self = Self { fresh: DAY, stop: 90 * DAY, least_operators: 1 };
    /// Inspector: fresh for 7 days.
    pub const INSPECTOR: Self = Self { fresh: 7 * DAY, stop: 90 * DAY, least_operators: 1 };
}
