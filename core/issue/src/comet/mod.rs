//! Headers as CometBFT 0.38 makes them, signed by validators in this process.
//!
//! For the embedded ledger, whose gateway answers in the same JSON as a node's RPC, and for
//! synthetic chains of any shape, honest or not: nothing here asks whether a header makes sense.

mod answer;
mod header;

pub use answer::{Status, commit_answer, status_answer, validators_answer};
pub use header::{Draft, header};

use crate::key::{KeyError, SigningKey};
use sealight_verify::codec::Blob;
use sealight_verify::comet::{
    BlockId, Commit, Header, LightBlock, PartSetHeader, Slot, Stock, Validator, ValidatorSet,
    ValidatorSetError, vote_bytes,
};
use sealight_verify::hash::{HashSuite, Sha256};
use sealight_verify::sign::Algorithm;
use sealight_verify::time::Timestamp;
use sealight_verify::trust;

/// A validator's Ed25519 key.
#[derive(Debug, Clone)]
pub struct ValidatorKey(SigningKey);

impl ValidatorKey {
    /// The key that these 32 random bytes are.
    ///
    /// # Errors
    /// [`KeyError::Seed`] if they are zero.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, KeyError> {
        SigningKey::from_seed(Algorithm::Ed25519, seed).map(Self)
    }

    /// The public key as the trust file lists it.
    pub fn public(&self) -> trust::ValidatorKey {
        let bytes = self.0.public().bytes;
        trust::ValidatorKey(std::array::from_fn(|i| bytes[i]))
    }

    /// The validator of this key with this power.
    pub fn validator(&self, power: u64) -> Validator {
        Validator { key: Blob(self.public().0.to_vec()), power }
    }
}

/// What one validator does with a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vote {
    /// Nothing.
    Absent,
    /// Votes for the block at this time.
    Commit(Timestamp),
    /// Votes for no block at this time.
    Nil(Timestamp),
}

/// A validator set with all its keys, in the set's order.
#[derive(Debug, Clone)]
pub struct Signers {
    keys: Vec<ValidatorKey>,
    set: ValidatorSet,
}

impl Signers {
    /// Keys with their powers, in any order.
    ///
    /// # Errors
    /// What makes them no set; see [`ValidatorSetError`].
    pub fn new(seats: Vec<(ValidatorKey, u64)>) -> Result<Self, ValidatorSetError> {
        let validators = seats.iter().map(|(key, power)| key.validator(*power)).collect();
        let set = ValidatorSet::sorted::<Stock>(validators)?;
        let mut keys: Vec<ValidatorKey> = seats.into_iter().map(|(key, _)| key).collect();
        keys.sort_by_cached_key(|key| {
            set.validators().iter().position(|seat| seat.key[..] == key.public().0[..])
        });
        Ok(Self { keys, set })
    }

    /// The set.
    pub fn set(&self) -> &ValidatorSet {
        &self.set
    }

    /// A block that all validators voted for at one time.
    pub fn sign(&self, header: Header, round: u32, time: Timestamp) -> LightBlock {
        self.sign_with(header, round, |_| Vote::Commit(time))
    }

    /// A block with the votes that `vote` gives for each place of the set.
    pub fn sign_with(
        &self,
        header: Header,
        round: u32,
        mut vote: impl FnMut(usize) -> Vote,
    ) -> LightBlock {
        let hash = header.hash::<Stock>();
        let id = BlockId { hash, parts: parts(&hash.0) };
        let slots = self
            .keys
            .iter()
            .enumerate()
            .map(|(place, key)| match vote(place) {
                Vote::Absent => Slot::Absent,
                Vote::Commit(timestamp) => {
                    let message = vote_bytes(&header, round, Some(&id), timestamp);
                    Slot::Commit { timestamp, signature: key.0.sign(&message) }
                }
                Vote::Nil(timestamp) => {
                    let message = vote_bytes(&header, round, None, timestamp);
                    Slot::Nil { timestamp, signature: key.0.sign(&message) }
                }
            })
            .collect();
        let commit = Commit { round, parts: id.parts, slots };
        LightBlock::new(header, commit, self.set.clone())
    }
}

/// There is no gossip here, so a block is one part that stands for itself.
fn parts(bytes: &[u8]) -> PartSetHeader {
    PartSetHeader { total: 1, hash: Sha256::hash(&[&[0], bytes]) }
}

#[cfg(test)]
mod tests;
