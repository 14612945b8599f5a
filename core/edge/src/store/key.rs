//! What a bundle is kept under.

use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::index::code_key;
use sealight_verify::judge::{Named, SealClaim};

/// Names one item of one ledger, by its number or by a code of the brand's own.
///
/// The secret is no part of it: a true and an invented seal with one number meet one bundle, which
/// tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealKey {
    /// By lot and index.
    Item {
        /// The ledger.
        ledger: LedgerId,
        /// The lot.
        lot: LotId,
        /// The index in it.
        index: u32,
    },
    /// By the hash of a code.
    Code {
        /// The ledger.
        ledger: LedgerId,
        /// Key of the code in its index.
        code: [u8; 32],
    },
}

impl SealKey {
    /// The key of what a claim names on this ledger.
    pub fn of(ledger: &LedgerId, claim: &SealClaim) -> Self {
        match &claim.names {
            Named::Item(name) => Self::Item { ledger: *ledger, lot: name.lot, index: name.index },
            Named::Code(code) => Self::Code { ledger: *ledger, code: code_key(code).0 },
        }
    }

    /// The ledger.
    pub fn ledger(&self) -> &LedgerId {
        match self {
            Self::Item { ledger, .. } | Self::Code { ledger, .. } => ledger,
        }
    }

    /// The key as the store has it: ledger id, then lot and index (12 bytes) or hash (32 bytes).
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Item { ledger, lot, index } => {
                [&ledger.0[..], &lot.0, &index.to_be_bytes()].concat()
            }
            Self::Code { ledger, code } => [ledger.0, *code].concat(),
        }
    }
}
