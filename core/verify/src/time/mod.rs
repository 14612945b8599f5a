//! Time as an argument: timestamps, periods, and what a device's clock is worth.
//!
//! Nothing here reads a clock. The host reads the system clock in one place and hands the reading
//! to [`Clock::judge`], which answers with the [`Now`] that every rule of this crate takes.

mod clock;
mod rfc3339;

pub use clock::{Clock, ClockMemory, Evidence, Reading};
pub use rfc3339::TimeFormatError;

use minicbor::{Decode, Decoder, Encode};

/// A moment in UTC with nanoseconds, from year 1 to year 9999 as protobuf's `Timestamp` has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
pub struct Timestamp {
    #[n(0)]
    secs: i64,
    #[n(1)]
    nanos: u32,
}

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the zero time of Go and the earliest moment there is.
    pub const EARLIEST: Self = Self { secs: -62_135_596_800, nanos: 0 };
    /// 9999-12-31T23:59:59.999999999Z.
    pub const LATEST: Self = Self { secs: 253_402_300_799, nanos: 999_999_999 };

    /// Seconds since 1970 and nanoseconds within the second; `None` outside the range.
    pub const fn from_unix(secs: i64, nanos: u32) -> Option<Self> {
        if secs < Self::EARLIEST.secs || secs > Self::LATEST.secs || nanos > 999_999_999 {
            return None;
        }
        Some(Self { secs, nanos })
    }

    /// Whole seconds since 1970, held inside the range.
    pub const fn from_unix_secs(secs: i64) -> Self {
        match Self::from_unix(secs, 0) {
            Some(time) => time,
            None if secs < 0 => Self::EARLIEST,
            None => Self::LATEST,
        }
    }

    /// Milliseconds since 1970; `None` outside the range.
    pub const fn from_unix_ms(ms: i64) -> Option<Self> {
        Self::from_unix(ms.div_euclid(1000), ms.rem_euclid(1000) as u32 * 1_000_000)
    }

    /// Milliseconds since 1970, rounded down.
    pub const fn unix_ms(self) -> i64 {
        self.secs * 1000 + (self.nanos / 1_000_000) as i64
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn secs(self) -> i64 {
        self.secs
    }

    /// Nanoseconds within the second.
    pub const fn nanos(self) -> u32 {
        self.nanos
    }

    /// The moment this much later; `None` past the range.
    pub fn checked_add(self, period: Seconds) -> Option<Self> {
        let secs = self.secs.checked_add(i64::try_from(period.0).ok()?)?;
        Self::from_unix(secs, self.nanos)
    }

    /// The moment this much earlier; `None` before the range.
    pub fn checked_sub(self, period: Seconds) -> Option<Self> {
        let secs = self.secs.checked_sub(i64::try_from(period.0).ok()?)?;
        Self::from_unix(secs, self.nanos)
    }

    /// The moment this much later, or the latest one.
    pub fn saturating_add(self, period: Seconds) -> Self {
        self.checked_add(period).unwrap_or(Self::LATEST)
    }

    /// The moment this much earlier, or the earliest one.
    pub fn saturating_sub(self, period: Seconds) -> Self {
        self.checked_sub(period).unwrap_or(Self::EARLIEST)
    }

    /// Whole seconds since an earlier moment; nothing if it is not earlier.
    pub fn since(self, earlier: Self) -> Seconds {
        let borrow = i64::from(self.nanos < earlier.nanos);
        Seconds(u64::try_from(self.secs - earlier.secs - borrow).unwrap_or(0))
    }
}

impl<'b, C> Decode<'b, C> for Timestamp {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let malformed = || minicbor::decode::Error::message("not a timestamp");
        if d.array()? != Some(2) {
            return Err(malformed());
        }
        Self::from_unix(d.i64()?, d.u32()?).ok_or_else(malformed)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

/// A period in whole seconds.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode, serde::Serialize,
)]
#[cbor(transparent)]
pub struct Seconds(#[n(0)] pub u64);

impl Seconds {
    /// One hour.
    pub const HOUR: Self = Self(60 * 60);
    /// One day.
    pub const DAY: Self = Self(24 * 60 * 60);

    /// So many days.
    pub const fn days(count: u64) -> Self {
        Self(count * Self::DAY.0)
    }
}

impl core::fmt::Display for Seconds {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} s", self.0)
    }
}

/// The present of one ledger, as far as this device knows it.
///
/// It is never before the ledger's floor. Made by [`Clock::judge`]; a caller that has its own way
/// to know the time makes one with [`Now::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    at: Timestamp,
    doubtful: bool,
}

impl Now {
    /// A present, and whether the clock behind it is doubtful.
    pub const fn new(at: Timestamp, doubtful: bool) -> Self {
        Self { at, doubtful }
    }

    /// The moment.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Whether the clock is doubtful: then nothing is fresh, every skip needs more than two thirds,
    /// the rule against headers from the future rests, and periods are measured between headers.
    pub const fn doubtful(&self) -> bool {
        self.doubtful
    }

    /// Age of a moment in whole seconds; 0 for one in the future.
    pub fn age_of(&self, time: Timestamp) -> u64 {
        self.at.since(time).0
    }
}

#[cfg(test)]
mod tests;
