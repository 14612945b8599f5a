//! Claims that name no ledger, on a device that uses several; and which it uses.

use super::world::{BUILT, World};
use crate::client::{Client, Light, Online, Proven, Reach};
use crate::net::Timeouts;
use crate::net::testserver::TestServer;
use crate::store::MemoryStore;
use sealight_issue::index::IndexBuilder;
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, sign_trust_file};
use sealight_verify::codec::encode;
use sealight_verify::format::entry::Body;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::index::CodeTarget;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{
    Contradiction, Finding, LabelFacts, NotOnLedger, Outcome, Policy, SealClaim, Unproven,
};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{KeySet, SignedTrustFile, TrustFile, open};

/// A device whose trust file lists the ledgers of both worlds, each with its gateway.
pub(crate) fn device(worlds: [&World; 2], gateways: [&TestServer; 2]) -> Client {
    let root = SigningKey::from_seed(Algorithm::Ed25519, &[9; 32]).unwrap();
    let files = worlds.map(|world| open(&world.ledger.trust().unwrap()).unwrap());
    let mut file: TrustFile = (*files[0]).clone();
    file.ledgers.push(files[1].ledgers[0].clone());
    for (ledger, gateway) in file.ledgers.iter_mut().zip(gateways) {
        ledger.operators[0].gateways = vec![gateway.url()];
    }
    file.roots = KeySet { threshold: 1, keys: vec![root.public()] };
    file.checkpoints.keys.extend(files[1].checkpoints.keys.clone());
    let mut signed = SignedTrustFile::unsigned(&file);
    sign_trust_file(&mut signed, &root);
    let anchor = finish_first(&signed).unwrap();
    let built = Timestamp::from_unix_secs(BUILT);
    let light = Light::open(Box::new(MemoryStore::new()), &anchor, built, now(worlds)).unwrap();
    let online = Online::new(light.trust(), &[], Timeouts::default());
    Client { light, online }
}

fn now(worlds: [&World; 2]) -> Timestamp {
    worlds[0].now().max(worlds[1].now())
}

fn ids(worlds: [&World; 2]) -> [LedgerId; 2] {
    worlds.map(|world| world.ledger.ledger())
}

fn typed(lot: LotId, index: u32) -> SealClaim {
    SealClaim::of_number(&TypedNumber { lot, index })
}

fn record(proven: &Proven) -> &Finding {
    &proven.judgement.verdict.record
}

/// Indexes one code of a world, so that it leads to this bottle.
fn index(world: &World, code: &str, bottle: u32) {
    let mut builder = IndexBuilder::new(Namespace::Pattern("WY######".into())).unwrap();
    builder.add(code, CodeTarget { lot: world.lot_id(), index: bottle }).unwrap();
    let index = builder.finish().unwrap();
    let anchor = index.anchor();
    for file in index.files() {
        let bytes = encode(&file);
        world.ledger.files().put_codes(&anchor.root, anchor.prefix_bits, &bytes).unwrap();
    }
    world.submit(Body::AnchorIndex(anchor));
}

#[test]
fn a_typed_number_is_found_on_whichever_ledger_has_it() {
    let (one, two) = (World::new(1), World::new(2));
    let (first, second) = (one.honest(), two.honest());
    let mut device = device([&one, &two], [&first, &second]);
    for (world, ledger) in [&one, &two].into_iter().zip(ids([&one, &two])) {
        let claim = typed(world.lot_id(), 5);
        let proven = one.prove_at(&mut device, &claim, Reach::Online, now([&one, &two]));
        assert_eq!(proven.judgement.verdict.outcome(), Outcome::Proven, "{:?}", record(&proven));
        assert_eq!(proven.ledger, Some(ledger));
        assert_eq!(proven.judgement.verdict.item().map(|item| *item.ledger()), Some(ledger));
    }
    // Both are kept, each on its own ledger.
    drop((first, second));
    for (world, ledger) in [&one, &two].into_iter().zip(ids([&one, &two])) {
        let claim = typed(world.lot_id(), 5);
        for reach in [Reach::Offline, Reach::IfStale] {
            let proven = one.prove_at(&mut device, &claim, reach, now([&one, &two]));
            assert_eq!((proven.ledger, &proven.offline), (Some(ledger), &None));
            assert_eq!(proven.judgement.verdict.outcome(), Outcome::Proven);
        }
    }
}

