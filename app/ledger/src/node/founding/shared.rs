//! What all members of a network hold alike: its genesis, and where its nodes are.
//!
//! ```text
//! { "sealight_network": 1, "name": "North and friends", "interval_ms": 60000, "genesis": BASE64,
//!   "nodes": [ { "operator": "North", "node": "40 hex digits", "address": "192.0.2.1" } ] }
//! ```
//!
//! Whoever changes a bit of the genesis changes the ledger's id, which members compare.

use super::card::NodePlace;
use super::document::{self, DocumentError};
use crate::state::Genesis;
use base64ct::{Base64, Encoding};
use sealight_verify::trust::{LedgerKind, LedgerTrust, Operator, Periods, ValidatorKey};
use serde_json::{Value, json};
use std::time::Duration;

/// Most bytes of a network's file: a genesis of a megabyte in base64, and 128 nodes.
pub const MAX_SHARED: usize = 2 * 1024 * 1024;
/// Longest interval, an hour; see `sealight network up`.
const MAX_INTERVAL: u64 = 3_600_000;

/// A network as its members share it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The ledger's name for people.
    pub name: String,
    /// Longest time without a block.
    pub interval: Duration,
    /// What the ledger starts with.
    pub genesis: Genesis,
    /// Every node with its operator.
    pub nodes: Vec<(String, NodePlace)>,
}

impl Shared {
    /// Reads a network's file.
    ///
    /// # Errors
    /// [`DocumentError`]
    pub fn decode(bytes: &[u8]) -> Result<Self, DocumentError> {
        let value = document::object(bytes, MAX_SHARED, "sealight_network")?;
        let field = |name| DocumentError::Field { name };
        let interval = value.get("interval_ms").and_then(Value::as_u64);
        let interval = interval.filter(|millis| (1..=MAX_INTERVAL).contains(millis));
        let genesis = Genesis::decode(&document::base64(&value, "genesis")?);
        let genesis = genesis.ok().filter(|genesis| genesis.bounds().is_ok());
        let nodes = value.get("nodes").and_then(Value::as_array).ok_or(field("nodes"))?;
        let node =
            |node| Ok((document::text(node, "operator")?.to_owned(), NodePlace::of_json(node)?));
        Ok(Self {
            name: document::text(&value, "name")?.into(),
            interval: Duration::from_millis(interval.ok_or(field("interval_ms"))?),
            genesis: genesis.ok_or(field("genesis"))?,
            nodes: nodes.iter().map(node).collect::<Result<_, _>>()?,
        })
    }

    /// The file as JSON.
    pub fn document(&self) -> Value {
        let node = |(operator, place): &(String, NodePlace)| {
            let mut node = json!({
                "operator": operator,
                "node": place.node,
                "address": place.address.to_string(),
            });
            place.write_url(&mut node);
            node
        };
        json!({
            "sealight_network": 1,
            "name": self.name,
            "interval_ms": self.interval.as_millis() as u64,
            "genesis": Base64::encode_string(&self.genesis.encode()),
            "nodes": self.nodes.iter().map(node).collect::<Vec<_>>(),
        })
    }

    /// What a trust file says of the ledger: each operator once, with its validators and gateways.
    pub fn ledger_trust(&self) -> LedgerTrust {
        let mut operators: Vec<Operator> = Vec::new();
        let mut of = |name: &str| {
            let found = operators.iter().position(|operator| operator.name == name);
            found.unwrap_or_else(|| {
                let (name, validators, gateways) = (name.to_owned(), Vec::new(), Vec::new());
                operators.push(Operator { name, validators, gateways });
                operators.len() - 1
            })
        };
        let places: Vec<usize> = self.nodes.iter().map(|(name, _)| of(name)).collect();
        let seats: Vec<usize> =
            self.genesis.validators.seats.iter().map(|seat| of(&seat.operator)).collect();
        for (at, (_, place)) in places.into_iter().zip(&self.nodes) {
            operators[at].gateways.push(place.client_url());
        }
        for (at, seat) in seats.into_iter().zip(&self.genesis.validators.seats) {
            // The genesis was refused with a key of another length.
            let key = seat.key[..].try_into().map(ValidatorKey);
            operators[at].validators.extend(key);
        }
        LedgerTrust {
            id: self.genesis.ledger(),
            name: self.name.clone(),
            chain_id: self.genesis.chain_id.clone(),
            kind: LedgerKind::Comet,
            genesis: self.genesis.time,
            operators,
            periods: Periods::DEFAULT,
            least_operators: 1,
        }
    }
}
