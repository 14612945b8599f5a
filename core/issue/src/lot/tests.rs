use super::*;
use crate::rows;
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::private::{self, ItemPlace};
use sealight_verify::format::record::{Carrier, Field, ItemRecord, leaf};
use sealight_verify::format::seal::{TypedNumber, commitment};
use sealight_verify::tree::log;

const LEDGER: LedgerId = LedgerId([3; 32]);

fn plan() -> LotPlan {
    LotPlan {
        ledger: LEDGER,
        issuer: PartyId([4; 16]),
        number: 1,
        title: "Blue Reverie, spring".into(),
        namespaces: vec![Namespace::Gtin("0690123".into()), Namespace::Brand("Reverie".into())],
        life_roles: LifeRoles::USUAL,
        initial: LifeState::NotApplied,
    }
}

fn row() -> Row {
    let text = "product,category,brand,gtin,expires,origin,private.owner\n\
        Blue Reverie,baijiu,Reverie,6901234567892,2035-12-31,Suqian,A. Li\n";
    rows::read_all(rows::Format::Csv, text.as_bytes()).unwrap().remove(0)
}

/// Secrets that are never alike.
fn counter() -> impl FnMut() -> [u8; 16] {
    let mut count = 0u128;
    move || {
        count += 1;
        count.to_be_bytes()
    }
}

fn whole(items: usize) -> WholeLot {
    WholeLot::build(plan(), &vec![row(); items], &mut counter()).unwrap()
}

fn add(row: &Row) -> Result<Added, LotError> {
    LotBuilder::new(plan())?.add(row, Secret([1; 16]), None)
}

#[test]
fn every_item_of_every_bucket_leads_to_the_root() {
    for items in [1, 2, 63, 64, 65, 128, 129, 200] {
        let whole = whole(items);
        let (root, size) = (whole.lot.root(), whole.lot.size());
        assert_eq!((size as usize, whole.seals.len()), (items, items));
        assert_eq!(whole.buckets.len(), whole.lot.bucket_count() as usize);
        let mut leaves = Vec::new();
        for (number, bytes) in whole.buckets.iter().enumerate() {
            let bucket: Bucket = codec::decode(bytes).unwrap();
            assert_eq!(bucket.bounds(), Ok(()));
            assert_eq!(bucket.lot_root(number as u32, size), Ok(root));
            for at in 0..bucket.records.len() as u32 {
                let item = bucket.item(at).unwrap();
                let index = u64::from(number as u32 * BUCKET_ITEMS + at);
                let hash = leaf(&item.record);
                let led = log::root_from_path::<Sm3>(&hash, index, u64::from(size), &item.path);
                assert_eq!(led, Ok(root), "item {index} of {size}");
                leaves.push(hash);
            }
        }
        assert_eq!(build::root::<Sm3>(&leaves), root);
    }
}

#[test]
fn a_record_commits_to_its_seal_and_closes_its_private_fields() {
    let whole = whole(66);
    let seal = &whole.seals[65];
    assert_eq!((seal.ledger, seal.lot, seal.index), (LEDGER.short(), plan().id(), 65));
    let bucket: Bucket = codec::decode(&whole.buckets[1]).unwrap();
    let record: ItemRecord = codec::decode(&bucket.records[1]).unwrap();
    assert_eq!(record.commitment, commitment(&LEDGER, &seal.lot, 65, &seal.secret.inner()));
    assert_eq!(record.bounds(), Ok(()));
    let place = ItemPlace { ledger: &LEDGER, lot: &seal.lot, index: 65 };
    let opened = private::open(place, &seal.secret, record.private.as_ref().unwrap());
    assert_eq!(opened, Ok(vec![Field { key: "owner".into(), value: "A. Li".into() }]));
    assert!(private::open(place, &whole.seals[64].secret, &record.private.unwrap()).is_err());
    let number = TypedNumber { lot: seal.lot, index: seal.index };
    assert_eq!(TypedNumber::decode(&number.text()), Ok(number));
}

#[test]
fn no_file_of_a_lot_holds_a_secret() {
    let whole = whole(65);
    for seal in &whole.seals {
        let inner = seal.secret.inner().0.0;
        for bytes in &whole.buckets {
            assert!(!bytes.windows(16).any(|part| part == seal.secret.0));
            assert!(!bytes.windows(32).any(|part| part == inner));
        }
    }
}

#[test]
fn an_anchor_says_what_was_built() {
    let mut rows = vec![row(); 70];
    rows[5].expires = rows::moment("2040-01-01");
    rows[6].expires = None;
    let whole = WholeLot::build(plan(), &rows, &mut counter()).unwrap();
    let anchor = whole.lot.anchor(Vec::new());
    assert_eq!(anchor.bounds(), Ok(()));
    assert_eq!((anchor.root, anchor.size), (whole.lot.root(), 70));
    assert_eq!((anchor.number, anchor.last_expiry), (1, rows::moment("2040-01-01")));
    assert_eq!(LotId::of_number(&plan().issuer, anchor.number), whole.lot.id());
}

