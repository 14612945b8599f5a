//! The JSON as it is on the wire, and its way into types that cannot be wrong.

use super::super::commit::Commit;
use super::super::header::{self, Address, BlockId, MAX_HEIGHT, PartSetHeader, Version};
use super::super::suite::CometSuite;
use super::super::validators::{MAX_VALIDATORS, Validator, ValidatorSetError};
use super::{JsonError, ValidatorPage, slot};
use crate::codec::{Blob, hex_into};
use crate::hash::Hash32;
use crate::sign::Signature;
use crate::time::Timestamp;
use alloc::string::String;
use alloc::vec::Vec;
use base64ct::{Base64, Encoding};
use core::fmt;
use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

#[derive(Deserialize)]
pub(super) struct Answer<T> {
    pub(super) result: Option<T>,
    pub(super) error: Option<RpcError>,
}

#[derive(Deserialize)]
pub(super) struct RpcError {
    pub(super) code: i64,
}

#[derive(Deserialize)]
pub(super) struct CommitResult {
    pub(super) signed_header: SignedHeader,
}

#[derive(Deserialize)]
pub(super) struct SignedHeader {
    header: HeaderJson,
    commit: CommitJson,
}

#[derive(Deserialize)]
struct HeaderJson {
    version: VersionJson,
    chain_id: String,
    height: Number,
    time: String,
    last_block_id: Option<BlockIdJson>,
    last_commit_hash: String,
    data_hash: String,
    validators_hash: String,
    next_validators_hash: String,
    consensus_hash: String,
    app_hash: String,
    last_results_hash: String,
    evidence_hash: String,
    proposer_address: String,
}

#[derive(Deserialize)]
struct VersionJson {
    #[serde(default)]
    block: Number,
    #[serde(default)]
    app: Number,
}

#[derive(Deserialize)]
struct BlockIdJson {
    hash: String,
    #[serde(alias = "part_set_header")]
    parts: PartsJson,
}

#[derive(Deserialize)]
struct PartsJson {
    total: Number,
    hash: String,
}

#[derive(Deserialize)]
struct CommitJson {
    height: Number,
    round: Number,
    block_id: BlockIdJson,
    signatures: Option<Vec<VoteJson>>,
}

