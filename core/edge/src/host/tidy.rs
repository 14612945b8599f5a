//! What the disk does not take now is kept later; at the start, now and then and at night the store
//! is made small.

use super::run::Runner;
use crate::store::{Change, Store};
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

/// Bundles that found no room on the disk, the oldest first.
#[derive(Default)]
pub(super) struct Unkept {
    waiting: VecDeque<(Box<SealClaim>, Vec<u8>)>,
    try_at: u64,
    /// Bundles that were kept since the oldest were last forgotten.
    beyond: u32,
}

impl Runner {
    /// Keeps a bundle, or has it wait for room.
    pub(super) fn keep(&mut self, claim: Box<SealClaim>, bundle: Vec<u8>) {
        if self.device.light.keep(&claim, bundle.clone()).is_ok() {
            return self.kept_one();
        }
        (self.shell.on_effect)(Effect::Note(Noted::NotKept));
        self.unkept.waiting.push_back((claim, bundle));
        if self.unkept.waiting.len() > MOST_WAITING {
            self.unkept.waiting.pop_front();
        }
        self.unkept.try_at = self.now().ms.saturating_add(TRY_EVERY);
    }

    /// Tries again what found no room, as long as there is some.
    pub(super) fn keep_later(&mut self) {
        let ms = self.now().ms;
        if self.unkept.waiting.is_empty() || ms < self.unkept.try_at {
            return;
        }
        self.unkept.try_at = ms.saturating_add(TRY_EVERY);
        while let Some((claim, bundle)) = self.unkept.waiting.front() {
            if self.device.light.keep(claim, bundle.clone()).is_err() {
                return;
            }
            self.unkept.waiting.pop_front();
            self.kept_one();
            (self.shell.on_effect)(Effect::Note(Noted::KeptLater));
        }
    }

    /// When something that waits for room is tried again.
    pub(super) fn tries_again(&self) -> u64 {
        if self.unkept.waiting.is_empty() { u64::MAX } else { self.unkept.try_at }
    }

    fn kept_one(&mut self) {
        self.unkept.beyond += 1;
        if self.unkept.beyond >= MOST_BEYOND {
            self.thin();
        }
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
        self.thin();
    }
}
