//! The consortium ledger: its state machine and the embedded single-process ledger.
