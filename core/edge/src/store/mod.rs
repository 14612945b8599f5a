//! What a device keeps between runs: trust files, checkpoints, headers, bundles, scans.
//!
//! The store is as untrusted as a gateway: it may have been edited, cut short or swapped for an
//! older copy. It hands out bytes of bounded length and believes none of them: headers are accepted
//! again from the signed checkpoint of the trust file, bundles are judged each time that they are
//! shown, and what a scan gave then is shown as "then" only. A row that does not read is as good as
//! absent. No secret of a seal and no tap code is ever in it: an entry of the history has no place
//! for one.
//!
//! [`Store`] is kept by SQLite ([`SqliteStore`]) and in memory ([`MemoryStore`]); one contract is
//! tested on both. [`FleetingStore`] stands in for a file that does not open.

mod change;
mod error;
mod fleeting;
mod key;
mod lease;
mod memory;
mod open;
mod scan;
mod schema;
mod sqlite;

pub use change::{ByHeight, Change, Mark};
pub use error::StoreError;
pub use fleeting::FleetingStore;
pub use key::SealKey;
pub use lease::Damage;
pub use memory::MemoryStore;
pub use open::{Check, Opened, Warning};
pub use scan::{NewScan, Scan, ScanId, Touched};
pub use sqlite::SqliteStore;

use sealight_verify::format::ids::LedgerId;

/// Most headers, checkpoints or validator sets that are handed out for one ledger: the newest.
pub const MAX_ROWS: usize = 1024;

/// A height and what is kept under it.
pub type ByHeightRow = (u64, Vec<u8>);

/// What a device keeps. Reading never gives more than the stated bounds, whatever is stored.
pub trait Store: Send {
    /// Signed trust files, by rising serial.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError>;

    /// One of the few things kept once a ledger.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError>;

    /// Light blocks, signed checkpoints or validator sets by rising height: the newest
    /// [`MAX_ROWS`].
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError>;

    /// The bundle kept for a seal.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError>;

    /// Scans, the newest first, from before `before` on; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn scans(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError>;

    /// One scan.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn scan(&self, id: ScanId) -> Result<Option<Scan>, StoreError>;

    /// Scans of anything that something touches, the newest first; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError>;

    /// A setting.
    ///
    /// # Errors
    /// [`StoreError::Io`], [`StoreError::Busy`], [`StoreError::Corrupt`], where it cannot be read.
    fn setting(&self, name: &str) -> Result<Option<String>, StoreError>;

    /// Applies all changes or none; the id of the last scan among them.
    ///
    /// # Errors
    /// [`StoreError::TooLong`] and [`StoreError::OutOfRange`] for what is not kept,
    /// [`StoreError::DiskFull`], [`StoreError::Busy`], [`StoreError::Io`] and
    /// [`StoreError::Corrupt`] where it cannot be written.
    fn apply(&mut self, changes: &[Change]) -> Result<Option<ScanId>, StoreError>;
}

#[cfg(test)]
mod tests;
