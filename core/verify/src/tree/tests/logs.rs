use super::{flipped, leaves, reference};
use crate::hash::{Hash32, Sha256, Sm3};
use crate::tree::TreeError;
use crate::tree::build::{Log, consistency_path, inclusion_path, root};
use crate::tree::log::*;
use alloc::vec;
use alloc::vec::Vec;
use proptest::prelude::*;

#[test]
fn every_root_and_path_up_to_130_leaves_is_that_of_the_standard() {
    let all = leaves(130);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    for size in 1..=all.len() {
        let part = &all[..size];
        let top = reference::mth(part);
        assert_eq!(root::<Sm3>(part), top);
        assert_eq!(log.root_at(size as u64), Ok(top));
        for (at, leaf) in part.iter().enumerate() {
            let path = reference::path(part, at);
            let (index, size) = (at as u64, size as u64);
            assert_eq!(log.inclusion_path(index, size), Ok(path.clone()));
            assert_eq!(verify_inclusion::<Sm3>(leaf, index, size, &path, &top), Ok(()));
        }
    }
    assert_eq!(log.root(), reference::mth(&all));
    assert_eq!((log.size(), log.leaves()), (130, &all[..]));
}

#[test]
fn every_consistency_path_up_to_70_leaves_is_that_of_the_standard() {
    let all = leaves(70);
    let log = Log::<Sm3>::from_leaves(all.iter().copied());
    for later in 1..=all.len() {
        let later_root = reference::mth(&all[..later]);
        for earlier in 1..=later {
            let (from, to) = (earlier as u64, later as u64);
            let earlier_root = reference::mth(&all[..earlier]);
            let path = reference::proof(&all[..later], earlier);
            assert_eq!(log.consistency_path(from, to), Ok(path.clone()));
            assert_eq!(
                verify_consistency::<Sm3>(from, &earlier_root, to, &later_root, &path),
                Ok(())
            );
        }
    }
    assert_eq!(consistency_path::<Sm3>(&all, 37), Ok(reference::proof(&all, 37)));
}

