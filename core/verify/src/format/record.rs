//! Item records: the leaves of a lot.

use super::bounds::{BoundsError, length, optional_text, require, text};
use crate::codec::{Blob, Versioned};
use crate::hash::{Hash32, Sm3, tags};
use crate::time::Timestamp;
use crate::tree::log;
use alloc::string::String;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// What carries a seal on a product, the weaker first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, serde::Serialize)]
#[cbor(index_only)]
#[serde(rename_all = "lowercase")]
pub enum Carrier {
    /// A printed code.
    #[n(0)]
    Qr,
    /// A UHF tag: identity only.
    #[n(1)]
    Uhf,
    /// An NFC chip without keys.
    #[n(2)]
    Nfc,
    /// An NFC chip that gives a fresh code at each tap.
    #[n(3)]
    NfcTap,
    /// An NFC chip that answers a challenge.
    #[n(4)]
    NfcChallenge,
}

/// One line of a record: what (a key of the category's template) and the value as text.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize)]
pub struct Field {
    /// Key, such as `origin`.
    #[n(0)]
    pub key: String,
    /// Value, as shown.
    #[n(1)]
    pub value: String,
}

/// Committed codes of a chip that gives a fresh code at each tap (NTAG 424 DNA SUN).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TapCodes {
    /// UID of the chip, 7 bytes.
    #[n(0)]
    pub uid: Blob,
    /// Random per item, 16 bytes: no table can be built before the lot is published.
    #[n(1)]
    pub salt: Blob,
    /// For counters 1, 2, ... the first 8 bytes of each code's hash, one after the other.
    #[n(2)]
    pub codes: Blob,
}

/// What the issuer records of one item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ItemRecord {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Commitment to the seal's secret: [`super::seal::commitment`].
    #[n(1)]
    pub commitment: Hash32,
    /// What the product is called; the issuer's words.
    #[n(2)]
    pub product: String,
    /// Brand name; must lie in the lot's declared namespaces.
    #[n(3)]
    pub brand: Option<String>,
    /// GTIN as 14 digits; must lie in the lot's declared namespaces.
    #[n(4)]
    pub gtin: Option<String>,
    /// Serial number.
    #[n(5)]
    pub serial: Option<String>,
    /// Batch name.
    #[n(6)]
    pub batch: Option<String>,
    /// Category, a template's name such as `baijiu`.
    #[n(7)]
    pub category: String,
    /// Last moment of its shelf life.
    #[n(8)]
    pub expires: Option<Timestamp>,
    /// What the item was made with; at least one.
    #[n(9)]
    pub carriers: Vec<Carrier>,
    /// Public fields in the order to be shown; at most 32.
    #[n(10)]
    pub fields: Vec<Field>,
    /// Fields for holders of the seal, encrypted: [`super::private`].
    #[n(11)]
    pub private: Option<Blob>,
    /// Tap codes.
    #[n(12)]
    pub taps: Option<TapCodes>,
}

impl Versioned for ItemRecord {
    const NAME: &'static str = "item record";
    const MAX_LEN: usize = 8 * 1024;
}

/// Most tap codes of one item.
pub const MAX_TAPS: usize = 256;

impl ItemRecord {
    /// Refuses what no record can hold.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        text("product", &self.product)?;
        text("category", &self.category)?;
        optional_text("brand", &self.brand)?;
        optional_text("serial", &self.serial)?;
        optional_text("batch", &self.batch)?;
        require(
            "gtin",
            self.gtin
                .as_ref()
                .is_none_or(|gtin| gtin.len() == 14 && gtin.bytes().all(|b| b.is_ascii_digit())),
        )?;
        require("carriers", self.carriers.windows(2).all(|pair| pair[0] < pair[1]))?;
        require("carriers", !self.carriers.is_empty())?;
        length("fields", self.fields.len(), 32)?;
        for field in &self.fields {
            text("field key", &field.key)?;
            text("field value", &field.value)?;
        }
        if let Some(taps) = &self.taps {
            require("tap uid", taps.uid.len() == 7)?;
            require("tap salt", taps.salt.len() == 16)?;
            require("tap codes", taps.codes.len().is_multiple_of(8) && !taps.codes.is_empty())?;
            length("tap codes", taps.codes.len() / 8, MAX_TAPS)?;
        }
        Ok(())
    }

    /// The strongest carrier that the item was made with.
    pub fn strongest_carrier(&self) -> Carrier {
        self.carriers.iter().copied().max().unwrap_or(Carrier::Qr)
    }
}

/// Leaf hash of a record's canonical bytes in its lot's tree (RFC 9162, section 2.1.1, SM3).
pub fn leaf(record: &[u8]) -> Hash32 {
    log::leaf_hash::<Sm3>(&[tags::ITEM.as_bytes(), record])
}
