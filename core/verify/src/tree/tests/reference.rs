//! RFC 9162 as it is written: recursive, slow and plain.

use crate::hash::{Hash32, HashSuite, Sm3};
use alloc::vec;
use alloc::vec::Vec;

/// The largest power of two below `count`, which is at least 2.
fn split(count: usize) -> usize {
    let mut half = 1;
    while half * 2 < count {
        half *= 2;
    }
    half
}

/// MTH, 2.1.1.
pub(super) fn mth(leaves: &[Hash32]) -> Hash32 {
    match leaves {
        [] => Sm3::hash(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            Sm3::hash(&[&[1], &mth(left).0, &mth(right).0])
        }
    }
}

/// PATH, 2.1.3.1.
pub(super) fn path(leaves: &[Hash32], at: usize) -> Vec<Hash32> {
    if leaves.len() == 1 {
        return vec![];
    }
    let half = split(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut found, sibling) = match at < half {
        true => (path(left, at), mth(right)),
        false => (path(right, at - half), mth(left)),
    };
    found.push(sibling);
    found
}

/// PROOF, 2.1.4.1.
pub(super) fn proof(leaves: &[Hash32], earlier: usize) -> Vec<Hash32> {
    subproof(leaves, earlier, true)
}

/// SUBPROOF, 2.1.4.1.
fn subproof(leaves: &[Hash32], earlier: usize, known: bool) -> Vec<Hash32> {
    if earlier == leaves.len() {
        return if known { vec![] } else { vec![mth(leaves)] };
    }
    let half = split(leaves.len());
    let (left, right) = leaves.split_at(half);
    let (mut found, sibling) = match earlier <= half {
        true => (subproof(left, earlier, known), mth(right)),
        false => (subproof(right, earlier - half, false), mth(left)),
    };
    found.push(sibling);
    found
}
