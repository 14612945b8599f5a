//! Entries and storage receipts, signed.

use crate::key::{Sign, SigningKey};
use sealight_verify::format::entry::{Body, Endorsement, Entry, signing_bytes};
use sealight_verify::format::ids::{LedgerId, LotId, PartyId};
use sealight_verify::format::lot::{StorageReceipt, receipt_bytes};
use sealight_verify::format::party::Registration;
use sealight_verify::{codec, hash::Hash32};

/// Who signs, and with which of the party's keys.
#[derive(Debug)]
pub struct Signer<'a, K = SigningKey> {
    /// The party.
    pub party: PartyId,
    /// Place of the key among the party's keys on the ledger, the first is 0.
    pub place: u16,
    /// The key.
    pub key: &'a K,
}

impl<K> Clone for Signer<'_, K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K> Copy for Signer<'_, K> {}

impl<'a, K: Sign> Signer<'a, K> {
    /// A party with its first key.
    pub fn first(party: PartyId, key: &'a K) -> Self {
        Self { party, place: 0, key }
    }

    fn endorse(&self, signed: &[u8]) -> Result<Endorsement, K::Error> {
        let signature = self.key.try_sign(signed)?;
        Ok(Endorsement { party: self.party, key: self.place, signature })
    }
}

/// An entry by `signer`, with its own signature; `sequence` is the number that the party's state
/// names as next.
///
/// # Errors
/// Whatever keeps the key from signing.
pub fn try_sign_entry<K: Sign>(
    ledger: &LedgerId,
    sequence: u64,
    body: Body,
    signer: Signer<'_, K>,
) -> Result<Entry, K::Error> {
    let own = signer.endorse(&signing_bytes(ledger, &signer.party, sequence, &body))?;
    let (party, signatures) = (signer.party, vec![own]);
    Ok(Entry { version: 1, ledger: *ledger, party, sequence, body, signatures })
}

/// Adds the signature of somebody who must agree: a member, an authority, or a party's old key.
///
/// # Errors
/// Whatever keeps the key from signing; the entry is then as it was.
pub fn try_endorse<K: Sign>(entry: &mut Entry, signer: Signer<'_, K>) -> Result<(), K::Error> {
    let endorsement = signer.endorse(&entry.signing_bytes())?;
    entry.signatures.push(endorsement);
    Ok(())
}

/// [`try_sign_entry`] by a key in memory.
pub fn sign_entry(ledger: &LedgerId, sequence: u64, body: Body, signer: Signer<'_>) -> Entry {
    let Ok(entry) = try_sign_entry(ledger, sequence, body, signer);
    entry
}

/// [`try_endorse`] by a key in memory.
pub fn endorse(entry: &mut Entry, signer: Signer<'_>) {
    let Ok(()) = try_endorse(entry, signer);
}

/// The id that a registration gets on a ledger.
pub fn party_id(ledger: &LedgerId, registration: &Registration) -> PartyId {
    PartyId::of_registration(ledger, &codec::encode(registration))
}

/// A member's word that it holds all files of a lot, after it recomputed `root` from them.
pub fn sign_receipt(
    ledger: &LedgerId,
    lot: &LotId,
    root: &Hash32,
    size: u32,
    member: Signer<'_>,
) -> StorageReceipt {
    let signature = member.key.sign(&receipt_bytes(ledger, lot, root, size));
    StorageReceipt { member: member.party, key: member.place, signature }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_verify::format::entry::{EntryError, Suspension, verify_endorsement};
    use sealight_verify::format::party::{Party, PartyKey, Roles};
    use sealight_verify::sign::{Algorithm, SignatureError};

    const LEDGER: LedgerId = LedgerId([7; 32]);

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_seed(Algorithm::Sm2, &[seed; 32]).unwrap()
    }

    fn party(key: &SigningKey) -> Party {
        Party {
            version: 1,
            legal_name: "Reverie Distillery Ltd".into(),
            keys: vec![PartyKey { key: key.public(), from: 0, until: None, end: None }],
            roles: Roles::ISSUER,
            namespaces: Vec::new(),
            report_key: None,
            next_sequence: 0,
            recalls: Vec::new(),
            suspended: None,
        }
    }

    fn body() -> Body {
        Body::Suspend(Suspension { party: PartyId([2; 16]), suspended: true })
    }

    #[test]
    fn a_signed_entry_comes_back_and_verifies() {
        let key = key(1);
        let entry = sign_entry(&LEDGER, 4, body(), Signer::first(PartyId([1; 16]), &key));
        let again: Entry = codec::decode(&codec::encode(&entry)).unwrap();
        assert_eq!(again, entry);
        assert_eq!(again.verify_own(&LEDGER, &party(&key)), Ok(()));
    }

    #[test]
    fn an_endorsement_signs_the_same_bytes_and_leaves_the_id() {
        let (key, member) = (key(1), key(2));
        let mut entry = sign_entry(&LEDGER, 4, body(), Signer::first(PartyId([1; 16]), &key));
        let id = entry.id();
        endorse(&mut entry, Signer::first(PartyId([3; 16]), &member));
        assert_eq!(entry.id(), id);
        let signed = entry.signing_bytes();
        assert_eq!(verify_endorsement(&signed, &entry.signatures[1], &party(&member)), Ok(()));
    }

    #[test]
    fn an_entry_of_another_ledger_sequence_or_key_does_not_verify() {
        let key = key(1);
        let entry = sign_entry(&LEDGER, 4, body(), Signer::first(PartyId([1; 16]), &key));
        let mismatch = Err(EntryError::Signature(SignatureError::Mismatch));
        let other = LedgerId([8; 32]);
        let moved = Entry { ledger: other, ..entry.clone() };
        assert_eq!(moved.verify_own(&other, &party(&key)), mismatch);
        let later = Entry { sequence: 5, ..entry.clone() };
        assert_eq!(later.verify_own(&LEDGER, &party(&key)), mismatch);
        assert_eq!(entry.verify_own(&LEDGER, &party(&self::key(2))), mismatch);
    }

    #[test]
    fn a_receipt_is_bound_to_ledger_lot_root_and_size() {
        let key = key(3);
        let (lot, root) = (LotId([4; 8]), Hash32([5; 32]));
        let member = Signer { party: PartyId([6; 16]), place: 2, key: &key };
        let receipt = sign_receipt(&LEDGER, &lot, &root, 64, member);
        assert_eq!((receipt.member, receipt.key), (PartyId([6; 16]), 2));
        let verify = |ledger, lot, root, size| {
            key.public().verify(&receipt_bytes(&ledger, &lot, &root, size), &receipt.signature)
        };
        assert_eq!(verify(LEDGER, lot, root, 64), Ok(()));
        assert!(verify(LedgerId([0; 32]), lot, root, 64).is_err());
        assert!(verify(LEDGER, LotId([0; 8]), root, 64).is_err());
        assert!(verify(LEDGER, lot, Hash32([0; 32]), 64).is_err());
        assert!(verify(LEDGER, lot, root, 65).is_err());
    }
}
