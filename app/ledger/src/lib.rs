//! The consortium ledger: its state machine and the embedded single-process ledger.
//!
//! [`state`] is the deterministic state machine, [`answer`] what it answers with proofs, [`files`]
//! what stands beside it; [`embedded`] runs all of them in one process and [`gateway`] serves it.
//! [`abci`] and `node` run the same state machine on CometBFT; [`book`] is the guide for members.

pub mod abci;
pub mod answer;
pub mod book;
pub mod embedded;
pub mod files;
pub mod gateway;
mod log;
mod meter;
#[cfg(unix)]
pub mod node;
pub mod records;
#[cfg(unix)]
pub mod signer;
pub mod snapshot;
pub mod state;
mod trust_files;

#[cfg(test)]
mod scratch;
#[cfg(test)]
mod world;
