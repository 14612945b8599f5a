//! Storage receipts of a lot that was uploaded, from gateways of which any may lie.

use super::online::Online;
use super::source::bad;
use crate::cancel::Cancel;
use crate::net::{Fault, NetError};
use sealight_verify::chain::HeaderChain;
use sealight_verify::format::answer::decode_receipts;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::lot::{StorageReceipt, receipt_bytes};
use sealight_verify::format::party::{KeyStanding, Party};
use sealight_verify::hash::Hash32;

impl Online {
    /// Gathers the storage receipts of a lot from every gateway that has all of its files: one a
    /// member, in the members' order.
    ///
    /// The ledger refuses an anchor for a single receipt that does not hold, so one that a lying
    /// gateway made up would keep the lot from being anchored: only those are taken that a member
    /// signed, with a key that is in force, by what is proven under the chain's head.
    ///
    /// A gateway whose answer is no list of receipts has failed like one that gives none: beside
    /// others that answer it holds nobody up, and alone it is told, so that nobody anchors a lot
    /// without receipts and wonders at the ledger's refusal.
    ///
    /// # Errors
    /// What each gateway said where none gave a list, [`NetError::Malformed`] for another answer;
    /// what each lacked of the proof of the members, [`Fault::NoTrust`] where no header is trusted
    /// yet, and [`Fault::Bad`] where no receipt holds; nothing where there is no gateway to ask.
    pub fn receipts(
        &mut self,
        chain: &HeaderChain,
        (lot, root, size): (&LotId, &Hash32, u32),
        cancel: &Cancel,
    ) -> Result<Vec<StorageReceipt>, Vec<Fault>> {
        let lists = self.each(chain.ledger(), |gateway| {
            let list = gateway.receipts(lot, root, size, cancel)?;
            decode_receipts(&list).map_err(|_| NetError::Malformed { what: "storage receipts" })
        })?;
        let given: Vec<StorageReceipt> = lists.into_iter().flatten().collect();
        let (members, _) = self.governance(chain, cancel)?;
        let height = chain.head().map_or(0, |head| head.height());
        let signed = receipt_bytes(chain.ledger(), lot, root, size);
        let mut taken = Vec::new();
        for member in &members.parties {
            let mut of_member = given.iter().filter(|receipt| receipt.member == *member).peekable();
            if of_member.peek().is_none() {
                continue;
            }
            let Some(party) = self.party(chain, member, cancel)? else { continue };
            taken
                .extend(of_member.find(|receipt| holds(receipt, &party, height, &signed)).cloned());
        }
        if taken.is_empty() { Err(vec![bad("no member's receipt of the lot")]) } else { Ok(taken) }
    }
}

/// Whether the ledger would take the receipt, as of a height.
fn holds(receipt: &StorageReceipt, member: &Party, height: u64, signed: &[u8]) -> bool {
    let in_force = member.key_standing(receipt.key, height) == Some(KeyStanding::InForce);
    let key = member.keys.get(usize::from(receipt.key));
    in_force
        && member.suspended.is_none()
        && key.is_some_and(|key| key.key.verify(signed, &receipt.signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_issue::entry::{Signer, sign_receipt};
    use sealight_issue::key::SigningKey;
    use sealight_verify::format::ids::{LedgerId, PartyId};
    use sealight_verify::format::party::{KeyEnd, PartyKey, Roles};
    use sealight_verify::sign::Algorithm;

    #[test]
    fn a_receipt_holds_by_a_key_in_force_of_a_member_that_is_not_suspended() {
        let key = SigningKey::from_seed(Algorithm::Ed25519, &[7; 32]).unwrap();
        let (ledger, lot, root) = (LedgerId([1; 32]), LotId([2; 8]), Hash32([3; 32]));
        let signer = Signer::first(PartyId([4; 16]), &key);
        let receipt = sign_receipt(&ledger, &lot, &root, 10, signer);
        let signed = receipt_bytes(&ledger, &lot, &root, 10);
        let (from, until, end) = (5, None, None);
        let member = Party {
            version: 1,
            legal_name: "Harbour Storage".into(),
            keys: vec![PartyKey { key: key.public(), from, until, end }],
            roles: Roles::MEMBER,
            namespaces: Vec::new(),
            report_key: None,
            next_sequence: 0,
            recalls: Vec::new(),
            suspended: None,
        };
        assert!(holds(&receipt, &member, 9, &signed));
        assert!(!holds(&receipt, &member, 4, &signed), "not in force yet");
        assert!(!holds(&receipt, &member, 9, &receipt_bytes(&ledger, &lot, &root, 11)));
        assert!(!holds(&receipt, &Party { suspended: Some(8), ..member.clone() }, 9, &signed));
        let (until, end) = (Some(8), Some(KeyEnd::Retired));
        let retired = vec![PartyKey { key: key.public(), from, until, end }];
        assert!(!holds(&receipt, &Party { keys: retired, ..member.clone() }, 9, &signed));
        assert!(!holds(&receipt, &Party { keys: Vec::new(), ..member }, 9, &signed));
    }
}
