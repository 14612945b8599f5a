//! What the host tells the flow.

use super::report::Fate;
use crate::answer::Answer;
use crate::history::Entry;
use crate::profile::Chips;
use crate::render::Hint;
use crate::staff::{Desk, PinTold};
use crate::view::Action;
use sealight_tag::claim::ClaimError;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::judge::{SealClaim, Unproven};
use sealight_verify::time::Timestamp;
use std::sync::Arc;

/// Number of one scan; answers to an earlier one are dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScanId(pub u32);

/// When something happened, by the host's two clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// What the device's clock says, for dates.
    pub at: Timestamp,
    /// Milliseconds of a clock that never goes back, for timers.
    pub ms: u64,
}

/// Bytes of a bundle, with their hash in hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BundleBytes {
    /// Untrusted bytes.
    pub bytes: Arc<[u8]>,
    /// Their hash.
    pub digest: String,
}

/// Where a bundle came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The store on this device.
    Stored,
    /// A gateway.
    Fetched,
}

/// An earlier scan with its place in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its place in the store.
    pub id: u64,
    /// The entry.
    pub entry: Entry,
}

/// How a reading came: what a camera happens to see pushes nothing aside that somebody reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A camera saw it.
    Camera,
    /// A hand scanner was pointed at it.
    Scanner,
    /// A chip was held on a reader.
    Chip,
    /// A person typed it.
    Typed,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A tag was read, or a number typed.
    Read {
        /// What it claims, or why there is nothing to verify.
        claim: Result<Box<SealClaim>, ClaimError>,
        /// How it came.
        by: By,
        /// Whether a camera told it before and it has been in view since: that keeps the screen
        /// and starts nothing.
        again: bool,
        /// Other claims in the same picture.
        others: Vec<SealClaim>,
    },
    /// A picture held no code.
    NothingRead,
    /// A chip lies on the reader and does not give what it holds.
    ChipUnread,
    /// What would help the camera.
    Hint(Hint),
    /// The camera does not answer; told again while that lasts.
    CameraFailed,
    /// The camera answers again.
    CameraBack,
    /// A reader for chips was plugged in, or is gone.
    ChipReader {
        /// What the one that is there now reads.
        reads: Chips,
    },
    /// The store answered [`super::Effect::Load`].
    Loaded {
        /// For which scan.
        scan: ScanId,
        /// The stored bundle, if there is one.
        bundle: Option<BundleBytes>,
    },
    /// Bytes of a bundle came in.
    Progress {
        /// For which scan.
        scan: ScanId,
        /// The maker's name, by an earlier proof only.
        maker: Option<String>,
        /// Bytes so far.
        have: u64,
        /// Bytes in all, where it is known.
        of: Option<u64>,
    },
    /// A gateway answered [`super::Effect::Fetch`], or none did.
    Fetched {
        /// For which scan.
        scan: ScanId,
        /// The bundle, or why there is none.
        bundle: Result<BundleBytes, Unproven>,
    },
    /// A bundle was verified, as [`super::Effect::Judge`] asked.
    Judged {
        /// For which scan.
        scan: ScanId,
        /// What the verdict says.
        answer: Box<Answer>,
    },
    /// Bytes of the register came in, of so many.
    Syncing {
        /// Bytes so far.
        have: u64,
        /// Bytes in all, where it is known.
        of: Option<u64>,
    },
    /// The ledgers in use, from now on.
    Ledgers(Vec<LedgerId>),
    /// The newest header of a ledger was accepted.
    HeadersSynced {
        /// Whose.
        ledger: LedgerId,
        /// Its time.
        as_of: Timestamp,
    },
    /// No gateway of a ledger answers.
    SyncFailed {
        /// Which.
        ledger: LedgerId,
    },
    /// Earlier scans, as [`super::Effect::LoadHistory`] asked.
    HistoryLoaded(Vec<Kept>),
    /// The feed of recalls hints at an earlier scan: to be proven before anything is said.
    RecallHit(Box<Kept>),
    /// What became of the report that was sent last, as [`super::Effect::SendReport`] asked and
    /// later.
    Report(Fate),
    /// A person did something.
    Act(Action),
    /// A PIN was tried, or cannot be now.
    Pin(PinTold),
    /// What the staff's page shows.
    Desk {
        /// The figures and findings.
        desk: Box<Desk>,
        /// Whether somebody just showed a right to it; otherwise a page that is open is renewed.
        enters: bool,
    },
    /// Time passed, as [`super::Effect::WakeAt`] asked.
    Tick,
}
