//! Honest gateways: scans with and without network, codes, recalls, submissions.

use super::world::{Counted, World};
use crate::cancel::Cancel;
use crate::client::{Proven, Reach, SubmitError};
use crate::testfolder::Folder;
use sealight_flow::{Answer, Chips, Entry};
use sealight_issue::index::IndexBuilder;
use sealight_verify::format::entry::{Body, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::index::CodeTarget;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::{Secret, TypedNumber};
use sealight_verify::judge::{
    Finding, Freshness, LabelFacts, Life, NotOnLedger, Outcome, Policy, SealClaim, Unproven,
};

fn outcome(proven: &Proven) -> Outcome {
    proven.judgement.verdict.outcome()
}

#[test]
fn a_cold_device_syncs_in_three_requests_and_proves_a_bottle() {
    let world = World::new(1);
    let counted = Counted::default();
    let seen = counted.clone();
    let gateway = world.gateway(move |path, steps| {
        seen.note(path);
        steps
    });
    let mut device = world.device(&[&gateway]);
    // The device has the checkpoint from its program, as a shipped one does.
    device.light.take_checkpoint(&world.ledger.checkpoint(), world.now()).unwrap();
    let ledger = world.ledger.ledger();
    let report = device.sync_headers(&ledger, world.now(), &mut |_| {}, &Cancel::default());
    assert_eq!(report.outcome, Ok(()));
    assert_eq!(report.head.map(|head| head.0), Some(world.ledger.head().height));
    let asked = counted.take();
    assert!(asked.len() <= 3, "{asked:?}");
    let proven = world.prove(&mut device, &world.claim(77), Reach::Online);
    assert_eq!(outcome(&proven), Outcome::Proven);
    assert_eq!(proven.offline, None);
    // The head, state by bucket, and the bucket: nothing names the item.
    let bucket = format!("/lot/{}/1", world.lot.lot.root());
    assert_eq!(counted.take(), ["/commit", "/abci_query?path=%22/lot%22", &bucket]);
}

#[test]
fn a_second_scan_works_with_the_network_gone() {
    let (world, folder) = (World::new(1), Folder::new());
    let path = folder.path("store.db");
    let gateway = world.honest();
    let mut device = world.device_at(&path, &[&gateway]);
    assert_eq!(
        outcome(&world.prove(&mut device, &world.claim(5), Reach::IfStale)),
        Outcome::Proven
    );
    drop(gateway);
    drop(device);
    let mut device = world.device_at(&path, &[]);
    let again = world.prove(&mut device, &world.claim(5), Reach::Online);
    assert_eq!((outcome(&again), again.offline), (Outcome::Proven, Some(Unproven::NoNetwork)));
    let recorded = world.prove(&mut device, &world.claim(5).recorded(), Reach::Offline);
    assert_eq!(outcome(&recorded), Outcome::Proven);
    let other = world.prove(&mut device, &world.claim(6), Reach::Offline);
    assert_eq!(other.judgement.verdict.record, Finding::Unproven(Unproven::NoNetwork));
}

#[test]
fn a_fresh_stored_bundle_asks_nobody_and_a_stale_one_does() {
    let world = World::new(1);
    let counted = Counted::default();
    let seen = counted.clone();
    let gateway = world.gateway(move |path, steps| {
        seen.note(path);
        steps
    });
    let mut device = world.device(&[&gateway]);
    world.prove(&mut device, &world.claim(5), Reach::IfStale);
    counted.take();
    world.prove(&mut device, &world.claim(5), Reach::IfStale);
    assert_eq!(counted.take(), Vec::<String>::new());
    world.wait(2 * 86_400);
    let proven = world.prove(&mut device, &world.claim(5), Reach::IfStale);
    assert_eq!(proven.judgement.verdict.freshness, Freshness::Fresh);
    assert!(!counted.take().is_empty());
}

#[test]
fn an_invented_secret_is_not_on_the_ledger_with_and_without_network() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let mut code = world.lot.seals[9].clone();
    code.secret = Secret([1; 16]);
    let invented = SealClaim::of_seal(&code, Carrier::Qr);
    for reach in [Reach::Online, Reach::Offline] {
        let proven = world.prove(&mut device, &invented, reach);
        let not = NotOnLedger::SecretNotCommitted { lot: world.lot_id(), index: 9 };
        assert_eq!(proven.judgement.verdict.record, Finding::NotOnLedger(not));
    }
    // The true seal is proven by the bundle that the invented one left.
    let proven = world.prove(&mut device, &world.claim(9), Reach::Offline);
    assert_eq!(outcome(&proven), Outcome::Proven);
}

