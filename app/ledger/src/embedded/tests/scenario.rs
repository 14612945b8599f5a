//! From an empty home to a proven bottle, through a recall and a restart, by the client's verdict.

use super::*;
use crate::embedded::tests::home_of::{by_members, event, signed_by_members};
use sealight_issue::entry::{Signer, endorse, sign_entry};
use sealight_issue::lot::{LotPlan, WholeLot};
use sealight_issue::rows::Row;
use sealight_verify::format::answer::{Bucket, StateAnswer};
use sealight_verify::format::entry::{Body, KeyRevocation, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::governance::{GovernanceChange, Validators};
use sealight_verify::format::life::LifeState;
use sealight_verify::format::lot::LifeRoles;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::KeyEnd;
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::SealCode;
use sealight_verify::judge::{Finding, Judgement, Life, Policy, SealClaim, Verdict, verify};

fn row(number: u32) -> Row {
    Row {
        product: "Blue Reverie".into(),
        brand: Some("Blue Reverie".into()),
        gtin: Some("06901234567892".into()),
        serial: Some(format!("{number:06}")),
        batch: None,
        category: "baijiu".into(),
        expires: None,
        carriers: vec![Carrier::Qr],
        fields: vec![],
        private: vec![],
    }
}

fn namespaces() -> Vec<Namespace> {
    vec![Namespace::Gtin("0690123".into()), Namespace::Brand("Blue Reverie".into())]
}

/// Builds a lot of 130 bottles, uploads its files, gets receipts and anchors it.
fn anchored(ledger: &Embedded, issuer: &Person) -> WholeLot {
    let plan = LotPlan {
        ledger: ledger.ledger(),
        issuer: issuer.id,
        number: 1,
        title: "Blue Reverie, first batch".into(),
        namespaces: namespaces(),
        life_roles: LifeRoles::USUAL,
        initial: LifeState::InTrade,
    };
    let rows: Vec<Row> = (0..130).map(row).collect();
    let mut count = 0u32;
    let mut secret = || {
        count += 1;
        let mut secret = [7; 16];
        secret[..4].copy_from_slice(&count.to_be_bytes());
        secret
    };
    let whole = WholeLot::build(plan, &rows, &mut secret).unwrap();
    let (id, root, size) = (whole.lot.id(), whole.lot.root(), whole.lot.size());
    assert!(matches!(ledger.receipts(&id, &root, size), Err(FileError::Missing { .. })));
    for (number, bytes) in whole.buckets.iter().enumerate() {
        ledger.files().put_bucket(&root, number as u32, bytes).unwrap();
    }
    let receipts = ledger.receipts(&id, &root, size).unwrap();
    let body = Body::AnchorLot(whole.lot.anchor(receipts));
    ledger.submit(&issuer.entry(ledger, body)).unwrap();
    whole
}

/// A client with a chain of headers that begins at the checkpoint.
struct Client {
    chain: HeaderChain,
    wall: Wall,
}

impl Client {
    fn new(ledger: &Embedded, wall: &Wall) -> Self {
        let trust = sealight_verify::trust::open(&ledger.trust().unwrap()).unwrap();
        let mut chain = HeaderChain::new(&trust, &ledger.ledger()).unwrap();
        let signed: SignedCheckpoint = codec::decode(&ledger.checkpoint()).unwrap();
        let change = chain.checkpoint(&signed).unwrap();
        chain.apply(&change);
        Self { chain, wall: wall.clone() }
    }

    /// Asks for a seal's lot and judges the bundle.
    fn scan(&mut self, ledger: &Embedded, seal: &SealCode) -> Verdict {
        let bucket = seal.index / 64;
        let data = [&seal.lot.0[..], &bucket.to_be_bytes()].concat();
        let (height, bytes) = ledger.query("/lot", &data, 0).unwrap();
        let answer: StateAnswer = codec::decode(&bytes).unwrap();
        let lot = answer.claimed_lot();
        let file = lot.and_then(|lot| ledger.files().bucket(&lot.root, bucket).unwrap());
        let file = file.map(|bytes| codec::decode::<Bucket>(&bytes).unwrap());
        let item = file.and_then(|file| file.item(seal.index % 64));
        let block = ledger.light_block(Some(height)).unwrap();
        let bundle = codec::encode(&answer.into_bundle(ledger.ledger(), block, None, item));
        let claim = SealClaim::of_seal(seal, Carrier::Qr);
        let now = Now::new(self.wall.now(), false);
        let Judgement { verdict, remember } =
            verify(&claim, &bundle, &self.chain, &Policy::SHOPPER, &now);
        if let Some(change) = remember {
            self.chain.apply(&change);
        }
        verdict
    }

    fn life(&mut self, ledger: &Embedded, seal: &SealCode) -> Life {
        let verdict = self.scan(ledger, seal);
        assert!(matches!(verdict.record, Finding::Proven(_)), "{:?}", verdict.record);
        verdict.life
    }
}

fn life_change(lot: LotId, first: u32, last: u32, to: LifeState) -> Body {
    let ranges = vec![ItemRange { first, last }];
    Body::ChangeLife(LifeChange { lot, ranges, to, restore: None })
}

#[test]
fn a_bottle_is_proven_from_its_lot_to_its_recall_and_after_a_restart() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered_as(&ledger, &wall, "distillery", Roles::ISSUER, namespaces());
    let lab = Person::registered_as(&ledger, &wall, "lab", Roles::LAB, vec![]);
    let shop = Person::registered_as(&ledger, &wall, "shop", Roles::RETAILER, vec![]);
    let whole = anchored(&ledger, &issuer);
    let (lot, seal) = (whole.lot.id(), &whole.seals[77]);
    let mut client = Client::new(&ledger, &wall);
    assert_eq!(client.life(&ledger, seal), Life::At(LifeState::InTrade));

    ledger.submit(&lab.event(&ledger, lot, "inspecting")).unwrap();
    let verdict = client.scan(&ledger, seal);
    assert_eq!(verdict.item().unwrap().events().len(), 1);

    ledger.submit(&shop.entry(&ledger, life_change(lot, 70, 80, LifeState::Sold))).unwrap();
    assert_eq!(client.life(&ledger, seal), Life::At(LifeState::Sold));
    assert_eq!(client.life(&ledger, &whole.seals[129]), Life::At(LifeState::InTrade));

    let (height, state) = ledger.newest();
    let authority = ledger.home().signers(&state, Roles::AUTHORITY, height + 1)[0];
    let scope = RecallScope::Items(lot, ItemRange { first: 77, last: 77 });
    let recall = RecallChange { scope, recalled: true, notice: "methanol".into() };
    let entry = sign_entry(&ledger.ledger(), 0, Body::Recall(recall), authority);
    ledger.submit(&codec::encode(&entry)).unwrap();
    assert!(matches!(client.life(&ledger, seal), Life::Recalled(_)));
    assert_eq!(client.life(&ledger, &whole.seals[78]), Life::At(LifeState::Sold));

    let (before, head) = (ledger.newest().1.app_hash(), ledger.light_block(None).unwrap());
    drop(ledger);
    let ledger = open(&scratch, &wall).unwrap();
    assert_eq!(ledger.newest().1.app_hash(), before);
    assert_eq!(ledger.light_block(None).unwrap(), head);
    assert!(matches!(client.life(&ledger, seal), Life::Recalled(_)));
    let twice = ledger.submit(&codec::encode(&entry));
    assert!(matches!(twice, Err(SubmitError::Refused(Refused::Sequence { .. }))));
}

