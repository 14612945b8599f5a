use super::EMPTY;
use super::prefix::{MAX_PREFIX_ENTRIES, PrefixProof, prefix_served};
use super::proof::{MapEntry, MapProof, bit, branch_hash, leaf_hash, shared_bits};
use crate::codec::Blob;
use crate::hash::{Hash32, HashSuite};
use crate::tree::TreeError;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::marker::PhantomData;

/// A sparse Merkle map that keeps a value beside each value hash.
///
/// Versions share their common nodes: a clone costs nothing and an insertion makes only the nodes
/// on one key's way anew. The shape depends on the entries alone, never on their order. See
/// [`EMPTY`] for the hashing and why it is safe.
#[derive(Debug)]
pub struct Map<H, V> {
    root: Link<V>,
    len: usize,
    suite: PhantomData<H>,
}

type Link<V> = Option<Arc<Node<V>>>;

#[derive(Debug)]
enum Node<V> {
    Leaf { entry: MapEntry, hash: Hash32, value: V },
    Branch { hash: Hash32, left: Link<V>, right: Link<V> },
}

impl<V> Node<V> {
    fn hash(&self) -> Hash32 {
        match self {
            Self::Leaf { hash, .. } | Self::Branch { hash, .. } => *hash,
        }
    }
}

impl<H, V> Clone for Map<H, V> {
    fn clone(&self) -> Self {
        Self { root: self.root.clone(), len: self.len, suite: PhantomData }
    }
}

impl<H, V> Default for Map<H, V> {
    fn default() -> Self {
        Self { root: None, len: 0, suite: PhantomData }
    }
}

impl<H: HashSuite, V: Clone> Map<H, V> {
    /// A map without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// A map of these keys, value hashes and values; of two entries with one key the later counts.
    ///
    /// Hashes each node once, so it is the way to build a large map.
    pub fn from_entries(entries: impl IntoIterator<Item = (Hash32, Hash32, V)>) -> Self {
        let mut rows: Vec<(MapEntry, V)> = entries
            .into_iter()
            .map(|(key, value_hash, value)| (MapEntry { key, value_hash }, value))
            .collect();
        // Stable, and deduplicated from behind, so that the later of two stays.
        rows.sort_by_key(|row| row.0.key);
        rows.reverse();
        rows.dedup_by_key(|row| row.0.key);
        rows.reverse();
        Self { len: rows.len(), root: grow::<H, V>(&rows, 0), suite: PhantomData }
    }

    /// The map with this entry added or replaced; `self` stays as it is.
    #[must_use]
    pub fn insert(&self, key: Hash32, value_hash: Hash32, value: V) -> Self {
        let leaf = new_leaf::<H, V>(MapEntry { key, value_hash }, value);
        let (root, added) = put::<H, V>(&self.root, &key, leaf, 0);
        Self { root: Some(root), len: self.len + usize::from(added), suite: PhantomData }
    }

    /// The root, [`EMPTY`] for a map without entries.
    pub fn root(&self) -> Hash32 {
        link_hash(&self.root)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Value of a key.
    pub fn value(&self, key: &Hash32) -> Option<&V> {
        self.descend(key, 256, |_| {}).own(key).map(|(_, value)| value)
    }

    /// Value hash of a key.
    pub fn value_hash(&self, key: &Hash32) -> Option<Hash32> {
        self.descend(key, 256, |_| {}).own(key).map(|(entry, _)| entry.value_hash)
    }

    /// All keys, value hashes and values, keys ascending.
    pub fn iter(&self) -> Entries<'_, V> {
        Entries { todo: self.root.as_deref().into_iter().collect() }
    }

    /// The entries whose keys share the first `bits` bits of `prefix`, keys ascending.
    pub fn iter_prefix(&self, bits: u8, prefix: &Hash32) -> impl Iterator<Item = (&MapEntry, &V)> {
        let end = self.descend(prefix, u16::from(bits), |_| {}).0;
        let prefix = *prefix;
        Entries { todo: end.into_iter().collect() }
            .filter(move |(entry, _)| shared_bits(&entry.key, &prefix) >= u16::from(bits))
    }

    /// Proof of membership if the key is in the map, else of absence.
    pub fn prove(&self, key: &Hash32) -> MapProof {
        let mut siblings = Vec::new();
        let end = self.descend(key, 256, |sibling| siblings.push(sibling));
        let other = end.entry().filter(|entry| entry.key != *key);
        let (bitmap, siblings) = compact(&siblings);
        MapProof { bitmap, siblings: siblings.into(), other }
    }

    /// Proof of all entries whose keys share the first `bits` bits of `prefix`.
    ///
    /// # Errors
    /// The prefix is longer than 24 bits or holds more than 4,096 entries.
    pub fn prove_prefix(&self, bits: u8, prefix: &Hash32) -> Result<PrefixProof, TreeError> {
        prefix_served(bits)?;
        let entries: Vec<MapEntry> = self
            .iter_prefix(bits, prefix)
            .map(|(entry, _)| *entry)
            .take(MAX_PREFIX_ENTRIES + 1)
            .collect();
        if entries.len() > MAX_PREFIX_ENTRIES {
            return Err(TreeError::TooManyEntries { max: MAX_PREFIX_ENTRIES, got: entries.len() });
        }
        let mut siblings = Vec::new();
        let end = self.descend(prefix, u16::from(bits), |sibling| siblings.push(sibling));
        let other = end.entry().filter(|_| entries.is_empty());
        let (bitmap, siblings) = compact(&siblings);
        Ok(PrefixProof { bitmap, siblings: siblings.into(), entries, other })
    }

