//! The attacks on logs and lots, each by its name.

use super::{leaves, reference};
use crate::hash::{Hash32, Sha256, Sm3};
use crate::tree::TreeError;
use crate::tree::build::{consistency_path, inclusion_path, root};
use crate::tree::log::*;
use crate::tree::{bucket, map, multi};
use alloc::vec;
use alloc::vec::Vec;

/// Five leaves, the path of the third one, and the root.
fn sample() -> (Vec<Hash32>, Vec<Hash32>, Hash32) {
    let all = leaves(5);
    let path = inclusion_path::<Sm3>(&all, 2).unwrap();
    let top = reference::mth(&all);
    (all, path, top)
}

#[test]
fn an_inner_node_is_no_leaf() {
    let all = leaves(4);
    let (left, right) = (node_hash::<Sm3>(&all[0], &all[1]), node_hash::<Sm3>(&all[2], &all[3]));
    let top = reference::mth(&all);
    // Handed in as a bare hash of a tree of two it would fit, so a leaf is always recomputed from
    // its content, and the content of an inner node gives another hash.
    let content = [all[0].0, all[1].0].concat();
    let forged = leaf_hash::<Sm3>(&[&content]);
    assert_eq!(
        verify_inclusion::<Sm3>(&forged, 0, 2, &[right], &top),
        Err(TreeError::RootMismatch { expected: top, got: node_hash::<Sm3>(&forged, &right) })
    );
    // With the true size the shortened path has the wrong length.
    assert_eq!(
        verify_inclusion::<Sm3>(&left, 0, 4, &[right], &top),
        Err(TreeError::PathLength { expected: 2, got: 1 })
    );
}

#[test]
fn a_leaf_of_64_bytes_is_no_inner_node() {
    let all = leaves(2);
    let content = [all[0].0, all[1].0].concat();
    assert_ne!(leaf_hash::<Sm3>(&[&content]), node_hash::<Sm3>(&all[0], &all[1]));
}

#[test]
fn a_last_leaf_repeated_gives_another_root() {
    for size in [1, 3, 5, 7, 11] {
        let mut all = leaves(size);
        let honest = root::<Sm3>(&all);
        all.push(all[size - 1]);
        assert_ne!(root::<Sm3>(&all), honest, "size {size}");
    }
}

#[test]
fn an_index_past_the_size_is_refused() {
    let (all, path, top) = sample();
    for (index, size) in [(5, 5), (6, 5), (u64::MAX, 5), (u64::MAX, u64::MAX), (0, 0), (2, 0)] {
        assert_eq!(
            verify_inclusion::<Sm3>(&all[2], index, size, &path, &top),
            Err(TreeError::IndexOutOfRange { index, size })
        );
    }
}

#[test]
fn the_largest_size_is_refused_by_the_length_of_its_path() {
    let (all, path, top) = sample();
    assert_eq!(
        verify_inclusion::<Sm3>(&all[2], 2, u64::MAX, &path, &top),
        Err(TreeError::PathLength { expected: 64, got: 3 })
    );
    assert_eq!(
        verify_inclusion::<Sm3>(&all[2], u64::MAX - 1, u64::MAX, &path, &top),
        Err(TreeError::PathLength { expected: 63, got: 3 })
    );
}

#[test]
fn a_sibling_too_many_or_too_few_is_refused() {
    let (all, path, top) = sample();
    let verify = |path: &[Hash32]| verify_inclusion::<Sm3>(&all[2], 2, 5, path, &top);
    assert_eq!(verify(&path), Ok(()));
    assert_eq!(verify(&path[1..]), Err(TreeError::PathLength { expected: 3, got: 2 }));
    assert_eq!(verify(&path[..2]), Err(TreeError::PathLength { expected: 3, got: 2 }));
    assert_eq!(verify(&[]), Err(TreeError::PathLength { expected: 3, got: 0 }));
    let longer = [&path[..], &[top]].concat();
    assert_eq!(verify(&longer), Err(TreeError::PathLength { expected: 3, got: 4 }));
    assert_eq!(verify(&vec![top; 1000]), Err(TreeError::PathLength { expected: 3, got: 1000 }));
}

#[test]
fn siblings_in_another_order_are_refused() {
    let (all, path, top) = sample();
    for (one, two) in [(0, 1), (1, 2), (0, 2)] {
        let mut permuted = path.clone();
        permuted.swap(one, two);
        let claim = verify_inclusion::<Sm3>(&all[2], 2, 5, &permuted, &top);
        assert!(matches!(claim, Err(TreeError::RootMismatch { .. })), "{one} and {two}");
    }
}

