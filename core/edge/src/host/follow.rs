//! Recalls that the feed hints at: each hit is looked up by the flow before anything is noted.

use super::net::Feed;
use super::run::{Runner, kept};
use sealight_flow::{Event, ScanId};
use sealight_verify::format::ids::LedgerId;
use std::collections::BTreeSet;

/// A feed of recalls whose hits are being proven.
pub(super) struct Following {
    ledger: LedgerId,
    to: u64,
    open: BTreeSet<ScanId>,
    failed: bool,
}

impl Runner {
    /// Hands the flow what the feed hints at; the place moves on once every hit was looked up.
    pub(super) fn follow(&mut self, ledger: LedgerId, feed: Feed) {
        let hits = self.device.light.touched(&ledger, &feed.hints);
        self.following =
            Some(Following { ledger, to: feed.to, open: BTreeSet::new(), failed: false });
        for hit in hits.into_iter().filter_map(kept) {
            let before: BTreeSet<ScanId> = self.asking.keys().copied().collect();
            self.feed(Event::RecallHit(Box::new(hit)));
            let asked = self.asking.keys().filter(|scan| !before.contains(scan)).copied();
            let asked: Vec<ScanId> = asked.collect();
            if let Some(following) = &mut self.following {
                following.failed |= asked.is_empty();
                following.open.extend(asked);
            }
        }
        self.end_following();
    }

    pub(super) fn proven_hint(&mut self, scan: ScanId, proven: bool) {
        if let Some(following) = &mut self.following
            && following.open.remove(&scan)
        {
            following.failed |= !proven;
        }
        self.end_following();
    }

    fn end_following(&mut self) {
        let Some(done) = self.following.take_if(|following| following.open.is_empty()) else {
            return;
        };
        if !done.failed {
            let _ = self.device.light.feed_read(&done.ledger, done.to);
        }
    }
}