#[derive(Deserialize)]
struct VoteJson {
    block_id_flag: Number,
    validator_address: Option<String>,
    timestamp: Option<String>,
    signature: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct ValidatorsResult {
    block_height: Number,
    validators: Vec<ValidatorJson>,
    total: Number,
}

#[derive(Deserialize)]
pub(super) struct ValidatorList {
    pub(super) validators: Vec<ValidatorJson>,
}

#[derive(Deserialize)]
pub(super) struct ValidatorJson {
    address: String,
    pub_key: KeyJson,
    #[serde(alias = "power")]
    voting_power: Number,
}

#[derive(Deserialize)]
struct KeyJson {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

/// An integer as a JSON number or as a string of digits; negative ones are `None`.
#[derive(Default, Clone, Copy)]
struct Number(Option<u64>);

impl<'d> Deserialize<'d> for Number {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an integer")
            }
            fn visit_u64<E>(self, value: u64) -> Result<Number, E> {
                Ok(Number(Some(value)))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Number, E> {
                Ok(Number(u64::try_from(value).ok()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Number, E> {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                Ok(Number(text.parse().ok().filter(|_| digits)))
            }
        }
        deserializer.deserialize_any(Digits)
    }
}

impl Number {
    fn height(self, field: &'static str) -> Result<u64, JsonError> {
        self.0.filter(|height| *height <= MAX_HEIGHT).ok_or(JsonError::Field { field })
    }

    fn small(self, field: &'static str) -> Result<u32, JsonError> {
        self.0.and_then(|value| u32::try_from(value).ok()).ok_or(JsonError::Field { field })
    }

    /// The number, or 0 where it was left out.
    fn or_zero(self) -> u64 {
        self.0.unwrap_or(0)
    }
}

impl SignedHeader {
    pub(super) fn decode<S: CometSuite>(self) -> Result<super::SignedHeader, JsonError> {
        let header = self.header.decode()?;
        let (commit, height, named, signers) = self.commit.decode()?;
        if height != header.height {
            return Err(JsonError::CommitHeight { expected: header.height, got: height });
        }
        let hash = header.hash::<S>();
        if hash != named {
            return Err(JsonError::BlockHash { expected: hash, got: named });
        }
        Ok(super::SignedHeader { header, commit, signers })
    }
}

impl HeaderJson {
    fn decode(self) -> Result<header::Header, JsonError> {
        Ok(header::Header {
            version: Version {
                block: self.version.block.or_zero(),
                app: self.version.app.or_zero(),
            },
            chain_id: self.chain_id,
            height: self.height.height("height")?,
            time: time("time", &self.time)?,
            last_block_id: self.last_block_id.map_or(Ok(None), BlockIdJson::decode)?,
            last_commit_hash: optional_hash("last_commit_hash", &self.last_commit_hash)?,
            data_hash: optional_hash("data_hash", &self.data_hash)?,
            validators_hash: hash("validators_hash", &self.validators_hash)?,
            next_validators_hash: hash("next_validators_hash", &self.next_validators_hash)?,
            consensus_hash: optional_hash("consensus_hash", &self.consensus_hash)?,
            app_hash: app_hash(&self.app_hash)?,
            last_results_hash: optional_hash("last_results_hash", &self.last_results_hash)?,
            evidence_hash: optional_hash("evidence_hash", &self.evidence_hash)?,
            proposer: Address::from_hex(&self.proposer_address)
                .ok_or(JsonError::Field { field: "proposer_address" })?,
        })
    }
}

impl BlockIdJson {
    /// `None` for the empty id of a first block.
    fn decode(self) -> Result<Option<BlockId>, JsonError> {
        if self.hash.is_empty() && self.parts.hash.is_empty() && self.parts.total.or_zero() == 0 {
            return Ok(None);
        }
        let parts = PartSetHeader {
            total: self.parts.total.small("parts.total")?,
            hash: hash("parts.hash", &self.parts.hash)?,
        };
        Ok(Some(BlockId { hash: hash("block_id.hash", &self.hash)?, parts }))
    }
}

impl CommitJson {
    #[allow(clippy::type_complexity, reason = "taken apart by the one caller")]
    fn decode(self) -> Result<(Commit, u64, Hash32, Vec<Option<Address>>), JsonError> {
        let id = self.block_id.decode()?.ok_or(JsonError::Field { field: "block_id" })?;
        let votes = self.signatures.unwrap_or_default();
        if votes.len() > MAX_VALIDATORS {
            return Err(JsonError::Field { field: "signatures" });
        }
        let (mut slots, mut signers) = (Vec::new(), Vec::new());
        for vote in votes {
            let (slot, signer) = vote.decode()?;
            slots.push(slot);
            signers.push(signer);
        }
        let round = self.round.small("round")?;
        let commit = Commit { round, parts: id.parts, slots };
        Ok((commit, self.height.height("commit.height")?, id.hash, signers))
    }
}

impl VoteJson {
    fn decode(self) -> Result<(super::Slot, Option<Address>), JsonError> {
        let flag = self.block_id_flag.or_zero();
        if flag == 1 {
            let empty = |text: Option<String>| text.is_none_or(|text| text.is_empty());
            if !empty(self.validator_address) || !empty(self.signature) {
                return Err(JsonError::Field { field: "block_id_flag" });
            }
            return Ok((super::Slot::Absent, None));
        }
        let field = |field| move || JsonError::Field { field };
        let address = self.validator_address.as_deref().and_then(Address::from_hex);
        let address = address.ok_or_else(field("validator_address"))?;
        let timestamp = time("timestamp", self.timestamp.as_deref().unwrap_or(""))?;
        let mut signature = [0; Signature::LEN];
        base64(self.signature.as_deref().unwrap_or(""), &mut signature)
            .ok_or_else(field("signature"))?;
        let slot = slot(flag, Some((timestamp, Signature(signature))));
        Ok((slot.ok_or_else(field("block_id_flag"))?, Some(address)))
    }
}

impl ValidatorsResult {
    pub(super) fn decode<S: CometSuite>(self) -> Result<ValidatorPage, JsonError> {
        let total = self.total.small("total")? as usize;
        if total > MAX_VALIDATORS {
            return Err(ValidatorSetError::TooMany { got: total }.into());
        }
        Ok(ValidatorPage {
            height: self.block_height.height("block_height")?,
            total,
            validators: validators::<S>(self.validators)?,
        })
    }
}

pub(super) fn validators<S: CometSuite>(
    list: Vec<ValidatorJson>,
) -> Result<Vec<Validator>, JsonError> {
    if list.len() > MAX_VALIDATORS {
        return Err(ValidatorSetError::TooMany { got: list.len() }.into());
    }
    list.into_iter().enumerate().map(|(at, json)| json.decode::<S>(at)).collect()
}

impl ValidatorJson {
    fn decode<S: CometSuite>(self, at: usize) -> Result<Validator, JsonError> {
        if self.pub_key.kind != S::KEY_TYPE {
            return Err(JsonError::UnsupportedKey { kind: self.pub_key.kind });
        }
        let mut key = alloc::vec![0; S::KEY_LEN];
        base64(&self.pub_key.value, &mut key).ok_or(JsonError::Field { field: "pub_key" })?;
        let power = self.voting_power.0.ok_or(ValidatorSetError::Power { at })?;
        let validator = Validator { key: Blob(key), power };
        if Address::from_hex(&self.address) != Some(validator.address::<S>()) {
            return Err(JsonError::ValidatorAddress { at });
        }
        Ok(validator)
    }
}

fn time(field: &'static str, text: &str) -> Result<Timestamp, JsonError> {
    text.parse().map_err(|_| JsonError::Field { field })
}

fn hash(field: &'static str, text: &str) -> Result<Hash32, JsonError> {
    Hash32::from_hex(text).ok_or(JsonError::Field { field })
}

fn optional_hash(field: &'static str, text: &str) -> Result<Option<Hash32>, JsonError> {
    if text.is_empty() { Ok(None) } else { hash(field, text).map(Some) }
}

fn app_hash(text: &str) -> Result<Blob, JsonError> {
    let field = JsonError::Field { field: "app_hash" };
    if text.len() > 2 * header::MAX_APP_HASH {
        return Err(field);
    }
    let mut bytes = alloc::vec![0; text.len() / 2];
    hex_into(text, &mut bytes).ok_or(field)?;
    Ok(Blob(bytes))
}

/// Fills `out` from base64; `None` when the text is not exactly that many bytes.
fn base64(text: &str, out: &mut [u8]) -> Option<()> {
    let length = out.len();
    let got = Base64::decode(text, out).ok()?.len();
    (got == length).then_some(())
}
