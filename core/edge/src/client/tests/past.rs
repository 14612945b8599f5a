//! The list of earlier scans: what a row says is what its bundle proves, and evidence is kept.

use super::world::World;
use crate::client::{Client, Reach};
use crate::store::{ByHeight, ScanId};
use sealight_flow::{Answer, Case, Chips, Entry};
use sealight_issue::trust::{checkpoint, sign_checkpoint};
use sealight_verify::chain::First;
use sealight_verify::codec::encode;
use sealight_verify::comet::Stock;
use sealight_verify::judge::{Policy, SealClaim};

/// Proves a bottle and keeps the scan.
fn scanned(world: &World, device: &mut Client, claim: &SealClaim, reach: Reach) -> ScanId {
    let verdict = world.prove(device, claim, reach).judgement.verdict;
    let answer = Answer::of(claim, &verdict);
    let entry = Entry::of(world.now(), claim, &answer, Chips::NONE, None);
    let ledger = world.ledger.ledger();
    device.light.record(&ledger, claim, &verdict, entry).unwrap().unwrap()
}

fn shown(device: &Client, id: ScanId) -> Entry {
    let scans = device.light.history(None, 10, &Policy::SHOPPER, Chips::NONE).unwrap();
    scans.into_iter().find(|scan| scan.id == id).unwrap().entry
}

#[test]
fn an_edited_row_says_no_more_than_its_bundle_proves() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let id = scanned(&world, &mut device, &world.claim(5), Reach::Online);
    let noted = device.light.store().scan(id).unwrap().unwrap().entry;
    assert_eq!(shown(&device, id).then, noted.then, "as it was, untouched");
    let mut edited = noted.clone();
    edited.then.case = Case::E3;
    edited.then.intact = true;
    edited.then.product = Some("Gold".into());
    edited.then.maker = Some("Somebody else".into());
    edited.then.as_of = None;
    device.light.rewrite(id, edited).unwrap();
    assert_eq!(shown(&device, id).then, noted.then);
    // What speaks against the goods stays, whoever wrote it.
    let mut worse = noted.clone();
    worse.then.case = Case::Opened;
    device.light.rewrite(id, worse).unwrap();
    assert_eq!(shown(&device, id).then.case, Case::Opened);
}

#[test]
fn a_row_without_its_bundle_says_that_nothing_is_proven() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let real = scanned(&world, &mut device, &world.claim(5), Reach::Online);
    let row = device.light.store().scan(real).unwrap().unwrap().entry;
    let id = scanned(&world, &mut device, &world.claim(9), Reach::Offline);
    let mut edited = device.light.store().scan(id).unwrap().unwrap().entry;
    assert_eq!(edited.then.case, Case::Unproven);
    edited.then = row.then.clone();
    device.light.rewrite(id, edited.clone()).unwrap();
    let told = shown(&device, id).then;
    assert_eq!((told.case, told.product, told.as_of), (Case::Unproven, None, None));
    // A row of another item has another item's bundle.
    edited.claim = row.claim.clone();
    device.light.rewrite(id, edited).unwrap();
    assert_eq!(shown(&device, id).then.case, Case::E1);
}

#[test]
fn a_row_is_derived_as_of_its_scan_however_long_ago() {
    let world = World::new(1);
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let id = scanned(&world, &mut device, &world.claim(5), Reach::Online);
    let then = shown(&device, id).then;
    for _ in 0..3 {
        world.wait(5 * 86_400);
        assert_eq!(world.sync(&mut device).outcome, Ok(()));
    }
    assert_eq!((shown(&device, id).then, then.case), (then.clone(), Case::E1));
}

#[test]
fn a_header_that_a_checkpoint_contradicts_is_kept_as_evidence() {
    let world = World::new(1);
    world.event("brewing");
    let gateway = world.honest();
    let mut device = world.device(&[&gateway]);
    let ledger = world.ledger.ledger();
    assert_eq!(world.sync(&mut device).outcome, Ok(()));
    assert_eq!(device.light.evidence(&ledger), None);
    let held = world.ledger.head();
    let mut other = held.clone();
    other.app_hash.0 = vec![9; 32];
    let mut signed = checkpoint::<Stock>(ledger, &other, world.now()).unwrap();
    sign_checkpoint(&mut signed, world.ledger.home().key("checkpoint").unwrap());
    device.light.take_checkpoint(&encode(&signed), world.now()).unwrap();
    let evidence = device.light.evidence(&ledger).unwrap();
    assert_eq!(evidence.first(), Some(First::Checkpoint(&signed)));
    assert_eq!(evidence.second().header.hash::<Stock>(), held.hash::<Stock>());
    assert_eq!(device.light.chain(&ledger).unwrap().frozen(), None);
    // What led to it is not read again at the next start.
    assert_eq!(device.light.store().by_height(&ledger, ByHeight::Header), Ok(Vec::new()));
}
