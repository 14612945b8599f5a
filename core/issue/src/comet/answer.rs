//! Answers in the JSON of CometBFT's RPC; `rpc/core/types/responses.go`.

use base64ct::{Base64, Encoding};
use sealight_verify::comet::{
    BlockId, Commit, Header, LightBlock, PartSetHeader, Slot, Stock, Validator, ValidatorSet,
};
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use serde_json::{Value, json};

/// What `/status` says of a node that lags behind nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status<'a> {
    /// Name of the chain.
    pub chain_id: &'a str,
    /// Newest height.
    pub height: u64,
    /// Hash of the newest header.
    pub hash: Hash32,
    /// State root in the newest header.
    pub app_hash: &'a [u8],
    /// Time of the newest header.
    pub time: Timestamp,
}

/// The answer to `/commit`.
pub fn commit_answer(block: &LightBlock) -> String {
    let commit = commit(&block.header, &block.commit, &block.validators);
    answer(json!({
        "signed_header": { "header": header(&block.header), "commit": commit },
        "canonical": true,
    }))
}

/// The answer to `/validators`; pages count from 1.
pub fn validators_answer(height: u64, set: &ValidatorSet, page: usize, per_page: usize) -> String {
    let all = set.validators();
    let from = page.saturating_sub(1).saturating_mul(per_page).min(all.len());
    let shown = &all[from..from.saturating_add(per_page).min(all.len())];
    answer(json!({
        "block_height": height.to_string(),
        "validators": shown.iter().map(validator).collect::<Vec<_>>(),
        "count": shown.len().to_string(),
        "total": all.len().to_string(),
    }))
}

/// The answer to `/status`, with the parts of it that light clients and supervisors read.
pub fn status_answer(status: &Status<'_>) -> String {
    answer(json!({
        "node_info": { "network": status.chain_id },
        "sync_info": {
            "latest_block_hash": upper_hex(&status.hash.0),
            "latest_app_hash": upper_hex(status.app_hash),
            "latest_block_height": status.height.to_string(),
            "latest_block_time": status.time.to_string(),
            "catching_up": false,
        },
    }))
}

fn answer(result: Value) -> String {
    json!({ "jsonrpc": "2.0", "id": -1, "result": result }).to_string()
}

fn header(header: &Header) -> Value {
    let hash = |hash: &Option<Hash32>| hash.map_or(String::new(), |hash| upper_hex(&hash.0));
    json!({
        "version": {
            "block": header.version.block.to_string(),
            "app": header.version.app.to_string(),
        },
        "chain_id": header.chain_id,
        "height": header.height.to_string(),
        "time": header.time.to_string(),
        "last_block_id": header.last_block_id.map_or_else(no_block_id, |id| block_id(&id)),
        "last_commit_hash": hash(&header.last_commit_hash),
        "data_hash": hash(&header.data_hash),
        "validators_hash": upper_hex(&header.validators_hash.0),
        "next_validators_hash": upper_hex(&header.next_validators_hash.0),
        "consensus_hash": hash(&header.consensus_hash),
        "app_hash": upper_hex(&header.app_hash),
        "last_results_hash": hash(&header.last_results_hash),
        "evidence_hash": hash(&header.evidence_hash),
        "proposer_address": upper_hex(&header.proposer.0),
    })
}

fn block_id(id: &BlockId) -> Value {
    let PartSetHeader { total, hash } = id.parts;
    json!({
        "hash": upper_hex(&id.hash.0),
        "parts": { "total": total, "hash": upper_hex(&hash.0) },
    })
}

fn no_block_id() -> Value {
    json!({ "hash": "", "parts": { "total": 0, "hash": "" } })
}

fn commit(header: &Header, commit: &Commit, set: &ValidatorSet) -> Value {
    let id = BlockId { hash: header.hash::<Stock>(), parts: commit.parts };
    let votes: Vec<Value> =
        commit.slots.iter().zip(set.validators()).map(|(slot, seat)| vote(slot, seat)).collect();
    json!({
        "height": header.height.to_string(),
        "round": commit.round,
        "block_id": block_id(&id),
        "signatures": votes,
    })
}

fn vote(slot: &Slot, seat: &Validator) -> Value {
    let (flag, timestamp, signature) = match slot {
        Slot::Absent => {
            return json!({
                "block_id_flag": 1,
                "validator_address": "",
                "timestamp": Timestamp::EARLIEST.to_string(),
                "signature": null,
            });
        }
        Slot::Commit { timestamp, signature } => (2, timestamp, signature),
        Slot::Nil { timestamp, signature } => (3, timestamp, signature),
    };
    json!({
        "block_id_flag": flag,
        "validator_address": upper_hex(&seat.address::<Stock>().0),
        "timestamp": timestamp.to_string(),
        "signature": Base64::encode_string(&signature.0),
    })
}

fn validator(seat: &Validator) -> Value {
    json!({
        "address": upper_hex(&seat.address::<Stock>().0),
        "pub_key": {
            "type": "tendermint/PubKeyEd25519",
            "value": Base64::encode_string(&seat.key),
        },
        "voting_power": seat.power.to_string(),
        "proposer_priority": "0",
    })
}

fn upper_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
