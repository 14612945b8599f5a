use crate::codec::Blob;
use crate::hash::{Hash32, HashSuite};
use crate::tree::{Siblings, TreeError};
use minicbor::{Decode, Encode};

/// The empty subtree of a sparse map, and the root of a map without entries.
///
/// # Why nothing can be taken for something else
///
/// A map of 256-bit keys is a binary tree in which a key's bits, highest first, lead left (0) or
/// right (1). A subtree without entries is this constant, a subtree with one entry is that entry's
/// leaf hash `H(0x02 || key || value hash)`, any other is `H(0x03 || left || right)`.
///
/// - Both hash inputs have 65 bytes and differ in the first, so no leaf is a branch. Logs and lots
///   begin theirs with 0x00 and 0x01, so nothing of theirs is a part of a map. Which map it is must
///   be bound in the keys, as the tags for map keys do.
/// - No hash is this constant unless somebody finds an input with digest zero, so no leaf and no
///   branch is empty. The constant is never hashed where it stands for a whole subtree, and where
///   it is a child it takes a child's 32 bytes: no branch can be read in two ways.
/// - A leaf's hash does not say how deep it stands, but it holds the whole key, and absence by
///   another leaf is accepted only where that key shares every bit of the way.
///
/// So for one root and one key the way down is fixed by the hashes and ends in exactly one thing
/// (empty, this key's leaf, another key's leaf), even in a tree that somebody built against the
/// rules. Membership and absence of a key never hold together and each has one accepted proof.
pub const EMPTY: Hash32 = Hash32([0; 32]);

/// Hash of a map's leaf: `H(0x02 || key || value hash)`.
pub fn leaf_hash<H: HashSuite>(key: &Hash32, value_hash: &Hash32) -> Hash32 {
    H::hash(&[&[0x02], &key.0, &value_hash.0])
}

/// Hash of a map's branch: `H(0x03 || left || right)`.
pub fn branch_hash<H: HashSuite>(left: &Hash32, right: &Hash32) -> Hash32 {
    H::hash(&[&[0x03], &left.0, &right.0])
}

/// A key and the hash of its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(map)]
pub struct MapEntry {
    /// The key.
    #[n(0)]
    pub key: Hash32,
    /// Hash of the value.
    #[n(1)]
    pub value_hash: Hash32,
}

/// A proof that a key is in a sparse map with a certain value, or that it is not.
///
/// The depth is where the bitmap ends: the deepest sibling is never empty, for then the subtree
/// above would have been the lone leaf itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct MapProof {
    /// One bit for each level from the root down, highest bit first: 1 = the sibling is listed,
    /// 0 = it is empty. At most 32 bytes, the last of them not zero.
    #[n(0)]
    pub bitmap: Blob,
    /// The siblings that are not empty, from the root down.
    #[n(1)]
    pub siblings: Siblings,
    /// The leaf that stands where the absent key's way ends; none if that place is empty, and none
    /// in a proof of membership.
    #[n(2)]
    pub other: Option<MapEntry>,
}

/// Accepts that `key` has the value with `value_hash` in the map under `root`.
///
/// # Errors
/// [`TreeError::UnexpectedOther`] for a proof of absence, [`TreeError::BitmapLength`],
/// [`TreeError::LooseBitmap`], [`TreeError::PathLength`] and [`TreeError::EmptySibling`] for
/// siblings not in their one form, and [`TreeError::RootMismatch`] where they lead to another root.
pub fn verify_membership<H: HashSuite>(
    root: &Hash32,
    key: &Hash32,
    value_hash: &Hash32,
    proof: &MapProof,
) -> Result<(), TreeError> {
    if proof.other.is_some() {
        return Err(TreeError::UnexpectedOther);
    }
    let way = Way::lone(&proof.bitmap, &proof.siblings, 256)?;
    way.leads_to::<H>(root, key, leaf_hash::<H>(key, value_hash))
}

/// Accepts that `key` is not in the map under `root`.
///
/// # Errors
/// [`TreeError::BitmapLength`], [`TreeError::LooseBitmap`], [`TreeError::PathLength`] and
/// [`TreeError::EmptySibling`] for siblings not in their one form, [`TreeError::OtherIsKey`] and
/// [`TreeError::OtherElsewhere`] for another leaf that shows no absence, and
/// [`TreeError::RootMismatch`] where they lead to another root.
pub fn verify_absence<H: HashSuite>(
    root: &Hash32,
    key: &Hash32,
    proof: &MapProof,
) -> Result<(), TreeError> {
    let way = Way::lone(&proof.bitmap, &proof.siblings, 256)?;
    let end = match &proof.other {
        None => EMPTY,
        Some(other) => {
            other_on_way(other, key, way.depth)?;
            leaf_hash::<H>(&other.key, &other.value_hash)
        }
    };
    way.leads_to::<H>(root, key, end)
}

