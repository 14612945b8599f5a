//! The scenes of the goldens: real bundles of a ledger in memory, through verifier and flow.

pub(crate) mod files;

use sealight_flow::{
    Answer, BundleBytes, By, Event, Flow, Instant, Language, Profile, ScanId, View, Zone,
};
use sealight_issue::lot::{LotBuilder, LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_issue::taps;
use sealight_tests::kit::{Layout, Lot, Minting, PartyKeys, World, at, rows};
use sealight_verify::codec::encode;
use sealight_verify::format::entry::{Body, KeyRevocation, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Roles};
use sealight_verify::format::record::{Carrier, Field};
use sealight_verify::format::seal::Secret;
use sealight_verify::judge::{ItemName, Named, Policy, SealClaim, Tap, Unproven, Verdict, verify};
use sealight_verify::report::ReportKey;
use sealight_verify::time::{Now, Seconds, Timestamp};

/// Local time of every golden: Shanghai.
pub(crate) const ZONE: Zone = Zone { minutes_east: 480 };

/// UID of every chip.
const UID: [u8; 7] = [0x04, 0xde, 0x5f, 0x1e, 0xac, 0xc0, 0x40];

/// Codes that a chip's record commits.
const CODES: u32 = 8;

/// The distillery's registered name.
const DISTILLERY: &str = "Chengchuan Distillery Co., Ltd.";

/// A claim with the bundle and the verdict that it gets, and when.
pub(crate) struct Scene {
    /// Name of its golden.
    pub(crate) name: &'static str,
    /// The claim.
    pub(crate) claim: SealClaim,
    /// The bundle; none where nothing could be had.
    pub(crate) bundle: Option<Vec<u8>>,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// When it was given.
    pub(crate) now: Timestamp,
}

/// A ledger with a distillery, a lab and a shop, and a lot of bottles.
pub(crate) struct Stage {
    pub(crate) world: World,
    pub(crate) issuer: PartyKeys,
    pub(crate) lab: PartyKeys,
    pub(crate) shop: PartyKeys,
    pub(crate) lot: Lot,
}

impl Stage {
    /// A lot of printed codes.
    pub(crate) fn printed() -> Self {
        Self::with(Layout::default(), |world, issuer| {
            Lot::mint(world, issuer, &Minting::bottles(1, 130)).unwrap()
        })
    }

    /// A lot whose rows the scene changes, with tap codes where they list a chip.
    pub(crate) fn rows(initial: LifeState, change: impl Fn(&mut Row)) -> Self {
        Self::with(Layout::default(), |world, issuer| {
            let lot = build(world, issuer, initial, change);
            world.submit(Body::AnchorLot(lot.anchor.clone()), issuer, &[]).unwrap();
            lot
        })
    }

    /// A lot of bottles with a tap chip.
    pub(crate) fn chips() -> Self {
        Self::rows(LifeState::InTrade, |row| row.carriers = vec![Carrier::Qr, Carrier::NfcTap])
    }

    /// The same parties on another ledger.
    pub(crate) fn with(layout: Layout, mint: impl FnOnce(&mut World, &PartyKeys) -> Lot) -> Self {
        let mut world = World::with(layout);
        let issuer = world.register(DISTILLERY, Roles::ISSUER, &namespaces());
        Self::of(world, issuer, mint)
    }

    /// A lot of printed codes of a distillery that takes reports.
    pub(crate) fn reachable() -> Self {
        let mut world = World::with(Layout::default());
        let key = ReportKey::from_seed(&[7; 32]).public();
        let issuer = world.register_reachable(DISTILLERY, Roles::ISSUER, &namespaces(), key);
        Self::of(world, issuer, |world, issuer| {
            Lot::mint(world, issuer, &Minting::bottles(1, 130)).unwrap()
        })
    }

    fn of(
        mut world: World,
        issuer: PartyKeys,
        mint: impl FnOnce(&mut World, &PartyKeys) -> Lot,
    ) -> Self {
        let lab = world.register("Heming Food Laboratory", Roles::LAB, &[]);
        let shop = world.register("Linwan Supermarkets Ltd.", Roles::RETAILER, &[]);
        let lot = mint(&mut world, &issuer);
        Self { world, issuer, lab, shop, lot }
    }

    /// An event of the whole lot, so many days after genesis.
    pub(crate) fn event(
        &mut self,
        party: &PartyKeys,
        step: &str,
        day: i64,
        facts: &[(&str, &str)],
    ) {
        let field =
            |(key, value): &(&str, &str)| Field { key: (*key).into(), value: (*value).into() };
        let event = TraceEvent {
            lot: self.lot.id,
            items: None,
            step: step.into(),
            at: at(day * 86_400),
            place: Some("Chengchuan".into()),
            facts: facts.iter().map(field).collect(),
            sensor: step == "storing",
            document: None,
        };
        self.world.submit(Body::AppendEvent(event), party, &[]).unwrap();
    }

    /// Moves items 3 to 5 on.
    pub(crate) fn life(&mut self, party: &PartyKeys, to: LifeState) {
        let ranges = vec![ItemRange { first: 3, last: 5 }];
        let change = LifeChange { lot: self.lot.id, ranges, to, restore: None };
        self.world.submit(Body::ChangeLife(change), party, &[]).unwrap();
    }

    /// Recalls.
    pub(crate) fn recall(&mut self, party: &PartyKeys, scope: RecallScope) {
        let notice = "the cap may leak.".into();
        let recall = RecallChange { scope, recalled: true, notice };
        self.world.submit(Body::Recall(recall), party, &[]).unwrap();
    }

    /// Withdraws the issuer's key as compromised since a height.
    pub(crate) fn withdraw_key(&mut self, from: u64) {
        let authority = self.world.authority.clone();
        let party = self.issuer.id;
        let revoke = KeyRevocation { party, key: 0, reason: KeyEnd::Compromised, from };
        self.world.submit(Body::RevokeKey(revoke), &authority, &[]).unwrap();
    }

    /// The scene of an item's printed code.
    pub(crate) fn scene(&self, name: &'static str, index: u32) -> Scene {
        self.scene_of(name, self.lot.claim(index), index)
    }

    /// The scene of a claim of the test's own.
    pub(crate) fn scene_of(&self, name: &'static str, claim: SealClaim, index: u32) -> Scene {
        self.scene_later(name, claim, index, 61, false)
    }

    /// The same so many seconds after the newest block, on a clock that may be doubtful.
    pub(crate) fn scene_later(
        &self,
        name: &'static str,
        claim: SealClaim,
        index: u32,
        seconds: u64,
        doubtful: bool,
    ) -> Scene {
        let bundle = encode(&self.lot.bundle(&self.world, index));
        self.scene_with(name, claim, bundle, seconds, doubtful)
    }

    /// The same with a bundle of the test's own.
    pub(crate) fn scene_with(
        &self,
        name: &'static str,
        claim: SealClaim,
        bundle: Vec<u8>,
        seconds: u64,
        doubtful: bool,
    ) -> Scene {
        let now = self.world.time().saturating_add(Seconds(seconds));
        let verdict = verify(
            &claim,
            &bundle,
            &self.world.chain_from(self.world.height() - 1),
            &Policy::SHOPPER,
            &Now::new(now, doubtful),
        )
        .verdict;
        Scene { name, claim, bundle: Some(bundle), verdict, now }
    }

    /// Nothing could be had, for this reason.
    pub(crate) fn nothing(&self, name: &'static str, reason: Unproven) -> Scene {
        let now = self.world.time().saturating_add(Seconds(61));
        let claim = self.lot.claim(3);
        Scene { name, claim, bundle: None, verdict: Verdict::unproven(reason), now }
    }

    /// A claim of item 3 by its chip, with the codes of these counters.
    pub(crate) fn tapped(&self, counters: &[u32], tamper: &[u8; 2]) -> SealClaim {
        let taps = counters.iter().map(|counter| Tap {
            uid: UID,
            counter: *counter,
            tamper: *tamper,
            code: code(*counter),
        });
        let claim = SealClaim::of_seal(&self.lot.whole.seals[3], Carrier::NfcTap);
        SealClaim { taps: taps.collect(), ..claim }
    }
}

fn namespaces() -> [Namespace; 2] {
    [Namespace::Brand("Blue Reverie".into()), Namespace::Gtin("0690123".into())]
}

fn code(counter: u32) -> [u8; 8] {
    [counter as u8; 8]
}

fn build(world: &World, issuer: &PartyKeys, initial: LifeState, change: impl Fn(&mut Row)) -> Lot {
    let plan = LotPlan {
        ledger: world.ledger,
        issuer: issuer.id,
        number: 1,
        title: "Blue Reverie, spring batch".into(),
        namespaces: Minting::bottles(1, 1).namespaces,
        life_roles: LifeRoles::USUAL,
        initial,
    };
    let mut builder = LotBuilder::new(plan).unwrap();
    let (mut seals, mut drafts) = (Vec::new(), Vec::new());
    for (number, mut row) in (1u8..).zip(rows(10)) {
        change(&mut row);
        let codes = row
            .carriers
            .contains(&Carrier::NfcTap)
            .then(|| taps::commit(UID, [9; 16], (1..=CODES).map(code)).unwrap());
        let added = builder.add(&row, Secret([number; 16]), codes).unwrap();
        seals.push(added.seal);
        drafts.extend(added.draft);
    }
    let (lot, last) = builder.finish().unwrap();
    drafts.extend(last);
    let buckets = drafts.iter().map(|draft| lot.complete(draft).unwrap()).collect();
    let (id, anchor) = (lot.id(), {
        let member = world.authority.signer();
        let receipt = sealight_issue::entry::sign_receipt(
            &world.ledger,
            &lot.id(),
            &lot.root(),
            lot.size(),
            member,
        );
        lot.anchor(vec![receipt])
    });
    Lot { id, whole: WholeLot { lot, buckets, seals }, anchor }
}

/// The ledger that a claim names, as far as its short id tells; any where it names none.
pub(crate) fn ledger_of(claim: &SealClaim) -> LedgerId {
    let mut ledger = LedgerId([0; 32]);
    if let Named::Item(ItemName { ledger: Some(short), .. }) = &claim.names {
        ledger.0[..short.0.len()].copy_from_slice(&short.0);
    }
    ledger
}

/// A face that has been through the scene, up to its answer.
pub(crate) fn played(scene: &Scene, profile: Profile, language: Language) -> Flow {
    let now = |ms: u64| Instant { at: scene.now, ms };
    let mut flow = Flow::new(profile, language, ZONE, now(0));
    let as_of = scene.now.saturating_sub(Seconds(61));
    let ledger = ledger_of(&scene.claim);
    flow.update(Event::HeadersSynced { ledger, as_of }, now(0));
    let claim = Ok(Box::new(scene.claim.clone()));
    flow.update(Event::Read { claim, by: By::Camera, again: false, others: Vec::new() }, now(0));
    let scan = ScanId(1);
    let bundle = scene
        .bundle
        .as_ref()
        .map(|bytes| BundleBytes { bytes: bytes.as_slice().into(), digest: "00".into() });
    flow.update(Event::Loaded { scan, bundle: bundle.clone() }, now(0));
    if bundle.is_some() {
        let answer = Box::new(Answer::of(&scene.claim, &scene.verdict));
        flow.update(Event::Judged { scan, answer }, now(0));
    }
    // Behind an answer that is shown already no gateway has answered yet.
    if flow.view().titles.is_some() {
        return flow;
    }
    flow.update(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) }, now(0));
    flow
}

/// The view of a scene.
pub(crate) fn view(scene: &Scene, profile: Profile, language: Language) -> View {
    played(scene, profile, language).view()
}
