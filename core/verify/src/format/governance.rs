//! Governance: members, validators and parameters, changed by a quorum of members.

use super::bounds::{BoundsError, length, require, text};
use super::bundle::MapPart;
use super::ids::PartyId;
use super::state::{MapDomain, StateRoots};
use crate::codec::{self, Blob, CodecError, Versioned};
use crate::hash::{Hash32, Sm3};
use crate::tree::{TreeError, map};
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
    ///
    /// # Errors
    /// [`BoundsError::TooLong`] for more than 128, and [`BoundsError::Unfit`] for their order or
    /// the threshold.
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
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
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

/// Path of `/abci_query` for governance: data are the name, [`MEMBERS`] or [`VALIDATORS`].
pub const GOVERNANCE_PATH: &str = "/governance";
/// Name of the state's [`Members`].
pub const MEMBERS: &str = "members";
/// Name of the state's [`Validators`].
pub const VALIDATORS: &str = "validators";

/// A value of governance under the header of one height.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GovernanceAnswer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Height of the header whose `app_hash` the roots give.
    #[n(1)]
    pub height: u64,
    /// The roots.
    #[n(2)]
    pub roots: StateRoots,
    /// The value with its path.
    #[n(3)]
    pub part: MapPart,
}

impl Versioned for GovernanceAnswer {
    const NAME: &'static str = "governance answer";
    const MAX_LEN: usize = 128 * 1024;
}

/// Why a value of governance is not proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GovernanceError {
    /// The roots are not those of the header.
    OtherRoots,
    /// The state has no such value, which every state has.
    NoValue,
    /// The path.
    Path(TreeError),
    /// The value.
    Codec(CodecError),
}

impl core::fmt::Display for GovernanceError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::OtherRoots => f.write_str("governance: the roots are not the header's"),
            Self::NoValue => f.write_str("governance: no value"),
            Self::Path(error) => write!(f, "governance: {error}"),
            Self::Codec(error) => write!(f, "{error}"),
        }
    }
}

impl core::error::Error for GovernanceError {}

impl GovernanceAnswer {
    /// The value under the header whose `app_hash` is given.
    ///
    /// # Errors
    /// What is not proven.
    pub fn proven<T>(&self, name: &str, app_hash: &Hash32) -> Result<T, GovernanceError>
    where
        T: Versioned + Encode<()> + for<'b> Decode<'b, ()>,
    {
        if self.roots.app_hash() != *app_hash {
            return Err(GovernanceError::OtherRoots);
        }
        let value = self.part.value.as_ref().ok_or(GovernanceError::NoValue)?;
        let key = MapDomain::GOVERNANCE.key(name.as_bytes());
        let hash = MapDomain::GOVERNANCE.value_hash(value);
        map::verify_membership::<Sm3>(&self.roots.governance, &key, &hash, &self.part.proof)
            .map_err(GovernanceError::Path)?;
        codec::decode(value).map_err(GovernanceError::Codec)
    }
}
