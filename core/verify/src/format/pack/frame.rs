//! One frame: what stands before each chunk, and what binds it.

use super::{PackError, Place};
use crate::codec::Versioned;
use crate::format::answer::StateAnswer;
use crate::hash::{Hash32, tagged, tags};
use alloc::string::String;
use alloc::vec::Vec;

/// Bytes of a frame before its name.
const FIXED: usize = 54;
const MARKER: [u8; 4] = [0xf5, b'S', b'L', b'P'];
/// Bytes that the sum covers, beside the name.
const SUMMED: usize = 46;

/// Most bytes of a chunk: those of the longest state answer.
pub const MAX_BODY: usize = StateAnswer::MAX_LEN;
/// Most bytes of a frame; what a reader holds at once.
pub const MAX_FRAME: usize = FIXED + Place::MAX_LEN + MAX_BODY;

/// The head of a frame with its name, whose sum held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameHead {
    /// Its number; the start has 0.
    pub number: u32,
    /// `start`, `end`, or a path.
    pub name: String,
    /// Bytes of the body.
    pub length: usize,
    /// Content address of name and body.
    pub content: Hash32,
}

impl FrameHead {
    /// Most bytes of a head with its name.
    pub const MAX_LEN: usize = FIXED + Place::MAX_LEN;

    /// The head of a frame with this body.
    pub fn of(number: u32, name: &str, body: &[u8]) -> Self {
        let content = content(name, body);
        Self { number, name: name.into(), length: body.len(), content }
    }

    /// Reads a head from the beginning of `bytes`; none where more bytes are needed.
    ///
    /// # Errors
    /// [`PackError::NoFrame`] where no frame begins here, [`PackError::TooLong`] where one does
    /// that is longer than allowed.
    pub fn decode(bytes: &[u8]) -> Result<Option<Self>, PackError> {
        let none = PackError::NoFrame { bytes: 0 };
        let began = bytes.len().min(MARKER.len());
        if bytes[..began] != MARKER[..began] {
            return Err(none);
        }
        let Some((fixed, rest)) = bytes.split_at_checked(FIXED) else { return Ok(None) };
        let named = usize::from(u16::from_be_bytes([fixed[12], fixed[13]]));
        if named > Place::MAX_LEN {
            return Err(none);
        }
        let Some(name) = rest.get(..named) else { return Ok(None) };
        if sum(&fixed[..SUMMED], name) != fixed[SUMMED..] {
            return Err(none);
        }
        let name = core::str::from_utf8(name).map_err(|_| none)?;
        let length = number(&fixed[8..12]) as usize;
        if length > MAX_BODY {
            return Err(PackError::TooLong { got: length, max: MAX_BODY });
        }
        let mut content = Hash32([0; 32]);
        content.0.copy_from_slice(&fixed[14..SUMMED]);
        Ok(Some(Self { number: number(&fixed[4..8]), name: name.into(), length, content }))
    }

    /// The head's bytes, name included.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.head_len());
        bytes.extend(MARKER);
        bytes.extend(self.number.to_be_bytes());
        bytes.extend((self.length as u32).to_be_bytes());
        bytes.extend((self.name.len() as u16).to_be_bytes());
        bytes.extend(self.content.0);
        let sum = sum(&bytes, self.name.as_bytes());
        bytes.extend(sum);
        bytes.extend(self.name.as_bytes());
        bytes
    }

    /// Bytes of the head with its name.
    pub fn head_len(&self) -> usize {
        FIXED + self.name.len()
    }

    /// Bytes of the whole frame.
    pub fn frame_len(&self) -> usize {
        self.head_len() + self.length
    }

    /// Accepts that this is the frame's body.
    ///
    /// # Errors
    /// [`PackError::Content`] where the content address is not that of this body.
    pub fn holds(&self, body: &[u8]) -> Result<(), PackError> {
        let (expected, got) = (self.content, content(&self.name, body));
        if expected == got { Ok(()) } else { Err(PackError::Content { expected, got }) }
    }

    /// Where the next frame may begin, in bytes of which none begins at 0.
    pub fn look_further(bytes: &[u8]) -> usize {
        let from = 1.min(bytes.len());
        let places = from..bytes.len();
        let begins = |at: &usize| {
            let rest = &bytes[*at..];
            let seen = rest.len().min(MARKER.len());
            rest[..seen] == MARKER[..seen]
        };
        places.into_iter().find(begins).unwrap_or(bytes.len())
    }

    /// Adds this frame to the chain over those before it.
    pub(super) fn chain(&self, before: &Hash32) -> Hash32 {
        let head = self.encode();
        tagged(&tags::PACK, &[&before.0, &head])
    }
}

fn content(name: &str, body: &[u8]) -> Hash32 {
    let length = (name.len() as u16).to_be_bytes();
    tagged(&tags::PACK_CHUNK, &[&length, name.as_bytes(), body])
}

fn sum(fixed: &[u8], name: &[u8]) -> [u8; FIXED - SUMMED] {
    let hash = tagged(&tags::PACK_FRAME, &[fixed, name]);
    core::array::from_fn(|at| hash.0[at])
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))
}
