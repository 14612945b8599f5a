//! A node's card: what its member tells the others of it. It holds no secret.
//!
//! ```text
//! { "sealight_node": 1, "name": "North Distillery Ltd", "operator": "North",
//!   "member": { "algorithm": "sm2", "public": HEX }, "validator": HEX,
//!   "node": "40 hex digits", "address": "192.0.2.1", "gateway": "https://seal.north.example" }
//! ```
//!
//! `gateway` is where clients ask the node, if they are to ask it: through a TLS server before it.

use super::document::{self, DocumentError};
use crate::node::comet::P2P_PORT;
use crate::node::network::GATEWAY_PORT;
use sealight_verify::sign::PublicKey;
use serde_json::{Value, json};
use std::net::{IpAddr, SocketAddr};

/// Longest address of a gateway, as clients have it.
const MAX_URL: usize = 256;
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
    /// Where clients ask it, if that is not the gateway's own address.
    pub url: Option<String>,
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
        let mut card = json!({
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
        });
        self.place.write_url(&mut card);
        card
    }
}

impl NodePlace {
    pub(super) fn of_json(value: &Value) -> Result<Self, DocumentError> {
        let node = document::text(value, "node")?;
        let lower = |digit: char| matches!(digit, '0'..='9' | 'a'..='f');
        if node.len() != 40 || !node.chars().all(lower) {
            return Err(DocumentError::Field { name: "node" });
        }
        let url = value.get("gateway").filter(|url| !url.is_null());
        let url = url.map(|_| document::text(value, "gateway").map(str::to_owned)).transpose()?;
        if url.as_ref().is_some_and(|url| url.is_empty() || url.len() > MAX_URL) {
            return Err(DocumentError::Field { name: "gateway" });
        }
        Ok(Self { node: node.into(), address: document::parsed(value, "address")?, url })
    }

    pub(super) fn write_url(&self, document: &mut Value) {
        if let Some(url) = &self.url {
            document["gateway"] = url.as_str().into();
        }
    }

    /// Where clients ask the node, as a trust file lists it.
    pub fn client_url(&self) -> String {
        self.url.clone().unwrap_or_else(|| format!("http://{}", self.gateway()))
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
