//! The light client against synthetic ledgers: rules, attacks, trust, synchronising.

mod attacks;
mod bytes;
mod chain;
mod comet_rules;
mod forks;
mod json;
mod support;
mod sync;
mod trust_file;