#[test]
fn a_plan_that_no_anchor_can_say_is_refused() {
    let nameless = LotPlan { title: String::new(), ..plan() };
    let error = LotBuilder::new(nameless).unwrap_err();
    assert_eq!(error, LotError::Plan(BoundsError::Unfit { field: "title" }));
    let sold = LotPlan { initial: LifeState::Sold, ..plan() };
    let error = LotBuilder::new(sold).unwrap_err();
    assert_eq!(error, LotError::Plan(BoundsError::Unfit { field: "initial life" }));
}

#[test]
fn a_lot_has_at_least_one_item() {
    let error = LotBuilder::new(plan()).unwrap().finish().unwrap_err();
    assert_eq!(error, LotError::Empty);
}

#[test]
fn a_repeated_secret_is_refused() {
    let error = WholeLot::build(plan(), &[row(), row()], &mut || [9; 16]).unwrap_err();
    assert_eq!(error, LotError::RepeatedSecret { row: 2 });
    let error = WholeLot::build(plan(), &[row()], &mut || [0; 16]).unwrap_err();
    assert_eq!(error, LotError::RepeatedSecret { row: 1 });
}

#[test]
fn a_gtin_outside_the_lots_namespaces_is_refused() {
    let gtin = Some("00000096385074".to_owned());
    let error = add(&Row { gtin, ..row() }).unwrap_err();
    assert_eq!(error, LotError::ForeignGtin { row: 1, gtin: "00000096385074".into() });
}

#[test]
fn a_brand_outside_the_lots_namespaces_is_refused() {
    let error = add(&Row { brand: Some("Moonlit".into()), ..row() }).unwrap_err();
    assert_eq!(error, LotError::ForeignBrand { row: 1, brand: "Moonlit".into() });
}

#[test]
fn tap_codes_need_a_chip_that_gives_them() {
    let codes = || {
        let part = |length| Blob(vec![7; length]);
        Some(TapCodes { uid: part(7), salt: part(16), codes: part(64) })
    };
    let mut builder = LotBuilder::new(plan()).unwrap();
    let error = builder.add(&row(), Secret([1; 16]), codes()).unwrap_err();
    assert_eq!(error, LotError::TapsWithoutChip { row: 1 });
    let with_chip = Row { carriers: vec![Carrier::Qr, Carrier::NfcTap], ..row() };
    assert!(builder.add(&with_chip, Secret([1; 16]), codes()).is_ok());
}

#[test]
fn a_value_that_no_record_holds_is_refused() {
    let error = add(&Row { product: "x".repeat(513), ..row() }).unwrap_err();
    let bounds = BoundsError::TooLong { field: "product", got: 513, max: 512 };
    assert_eq!(error, LotError::Record { row: 1, error: bounds });
}

#[test]
fn a_record_has_a_limit() {
    let field = || Field { key: "note".into(), value: "x".repeat(500) };
    let error = add(&Row { fields: (0..20).map(|_| field()).collect(), ..row() }).unwrap_err();
    assert!(matches!(error, LotError::RecordTooLong { row: 1, got: 10_000.., max: 8192 }));
    let error = add(&Row { private: (0..5).map(|_| field()).collect(), ..row() }).unwrap_err();
    assert!(matches!(error, LotError::PrivateTooLong { row: 1, got: 2500.., max: 2048 }));
}

#[test]
fn a_refused_item_leaves_the_lot_as_it_was() {
    let mut builder = LotBuilder::new(plan()).unwrap();
    let mut secrets = counter();
    let mut drafts = Vec::new();
    for at in 0..66 {
        let bad = Row { product: String::new(), ..row() };
        if at % 7 == 0 {
            assert!(builder.add(&bad, Secret([0xee; 16]), None).is_err());
        }
        drafts.extend(builder.add(&row(), Secret(secrets()), None).unwrap().draft);
    }
    let (lot, last) = builder.finish().unwrap();
    drafts.extend(last);
    let same = whole(66);
    assert_eq!(lot.root(), same.lot.root());
    let files: Vec<_> = drafts.iter().map(|draft| lot.complete(draft).unwrap()).collect();
    assert_eq!(files, same.buckets);
}

#[test]
fn a_changed_draft_is_refused() {
    let mut builder = LotBuilder::new(plan()).unwrap();
    let mut secrets = counter();
    let mut drafts = Vec::new();
    for _ in 0..130 {
        drafts.extend(builder.add(&row(), Secret(secrets()), None).unwrap().draft);
    }
    let (lot, last) = builder.finish().unwrap();
    drafts.extend(last);
    let refused = |bucket| Err(LotError::NotTheDraft { bucket });
    let moved = Draft { bucket: 1, bytes: drafts[0].bytes.clone() };
    assert_eq!(lot.complete(&moved), refused(1));
    assert_eq!(lot.complete(&Draft { bucket: 3, ..moved }), refused(3));
    for draft in &drafts {
        assert!(lot.complete(draft).is_ok());
        for at in (0..draft.bytes.len()).step_by(97) {
            let mut changed = draft.clone();
            changed.bytes[at] ^= 1;
            assert_eq!(lot.complete(&changed), refused(draft.bucket), "byte {at}");
        }
    }
}
