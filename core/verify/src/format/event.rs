//! Trace events: what parties say happened to a lot.

use super::bounds::{BoundsError, length, optional_text, require, text};
use super::ids::LotId;
use super::record::Field;
use crate::hash::{Hash32, Sm3, tags};
use crate::time::Timestamp;
use crate::tree::log;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Adjacent items of a lot, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct ItemRange {
    /// Index of the first item.
    #[n(0)]
    pub first: u32,
    /// Index of the last item.
    #[n(1)]
    pub last: u32,
}

impl ItemRange {
    /// Whether the range is in order and ends inside a lot of `size` items.
    pub fn fits(&self, size: u32) -> bool {
        self.first <= self.last && self.last < size
    }

    /// Whether the item lies in the range.
    pub fn holds(&self, index: u32) -> bool {
        (self.first..=self.last).contains(&index)
    }
}

/// One thing that happened, as its party says.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TraceEvent {
    /// The lot.
    #[n(0)]
    pub lot: LotId,
    /// Which items; all when absent.
    #[n(1)]
    pub items: Option<ItemRange>,
    /// What happened: a step name such as `brewing`, `inspecting`, `shipping`.
    #[n(2)]
    pub step: String,
    /// When it happened, as the party says.
    #[n(3)]
    pub at: Timestamp,
    /// Where, as the party says.
    #[n(4)]
    pub place: Option<String>,
    /// Facts in the order to be shown; at most 32.
    #[n(5)]
    pub facts: Vec<Field>,
    /// Whether the facts come from a sensor rather than from a person.
    #[n(6)]
    pub sensor: bool,
    /// Hash of a document or picture.
    #[n(7)]
    pub document: Option<Hash32>,
}

impl TraceEvent {
    /// Refuses what no event can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        require("items", self.items.is_none_or(|items| items.first <= items.last))?;
        text("step", &self.step)?;
        optional_text("place", &self.place)?;
        length("facts", self.facts.len(), 32)?;
        for fact in &self.facts {
            text("fact key", &fact.key)?;
            text("fact value", &fact.value)?;
        }
        Ok(())
    }
}

/// Leaf hash of an event in its lot: the height and block time at which it was entered, and the
/// whole signed entry.
pub fn leaf(height: u64, at: &Timestamp, entry: &[u8]) -> Hash32 {
    log::leaf_hash::<Sm3>(&[
        tags::EVENT.as_bytes(),
        &height.to_be_bytes(),
        &at.secs().to_be_bytes(),
        &at.nanos().to_be_bytes(),
        entry,
    ])
}
