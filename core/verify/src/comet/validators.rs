//! Validator sets: CometBFT `types/validator_set.go` and `types/validator.go`.

use super::header::Address;
use super::proto::Message;
use super::suite::CometSuite;
use crate::codec::{Blob, Versioned};
use crate::hash::{Hash32, HashSuite};
use crate::tree::{build, log};
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;
use minicbor::{Decode, Decoder, Encode};

/// Most validators of a set.
pub const MAX_VALIDATORS: usize = 1000;
/// Largest total power; CometBFT `MaxTotalVotingPower`. Three times as much still fits in 64 bits.
pub const MAX_TOTAL_POWER: u64 = i64::MAX as u64 / 8;
/// Longest key of any suite.
const MAX_KEY: usize = 64;

/// One validator: its key and its power. The address follows from the key and is never taken from
/// outside.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Validator {
    /// Public key as the suite encodes it.
    #[n(0)]
    pub key: Blob,
    /// Voting power, at least 1.
    #[n(1)]
    pub power: u64,
}

impl Validator {
    /// The validator's address: the first 20 bytes of its key's hash.
    pub fn address<S: CometSuite>(&self) -> Address {
        let hash = S::Hash::hash(&[&self.key]);
        Address(core::array::from_fn(|i| hash.0[i]))
    }

    /// `tendermint.types.SimpleValidator`, the leaf of the set's hash.
    fn leaf<S: CometSuite>(&self) -> Hash32 {
        let key = Message::new().bytes(S::KEY_FIELD, &self.key).finish();
        let validator = Message::new().message(1, &key).varint(2, self.power).finish();
        log::leaf_hash::<S::Hash>(&[&validator])
    }
}

/// A set of validators whose keys differ and whose powers are sound, in the order in which it is
/// hashed and in which a commit's slots stand.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct ValidatorSet(#[n(0)] Vec<Validator>);

/// Why validators are not a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValidatorSetError {
    /// No validator at all.
    Empty,
    /// More than [`MAX_VALIDATORS`].
    TooMany {
        /// How many.
        got: usize,
    },
    /// A power of zero; on the wire also a negative one.
    Power {
        /// Place in the set.
        at: usize,
    },
    /// A total power above [`MAX_TOTAL_POWER`].
    TotalPower,
    /// A key that stands in the set before.
    Duplicate {
        /// Place in the set.
        at: usize,
    },
    /// A key that is empty, or longer than any suite's.
    Key {
        /// Place in the set.
        at: usize,
    },
}

impl fmt::Display for ValidatorSetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the validator set is empty"),
            Self::TooMany { got } => {
                write!(f, "{got} validators, at most {MAX_VALIDATORS} are allowed")
            }
            Self::Power { at } => write!(f, "validator {at} has no positive power"),
            Self::TotalPower => f.write_str("the validators' total power is too large"),
            Self::Duplicate { at } => write!(f, "validator {at} stands in the set twice"),
            Self::Key { at } => write!(f, "validator {at} has a key that is too long"),
        }
    }
}

impl core::error::Error for ValidatorSetError {}

impl ValidatorSet {
    /// Takes validators in the order in which they are hashed.
    ///
    /// # Errors
    /// The first rule that they break; see [`ValidatorSetError`].
    pub fn new(validators: Vec<Validator>) -> Result<Self, ValidatorSetError> {
        if validators.is_empty() {
            return Err(ValidatorSetError::Empty);
        }
        if validators.len() > MAX_VALIDATORS {
            return Err(ValidatorSetError::TooMany { got: validators.len() });
        }
        let (mut seen, mut total) = (BTreeSet::new(), 0u64);
        for (at, validator) in validators.iter().enumerate() {
            if validator.key.is_empty() || validator.key.len() > MAX_KEY {
                return Err(ValidatorSetError::Key { at });
            }
            if validator.power == 0 {
                return Err(ValidatorSetError::Power { at });
            }
            total = total
                .checked_add(validator.power)
                .filter(|total| *total <= MAX_TOTAL_POWER)
                .ok_or(ValidatorSetError::TotalPower)?;
            if !seen.insert(&validator.key) {
                return Err(ValidatorSetError::Duplicate { at });
            }
        }
        Ok(Self(validators))
    }

    /// Takes validators in any order and puts them in CometBFT's: larger power first, then by
    /// address.
    ///
    /// # Errors
    /// Those of [`ValidatorSet::new`]; a place in them counts in CometBFT's order.
    pub fn sorted<S: CometSuite>(
        mut validators: Vec<Validator>,
    ) -> Result<Self, ValidatorSetError> {
        validators.sort_by_cached_key(|validator| {
            (core::cmp::Reverse(validator.power), validator.address::<S>())
        });
        Self::new(validators)
    }

    /// The validators in order.
    pub fn validators(&self) -> &[Validator] {
        &self.0
    }

    /// Sum of all powers, at most [`MAX_TOTAL_POWER`].
    pub fn total_power(&self) -> u64 {
        self.0.iter().map(|validator| validator.power).sum()
    }

    /// The set's hash as headers name it.
    pub fn hash<S: CometSuite>(&self) -> Hash32 {
        let leaves: Vec<Hash32> = self.0.iter().map(Validator::leaf::<S>).collect();
        build::root::<S::Hash>(&leaves)
    }
}

impl<'b, C> Decode<'b, C> for ValidatorSet {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let validators = Vec::<Validator>::decode(d, ctx)?;
        Self::new(validators).map_err(|_| minicbor::decode::Error::message("not a validator set"))
    }
}

/// A validator set by itself, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StoredValidators {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The set.
    #[n(1)]
    pub set: ValidatorSet,
}

impl Versioned for StoredValidators {
    const NAME: &'static str = "validator set";
    const MAX_LEN: usize = 96 * 1024;
}
