//! A node's card: what its member tells the others of it. It holds no secret.
//!
//! ```text
//! { "sealight_node": 1, "name": "North Distillery Ltd", "operator": "North",
//!   "member": { "algorithm": "sm2", "public": HEX }, "validator": HEX,
//!   "node": "40 hex digits", "address": "192.0.2.1" }
//! ```

use super::document::{self, DocumentError};
use crate::node::comet::P2P_PORT;
use crate::node::network::GATEWAY_PORT;
use sealight_verify::sign::PublicKey;
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};

/// Most bytes of a card.
pub const MAX_CARD: usize = 8 * 1024;

/// What a member tells the others of its node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The member's registered legal name.
    pub name: String,
    /// Who runs the validator, as trust files name it.
    pub operator: String,
    /// The member's key.
    pub member: PublicKey,
    /// The validator's key, Ed25519.
    pub validator: [u8; 32],
    /// Where peers find the node.
    pub place: NodePlace,
}

/// Where a node is found: its gateway at port 26680, its engine at 26656.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodePlace {
    /// The engine's own name for it: 40 hex digits, the hash of its node key.
    pub node: String,
    /// Address that the others reach.
    pub address: IpAddr,
}

impl Card {
    /// Reads a card.
    ///
    /// # Errors
    /// [`DocumentError`]
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let value = document::object(bytes, MAX_CARD, "sealight_node")?;
        Ok(Self {
            name: document::text(&value, "name")?.into(),
            operator: document::text(&value, "operator")?.into(),
            member: document::key(&value, "member")?,
            validator: document::bytes32(&value, "validator")?,
            place: NodePlace::of_json(&value)?,
        })
    }

    /// The card as JSON.
    pub fn document(&self) -> Value {
        json!({
            "sealight_node": 1,
            "name": self.name,
            "operator": self.operator,
            "member": {
                "algorithm": self.member.algorithm.name(),
                "public": document::hex(&self.member.bytes),
            },
            "validator": document::hex(&self.validator),
            "node": self.place.node,
            "address": self.place.address.to_string(),
        })
    }
}

impl NodePlace {
    pub(super) fn of_json(value: &Value) -> Result<Self, DocumentError> {
        let node = document::text(value, "node")?;
        let lower = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
        if node.len() != 40 || !node.chars().all(lower) {
            return Err(DocumentError::Field { name: "node" });
        }
        Ok(Self { node: node.into(), address: document::parsed(value, "address")? })
    }

    /// The gateway's address.
    pub fn gateway(&self) -> SocketAddr {
        SocketAddr::new(self.address, GATEWAY_PORT)
    }

    /// As the engine's settings name a peer.
    pub(super) fn peer(&self) -> String {
        format!("{}@{}", self.node, SocketAddr::new(self.address, P2P_PORT))
    }
}
