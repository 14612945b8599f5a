//! Buckets of 64 adjacent leaves, the unit in which a lot is served.

use super::TreeError;
use super::build::{inclusion_path, root};
use super::log::root_from_path;
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
pub fn bucket_root<H: HashSuite>(
    leaves: &[Hash32],
    bucket: u64,
    size: u64,
    upper_path: &[Hash32],
) -> Result<Hash32, TreeError> {
    let expected = bucket_len(bucket, size)?;
    if leaves.len() != expected {
        return Err(TreeError::BucketLength { expected, got: leaves.len() });
    }
    // Above the buckets the tree has the shape of a tree whose leaves are the buckets' roots.
    root_from_path::<H>(&root::<H>(leaves), bucket, bucket_count(size), upper_path)
}

/// The inclusion path of item `at` of a bucket, in the whole tree.
pub fn bucket_item_path<H: HashSuite>(
    leaves: &[Hash32],
    at: usize,
    upper_path: &[Hash32],
) -> Result<Vec<Hash32>, TreeError> {
    let mut path = inclusion_path::<H>(leaves, at)?;
    path.extend_from_slice(upper_path);
    Ok(path)
}
