//! What proved an answer is kept once that is shown, and what the disk does not take then is kept
//! later; at the start, at night, and now and then while nobody scans the store is made small.

use super::run::Runner;
use crate::client::Keeping;
use crate::store::{Change, Store, StoreError};
use sealight_flow::{Effect, Noted};
use sealight_verify::judge::SealClaim;
use std::collections::VecDeque;

/// Most bundles that wait for room; one that is dropped is fetched again when it is scanned again.
const MOST_WAITING: usize = 64;
/// Milliseconds between two tries.
const TRY_EVERY: u64 = if cfg!(test) { 50 } else { 15_000 };
/// Most bundles that stay of seals that no scan is kept of: some hundred megabytes.
const MOST_BUNDLES: u32 = if cfg!(test) { 4 } else { 4_096 };
/// How many may be kept beyond these until the oldest are forgotten: a shop may switch its kiosks off
/// at night.
const MOST_BEYOND: u32 = if cfg!(test) { 3 } else { 256 };
/// Milliseconds after a scan in which whoever made it looks at the answer, or makes the next one:
/// forgetting takes seconds on worn flash, in which nothing would be answered.
const REST: u64 = if cfg!(test) { 0 } else { 60_000 };

/// Bundles that are not on the disk yet.
#[derive(Default)]
pub(super) struct Unkept {
    /// Those of answers that are about to be shown.
    soon: VecDeque<(Box<SealClaim>, Vec<u8>)>,
    /// Those that found no room, the oldest first.
    waiting: VecDeque<(Box<SealClaim>, Vec<u8>)>,
    try_at: u64,
    /// Bundles that were kept since the oldest were last forgotten.
    beyond: u32,
    /// Until when somebody may be about to scan.
    rests_at: u64,
}

impl Runner {
    /// Keeps a bundle as soon as the answer that it proved was handed out: nobody waits for a disk.
    pub(super) fn keep_soon(&mut self, claim: Box<SealClaim>, bundle: Vec<u8>) {
        self.unkept.soon.push_back((claim, bundle));
    }

    /// Somebody scans: what takes its time waits until nobody does.
    pub(super) fn somebody_scans(&mut self) {
        self.unkept.rests_at = self.now().ms.saturating_add(REST);
    }

    /// Keeps a bundle, or has it wait for room where there may be some later.
    pub(super) fn keep(&mut self, claim: Box<SealClaim>, bundle: Vec<u8>) {
        let error = match self.device.light.keep(&claim, bundle.clone()) {
            Ok(keeping) => return self.kept(keeping),
            Err(error) => error,
        };
        (self.shell.on_effect)(Effect::Note(Noted::NotKept));
        if !error.passes() {
            return;
        }
        self.unkept.waiting.push_back((claim, bundle));
        if self.unkept.waiting.len() > MOST_WAITING {
            self.unkept.waiting.pop_front();
        }
        self.unkept.try_at = self.now().ms.saturating_add(TRY_EVERY);
    }

    /// What the disk is left to do: called when what there is to show was handed out.
    pub(super) fn keep_later(&mut self) {
        while let Some((claim, bundle)) = self.unkept.soon.pop_front() {
            self.keep(claim, bundle);
        }
        self.keep_waiting();
        if self.thins_at().is_some_and(|at| at <= self.now().ms) {
            self.thin();
        }
    }

    /// Tries again what found no room, as long as there is some.
    fn keep_waiting(&mut self) {
        let ms = self.now().ms;
        if self.unkept.waiting.is_empty() || ms < self.unkept.try_at {
            return;
        }
        self.unkept.try_at = ms.saturating_add(TRY_EVERY);
        while let Some((claim, bundle)) = self.unkept.waiting.front() {
            let kept = self.device.light.keep(claim, bundle.clone());
            if kept.as_ref().is_err_and(StoreError::passes) {
                return;
            }
            self.unkept.waiting.pop_front();
            // One that is never kept stands in no other's way.
            if let Ok(keeping) = kept {
                self.kept(keeping);
                (self.shell.on_effect)(Effect::Note(Noted::KeptLater));
            }
        }
    }

    /// When something that waits for room is tried again, or the store is made small.
    pub(super) fn tries_again(&self) -> u64 {
        let tries = (!self.unkept.waiting.is_empty()).then_some(self.unkept.try_at);
        tries.into_iter().chain(self.thins_at()).min().unwrap_or(u64::MAX)
    }

    fn kept(&mut self, keeping: Keeping) {
        self.unkept.beyond += u32::from(keeping == Keeping::Kept);
    }

    /// When the oldest bundles beyond the quota are forgotten, if there are enough of them; not while
    /// a gateway is asked, whose answer comes to this thread.
    fn thins_at(&self) -> Option<u64> {
        let is_due = self.unkept.beyond >= MOST_BEYOND && self.asking.is_empty();
        is_due.then_some(self.unkept.rests_at)
    }

    /// Forgets the oldest bundles beyond the quota.
    pub(super) fn thin(&mut self) {
        self.unkept.beyond = 0;
        let store: &mut dyn Store = self.device.light.store();
        // What is not forgotten now is the next time.
        let _ = store.apply(&[Change::ThinBundles { stay: MOST_BUNDLES }]);
    }

    /// The night: trust files and headers are fetched, bundles beyond the quota forgotten.
    pub(super) fn tidy(&mut self) {
        (self.renew_at, self.sync_at) = (0, self.now().ms);
        // What staff added beside the running program counts from tonight on.
        let added = self.device.light.home().and_then(|home| home.trust().ok().flatten());
        self.newer.extend(added);
        self.thin();
    }
}
