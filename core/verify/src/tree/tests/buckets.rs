use super::{leaves, reference};
use crate::hash::{Hash32, Sm3};
use crate::tree::TreeError;
use crate::tree::bucket::*;
use crate::tree::build::Log;
use crate::tree::log::verify_inclusion;
use alloc::vec::Vec;

#[test]
fn every_bucket_of_every_size_leads_to_the_root() {
    let all = leaves(260);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    for size in (1..=260u64).filter(|size| size % 7 == 1 || size % 64 < 3 || size % 64 > 61) {
        let top = reference::mth(&all[..size as usize]);
        for bucket in 0..bucket_count(size) {
            let start = (bucket * BUCKET) as usize;
            let held = &all[start..start + bucket_len(bucket, size).unwrap()];
            let upper = log.bucket_upper_path(bucket, size).unwrap();
            assert_eq!(bucket_root::<Sm3>(held, bucket, size, &upper), Ok(top));
            for (at, leaf) in held.iter().enumerate() {
                let path = bucket_item_path::<Sm3>(held, at, &upper).unwrap();
                let index = (start + at) as u64;
                assert_eq!(log.inclusion_path(index, size), Ok(path.clone()));
                assert_eq!(verify_inclusion::<Sm3>(leaf, index, size, &path, &top), Ok(()));
            }
        }
    }
}

#[test]
fn a_bucket_with_an_item_missing_or_added_is_refused() {
    let all = leaves(100);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    let upper = log.bucket_upper_path(1, 100).unwrap();
    for got in [0, 35, 37 - 2, 36 + 1, 64] {
        let held = leaves(got);
        assert_eq!(
            bucket_root::<Sm3>(&held, 1, 100, &upper),
            Err(TreeError::BucketLength { expected: 36, got })
        );
    }
    assert_eq!(
        bucket_root::<Sm3>(&all[..63], 0, 100, &upper),
        Err(TreeError::BucketLength { expected: 64, got: 63 })
    );
}

#[test]
fn a_bucket_past_the_size_is_refused() {
    let log = Log::<Sm3>::from_leaves(leaves(100));
    let past = TreeError::IndexOutOfRange { index: 2, size: 2 };
    assert_eq!(bucket_len(2, 100), Err(past));
    assert_eq!(bucket_root::<Sm3>(&leaves(64), 2, 100, &[]), Err(past));
    assert_eq!(log.bucket_upper_path(2, 100), Err(past));
    assert_eq!(bucket_len(0, 0), Err(TreeError::IndexOutOfRange { index: 0, size: 0 }));
    assert_eq!(bucket_len(u64::MAX / BUCKET, u64::MAX), Ok(63));
    assert!(bucket_len(u64::MAX, u64::MAX).is_err());
}

#[test]
fn an_upper_path_of_another_length_is_refused() {
    let all = leaves(100);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    let mut upper = log.bucket_upper_path(0, 100).unwrap();
    upper.push(all[0]);
    assert_eq!(
        bucket_root::<Sm3>(&all[..64], 0, 100, &upper),
        Err(TreeError::PathLength { expected: 1, got: 2 })
    );
    assert_eq!(
        bucket_root::<Sm3>(&all[..64], 0, 100, &[]),
        Err(TreeError::PathLength { expected: 1, got: 0 })
    );
}

#[test]
fn an_item_past_its_bucket_is_refused() {
    assert_eq!(
        bucket_item_path::<Sm3>(&leaves(36), 36, &[]),
        Err(TreeError::IndexOutOfRange { index: 36, size: 36 })
    );
}

#[test]
fn whole_buckets_are_proven_together_and_no_other_leaf_with_them() {
    let all = leaves(500);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    for buckets in [&[0][..], &[7], &[2, 3], &[0, 5, 6, 7], &[0, 1, 2, 3, 4, 5, 6, 7]] {
        let held: Vec<(u64, &[Hash32])> = buckets
            .iter()
            .map(|bucket| {
                let start = (bucket * BUCKET) as usize;
                (*bucket, &all[start..start + bucket_len(*bucket, 500).unwrap()])
            })
            .collect();
        let proof = log.bucket_multi_path(buckets, 500).unwrap();
        let verify =
            |held: &[(u64, &[Hash32])]| verify_buckets::<Sm3>(held, 500, &proof, &log.root());
        assert_eq!(verify(&held), Ok(()));
        let mut swapped = held[0].1.to_vec();
        swapped.swap(0, 1);
        let mut forged = held.clone();
        forged[0].1 = &swapped;
        assert!(matches!(verify(&forged), Err(TreeError::RootMismatch { .. })));
        forged[0].1 = &swapped[1..];
        assert!(matches!(verify(&forged), Err(TreeError::BucketLength { .. })));
    }
}
