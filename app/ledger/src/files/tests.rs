use super::*;
use crate::answer::CodeFiles;
use crate::scratch::Scratch;
use sealight_issue::index::{BuiltIndex, IndexBuilder};
use sealight_verify::codec::Blob;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::{CodeTarget, code_key};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::record;
use sealight_verify::tree::build::Log;

const ROOM: u64 = 1 << 20;

/// Root and bucket files of a lot of `size` records that are told apart by `kind`.
fn lot(kind: u8, size: u32) -> (Hash32, Vec<Vec<u8>>) {
    let records: Vec<Blob> =
        (0..size).map(|i| Blob([&[kind; 20][..], &i.to_be_bytes()].concat())).collect();
    let log = Log::<Sm3>::from_leaves(records.iter().map(|bytes| record::leaf(bytes)));
    let file = |(number, records): (usize, &[Blob])| {
        let upper = log.bucket_upper_path(number as u64, u64::from(size)).unwrap().into();
        codec::encode(&Bucket { version: 1, records: records.to_vec(), upper })
    };
    (log.root(), records.chunks(64).enumerate().map(file).collect())
}

fn open(home: &Scratch) -> Files {
    Files::open(home.path(), ROOM).unwrap()
}

fn upload(files: &Files, root: &Hash32, buckets: &[Vec<u8>]) {
    for (number, bytes) in buckets.iter().enumerate() {
        files.put_bucket(root, number as u32, bytes).unwrap();
    }
}

#[test]
fn a_lot_is_served_once_it_is_sealed_and_comes_back_after_a_restart() {
    let home = Scratch::new();
    let (root, buckets) = lot(1, 200);
    let files = open(&home);
    upload(&files, &root, &buckets);
    assert_eq!(files.bucket(&root, 0).unwrap(), None);
    files.seal(&root, 200).unwrap();
    let files = open(&home);
    for (number, bytes) in buckets.iter().enumerate() {
        assert_eq!(files.bucket(&root, number as u32).unwrap().as_ref(), Some(bytes));
    }
    assert_eq!(files.bucket(&root, 4).unwrap(), None);
    files.seal(&root, 200).unwrap();
}

#[test]
fn a_lot_with_a_missing_file_is_not_sealed() {
    let home = Scratch::new();
    let (root, buckets) = lot(1, 200);
    let files = open(&home);
    upload(&files, &root, &buckets[..3]);
    assert!(matches!(files.seal(&root, 200), Err(FileError::Missing { bucket: 3 })));
}

#[test]
fn a_lot_with_a_file_of_another_is_not_sealed() {
    let home = Scratch::new();
    let (root, buckets) = lot(1, 200);
    let (_, others) = lot(2, 200);
    let files = open(&home);
    upload(&files, &root, &buckets);
    files.put_bucket(&root, 2, &others[2]).unwrap();
    assert!(matches!(files.seal(&root, 200), Err(FileError::OtherRoot { bucket: 2, .. })));
    files.put_bucket(&root, 2, &buckets[2]).unwrap();
    assert!(matches!(
        files.seal(&root, 199),
        Err(FileError::OtherRoot { .. } | FileError::Tree { .. })
    ));
    files.seal(&root, 200).unwrap();
}

#[test]
fn a_sealed_lot_never_changes() {
    let home = Scratch::new();
    let (root, buckets) = lot(1, 100);
    let (_, others) = lot(2, 100);
    let files = open(&home);
    upload(&files, &root, &buckets);
    files.seal(&root, 100).unwrap();
    assert!(matches!(files.put_bucket(&root, 0, &others[0]), Err(FileError::Sealed)));
    assert!(matches!(files.put_bucket(&root, 9, &others[0]), Err(FileError::Sealed)));
    files.put_bucket(&root, 0, &buckets[0]).unwrap();
    assert_eq!(files.bucket(&root, 0).unwrap().as_ref(), Some(&buckets[0]));
}

