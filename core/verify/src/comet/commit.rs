//! Commits and votes: CometBFT `types/block.go` (`Commit`), `types/canonical.go`.

use super::header::{BlockId, Header, PartSetHeader, block_id};
use super::proto::{Message, timestamp};
use crate::hash::Hash32;
use crate::sign::Signature;
use crate::time::Timestamp;
use alloc::vec::Vec;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// What one validator did, in the slot at its place in the set.
///
/// In CBOR an absent vote is one byte, a vote for the block is time and signature, and a vote for
/// nil has a null in front of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// No vote was seen.
    Absent,
    /// A vote for the block.
    Commit {
        /// The validator's own time, which its signature covers.
        timestamp: Timestamp,
        /// Over the canonical vote.
        signature: Signature,
    },
    /// A vote for no block: signed, and no support for this one.
    Nil {
        /// The validator's own time, which its signature covers.
        timestamp: Timestamp,
        /// Over the canonical vote.
        signature: Signature,
    },
}

/// The precommits for a header.
///
/// Height, block hash and addresses are not in here: they follow from header and validator set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Commit {
    /// Round in which the block was decided; at most 2^31 - 1.
    #[n(0)]
    pub round: u32,
    /// Parts of the block.
    #[n(1)]
    pub parts: PartSetHeader,
    /// One slot for each validator, in the order of the set.
    #[n(2)]
    pub slots: Vec<Slot>,
}

impl Commit {
    /// The bytes that the validator of a slot signed; none for an absent vote.
    ///
    /// `hash` is the header's hash. Length-delimited `tendermint.types.CanonicalVote`.
    pub fn sign_bytes(&self, slot: &Slot, header: &Header, hash: Hash32) -> Option<Vec<u8>> {
        let id = BlockId { hash, parts: self.parts };
        match slot {
            Slot::Absent => None,
            Slot::Commit { timestamp, .. } => {
                Some(vote_bytes(header, self.round, Some(&id), *timestamp))
            }
            Slot::Nil { timestamp, .. } => Some(vote_bytes(header, self.round, None, *timestamp)),
        }
    }
}

/// The canonical precommit, for who verifies and for who signs.
pub fn vote_bytes(header: &Header, round: u32, id: Option<&BlockId>, time: Timestamp) -> Vec<u8> {
    const PRECOMMIT: u64 = 2;
    let vote = Message::new()
        .varint(1, PRECOMMIT)
        .sfixed64(2, header.height)
        .sfixed64(3, u64::from(round));
    let vote = match id {
        Some(id) => vote.message(4, &block_id(Some(id))),
        None => vote,
    };
    vote.message(5, &timestamp(time)).bytes(6, header.chain_id.as_bytes()).finish_delimited()
}

impl<C> Encode<C> for Slot {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Absent => e.null()?.ok(),
            Self::Commit { timestamp, signature } => {
                e.array(2)?.encode_with(timestamp, ctx)?.encode_with(signature, ctx)?.ok()
            }
            Self::Nil { timestamp, signature } => {
                e.array(3)?.null()?.encode_with(timestamp, ctx)?.encode_with(signature, ctx)?.ok()
            }
        }
    }
}

impl<'b, C> Decode<'b, C> for Slot {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        if d.datatype()? == minicbor::data::Type::Null {
            return d.null().map(|()| Self::Absent);
        }
        let length = d.array()?;
        if length == Some(3) {
            d.null()?;
        } else if length != Some(2) {
            return Err(minicbor::decode::Error::message("not a slot"));
        }
        let timestamp = Timestamp::decode(d, ctx)?;
        let signature = Signature::decode(d, ctx)?;
        Ok(match length {
            Some(3) => Self::Nil { timestamp, signature },
            _ => Self::Commit { timestamp, signature },
        })
    }
}
