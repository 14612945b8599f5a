//! What a first synchronisation asks for and how long its answers take to verify.

use super::{Claim, NotShown, Report, Run};
use crate::bench::chain::{LongChain, set, signed};
use crate::bench::each;
use sealight_verify::chain::{Ask, HeaderChain, Sync};
use sealight_verify::codec::decode;
use sealight_verify::trust::SignedCheckpoint;
use std::hint::black_box;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "sync-cost",
        group: "numbers",
        about: "1,000,000 blocks from nothing: 3 requests, 3.5 KB; 3 and 5.6 KB a whole set change",
        clock: false,
        run: Run::Here(cost),
    },
    Claim {
        name: "sync-time",
        group: "numbers",
        about: "the answers of that synchronisation are verified in 0.5 ms",
        clock: true,
        run: Run::Here(time),
    },
];

const HEAD: u64 = 1_000_000;
const CHANGES: u64 = 100;

fn cost(report: &mut Report) -> Result<(), NotShown> {
    let still = LongChain::new(HEAD, &[]);
    let (chain, first) = still.cold_sync(&[]).map_err(NotShown::broken)?;
    reached(&chain)?;
    report.at_most("requests", first.requests as f64, 3.0, "")?;
    // A node's two answers are 3.2 KB with times to the nanosecond; the checkpoint is the rest.
    report.at_most("bodies", first.bytes as f64, 3_500.0, "B")?;

    let changes: Vec<u64> = (1..=CHANGES).map(|n| n * (HEAD / (CHANGES + 1))).collect();
    let moving = LongChain::new(HEAD, &changes);
    let (chain, all) = moving.cold_sync(&changes).map_err(NotShown::broken)?;
    reached(&chain)?;
    let share = |all: usize, first: usize| (all - first) as f64 / CHANGES as f64;
    report.figure("complete set changes on the way", CHANGES as f64, "");
    report.at_most("requests a change", share(all.requests, first.requests), 3.0, "")?;
    report.at_most("bodies a change", share(all.bytes, first.bytes), 5_600.0, "B")
}

fn time(report: &mut Report) -> Result<(), NotShown> {
    let ledger = LongChain::new(HEAD, &[]);
    let (pin, now) = (ledger.checkpoint(), ledger.now());
    let (commit, validators) = (ledger.commit(HEAD), ledger.validators(HEAD));
    let device = ledger.device();
    let sync = || -> Result<HeaderChain, NotShown> {
        let mut chain = device.clone();
        let pin = decode::<SignedCheckpoint>(&pin).map_err(NotShown::broken)?;
        chain.apply(&chain.checkpoint(&pin).map_err(NotShown::broken)?);
        let head = signed(commit.as_bytes()).map_err(NotShown::broken)?;
        let mut sync = Sync::start(&chain, head, &[], &now);
        sync.validators(set(validators.as_bytes()).map_err(NotShown::broken)?);
        if let Ask::Failed(error) = sync.ask() {
            return Err(NotShown::broken(error));
        }
        sync.into_changes().iter().for_each(|change| chain.apply(change));
        Ok(chain)
    };
    reached(&sync()?)?;
    let pin_alone = decode::<SignedCheckpoint>(&pin).map_err(NotShown::broken)?;
    let signature = each(15, || _ = black_box(device.checkpoint(black_box(&pin_alone))));
    let whole = each(15, || _ = black_box(sync()));
    report.figure("of it, the checkpoint's signature", signature / 1e6, "ms");
    report.within_twice("answers to a trusted head", whole / 1e6, 0.5, "ms")
}

fn reached(chain: &HeaderChain) -> Result<(), NotShown> {
    match chain.head().map(|head| head.height()) {
        Some(HEAD) => Ok(()),
        other => Err(NotShown::broken(format!("the head is {other:?}, not {HEAD}"))),
    }
}
