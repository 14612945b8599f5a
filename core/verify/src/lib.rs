//! What is true: hashes, Merkle proofs, headers, ledger protocols, trust policy, verdict.
//!
//! Pure: `no_std` with alloc, no clock, no IO, no unsafe. Time, randomness and keys come in as
//! arguments; whatever is proven is a type that only this crate can make. Start at
//! [`judge::verify`], the one function that decides.
#![cfg_attr(not(test), no_std)]

extern crate alloc;

pub mod book;
pub mod chain;
pub mod codec;
pub mod comet;
pub mod follow;
pub mod format;
pub mod hash;
pub mod judge;
pub mod report;
pub mod sign;
pub mod time;
pub mod tree;
pub mod trust;
