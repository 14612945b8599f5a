//! Feeds of recalls: how far each gateway's own was read, and which earlier scans one touches.
//!
//! A place is only its gateway's word, so each gateway has one of its own: who hides a recall hides
//! it from its own feed only, and any other gateway's feed still hints at it.

use super::light::Light;
use crate::net::GatewayUrl;
use crate::store::{Change, Mark, Scan, StoreError, Touched};
use sealight_verify::codec;
use sealight_verify::format::answer::RecallHint;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::{HashSuite, Sm3};
use std::collections::BTreeMap;

/// Most earlier scans that are looked at after one feed.
const MAX_HITS: usize = 256;
/// Most that are read for one hint.
const MAX_READ: usize = 4096;
/// Gateways whose places are kept.
const MAX_PLACES: usize = 16;
/// Bytes of a gateway's key and of its place.
const PLACE_LEN: usize = KEY_LEN + 8;
const KEY_LEN: usize = 16;

/// How far the feed of each gateway was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedPlaces(BTreeMap<[u8; KEY_LEN], u64>);

/// What one gateway's feed says: hints, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayFeed {
    /// The gateway.
    pub gateway: GatewayUrl,
    /// Hints since its place.
    pub hints: Vec<RecallHint>,
    /// Its next place, once all hits are proven.
    pub to: u64,
}

/// Earlier scans that a feed touches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hits {
    /// The newest first, each with the place of the last hint that touches it: only a state whose
    /// log is longer tells of it.
    pub scans: Vec<(Scan, u64)>,
    /// Whether these are all.
    pub whole: bool,
}

impl FeedPlaces {
    /// The place of a gateway; the start where none is kept.
    pub fn of(&self, gateway: &GatewayUrl) -> u64 {
        self.0.get(&key(gateway)).copied().unwrap_or(0)
    }

    fn decode(bytes: &[u8]) -> Self {
        let place = |row: &[u8]| {
            let (gateway, at) = row.split_at_checked(KEY_LEN)?;
            Some((gateway.try_into().ok()?, u64::from_be_bytes(at.try_into().ok()?)))
        };
        Self(bytes.chunks_exact(PLACE_LEN).filter_map(place).collect())
    }

    fn encode(&self) -> Vec<u8> {
        let row =
            |(gateway, at): (&[u8; KEY_LEN], &u64)| [&gateway[..], &at.to_be_bytes()].concat();
        self.0.iter().flat_map(row).collect()
    }
}

impl Light {
    /// How far the feeds of a ledger were read. Where that cannot be told now, all are read from the
    /// start, which takes time and hides nothing.
    pub fn feed_places(&self, ledger: &LedgerId) -> FeedPlaces {
        self.kept_places(ledger).unwrap_or_default()
    }

    fn kept_places(&self, ledger: &LedgerId) -> Result<FeedPlaces, StoreError> {
        let bytes = self.store.mark(ledger, Mark::Feed)?;
        Ok(FeedPlaces::decode(&bytes.unwrap_or_default()))
    }

    /// Notes how far a gateway's feed was read, once its hits are proven.
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it, or cannot tell the other gateways' places,
    /// which are kept with it.
    pub fn feed_read(
        &mut self,
        ledger: &LedgerId,
        gateway: &GatewayUrl,
        to: u64,
    ) -> Result<(), StoreError> {
        let mut places = self.kept_places(ledger)?;
        if places.of(gateway) == to {
            return Ok(());
        }
        let own = key(gateway);
        places.0.insert(own, to);
        while places.0.len() > MAX_PLACES {
            // That gateway's feed is read from the start again.
            let other = places.0.keys().find(|other| **other != own).copied();
            let Some(other) = other else { break };
            places.0.remove(&other);
        }
        let change = Change::Mark { ledger: *ledger, mark: Mark::Feed, bytes: places.encode() };
        self.store.apply(&[change]).map(|_| ())
    }

    /// Earlier scans that hints of recalls touch, each once, the newest first.
    ///
    /// A scan that is noted as recalled learns nothing from hints that say no more.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub fn touched(&self, ledger: &LedgerId, hints: &[RecallHint]) -> Result<Hits, StoreError> {
        let mut found: BTreeMap<_, (Scan, u64, bool)> = BTreeMap::new();
        let mut whole = true;
        for hint in hints {
            let scans = self.store.scans_touched(&touched(ledger, &hint.scope), MAX_READ)?;
            whole &= scans.len() < MAX_READ;
            for scan in scans {
                let (_, after, lifted) = found.entry(scan.id).or_insert((scan, 0, false));
                *after = hint.log_index.max(*after);
                *lifted |= !hint.recalled;
            }
        }
        let open = found
            .into_values()
            .rev()
            .filter(|(scan, _, lifted)| *lifted || scan.entry.recalled.is_none());
        let mut scans: Vec<_> = open.map(|(scan, after, _)| (scan, after)).collect();
        whole &= scans.len() <= MAX_HITS;
        scans.truncate(MAX_HITS);
        Ok(Hits { scans, whole })
    }
}

/// Length of the log in the state that a verified bundle shows.
pub(crate) fn proven_log_size(bundle: &[u8]) -> Option<u64> {
    codec::decode::<Bundle>(bundle).ok().map(|bundle| bundle.roots.log_size)
}

/// Height of the header in a verified bundle.
pub(super) fn proven_height(bundle: &[u8]) -> Option<u64> {
    codec::decode::<Bundle>(bundle).ok().map(|bundle| bundle.block.height())
}

fn key(gateway: &GatewayUrl) -> [u8; KEY_LEN] {
    let hash = Sm3::hash(&[gateway.as_str().as_bytes()]);
    let mut key = [0; KEY_LEN];
    key.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
    key
}

fn touched(ledger: &LedgerId, scope: &RecallScope) -> Touched {
    match scope {
        RecallScope::Items(lot, items) => Touched::Items(*ledger, *lot, *items),
        RecallScope::Lot(lot) => {
            Touched::Items(*ledger, *lot, ItemRange { first: 0, last: u32::MAX })
        }
        RecallScope::Issuer(party) => Touched::Issuer(*ledger, *party),
    }
}
