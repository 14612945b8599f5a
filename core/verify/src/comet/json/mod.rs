//! What CometBFT's RPC answers: `/commit` and `/validators`, decoded with bounds.
//!
//! Integers come as strings, hashes as hex, keys and signatures as base64. The JSON says some
//! things twice (block hash, height and addresses stand beside what they follow from); each must
//! agree, and then falls away. Source: CometBFT v0.38 `rpc/core/types/responses.go`.

mod wire;

use super::block::LightBlock;
use super::commit::{Commit, Slot};
use super::header::{Address, Header};
use super::suite::CometSuite;
use super::validators::{Validator, ValidatorSet, ValidatorSetError};
use crate::hash::Hash32;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// Most bytes of one answer that are looked at.
pub const MAX_JSON: usize = 512 * 1024;

/// Why an answer is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JsonError {
    /// More bytes than an answer may have.
    TooLong {
        /// Bytes handed in.
        got: usize,
    },
    /// The node answered with an error of its own.
    Refused {
        /// JSON-RPC error code.
        code: i64,
    },
    /// Not the JSON that was expected.
    Malformed {
        /// Name of the structure.
        what: &'static str,
    },
    /// A field does not hold what its name says.
    Field {
        /// Name of the field.
        field: &'static str,
    },
    /// A key of an algorithm that no suite here has, such as secp256k1.
    UnsupportedKey {
        /// Its type as the node names it.
        kind: String,
    },
    /// The commit names another block than the header beside it.
    BlockHash {
        /// Hash of the header.
        expected: Hash32,
        /// Hash in the commit.
        got: Hash32,
    },
    /// The commit names another height than the header beside it.
    CommitHeight {
        /// Height of the header.
        expected: u64,
        /// Height in the commit.
        got: u64,
    },
    /// A vote's address is not that of the validator in its slot.
    SignerAddress {
        /// Slot.
        at: usize,
    },
    /// A validator's address does not follow from its key.
    ValidatorAddress {
        /// Place in the set.
        at: usize,
    },
    /// The commit has not one slot for each validator.
    CommitSize {
        /// Validators of the set.
        expected: usize,
        /// Slots of the commit.
        got: usize,
    },
    /// The validators are not a set.
    Set(ValidatorSetError),
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong { got } => write!(f, "an answer of {got} bytes, at most {MAX_JSON}"),
            Self::Refused { code } => write!(f, "the node refused with code {code}"),
            Self::Malformed { what } => write!(f, "{what}: malformed"),
            Self::Field { field } => write!(f, "{field}: not what its name says"),
            Self::UnsupportedKey { kind } => write!(f, "keys of type {kind:?} are not supported"),
            Self::BlockHash { expected, got } => {
                write!(f, "a commit for block {got} beside header {expected}")
            }
            Self::CommitHeight { expected, got } => {
                write!(f, "a commit for height {got} beside a header of height {expected}")
            }
            Self::SignerAddress { at } => write!(f, "vote {at} is not of the validator there"),
            Self::ValidatorAddress { at } => {
                write!(f, "the address of validator {at} is not of its key")
            }
            Self::CommitSize { expected, got } => {
                write!(f, "a commit with {got} slots for {expected} validators")
            }
            Self::Set(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for JsonError {}

impl From<ValidatorSetError> for JsonError {
    fn from(error: ValidatorSetError) -> Self {
        Self::Set(error)
    }
}

/// A header with its commit, as `/commit` answers; nothing is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedHeader {
    /// The header.
    pub header: Header,
    /// The commit; it names this header's hash and height.
    pub commit: Commit,
    /// Who is said to have voted in each slot; none in an absent one.
    signers: Vec<Option<Address>>,
}

impl SignedHeader {
    /// A header and commit from elsewhere than JSON.
    pub fn new(header: Header, commit: Commit) -> Self {
        Self { header, commit, signers: Vec::new() }
    }

    /// Adds the set; the votes must stand in its validators' slots.
    ///
    /// # Errors
    /// [`JsonError::CommitSize`] where the commit has not one slot for each validator, and
    /// [`JsonError::SignerAddress`] where a vote is not of the validator in its slot.
    pub fn with_validators<S: CometSuite>(
        self,
        validators: ValidatorSet,
    ) -> Result<LightBlock, JsonError> {
        let (expected, got) = (validators.validators().len(), self.commit.slots.len());
        if expected != got {
            return Err(JsonError::CommitSize { expected, got });
        }
        for (at, (signer, validator)) in
            self.signers.iter().zip(validators.validators()).enumerate()
        {
            if signer.is_some_and(|address| address != validator.address::<S>()) {
                return Err(JsonError::SignerAddress { at });
            }
        }
        Ok(LightBlock::new(self.header, self.commit, validators))
    }
}

