//! Life: what became of each item of a lot; a tree with 64 items to a leaf.
//!
//! A leaf is 64 bytes, one an item: bits 0 to 2 the state, bit 3 recalled by the issuer, bit 4
//! recalled by an authority, the rest zero. Slots past the lot's size keep the initial state, so
//! that an untouched lot has the same leaf everywhere and its root needs no proof.

use crate::hash::{Hash32, Sm3, tags};
use crate::tree::log;
use minicbor::{Decode, Encode};

/// Items to a leaf.
pub const LEAF_ITEMS: u32 = 64;

/// Where an item stands; forward only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum LifeState {
    /// Label made, not yet on a product.
    #[n(0)]
    NotApplied,
    /// On a product, for sale.
    #[n(1)]
    InTrade,
    /// Sold to a consumer.
    #[n(2)]
    Sold,
    /// Opened.
    #[n(3)]
    Opened,
    /// Withdrawn: spoiled, or stolen before use.
    #[n(4)]
    Void,
}

impl LifeState {
    /// Whether a step from here to `next` goes forward.
    pub fn may_become(self, next: Self) -> bool {
        next > self
    }

    fn from_bits(bits: u8) -> Option<Self> {
        [Self::NotApplied, Self::InTrade, Self::Sold, Self::Opened, Self::Void]
            .get(usize::from(bits))
            .copied()
    }
}

/// Life of one item: state, and who recalled it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemLife {
    /// Where it stands.
    pub state: LifeState,
    /// Recalled by its issuer.
    pub recalled_by_issuer: bool,
    /// Recalled by an authority.
    pub recalled_by_authority: bool,
}

impl ItemLife {
    /// An item in `state`, not recalled.
    pub fn new(state: LifeState) -> Self {
        Self { state, recalled_by_issuer: false, recalled_by_authority: false }
    }

    /// The item's byte in its leaf.
    pub fn byte(self) -> u8 {
        self.state as u8
            | u8::from(self.recalled_by_issuer) << 3
            | u8::from(self.recalled_by_authority) << 4
    }

    /// Reads the item's byte; `None` where no life has it.
    pub fn from_byte(byte: u8) -> Option<Self> {
        if byte >> 5 != 0 {
            return None;
        }
        Some(Self {
            state: LifeState::from_bits(byte & 7)?,
            recalled_by_issuer: byte & 8 != 0,
            recalled_by_authority: byte & 16 != 0,
        })
    }
}

/// Number of leaves of a lot with `size` items.
pub fn leaf_count(size: u32) -> u64 {
    u64::from(size.div_ceil(LEAF_ITEMS))
}

/// Leaf hash of 64 items' bytes.
pub fn leaf(bytes: &[u8]) -> Hash32 {
    log::leaf_hash::<Sm3>(&[tags::LIFE.as_bytes(), bytes])
}

/// Root of a lot of `size` items that are all in `initial`.
pub fn untouched_root(initial: LifeState, size: u32) -> Hash32 {
    let bytes = [ItemLife::new(initial).byte(); LEAF_ITEMS as usize];
    log::uniform_root::<Sm3>(&leaf(&bytes), leaf_count(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn life_goes_forward_only() {
        use LifeState::*;
        assert!(NotApplied.may_become(InTrade) && InTrade.may_become(Opened));
        assert!(InTrade.may_become(Void) && Opened.may_become(Void));
        assert!(!Sold.may_become(InTrade) && !Sold.may_become(Sold) && !Void.may_become(Sold));
    }

    #[test]
    fn a_life_byte_comes_back_and_nothing_else_is_one() {
        let known = (0..=255u8).filter_map(ItemLife::from_byte).count();
        assert_eq!(known, 5 * 4);
        for byte in 0..=255u8 {
            assert!(ItemLife::from_byte(byte).is_none_or(|life| life.byte() == byte));
        }
    }
}
