//! The growing edge of the log: all that is needed to append and to tell the root.

use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::log::{empty_root, node_hash};

/// Hashes of the perfect subtrees that the log's leaves make up, the largest first.
///
/// The entries themselves stay in the blocks; the state needs a few dozen hashes of them.
#[derive(Debug, Clone, Default)]
pub struct Peaks {
    size: u64,
    hashes: Vec<Hash32>,
}

impl Peaks {
    /// The edge of a log of `size` leaves; none where it has not so many subtrees.
    pub(crate) fn of(size: u64, hashes: Vec<Hash32>) -> Option<Self> {
        (hashes.len() == size.count_ones() as usize).then_some(Self { size, hashes })
    }

    /// Hashes of the perfect subtrees, the largest first.
    pub(crate) fn hashes(&self) -> &[Hash32] {
        &self.hashes
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf hash.
    pub fn append(&mut self, leaf: Hash32) {
        let mut carry = leaf;
        // A subtree is complete for each trailing one of the size, as in adding one to a number.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.hashes.pop() {
                carry = node_hash::<Sm3>(&left, &carry);
            }
        }
        self.hashes.push(carry);
        self.size += 1;
    }

    /// RFC 9162 root over all leaves.
    pub fn root(&self) -> Hash32 {
        let hashes = self.hashes.iter().rev().copied();
        hashes
            .reduce(|right, left| node_hash::<Sm3>(&left, &right))
            .unwrap_or_else(empty_root::<Sm3>)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::tree::build::Log;

    #[test]
    fn the_root_is_the_logs_root_at_every_size() {
        let (mut peaks, mut log) = (Peaks::default(), Log::<Sm3>::new());
        for number in 0..200u8 {
            assert_eq!((peaks.size(), peaks.root()), (log.size(), log.root()));
            peaks.append(Hash32([number; 32]));
            log.append(Hash32([number; 32]));
        }
    }
}
