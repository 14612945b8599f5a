//! The genesis document: what a ledger starts with, and what gives it its id.

use minicbor::{Decode, Encode};
use sealight_verify::codec::{self, CodecError, Versioned};
use sealight_verify::format::bounds::{BoundsError, length, require, text};
use sealight_verify::format::governance::Validators;
use sealight_verify::format::ids::{LedgerId, PartyId};
use sealight_verify::format::party::{Registration, Roles};
use sealight_verify::time::Timestamp;

/// What a ledger starts with. The hash of its canonical bytes is the ledger id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Chain id, as it stands in headers and under the validators' signatures; 1 to 50 bytes.
    #[n(1)]
    pub chain_id: String,
    /// Time of the first block.
    #[n(2)]
    pub time: Timestamp,
    /// First parties: at least one member; at most 256.
    #[n(3)]
    pub parties: Vec<Registration>,
    /// How many members must sign what needs a quorum.
    #[n(4)]
    pub threshold: u16,
    /// First validators.
    #[n(5)]
    pub validators: Validators,
}

impl Versioned for Genesis {
    const NAME: &'static str = "genesis";
    const MAX_LEN: usize = 1024 * 1024;
}

/// Longest chain id that CometBFT takes, in bytes.
const MAX_CHAIN_ID: usize = 50;

impl Genesis {
    /// Reads a genesis document.
    ///
    /// # Errors
    /// What is wrong with its bytes; [`Genesis::bounds`] is asked when a state is made of it.
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode(bytes)
    }

    /// The document's canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// The id of the ledger that starts so.
    pub fn ledger(&self) -> LedgerId {
        LedgerId::of_genesis(&self.encode())
    }

    /// Ids of the first parties, in the document's order.
    pub fn party_ids(&self) -> Vec<PartyId> {
        let ledger = self.ledger();
        let id = |registration| PartyId::of_registration(&ledger, &codec::encode(registration));
        self.parties.iter().map(id).collect()
    }

    /// Refuses what no genesis can hold.
    ///
    /// # Errors
    /// The field at fault.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        text("chain id", &self.chain_id)?;
        length("chain id", self.chain_id.len(), MAX_CHAIN_ID)?;
        length("parties", self.parties.len(), 256)?;
        self.parties.iter().try_for_each(Registration::bounds)?;
        let members = self.parties.iter().filter(|party| party.roles.meets(Roles::MEMBER)).count();
        require("threshold", (1..=members).contains(&usize::from(self.threshold)))?;
        self.validators.bounds()
    }
}