#[test]
fn a_seal_that_names_no_lot_is_proven_to_be_on_no_ledger() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered_as(&ledger, &wall, "distillery", Roles::ISSUER, namespaces());
    let whole = anchored(&ledger, &issuer);
    let mut client = Client::new(&ledger, &wall);
    let seal = SealCode { lot: LotId([9; 8]), ..whole.seals[0].clone() };
    let verdict = client.scan(&ledger, &seal);
    assert!(matches!(verdict.record, Finding::NotOnLedger(_)), "{:?}", verdict.record);
    let past = SealCode { index: 192, ..whole.seals[0].clone() };
    let verdict = client.scan(&ledger, &past);
    assert!(matches!(verdict.record, Finding::NotOnLedger(_)), "{:?}", verdict.record);
}

#[test]
fn a_compromised_key_takes_its_lots_and_lives_back() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered_as(&ledger, &wall, "distillery", Roles::ISSUER, namespaces());
    let shop = Person::registered_as(&ledger, &wall, "shop", Roles::RETAILER, vec![]);
    let whole = anchored(&ledger, &issuer);
    let seal = &whole.seals[5];
    let sold = shop.entry(&ledger, life_change(whole.lot.id(), 0, 9, LifeState::Sold));
    let height = ledger.submit(&sold).unwrap().height;
    let mut client = Client::new(&ledger, &wall);
    let revoke = |party, from| {
        let reason = KeyEnd::Compromised;
        by_members(&ledger, Body::RevokeKey(KeyRevocation { party, key: 0, reason, from }));
    };
    revoke(shop.id, height);
    assert_eq!(client.life(&ledger, seal), Life::KeyWithdrawn);
    revoke(issuer.id, 1);
    assert!(matches!(client.scan(&ledger, seal).record, Finding::Unproven(_)));
}

