//! Testkit: a whole ledger in memory, honest unless a test says otherwise.
//!
//! [`World`] runs the ledger's real state machine and signs its blocks with validators in this
//! process, with a clock that only tests move. Nothing in it is random, so every run is the same.

pub mod codes;
mod device;
pub mod gateway;
mod gateway_call;
pub mod gateway_ledger;
pub mod item;
pub mod nginx;
pub mod program;
pub mod shapes;
mod slice;
mod world;
pub mod wrk;

pub use device::Device;
pub use item::{Lot, Minting, rows};
pub use slice::slice;
pub use world::{Layout, PartyKeys, World, at, gateway};
