//! What the flow asks of the host.

use super::event::{BundleBytes, ScanId, Source};
use super::noted::Noted;
use crate::history::Entry;
use sealight_verify::judge::SealClaim;
use sealight_verify::report::{Recipient, Report};

/// Which entry of the history is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKey {
    /// The one of this scan: written once, then replaced.
    Scan(ScanId),
    /// The one at this place in the store.
    Kept(u64),
}

/// What the staff is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// A visitor asks for them.
    Visitor,
    /// The camera does not answer.
    Camera,
}

impl Call {
    /// Its name in a journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Camera => "camera",
        }
    }
}

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Look in the store for the claim's bundle; answer with `Loaded`.
    Load {
        /// For which scan.
        scan: ScanId,
        /// What to look for, without its secret.
        claim: Box<SealClaim>,
    },
    /// Ask gateways for the claim's bundle; answer with `Fetched`.
    ///
    /// Asks by bucket of 64 adjacent items, or by prefix of a code's hash, never by item.
    Fetch {
        /// For which scan.
        scan: ScanId,
        /// What to ask for, without its secret.
        claim: Box<SealClaim>,
    },
    /// Verify a bundle, by `sealight_verify::judge::verify`; answer with `Judged`, and remember
    /// what the judgement says must be remembered.
    Judge {
        /// For which scan.
        scan: ScanId,
        /// The live claim. Not to be stored or logged.
        claim: Box<SealClaim>,
        /// The bundle.
        bundle: BundleBytes,
        /// Where it came from; a fetched one that fails is a bad gateway.
        source: Source,
    },
    /// Store a bundle that proved something, for later scans.
    Keep {
        /// What it proves, without its secret.
        claim: Box<SealClaim>,
        /// The bundle.
        bundle: BundleBytes,
    },
    /// Give up what is going on for a scan.
    Cancel {
        /// Which.
        scan: ScanId,
    },
    /// Ask gateways for newer headers.
    Sync,
    /// Write an entry of the history.
    Save {
        /// Which.
        key: EntryKey,
        /// The entry.
        entry: Box<Entry>,
    },
    /// Read the history; answer with `HistoryLoaded`.
    LoadHistory,
    /// Forget the history.
    EraseHistory,
    /// Write the history to a file that a person picks.
    ExportHistory,
    /// Look for codes with the camera, or stop looking.
    Capture(bool),
    /// Send `Tick` when the timer clock reaches this many milliseconds.
    WakeAt(u64),
    /// Stop speaking: what is read aloud is no longer what is shown.
    Hush,
    /// Forget everything of the last visitor: frames, readings, pictures, spoken text.
    Forget,
    /// Speak a text.
    Speak(String),
    /// Call the staff.
    CallStaff(Call),
    /// Seal a report, which a person has seen as it is, and keep it until a gateway takes it; answer
    /// with `Report`.
    SendReport {
        /// For whom.
        to: Box<Recipient>,
        /// The report.
        report: Box<Report>,
    },
    /// Set an item aside, with a reason that a person picks.
    SetAside(Box<Entry>),
    /// Count what happened; says nothing of any visitor or item.
    Note(Noted),
    /// End the program: the staff asked for it.
    Exit,
}