#[test]
fn what_is_not_there_is_proven_not_to_be() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let lot = sealight_verify::format::ids::LotId([5; 8]);
    let absent = SealClaim::of_number(&TypedNumber { lot, index: 3 });
    let proven = world.prove(&mut device, &absent, Reach::Online);
    let not = NotOnLedger::NoSuchLot { lot };
    assert_eq!(proven.judgement.verdict.record, Finding::NotOnLedger(not));
    let past = SealClaim::of_number(&TypedNumber { lot: world.lot_id(), index: 130 });
    let proven = world.prove(&mut device, &past, Reach::Online);
    let not = NotOnLedger::PastTheLot { index: 130, size: 130 };
    assert_eq!(proven.judgement.verdict.record, Finding::NotOnLedger(not));
}

#[test]
fn an_absence_is_said_only_under_a_head_that_was_just_reached() {
    let world = World::new(1);
    let gateway = world.honest();
    let lot = sealight_verify::format::ids::LotId([5; 8]);
    let absent = SealClaim::of_number(&TypedNumber { lot, index: 3 });
    let mut device = world.device(&[&gateway]);
    world.prove(&mut device, &absent, Reach::Online);
    // It is not kept: the lot may be anchored a minute later.
    let offline = world.prove(&mut device, &absent, Reach::Offline).judgement.verdict.record;
    assert_eq!(offline, Finding::Unproven(Unproven::NoNetwork));
    // The ledger stands still for an hour: no head is recent enough to say it under.
    let later = world.now().saturating_add(sealight_verify::time::Seconds(3600));
    let late = world.prove_at(&mut device, &absent, Reach::Online, later).judgement.verdict.record;
    assert_eq!(late, Finding::Unproven(Unproven::NotFound));
}

#[test]
fn a_brands_old_code_leads_to_its_item() {
    let world = World::new(1);
    let mut builder = IndexBuilder::new(Namespace::Pattern("WY######".into())).unwrap();
    for number in 0..50u32 {
        let target = CodeTarget { lot: world.lot_id(), index: number };
        builder.add(&format!("WY{number:06}"), target).unwrap();
    }
    let index = builder.finish().unwrap();
    let anchor = index.anchor();
    for file in index.files() {
        let bytes = sealight_verify::codec::encode(&file);
        world.ledger.files().put_codes(&anchor.root, anchor.prefix_bits, &bytes).unwrap();
    }
    world.submit(Body::AnchorIndex(anchor));
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let of_code = |code: &str| SealClaim::of_code(code.into(), LabelFacts::default(), Carrier::Qr);
    let proven = world.prove(&mut device, &of_code("WY000012"), Reach::Online);
    assert_eq!(outcome(&proven), Outcome::Proven);
    assert_eq!(proven.judgement.verdict.item().map(|item| item.index()), Some(12));
    let again = world.prove(&mut device, &of_code("WY000012"), Reach::Offline);
    assert_eq!(outcome(&again), Outcome::Proven);
    let absent = world.prove(&mut device, &of_code("WY999999"), Reach::Online);
    let not = NotOnLedger::CodeNotIndexed;
    assert_eq!(absent.judgement.verdict.record, Finding::NotOnLedger(not));
    // No index for such a code is known: that proves nothing.
    let unknown = world.prove(&mut device, &of_code("AB123456"), Reach::Online);
    assert_eq!(unknown.judgement.verdict.record, Finding::Unproven(Unproven::NotFound));
}

