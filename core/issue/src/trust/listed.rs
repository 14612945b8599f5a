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
