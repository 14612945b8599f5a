//! Formats: what seals, records, lots, entries and state look like in bytes.
//!
//! Every structure is deterministic CBOR ([`crate::codec`]) with its version at key 0 and a length
//! limit that is asked before parsing. `bounds` methods check what CBOR cannot say.

pub mod answer;
pub mod bounds;
pub mod bundle;
pub mod entry;
pub mod event;
pub mod governance;
pub mod ids;
pub mod index;
pub mod life;
pub mod log;
pub mod lot;
pub mod namespace;
pub mod pack;
pub mod party;
pub mod picture;
pub mod private;
pub mod record;
pub mod seal;
pub mod slice;
pub mod state;