#[test]
fn a_recall_marks_the_scan_and_header_sync_alone_freshens_nothing() {
    let (world, folder) = (World::new(1), Folder::new());
    let gateway = world.honest();
    let mut device = world.device_at(&folder.path("store.db"), &[&gateway]);
    let ledger = world.ledger.ledger();
    assert_eq!(world.sync(&mut device).outcome, Ok(()));
    let mut keep = |index: u32| {
        let claim = world.claim(index);
        let proven = world.prove(&mut device, &claim, Reach::Online);
        let verdict = proven.judgement.verdict;
        let answer = Answer::of(&claim, &verdict);
        let entry = Entry::of(world.now(), &claim, &answer, Chips::NONE, None);
        device.light.record(&ledger, &claim, &verdict, entry).unwrap().unwrap()
    };
    let (recalled, spared) = (keep(70), keep(71));
    let then = world.prove(&mut device, &world.claim(70), Reach::Offline).judgement.verdict.as_of;
    let items = ItemRange { first: 70, last: 70 };
    world.recall(RecallScope::Items(world.lot_id(), items), true);

    device.sync_headers(&ledger, world.now(), &mut |_| {}, &Cancel::default());
    let stored = world.prove(&mut device, &world.claim(70), Reach::Offline).judgement.verdict;
    assert_eq!(stored.as_of.map(|as_of| as_of.height), then.map(|as_of| as_of.height));
    assert_eq!(stored.outcome(), Outcome::Proven);

    let report = world.sync(&mut device);
    assert_eq!(report.recalled, [recalled]);
    let entry = |device: &mut crate::client::Client, id| {
        device.light.store().scan(id).unwrap().unwrap().entry
    };
    assert!(entry(&mut device, recalled).recalled.is_some());
    assert_eq!(entry(&mut device, spared).recalled, None);
    let now = world.prove(&mut device, &world.claim(70), Reach::Offline).judgement.verdict;
    assert!(matches!(now.life, Life::Recalled(_)));
    // Read once: the next feed begins behind it.
    assert_eq!(world.sync(&mut device).recalled, []);
    world.recall(RecallScope::Items(world.lot_id(), items), false);
    assert_eq!(world.sync(&mut device).recalled, [recalled]);
    assert_eq!(entry(&mut device, recalled).recalled, None);
}

#[test]
fn a_recall_of_everything_of_an_issuer_marks_its_scans() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let (ledger, claim) = (world.ledger.ledger(), world.claim(3));
    let verdict = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    let answer = Answer::of(&claim, &verdict);
    let entry = Entry::of(world.now(), &claim, &answer, Chips::NONE, None);
    let id = device.light.record(&ledger, &claim, &verdict, entry).unwrap().unwrap();
    world.recall(RecallScope::Issuer(world.issuer), true);
    assert_eq!(world.sync(&mut device).recalled, [id]);
}

