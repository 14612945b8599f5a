//! The contract of a store, on every store; then what only a file can suffer.

use super::*;
use crate::testfolder::Folder;
use sealight_flow::{Answer, Chips, Entry, RecalledSince};
use sealight_verify::format::event::ItemRange;
use sealight_verify::format::ids::{LotId, PartyId, ShortLedgerId};
use sealight_verify::format::record::Carrier;
use sealight_verify::format::seal::{SealCode, Secret};
use sealight_verify::judge::{SealClaim, Unproven};
use sealight_verify::time::Timestamp;

const LEDGER: LedgerId = LedgerId([7; 32]);
const OTHER: LedgerId = LedgerId([8; 32]);
const SECRET: &[u8; 16] = b"a secret of 16 b";

#[test]
fn what_stands_in_for_a_store_keeps_all_but_bundles() {
    let mut store = FleetingStore::new();
    store.apply(&[header(1)]).unwrap();
    assert_eq!(store.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 1);
    let key = SealKey::of(&LEDGER, &claim(1, 1));
    let bundle = Change::Bundle { key, bytes: vec![9] };
    assert_eq!(store.apply(&[header(2), bundle]), Err(StoreError::DiskFull));
    assert_eq!(store.bundle(&key), Ok(None));
    assert_eq!(store.by_height(&LEDGER, ByHeight::Header).unwrap().len(), 1, "all or none");
}

/// Runs a test on each store, empty.
fn on_each(test: impl Fn(&mut dyn Store)) {
    test(&mut MemoryStore::new());
    let folder = Folder::new();
    test(&mut SqliteStore::open(&folder.path("store.db")).unwrap().store);
}

fn claim(lot: u8, index: u32) -> SealClaim {
    let (ledger, lot) = (ShortLedgerId([7; 8]), LotId([lot; 8]));
    let secret = Secret(*SECRET);
    SealClaim::of_seal(&SealCode { ledger, lot, index, secret }, Carrier::Qr)
}

fn entry(lot: u8, index: u32) -> Entry {
    let scanned = Timestamp::from_unix_secs(1_700_000_000);
    let claim = claim(lot, index);
    let answer = Answer::unproven(&claim, Unproven::NoNetwork);
    Entry::of(scanned, &claim, &answer, Chips::NONE, None)
}

fn scan(lot: u8, index: u32) -> NewScan {
    NewScan {
        ledger: LEDGER,
        item: Some((LotId([lot; 8]), index)),
        issuer: Some(PartyId([lot; 16])),
        entry: entry(lot, index),
    }
}

fn kept(lot: u8, index: u32) -> Change {
    Change::Scan(Box::new(scan(lot, index)))
}

fn header(height: u64) -> Change {
    Change::Keep {
        ledger: LEDGER,
        what: ByHeight::Header,
        height,
        bytes: height.to_be_bytes().to_vec(),
    }
}

fn ids(scans: &[Scan]) -> Vec<i64> {
    scans.iter().map(|scan| scan.id.0).collect()
}

#[test]
fn an_empty_store_has_nothing() {
    on_each(|store| {
        assert_eq!(store.trust_files(), Ok(Vec::new()));
        assert_eq!(store.mark(&LEDGER, Mark::Clock), Ok(None));
        assert_eq!(store.by_height(&LEDGER, ByHeight::Header), Ok(Vec::new()));
        assert_eq!(store.bundle(&SealKey::of(&LEDGER, &claim(1, 1))), Ok(None));
        assert_eq!(store.scans(None, 10), Ok(Vec::new()));
        assert_eq!(store.scan(ScanId(1)), Ok(None));
        assert_eq!(store.setting("language"), Ok(None));
        assert_eq!(store.apply(&[]), Ok(None));
    });
}

