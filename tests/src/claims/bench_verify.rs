//! What a verdict costs: many adjacent items of one lot, and one item by itself.

use super::{Claim, NotShown, Report, Run};
use crate::bench::each;
use crate::kit::item::state_answer;
use crate::kit::shapes::event;
use crate::kit::{Lot, Minting, World, slice};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec::{decode, encode};
use sealight_verify::comet::{LightBlock, Stock, verify_known};
use sealight_verify::format::answer::{Bucket, StateAnswer};
use sealight_verify::format::entry::{Body, LifeChange};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::BUCKET_ITEMS;
use sealight_verify::format::party::{Party, Roles};
use sealight_verify::format::slice::LotSlice;
use sealight_verify::judge::{
    Judgement, Outcome, Policy, ProvenSlice, SealClaim, verify, verify_slice,
};
use sealight_verify::time::Now;
use std::hint::black_box;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "slice-verify",
        group: "speed",
        about: "1,000 adjacent items of one lot are judged in at most 10 microseconds each",
        clock: true,
        run: Run::Here(adjacent_items),
    },
    Claim {
        name: "item-verify",
        group: "speed",
        about: "one item by itself: from its bundle, and from a gateway's answer and whole bucket",
        clock: true,
        run: Run::Here(one_item),
    },
];

const LOT: u32 = 1 << 17;
const ITEMS: u32 = 1_000;
/// The worst place for so many items: they touch one bucket more than they fill.
const BUCKETS: u32 = ITEMS / BUCKET_ITEMS + 2;
const FIRST: u32 = LOT / 2 / BUCKET_ITEMS;
const MICRO: f64 = 1e3;

fn adjacent_items(report: &mut Report) -> Result<(), NotShown> {
    let case = Case::new()?;
    let items = case.slice(BUCKETS)?;
    let (start, end) = (items.first_item() + 32, items.first_item() + 32 + ITEMS);
    let claims: Vec<SealClaim> = (start..end).map(|index| case.lot.claim(index)).collect();

    let whole = each(15, || {
        let proven = case.verify_slice(&items.bytes);
        for claim in &claims {
            assert!(is_proven(proven.judge(claim, &case.chain, &Policy::SHOPPER, &case.now)));
        }
    });
    let records = each(15, || _ = black_box(case.verify_slice(&items.bytes)));
    let one = case.slice(1)?;
    let one = each(15, || _ = black_box(case.verify_slice(&one.bytes)));
    // What a slice of one bucket costs beyond its records is what the items of a slice share.
    let record = (records - one) / f64::from((BUCKETS - 1) * BUCKET_ITEMS);
    let shared = one - record * f64::from(BUCKET_ITEMS);
    case.signatures(report)?;
    report.figure("shared by a slice, signatures among it", shared / MICRO, "us");
    report.figure("a record with its path", record / MICRO, "us");
    report.figure("a judgement", (whole - records) / f64::from(ITEMS) / MICRO, "us");
    let item = (whole - shared) / f64::from(ITEMS) / MICRO;
    report.figure(
        "an item, with its share of what is shared",
        whole / f64::from(ITEMS) / MICRO,
        "us",
    );
    report.within_twice("an item", item, 10.0, "us")
}

fn one_item(report: &mut Report) -> Result<(), NotShown> {
    let case = Case::new()?;
    let index = FIRST * BUCKET_ITEMS + 17;
    let (claim, bundle) = (case.lot.claim(index), encode(&case.lot.bundle(&case.world, index)));
    let from_bundle = each(15, || {
        let judged = verify(&claim, &bundle, &case.chain, &Policy::SHOPPER, &case.now);
        assert!(is_proven(judged));
    });
    let answer = encode(&state_answer(&case.world, case.world.height(), &case.lot.id, FIRST));
    let file = &case.lot.whole.buckets[FIRST as usize];
    let block = case.block();
    let from_bucket = each(15, || {
        let judged = case.judge_in_bucket(&claim, index % BUCKET_ITEMS, &answer, file, block);
        assert!(is_proven(judged.expect("an honest answer")));
    });
    let signatures = case.signatures(report)?;
    report.figure("bundle", bundle.len() as f64, "B");
    report.figure("answer and bucket", (answer.len() + file.len()) as f64, "B");
    report.figure("from bundle to verdict", from_bundle / MICRO, "us");
    report.figure("of it, all but signatures", (from_bundle - signatures) / MICRO, "us");
    report.figure("from answer and bucket to verdict", from_bucket / MICRO, "us");
    report.within_twice(
        "of it, all but signatures",
        (from_bucket - signatures) / MICRO,
        WHOLE_BUCKET,
        "us",
    )
}