#[test]
fn a_change_of_validators_is_followed_by_clients() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered(&ledger, &wall, "issuer");
    let mut client = Client::new(&ledger, &wall);
    let mut seats = ledger.newest().1.validators().seats.clone();
    seats.remove(0);
    seats[0].power = 3;
    let body = |seats| Body::Govern(GovernanceChange::Validators(Validators { version: 1, seats }));
    let changed = by_members(&ledger, body(seats.clone())).height;
    issuer.number_of_entries(&ledger, 2);
    let len = |height| ledger.validators(Some(height)).unwrap().1.validators().len();
    assert_eq!((len(changed + 1), len(changed + 2)), (4, 3));
    let now = Now::new(wall.now(), false);
    for height in changed - 1..=ledger.head().height {
        let block = ledger.light_block(Some(height)).unwrap();
        let accepted = client.chain.accept(&block, &now).unwrap();
        client.chain.apply(&accepted.remember);
    }
    let hint = ledger.query("/changes", &[0; 8], 0).unwrap().1;
    assert_eq!(minicbor::decode::<Vec<u64>>(&hint).unwrap(), [changed + 2]);
    let head = ledger.light_block(None).unwrap();
    drop(ledger);
    let ledger = open(&scratch, &wall).unwrap();
    assert_eq!(ledger.light_block(None).unwrap(), head);

    seats[1].key.0[0] ^= 1;
    while sealight_verify::sign::PublicKey::decode(
        sealight_verify::sign::Algorithm::Ed25519,
        &seats[1].key,
    )
    .is_err()
    {
        seats[1].key.0[1] = seats[1].key.0[1].wrapping_add(1);
    }
    seats.sort_by(|a, b| a.key.cmp(&b.key));
    let foreign = signed_by_members(&ledger, body(seats));
    let refused = ledger.submit(&codec::encode(&foreign));
    assert!(matches!(refused, Err(SubmitError::ForeignValidator { .. })));
    issuer.number_of_entries(&ledger, 1);
}

#[test]
fn issuer_and_authority_restore_what_was_sold_by_mistake() {
    let scratch = Scratch::new();
    let (ledger, wall) = opened(&scratch);
    let issuer = Person::registered_as(&ledger, &wall, "distillery", Roles::ISSUER, namespaces());
    let shop = Person::registered_as(&ledger, &wall, "shop", Roles::RETAILER, vec![]);
    let whole = anchored(&ledger, &issuer);
    let lot = whole.lot.id();
    ledger.submit(&shop.entry(&ledger, life_change(lot, 0, 129, LifeState::Sold))).unwrap();
    let body = Body::ChangeLife(LifeChange {
        lot,
        ranges: vec![ItemRange { first: 0, last: 129 }],
        to: LifeState::InTrade,
        restore: Some("till error".into()),
    });
    let mut entry = issuer.signed(&ledger, body);
    let (height, state) = ledger.newest();
    let authority: Signer<'_> = ledger.home().signers(&state, Roles::AUTHORITY, height + 1)[0];
    endorse(&mut entry, authority);
    ledger.submit(&codec::encode(&entry)).unwrap();
    let mut client = Client::new(&ledger, &wall);
    assert_eq!(client.life(&ledger, &whole.seals[3]), Life::At(LifeState::InTrade));
    let again = ledger.submit(&issuer.entry(&ledger, Body::AppendEvent(event(lot, "shipping"))));
    assert!(again.is_ok());
}