#[test]
fn trust_files_come_by_rising_serial() {
    on_each(|store| {
        let file = |serial: u64| Change::TrustFile { serial, bytes: vec![serial as u8] };
        store.apply(&[file(10), file(9), file(2)]).unwrap();
        store.apply(&[Change::TrustFile { serial: 9, bytes: vec![99] }]).unwrap();
        assert_eq!(store.trust_files(), Ok(vec![vec![2], vec![99], vec![10]]));
    });
}

#[test]
fn marks_are_kept_apart_replaced_and_taken_away() {
    on_each(|store| {
        let mark = |ledger, mark, byte: Option<u8>| Change::Mark {
            ledger,
            mark,
            bytes: byte.into_iter().collect(),
        };
        store
            .apply(&[
                mark(LEDGER, Mark::Clock, Some(1)),
                mark(LEDGER, Mark::Feed, Some(2)),
                mark(OTHER, Mark::Clock, Some(3)),
                mark(LEDGER, Mark::Clock, Some(4)),
            ])
            .unwrap();
        assert_eq!(store.mark(&LEDGER, Mark::Clock), Ok(Some(vec![4])));
        assert_eq!(store.mark(&LEDGER, Mark::Feed), Ok(Some(vec![2])));
        assert_eq!(store.mark(&OTHER, Mark::Clock), Ok(Some(vec![3])));
        store.apply(&[mark(LEDGER, Mark::Clock, None)]).unwrap();
        assert_eq!(store.mark(&LEDGER, Mark::Clock), Ok(None));
        assert_eq!(store.mark(&OTHER, Mark::Clock), Ok(Some(vec![3])));
    });
}

#[test]
fn headers_come_by_rising_height_the_newest_at_most_1024() {
    on_each(|store| {
        let other =
            Change::Keep { ledger: OTHER, what: ByHeight::Header, height: 5, bytes: vec![5] };
        store.apply(&[header(9), header((1 << 48) - 1), header(0), other]).unwrap();
        let heights = |store: &dyn Store| -> Vec<u64> {
            store
                .by_height(&LEDGER, ByHeight::Header)
                .unwrap()
                .into_iter()
                .map(|(height, _)| height)
                .collect()
        };
        assert_eq!(heights(store), [0, 9, (1 << 48) - 1]);
        assert_eq!(store.by_height(&OTHER, ByHeight::Header), Ok(vec![(5, vec![5])]));
        let many: Vec<Change> = (10..2010).map(header).collect();
        store.apply(&many).unwrap();
        let kept = heights(store);
        assert_eq!((kept.len(), kept[0], kept[1022]), (1024, 987, 2009));
        store
            .apply(&[Change::Forget { ledger: LEDGER, what: ByHeight::Header, from: 0, to: 2005 }])
            .unwrap();
        assert_eq!(heights(store), [2006, 2007, 2008, 2009, (1 << 48) - 1]);
        assert_eq!(store.by_height(&OTHER, ByHeight::Header).unwrap().len(), 1);
    });
}

#[test]
fn what_is_kept_by_height_is_kept_apart() {
    on_each(|store| {
        let kinds = [ByHeight::Header, ByHeight::Checkpoint, ByHeight::Validators];
        for (at, what) in kinds.into_iter().enumerate() {
            let bytes = vec![at as u8];
            store.apply(&[Change::Keep { ledger: LEDGER, what, height: 3, bytes }]).unwrap();
        }
        for (at, what) in kinds.into_iter().enumerate() {
            assert_eq!(store.by_height(&LEDGER, what), Ok(vec![(3, vec![at as u8])]));
        }
    });
}

#[test]
fn a_change_set_is_applied_whole_or_not_at_all() {
    on_each(|store| {
        let too_high = store.apply(&[header(1), header(1 << 48)]);
        assert_eq!(too_high, Err(StoreError::OutOfRange { what: "height" }));
        let long = Change::Mark { ledger: LEDGER, mark: Mark::Feed, bytes: vec![0; 513] };
        let too_long = store.apply(&[header(1), kept(1, 1), long]);
        assert_eq!(too_long, Err(StoreError::TooLong { what: "mark", got: 513, max: 512 }));
        assert_eq!(store.by_height(&LEDGER, ByHeight::Header), Ok(Vec::new()));
        assert_eq!(store.scans(None, 10), Ok(Vec::new()));
    });
}