/// Microseconds from answer and bucket to a verdict without signatures, as once measured.
const WHOLE_BUCKET: f64 = 220.0;

/// A lot with two events and some items sold, and a device that has its newest header.
struct Case {
    world: World,
    lot: Lot,
    chain: HeaderChain,
    now: Now,
}

/// A slice as bytes.
struct Slice {
    bytes: Vec<u8>,
    first: u32,
}

impl Slice {
    fn first_item(&self) -> u32 {
        self.first * BUCKET_ITEMS
    }
}

impl Case {
    fn new() -> Result<Self, NotShown> {
        let mut world = World::new();
        let minting = Minting::bottles(1, LOT);
        let name = "Blue Reverie Distillery Co., Ltd.";
        let issuer = world.register(name, Roles::ISSUER, &minting.namespaces);
        let lot = Lot::mint(&mut world, &issuer, &minting).map_err(NotShown::broken)?;
        let first = FIRST * BUCKET_ITEMS;
        let sold = ItemRange { first, last: first + 99 };
        let sold =
            LifeChange { lot: lot.id, ranges: vec![sold], to: LifeState::Sold, restore: None };
        for body in [event(&lot, "bottling", None), event(&lot, "shipping", None)] {
            world.submit(body, &issuer, &[]).map_err(NotShown::broken)?;
        }
        let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
        world.submit(Body::ChangeLife(sold), &shop, &[]).map_err(NotShown::broken)?;
        let (chain, now) = (world.chain(), world.now());
        Ok(Self { world, lot, chain, now })
    }

    fn block(&self) -> &LightBlock {
        &self.world.blocks[&self.world.height()]
    }

    fn slice(&self, buckets: u32) -> Result<Slice, NotShown> {
        let slice: LotSlice = slice(&self.world, &self.lot, FIRST, buckets);
        Ok(Slice { first: slice.first, bytes: encode(&slice) })
    }

    fn verify_slice(&self, bytes: &[u8]) -> ProvenSlice {
        let proven = verify_slice(black_box(bytes), &self.chain, &self.now);
        proven.expect("an honest slice").0
    }

    /// The steps of a client that asked for one item.
    fn judge_in_bucket(
        &self,
        claim: &SealClaim,
        at: u32,
        answer: &[u8],
        file: &[u8],
        block: &LightBlock,
    ) -> Option<Judgement> {
        let answer: StateAnswer = decode(answer).ok()?;
        let bucket: Bucket = decode(file).ok()?;
        let state = answer.claimed_lot()?;
        let root = bucket.lot_root(FIRST, state.size).ok()?;
        let item = bucket.item(at).filter(|_| root == state.root)?;
        let bundle = answer.into_bundle(self.world.ledger, block.clone(), None, Some(item));
        Some(verify(claim, &encode(&bundle), &self.chain, &Policy::SHOPPER, &self.now))
    }

    /// Nanoseconds for the header's signatures and for those of anchor and events.
    fn signatures(&self, report: &mut Report) -> Result<f64, NotShown> {
        let slice = slice(&self.world, &self.lot, FIRST, 1);
        let party = slice.parties[0].part.value.as_ref();
        let party: Party =
            decode(party.map_or(&[][..], |value| value)).map_err(NotShown::broken)?;
        let events = slice.lot.events.iter().map(|event| &event.entry);
        let entries: Vec<_> = slice.lot.anchor.iter().chain(events).collect();
        let header = each(15, || _ = black_box(verify_known::<Stock>(black_box(self.block()))));
        let own = each(15, || {
            for entry in &entries {
                assert_eq!(black_box(entry.verify_own(&self.world.ledger, &party)), Ok(()));
            }
        });
        report.figure(
            "header's signatures, Ed25519",
            self.world.signers.set().validators().len() as f64,
            "",
        );
        report.figure("header with its signatures", header / MICRO, "us");
        report.figure("signatures of anchor and events, SM2", entries.len() as f64, "");
        report.figure("those signatures", own / MICRO, "us");
        Ok(header + own)
    }
}

fn is_proven(judged: Judgement) -> bool {
    black_box(judged).verdict.outcome() == Outcome::Proven
}
