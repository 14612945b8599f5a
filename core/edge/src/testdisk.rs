//! A store in memory whose disk a test holds up, for tests of what is lost to a disk.

use crate::store::{
    ByHeight, ByHeightRow, Change, Mark, MemoryStore, Scan, ScanId, SealKey, Store, StoreError,
    Touched,
};
use sealight_verify::format::ids::LedgerId;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A store in memory that fails when the test says so; the test keeps it too.
#[derive(Clone, Default)]
pub(crate) struct Disk {
    store: Arc<Mutex<MemoryStore>>,
    unread: Arc<AtomicBool>,
    full: Arc<AtomicBool>,
    unfit: Arc<AtomicBool>,
}

impl Disk {
    /// From now on another program holds it, or no longer.
    pub(crate) fn fail_reads(&self, fail: bool) {
        self.unread.store(fail, Ordering::SeqCst);
    }

    /// From now on it has no room, or has some again.
    pub(crate) fn fail_writes(&self, fail: bool) {
        self.full.store(fail, Ordering::SeqCst);
    }

    /// From now on it keeps no bundle, however much room there is, or keeps them again.
    pub(crate) fn refuse_bundles(&self, refuse: bool) {
        self.unfit.store(refuse, Ordering::SeqCst);
    }

    fn inside<T>(&self, ask: impl FnOnce(&mut MemoryStore) -> T) -> T {
        ask(&mut self.store.lock().unwrap())
    }

    fn read<T>(
        &self,
        ask: impl FnOnce(&mut MemoryStore) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.unread.load(Ordering::SeqCst) { Err(StoreError::Busy) } else { self.inside(ask) }
    }
}

impl Store for Disk {
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(|store| store.trust_files())
    }

    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|store| store.mark(ledger, mark))
    }

    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError> {
        self.read(|store| store.by_height(ledger, what))
    }

    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|store| store.bundle(key))
    }

    fn scans(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.read(|store| store.scans(before, limit))
    }

    fn scan(&self, id: ScanId) -> Result<Option<Scan>, StoreError> {
        self.read(|store| store.scan(id))
    }

    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError> {
        self.read(|store| store.scans_touched(touched, limit))
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.read(|store| store.setting(name))
    }

    fn apply(&mut self, changes: &[Change]) -> Result<Option<ScanId>, StoreError> {
        let is_bundle = |change: &Change| matches!(change, Change::Bundle { .. });
        if self.unfit.load(Ordering::SeqCst) && changes.iter().any(is_bundle) {
            return Err(StoreError::TooLong { what: "bundle", got: 2, max: 1 });
        }
        match self.full.load(Ordering::SeqCst) {
            true => Err(StoreError::DiskFull),
            false => self.inside(|store| store.apply(changes)),
        }
    }
}
