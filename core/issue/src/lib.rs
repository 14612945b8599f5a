//! The issuer's side: builds and signs lots, entries and labels.
//!
//! Pure: files, time and randomness come in as arguments. Whatever is made here is read back by
//! `sealight-verify` and by nothing of its own.

pub mod comet;
pub mod entry;
pub mod index;
pub mod key;
mod key_file;
pub mod label;
pub mod lot;
pub mod outside;
pub mod report_key;
pub mod rows;
pub mod taps;
pub mod trust;

pub use key_file::MAX_FILE as MAX_KEY_FILE;
