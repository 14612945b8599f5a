//! Snapshots: a whole state as bytes, the same at every node, and a state from them again.
//!
//! A snapshot is a [`Cover`] and then the state's pieces, each with its length (4 bytes,
//! big-endian) before it; the whole is cut into chunks of [`CHUNK`] bytes. What is offered to a
//! joining node names each chunk's SM3 hash, so a wrong chunk is known at once and with it whoever
//! sent it. The state that comes of it is compared with a state root that a light client proved.

mod error;
mod shelf;

pub use error::SnapshotError;
pub use shelf::Shelf;
pub(crate) use shelf::write;

use crate::state::pieces::{Piece, Rebuild};
use crate::state::{Genesis, State};
use minicbor::{Decode, Encode};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use sealight_verify::time::Timestamp;

/// Bytes of a chunk; the last one is shorter.
pub const CHUNK: usize = 1024 * 1024;
/// The one format of snapshots.
pub const FORMAT: u32 = 1;
/// Most chunks that are taken: 64 GiB.
pub const MAX_CHUNKS: u32 = 1 << 16;
/// Longest piece: an entry with a lot's state, or 4,096 runs of life.
const MAX_PIECE: usize = 1024 * 1024;

/// What a snapshot is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Cover {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Height of the newest block.
    #[n(1)]
    pub height: u64,
    /// Time of it.
    #[n(2)]
    pub time: Timestamp,
    /// Root of the state after it.
    #[n(3)]
    pub app_hash: Hash32,
}

impl Versioned for Cover {
    const NAME: &'static str = "snapshot cover";
    const MAX_LEN: usize = 128;
}

/// What is offered of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Height of the newest block.
    pub height: u64,
    /// SM3 of `chunks`.
    pub hash: Hash32,
    /// SM3 of each chunk.
    pub chunks: Vec<Hash32>,
}

impl Offer {
    /// Of a snapshot's bytes.
    pub fn of(height: u64, snapshot: &[u8]) -> Self {
        let chunks: Vec<Hash32> = snapshot.chunks(CHUNK).map(|chunk| Sm3::hash(&[chunk])).collect();
        Self { height, hash: hash_of(&chunks), chunks }
    }

    /// The chunk hashes one after the other, as they travel.
    pub fn metadata(&self) -> Vec<u8> {
        self.chunks.iter().flat_map(|chunk| chunk.0).collect()
    }

    /// Reads an offer.
    ///
    /// # Errors
    /// [`SnapshotError::Offer`] where the parts do not agree or are too many.
    pub fn decode(
        height: u64,
        count: u32,
        hash: &[u8],
        metadata: &[u8],
    ) -> Result<Self, SnapshotError> {
        let (chunks, rest) = metadata.as_chunks::<32>();
        let chunks: Vec<Hash32> = chunks.iter().copied().map(Hash32).collect();
        let offer = Self { height, hash: hash_of(&chunks), chunks };
        let agrees = rest.is_empty()
            && (1..=MAX_CHUNKS).contains(&count)
            && offer.chunks.len() as u64 == u64::from(count)
            && offer.hash.0 == *hash;
        if agrees { Ok(offer) } else { Err(SnapshotError::Offer) }
    }
}

fn hash_of(chunks: &[Hash32]) -> Hash32 {
    let parts: Vec<&[u8]> = chunks.iter().map(|chunk| &chunk.0[..]).collect();
    Sm3::hash(&parts)
}

/// The bytes of a state's snapshot; a function of the state, the height and the time of its block.
///
/// # Errors
/// [`SnapshotError::TooLong`] for a piece that could not be read again.
pub fn encode(state: &State, height: u64, time: Timestamp) -> Result<Vec<u8>, SnapshotError> {
    let mut bytes = Vec::new();
    let cover = Cover { version: 1, height, time, app_hash: state.app_hash() };
    frame(&mut bytes, &codec::encode(&cover))?;
    state.pieces(|piece| frame(&mut bytes, &codec::encode(&piece)))?;
    Ok(bytes)
}

fn frame(out: &mut Vec<u8>, piece: &[u8]) -> Result<(), SnapshotError> {
    if piece.len() > MAX_PIECE {
        return Err(SnapshotError::TooLong { got: piece.len(), max: MAX_PIECE });
    }
    out.extend_from_slice(&(piece.len() as u32).to_be_bytes());
    out.extend_from_slice(piece);
    Ok(())
}

/// The state of a snapshot, and what it is of; `expected` is the state root that it must have.
///
/// # Errors
/// Where the bytes end or are no pieces, and the first piece that fits no state; see
/// [`SnapshotError`].
pub fn decode(
    bytes: &[u8],
    genesis: &Genesis,
    expected: Option<Hash32>,
) -> Result<(Cover, State), SnapshotError> {
    let mut rest = bytes;
    let cover = next(&mut rest)?.ok_or(SnapshotError::Torn)?;
    let cover: Cover = codec::decode(cover).map_err(SnapshotError::Codec)?;
    let expected = expected.unwrap_or(cover.app_hash);
    let mut rebuild = Rebuild::new(genesis);
    while let Some(bytes) = next(&mut rest)? {
        let piece: Piece = minicbor::decode(bytes).map_err(|_| SnapshotError::Malformed)?;
        rebuild.take(piece).map_err(SnapshotError::Piece)?;
    }
    let state = rebuild.finish().map_err(SnapshotError::Piece)?;
    let got = state.app_hash();
    if got != expected || cover.app_hash != expected {
        return Err(SnapshotError::OtherState { expected, got });
    }
    Ok((cover, state))
}

fn next<'a>(rest: &mut &'a [u8]) -> Result<Option<&'a [u8]>, SnapshotError> {
    let Some((length, after)) = rest.split_first_chunk::<4>() else {
        return if rest.is_empty() { Ok(None) } else { Err(SnapshotError::Torn) };
    };
    let length = u32::from_be_bytes(*length) as usize;
    if length > MAX_PIECE {
        return Err(SnapshotError::TooLong { got: length, max: MAX_PIECE });
    }
    let (piece, after) = after.split_at_checked(length).ok_or(SnapshotError::Torn)?;
    *rest = after;
    Ok(Some(piece))
}

#[cfg(test)]
mod tests;