    /// Follows `key` down at most `depth` levels, telling each sibling's hash on the way.
    fn descend(&self, key: &Hash32, depth: u16, mut sibling: impl FnMut(Hash32)) -> End<'_, V> {
        let mut link = &self.root;
        for level in 0..depth {
            let Some(Node::Branch { left, right, .. }) = link.as_deref() else { break };
            let (next, beside) = match bit(&key.0, level) {
                true => (right, left),
                false => (left, right),
            };
            sibling(link_hash(beside));
            link = next;
        }
        End(link.as_deref())
    }
}

/// Where a way down ends.
struct End<'a, V>(Option<&'a Node<V>>);

impl<'a, V> End<'a, V> {
    /// The entry of the leaf at the end.
    fn entry(&self) -> Option<MapEntry> {
        match self.0 {
            Some(Node::Leaf { entry, .. }) => Some(*entry),
            _ => None,
        }
    }

    /// Entry and value if the leaf at the end is the key's own.
    fn own(&self, key: &Hash32) -> Option<(&'a MapEntry, &'a V)> {
        match self.0 {
            Some(Node::Leaf { entry, value, .. }) if entry.key == *key => Some((entry, value)),
            _ => None,
        }
    }
}

/// Entries of a [`Map`] in key order.
#[derive(Debug)]
pub struct Entries<'a, V> {
    /// Subtrees still to be walked, the next one last.
    todo: Vec<&'a Node<V>>,
}

impl<'a, V> Iterator for Entries<'a, V> {
    type Item = (&'a MapEntry, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.todo.pop()? {
                Node::Leaf { entry, value, .. } => return Some((entry, value)),
                Node::Branch { left, right, .. } => {
                    self.todo.extend(right.as_deref());
                    self.todo.extend(left.as_deref());
                }
            }
        }
    }
}

/// Puts a leaf into the subtree at `depth`; tells whether its key is new.
fn put<H: HashSuite, V: Clone>(
    link: &Link<V>,
    key: &Hash32,
    leaf: Arc<Node<V>>,
    depth: u16,
) -> (Arc<Node<V>>, bool) {
    match link.as_deref() {
        None => (leaf, true),
        Some(Node::Leaf { entry, .. }) if entry.key == *key => (leaf, false),
        Some(Node::Leaf { entry, .. }) => {
            let parting = shared_bits(&entry.key, key);
            let mut node = pair::<H, V>(bit(&key.0, parting), Some(leaf), link.clone());
            for level in (depth..parting).rev() {
                node = pair::<H, V>(bit(&key.0, level), Some(node), None);
            }
            (node, true)
        }
        Some(Node::Branch { left, right, .. }) => {
            let goes_right = bit(&key.0, depth);
            let (next, beside) = if goes_right { (right, left) } else { (left, right) };
            let (next, added) = put::<H, V>(next, key, leaf, depth + 1);
            (pair::<H, V>(goes_right, Some(next), beside.clone()), added)
        }
    }
}

/// The subtree at `depth` of ascending entries with distinct keys.
fn grow<H: HashSuite, V: Clone>(rows: &[(MapEntry, V)], depth: u16) -> Link<V> {
    match rows {
        [] => None,
        [(entry, value)] => Some(new_leaf::<H, V>(*entry, value.clone())),
        many => {
            let parting = many.partition_point(|(entry, _)| !bit(&entry.key.0, depth));
            let (left, right) = many.split_at(parting);
            let left = grow::<H, V>(left, depth + 1);
            Some(pair::<H, V>(false, left, grow::<H, V>(right, depth + 1)))
        }
    }
}

fn new_leaf<H: HashSuite, V>(entry: MapEntry, value: V) -> Arc<Node<V>> {
    let hash = leaf_hash::<H>(&entry.key, &entry.value_hash);
    Arc::new(Node::Leaf { entry, hash, value })
}

/// A branch with `node` right or left of `beside`.
fn pair<H: HashSuite, V>(node_is_right: bool, node: Link<V>, beside: Link<V>) -> Arc<Node<V>> {
    let (left, right) = if node_is_right { (beside, node) } else { (node, beside) };
    let hash = branch_hash::<H>(&link_hash(&left), &link_hash(&right));
    Arc::new(Node::Branch { hash, left, right })
}

fn link_hash<V>(link: &Link<V>) -> Hash32 {
    link.as_deref().map_or(EMPTY, Node::hash)
}

/// Splits siblings, from the root down, into a bitmap and those that are not empty.
fn compact(siblings: &[Hash32]) -> (Blob, Vec<Hash32>) {
    let mut bitmap = Vec::new();
    for (at, _) in siblings.iter().enumerate().filter(|(_, sibling)| **sibling != EMPTY) {
        bitmap.resize(at / 8 + 1, 0);
        bitmap[at / 8] |= 0x80 >> (at % 8);
    }
    (Blob(bitmap), siblings.iter().copied().filter(|sibling| *sibling != EMPTY).collect())
}
