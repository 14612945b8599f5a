//! A header with what proves it.

use super::commit::Commit;
use super::header::Header;
use super::validators::ValidatorSet;
use crate::codec::Versioned;
use minicbor::{Decode, Decoder, Encode};

/// A header, the commit for it and the set that signed.
///
/// Nothing in it is redundant: each byte is bound by the header's hash or by a signature, so no
/// byte can change, go or be added without refusal. Two light blocks of one header may differ only
/// in which signatures they hold.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LightBlock {
    /// Format version, 1; asked also where the block stands inside another structure.
    #[n(0)]
    #[cbor(decode_with = "known_version")]
    version: u8,
    /// The header.
    #[n(1)]
    pub header: Header,
    /// The commit for it.
    #[n(2)]
    pub commit: Commit,
    /// The set that signed it.
    #[n(3)]
    pub validators: ValidatorSet,
}

impl Versioned for LightBlock {
    const NAME: &'static str = "light block";
    const MAX_LEN: usize = 192 * 1024;
}

impl LightBlock {
    /// Puts the three parts together; nothing is verified yet.
    pub fn new(header: Header, commit: Commit, validators: ValidatorSet) -> Self {
        Self { version: Self::VERSION, header, commit, validators }
    }

    /// Height of the header.
    pub fn height(&self) -> u64 {
        self.header.height
    }
}

fn known_version<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u8, minicbor::decode::Error> {
    match d.u8()? {
        LightBlock::VERSION => Ok(LightBlock::VERSION),
        _ => Err(minicbor::decode::Error::message("unknown version")),
    }
}
