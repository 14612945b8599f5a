//! Formats: what records, lots, entries and state look like in bytes.

pub mod ids;
