//! Recalls that feeds hint at: each hit is looked up by the flow before anything is noted.

use super::run::{Runner, kept};
use crate::client::GatewayFeed;
use crate::net::GatewayUrl;
use crate::store::{Scan, ScanId as KeptId};
use sealight_flow::{Event, ScanId};
use sealight_verify::format::ids::LedgerId;
use std::collections::{BTreeMap, BTreeSet};

/// Feeds of recalls whose hits are being proven.
pub(super) struct Following {
    ledger: LedgerId,
    feeds: Vec<Open>,
    asked: BTreeMap<ScanId, KeptId>,
}

/// One gateway's feed.
struct Open {
    gateway: GatewayUrl,
    to: u64,
    /// The hits, each with the place of its last hint.
    hits: BTreeMap<KeptId, u64>,
    failed: bool,
}

impl Following {
    /// A hit was looked up under a log of this length, or in vain.
    fn told(&mut self, hit: KeptId, log_size: Option<u64>) {
        for feed in &mut self.feeds {
            // A state from before the hint says nothing of it.
            let before = |after: &u64| log_size.is_none_or(|log_size| log_size <= *after);
            feed.failed |= feed.hits.get(&hit).is_some_and(before);
        }
    }
}

impl Runner {
    /// Hands the flow what feeds hint at; a place moves on once every hit was looked up.
    pub(super) fn follow(&mut self, ledger: LedgerId, feeds: Vec<GatewayFeed>) {
        let mut scans: BTreeMap<KeptId, Scan> = BTreeMap::new();
        let mut open = Vec::new();
        for feed in feeds {
            let Ok(found) = self.device.light.touched(&ledger, &feed.hints) else { continue };
            let hits = found.scans.iter().map(|(scan, after)| (scan.id, *after)).collect();
            let (gateway, to, failed) = (feed.gateway, feed.to, !found.whole);
            open.push(Open { gateway, to, hits, failed });
            scans.extend(found.scans.into_iter().map(|(scan, _)| (scan.id, scan)));
        }
        self.following = Some(Following { ledger, feeds: open, asked: BTreeMap::new() });
        for (id, scan) in scans.into_iter().rev() {
            let before: BTreeSet<ScanId> = self.asking.keys().copied().collect();
            if let Some(hit) = kept(scan) {
                self.feed(Event::RecallHit(Box::new(hit)));
            }
            let asked = self.asking.keys().find(|scan| !before.contains(scan)).copied();
            match (&mut self.following, asked) {
                (Some(following), Some(scan)) => drop(following.asked.insert(scan, id)),
                (Some(following), None) => following.told(id, None),
                (None, _) => return,
            }
        }
        self.end_following();
    }

    pub(super) fn proven_hint(&mut self, scan: ScanId, log_sizes: &[(LedgerId, u64)]) {
        if let Some(following) = &mut self.following
            && let Some(hit) = following.asked.remove(&scan)
        {
            let own = log_sizes.iter().find(|(ledger, _)| *ledger == following.ledger);
            following.told(hit, own.map(|(_, log_size)| *log_size));
        }
        self.end_following();
    }

    /// What a look-up proved could not be kept: it is hinted at again.
    pub(super) fn unkept_hint(&mut self) {
        let feeds = self.following.iter_mut().flat_map(|following| &mut following.feeds);
        feeds.for_each(|feed| feed.failed = true);
    }

    fn end_following(&mut self) {
        let done = self.following.take_if(|following| following.asked.is_empty());
        let Some(Following { ledger, feeds, .. }) = done else { return };
        for feed in feeds.into_iter().filter(|feed| !feed.failed) {
            // A place that is not kept is read from again.
            let _ = self.device.light.feed_read(&ledger, &feed.gateway, feed.to);
        }
    }
}