#[test]
fn bytes_that_are_no_bucket_are_refused() {
    let home = Scratch::new();
    let files = open(&home);
    let root = Hash32([1; 32]);
    let bucket = |records| codec::encode(&Bucket { version: 1, records, upper: vec![].into() });
    let many = bucket(vec![Blob(vec![0]); 65]);
    let long = bucket(vec![Blob(vec![0; 8 * 1024 + 1])]);
    for bytes in [&b""[..], b"\xff", &vec![0; MAX_FILE + 1], &long] {
        assert!(matches!(files.put_bucket(&root, 0, bytes), Err(FileError::Codec(_))));
    }
    assert!(matches!(files.put_bucket(&root, 0, &many), Err(FileError::Bounds(_))));
    let far = files.put_bucket(&root, 1 << 20, &bucket(vec![Blob(vec![0])]));
    assert!(matches!(far, Err(FileError::BucketOutOfRange { .. })));
    assert!(matches!(files.seal(&root, 0), Err(FileError::LotSize { .. })));
}

#[test]
fn the_store_takes_in_no_more_than_it_may() {
    let home = Scratch::new();
    let (root, buckets) = lot(1, 200);
    let room = (buckets[0].len() + buckets[1].len()) as u64;
    let files = Files::open(home.path(), room).unwrap();
    files.put_bucket(&root, 0, &buckets[0]).unwrap();
    files.put_bucket(&root, 1, &buckets[1]).unwrap();
    let refused = files.put_bucket(&root, 2, &buckets[2]);
    assert!(matches!(refused, Err(FileError::Full { max }) if max == room));
    let again = Files::open(home.path(), room).unwrap();
    assert!(matches!(again.put_bucket(&root, 2, &buckets[2]), Err(FileError::Full { .. })));
}

fn index(codes: u32) -> BuiltIndex {
    let mut builder = IndexBuilder::new(Namespace::Pattern("WY######".into())).unwrap();
    for index in 0..codes {
        let target = CodeTarget { lot: LotId([1; 8]), index };
        builder.add(&format!("WY{index:06}"), target).unwrap();
    }
    builder.finish().unwrap()
}

#[test]
fn codes_of_an_index_come_back_by_prefix() {
    let home = Scratch::new();
    let files = open(&home);
    let index = index(1000);
    let anchor = index.anchor();
    for file in index.files() {
        files.put_codes(&anchor.root, anchor.prefix_bits, &codec::encode(&file)).unwrap();
    }
    let key = code_key("WY000123");
    let prefix = u32::from_be_bytes([0, key.0[0], key.0[1], key.0[2]]);
    let codes = files.codes(&anchor.root, anchor.prefix_bits, prefix).unwrap();
    let at = codes.proof.entries.iter().position(|entry| entry.key == key).unwrap();
    assert_eq!(codes.targets[at].index, 123);
    assert_eq!(files.codes(&anchor.root, anchor.prefix_bits - 1, prefix), None);
    assert_eq!(files.codes(&anchor.root, 25, prefix), None);
    assert_eq!(files.codes(&anchor.root, 4, 1 << 24), None);
}

#[test]
fn codes_that_the_root_does_not_bind_are_refused() {
    let home = Scratch::new();
    let files = open(&home);
    let (index, other) = (index(1000), index(999));
    let (root, bits) = (index.anchor().root, index.anchor().prefix_bits);
    let refused = |file: &CodeFile| files.put_codes(&root, bits, &codec::encode(file)).unwrap_err();
    let changed = index.files().zip(other.files()).find(|(a, b)| a.bucket != b.bucket).unwrap();
    assert!(matches!(refused(&changed.1), FileError::Tree { .. }));
    let mut file = index.files().next().unwrap();
    file.targets[0].index += 1;
    assert!(matches!(refused(&file), FileError::OtherTargets { .. }));
    file.targets.clear();
    assert!(matches!(refused(&file), FileError::OtherTargets { .. }));
    file.prefix += 1;
    assert!(matches!(refused(&file), FileError::PrefixOutOfRange { .. }));
    file.prefix = 1 << 24;
    assert!(matches!(refused(&file), FileError::PrefixOutOfRange { .. }));
}
