//! Life of a lot's items: a persistent tree in which equal neighbours cost nothing.
//!
//! Its root is the RFC 9162 root over the leaves of [`sealight_verify::format::life`]; a subtree
//! whose items all stand alike is one node, so a lot of ten million items starts as one node and a
//! change of a range makes as many nodes anew as the range has edges, times the tree's height.

mod runs;

pub use runs::Run;

use sealight_verify::format::life::{ItemLife, LEAF_ITEMS, LifeState, leaf, leaf_count};
use sealight_verify::format::lot::MAX_SIZE;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::log::{node_hash, uniform_root};
use std::sync::{Arc, OnceLock};

const ITEMS: usize = LEAF_ITEMS as usize;
/// Bytes that a life may have are below this.
const BYTES: u8 = 1 << 5;

/// One byte an item, 64 to a leaf.
pub type LeafBytes = [u8; ITEMS];

/// The life of all items of one lot. A clone shares everything.
#[derive(Debug, Clone)]
pub struct LifeTree {
    size: u32,
    root: Arc<Node>,
}

#[derive(Debug)]
struct Node {
    hash: Hash32,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// All items of the subtree, those past the lot's size included, have this byte.
    Uniform(u8),
    Leaf(LeafBytes),
    Branch(Arc<Node>, Arc<Node>),
}

impl LifeTree {
    /// The tree of a lot of `size` items (at least one) that all start alike.
    pub fn new(initial: LifeState, size: u32) -> Self {
        let byte = ItemLife::new(initial).byte();
        Self { size, root: uniform(byte, leaf_count(size)) }
    }

    /// The root that the state binds.
    pub fn root(&self) -> Hash32 {
        self.root.hash
    }

    /// Number of items.
    pub fn size(&self) -> u32 {
        self.size
    }

    /// The tree in which `change` was made to the byte of every item from `first` to `last`.
    ///
    /// `change` is told an item and its byte; for neighbours that stand alike it is asked once,
    /// with the first of them.
    ///
    /// # Errors
    /// The first refusal of `change`; the tree stays as it is.
    pub fn changed<E>(
        &self,
        first: u32,
        last: u32,
        change: &impl Fn(u32, u8) -> Result<u8, E>,
    ) -> Result<Self, E> {
        let span = Span { first: u64::from(first), last: u64::from(last.min(self.size - 1)) };
        let whole = Place { start: 0, leaves: leaf_count(self.size) };
        Ok(Self { size: self.size, root: put(&self.root, whole, span, change)? })
    }

    /// The leaf with number `at` and its inclusion path from the leaf up; `None` past the end.
    pub fn prove(&self, at: u64) -> Option<(LeafBytes, Vec<Hash32>)> {
        if at >= leaf_count(self.size) {
            return None;
        }
        let mut path = Vec::new();
        let mut node = self.root.clone();
        let mut place = Place { start: 0, leaves: leaf_count(self.size) };
        while place.leaves > 1 {
            let (left, right) = halves(&node, place);
            let (before, after) = place.split();
            (node, place) = if at < after.start {
                path.push(right.hash);
                (left, before)
            } else {
                path.push(left.hash);
                (right, after)
            };
        }
        path.reverse();
        Some((leaf_bytes(&node), path))
    }
}

/// Leaves from `start`, so many of them.
#[derive(Clone, Copy)]
struct Place {
    start: u64,
    leaves: u64,
}

impl Place {
    /// RFC 9162, section 2.1.1: the left half is the largest power of two below the whole.
    fn split(self) -> (Self, Self) {
        let left = 1 << (self.leaves - 1).ilog2();
        (
            Self { start: self.start, leaves: left },
            Self { start: self.start + left, leaves: self.leaves - left },
        )
    }

    fn first_item(self) -> u64 {
        self.start * u64::from(LEAF_ITEMS)
    }

    fn last_item(self) -> u64 {
        (self.start + self.leaves) * u64::from(LEAF_ITEMS) - 1
    }
}

/// Items to be changed, both ends included.
#[derive(Clone, Copy)]
struct Span {
    first: u64,
    last: u64,
}

