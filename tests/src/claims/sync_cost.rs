//! What a first synchronisation asks for and how long its answers take to verify.

use super::{Claim, NotShown, Report, Run};
use crate::bench::chain::{LongChain, set, signed};
use crate::bench::each;
use sealight_verify::chain::{Ask, HeaderChain, Sync};
use sealight_verify::codec::decode;
use sealight_verify::time::Now;
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
        name: "sync-flat",
        group: "numbers",
        about: "10 thousand, 100 thousand or 1 million blocks: the same requests, the same bytes",
        clock: false,
        run: Run::Here(flat),
    },
    Claim {
        name: "sync-time-flat",
        group: "numbers",
        about: "10 thousand, 100 thousand or 1 million blocks: the same time to verify",
        clock: true,
        run: Run::Here(flat_time),
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
/// Block counts over which the cost is flat.
const COUNTS: [u64; 3] = [10_000, 100_000, HEAD];
/// Heights, and times beside them, are written in decimal digits: some more for a longer chain.
const DIGITS: f64 = 64.0;

fn flat(report: &mut Report) -> Result<(), NotShown> {
    let mut least: Option<usize> = None;
    for count in COUNTS {
        let (chain, cost) = LongChain::new(count, &[]).cold_sync(&[]).map_err(NotShown::broken)?;
        reached(&chain, count)?;
        let first = *least.get_or_insert(cost.bytes);
        report.at_most(&format!("{count} blocks, requests"), cost.requests as f64, 3.0, "")?;
        let most = first as f64 + DIGITS;
        report.at_most(&format!("{count} blocks, bodies"), cost.bytes as f64, most, "B")?;
    }
    Ok(())
}

fn flat_time(report: &mut Report) -> Result<(), NotShown> {
    let mut first: Option<f64> = None;
    for count in COUNTS {
        let ledger = LongChain::new(count, &[]);
        let answers = Answered::of(&ledger, count);
        reached(&answers.sync()?, count)?;
        let took = each(15, || _ = black_box(answers.sync())) / 1e6;
        let first = *first.get_or_insert(took);
        report.within_twice(&format!("{count} blocks, to a trusted head"), took, first, "ms")?;
    }
    Ok(())
}

fn cost(report: &mut Report) -> Result<(), NotShown> {
    let still = LongChain::new(HEAD, &[]);
    let (chain, first) = still.cold_sync(&[]).map_err(NotShown::broken)?;
    reached(&chain, HEAD)?;
    report.at_most("requests", first.requests as f64, 3.0, "")?;
    // A node's two answers are 3.2 KB with times to the nanosecond; the checkpoint is the rest.
    report.at_most("bodies", first.bytes as f64, 3_500.0, "B")?;

    let changes: Vec<u64> = (1..=CHANGES).map(|n| n * (HEAD / (CHANGES + 1))).collect();
    let moving = LongChain::new(HEAD, &changes);
    let (chain, all) = moving.cold_sync(&changes).map_err(NotShown::broken)?;
    reached(&chain, HEAD)?;
    let share = |all: usize, first: usize| (all - first) as f64 / CHANGES as f64;
    report.figure("complete set changes on the way", CHANGES as f64, "");
    report.at_most("requests a change", share(all.requests, first.requests), 3.0, "")?;
    report.at_most("bodies a change", share(all.bytes, first.bytes), 5_600.0, "B")
}

fn time(report: &mut Report) -> Result<(), NotShown> {
    let answers = Answered::of(&LongChain::new(HEAD, &[]), HEAD);
    reached(&answers.sync()?, HEAD)?;
    let pin_alone = decode::<SignedCheckpoint>(&answers.pin).map_err(NotShown::broken)?;
    let signature = each(15, || _ = black_box(answers.device.checkpoint(black_box(&pin_alone))));
    let whole = each(15, || _ = black_box(answers.sync()));
    report.figure("of it, the checkpoint's signature", signature / 1e6, "ms");
    report.within_twice("answers to a trusted head", whole / 1e6, 0.5, "ms")
}

/// What a device is sent on its first synchronisation.
struct Answered {
    device: HeaderChain,
    now: Now,
    pin: Vec<u8>,
    commit: String,
    validators: String,
}

impl Answered {
    fn of(ledger: &LongChain, head: u64) -> Self {
        Self {
            device: ledger.device(),
            now: ledger.now(),
            pin: ledger.checkpoint(),
            commit: ledger.commit(head),
            validators: ledger.validators(head),
        }
    }

    fn sync(&self) -> Result<HeaderChain, NotShown> {
        let mut chain = self.device.clone();
        let pin = decode::<SignedCheckpoint>(&self.pin).map_err(NotShown::broken)?;
        chain.apply(&chain.checkpoint(&pin).map_err(NotShown::broken)?);
        let head = signed(self.commit.as_bytes()).map_err(NotShown::broken)?;
        let mut sync = Sync::start(&chain, head, &[], &self.now);
        sync.validators(set(self.validators.as_bytes()).map_err(NotShown::broken)?);
        if let Ask::Failed(error) = sync.ask() {
            return Err(NotShown::broken(error));
        }
        sync.into_changes().iter().for_each(|change| chain.apply(change));
        Ok(chain)
    }
}

fn reached(chain: &HeaderChain, count: u64) -> Result<(), NotShown> {
    match chain.head().map(|head| head.height()) {
        Some(head) if head == count => Ok(()),
        other => Err(NotShown::broken(format!("the head is {other:?}, not {count}"))),
    }
}
