//! Logs and lots, verifying side: RFC 9162, sections 2.1.1, 2.1.3.2 and 2.1.4.2.

use super::TreeError;
use crate::hash::{Hash32, HashSuite};
use alloc::vec::Vec;

/// Hash of a leaf whose content is the concatenation of `parts`: `H(0x00 || content)`,
/// RFC 9162, 2.1.1.
///
/// The domain of the tree belongs at the head of the content.
pub fn leaf_hash<H: HashSuite>(parts: &[&[u8]]) -> Hash32 {
    let mut all = Vec::with_capacity(parts.len() + 1);
    all.push(&[0x00][..]);
    all.extend_from_slice(parts);
    H::hash(&all)
}

/// Hash of an inner node: `H(0x01 || left || right)`, RFC 9162, 2.1.1.
pub fn node_hash<H: HashSuite>(left: &Hash32, right: &Hash32) -> Hash32 {
    H::hash(&[&[0x01], &left.0, &right.0])
}

/// Root of the tree without leaves: `H("")`, RFC 9162, 2.1.1.
pub fn empty_root<H: HashSuite>() -> Hash32 {
    H::hash(&[])
}

/// Root of a tree of `size` leaves that are all `leaf`, in as many hashes as `size` has bits, twice.
pub fn uniform_root<H: HashSuite>(leaf: &Hash32, size: u64) -> Hash32 {
    let mut perfect = *leaf;
    let mut ragged: Option<Hash32> = None;
    let mut rest = size;
    while rest != 0 {
        if rest & 1 == 1 {
            ragged = Some(match ragged {
                Some(right) => node_hash::<H>(&perfect, &right),
                None => perfect,
            });
        }
        rest >>= 1;
        if rest != 0 {
            perfect = node_hash::<H>(&perfect, &perfect);
        }
    }
    ragged.unwrap_or_else(empty_root::<H>)
}

/// Accepts that `leaf` stands at `index` of the tree of `size` leaves under `root`.
///
/// `path` holds the siblings from the leaf upward. RFC 9162, 2.1.3.2.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`], [`TreeError::PathLength`] where the path is not as long as the
/// place needs, and [`TreeError::RootMismatch`] where it leads to another root.
pub fn verify_inclusion<H: HashSuite>(
    leaf: &Hash32,
    index: u64,
    size: u64,
    path: &[Hash32],
    root: &Hash32,
) -> Result<(), TreeError> {
    let got = root_from_path::<H>(leaf, index, size, path)?;
    if got != *root {
        return Err(TreeError::RootMismatch { expected: *root, got });
    }
    Ok(())
}

/// The root that an inclusion path leads to, after its place and length were accepted.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`], and [`TreeError::PathLength`] where the path is not as long as
/// the place needs.
pub fn root_from_path<H: HashSuite>(
    leaf: &Hash32,
    index: u64,
    size: u64,
    path: &[Hash32],
) -> Result<Hash32, TreeError> {
    let expected = inclusion_path_len(index, size)?;
    if path.len() != expected {
        return Err(TreeError::PathLength { expected, got: path.len() });
    }
    let mut hash = *leaf;
    let (mut at, mut last) = (index, size - 1);
    for sibling in path {
        // A node without a sibling is lifted until it has one; the length was compared, so it will.
        while at & 1 == 0 && at == last {
            (at, last) = (at >> 1, last >> 1);
        }
        hash = match at & 1 {
            1 => node_hash::<H>(sibling, &hash),
            _ => node_hash::<H>(&hash, sibling),
        };
        (at, last) = (at >> 1, last >> 1);
    }
    Ok(hash)
}

/// Hashes in the inclusion path of `index` in a tree of `size` leaves.
///
/// # Errors
/// [`TreeError::IndexOutOfRange`] where `index` is not below `size`.
pub fn inclusion_path_len(index: u64, size: u64) -> Result<usize, TreeError> {
    if index >= size {
        return Err(TreeError::IndexOutOfRange { index, size });
    }
    // Below the level where the ways to `index` and to the last leaf part, every node has a
    // sibling; above it the node is at the right edge and has one where its index is odd.
    let inner = bits(index ^ (size - 1));
    Ok(inner as usize + ones_above(index, inner))
}

/// Accepts that the tree of `earlier` leaves under `earlier_root` is the beginning of the tree of
/// `later` leaves under `later_root`.
///
/// Equal sizes need equal roots and an empty path. From size 0 nothing is proven and nothing is
/// accepted. RFC 9162, 2.1.4.2.
///
/// # Errors
/// [`TreeError::SizeOrder`], [`TreeError::PathLength`] where the path is not as long as the sizes
/// need, and [`TreeError::EarlierRootMismatch`] or [`TreeError::RootMismatch`] where it leads to
/// another root.
pub fn verify_consistency<H: HashSuite>(
    earlier: u64,
    earlier_root: &Hash32,
    later: u64,
    later_root: &Hash32,
    path: &[Hash32],
) -> Result<(), TreeError> {
    let expected = consistency_path_len(earlier, later)?;
    if path.len() != expected {
        return Err(TreeError::PathLength { expected, got: path.len() });
    }
    // The earlier tree's last perfect subtree is where both ways begin. When it is the whole
    // earlier tree, its hash is the earlier root and is left out of the path.
    let level = earlier.trailing_zeros();
    let (start, path) = match path.split_first() {
        Some((first, rest)) if !earlier.is_power_of_two() => (first, rest),
        _ => (earlier_root, path),
    };
    let (mut at, mut last) = ((earlier - 1) >> level, (later - 1) >> level);
    let (mut old, mut new) = (*start, *start);
    for sibling in path {
        while at & 1 == 0 && at == last {
            (at, last) = (at >> 1, last >> 1);
        }
        if at & 1 == 1 {
            old = node_hash::<H>(sibling, &old);
            new = node_hash::<H>(sibling, &new);
        } else {
            new = node_hash::<H>(&new, sibling);
        }
        (at, last) = (at >> 1, last >> 1);
    }
    if old != *earlier_root {
        return Err(TreeError::EarlierRootMismatch { expected: *earlier_root, got: old });
    }
    if new != *later_root {
        return Err(TreeError::RootMismatch { expected: *later_root, got: new });
    }
    Ok(())
}

/// Hashes in the consistency path from `earlier` to `later` leaves.
///
/// # Errors
/// [`TreeError::SizeOrder`] where `earlier` is 0 or above `later`.
pub fn consistency_path_len(earlier: u64, later: u64) -> Result<usize, TreeError> {
    if earlier == 0 || earlier > later {
        return Err(TreeError::SizeOrder { earlier, later });
    }
    if earlier == later {
        return Ok(0);
    }
    let level = earlier.trailing_zeros();
    let inner = bits((earlier - 1) ^ (later - 1));
    let start = usize::from(!earlier.is_power_of_two());
    Ok(start + (inner - level) as usize + ones_above(earlier - 1, inner))
}

/// Bits needed to write `number`.
fn bits(number: u64) -> u32 {
    u64::BITS - number.leading_zeros()
}

/// Ones in `number` from bit `low` upward.
fn ones_above(number: u64, low: u32) -> usize {
    number.checked_shr(low).map_or(0, u64::count_ones) as usize
}
