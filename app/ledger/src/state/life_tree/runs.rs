//! A life tree as a list of runs, and back.

use super::{Kind, LeafBytes, LifeTree, Node, Place, join, leaf_count, of_bytes, uniform};
use minicbor::{Decode, Encode};
use sealight_verify::codec::Blob;
use std::sync::Arc;

/// Adjacent leaves of a life tree.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Run {
    /// So many leaves whose items all have this byte.
    #[n(0)]
    Alike(#[n(0)] u8, #[n(1)] u64),
    /// One leaf of 64 bytes.
    #[n(1)]
    Leaf(#[n(0)] Blob),
}

impl LifeTree {
    /// The tree's leaves from the first to the last.
    pub(crate) fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        walk(&self.root, leaf_count(self.size), &mut runs);
        runs
    }

    /// The tree of `size` items with these leaves; none where they are not its leaves.
    pub(crate) fn of_runs(size: u32, runs: &[Run]) -> Option<Self> {
        let mut rest = Rest { runs: runs.iter(), alike: (0, 0) };
        let root = grow(Place { start: 0, leaves: leaf_count(size) }, &mut rest)?;
        let used_up = rest.alike.1 == 0 && rest.runs.next().is_none();
        (size > 0 && used_up).then_some(Self { size, root })
    }
}

fn walk(node: &Node, leaves: u64, runs: &mut Vec<Run>) {
    match &node.kind {
        Kind::Uniform(byte) => match runs.last_mut() {
            Some(Run::Alike(last, count)) if last == byte => *count += leaves,
            _ => runs.push(Run::Alike(*byte, leaves)),
        },
        Kind::Leaf(bytes) => runs.push(Run::Leaf(Blob(bytes.to_vec()))),
        Kind::Branch(left, right) => {
            let (before, after) = Place { start: 0, leaves }.split();
            walk(left, before.leaves, runs);
            walk(right, after.leaves, runs);
        }
    }
}

/// Runs not yet used, and what is left of one that is being used.
struct Rest<'a> {
    runs: std::slice::Iter<'a, Run>,
    alike: (u8, u64),
}

fn grow(place: Place, rest: &mut Rest<'_>) -> Option<Arc<Node>> {
    if rest.alike.1 == 0 {
        match rest.runs.as_slice().first()? {
            Run::Alike(_, 0) => return None,
            Run::Alike(byte, leaves) => {
                rest.alike = (*byte, *leaves);
                rest.runs.next();
            }
            Run::Leaf(bytes) if place.leaves == 1 => {
                rest.runs.next();
                return Some(of_bytes(LeafBytes::try_from(&bytes[..]).ok()?));
            }
            Run::Leaf(_) => {}
        }
    }
    if rest.alike.1 >= place.leaves {
        rest.alike.1 -= place.leaves;
        return Some(uniform(rest.alike.0, place.leaves));
    }
    if place.leaves == 1 {
        return None;
    }
    let (before, after) = place.split();
    let left = grow(before, rest)?;
    Some(join(left, grow(after, rest)?, place.leaves))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::format::life::{LEAF_ITEMS, LifeState};

    #[test]
    fn a_tree_comes_back_from_its_runs_and_from_no_others() {
        let mut seed = 3u64;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((seed >> 33) % u64::from(below)) as u32
        };
        for size in [1, 64, 65, 1000, 4097, 100_000] {
            let mut tree = LifeTree::new(LifeState::InTrade, size);
            for _ in 0..12 {
                let (a, b, byte) = (next(size), next(size), next(5) as u8);
                let set = |_, _| Ok::<u8, ()>(byte);
                tree = tree.changed(a.min(b), a.max(b), &set).unwrap();
                let runs = tree.runs();
                assert_eq!(LifeTree::of_runs(size, &runs).unwrap().root(), tree.root());
                assert!(LifeTree::of_runs(size + LEAF_ITEMS, &runs).is_none());
                assert!(LifeTree::of_runs(size, &runs[1..]).is_none());
                let more = [&runs[..], &[Run::Alike(1, 1)]].concat();
                assert!(LifeTree::of_runs(size, &more).is_none());
            }
        }
        assert!(LifeTree::of_runs(64, &[Run::Alike(1, 0), Run::Alike(1, 1)]).is_none());
        assert!(LifeTree::of_runs(64, &[Run::Leaf(Blob(vec![1; 63]))]).is_none());
    }
}
