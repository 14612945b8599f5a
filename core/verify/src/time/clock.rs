//! What the system clock is worth: floor, earlier maximum, doubt and its end.

use super::{Now, Seconds, Timestamp};
use crate::codec::Versioned;
use minicbor::{Decode, Encode};

/// How much older than the clock's earlier maximum a header may be to end a doubt.
const EVIDENCE_SLACK: Seconds = Seconds::HOUR;

/// What is remembered of the system clock between runs, for each ledger.
///
/// The store keeps it and never makes one up: a lost memory begins again with
/// [`ClockMemory::FIRST`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClockMemory {
    #[n(0)]
    version: u8,
    /// The largest reading since the last doubt ended.
    #[n(1)]
    highest: Timestamp,
    /// The floor when the present doubt began; absent where there is no doubt.
    #[n(2)]
    doubt: Option<Timestamp>,
}

impl Versioned for ClockMemory {
    const NAME: &'static str = "clock memory";
    const MAX_LEN: usize = 64;
}

impl ClockMemory {
    /// The memory of a device that has never read its clock.
    pub const FIRST: Self = Self { version: 1, highest: Timestamp::EARLIEST, doubt: None };

    /// The largest reading since the last doubt ended.
    pub const fn highest(&self) -> Timestamp {
        self.highest
    }

    /// Whether a doubt lasts.
    pub const fn doubtful(&self) -> bool {
        self.doubt.is_some()
    }
}

/// Something that may end a doubt; only this crate makes it, from what it accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header(Timestamp),
    Checkpoint(Timestamp),
    AgreedHead(Timestamp),
}

impl Evidence {
    /// A header that was accepted.
    pub(crate) const fn header(time: Timestamp) -> Self {
        Self(Kind::Header(time))
    }

    /// A checkpoint newer than all before it.
    pub(crate) const fn checkpoint(made: Timestamp) -> Self {
        Self(Kind::Checkpoint(made))
    }

    /// A head on which gateways of two operators agree.
    pub(crate) const fn agreed_head(time: Timestamp) -> Self {
        Self(Kind::AgreedHead(time))
    }
}

/// A clock reading judged: the present, and what to remember of the reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The present of this ledger.
    pub now: Now,
    /// The new memory, where it changed.
    pub remember: Option<ClockMemory>,
}

/// The clock of one ledger: its floor and the memory of the system clock.
///
/// The floor is the largest of build time, checkpoint and newest accepted header. Nothing that was
/// not accepted raises it, and a clock far ahead is remembered but never becomes a floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    floor: Timestamp,
    drift: Seconds,
    memory: ClockMemory,
}

impl Clock {
    /// A clock that cannot be before the program's build time.
    pub const fn new(built: Timestamp, drift: Seconds, memory: ClockMemory) -> Self {
        Self { floor: built, drift, memory }
    }

    /// Raises the floor to what was accepted since, such as `HeaderChain::floor`.
    pub fn raise_floor(&mut self, accepted: Timestamp) {
        self.floor = self.floor.max(accepted);
    }

    /// The floor.
    pub const fn floor(&self) -> Timestamp {
        self.floor
    }

    /// Takes over a memory that [`Clock::judge`] or [`Clock::settle`] returned.
    pub fn remember(&mut self, memory: ClockMemory) {
        self.memory = memory;
    }

    /// Judges one reading of the system clock.
    pub fn judge(&self, system: Timestamp) -> Reading {
        let doubtful =
            self.memory.doubtful() || self.below_floor(system) || self.below_maximum(system);
        let memory = ClockMemory {
            version: 1,
            highest: self.memory.highest.max(system),
            doubt: doubtful.then(|| self.memory.doubt.unwrap_or(self.floor)),
        };
        Reading {
            now: Now::new(system.max(self.floor), doubtful),
            remember: (memory != self.memory).then_some(memory),
        }
    }

    /// Ends the doubt where the evidence allows it; the memory to remember, or nothing.
    ///
    /// Evidence must be newer than everything known when the doubt began, so that a frozen
    /// gateway's old head never counts; and a clock that is below the floor stays doubtful.
    pub fn settle(&self, system: Timestamp, evidence: &Evidence) -> Option<ClockMemory> {
        let known = self.memory.doubt?;
        let (time, counts) = match evidence.0 {
            Kind::Header(time) => {
                (time, time >= self.memory.highest.saturating_sub(EVIDENCE_SLACK))
            }
            Kind::Checkpoint(time) | Kind::AgreedHead(time) => (time, true),
        };
        let floor = self.floor.max(time);
        let ends = counts && time > known && system.saturating_add(self.drift) >= floor;
        ends.then_some(ClockMemory { version: 1, highest: system, doubt: None })
    }

    /// More than the drift below the floor.
    fn below_floor(&self, system: Timestamp) -> bool {
        system.saturating_add(self.drift) < self.floor
    }

    /// More than the drift below its own earlier maximum.
    fn below_maximum(&self, system: Timestamp) -> bool {
        system.saturating_add(self.drift) < self.memory.highest
    }
}
