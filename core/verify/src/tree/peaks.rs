//! The growing edge of the log: all that is needed to append and to tell the root.

use super::log::{empty_root, node_hash};
use crate::hash::{Hash32, HashSuite};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Hashes of the perfect subtrees that the log's leaves make up, the largest first.
///
/// Whoever holds it needs no leaf again to go on: a few dozen hashes stand for all of them.
#[derive(Debug, Clone)]
pub struct Peaks<H> {
    size: u64,
    hashes: Vec<Hash32>,
    suite: PhantomData<H>,
}

impl<H> Default for Peaks<H> {
    fn default() -> Self {
        Self { size: 0, hashes: Vec::new(), suite: PhantomData }
    }
}

impl<H: HashSuite> Peaks<H> {
    /// The edge of a log of `size` leaves; none where it has not so many subtrees.
    pub fn of(size: u64, hashes: Vec<Hash32>) -> Option<Self> {
        let fits = hashes.len() == size.count_ones() as usize;
        fits.then_some(Self { size, hashes, suite: PhantomData })
    }

    /// Hashes of the perfect subtrees, the largest first.
    pub fn hashes(&self) -> &[Hash32] {
        &self.hashes
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn append(&mut self, leaf: Hash32) {
        let mut carry = leaf;
        // A subtree is complete for each trailing one of the size, as in adding one to a number.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                carry = node_hash::<H>(&left, &carry);
            }
        }
        self.hashes.push(carry);
        self.size += 1;
    }

    /// RFC 9162 root over all leaves.
    pub fn root(&self) -> Hash32 {
        let hashes = self.hashes.iter().rev().copied();
        hashes.reduce(|right, left| node_hash::<H>(&left, &right)).unwrap_or_else(empty_root::<H>)
    }
}

#[cfg(test)]
mod tests {
    use super::super::build::Log;
    use super::*;
    use crate::hash::Sm3;

    #[test]
    fn the_root_is_the_logs_root_at_every_size() {
        let (mut peaks, mut log) = (Peaks::<Sm3>::default(), Log::<Sm3>::new());
        for number in 0..200u8 {
            assert_eq!((peaks.size(), peaks.root()), (log.size(), log.root()));
            peaks.append(Hash32([number; 32]));
            log.append(Hash32([number; 32]));
        }
    }
}
