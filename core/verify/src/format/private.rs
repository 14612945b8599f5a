//! Private fields of a record, for whoever holds the seal.
//!
//! ChaCha20-Poly1305 (RFC 8439) under SM3(tag, commitment's context, secret); the key is used for
//! one message only, so the nonce is zero. The inner hash does not open them.

use super::ids::{LedgerId, LotId};
use super::record::Field;
use super::seal::Secret;
use crate::hash::{tagged, tags};
use alloc::vec::Vec;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

/// Most bytes of the encrypted fields.
pub const MAX_LEN: usize = 2048;

/// Which item private fields belong to.
#[derive(Debug, Clone, Copy)]
pub struct ItemPlace<'a> {
    /// The ledger.
    pub ledger: &'a LedgerId,
    /// The lot.
    pub lot: &'a LotId,
    /// The item's index.
    pub index: u32,
}

/// The encrypted fields cannot be opened with this secret, or are no fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotOpened;

impl core::fmt::Display for NotOpened {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the private fields do not open with this seal")
    }
}

impl core::error::Error for NotOpened {}

/// Encrypts fields for the holder of `secret`.
pub fn close(place: ItemPlace<'_>, secret: &Secret, fields: &Vec<Field>) -> Vec<u8> {
    // Encryption fails only beyond 256 GiB.
    cipher(place, secret)
        .encrypt(&Nonce::default(), crate::codec::encode(fields).as_slice())
        .unwrap_or_default()
}

/// Opens what [`close`] encrypted.
///
/// # Errors
/// [`NotOpened`] where the bytes are more than [`MAX_LEN`], were changed or closed with another
/// secret or for another item, or hold no list of fields.
pub fn open(place: ItemPlace<'_>, secret: &Secret, bytes: &[u8]) -> Result<Vec<Field>, NotOpened> {
    if bytes.len() > MAX_LEN {
        return Err(NotOpened);
    }
    let plain = cipher(place, secret).decrypt(&Nonce::default(), bytes).map_err(|_| NotOpened)?;
    minicbor::decode(&plain).map_err(|_| NotOpened)
}

fn cipher(place: ItemPlace<'_>, secret: &Secret) -> ChaCha20Poly1305 {
    let key = tagged(
        &tags::PRIVATE,
        &[&place.ledger.0, &place.lot.0, &place.index.to_be_bytes(), &secret.0],
    );
    ChaCha20Poly1305::new(&Key::from(key.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_secret_of_the_same_item_opens_private_fields() {
        let (ledger, lot) = (LedgerId([1; 32]), LotId([2; 8]));
        let place = ItemPlace { ledger: &ledger, lot: &lot, index: 3 };
        let fields = alloc::vec![Field { key: "owner".into(), value: "A. Li".into() }];
        let closed = close(place, &Secret([9; 16]), &fields);
        assert_eq!(open(place, &Secret([9; 16]), &closed), Ok(fields));
        assert_eq!(open(place, &Secret([8; 16]), &closed), Err(NotOpened));
        let other = ItemPlace { index: 4, ..place };
        assert_eq!(open(other, &Secret([9; 16]), &closed), Err(NotOpened));
    }
}
