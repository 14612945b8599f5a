//! Bundles of every shape, each with the claim that it is for.

use super::codes::{Codes, old_code, old_codes};
use super::item::{Lot, Minting, state_answer};
use super::world::{PartyKeys, World, at};
use sealight_issue::comet::Vote;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::{Body, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::Roles;
use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::judge::{LabelFacts, Named, SealClaim};

/// A bundle and the claim that it is for.
pub struct Shape {
    /// What is special about it.
    pub name: &'static str,
    /// The claim.
    pub claim: SealClaim,
    /// The bundle.
    pub bundle: Bundle,
    /// Anchoring entries in it.
    pub anchors: usize,
}

/// A ledger with everything that bundles can hold.
pub struct Furnished {
    /// The ledger.
    pub world: World,
    /// The distillery.
    pub issuer: PartyKeys,
    /// A laboratory.
    pub lab: PartyKeys,
    /// A lot to which nothing happened.
    pub quiet: Lot,
    /// A lot with two events, a recall of items and sold items.
    pub busy: Lot,
    /// Old codes that lead into the quiet lot.
    pub codes: Codes,
}

/// The item of the busy lot that its shape is about: sold, recalled, with three events.
pub const BUSY_ITEM: u32 = 70;

impl Furnished {
    /// The same ledger every time.
    pub fn new() -> Self {
        let mut world = World::new();
        let mut namespaces = Minting::bottles(0, 0).namespaces;
        namespaces.push(old_codes());
        let issuer =
            world.register("Blue Reverie Distillery Co., Ltd.", Roles::ISSUER, &namespaces);
        let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
        let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
        let quiet = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 130)).unwrap();
        let busy = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 130)).unwrap();
        let few = ItemRange { first: 68, last: 72 };
        world.submit(event(&busy, "bottling", None), &issuer, &[]).unwrap();
        world.submit(event(&busy, "inspecting", Some(few)), &lab, &[]).unwrap();
        let (ranges, to) = (vec![few], LifeState::Sold);
        let sold = LifeChange { lot: busy.id, ranges, to, restore: None };
        world.submit(Body::ChangeLife(sold), &shop, &[]).unwrap();
        world.submit(recall(RecallScope::Items(busy.id, few)), &issuer, &[]).unwrap();
        let codes = Codes::anchor(&mut world, &issuer, &quiet, 100);
        Self { world, issuer, lab, quiet, busy, codes }
    }

    /// One bundle of every shape.
    pub fn shapes(&self) -> Vec<Shape> {
        let Self { world, quiet, busy, codes, .. } = self;
        let shape = |name, claim, bundle, anchors| Shape { name, claim, bundle, anchors };
        let leads = codes.bundle(world, &old_code(5), quiet, 5);
        vec![
            shape("untouched lot", quiet.claim(77), quiet.bundle(world, 77), 1),
            shape("touched lot", busy.claim(BUSY_ITEM), busy.bundle(world, BUSY_ITEM), 1),
            shape("absent lot", unknown(quiet), absent(world), 0),
            shape("index past the lot", past(quiet), past_bundle(world, quiet), 1),
            shape("code", code_claim(&old_code(5)), leads, 1),
            shape("absent code", code_claim("WY999999"), codes.nowhere(world, "WY999999"), 0),
            shape("one vote absent", quiet.claim(77), self.voted(Vote::Absent), 1),
            shape("one vote for nil", quiet.claim(77), self.voted(Vote::Nil(world.time())), 1),
        ]
    }

    /// The bundle of the quiet lot, whose last validator voted like this.
    fn voted(&self, vote: Vote) -> Bundle {
        let mut bundle = self.quiet.bundle(&self.world, 77);
        let (header, time) = (bundle.block.header.clone(), self.world.time());
        let last = self.world.signers.set().validators().len() - 1;
        let vote = |place| if place == last { vote } else { Vote::Commit(time) };
        bundle.block = self.world.signers.sign_with(header, 0, vote);
        bundle
    }
}

impl Default for Furnished {
    fn default() -> Self {
        Self::new()
    }
}

/// A trace event.
pub fn event(lot: &Lot, step: &str, items: Option<ItemRange>) -> Body {
    Body::AppendEvent(TraceEvent {
        lot: lot.id,
        items,
        step: step.into(),
        at: at(0),
        place: Some("Suqian".into()),
        facts: vec![Field { key: "alcohol".into(), value: "52 %".into() }],
        sensor: false,
        document: None,
    })
}

/// A recall set.
pub fn recall(scope: RecallScope) -> Body {
    Body::Recall(RecallChange { scope, recalled: true, notice: "Bitter taste".into() })
}

/// The claim of an old code.
pub fn code_claim(code: &str) -> SealClaim {
    SealClaim::of_code(code.into(), LabelFacts::default(), Carrier::Qr)
}

/// Another claim on the lot of this one.
pub fn renamed(claim: &SealClaim, lot: LotId, index: u32) -> SealClaim {
    let mut claim = claim.clone();
    if let Named::Item(name) = &mut claim.names {
        (name.lot, name.index) = (lot, index);
    }
    claim
}

/// Namespaces of another brand.
pub fn brand(name: &str) -> Namespace {
    Namespace::Brand(name.into())
}

const UNKNOWN: LotId = LotId(*b"no such!");

fn unknown(lot: &Lot) -> SealClaim {
    renamed(&lot.claim(0), UNKNOWN, 0)
}

fn absent(world: &World) -> Bundle {
    let answer = state_answer(world, world.height(), &UNKNOWN, 0);
    answer.into_bundle(world.ledger, world.blocks[&world.height()].clone(), None, None)
}

fn past(lot: &Lot) -> SealClaim {
    renamed(&lot.claim(0), lot.id, 4_000)
}

fn past_bundle(world: &World, lot: &Lot) -> Bundle {
    let answer = state_answer(world, world.height(), &lot.id, 4_000 / 64);
    answer.into_bundle(world.ledger, world.blocks[&world.height()].clone(), None, None)
}