fn put<E>(
    node: &Arc<Node>,
    place: Place,
    span: Span,
    change: &impl Fn(u32, u8) -> Result<u8, E>,
) -> Result<Arc<Node>, E> {
    if span.last < place.first_item() || span.first > place.last_item() {
        return Ok(node.clone());
    }
    let whole = span.first <= place.first_item() && place.last_item() <= span.last;
    if let (true, Kind::Uniform(byte)) = (whole, &node.kind) {
        let byte = change(place.first_item() as u32, *byte)?;
        return Ok(uniform(byte, place.leaves));
    }
    if place.leaves == 1 {
        let mut bytes = leaf_bytes(node);
        for (item, byte) in (place.first_item()..).zip(&mut bytes) {
            if (span.first..=span.last).contains(&item) {
                *byte = change(item as u32, *byte)?;
            }
        }
        return Ok(of_bytes(bytes));
    }
    let (left, right) = halves(node, place);
    let (before, after) = place.split();
    let left = put(&left, before, span, change)?;
    let right = put(&right, after, span, change)?;
    Ok(join(left, right, place.leaves))
}

fn uniform(byte: u8, leaves: u64) -> Arc<Node> {
    Arc::new(Node { hash: uniform_hash(byte, leaves), kind: Kind::Uniform(byte) })
}

/// Root over so many leaves of one byte: the perfect subtrees out of a table, joined from the
/// right.
fn uniform_hash(byte: u8, leaves: u64) -> Hash32 {
    let levels = (0..u64::BITS).filter(|level| leaves >> level & 1 == 1);
    let hashes: Option<Vec<Hash32>> = levels.map(|level| perfect(byte, level)).collect();
    let joined = hashes.and_then(|hashes| {
        hashes.into_iter().reduce(|right, left| node_hash::<Sm3>(&left, &right))
    });
    joined.unwrap_or_else(|| uniform_root::<Sm3>(&leaf(&[byte; ITEMS]), leaves))
}

/// Root over two to the power of `level` leaves of one byte; none for what no lot has.
///
/// Each is needed over and over, and there are only some hundred of them.
fn perfect(byte: u8, level: u32) -> Option<Hash32> {
    static TABLE: OnceLock<Vec<Vec<Hash32>>> = OnceLock::new();
    let rows = || (0..BYTES).map(perfect_row).collect();
    TABLE.get_or_init(rows).get(usize::from(byte))?.get(level as usize).copied()
}

fn perfect_row(byte: u8) -> Vec<Hash32> {
    let first = leaf(&[byte; ITEMS]);
    let up = |hash: &Hash32| Some(node_hash::<Sm3>(hash, hash));
    let levels = leaf_count(MAX_SIZE).ilog2() as usize + 1;
    std::iter::successors(Some(first), up).take(levels).collect()
}

fn of_bytes(bytes: LeafBytes) -> Arc<Node> {
    let first = bytes[0];
    let kind = match bytes.iter().all(|byte| *byte == first) {
        true => Kind::Uniform(first),
        false => Kind::Leaf(bytes),
    };
    Arc::new(Node { hash: leaf(&bytes), kind })
}

fn join(left: Arc<Node>, right: Arc<Node>, leaves: u64) -> Arc<Node> {
    match (&left.kind, &right.kind) {
        (Kind::Uniform(a), Kind::Uniform(b)) if a == b => uniform(*a, leaves),
        _ => {
            let hash = node_hash::<Sm3>(&left.hash, &right.hash);
            Arc::new(Node { hash, kind: Kind::Branch(left, right) })
        }
    }
}

fn halves(node: &Arc<Node>, place: Place) -> (Arc<Node>, Arc<Node>) {
    let (before, after) = place.split();
    match &node.kind {
        Kind::Branch(left, right) => (left.clone(), right.clone()),
        Kind::Uniform(byte) => (uniform(*byte, before.leaves), uniform(*byte, after.leaves)),
        // A leaf has one place and is never halved.
        Kind::Leaf(_) => (node.clone(), node.clone()),
    }
}

