//! Packs: what a light client reads, in one file; and the same bytes as files of a web server.
//!
//! A pack is a row of chunks. Each chunk has a [`Place`], and a place is at once the path of a file:
//! a folder of these files, a gateway that serves them and a pack that holds them give the same
//! bytes for the same place. Nothing in a pack is believed because of who made it: whatever a
//! verdict rests on goes through [`crate::judge`] as if a gateway had sent it, and how fresh it is
//! follows from the header in it.
//!
//! ```text
//! pack  = frame "start" ([`PackStart`]), frames of chunks, frame "end" ([`PackEnd`])
//! frame = head (54 bytes), name, body
//! head  = marker f5 53 4c 50 (4), number of the frame (4), bytes of the body (4), bytes of the
//!         name (2), content address of the body (32), sum of all that and the name (8)
//! ```
//!
//! Each place has one chunk at most, and the files of one lot or one index come in rising order, so
//! that a reader sees at once which are missing. Numbers are big-endian. The content address binds name and body; the sum lets a reader that met
//! damage find the next frame without trusting a damaged length. The pack's id is a hash chain over
//! all frames before the end, and the maker signs the id, so that a stream is verified with one
//! frame in memory. The same chunks give the same id, and the same maker the same bytes.

mod error;
mod files;
mod frame;
mod place;
mod reader;
mod write;

pub use error::PackError;
pub use files::{LifeFile, LotList, PackHead, lot_file};
pub use frame::{FrameHead, MAX_BODY, MAX_FRAME};
pub use place::Place;
pub use reader::{Chunk, Damage, PackReader, Piece, Sealed};
pub use write::PackWriter;

use super::bounds::{BoundsError, length};
use super::ids::{LedgerId, PartyId};
use crate::codec::Versioned;
use crate::hash::{Hash32, tags};
use crate::sign::{PublicKey, Signature};
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Most packs that one builds on.
pub const MAX_BASES: usize = 64;

/// What a pack begins with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackStart {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// Height of the header whose state is in it.
    #[n(2)]
    pub height: u64,
    /// Ids of the packs that have what is left out here, ascending; none for a whole pack.
    #[n(3)]
    pub bases: Vec<Hash32>,
}

impl Versioned for PackStart {
    const NAME: &'static str = "pack";
    const MAX_LEN: usize = 4 * 1024;
}

impl PackStart {
    /// Refuses what no pack begins with.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        files::height(self.height)?;
        length("bases", self.bases.len(), MAX_BASES)?;
        let rising = self.bases.windows(2).all(|pair| pair[0] < pair[1]);
        super::bounds::require("bases", rising)
    }
}

/// What a pack ends with: its id, and who made it.
///
/// The signature says who put the pack together, and nothing of what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackEnd {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Frames before this one.
    #[n(1)]
    pub frames: u32,
    /// The pack's id: the chain over those frames.
    #[n(2)]
    pub id: Hash32,
    /// The maker's key.
    #[n(3)]
    pub maker: PublicKey,
    /// The party that the maker says it is.
    #[n(4)]
    pub party: Option<PartyId>,
    /// The maker's, over [`PackEnd::signing_bytes`].
    #[n(5)]
    pub signature: Signature,
}

impl Versioned for PackEnd {
    const NAME: &'static str = "end of a pack";
    const MAX_LEN: usize = 512;
}

impl PackEnd {
    /// The bytes that the maker signs: length of tag, tag, id, frames, party (absent: nothing).
    pub fn signing_bytes(&self) -> Vec<u8> {
        let tag = tags::PACK.as_bytes();
        let party = self.party.as_ref().map_or(&[][..], |party| &party.0);
        let frames = self.frames.to_be_bytes();
        [&[tag.len() as u8], tag, &self.id.0, &frames, party].concat()
    }
}

#[cfg(test)]
mod tests;
