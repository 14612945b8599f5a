//! Headers: CometBFT `types/block.go`, `Header` and its hash.

use super::proto::{Message, timestamp};
use super::suite::CometSuite;
use crate::codec::{Blob, fixed_bytes};
use crate::hash::Hash32;
use crate::time::Timestamp;
use crate::tree::{build, log};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use minicbor::{Decode, Encode};

fixed_bytes!(
    /// A validator's address: the first 20 bytes of its key's hash.
    Address,
    20
);

/// Most bytes of a chain id; CometBFT `types/genesis.go`, `MaxChainIDLen`.
pub const MAX_CHAIN_ID: usize = 50;
/// Most bytes of an application's hash that this client looks at; CometBFT itself has no limit.
pub const MAX_APP_HASH: usize = 64;
/// Largest height, as heights are signed on the wire.
pub const MAX_HEIGHT: u64 = i64::MAX as u64;

/// Versions of the block protocol and of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub struct Version {
    /// Block protocol.
    #[n(0)]
    pub block: u64,
    /// Application.
    #[n(1)]
    pub app: u64,
}

/// How a block is cut into parts for gossip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct PartSetHeader {
    /// Number of parts.
    #[n(0)]
    pub total: u32,
    /// Root over them.
    #[n(1)]
    pub hash: Hash32,
}

/// What a vote names: a block's hash and its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct BlockId {
    /// Hash of the header.
    #[n(0)]
    pub hash: Hash32,
    /// The parts.
    #[n(1)]
    pub parts: PartSetHeader,
}

/// A block header with all its 14 fields.
///
/// Optional hashes are the ones that CometBFT leaves empty, such as in a first block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Header {
    /// Versions.
    #[n(0)]
    pub version: Version,
    /// Name of the chain; at most 50 bytes.
    #[n(1)]
    pub chain_id: String,
    /// Height, from 1.
    #[n(2)]
    pub height: u64,
    /// BFT time: the weighted median of the votes for the block before.
    #[n(3)]
    pub time: Timestamp,
    /// The block before; absent in the first.
    #[n(4)]
    pub last_block_id: Option<BlockId>,
    /// The commit for the block before.
    #[n(5)]
    pub last_commit_hash: Option<Hash32>,
    /// The transactions.
    #[n(6)]
    pub data_hash: Option<Hash32>,
    /// The set that signs this block.
    #[n(7)]
    pub validators_hash: Hash32,
    /// The set that signs the next block.
    #[n(8)]
    pub next_validators_hash: Hash32,
    /// The consensus parameters.
    #[n(9)]
    pub consensus_hash: Option<Hash32>,
    /// The application's state after the block before; at most 64 bytes.
    #[n(10)]
    pub app_hash: Blob,
    /// The results of the transactions of the block before.
    #[n(11)]
    pub last_results_hash: Option<Hash32>,
    /// Evidence of misbehaviour.
    #[n(12)]
    pub evidence_hash: Option<Hash32>,
    /// Who proposed the block.
    #[n(13)]
    pub proposer: Address,
}

/// A header field outside its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderBounds {
    /// Chain id empty or longer than 50 bytes.
    ChainId {
        /// Its length.
        got: usize,
    },
    /// Height 0 or above the largest signed number.
    Height {
        /// The height.
        got: u64,
    },
    /// Application hash longer than 64 bytes.
    AppHash {
        /// Its length.
        got: usize,
    },
}

impl fmt::Display for HeaderBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ChainId { got } => write!(f, "a chain id of {got} bytes"),
            Self::Height { got } => write!(f, "height {got}"),
            Self::AppHash { got } => write!(f, "an application hash of {got} bytes"),
        }
    }
}

impl Header {
    /// Refuses fields outside their bounds.
    ///
    /// # Errors
    /// The first field outside its bounds; see [`HeaderBounds`].
    pub fn bounds(&self) -> Result<(), HeaderBounds> {
        if self.chain_id.is_empty() || self.chain_id.len() > MAX_CHAIN_ID {
            return Err(HeaderBounds::ChainId { got: self.chain_id.len() });
        }
        if self.height == 0 || self.height > MAX_HEIGHT {
            return Err(HeaderBounds::Height { got: self.height });
        }
        if self.app_hash.len() > MAX_APP_HASH {
            return Err(HeaderBounds::AppHash { got: self.app_hash.len() });
        }
        Ok(())
    }

    /// The header's hash: the Merkle root over its fields in protobuf (RFC 6962 nodes).
    pub fn hash<S: CometSuite>(&self) -> Hash32 {
        let leaves: Vec<Hash32> =
            self.fields().iter().map(|field| log::leaf_hash::<S::Hash>(&[field])).collect();
        build::root::<S::Hash>(&leaves)
    }

    /// The 14 leaves; numbers and bytes stand in protobuf's wrapper messages.
    fn fields(&self) -> [Vec<u8>; 14] {
        let version = Message::new().varint(1, self.version.block).varint(2, self.version.app);
        let hash = |hash: &Option<Hash32>| wrapped(hash.as_ref().map_or(&[][..], |hash| &hash.0));
        [
            version.finish(),
            wrapped(self.chain_id.as_bytes()),
            Message::new().varint(1, self.height).finish(),
            timestamp(self.time),
            block_id(self.last_block_id.as_ref()),
            hash(&self.last_commit_hash),
            hash(&self.data_hash),
            wrapped(&self.validators_hash.0),
            wrapped(&self.next_validators_hash.0),
            hash(&self.consensus_hash),
            wrapped(&self.app_hash),
            hash(&self.last_results_hash),
            hash(&self.evidence_hash),
            wrapped(&self.proposer.0),
        ]
    }
}

/// `google.protobuf.BytesValue` and `StringValue`: empty values are empty leaves.
fn wrapped(bytes: &[u8]) -> Vec<u8> {
    Message::new().bytes(1, bytes).finish()
}

/// `tendermint.types.BlockID`, and its canonical form in votes: the same fields and numbers.
///
/// An absent one has its empty part set header written out.
pub(super) fn block_id(id: Option<&BlockId>) -> Vec<u8> {
    match id {
        None => Message::new().message(2, &[]).finish(),
        Some(id) => {
            let parts = Message::new()
                .varint(1, u64::from(id.parts.total))
                .bytes(2, &id.parts.hash.0)
                .finish();
            Message::new().bytes(1, &id.hash.0).message(2, &parts).finish()
        }
    }
}