#[test]
fn entries_and_files_reach_the_ledger_and_refusals_come_back() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let (ledger, cancel) = (world.ledger.ledger(), Cancel::default());
    let scope = RecallScope::Lot(world.lot_id());
    let change = sealight_verify::format::entry::RecallChange {
        scope,
        recalled: true,
        notice: "glass".into(),
    };
    let entry = world.entry(Body::Recall(change));
    let submitted = device.online.submit(&ledger, &entry, &cancel).unwrap();
    assert!(submitted.height > 0 && submitted.height < world.ledger.head().height);
    let twice = device.online.submit(&ledger, &entry, &cancel);
    assert!(matches!(twice, Err(SubmitError::Refused { code: 9, .. })), "{twice:?}");
    let (root, file) = (world.lot.lot.root(), &world.lot.buckets[0]);
    assert_eq!(device.online.upload_bucket(&ledger, &root, 0, file, &cancel), Ok(1));
    let (lot, size) = (world.lot_id(), world.lot.lot.size());
    world.sync(&mut device);
    let chain = device.light.chain(&ledger).unwrap();
    let receipts = device.online.receipts(chain, (&lot, &root, size), &cancel).unwrap();
    assert!(!receipts.is_empty());
    let party = device.online.party(chain, &world.issuer, &cancel).unwrap().unwrap();
    assert_eq!(party.legal_name, "Blue Reverie Distillery");
    let nobody = sealight_verify::format::ids::PartyId([9; 16]);
    assert_eq!(device.online.party(chain, &nobody, &cancel), Ok(None));
}

#[test]
fn a_seal_of_another_ledger_is_of_an_unknown_ledger() {
    let (world, other) = (World::new(1), World::new(2));
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let proven = other.prove(&mut device, &other.claim(1), Reach::Online);
    let ledger = other.ledger.ledger().short();
    let unknown = Finding::Unproven(Unproven::LedgerUnknown { ledger });
    assert_eq!(proven.judgement.verdict.record, unknown);
}

#[test]
fn bundles_of_history_are_judged_again_by_the_policy_of_the_day() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let proven = world.prove(&mut device, &world.claim(3), Reach::Online);
    let bundle = proven.bundle.unwrap();
    let told = Policy { least_operators: 2, ..Policy::SHOPPER };
    let judged = device.light.judge(&world.claim(3), &bundle, &told, world.now());
    assert_eq!(judged.verdict.assurance, sealight_verify::chain::Assurance::Told);
}

/// The ledger's own server in place of this crate's stand-in: everything that a device asks.
#[test]
fn the_ledgers_own_gateway_serves_a_device() {
    use crate::client::Online;
    use crate::net::{GatewayUrl, Timeouts};
    use sealight_ledger::gateway::{Gateway, Uploads};
    use std::sync::Arc;
    let world = World::new(1);
    world.event("brewing");
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let server = Gateway::start(anywhere, Arc::clone(&world.ledger), Uploads::Loopback).unwrap();
    let url = GatewayUrl::listed(&format!("http://{}", server.address())).unwrap();
    let mut device = world.device(&[]);
    device.online = Online::new(device.light.trust(), &[url], Timeouts::default());
    let proven = world.prove(&mut device, &world.claim(77), Reach::Online);
    assert_eq!(outcome(&proven), Outcome::Proven);
    assert_eq!(proven.judgement.verdict.item().map(|item| item.events().len()), Some(1));
    assert_eq!(world.sync(&mut device).outcome, Ok(()));
    let (ledger, cancel) = (world.ledger.ledger(), Cancel::default());
    let (lot, root, size) = (world.lot_id(), world.lot.lot.root(), world.lot.lot.size());
    let file = &world.lot.buckets[0];
    assert_eq!(device.online.upload_bucket(&ledger, &root, 0, file, &cancel), Ok(1));
    let chain = device.light.chain(&ledger).unwrap();
    let receipts = device.online.receipts(chain, (&lot, &root, size), &cancel).unwrap();
    assert!(!receipts.is_empty());
    let scope = RecallScope::Lot(lot);
    let notice = "glass".into();
    let recall = sealight_verify::format::entry::RecallChange { scope, recalled: true, notice };
    let entry = world.entry(Body::Recall(recall));
    device.online.submit(&ledger, &entry, &cancel).unwrap();
    let twice = device.online.submit(&ledger, &entry, &cancel);
    assert!(matches!(twice, Err(SubmitError::Refused { .. })), "{twice:?}");
    let recalled = world.prove(&mut device, &world.claim(77), Reach::Online).judgement.verdict;
    assert!(matches!(recalled.life, Life::Recalled(_)), "{:?}", recalled.life);
}