/// One page of the validators of a height, as `/validators` answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValidatorPage {
    /// The height that the set signs.
    pub height: u64,
    /// Validators of all pages together.
    pub total: usize,
    /// The validators of this page, in the order of the set.
    pub validators: Vec<Validator>,
}

impl ValidatorPage {
    /// The set, where this page holds all of it.
    ///
    /// # Errors
    /// [`JsonError::Field`] where the page holds only a part of the set, and [`JsonError::Set`]
    /// where its validators are no set.
    pub fn into_set(self) -> Result<ValidatorSet, JsonError> {
        if self.validators.len() != self.total {
            return Err(JsonError::Field { field: "total" });
        }
        Ok(ValidatorSet::new(self.validators)?)
    }
}

/// Decodes the answer to `/commit`.
///
/// # Errors
/// [`JsonError::TooLong`], [`JsonError::Malformed`] for what is no such answer,
/// [`JsonError::Refused`] for an error of the node's own, [`JsonError::Field`] for a field that
/// does not hold what its name says, and [`JsonError::CommitHeight`] or [`JsonError::BlockHash`]
/// where the commit is not for the header.
pub fn commit_answer<S: CometSuite>(body: &[u8]) -> Result<SignedHeader, JsonError> {
    let answer: wire::CommitResult = result(body, "commit")?;
    answer.signed_header.decode::<S>()
}

/// Decodes the answer to `/validators`.
///
/// # Errors
/// [`JsonError::TooLong`], [`JsonError::Malformed`] for what is no such answer,
/// [`JsonError::Refused`] for an error of the node's own, [`JsonError::Set`] for more validators
/// than a set may have or a negative power, and [`JsonError::Field`], [`JsonError::UnsupportedKey`]
/// or [`JsonError::ValidatorAddress`] for what else is wrong with a validator.
pub fn validators_answer<S: CometSuite>(body: &[u8]) -> Result<ValidatorPage, JsonError> {
    let answer: wire::ValidatorsResult = result(body, "validators")?;
    answer.decode::<S>()
}

/// Decodes a signed header by itself, as it stands inside other answers and in test cases.
///
/// # Errors
/// Those of [`commit_answer`], but for [`JsonError::Refused`].
pub fn signed_header<S: CometSuite>(body: &[u8]) -> Result<SignedHeader, JsonError> {
    let header: wire::SignedHeader = parse(body, "signed header")?;
    header.decode::<S>()
}

/// Decodes a list of validators by itself: an object with the field `validators`.
///
/// # Errors
/// [`JsonError::TooLong`], [`JsonError::Malformed`] for what is no such list, [`JsonError::Set`]
/// where the validators are no set, and [`JsonError::Field`], [`JsonError::UnsupportedKey`] or
/// [`JsonError::ValidatorAddress`] for what else is wrong with one.
pub fn validator_list<S: CometSuite>(body: &[u8]) -> Result<ValidatorSet, JsonError> {
    let list: wire::ValidatorList = parse(body, "validators")?;
    Ok(ValidatorSet::new(wire::validators::<S>(list.validators)?)?)
}

/// The result of a JSON-RPC answer, or the node's error.
fn result<T>(body: &[u8], what: &'static str) -> Result<T, JsonError>
where
    T: for<'d> serde::Deserialize<'d>,
{
    let answer: wire::Answer<T> = parse(body, what)?;
    match (answer.result, answer.error) {
        (Some(result), None) => Ok(result),
        (_, Some(error)) => Err(JsonError::Refused { code: error.code }),
        (None, None) => Err(JsonError::Malformed { what }),
    }
}

fn parse<T>(body: &[u8], what: &'static str) -> Result<T, JsonError>
where
    T: for<'d> serde::Deserialize<'d>,
{
    if body.len() > MAX_JSON {
        return Err(JsonError::TooLong { got: body.len() });
    }
    serde_json::from_slice(body).map_err(|_| JsonError::Malformed { what })
}

/// A slot from its flag: 1 absent, 2 for the block, 3 for nil.
fn slot(flag: u64, vote: Option<(crate::time::Timestamp, crate::sign::Signature)>) -> Option<Slot> {
    match (flag, vote) {
        (1, _) => Some(Slot::Absent),
        (2, Some((timestamp, signature))) => Some(Slot::Commit { timestamp, signature }),
        (3, Some((timestamp, signature))) => Some(Slot::Nil { timestamp, signature }),
        _ => None,
    }
}