#[test]
fn everything_kept_has_a_longest_length() {
    let name = || "n".to_owned();
    let long_entry = || Entry { bundle: Some("x".repeat(64 * 1024)), ..entry(1, 1) };
    let long_scan = NewScan { entry: long_entry(), ..scan(1, 1) };
    let key = SealKey::of(&LEDGER, &claim(1, 1));
    let long = [
        Change::TrustFile { serial: 1, bytes: vec![0; 512 * 1024 + 1] },
        Change::Keep {
            ledger: LEDGER,
            what: ByHeight::Header,
            height: 1,
            bytes: vec![0; 192 * 1024 + 1],
        },
        Change::Bundle { key, bytes: vec![0; 4 * 1024 * 1024 + 1] },
        Change::Mark { ledger: LEDGER, mark: Mark::Clock, bytes: vec![0; 257] },
        Change::Scan(Box::new(long_scan)),
        Change::Rewrite { id: ScanId(1), entry: Box::new(long_entry()) },
        Change::Setting { name: name(), value: "v".repeat(4097) },
        Change::Setting { name: "n".repeat(65), value: name() },
    ];
    on_each(|store| {
        for change in &long {
            let refused = store.apply(std::slice::from_ref(change));
            assert!(matches!(refused, Err(StoreError::TooLong { .. })), "{refused:?}");
        }
    });
}

#[test]
fn a_bundle_is_kept_by_seal_whatever_the_secret() {
    on_each(|store| {
        let key = SealKey::of(&LEDGER, &claim(1, 1));
        store.apply(&[Change::Bundle { key, bytes: vec![1] }]).unwrap();
        store.apply(&[Change::Bundle { key, bytes: vec![2, 3] }]).unwrap();
        assert_eq!(
            store.bundle(&SealKey::of(&LEDGER, &claim(1, 1).recorded())),
            Ok(Some(vec![2, 3]))
        );
        assert_eq!(store.bundle(&SealKey::of(&OTHER, &claim(1, 1))), Ok(None));
        assert_eq!(store.bundle(&SealKey::of(&LEDGER, &claim(1, 2))), Ok(None));
        let code = SealClaim::of_code("WY123456".into(), Default::default(), Carrier::Qr);
        assert_eq!(store.bundle(&SealKey::of(&LEDGER, &code)), Ok(None));
    });
}

#[test]
fn scans_come_newest_first_and_without_secret() {
    on_each(|store| {
        let first = store.apply(&[kept(1, 1), kept(2, 2)]).unwrap();
        store.apply(&[kept(3, 3)]).unwrap();
        assert_eq!(first, Some(ScanId(2)));
        let all = store.scans(None, 10).unwrap();
        assert_eq!(ids(&all), [3, 2, 1]);
        assert_eq!(ids(&store.scans(Some(ScanId(3)), 1).unwrap()), [2]);
        let one = store.scan(ScanId(1)).unwrap().unwrap();
        assert_eq!(one.entry.claim.to_claim(), Some(claim(1, 1).recorded()));
        assert_eq!((one.ledger, one.item), (LEDGER, Some((LotId([1; 8]), 1))));
        assert_eq!(one.entry, entry(1, 1));
    });
}

#[test]
fn a_recall_finds_the_scans_that_it_touches() {
    on_each(|store| {
        let scans = [scan(1, 5), scan(1, 64), scan(2, 5), NewScan { ledger: OTHER, ..scan(1, 5) }];
        store.apply(&scans.map(|scan| Change::Scan(Box::new(scan)))).unwrap();
        let items = |first, last| Touched::Items(LEDGER, LotId([1; 8]), ItemRange { first, last });
        let found = |touched: &Touched, limit| ids(&store.scans_touched(touched, limit).unwrap());
        assert_eq!(found(&items(0, 63), 10), [1]);
        assert_eq!(found(&items(0, u32::MAX), 10), [2, 1]);
        assert_eq!(found(&items(0, u32::MAX), 1), [2]);
        assert_eq!(found(&Touched::Issuer(LEDGER, PartyId([2; 16])), 10), [3]);
        assert_eq!(found(&Touched::Issuer(OTHER, PartyId([1; 16])), 10), [4]);
    });
}

