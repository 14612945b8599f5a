//! What changes in a store: plain data, applied all or none.

use super::error::{StoreError, bound};
use super::key::SealKey;
use super::scan::{NewScan, ScanId, entry_text};
use sealight_flow::Entry;
use sealight_verify::chain::ForkEvidence;
use sealight_verify::codec::Versioned;
use sealight_verify::comet::{LightBlock, StoredValidators};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::trust::SignedCheckpoint;

/// Heights take 48 bits of a row's number.
pub(super) const MAX_HEIGHT: u64 = (1 << 48) - 1;
/// Most bytes of a signed trust file.
pub(super) const MAX_TRUST_FILE: usize = 512 * 1024;
/// Most bytes of a setting's value.
pub(super) const MAX_SETTING: usize = 4096;

/// One of the few things kept once a ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// What is remembered of the system clock.
    Clock,
    /// Up to where each gateway's feed of recalls was read.
    Feed,
    /// Evidence of a fork: the ledger is frozen.
    Fork,
    /// Evidence against a header that a checkpoint took the place of: nothing is frozen.
    Conflict,
}

impl Mark {
    /// Its number in the store.
    pub(super) fn number(self) -> i64 {
        match self {
            Self::Clock => 1,
            Self::Feed => 2,
            Self::Fork => 3,
            Self::Conflict => 4,
        }
    }

    /// Most bytes of it.
    pub(super) fn max_len(self) -> usize {
        match self {
            Self::Clock => 156,
            Self::Feed => 512,
            Self::Fork | Self::Conflict => ForkEvidence::MAX_LEN,
        }
    }
}

/// What is kept by height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ByHeight {
    /// Light blocks.
    Header,
    /// Signed checkpoints.
    Checkpoint,
    /// Validator sets that the header of the height names.
    Validators,
}

impl ByHeight {
    /// Most bytes of one.
    pub(super) fn max_len(self) -> usize {
        match self {
            Self::Header => LightBlock::MAX_LEN,
            Self::Checkpoint => SignedCheckpoint::MAX_LEN,
            Self::Validators => StoredValidators::MAX_LEN,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Header => LightBlock::NAME,
            Self::Checkpoint => SignedCheckpoint::NAME,
            Self::Validators => StoredValidators::NAME,
        }
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Keeps a signed trust file under its serial.
    TrustFile {
        /// Its serial.
        serial: u64,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Keeps a mark in place of the earlier one.
    Mark {
        /// The ledger.
        ledger: LedgerId,
        /// Which mark.
        mark: Mark,
        /// Its bytes; empty takes it away.
        bytes: Vec<u8>,
    },
    /// Keeps something under its height.
    Keep {
        /// The ledger.
        ledger: LedgerId,
        /// What it is.
        what: ByHeight,
        /// The height, below 2^48.
        height: u64,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Forgets what is kept under heights.
    Forget {
        /// The ledger.
        ledger: LedgerId,
        /// What it is.
        what: ByHeight,
        /// First height that is forgotten.
        from: u64,
        /// Last height that is forgotten.
        to: u64,
    },
    /// Keeps a bundle in place of the seal's earlier one.
    Bundle {
        /// Of which seal.
        key: SealKey,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Forgets the oldest bundles of seals that no scan is kept of, until so many stay.
    ThinBundles {
        /// How many stay at most.
        stay: u32,
    },
    /// Keeps a scan.
    Scan(Box<NewScan>),
    /// Keeps another entry for a scan; nothing where there is no such scan.
    Rewrite {
        /// The scan.
        id: ScanId,
        /// Its entry, of the same claim.
        entry: Box<Entry>,
    },
    /// Forgets a scan, and its bundle where no other scan has the same seal.
    ForgetScan(ScanId),
    /// Forgets all scans and all bundles.
    ForgetAllScans,
    /// Keeps a setting.
    Setting {
        /// Its name, at most 64 bytes.
        name: String,
        /// Its value.
        value: String,
    },
}

impl Change {
    /// Refuses what is too long to be kept; asked of all changes before the first is applied.
    pub(super) fn bounds(&self) -> Result<(), StoreError> {
        match self {
            Self::TrustFile { serial, bytes } => {
                in_range("trust file serial", *serial, i64::MAX as u64)?;
                bound("trust file", bytes.len(), MAX_TRUST_FILE)
            }
            Self::Mark { mark, bytes, .. } => bound("mark", bytes.len(), mark.max_len()),
            Self::Keep { what, height, bytes, .. } => {
                in_range("height", *height, MAX_HEIGHT)?;
                bound(what.name(), bytes.len(), what.max_len())
            }
            Self::Forget { from, to, .. } => in_range("height", (*from).max(*to), MAX_HEIGHT),
            Self::Bundle { bytes, .. } => bound("bundle", bytes.len(), Bundle::MAX_LEN),
            Self::Scan(scan) => entry_text(&scan.entry).map(|_| ()),
            Self::Rewrite { entry, .. } => entry_text(entry).map(|_| ()),
            Self::ForgetScan(_) | Self::ForgetAllScans | Self::ThinBundles { .. } => Ok(()),
            Self::Setting { name, value } => {
                bound("setting name", name.len(), 64)?;
                bound("setting", value.len(), MAX_SETTING)
            }
        }
    }
}

fn in_range(what: &'static str, got: u64, max: u64) -> Result<(), StoreError> {
    if got > max { Err(StoreError::OutOfRange { what }) } else { Ok(()) }
}
