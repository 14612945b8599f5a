//! The checkpoint of a header that no checkpoint led to: for a new ledger, and for signers who
//! hold no header themselves. What stands in for one is the trust file, which lists validators.

use super::{CheckpointError, checkpoint};
use sealight_verify::codec::Blob;
use sealight_verify::comet::{LightBlock, Slot, Stock, verify_known};
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{LedgerTrust, SignedCheckpoint};

/// The checkpoint, to be signed, of a header for which validators of the trust file voted: more
/// than two thirds of its set's power is theirs, and every signature holds.
///
/// # Errors
/// [`CheckpointError`]: another chain, a commit that does not hold, too few that are listed, or
/// what [`checkpoint`] refuses.
pub fn checkpoint_of_listed(
    trust: &LedgerTrust,
    block: &LightBlock,
    made: Timestamp,
) -> Result<SignedCheckpoint, CheckpointError> {
    let header = &block.header;
    if header.chain_id != trust.chain_id {
        let (expected, got) = (trust.chain_id.clone(), header.chain_id.clone());
        return Err(CheckpointError::Chain { expected, got });
    }
    verify_known::<Stock>(block).map_err(CheckpointError::Commit)?;
    enough_are_listed(trust, block)?;
    checkpoint::<Stock>(trust.id, header, made)
}

fn enough_are_listed(trust: &LedgerTrust, block: &LightBlock) -> Result<(), CheckpointError> {
    let keys = || trust.operators.iter().flat_map(|operator| &operator.validators);
    let listed = |key: &Blob| keys().any(|known| known.0[..] == key[..]);
    let votes = block.commit.slots.iter().zip(block.validators.validators());
    let ours = votes.filter(|(slot, of)| matches!(slot, Slot::Commit { .. }) && listed(&of.key));
    let got = ours.map(|(_, validator)| validator.power).sum();
    let total = block.validators.total_power();
    match u128::from(got) * 3 > u128::from(total) * 2 {
        true => Ok(()),
        false => Err(CheckpointError::Unlisted { got, total }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use sealight_verify::comet::{
        Address, BlockId, Commit, Header, PartSetHeader, Validator, ValidatorSet, Version,
        vote_bytes,
    };
    use sealight_verify::format::ids::LedgerId;
    use sealight_verify::hash::Hash32;
    use sealight_verify::sign::Algorithm;
    use sealight_verify::trust::{LedgerKind, Operator, Periods, ValidatorKey};

    const NOW: Timestamp = Timestamp::from_unix_secs(1_750_000_000);

    fn key(number: u8) -> SigningKey {
        SigningKey::from_seed(Algorithm::Ed25519, &[number + 1; 32]).unwrap()
    }

    /// A header for which the first `votes` of four validators voted.
    fn block(votes: usize) -> LightBlock {
        let validator = |number| Validator { key: key(number).public().bytes, power: 10 };
        let set = ValidatorSet::sorted::<Stock>((0..4).map(validator).collect()).unwrap();
        let header = Header {
            version: Version { block: 11, app: 1 },
            chain_id: "bottles-1".into(),
            height: 7,
            time: NOW,
            last_block_id: None,
            last_commit_hash: None,
            data_hash: None,
            validators_hash: set.hash::<Stock>(),
            next_validators_hash: set.hash::<Stock>(),
            consensus_hash: None,
            app_hash: Blob(vec![5; 32]),
            last_results_hash: None,
            evidence_hash: None,
            proposer: Address([6; 20]),
        };
        let parts = PartSetHeader { total: 1, hash: Hash32([3; 32]) };
        let id = BlockId { hash: header.hash::<Stock>(), parts };
        let message = vote_bytes(&header, 0, Some(&id), NOW);
        let slot = |(at, validator): (usize, &Validator)| {
            let own = (0..4).map(key).find(|key| key.public().bytes == validator.key).unwrap();
            let vote = Slot::Commit { timestamp: NOW, signature: own.sign(&message) };
            if at < votes { vote } else { Slot::Absent }
        };
        let slots = set.validators().iter().enumerate().map(slot).collect();
        LightBlock::new(header, Commit { round: 0, parts, slots }, set)
    }

    /// Lists the first so many validators of a block.
    fn listing(block: &LightBlock, count: usize) -> LedgerTrust {
        let keys = block.validators.validators().iter().take(count);
        let keys = keys.map(|validator| ValidatorKey(validator.key[..].try_into().unwrap()));
        let name = "Member A".to_owned();
        LedgerTrust {
            id: LedgerId([3; 32]),
            name: "Bottles".into(),
            chain_id: "bottles-1".into(),
            kind: LedgerKind::Comet,
            genesis: NOW,
            operators: vec![Operator { name, validators: keys.collect(), gateways: Vec::new() }],
            periods: Periods::DEFAULT,
            least_operators: 1,
        }
    }

    #[test]
    fn a_header_that_listed_validators_signed_is_taken() {
        let block = block(3);
        let made = checkpoint_of_listed(&listing(&block, 3), &block, NOW).unwrap();
        assert_eq!((made.body.height, made.body.ledger), (7, LedgerId([3; 32])));
        assert_eq!(made.body.header_hash, block.header.hash::<Stock>());
    }

    #[test]
    fn too_few_signers_are_listed() {
        let block = block(4);
        let refused = checkpoint_of_listed(&listing(&block, 2), &block, NOW).unwrap_err();
        assert_eq!(refused, CheckpointError::Unlisted { got: 20, total: 40 });
    }

    #[test]
    fn a_commit_does_not_hold() {
        let few = block(2);
        let refused = checkpoint_of_listed(&listing(&few, 4), &few, NOW).unwrap_err();
        assert!(matches!(refused, CheckpointError::Commit(_)), "{refused}");
        let mut changed = block(4);
        changed.header.app_hash = Blob(vec![6; 32]);
        let refused = checkpoint_of_listed(&listing(&changed, 4), &changed, NOW).unwrap_err();
        assert!(matches!(refused, CheckpointError::Commit(_)), "{refused}");
    }

    #[test]
    fn a_header_is_of_another_chain() {
        let block = block(4);
        let trust = LedgerTrust { chain_id: "other".into(), ..listing(&block, 4) };
        let refused = checkpoint_of_listed(&trust, &block, NOW).unwrap_err();
        assert!(matches!(refused, CheckpointError::Chain { .. }), "{refused}");
    }
}
