//! Testkit, conformance, scenarios, goldens; nobody imports it.
//!
//! [`claims`] holds what the project says of itself, each with the code that shows it;
//! `tests/show` lists and runs them.

pub mod bench;
pub mod claims;
pub mod kit;
