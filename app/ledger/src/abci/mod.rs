//! The ledger as an application of CometBFT 0.38 (ABCI 2), unmodified nodes in front of it.
//!
//! [`App`] is the application: the same state machine as everywhere, made durable block by block.
//! [`serve`] lets an engine talk to it over a socket. Nothing in the state but entries in their
//! order and the height and time of their block: after any crash the engine hands over again what
//! was not durable, and the same state comes of it.
//!
//! What is held against the engine's known traps: one result for each entry, in order; validator
//! updates as the difference of two sets; a proposal with any refused entry is rejected; the state
//! root stays as it is in an empty block; what cannot be carried on with stops the process.

mod app;
mod blocks;
mod error;
mod execute;
mod genesis;
mod sync;
mod view;
mod wire;

pub use app::{App, AppOptions, Tip};
pub use error::AbciError;
/// The engine's messages as the wire has them (CometBFT 0.38).
pub use tendermint_proto::v0_38::abci as messages;
pub use wire::{Application, Halt, Socket, serve};

#[cfg(test)]
mod tests;
