//! Four real nodes of CometBFT with our application: what a consortium has to stand.

#[path = "../consortium_support/mod.rs"]
mod consortium_support;

mod agree;
mod agree_oracles;
mod faults;
mod flat;
mod kills;
mod liars;
mod lots;
mod rotation;
mod scan;
mod served;
mod speed;
