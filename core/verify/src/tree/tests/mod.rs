//! Logs, lots, buckets and multiproofs against a naive reading of RFC 9162.

mod attacks;
mod buckets;
mod logs;
mod multis;
mod reference;

use super::log::leaf_hash;
use crate::hash::{Hash32, Sm3};
use alloc::vec::Vec;

/// Distinct leaf hashes.
fn leaves(count: usize) -> Vec<Hash32> {
    (0..count as u64).map(|number| leaf_hash::<Sm3>(&[&number.to_be_bytes()])).collect()
}

/// The hash with one bit turned over.
fn flipped(hash: &Hash32, bit: usize) -> Hash32 {
    let mut other = *hash;
    other.0[bit / 8 % 32] ^= 1 << (bit % 8);
    other
}