fn leaf_bytes(node: &Node) -> LeafBytes {
    match node.kind {
        Kind::Uniform(byte) => [byte; ITEMS],
        Kind::Leaf(bytes) => bytes,
        Kind::Branch(..) => [0; ITEMS],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::format::life::untouched_root;
    use sealight_verify::tree::{build, log};
    use std::cell::Cell;

    /// The same life as a plain list of bytes, with the tree over its leaves.
    struct Naive(Vec<u8>);

    impl Naive {
        fn new(initial: LifeState, size: u32) -> Self {
            Self(vec![ItemLife::new(initial).byte(); leaf_count(size) as usize * ITEMS])
        }

        fn leaves(&self) -> Vec<Hash32> {
            self.0.chunks(ITEMS).map(leaf).collect()
        }
    }

    fn set(byte: u8) -> impl Fn(u32, u8) -> Result<u8, ()> {
        move |_, _| Ok(byte)
    }

    #[test]
    fn the_tree_equals_the_plain_one_after_any_changes() {
        let mut seed = 7u64;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((seed >> 33) % u64::from(below)) as u32
        };
        for size in [1, 2, 63, 64, 65, 128, 129, 640, 1000, 4097] {
            let mut tree = LifeTree::new(LifeState::InTrade, size);
            let mut naive = Naive::new(LifeState::InTrade, size);
            for _ in 0..30 {
                let (a, b, byte) = (next(size), next(size), next(5) as u8);
                let (first, last) = (a.min(b), a.max(b));
                tree = tree.changed(first, last, &set(byte)).unwrap();
                naive.0[first as usize..=last as usize].fill(byte);
                let leaves = naive.leaves();
                assert_eq!(tree.root(), build::root::<Sm3>(&leaves), "size {size}");
                let at = u64::from(next(leaves.len() as u32));
                let (bytes, path) = tree.prove(at).unwrap();
                assert_eq!(bytes, naive.0[at as usize * ITEMS..][..ITEMS]);
                log::verify_inclusion::<Sm3>(
                    &leaf(&bytes),
                    at,
                    leaves.len() as u64,
                    &path,
                    &tree.root(),
                )
                .unwrap();
            }
            assert!(tree.prove(leaf_count(size)).is_none());
        }
    }

    #[test]
    fn lots_of_any_size_start_with_the_root_that_clients_compute() {
        let sizes = (1..=2000).chain([1 << 20, (1 << 20) + 1, MAX_SIZE - 1, MAX_SIZE]);
        for size in sizes {
            let tree = LifeTree::new(LifeState::NotApplied, size);
            assert_eq!(tree.root(), untouched_root(LifeState::NotApplied, size), "size {size}");
        }
    }

    #[test]
    fn slots_past_the_size_keep_the_initial_state() {
        let tree = LifeTree::new(LifeState::InTrade, 70);
        let sold = tree.changed(0, u32::MAX, &set(2)).unwrap();
        let (bytes, _) = sold.prove(1).unwrap();
        assert_eq!(bytes[..6], [2; 6]);
        assert_eq!(bytes[6..], [1; 58]);
    }

    #[test]
    fn a_change_back_is_the_untouched_tree() {
        let tree = LifeTree::new(LifeState::InTrade, 100_000);
        let there = tree.changed(777, 50_123, &set(2)).unwrap();
        assert_ne!(there.root(), tree.root());
        let back = there.changed(0, 99_999, &set(1)).unwrap();
        assert_eq!(back.root(), tree.root());
        assert!(matches!(back.root.kind, Kind::Uniform(1)));
    }

    #[test]
    fn ten_million_items_change_in_a_few_questions() {
        let tree = LifeTree::new(LifeState::InTrade, 10_000_000);
        let asked = Cell::new(0u32);
        let count = |_, _| {
            asked.set(asked.get() + 1);
            Ok::<u8, ()>(2)
        };
        let tree = tree.changed(1, 9_999_998, &count).unwrap();
        // Two ragged leaves and at most one subtree a level on either side.
        assert!(asked.get() <= 2 * 64 + 2 * 20, "{}", asked.get());
        asked.set(0);
        tree.changed(0, 9_999_999, &count).unwrap();
        assert!(asked.get() <= 2 * 64 + 2 * 20, "{}", asked.get());
    }

    #[test]
    fn a_refusal_leaves_the_tree_as_it_is() {
        let tree = LifeTree::new(LifeState::InTrade, 1000);
        let root = tree.root();
        let refuse = |item, byte| if item > 500 { Err(item) } else { Ok(byte + 1) };
        assert_eq!(tree.changed(0, 999, &|item, byte| refuse(item, byte)).unwrap_err(), 512);
        assert_eq!(tree.root(), root);
    }
}
