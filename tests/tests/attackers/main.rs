//! Attackers, each with what it wants and what the device says in the end.

mod brands;
mod headers;
mod keys;
mod lives;
mod lots;
mod roots;
mod support;
