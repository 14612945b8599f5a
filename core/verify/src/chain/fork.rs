//! Forks: two headers of one height that both verify, and the freeze that follows.

use crate::codec::Versioned;
use crate::comet::{LightBlock, Stock};
use crate::hash::Hash32;
use crate::time::Timestamp;
use crate::trust::SignedCheckpoint;
use minicbor::{Decode, Encode};

/// Two different headers of one height that both hold: both verify from one trusted header, or one
/// of them is vouched for by the checkpoint role.
///
/// With two blocks it proves to anybody that more than a third of the power signed twice; with a
/// checkpoint, that the validators or the checkpoint role did what they must not.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ForkEvidence {
    #[n(0)]
    pub(super) version: u8,
    /// When it was found.
    #[n(1)]
    pub(super) detected: Timestamp,
    /// The last common height: of the trusted header that both verify from.
    #[n(2)]
    pub(super) common: u64,
    /// The header that was trusted first, where it came in a block.
    #[n(3)]
    pub(super) first: Option<LightBlock>,
    /// The other one.
    #[n(4)]
    pub(super) second: LightBlock,
    /// In the first one's place: the checkpoint that vouches for a header without its block.
    #[n(5)]
    pub(super) checkpoint: Option<SignedCheckpoint>,
}

impl Versioned for ForkEvidence {
    const NAME: &'static str = "fork evidence";
    const MAX_LEN: usize = 2 * LightBlock::MAX_LEN + SignedCheckpoint::MAX_LEN + 64;
}

/// What speaks for the header that was trusted first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum First<'a> {
    /// Its block, which verifies as the other one does.
    Block(&'a LightBlock),
    /// The checkpoint role.
    Checkpoint(&'a SignedCheckpoint),
}

impl ForkEvidence {
    /// Height of the two headers.
    pub fn height(&self) -> u64 {
        self.second.height()
    }

    /// The last common height.
    pub fn common_height(&self) -> u64 {
        self.common
    }

    /// When it was found.
    pub fn detected(&self) -> Timestamp {
        self.detected
    }

    /// What speaks for the header that was trusted first; none where the evidence is none.
    pub fn first(&self) -> Option<First<'_>> {
        match (&self.first, &self.checkpoint) {
            (Some(block), None) => Some(First::Block(block)),
            (None, Some(signed)) => Some(First::Checkpoint(signed)),
            _ => None,
        }
    }

    /// The block against it.
    pub fn second(&self) -> &LightBlock {
        &self.second
    }
}

impl First<'_> {
    /// Height and hash of the header.
    pub(super) fn names(&self) -> (u64, Hash32) {
        match self {
            Self::Block(block) => (block.height(), block.header.hash::<Stock>()),
            Self::Checkpoint(signed) => (signed.body.height, signed.body.header_hash),
        }
    }

    /// Time of the header.
    pub(super) fn time(&self) -> Timestamp {
        match self {
            Self::Block(block) => block.header.time,
            Self::Checkpoint(signed) => signed.body.time,
        }
    }
}
