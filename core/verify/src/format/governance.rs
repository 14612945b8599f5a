//! Governance: members, validators and parameters, changed by a quorum of members.

use super::bounds::{BoundsError, length, require, text};
use super::ids::PartyId;
use crate::codec::{Blob, Versioned};
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// The members and how many of them make a quorum; state under the name `members`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Members {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Members in order of their ids; at most 128.
    #[n(1)]
    pub parties: Vec<PartyId>,
    /// How many must sign what needs a quorum.
    #[n(2)]
    pub threshold: u16,
}

impl Versioned for Members {
    const NAME: &'static str = "members";
    const MAX_LEN: usize = 8 * 1024;
}

impl Members {
    /// Refuses a list out of order, too long, or a threshold out of reach.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("members", self.parties.len(), 128)?;
        require("members", self.parties.windows(2).all(|pair| pair[0] < pair[1]))?;
        let reach = 1..=self.parties.len();
        require("threshold", reach.contains(&usize::from(self.threshold)))
    }
}

/// One validator of the consensus engine.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ValidatorSeat {
    /// Ed25519 key, 32 bytes.
    #[n(0)]
    pub key: Blob,
    /// Voting power, at least 1.
    #[n(1)]
    pub power: u64,
    /// Who runs it.
    #[n(2)]
    pub operator: String,
}

/// The validators; state under the name `validators`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Validators {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// In order of their keys; 1 to 128.
    #[n(1)]
    pub seats: Vec<ValidatorSeat>,
}

impl Versioned for Validators {
    const NAME: &'static str = "validators";
    const MAX_LEN: usize = 64 * 1024;
}

impl Validators {
    /// Refuses what would halt the consensus engine.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        require("validators", !self.seats.is_empty())?;
        length("validators", self.seats.len(), 128)?;
        require("validators", self.seats.windows(2).all(|pair| pair[0].key < pair[1].key))?;
        for seat in &self.seats {
            require("validator key", seat.key.len() == 32)?;
            require("power", (1..=1 << 40).contains(&seat.power))?;
            text("operator", &seat.operator)?;
        }
        Ok(())
    }
}

/// A change that needs a quorum of members.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum GovernanceChange {
    /// New members and threshold.
    #[n(0)]
    Members(#[n(0)] Members),
    /// New validators.
    #[n(1)]
    Validators(#[n(0)] Validators),
}
