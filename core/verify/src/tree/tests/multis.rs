use super::{flipped, leaves, reference};
use crate::hash::{Hash32, Sm3};
use crate::tree::TreeError;
use crate::tree::build::{Log, inclusion_path};
use crate::tree::multi::*;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use proptest::prelude::*;

/// The chosen indices with their leaves.
fn chosen(all: &[Hash32], indices: &[u64]) -> Vec<(u64, Hash32)> {
    indices.iter().map(|index| (*index, all[*index as usize])).collect()
}

#[test]
fn one_leaf_needs_just_its_inclusion_path() {
    for size in 1..70 {
        let all = leaves(size);
        for at in 0..size {
            assert_eq!(multi_path::<Sm3>(&all, &[at as u64]), inclusion_path::<Sm3>(&all, at));
        }
    }
}

#[test]
fn all_leaves_need_no_sibling() {
    for size in 1..70u64 {
        let all = leaves(size as usize);
        let indices: Vec<u64> = (0..size).collect();
        assert_eq!(multi_path::<Sm3>(&all, &indices), Ok(Vec::new()));
        let top = reference::mth(&all);
        assert_eq!(verify_multi::<Sm3>(&chosen(&all, &indices), size, &[], &top), Ok(()));
    }
}

#[test]
fn a_thousand_adjacent_leaves_of_a_million_need_at_most_twenty_siblings_a_side() {
    let indices: Vec<u64> = (500_123..501_123).collect();
    let count = multi_path_len(&indices, 1 << 20).unwrap();
    println!("multiproof: {count} siblings for 1,000 adjacent leaves of 2^20");
    assert!(count <= 40, "{count}");
}

#[test]
fn a_selection_of_nothing_is_refused() {
    assert_eq!(multi_path::<Sm3>(&leaves(5), &[]), Err(TreeError::NothingSelected));
    let top = reference::mth(&leaves(5));
    assert_eq!(verify_multi::<Sm3>(&[], 5, &[], &top), Err(TreeError::NothingSelected));
    assert_eq!(verify_multi::<Sm3>(&[], 0, &[], &top), Err(TreeError::NothingSelected));
}

#[test]
fn indices_out_of_order_or_twice_are_refused() {
    let all = leaves(5);
    let top = reference::mth(&all);
    for (indices, at) in [(&[1, 1][..], 1), (&[0, 3, 2], 2), (&[4, 0], 1), (&[0, 1, 1, 9], 2)] {
        let named: Vec<_> = indices.iter().map(|index| (*index, all[0])).collect();
        assert_eq!(verify_multi::<Sm3>(&named, 5, &[], &top), Err(TreeError::NotAscending { at }));
        assert_eq!(multi_path::<Sm3>(&all, indices), Err(TreeError::NotAscending { at }));
    }
}

#[test]
fn an_index_past_the_size_is_refused_among_many() {
    let all = leaves(5);
    let past = TreeError::IndexOutOfRange { index: 5, size: 5 };
    let named = [(1, all[1]), (5, all[4])];
    assert_eq!(verify_multi::<Sm3>(&named, 5, &[], &reference::mth(&all)), Err(past));
    assert_eq!(multi_path::<Sm3>(&all, &[1, 5]), Err(past));
}

prop_compose! {
    fn selection()(size in 1usize..200)(
        size in Just(size),
        picked in proptest::collection::btree_set(0..size as u64, 1..=size.min(40)),
    ) -> (usize, BTreeSet<u64>) {
        (size, picked)
    }
}

proptest! {
    #[test]
    fn any_selection_of_any_tree_is_proven_and_any_flipped_bit_refused(
        (size, picked) in selection(), bit in 0usize..256, pick in 0usize..1000,
    ) {
        let all = leaves(size);
        let top = reference::mth(&all);
        let indices: Vec<u64> = picked.into_iter().collect();
        let named = chosen(&all, &indices);
        let proof = multi_path::<Sm3>(&all, &indices).unwrap();
        let log = Log::<Sm3>::from_leaves(leaves(size + 9));
        prop_assert_eq!(log.multi_path(&indices, size as u64), Ok(proof.clone()));
        let verify = |named: &[(u64, Hash32)], proof: &[Hash32], top: &Hash32|
            verify_multi::<Sm3>(named, size as u64, proof, top);
        prop_assert_eq!(verify(&named, &proof, &top), Ok(()));
        prop_assert!(verify(&named, &proof, &flipped(&top, bit)).is_err());
        let mut bad = named.clone();
        let at = pick % bad.len();
        bad[at].1 = flipped(&bad[at].1, bit);
        prop_assert!(verify(&bad, &proof, &top).is_err());
        if !proof.is_empty() {
            let mut bad = proof.clone();
            let at = pick % bad.len();
            bad[at] = flipped(&bad[at], bit);
            prop_assert!(verify(&named, &bad, &top).is_err());
            prop_assert_eq!(
                verify(&named, &proof[1..], &top),
                Err(TreeError::PathLength { expected: proof.len(), got: proof.len() - 1 }));
        }
        let longer = [&proof[..], &[top]].concat();
        prop_assert_eq!(
            verify(&named, &longer, &top),
            Err(TreeError::PathLength { expected: proof.len(), got: proof.len() + 1 }));
        // A leaf at another place of the selection.
        if named.len() > 1 {
            let mut bad = named.clone();
            let (one, two) = (bad[0].1, bad[1].1);
            (bad[0].1, bad[1].1) = (two, one);
            prop_assert!(verify(&bad, &proof, &top).is_err());
        }
    }

    #[test]
    fn a_compact_proof_is_never_longer_than_single_ones((size, picked) in selection()) {
        let indices: Vec<u64> = picked.into_iter().collect();
        let single: usize = indices.iter()
            .map(|index| crate::tree::log::inclusion_path_len(*index, size as u64).unwrap())
            .sum();
        prop_assert!(multi_path_len(&indices, size as u64).unwrap() <= single);
    }
}
