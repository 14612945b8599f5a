//! What a party and a gateway's mailbox say to each other.

use super::letter::Ticket;
use crate::codec::{Blob, Versioned};
use crate::format::bounds::{BoundsError, length, require};
use crate::format::ids::{LedgerId, PartyId};
use crate::format::party::{KeyStanding, Party};
use crate::hash::{Hash32, tags};
use crate::sign::Signature;
use crate::time::Timestamp;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Most letters of one answer.
pub const MAX_LETTERS: usize = 64;
/// Most tickets of one request.
pub const MAX_TICKETS: usize = 64;
/// Most letters that one request throws away.
pub const MAX_DISCARDED: usize = 64;
/// Seconds by which a request may be older or newer than a gateway's clock.
const MAX_SKEW: i64 = 300;

/// A party asks for its letters. It is bound to its time, so a request that was overheard is soon
/// worth nothing; and letters are sealed, so it was never worth much.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Collect {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// The party.
    #[n(2)]
    pub party: PartyId,
    /// Place of the signing key among its keys.
    #[n(3)]
    pub key: u16,
    /// When it asks.
    #[n(4)]
    pub at: Timestamp,
    /// Letters behind this one, in the order of their ids; from the first where there is none.
    #[n(5)]
    pub after: Option<Hash32>,
    /// Over [`Collect::signed_bytes`].
    #[n(6)]
    pub signature: Signature,
}

impl Versioned for Collect {
    const NAME: &'static str = "request for letters";
    const MAX_LEN: usize = 512;
}

impl Collect {
    /// A request that is not signed yet.
    pub fn unsigned(ledger: LedgerId, party: PartyId, key: u16, at: Timestamp) -> Self {
        let signature = Signature([0; 64]);
        Self { version: 1, ledger, party, key, at, after: None, signature }
    }

    /// What the party signs.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let after = self.after.map_or(Vec::new(), |after| after.0.to_vec());
        let (key, at) = (self.key.to_be_bytes(), self.at.secs().to_be_bytes());
        [tags::REPORT_COLLECT.as_bytes(), &self.ledger.0, &self.party.0, &key, &at, &after].concat()
    }

    /// Whether the party asks, now, with a key in force at this height.
    pub fn is_by(&self, party: &Party, height: u64, now: Timestamp) -> bool {
        let timely = is_timely(self.at, now);
        timely && is_signed(party, height, self.key, &self.signed_bytes(), &self.signature)
    }
}

fn is_timely(at: Timestamp, now: Timestamp) -> bool {
    at.secs().abs_diff(now.secs()) <= MAX_SKEW.unsigned_abs()
}

/// Whether the key in this place among the party's is in force at this height and signed that.
fn is_signed(party: &Party, height: u64, place: u16, bytes: &[u8], signature: &Signature) -> bool {
    let in_force = party.key_standing(place, height) == Some(KeyStanding::InForce);
    let key = party.keys.get(usize::from(place));
    in_force && key.is_some_and(|key| key.key.verify(bytes, signature).is_ok())
}

/// Letters of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Page {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Letters in the order of their ids, each with a version of its own; at most
    /// [`MAX_LETTERS`].
    #[n(1)]
    pub letters: Vec<Blob>,
    /// Whether there are more behind them.
    #[n(2)]
    pub more: bool,
}

impl Versioned for Page {
    const NAME: &'static str = "page of letters";
    const MAX_LEN: usize = MAX_LETTERS * 2400;
}

impl Page {
    /// Refuses what no page can hold.
    ///
    /// # Errors
    /// [`BoundsError`] for too many letters, or for none although there are more.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("letters", self.letters.len(), MAX_LETTERS)?;
        require("letters", !self.more || !self.letters.is_empty())
    }
}

/// Tickets that take letters out of a party's mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Take {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The party.
    #[n(1)]
    pub party: PartyId,
    /// At most [`MAX_TICKETS`].
    #[n(2)]
    pub tickets: Vec<Ticket>,
}

impl Versioned for Take {
    const NAME: &'static str = "tickets";
    const MAX_LEN: usize = 64 + MAX_TICKETS * 34;
}

impl Take {
    /// Refuses what no request can hold.
    ///
    /// # Errors
    /// [`BoundsError`] for too many tickets.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("tickets", self.tickets.len(), MAX_TICKETS)
    }
}

/// A party throws letters away by their names: those that do not open have no ticket to show. It is
/// bound to its time as [`Collect`] is; sent again, it names the same letters and no other.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Discard {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// The party.
    #[n(2)]
    pub party: PartyId,
    /// Place of the signing key among its keys.
    #[n(3)]
    pub key: u16,
    /// When it asks.
    #[n(4)]
    pub at: Timestamp,
    /// Ids of the letters, at most [`MAX_DISCARDED`].
    #[n(5)]
    pub letters: Vec<Hash32>,
    /// Over [`Discard::signed_bytes`].
    #[n(6)]
    pub signature: Signature,
}

impl Versioned for Discard {
    const NAME: &'static str = "request to discard letters";
    const MAX_LEN: usize = 256 + MAX_DISCARDED * 34;
}

impl Discard {
    /// A request that is not signed yet.
    pub fn unsigned(
        ledger: LedgerId,
        party: PartyId,
        key: u16,
        at: Timestamp,
        letters: Vec<Hash32>,
    ) -> Self {
        Self { version: 1, ledger, party, key, at, letters, signature: Signature([0; 64]) }
    }

    /// What the party signs.
    pub fn signed_bytes(&self) -> Vec<u8> {
        let (key, at) = (self.key.to_be_bytes(), self.at.secs().to_be_bytes());
        let tag = tags::REPORT_DISCARD.as_bytes();
        let mut bytes = [tag, &self.ledger.0, &self.party.0, &key, &at].concat();
        self.letters.iter().for_each(|letter| bytes.extend_from_slice(&letter.0));
        bytes
    }

    /// Whether the party asks, now, with a key in force at this height.
    pub fn is_by(&self, party: &Party, height: u64, now: Timestamp) -> bool {
        let timely = is_timely(self.at, now);
        timely && is_signed(party, height, self.key, &self.signed_bytes(), &self.signature)
    }

    /// Refuses what no request can hold.
    ///
    /// # Errors
    /// [`BoundsError`] for too many letters.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        length("letters", self.letters.len(), MAX_DISCARDED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    #[test]
    fn the_longest_request_to_discard_is_read() {
        let (ledger, party) = (LedgerId([1; 32]), PartyId([2; 16]));
        let at = Timestamp::from_unix_secs(i64::MAX / 4);
        let letters = alloc::vec![Hash32([3; 32]); MAX_DISCARDED];
        let longest = Discard::unsigned(ledger, party, u16::MAX, at, letters);
        assert_eq!(longest.bounds(), Ok(()));
        assert_eq!(codec::decode(&codec::encode(&longest)), Ok(longest.clone()));
        let longer =
            Discard { letters: alloc::vec![Hash32([3; 32]); MAX_DISCARDED + 1], ..longest };
        assert!(longer.bounds().is_err());
    }
}
