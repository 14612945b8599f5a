use super::proof::{MapEntry, Way, bit, other_on_way, shared_bits};
use super::{EMPTY, branch_hash, leaf_hash};
use crate::codec::Blob;
use crate::hash::{Hash32, HashSuite};
use crate::tree::{Siblings, TreeError};
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Longest prefix, in bits, that a bucket of a map is served by.
pub const MAX_PREFIX_BITS: u8 = 24;

/// Most entries in one prefix bucket.
pub const MAX_PREFIX_ENTRIES: usize = 4096;

/// Every entry of a map whose key begins with a prefix: membership and absence of all such keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct PrefixProof {
    /// Which siblings are listed, as in [`MapProof`](super::MapProof).
    #[n(0)]
    pub bitmap: Blob,
    /// The siblings that are not empty, from the root down to the prefix, or to where its way ends
    /// before.
    #[n(1)]
    pub siblings: Siblings,
    /// All entries with the prefix, keys ascending.
    #[n(2)]
    pub entries: Vec<MapEntry>,
    /// Where no key has the prefix and its way ends in another leaf: that leaf.
    #[n(3)]
    pub other: Option<MapEntry>,
}

/// Accepts that `proof.entries` are all entries of the map under `root` whose keys share the first
/// `bits` bits of `prefix`, and gives them; the rest of `prefix` does not count.
///
/// # Errors
/// [`TreeError::PrefixBits`] for a longer prefix than is served, the first rule of its form that
/// the proof breaks, and [`TreeError::RootMismatch`] where it leads to another root; see
/// [`TreeError`].
pub fn verify_prefix<'a, H: HashSuite>(
    root: &Hash32,
    bits: u8,
    prefix: &Hash32,
    proof: &'a PrefixProof,
) -> Result<&'a [MapEntry], TreeError> {
    prefix_served(bits)?;
    let depth = u16::from(bits);
    let (bitmap, siblings) = (&proof.bitmap, &proof.siblings);
    entries_in_prefix(&proof.entries, depth, prefix)?;
    if proof.other.is_some() && !proof.entries.is_empty() {
        return Err(TreeError::UnexpectedOther);
    }
    let (way, end) = match proof.entries.as_slice() {
        [] => {
            let way = Way::lone(bitmap, siblings, depth)?;
            let end = match &proof.other {
                None => EMPTY,
                Some(other) => {
                    other_outside(other, prefix, way.depth, depth)?;
                    leaf_hash::<H>(&other.key, &other.value_hash)
                }
            };
            (way, end)
        }
        [lone] => {
            (Way::lone(bitmap, siblings, depth)?, leaf_hash::<H>(&lone.key, &lone.value_hash))
        }
        many => (Way::branch(bitmap, siblings, depth)?, subtree::<H>(many, depth)),
    };
    way.leads_to::<H>(root, prefix, end)?;
    Ok(&proof.entries)
}

/// The prefix is no longer than what is served.
pub(super) fn prefix_served(bits: u8) -> Result<(), TreeError> {
    if bits > MAX_PREFIX_BITS {
        return Err(TreeError::PrefixBits { max: MAX_PREFIX_BITS, got: bits });
    }
    Ok(())
}

/// Entries are few enough, begin with the prefix and ascend.
fn entries_in_prefix(entries: &[MapEntry], depth: u16, prefix: &Hash32) -> Result<(), TreeError> {
    if entries.len() > MAX_PREFIX_ENTRIES {
        return Err(TreeError::TooManyEntries { max: MAX_PREFIX_ENTRIES, got: entries.len() });
    }
    if let Some(at) = entries.iter().position(|entry| shared_bits(&entry.key, prefix) < depth) {
        return Err(TreeError::EntryOutsidePrefix { at });
    }
    match entries.windows(2).position(|pair| pair[0].key >= pair[1].key) {
        Some(at) => Err(TreeError::NotAscending { at: at + 1 }),
        None => Ok(()),
    }
}

/// The other leaf stands on the prefix's way and does not have the prefix itself.
fn other_outside(
    other: &MapEntry,
    prefix: &Hash32,
    depth: u16,
    prefix_depth: u16,
) -> Result<(), TreeError> {
    if shared_bits(&other.key, prefix) >= prefix_depth {
        return Err(TreeError::OtherIsKey);
    }
    other_on_way(other, prefix, depth)
}

/// Hash of the subtree at `depth` that holds exactly these ascending entries.
fn subtree<H: HashSuite>(entries: &[MapEntry], depth: u16) -> Hash32 {
    match entries {
        [] => EMPTY,
        [lone] => leaf_hash::<H>(&lone.key, &lone.value_hash),
        many => {
            let (left, right) = many.split_at(many.partition_point(|e| !bit(&e.key.0, depth)));
            branch_hash::<H>(&subtree::<H>(left, depth + 1), &subtree::<H>(right, depth + 1))
        }
    }
}