/// The other leaf has another key, and one that leads to the place at `depth` of `key`'s way.
pub(super) fn other_on_way(other: &MapEntry, key: &Hash32, depth: u16) -> Result<(), TreeError> {
    if other.key == *key {
        return Err(TreeError::OtherIsKey);
    }
    let got = shared_bits(&other.key, key);
    if got < depth {
        return Err(TreeError::OtherElsewhere { expected: depth, got });
    }
    Ok(())
}

/// Siblings down to a place, in the one accepted form.
pub(super) struct Way<'a> {
    bitmap: &'a [u8],
    siblings: &'a [Hash32],
    /// Levels from the root down to the place.
    pub(super) depth: u16,
}

impl<'a> Way<'a> {
    /// A way to a lone leaf or an empty place: it ends at the deepest listed sibling.
    pub(super) fn lone(
        bitmap: &'a [u8],
        siblings: &'a [Hash32],
        max_depth: u16,
    ) -> Result<Self, TreeError> {
        let depth = listed_depth(bitmap)?;
        Self::to_depth(bitmap, siblings, depth, max_depth)
    }

    /// A way to a branch at exactly `depth`; below the deepest listed sibling all are empty.
    pub(super) fn branch(
        bitmap: &'a [u8],
        siblings: &'a [Hash32],
        depth: u16,
    ) -> Result<Self, TreeError> {
        let listed = listed_depth(bitmap)?;
        if listed > depth {
            return Err(TreeError::TooDeep { max: depth, got: listed });
        }
        Self::to_depth(bitmap, siblings, depth, depth)
    }

    fn to_depth(
        bitmap: &'a [u8],
        siblings: &'a [Hash32],
        depth: u16,
        max_depth: u16,
    ) -> Result<Self, TreeError> {
        if depth > max_depth {
            return Err(TreeError::TooDeep { max: max_depth, got: depth });
        }
        let expected = bitmap.iter().map(|byte| byte.count_ones() as usize).sum();
        if siblings.len() != expected {
            return Err(TreeError::PathLength { expected, got: siblings.len() });
        }
        if let Some(at) = siblings.iter().position(|sibling| *sibling == EMPTY) {
            return Err(TreeError::EmptySibling { at });
        }
        Ok(Self { bitmap, siblings, depth })
    }

    /// Hashes from `end`, the thing at the end of `key`'s way, up to the root.
    pub(super) fn leads_to<H: HashSuite>(
        &self,
        root: &Hash32,
        key: &Hash32,
        end: Hash32,
    ) -> Result<(), TreeError> {
        let mut siblings = self.siblings.iter().rev();
        let mut hash = end;
        for level in (0..self.depth).rev() {
            let sibling = match bit(self.bitmap, level) {
                true => siblings.next().copied().unwrap_or(EMPTY),
                false => EMPTY,
            };
            hash = match bit(&key.0, level) {
                true => branch_hash::<H>(&sibling, &hash),
                false => branch_hash::<H>(&hash, &sibling),
            };
        }
        if hash != *root {
            return Err(TreeError::RootMismatch { expected: *root, got: hash });
        }
        Ok(())
    }
}

/// Level of the deepest listed sibling, after the bitmap's form was accepted.
fn listed_depth(bitmap: &[u8]) -> Result<u16, TreeError> {
    if bitmap.len() > Hash32::LEN {
        return Err(TreeError::BitmapLength { max: Hash32::LEN, got: bitmap.len() });
    }
    match bitmap.last() {
        None => Ok(0),
        Some(0) => Err(TreeError::LooseBitmap),
        Some(last) => Ok((bitmap.len() * 8) as u16 - last.trailing_zeros() as u16),
    }
}

/// Bit `at` of a row of bytes, highest bit first; past the end all bits are 0.
pub(super) fn bit(bytes: &[u8], at: u16) -> bool {
    bytes.get(usize::from(at / 8)).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1)
}

/// How many bits two keys share from the first on.
pub(super) fn shared_bits(one: &Hash32, two: &Hash32) -> u16 {
    let differing = one.0.iter().zip(&two.0).enumerate().find(|(_, (a, b))| a != b);
    differing.map_or(256, |(at, (a, b))| (at * 8) as u16 + (a ^ b).leading_zeros() as u16)
}
