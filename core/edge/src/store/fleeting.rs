//! In place of a store that does not open: a full disk, a file that another program holds.

use super::scan::{Scan, ScanId, Touched};
use super::{ByHeight, ByHeightRow, Change, Mark, MemoryStore, SealKey, Store, StoreError};
use sealight_verify::format::ids::LedgerId;

/// A store in memory that keeps no bundles, of which there may be any number: it says of them that
/// there is no room, and each is fetched again. What is left is small, and answers rest on it.
#[derive(Debug, Default)]
pub struct FleetingStore(MemoryStore);

impl FleetingStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Store for FleetingStore {
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.0.trust_files()
    }

    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.mark(ledger, mark)
    }

    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError> {
        self.0.by_height(ledger, what)
    }

    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError> {
        self.0.bundle(key)
    }

    fn scans(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.0.scans(before, limit)
    }

    fn scan(&self, id: ScanId) -> Result<Option<Scan>, StoreError> {
        self.0.scan(id)
    }

    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.0.scans_touched(touched, limit)
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.0.setting(name)
    }

    fn apply(&mut self, changes: &[Change]) -> Result<Option<ScanId>, StoreError> {
        if changes.iter().any(|change| matches!(change, Change::Bundle { .. })) {
            return Err(StoreError::DiskFull);
        }
        self.0.apply(changes)
    }
}
