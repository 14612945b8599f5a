//! Thirty-one days in which nobody enters anything, simulated: a block a minute, as the engine
//! makes them at its interval, each header signed by four validators, and a device whose clock moves
//! with them. Header times lie an interval behind, as real ones do.

use sealight_tests::kit::{Device, Lot, Minting, World};
use sealight_verify::chain::AcceptError;
use sealight_verify::comet::CometError;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{Finding, Freshness, Verdict};
use sealight_verify::time::Seconds;
use sealight_verify::trust::SignedCheckpoint;

/// The engine's `create_empty_blocks_interval`, which is also how old its newest header is at least.
const INTERVAL: u64 = 60;
const BLOCKS_A_DAY: u64 = 86_400 / INTERVAL;
const DAYS: u64 = 31;

/// A ledger on which something was anchored once.
struct Month {
    world: World,
    lot: Lot,
}

impl Month {
    fn new() -> Self {
        let mut world = World::new();
        let spaces = Minting::bottles(0, 0).namespaces;
        let issuer = world.register("Blue Reverie Distillery", Roles::ISSUER, &spaces);
        let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 130)).unwrap();
        Self { world, lot }
    }

    /// A quiet day; blocks that no device asks for any more are dropped.
    fn day(&mut self) {
        (0..BLOCKS_A_DAY).for_each(|_| self.world.wait(INTERVAL));
        let newest = self.world.height();
        self.world.blocks.retain(|height, _| *height == 1 || height + 2 > newest);
        self.world.states.retain(|height, _| height + 2 > newest);
    }

    /// What a device says that comes at the worst moment, just before the next block appears.
    fn scan(&self, device: &mut Device) -> Verdict {
        device.system = self.world.time().saturating_add(Seconds(2 * INTERVAL - 1));
        let newest = &self.world.blocks[&self.world.height()];
        device.sync(newest).unwrap();
        device.scan_newest(&self.world, &self.lot, 7)
    }
}

#[track_caller]
fn proven_and_fresh(verdict: &Verdict) {
    assert!(matches!(verdict.record, Finding::Proven(_)), "{:?}", verdict.record);
    assert_eq!(verdict.freshness, Freshness::Fresh);
}

#[test]
#[ignore = "the claim consortium-quiet-month: 44,640 signed headers"]
fn a_month_without_an_entry_stays_fresh() {
    let mut month = Month::new();
    let first = month.world.height();
    let mut daily = Device::new(&month.world, first);
    let mut weekly = Device::new(&month.world, first);
    // These two sleep all month; to one of them a checkpoint of the last week is brought.
    let mut asleep = Device::new(&month.world, first);
    let mut forgotten = Device::new(&month.world, first);
    let mut checkpoint: Option<SignedCheckpoint> = None;
    let app_hash = month.world.state().app_hash();
    for day in 1..=DAYS {
        month.day();
        proven_and_fresh(&month.scan(&mut daily));
        if day % 7 == 0 {
            proven_and_fresh(&month.scan(&mut weekly));
            checkpoint = Some(month.world.checkpoint(month.world.height(), 3600));
        }
    }
    assert_eq!(month.world.state().app_hash(), app_hash);
    println!("figure: quiet days: {DAYS}");
    println!("figure: headers made: {}", month.world.height() - first);
    proven_and_fresh(&month.scan(&mut weekly));
    // Past the trusting period nobody's word will do but a signed checkpoint's.
    forgotten.system = month.world.time().saturating_add(Seconds(1));
    let newest = &month.world.blocks[&month.world.height()];
    let refused = forgotten.sync(newest);
    let expired = matches!(refused, Err(AcceptError::Rule(CometError::TrustExpired { .. })));
    assert!(expired, "{refused:?}");
    asleep.system = month.world.time().saturating_add(Seconds(1));
    asleep.checkpoint(&month.world, &checkpoint.unwrap()).unwrap();
    proven_and_fresh(&month.scan(&mut asleep));
    // A device that heard of nothing for a day says so.
    daily.system = month.world.time().saturating_add(Seconds::days(1)).saturating_add(Seconds(1));
    let stale = daily.scan_newest(&month.world, &month.lot, 7);
    assert!(matches!(stale.record, Finding::Proven(_)));
    assert_eq!(stale.freshness, Freshness::Stale);
}