#[test]
fn swapped_roots_are_refused() {
    let all = leaves(7);
    let (old, new) = (reference::mth(&all[..3]), reference::mth(&all));
    let path = consistency_path::<Sm3>(&all, 3).unwrap();
    assert_eq!(verify_consistency::<Sm3>(3, &old, 7, &new, &path), Ok(()));
    assert_eq!(
        verify_consistency::<Sm3>(3, &new, 7, &old, &path),
        Err(TreeError::EarlierRootMismatch { expected: new, got: old })
    );
    assert_eq!(
        verify_consistency::<Sm3>(3, &old, 7, &old, &path),
        Err(TreeError::RootMismatch { expected: old, got: new })
    );
    assert_eq!(
        verify_consistency::<Sm3>(7, &new, 3, &old, &path),
        Err(TreeError::SizeOrder { earlier: 7, later: 3 })
    );
}

#[test]
fn an_empty_tree_proves_nothing() {
    let (all, path, top) = sample();
    let empty = empty_root::<Sm3>();
    assert!(verify_inclusion::<Sm3>(&all[2], 2, 5, &path, &empty).is_err());
    assert!(verify_inclusion::<Sm3>(&empty, 0, 0, &[], &empty).is_err());
    for later in [0, 1, 5] {
        assert_eq!(
            verify_consistency::<Sm3>(0, &empty, later, &top, &[]),
            Err(TreeError::SizeOrder { earlier: 0, later })
        );
    }
}

#[test]
fn equal_sizes_need_equal_roots_and_no_path() {
    let (_, path, top) = sample();
    let other = Hash32([9; 32]);
    assert_eq!(verify_consistency::<Sm3>(5, &top, 5, &top, &[]), Ok(()));
    assert_eq!(
        verify_consistency::<Sm3>(5, &top, 5, &other, &[]),
        Err(TreeError::RootMismatch { expected: other, got: top })
    );
    assert_eq!(
        verify_consistency::<Sm3>(5, &top, 5, &top, &path),
        Err(TreeError::PathLength { expected: 0, got: 3 })
    );
}

#[test]
fn a_consistency_path_of_another_length_is_refused() {
    let all = leaves(7);
    let (old, new) = (reference::mth(&all[..3]), reference::mth(&all));
    let path = consistency_path::<Sm3>(&all, 3).unwrap();
    let longer = [&path[..], &[new]].concat();
    for bad in [&path[1..], &path[..path.len() - 1], &[], &longer] {
        assert_eq!(
            verify_consistency::<Sm3>(3, &old, 7, &new, bad),
            Err(TreeError::PathLength { expected: path.len(), got: bad.len() })
        );
    }
}

#[test]
fn a_proof_of_another_hash_suite_is_refused() {
    let (all, path, top) = sample();
    assert_eq!(verify_inclusion::<Sm3>(&all[2], 2, 5, &path, &top), Ok(()));
    let claim = verify_inclusion::<Sha256>(&all[2], 2, 5, &path, &top);
    assert!(matches!(claim, Err(TreeError::RootMismatch { .. })));
}

#[test]
fn a_proof_from_another_tree_is_refused() {
    let (all, path, top) = sample();
    let mut others = all.clone();
    others.reverse();
    let other_top = reference::mth(&others);
    assert!(verify_inclusion::<Sm3>(&all[2], 2, 5, &path, &other_top).is_err());
    assert!(multi::verify_multi::<Sm3>(&[(2, all[2])], 5, &path, &other_top).is_err());
    // A map of two keys is no log of two leaves, even where contents are the same bytes.
    let log_leaf = leaf_hash::<Sm3>(&[&all[0].0, &all[1].0]);
    assert_ne!(log_leaf, map::leaf_hash::<Sm3>(&all[0], &all[1]));
    assert_ne!(node_hash::<Sm3>(&all[0], &top), map::branch_hash::<Sm3>(&all[0], &top));
}

#[test]
fn a_bucket_of_another_place_is_refused() {
    let all = leaves(200);
    let log = crate::tree::build::Log::<Sm3>::from_leaves(all.iter().copied());
    let upper = log.bucket_upper_path(1, 200).unwrap();
    let own = bucket::bucket_root::<Sm3>(&all[64..128], 1, 200, &upper).unwrap();
    assert_eq!(own, log.root());
    for place in [0, 2] {
        let other = bucket::bucket_root::<Sm3>(&all[64..128], place, 200, &upper);
        assert_ne!(other, Ok(log.root()), "bucket {place}");
    }
}