#[test]
fn an_absence_takes_every_ledger() {
    let (one, two) = (World::new(1), World::new(2));
    let (first, second) = (one.honest(), two.honest());
    let claim = typed(LotId([9; 8]), 5);
    let mut both = device([&one, &two], [&first, &second]);
    let absent = one.prove_at(&mut both, &claim, Reach::Online, now([&one, &two]));
    let no_lot = Finding::NotOnLedger(NotOnLedger::NoSuchLot { lot: LotId([9; 8]) });
    assert_eq!(*record(&absent), no_lot);
    // One ledger's absence alone says nothing, from wherever it comes.
    let bundle = absent.bundle.unwrap();
    let again = both.light.judge(&claim, &bundle, &Policy::SHOPPER, now([&one, &two]));
    assert_eq!(again.verdict.record, no_lot);
    both.light.forget_absences();
    let forgotten = both.light.judge(&claim, &bundle, &Policy::SHOPPER, now([&one, &two]));
    assert_eq!(forgotten.verdict.record, Finding::Unproven(Unproven::NotFound));
    let mut other = device([&one, &two], [&first, &second]);
    for world in [&one, &two] {
        // Both ledgers' heads, and no absence seen.
        let claim = typed(world.lot_id(), 5);
        one.prove_at(&mut other, &claim, Reach::Online, now([&one, &two]));
    }
    let judged = other.light.judge(&claim, &bundle, &Policy::SHOPPER, now([&one, &two]));
    assert_eq!(judged.verdict.record, Finding::Unproven(Unproven::NotFound));
    // With one gateway gone, what the other says is half of it.
    let mut other = device([&one, &two], [&first, &second]);
    drop(second);
    let unproven = one.prove_at(&mut other, &claim, Reach::Online, now([&one, &two]));
    assert!(matches!(record(&unproven), Finding::Unproven(_)), "{:?}", record(&unproven));
    // A lot that ends before the number is on no other ledger.
    let past = typed(one.lot_id(), 5_000);
    let past = one.prove_at(&mut other, &past, Reach::Online, now([&one, &two]));
    assert!(matches!(record(&past), Finding::NotOnLedger(NotOnLedger::PastTheLot { .. })));
}

#[test]
fn a_contradiction_on_one_ledger_is_not_hidden_by_a_proof_on_another() {
    let (one, two) = (World::new(1), World::new(2));
    index(&one, "WY000012", 12);
    index(&two, "WY000012", 13);
    let (first, second) = (one.honest(), two.honest());
    let mut device = device([&one, &two], [&first, &second]);
    let [_, ledger] = ids([&one, &two]);
    let label = LabelFacts { serial: Some("000012".into()), ..LabelFacts::default() };
    let claim = SealClaim::of_code("WY000012".into(), label, Carrier::Qr);
    let against = one.prove_at(&mut device, &claim, Reach::Online, now([&one, &two]));
    let Finding::Contradicted(Contradiction::LabelDiffers { field, .. }) = record(&against) else {
        panic!("{:?}", record(&against))
    };
    assert_eq!((*field, against.ledger), ("serial", Some(ledger)));
    // Where nothing speaks against either, the first ledger of the trust file stands.
    let plain = SealClaim::of_code("WY000012".into(), LabelFacts::default(), Carrier::Qr);
    let proven = one.prove_at(&mut device, &plain, Reach::Online, now([&one, &two]));
    assert_eq!(proven.ledger, Some(one.ledger.ledger()));
}

#[test]
fn a_configuration_chooses_among_the_trust_files_ledgers() {
    let (one, two) = (World::new(1), World::new(2));
    let (first, second) = (one.honest(), two.honest());
    let [_, chosen] = ids([&one, &two]);
    let Client { light, online } = device([&one, &two], [&first, &second]);
    let mut device = Client { light: light.with_ledgers(&[chosen]), online };
    assert_eq!(device.light.ledgers().collect::<Vec<_>>(), [&chosen]);
    let now = now([&one, &two]);
    let left_out = one.prove_at(&mut device, &one.claim(5), Reach::Online, now);
    let ledger = one.ledger.ledger().short();
    assert_eq!(*record(&left_out), Finding::Unproven(Unproven::LedgerUnknown { ledger }));
    let proven = two.prove_at(&mut device, &two.claim(5), Reach::Online, now);
    assert_eq!(proven.judgement.verdict.outcome(), Outcome::Proven);
    // One that the trust file does not list is never added, and where none of the chosen is left,
    // as after a rotation, all that it lists are better than none.
    let Client { light, .. } = self::device([&one, &two], [&first, &second]);
    let left = light.with_ledgers(&[LedgerId([7; 32])]);
    assert_eq!(left.ledgers().collect::<Vec<_>>(), ids([&one, &two]).each_ref());
}