#[test]
fn an_empty_log_has_the_root_of_nothing() {
    assert_eq!(Log::<Sm3>::new().root(), empty_root::<Sm3>());
    assert_eq!(root::<Sm3>(&[]), reference::mth(&[]));
    assert_eq!(
        empty_root::<Sha256>().to_string(),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
}

#[test]
fn a_log_refuses_what_it_does_not_hold() {
    let log = Log::<Sm3>::from_leaves(leaves(5));
    assert_eq!(log.root_at(6), Err(TreeError::SizeAhead { size: 6, have: 5 }));
    assert_eq!(log.inclusion_path(0, 6), Err(TreeError::SizeAhead { size: 6, have: 5 }));
    assert_eq!(log.inclusion_path(3, 3), Err(TreeError::IndexOutOfRange { index: 3, size: 3 }));
    assert_eq!(log.consistency_path(4, 6), Err(TreeError::SizeAhead { size: 6, have: 5 }));
    assert_eq!(log.consistency_path(0, 5), Err(TreeError::SizeOrder { earlier: 0, later: 5 }));
    assert_eq!(log.consistency_path(4, 3), Err(TreeError::SizeOrder { earlier: 4, later: 3 }));
    assert_eq!(
        inclusion_path::<Sm3>(&leaves(5), 5),
        Err(TreeError::IndexOutOfRange { index: 5, size: 5 })
    );
}

#[test]
fn a_uniform_root_is_the_root_of_equal_leaves() {
    let leaf = leaves(1)[0];
    for size in 0..=300 {
        assert_eq!(uniform_root::<Sm3>(&leaf, size), root::<Sm3>(&vec![leaf; size as usize]));
    }
}

#[test]
fn a_uniform_root_of_the_largest_size_ends() {
    let leaf = leaves(1)[0];
    let perfect = (0..63).fold(leaf, |hash, _| node_hash::<Sm3>(&hash, &hash));
    assert_eq!(uniform_root::<Sm3>(&leaf, 1 << 63), perfect);
    assert_ne!(uniform_root::<Sm3>(&leaf, u64::MAX), perfect);
}

/// Length of an inclusion path by walking the levels.
fn walked_len(index: u64, size: u64) -> usize {
    let (mut at, mut last, mut count) = (index, size - 1, 0);
    while last > 0 {
        count += usize::from(at ^ 1 <= last);
        (at, last) = (at >> 1, last >> 1);
    }
    count
}

prop_compose! {
    fn place()(size in 1usize..400)(size in Just(size), at in 0..size) -> (usize, usize) {
        (size, at)
    }
}

proptest! {
    #[test]
    fn any_leaf_of_any_tree_is_proven_and_any_flipped_bit_refused(
        (size, at) in place(), bit in 0usize..256, hop in 0usize..64,
    ) {
        let all = leaves(size);
        let top = reference::mth(&all);
        let path = inclusion_path::<Sm3>(&all, at).unwrap();
        let (index, count) = (at as u64, size as u64);
        let verify = |leaf: &Hash32, path: &[Hash32], top: &Hash32|
            verify_inclusion::<Sm3>(leaf, index, count, path, top);
        prop_assert_eq!(verify(&all[at], &path, &top), Ok(()));
        prop_assert!(verify(&flipped(&all[at], bit), &path, &top).is_err());
        prop_assert!(verify(&all[at], &path, &flipped(&top, bit)).is_err());
        if !path.is_empty() {
            let mut bad = path.clone();
            let hop = hop % bad.len();
            bad[hop] = flipped(&bad[hop], bit);
            prop_assert!(verify(&all[at], &bad, &top).is_err());
        }
        prop_assert!(verify_inclusion::<Sha256>(&all[at], index, count, &path, &top).is_err()
            || size == 1);
    }

    #[test]
    fn no_leaf_is_proven_at_another_place((size, at) in place(), other in 0usize..400) {
        let all = leaves(size);
        let path = inclusion_path::<Sm3>(&all, at).unwrap();
        prop_assume!(other != at);
        let claim = verify_inclusion::<Sm3>(
            &all[at], other as u64, size as u64, &path, &reference::mth(&all));
        prop_assert!(claim.is_err());
    }

    #[test]
    fn any_two_sizes_are_consistent_and_any_flipped_bit_refused(
        (later, earlier) in place(), bit in 0usize..256, hop in 0usize..64,
    ) {
        let (all, earlier) = (leaves(later), earlier + 1);
        let (old, new) = (reference::mth(&all[..earlier]), reference::mth(&all));
        let path = consistency_path::<Sm3>(&all, earlier as u64).unwrap();
        let verify = |old: &Hash32, new: &Hash32, path: &[Hash32]|
            verify_consistency::<Sm3>(earlier as u64, old, later as u64, new, path);
        prop_assert_eq!(verify(&old, &new, &path), Ok(()));
        prop_assert!(verify(&flipped(&old, bit), &new, &path).is_err());
        prop_assert!(verify(&old, &flipped(&new, bit), &path).is_err());
        if !path.is_empty() {
            let mut bad = path.clone();
            let hop = hop % bad.len();
            bad[hop] = flipped(&bad[hop], bit);
            prop_assert!(verify(&old, &new, &bad).is_err());
        }
    }

    #[test]
    fn a_rewritten_history_is_not_consistent((later, at) in place(), cut in 0usize..400) {
        let honest = leaves(later);
        let mut forged = honest.clone();
        forged[at] = flipped(&honest[at], 7);
        // The earlier tree held the honest leaf.
        let earlier = (at + 1).max(cut.min(later));
        let path = consistency_path::<Sm3>(&forged, earlier as u64).unwrap();
        let claim = verify_consistency::<Sm3>(
            earlier as u64, &reference::mth(&honest[..earlier]),
            later as u64, &reference::mth(&forged), &path);
        prop_assert!(claim.is_err());
    }

    #[test]
    fn lengths_at_any_size_are_those_of_a_walk(index in any::<u64>(), size in 1u64..) {
        let index = index % size;
        let expected = walked_len(index, size);
        prop_assert_eq!(inclusion_path_len(index, size), Ok(expected));
        let path: Vec<Hash32> = vec![Hash32([7; 32]); expected];
        prop_assert!(root_from_path::<Sm3>(&Hash32([1; 32]), index, size, &path).is_ok());
    }

    #[test]
    fn consistency_at_any_size_ends(later in 1u64.., earlier in any::<u64>()) {
        let earlier = earlier % later + 1;
        let path = vec![Hash32([7; 32]); consistency_path_len(earlier, later).unwrap()];
        let (old, new) = (Hash32([1; 32]), Hash32([2; 32]));
        prop_assert!(verify_consistency::<Sm3>(earlier, &old, later, &new, &path).is_err());
    }
}
