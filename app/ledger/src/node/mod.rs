//! A member's node: CometBFT with the ledger's application and gateway beside it.
//!
//! [`command`] is what a member runs; [`Network`] makes a whole network on one machine, for a demo
//! or to develop against. A node's gateway serves every path at one address: what the application
//! knows it answers itself, the rest it asks of the engine.

mod application;
mod child;
mod comet;
mod command;
mod control;
mod copier;
mod error;
mod founding;
mod http;
mod layout;
mod ledger;
mod metrics;
mod network;
mod supervisor;

pub use comet::{Pace, find_engine};
pub use command::command;
pub use error::NodeError;
pub use founding::{
    Card, DocumentError, Joined, Listen, MAX_CARD, MAX_SHARED, NodePlace, Shared, found, join,
    make_card,
};
pub use layout::NodeConfig;
pub use network::{Network, NetworkOptions, NodeStatus};
pub use supervisor::{READY, RunOptions, run};

/// The key with which a node signs blocks; that of a node with a signer is the signer's to tell.
fn own_validator_key(node: &std::path::Path) -> Result<[u8; 32], NodeError> {
    if NodeConfig::read(node)?.signer.is_some() {
        // The engine makes itself a key there, which is no validator's.
        return Err(NodeError::SignersKey);
    }
    comet::validator_key(&node.join("comet"))
}
