//! Packs that are older than what a device knows: what was proven later stays.

use super::packed::{Carried, exported, pack_of};
use super::several;
use super::world::{World, query_answer};
use crate::client::{Client, Keeping, Online, Reach};
use crate::net::testserver::{TestServer, reply};
use crate::net::{GatewayUrl, Timeouts};
use crate::store::SealKey;
use sealight_flow::{Answer, Chips, Entry};
use sealight_verify::codec::encode;
use sealight_verify::format::answer::{RecallFeed, RecallHint};
use sealight_verify::format::entry::RecallScope;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{Finding, Outcome, SealClaim, Unproven};

/// A pack from before a recall, and a device that proved the recall of bottle 5 since.
pub(super) fn recalled_since(world: &World) -> (Carried, Client) {
    let pack = Carried::new(&pack_of(world.ledger.ledger(), &exported(world)));
    world.recall(RecallScope::Lot(world.lot_id()), true);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let verdict = world.prove(&mut device, &world.claim(5), Reach::Online).judgement.verdict;
    assert_eq!(verdict.outcome(), Outcome::ProvenBut);
    (pack, device)
}

#[test]
fn keeps_newer() {
    let world = World::new(1);
    let (pack, mut device) = recalled_since(&world);
    let (ledger, claim) = (world.ledger.ledger(), world.claim(5));
    let mut other = world.device(&[]);
    other.online = pack.alone(&other.light);
    let older = world.prove(&mut other, &claim, Reach::Offline);
    assert_eq!(older.judgement.verdict.outcome(), Outcome::Proven);
    let older = older.bundle.unwrap();
    let newer = device.light.cached_on(&ledger, &claim).unwrap();
    assert_eq!(device.light.keep(&claim, older.clone()), Ok(Keeping::NewerStays));
    assert!(device.light.cached_on(&ledger, &claim).as_ref() == Some(&newer));
    // The other way round, the newer one takes the older one's place.
    assert!(other.light.cached_on(&ledger, &claim) == Some(older));
    assert_eq!(other.light.keep(&claim, newer.clone()), Ok(Keeping::Kept));
    assert!(other.light.cached_on(&ledger, &claim) == Some(newer));
}

#[test]
fn what_is_of_no_ledger_in_use_is_told_and_not_kept() {
    let (world, other) = (World::new(1), World::new(2));
    let gateway = world.honest();
    let (mut device, mut another) = (world.device(&[&gateway]), other.device(&[]));
    let (ledger, claim) = (world.ledger.ledger(), world.claim(5));
    let bundle = world.prove(&mut device, &claim, Reach::Online).bundle.unwrap();
    assert_eq!(another.light.keep(&claim, bundle.clone()), Ok(Keeping::NoLedger));
    let kept = another.light.store().bundle(&SealKey::of(&ledger, &claim));
    assert_eq!(kept, Ok(None));
    // Nor where only the bundle says which ledger, and says one that is not in use.
    let third = World::new(3);
    let mut both = several::device([&other, &third], [&other.honest(), &third.honest()]);
    let number = SealClaim::of_number(&TypedNumber { lot: world.lot_id(), index: 5 });
    assert_eq!(both.light.keep(&number, bundle), Ok(Keeping::NoLedger));
    let kept = both.light.store().bundle(&SealKey::of(&ledger, &number));
    assert_eq!(kept, Ok(None));
}

#[test]
fn an_older_pack_takes_no_recall_from_the_screen() {
    let world = World::new(1);
    let (pack, mut device) = recalled_since(&world);
    device.online = pack.alone(&device.light);
    let later = world.now().saturating_add(sealight_verify::time::Seconds::days(2));
    for reach in [Reach::Offline, Reach::IfStale, Reach::Online] {
        let proven = world.prove_at(&mut device, &world.claim(5), reach, later);
        assert_eq!(proven.judgement.verdict.outcome(), Outcome::ProvenBut, "{reach:?}");
    }
    // What was never scanned comes from the pack.
    let other = world.prove_at(&mut device, &world.claim(6), Reach::Online, later);
    assert_eq!(other.judgement.verdict.outcome(), Outcome::ProvenStale);
}

#[test]
fn an_older_pack_gives_no_withdrawn_key_back() {
    let world = World::new(1);
    let pack = Carried::new(&pack_of(world.ledger.ledger(), &exported(&world)));
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let claim = world.claim(5);
    let before = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert_eq!(before.outcome(), Outcome::Proven);
    world.withdraw_key();
    let withdrawn =
        |finding: &Finding| matches!(finding, Finding::Unproven(Unproven::KeyWithdrawn { .. }));
    let since = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    assert!(withdrawn(&since.record), "{since:?}");
    device.online = pack.alone(&device.light);
    let later = world.now().saturating_add(sealight_verify::time::Seconds::days(2));
    for reach in [Reach::Offline, Reach::IfStale, Reach::Online] {
        let verdict = world.prove_at(&mut device, &claim, reach, later).judgement.verdict;
        assert!(withdrawn(&verdict.record), "{reach:?}: {verdict:?}");
    }
}

/// A gateway that says that the recall was lifted and gives no state to prove it.
fn says_lifted(world: &World) -> TestServer {
    let scope = RecallScope::Lot(world.lot_id());
    world.gateway(move |path, steps| {
        if path.contains("/recalls") {
            let hint = RecallHint { log_index: 1000, scope: scope.clone(), recalled: false };
            let feed = RecallFeed { version: 1, log_size: 1001, recalls: vec![hint] };
            return query_answer(1, &encode(&feed));
        }
        if path.contains("%22/lot%22") { reply("404 Not Found", b"") } else { steps }
    })
}

#[test]
fn an_older_pack_takes_no_recall_from_an_earlier_scan() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let claim = world.claim(5);
    let verdict = world.prove(&mut device, &claim, Reach::Online).judgement.verdict;
    let answer = Answer::of(&claim, &verdict);
    let entry = Entry::of(world.now(), &claim, &answer, Chips::NONE, None);
    let ledger = world.ledger.ledger();
    let id = device.light.record(&ledger, &claim, &verdict, entry).unwrap().unwrap();
    let pack = Carried::new(&pack_of(ledger, &exported(&world)));
    world.recall(RecallScope::Lot(world.lot_id()), true);
    assert_eq!(world.sync(&mut device).recalled, [id]);
    let liar = says_lifted(&world);
    let url = GatewayUrl::listed(&liar.url()).unwrap();
    device.online =
        Online::new(device.light.trust(), &[url], Timeouts::default()).with_packs([pack.url()]);
    let report = world.sync(&mut device);
    assert_eq!((report.outcome, report.recalled), (Ok(()), Vec::new()));
    assert!(device.light.store().scan(id).unwrap().unwrap().entry.recalled.is_some());
}
