//! Writing a pack: frames in order, the maker's signature last.

use super::{FrameHead, MAX_BODY, PackEnd, PackError, PackStart, Place};
use crate::codec::encode;
use crate::format::ids::PartyId;
use crate::hash::Hash32;
use crate::sign::{PublicKey, Signature};
use alloc::string::ToString;
use alloc::vec::Vec;
use core::convert::Infallible;

/// A pack being written; each step gives the bytes that come next.
#[derive(Debug, Clone)]
pub struct PackWriter {
    next: u32,
    chain: Hash32,
}

impl PackWriter {
    /// Begins a pack: the writer, and the pack's first bytes.
    pub fn begin(start: &PackStart) -> (Self, Vec<u8>) {
        let mut writer = Self { next: 0, chain: Hash32([0; 32]) };
        let bytes = writer.frame("start", &encode(start));
        (writer, bytes)
    }

    /// The bytes of one chunk.
    ///
    /// # Errors
    /// [`PackError::TooLong`].
    pub fn chunk(&mut self, place: &Place, body: &[u8]) -> Result<Vec<u8>, PackError> {
        if body.len() > MAX_BODY {
            return Err(PackError::TooLong { got: body.len(), max: MAX_BODY });
        }
        Ok(self.frame(&place.to_string(), body))
    }

    /// The id of the pack that ends here.
    pub fn id(&self) -> Hash32 {
        self.chain
    }

    /// The last bytes, with the maker's signature by `sign`.
    pub fn end(
        self,
        maker: PublicKey,
        party: Option<PartyId>,
        sign: impl FnOnce(&[u8]) -> Signature,
    ) -> Vec<u8> {
        let Ok(last) = self.try_end(maker, party, |message| Ok::<_, Infallible>(sign(message)));
        last
    }

    /// The last bytes, with the maker's signature by `sign`, for instance of a token.
    ///
    /// # Errors
    /// Why there is no signature.
    pub fn try_end<E>(
        mut self,
        maker: PublicKey,
        party: Option<PartyId>,
        sign: impl FnOnce(&[u8]) -> Result<Signature, E>,
    ) -> Result<Vec<u8>, E> {
        let unsigned = Signature([0; Signature::LEN]);
        let (frames, id) = (self.next, self.chain);
        let mut end = PackEnd { version: 1, frames, id, maker, party, signature: unsigned };
        end.signature = sign(&end.signing_bytes())?;
        Ok(self.frame("end", &encode(&end)))
    }

    fn frame(&mut self, name: &str, body: &[u8]) -> Vec<u8> {
        let head = FrameHead::of(self.next, name, body);
        self.chain = head.chain(&self.chain);
        self.next = self.next.saturating_add(1);
        let mut bytes = head.encode();
        bytes.extend_from_slice(body);
        bytes
    }
}
