//! One compact proof for many leaves of a log or lot.

use super::TreeError;
use super::bucket::{BUCKET_BITS, bucket_count};
use super::build::{Log, parents};
use super::log::node_hash;
use crate::hash::{Hash32, HashSuite};
use alloc::vec::Vec;

/// Accepts that every one of `leaves` (index and leaf hash, ascending) stands in the tree of
/// `size` leaves under `root`.
///
/// `proof` holds, level by level from the leaves upward and left to right within a level, exactly
/// the siblings that the leaves and the nodes above them do not give.
///
/// # Errors
/// [`TreeError::NothingSelected`] where there are none, [`TreeError::NotAscending`],
/// [`TreeError::IndexOutOfRange`] where one is not in the tree, [`TreeError::PathLength`] where the
/// proof is not as long as they need, and [`TreeError::RootMismatch`] where it leads to another
/// root.
pub fn verify_multi<H: HashSuite>(
    leaves: &[(u64, Hash32)],
    size: u64,
    proof: &[Hash32],
    root: &Hash32,
) -> Result<(), TreeError> {
    let indices: Vec<u64> = leaves.iter().map(|(index, _)| *index).collect();
    let expected = multi_path_len(&indices, size)?;
    if proof.len() != expected {
        return Err(TreeError::PathLength { expected, got: proof.len() });
    }
    let mut siblings = proof.iter();
    let mut row: Vec<(u64, Hash32)> = leaves.to_vec();
    let mut last = size - 1;
    while last > 0 {
        let mut above = Vec::with_capacity(row.len().div_ceil(2));
        let mut nodes = row.iter().peekable();
        while let Some(&(at, hash)) = nodes.next() {
            let parent = match place(at, last, nodes.peek().map(|next| next.0)) {
                Place::Lone => Some(hash),
                Place::WithNext => nodes.next().map(|next| node_hash::<H>(&hash, &next.1)),
                Place::Left => siblings.next().map(|right| node_hash::<H>(&hash, right)),
                Place::Right => siblings.next().map(|left| node_hash::<H>(left, &hash)),
            };
            // The count was compared above, so a sibling is always left.
            let parent = parent.ok_or(TreeError::PathLength { expected, got: proof.len() })?;
            above.push((at >> 1, parent));
        }
        (row, last) = (above, last >> 1);
    }
    match row.first() {
        Some((_, got)) if got == root => Ok(()),
        Some((_, got)) => Err(TreeError::RootMismatch { expected: *root, got: *got }),
        None => Err(TreeError::NothingSelected),
    }
}

/// Siblings in the proof of these indices (ascending) in a tree of `size` leaves.
///
/// # Errors
/// [`TreeError::NothingSelected`] where there are none, [`TreeError::NotAscending`], and
/// [`TreeError::IndexOutOfRange`] where one is not in the tree.
pub fn multi_path_len(indices: &[u64], size: u64) -> Result<usize, TreeError> {
    let mut count = 0;
    walk(indices, size, |_, _| count += 1)?;
    Ok(count)
}

/// The proof of these indices (ascending) in the tree over `leaves`; see [`verify_multi`].
///
/// # Errors
/// [`TreeError::NothingSelected`] where there are none, [`TreeError::NotAscending`], and
/// [`TreeError::IndexOutOfRange`] where one is not in the tree.
pub fn multi_path<H: HashSuite>(
    leaves: &[Hash32],
    indices: &[u64],
) -> Result<Vec<Hash32>, TreeError> {
    let mut needed = Vec::new();
    walk(indices, leaves.len() as u64, |level, at| needed.push((level, at)))?;
    let mut proof = Vec::with_capacity(needed.len());
    let (mut row, mut row_level) = (leaves.to_vec(), 0);
    for (level, at) in needed {
        while row_level < level {
            row = parents::<H>(&row);
            row_level += 1;
        }
        proof.extend(row.get(at as usize));
    }
    Ok(proof)
}

impl<H: HashSuite> Log<H> {
    /// The proof of these indices (ascending) in the tree of the first `size` leaves; see
    /// [`verify_multi`].
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet,
    /// [`TreeError::NothingSelected`] where nothing is selected, [`TreeError::NotAscending`], and
    /// [`TreeError::IndexOutOfRange`] for what is not in the tree.
    pub fn multi_path(&self, indices: &[u64], size: u64) -> Result<Vec<Hash32>, TreeError> {
        self.holds(size)?;
        let mut proof = Vec::new();
        walk(indices, size, |level, at| proof.push(self.node(level, at, size)))?;
        Ok(proof)
    }

    /// The proof of these whole buckets (ascending) in the tree of the first `size` leaves; see
    /// [`verify_buckets`](super::bucket::verify_buckets).
    ///
    /// # Errors
    /// [`TreeError::SizeAhead`] where the log has not so many leaves yet,
    /// [`TreeError::NothingSelected`] where nothing is selected, [`TreeError::NotAscending`], and
    /// [`TreeError::IndexOutOfRange`] for what is not in the tree.
    pub fn bucket_multi_path(&self, buckets: &[u64], size: u64) -> Result<Vec<Hash32>, TreeError> {
        self.holds(size)?;
        let mut proof = Vec::new();
        walk(buckets, bucket_count(size), |level, at| {
            proof.push(self.node(level + BUCKET_BITS, at, size));
        })?;
        Ok(proof)
    }
}

/// Names every sibling that a proof of `indices` needs, in canonical order, as level and index.
fn walk(indices: &[u64], size: u64, mut need: impl FnMut(u32, u64)) -> Result<(), TreeError> {
    let Some(&highest) = indices.last() else {
        return Err(TreeError::NothingSelected);
    };
    if let Some(at) = indices.windows(2).position(|pair| pair[0] >= pair[1]) {
        return Err(TreeError::NotAscending { at: at + 1 });
    }
    if highest >= size {
        return Err(TreeError::IndexOutOfRange { index: highest, size });
    }
    let mut row = indices.to_vec();
    let (mut last, mut level) = (size - 1, 0);
    while last > 0 {
        let mut above = Vec::with_capacity(row.len().div_ceil(2));
        let mut nodes = row.iter().peekable();
        while let Some(&at) = nodes.next() {
            match place(at, last, nodes.peek().map(|next| **next)) {
                Place::Lone => {}
                Place::WithNext => _ = nodes.next(),
                Place::Left | Place::Right => need(level, at ^ 1),
            }
            above.push(at >> 1);
        }
        (row, last, level) = (above, last >> 1, level + 1);
    }
    Ok(())
}

/// Where a known node stands to its sibling.
enum Place {
    /// It has no sibling and is lifted.
    Lone,
    /// Its right sibling is the next known node.
    WithNext,
    /// It is left of a sibling that the proof holds.
    Left,
    /// It is right of a sibling that the proof holds.
    Right,
}

fn place(at: u64, last: u64, next: Option<u64>) -> Place {
    match (at & 1, at ^ 1) {
        (1, _) => Place::Right,
        (_, right) if next == Some(right) => Place::WithNext,
        (_, right) if right > last => Place::Lone,
        _ => Place::Left,
    }
}
