use crate::hash::Hash32;
use alloc::vec::Vec;
use minicbor::encode::Write;
use minicbor::{Decode, Decoder, Encode, Encoder};

/// Hashes of a proof in order; in CBOR one byte string of 32 bytes each.
///
/// One string costs two bytes less a hash than an array and has no second form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Hash)]
pub struct Siblings(pub Vec<Hash32>);

impl core::ops::Deref for Siblings {
    type Target = [Hash32];
    fn deref(&self) -> &[Hash32] {
        &self.0
    }
}

impl From<Vec<Hash32>> for Siblings {
    fn from(hashes: Vec<Hash32>) -> Self {
        Self(hashes)
    }
}

impl<C> Encode<C> for Siblings {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let row: Vec<u8> = self.0.iter().flat_map(|hash| hash.0).collect();
        e.bytes(&row)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Siblings {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let (hashes, rest) = d.bytes()?.as_chunks::<{ Hash32::LEN }>();
        if !rest.is_empty() {
            return Err(minicbor::decode::Error::message("not a row of whole hashes"));
        }
        Ok(Self(hashes.iter().copied().map(Hash32).collect()))
    }
}
