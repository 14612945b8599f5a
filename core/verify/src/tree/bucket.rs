//! Buckets of 64 adjacent leaves, the unit in which a lot is served.

use super::TreeError;
use super::build::{inclusion_path, root};
use super::log::root_from_path;
use super::multi::verify_multi;
use crate::hash::{Hash32, HashSuite};
use alloc::vec::Vec;

/// Leaves in a bucket. Aligned, so a full bucket is a perfect subtree and the last, short one is
/// the ragged subtree at the right edge.
pub const BUCKET: u64 = 1 << BUCKET_BITS;

pub(super) const BUCKET_BITS: u32 = 6;

/// Buckets in a tree of `size` leaves.
pub fn bucket_count(size: u64) -> u64 {
    size.div_ceil(BUCKET)
}

/// Leaves in bucket `bucket` of a tree of `size` leaves: 64, or fewer in the last one.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where the tree has no such bucket.
pub fn bucket_len(bucket: u64, size: u64) -> Result<usize, TreeError> {
    let count = bucket_count(size);
    if bucket >= count {
        return Err(TreeError::IndexOutOfRange { index: bucket, size: count });
    }
    Ok((size - bucket * BUCKET).min(BUCKET) as usize)
}

/// The root of a tree of `size` leaves that one whole bucket and its upper path lead to.
///
/// `leaves` are all leaf hashes of the bucket; `upper_path` is the part of the inclusion path that
/// they share, as [`Log::bucket_upper_path`](super::build::Log::bucket_upper_path) makes it.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where the tree has no such bucket, [`TreeError::BucketLength`]
/// where it has more or fewer leaves, and [`TreeError::PathLength`] where the path is not as long
/// as the place needs.
pub fn bucket_root<H: HashSuite>(
    leaves: &[Hash32],
    bucket: u64,
    size: u64,
    upper_path: &[Hash32],
) -> Result<Hash32, TreeError> {
    // Above the buckets the tree has the shape of a tree whose leaves are the buckets' roots.
    let top = whole_bucket::<H>(leaves, bucket, size)?;
    root_from_path::<H>(&top, bucket, bucket_count(size), upper_path)
}

/// Accepts that these whole buckets (number and all leaf hashes, ascending) stand in the tree of
/// `size` leaves under `root`.
///
/// `proof` is in the order of [`verify_multi`], with the buckets' roots
/// as leaves.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where the tree has no such bucket, [`TreeError::BucketLength`]
/// where one has more or fewer leaves, and those of [`verify_multi`] over the buckets' roots.
pub fn verify_buckets<H: HashSuite>(
    buckets: &[(u64, &[Hash32])],
    size: u64,
    proof: &[Hash32],
    root: &Hash32,
) -> Result<(), TreeError> {
    let tops: Vec<(u64, Hash32)> = buckets
        .iter()
        .map(|(bucket, leaves)| Ok((*bucket, whole_bucket::<H>(leaves, *bucket, size)?)))
        .collect::<Result<_, TreeError>>()?;
    verify_multi::<H>(&tops, bucket_count(size), proof, root)
}

/// Root of a bucket that has as many leaves as its place says.
fn whole_bucket<H: HashSuite>(
    leaves: &[Hash32],
    bucket: u64,
    size: u64,
) -> Result<Hash32, TreeError> {
    let expected = bucket_len(bucket, size)?;
    if leaves.len() != expected {
        return Err(TreeError::BucketLength { expected, got: leaves.len() });
    }
    Ok(root::<H>(leaves))
}

/// The inclusion path of item `at` of a bucket, in the whole tree.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where the bucket has no such item.
pub fn bucket_item_path<H: HashSuite>(
    leaves: &[Hash32],
    at: usize,
    upper_path: &[Hash32],
) -> Result<Vec<Hash32>, TreeError> {
    let mut path = inclusion_path::<H>(leaves, at)?;
    path.extend_from_slice(upper_path);
    Ok(path)
}
