//! The consortium ledger: its state machine and the embedded single-process ledger.

pub mod answer;
pub mod files;
pub mod state;
