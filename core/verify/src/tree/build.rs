//! Logs and lots, prover side: RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1.

use super::TreeError;
use super::bucket::{BUCKET_BITS, bucket_count};
use super::log::{empty_root, node_hash};
use crate::hash::{Hash32, HashSuite};
use alloc::vec::Vec;
use core::marker::PhantomData;

/// Root of a tree over `leaves` (leaf hashes). RFC 9162, 2.1.1.
pub fn root<H: HashSuite>(leaves: &[Hash32]) -> Hash32 {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = parents::<H>(&level);
    }
    level.first().copied().unwrap_or_else(empty_root::<H>)
}

/// Inclusion path of the leaf at `index`, from the leaf upward. RFC 9162, 2.1.3.1.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where there is no such leaf.
pub fn inclusion_path<H: HashSuite>(
    leaves: &[Hash32],
    index: usize,
) -> Result<Vec<Hash32>, TreeError> {
    if index >= leaves.len() {
        return Err(TreeError::IndexOutOfRange { index: index as u64, size: leaves.len() as u64 });
    }
    let (mut level, mut at, mut path) = (leaves.to_vec(), index, Vec::new());
    while level.len() > 1 {
        path.extend(level.get(at ^ 1));
        level = parents::<H>(&level);
        at >>= 1;
    }
    Ok(path)
}

/// Consistency path from the tree of the first `earlier` leaves to the tree of all `leaves`.
/// RFC 9162, 2.1.4.1.
///
/// # Errors
/// [`TreeError::SizeOrder`] where `earlier` is 0 or more than there are leaves.
pub fn consistency_path<H: HashSuite>(
    leaves: &[Hash32],
    earlier: u64,
) -> Result<Vec<Hash32>, TreeError> {
    Log::<H>::from_leaves(leaves.iter().copied()).consistency_path(earlier, leaves.len() as u64)
}

/// One level up; a node without a sibling is lifted as it is.
pub(super) fn parents<H: HashSuite>(level: &[Hash32]) -> Vec<Hash32> {
    level
        .chunks(2)
        .map(|pair| match pair {
            [left, right] => node_hash::<H>(left, right),
            lone => lone[0],
        })
        .collect()
}

/// An append-only tree that keeps every perfect subtree's hash: two hashes a leaf.
///
/// Appending costs two hashes on average; roots, inclusion and consistency paths at any size up to
/// the present one cost one hash a level.
#[derive(Debug, Clone)]
pub struct Log<H> {
    /// `levels[l][i]` covers leaves `i << l` up to `(i + 1) << l`; only perfect subtrees.
    levels: Vec<Vec<Hash32>>,
    suite: PhantomData<H>,
}

impl<H> Default for Log<H> {
    fn default() -> Self {
        Self { levels: Vec::new(), suite: PhantomData }
    }
}

impl<H: HashSuite> Log<H> {
    /// A log without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// A log of these leaf hashes.
    pub fn from_leaves(leaves: impl IntoIterator<Item = Hash32>) -> Self {
        let mut log = Self::new();
        leaves.into_iter().for_each(|leaf| log.append(leaf));
        log
    }

    /// Appends one leaf hash.
    pub fn append(&mut self, leaf: Hash32) {
        let mut carry = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(carry);
            match row.as_slice() {
                [.., left, right] if row.len().is_multiple_of(2) => {
                    carry = node_hash::<H>(left, right);
                }
                _ => return,
            }
        }
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.leaves().len() as u64
    }

    /// All leaf hashes.
    pub fn leaves(&self) -> &[Hash32] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Root over all leaves.
    pub fn root(&self) -> Hash32 {
        self.subtree(0, self.size())
    }

    /// Root over the first `size` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet.
    pub fn root_at(&self, size: u64) -> Result<Hash32, TreeError> {
        self.holds(size)?;
        Ok(self.subtree(0, size))
    }

    /// Inclusion path of `index` in the tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet, and
    /// [`TreeError::IndexOutOfRange`] where a tree of that size has no such leaf.
    pub fn inclusion_path(&self, index: u64, size: u64) -> Result<Vec<Hash32>, TreeError> {
        self.holds(size)?;
        if index >= size {
            return Err(TreeError::IndexOutOfRange { index, size });
        }
        Ok(self.path_from(0, index, size))
    }

    /// The part of an inclusion path that all leaves of one aligned bucket of 64 share, in the
    /// tree of the first `size` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet, and
    /// [`TreeError::IndexOutOfRange`] where a tree of that size has no such bucket.
    pub fn bucket_upper_path(&self, bucket: u64, size: u64) -> Result<Vec<Hash32>, TreeError> {
        self.holds(size)?;
        if bucket >= bucket_count(size) {
            return Err(TreeError::IndexOutOfRange { index: bucket, size: bucket_count(size) });
        }
        Ok(self.path_from(BUCKET_BITS, bucket, size))
    }

    /// Consistency path from the first `earlier` leaves to the first `later` leaves.
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet, and
    /// [`TreeError::SizeOrder`] where `earlier` is 0 or above `later`.
    pub fn consistency_path(&self, earlier: u64, later: u64) -> Result<Vec<Hash32>, TreeError> {
        self.holds(later)?;
        if earlier == 0 || earlier > later {
            return Err(TreeError::SizeOrder { earlier, later });
        }
        if earlier == later {
            return Ok(Vec::new());
        }
        let level = earlier.trailing_zeros();
        let at = (earlier - 1) >> level;
        let mut path = Vec::new();
        if !earlier.is_power_of_two() {
            path.push(self.node(level, at, later));
        }
        path.extend(self.path_from(level, at, later));
        Ok(path)
    }

    /// Siblings on the way up from node `at` of `level`, in the tree of the first `size` leaves.
    fn path_from(&self, level: u32, at: u64, size: u64) -> Vec<Hash32> {
        let mut path = Vec::new();
        let (mut level, mut at, mut last) = (level, at, (size - 1) >> level);
        while last > 0 {
            if at ^ 1 <= last {
                path.push(self.node(level, at ^ 1, size));
            }
            (level, at, last) = (level + 1, at >> 1, last >> 1);
        }
        path
    }

    /// Node `at` of `level` in the tree of the first `size` leaves; the last one may be ragged.
    pub(super) fn node(&self, level: u32, at: u64, size: u64) -> Hash32 {
        self.subtree(at << level, size.min((at + 1) << level))
    }

    /// Root over the leaves from `start`, a multiple of the largest perfect subtree, to `end`.
    fn subtree(&self, start: u64, end: u64) -> Hash32 {
        let mut pieces = Vec::new();
        let mut from = start;
        while from < end {
            let level = (end - from).ilog2();
            pieces.push(self.levels[level as usize][(from >> level) as usize]);
            from += 1 << level;
        }
        pieces
            .into_iter()
            .rev()
            .reduce(|right, left| node_hash::<H>(&left, &right))
            .unwrap_or_else(empty_root::<H>)
    }

    pub(super) fn holds(&self, size: u64) -> Result<(), TreeError> {
        if size > self.size() {
            return Err(TreeError::SizeAhead { size, have: self.size() });
        }
        Ok(())
    }
}
