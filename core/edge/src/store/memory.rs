//! The store in memory: for a kiosk that keeps nothing, and for tests.

use super::change::Change;
use super::key::SealKey;
use super::scan::{NewScan, Scan, ScanId, Touched, key_of};
use super::{ByHeight, ByHeightRow, MAX_ROWS, Mark, Store, StoreError};
use sealight_verify::format::ids::{LedgerId, PartyId};
use std::collections::BTreeMap;

/// Keeps everything until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    trust_files: BTreeMap<u64, Vec<u8>>,
    marks: BTreeMap<(LedgerId, Mark), Vec<u8>>,
    by_height: BTreeMap<(LedgerId, ByHeight, u64), Vec<u8>>,
    /// Each with when it was put, in no unit.
    bundles: BTreeMap<SealKey, (u64, Vec<u8>)>,
    put: u64,
    scans: BTreeMap<ScanId, (Scan, Option<PartyId>)>,
    settings: BTreeMap<String, String>,
    last: i64,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn apply_one(&mut self, change: &Change) {
        match change.clone() {
            Change::TrustFile { serial, bytes } => {
                self.trust_files.insert(serial, bytes);
            }
            Change::Mark { ledger, mark, bytes } if bytes.is_empty() => {
                self.marks.remove(&(ledger, mark));
            }
            Change::Mark { ledger, mark, bytes } => {
                self.marks.insert((ledger, mark), bytes);
            }
            Change::Keep { ledger, what, height, bytes } => {
                self.by_height.insert((ledger, what, height), bytes);
            }
            Change::Forget { ledger, what, from, to } => {
                self.by_height.retain(|(of, kind, height), _| {
                    (*of, *kind) != (ledger, what) || !(from..=to).contains(height)
                });
            }
            Change::Bundle { key, bytes } => {
                self.put += 1;
                self.bundles.insert(key, (self.put, bytes));
            }
            Change::ThinBundles { stay } => self.thin(stay as usize),
            Change::Scan(scan) => self.keep(*scan),
            Change::Rewrite { id, entry } => {
                if let Some((scan, _)) = self.scans.get_mut(&id) {
                    scan.entry = *entry;
                }
            }
            Change::ForgetScan(id) => {
                if let Some((scan, _)) = self.scans.remove(&id) {
                    self.forget_bundle(&scan);
                }
            }
            Change::ForgetAllScans => {
                self.scans.clear();
                self.bundles.clear();
            }
            Change::Setting { name, value } => {
                self.settings.insert(name, value);
            }
        }
    }

    fn thin(&mut self, stay: usize) {
        let scanned = |key: &SealKey| {
            let mut scans = self.scans.values();
            scans.any(|(scan, _)| key_of(&scan.ledger, &scan.entry).as_ref() == Some(key))
        };
        let loose = self.bundles.iter().filter(|(key, _)| !scanned(key));
        let mut loose: Vec<(u64, SealKey)> = loose.map(|(key, (put, _))| (*put, *key)).collect();
        loose.sort_by_key(|(put, _)| std::cmp::Reverse(*put));
        for (_, key) in loose.iter().skip(stay) {
            self.bundles.remove(key);
        }
    }

    /// A bundle goes with the last scan of its seal.
    fn forget_bundle(&mut self, scan: &Scan) {
        let key = key_of(&scan.ledger, &scan.entry);
        let shared =
            self.scans.values().any(|(other, _)| key_of(&other.ledger, &other.entry) == key);
        if let Some(key) = key.filter(|_| !shared) {
            self.bundles.remove(&key);
        }
    }

    fn keep(&mut self, new: NewScan) {
        self.last += 1;
        let id = ScanId(self.last);
        let scan = Scan { id, ledger: new.ledger, item: new.item, entry: new.entry };
        self.scans.insert(id, (scan, new.issuer));
    }
}

impl Store for MemoryStore {
    fn trust_files(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        Ok(self.trust_files.values().cloned().collect())
    }

    fn mark(&self, ledger: &LedgerId, mark: Mark) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.marks.get(&(*ledger, mark)).cloned())
    }

    fn by_height(&self, ledger: &LedgerId, what: ByHeight) -> Result<Vec<ByHeightRow>, StoreError> {
        let of = self.by_height.range((*ledger, what, 0)..=(*ledger, what, u64::MAX)).rev();
        let row = |((.., height), bytes): (&(_, _, u64), &Vec<u8>)| (*height, bytes.clone());
        let mut newest: Vec<ByHeightRow> = of.take(MAX_ROWS).map(row).collect();
        newest.reverse();
        Ok(newest)
    }

    fn bundle(&self, key: &SealKey) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.bundles.get(key).map(|(_, bytes)| bytes.clone()))
    }

    fn scans(&self, before: Option<ScanId>, limit: usize) -> Result<Vec<Scan>, StoreError> {
        let before = before.unwrap_or(ScanId(i64::MAX));
        let newest = self.scans.range(..before).rev().take(limit);
        Ok(newest.map(|(_, (scan, _))| scan.clone()).collect())
    }

    fn scan(&self, id: ScanId) -> Result<Option<Scan>, StoreError> {
        Ok(self.scans.get(&id).map(|(scan, _)| scan.clone()))
    }

    fn scans_touched(&self, touched: &Touched, limit: usize) -> Result<Vec<Scan>, StoreError> {
        let is_touched = |scan: &Scan, issuer: &Option<PartyId>| match touched {
            Touched::Items(ledger, lot, items) => {
                scan.ledger == *ledger
                    && scan.item.is_some_and(|(of, index)| of == *lot && items.holds(index))
            }
            Touched::Issuer(ledger, party) => scan.ledger == *ledger && *issuer == Some(*party),
        };
        let newest = self.scans.values().rev().filter(|(scan, issuer)| is_touched(scan, issuer));
        Ok(newest.take(limit).map(|(scan, _)| scan.clone()).collect())
    }

    fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.settings.get(name).cloned())
    }

    fn apply(&mut self, changes: &[Change]) -> Result<Option<ScanId>, StoreError> {
        changes.iter().try_for_each(Change::bounds)?;
        let before = self.last;
        changes.iter().for_each(|change| self.apply_one(change));
        Ok((self.last > before).then_some(ScanId(self.last)))
    }
}
