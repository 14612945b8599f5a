//! What a ledger is to a client: one module behind one trait.

use super::accept::Accepted;
use super::error::AcceptError;
use super::header::TrustedHeader;
use super::{HeaderChain, TrustStanding};
use crate::codec::{self, CodecError};
use crate::comet::LightBlock;
use crate::format::state::StateRoots;
use crate::hash::Hash32;
use crate::time::Now;
use core::fmt;

/// What stands behind a proof, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assurance {
    /// A gateway's word, or so few operators' that it counts for no more.
    Told,
    /// Linked by hashes to a signed pin.
    Linked,
    /// Final by a quorum of the ledger's validators.
    QuorumFinal,
    /// Final by a quorum that also signed the state.
    QuorumFinalWithState,
}

/// A ledger's side of acceptance.
pub trait Ledger {
    /// An untrusted header with what proves it.
    type Block;
    /// What shows that something stands under a header.
    type Proof;

    /// Decodes an untrusted header.
    ///
    /// # Errors
    /// What keeps the bytes from being one; see [`CodecError`].
    fn decode(bytes: &[u8]) -> Result<Self::Block, CodecError>;

    /// Accepts it.
    ///
    /// # Errors
    /// The broken rule. [`AcceptError::Fork`] carries evidence to remember.
    fn accept(&self, block: &Self::Block, now: &Now) -> Result<Accepted, AcceptError>;

    /// Verifies that what the proof shows stands under a trusted header.
    ///
    /// # Errors
    /// [`InclusionError`] where the proof leads to another root than the header's.
    fn verify_inclusion(
        &self,
        header: &TrustedHeader,
        proof: &Self::Proof,
    ) -> Result<(), InclusionError>;

    /// Names what stands behind a trusted header now.
    fn assurance(&self, header: &TrustedHeader, now: &Now) -> Assurance;
}

/// A proof that does not lead to its header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InclusionError {
    /// Root in the header.
    pub expected: Hash32,
    /// Root that the proof leads to.
    pub got: Hash32,
}

impl fmt::Display for InclusionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the proof leads to {}, the header holds {}", self.got, self.expected)
    }
}

impl core::error::Error for InclusionError {}

/// CometBFT with this project's application: the state stands under `app_hash`.
impl Ledger for HeaderChain {
    type Block = LightBlock;
    type Proof = StateRoots;

    fn decode(bytes: &[u8]) -> Result<LightBlock, CodecError> {
        codec::decode(bytes)
    }

    fn accept(&self, block: &LightBlock, now: &Now) -> Result<Accepted, AcceptError> {
        HeaderChain::accept(self, block, now)
    }

    fn verify_inclusion(
        &self,
        header: &TrustedHeader,
        proof: &StateRoots,
    ) -> Result<(), InclusionError> {
        let (expected, got) = (header.app_hash(), proof.app_hash());
        if expected == got { Ok(()) } else { Err(InclusionError { expected, got }) }
    }

    fn assurance(&self, header: &TrustedHeader, now: &Now) -> Assurance {
        let few = header.operators() < self.least_operators();
        if few || self.trust_standing(now) == TrustStanding::LongExpired {
            Assurance::Told
        } else {
            Assurance::QuorumFinalWithState
        }
    }
}
