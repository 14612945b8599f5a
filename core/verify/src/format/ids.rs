//! Identifiers: what a thing is called, derived by hash so that nobody can squat on one.

use crate::codec::fixed_bytes;
use crate::hash::{Hash32, tagged, tags};

fixed_bytes!(
    /// SM3 of a ledger's genesis document; part of every signature, so nothing replays elsewhere.
    LedgerId,
    32
);

fixed_bytes!(
    /// First 8 bytes of a ledger id, as printed in seals.
    ShortLedgerId,
    8
);

fixed_bytes!(
    /// First 16 bytes of the hash of a party's registration: keys rotate, the id stays.
    PartyId,
    16
);

fixed_bytes!(
    /// First 8 bytes of the hash of issuer and lot number.
    LotId,
    8
);

impl LedgerId {
    /// The id of the ledger that starts with this genesis document.
    pub fn of_genesis(document: &[u8]) -> Self {
        Self(tagged(&tags::LEDGER, &[document]).0)
    }

    /// The short id that seals carry.
    pub fn short(&self) -> ShortLedgerId {
        ShortLedgerId(first(&self.0))
    }
}

impl PartyId {
    /// The id of the party with this registration body (canonical bytes) on this ledger.
    pub fn of_registration(ledger: &LedgerId, body: &[u8]) -> Self {
        Self(first(&tagged(&tags::PARTY_ID, &[&ledger.0, body]).0))
    }
}

impl LotId {
    /// The id of an issuer's lot number; another issuer's number never gives the same id.
    pub fn of_number(issuer: &PartyId, number: u64) -> Self {
        Self(first(&tagged(&tags::LOT_ID, &[&issuer.0, &number.to_be_bytes()]).0))
    }
}

impl From<LedgerId> for Hash32 {
    fn from(id: LedgerId) -> Self {
        Self(id.0)
    }
}

fn first<const N: usize>(bytes: &[u8; 32]) -> [u8; N] {
    core::array::from_fn(|i| bytes[i])
}
