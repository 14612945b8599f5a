//! Forks: two headers of one height that both verify, and the freeze that follows.

use crate::codec::Versioned;
use crate::comet::LightBlock;
use crate::time::Timestamp;
use minicbor::{Decode, Encode};

/// Two different headers of one height that both verify from one trusted header.
///
/// It proves to anybody that more than a third of the power signed twice.
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
    /// The header that was trusted first.
    #[n(3)]
    pub(super) first: LightBlock,
    /// The other one.
    #[n(4)]
    pub(super) second: LightBlock,
}

impl Versioned for ForkEvidence {
    const NAME: &'static str = "fork evidence";
    const MAX_LEN: usize = 2 * LightBlock::MAX_LEN + 64;
}

impl ForkEvidence {
    /// Height of the two headers.
    pub fn height(&self) -> u64 {
        self.first.height()
    }

    /// The last common height.
    pub fn common_height(&self) -> u64 {
        self.common
    }

    /// When it was found.
    pub fn detected(&self) -> Timestamp {
        self.detected
    }

    /// The two blocks, the one that was trusted first in front.
    pub fn blocks(&self) -> [&LightBlock; 2] {
        [&self.first, &self.second]
    }
}