#[test]
fn a_scan_takes_another_entry() {
    on_each(|store| {
        store.apply(&[kept(1, 1), kept(2, 2)]).unwrap();
        let recalled = Some(RecalledSince { at: Some(5), notice: Some("glass".into()) });
        let entry = Entry { recalled, ..entry(1, 1) };
        let rewrite = |id| Change::Rewrite { id: ScanId(id), entry: Box::new(entry.clone()) };
        store.apply(&[rewrite(1), rewrite(9)]).unwrap();
        assert_eq!(store.scan(ScanId(1)).unwrap().unwrap().entry, entry);
        assert_eq!(ids(&store.scans(None, 9).unwrap()), [2, 1]);
    });
}

#[test]
fn the_oldest_bundles_without_a_scan_are_forgotten_until_so_many_stay() {
    on_each(|store| {
        let key = |index| SealKey::of(&LEDGER, &claim(1, index));
        let put = |index: u32| Change::Bundle { key: key(index), bytes: vec![1] };
        let scanned = kept(1, 1);
        store.apply(&[put(1), put(2), put(3), put(4), put(5), scanned]).unwrap();
        // Put anew, the second is the newest.
        store.apply(&[put(2)]).unwrap();
        store.apply(&[Change::ThinBundles { stay: 2 }]).unwrap();
        let stays = |index| store.bundle(&key(index)).unwrap().is_some();
        let stay: Vec<u32> = (1..=5).filter(|index| stays(*index)).collect();
        assert_eq!(stay, [1, 2, 5], "a scan keeps its bundle");
        store.apply(&[Change::ThinBundles { stay: 2 }]).unwrap();
        assert!(store.bundle(&key(5)).unwrap().is_some(), "no more than that");
    });
}

#[test]
fn a_forgotten_scan_takes_its_bundle_unless_another_needs_it() {
    on_each(|store| {
        let key = |lot| SealKey::of(&LEDGER, &claim(lot, 1));
        let bundle = |lot| Change::Bundle { key: key(lot), bytes: vec![lot] };
        let changes = [bundle(1), bundle(2), kept(1, 1), kept(1, 1)];
        store.apply(&changes).unwrap();
        store.apply(&[Change::ForgetScan(ScanId(1))]).unwrap();
        assert_eq!(store.bundle(&key(1)), Ok(Some(vec![1])));
        store.apply(&[Change::ForgetScan(ScanId(2)), Change::ForgetScan(ScanId(9))]).unwrap();
        assert_eq!(store.bundle(&key(1)), Ok(None));
        assert_eq!(store.bundle(&key(2)), Ok(Some(vec![2])));
        store.apply(&[kept(3, 1), Change::ForgetAllScans]).unwrap();
        assert_eq!((store.bundle(&key(2)), store.scans(None, 9)), (Ok(None), Ok(Vec::new())));
    });
}

#[test]
fn a_scan_id_is_never_given_twice() {
    on_each(|store| {
        let first = store.apply(&[kept(1, 1)]).unwrap();
        store.apply(&[Change::ForgetAllScans]).unwrap();
        assert!(store.apply(&[kept(1, 1)]).unwrap() > first);
    });
}

#[test]
fn settings_are_replaced() {
    on_each(|store| {
        let set = |value: &str| Change::Setting { name: "language".into(), value: value.into() };
        store.apply(&[set("en"), set("zh-CN")]).unwrap();
        assert_eq!(store.setting("language"), Ok(Some("zh-CN".into())));
    });
}

mod file;
