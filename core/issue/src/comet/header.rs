//! Headers: what stands in one, and what it says of the block before.

use sealight_verify::codec::Blob;
use sealight_verify::comet::{
    Address, BlockId, Header, LightBlock, Slot, Stock, ValidatorSet, Version,
};
use sealight_verify::hash::{Hash32, HashSuite, Sha256};
use sealight_verify::time::Timestamp;
use sealight_verify::tree::{build, log};

/// Block protocol of CometBFT 0.38; `version/version.go`.
const BLOCK_PROTOCOL: u64 = 11;

/// What the maker of a header decides.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Name of the chain.
    pub chain_id: &'a str,
    /// Height.
    pub height: u64,
    /// Time; after that of the block before.
    pub time: Timestamp,
    /// State after the block before.
    pub app_hash: &'a [u8],
    /// Transactions of this block.
    pub transactions: &'a [&'a [u8]],
    /// The set that signs this block.
    pub validators: &'a ValidatorSet,
    /// The set that signs the next block.
    pub next_validators: &'a ValidatorSet,
    /// The block before; none for the first, or where a synthetic chain leaves blocks out.
    pub last: Option<&'a LightBlock>,
}

/// The header of a draft; its proposer takes turns by height.
pub fn header(draft: &Draft<'_>) -> Header {
    let validators = draft.validators.validators();
    let turn = (draft.height % validators.len() as u64) as usize;
    let nothing = log::empty_root::<Sha256>();
    Header {
        version: Version { block: BLOCK_PROTOCOL, app: 0 },
        chain_id: draft.chain_id.into(),
        height: draft.height,
        time: draft.time,
        last_block_id: draft
            .last
            .map(|last| BlockId { hash: last.header.hash::<Stock>(), parts: last.commit.parts }),
        last_commit_hash: Some(draft.last.map_or(nothing, commit_hash)),
        data_hash: Some(data_hash(draft.transactions)),
        validators_hash: draft.validators.hash::<Stock>(),
        next_validators_hash: draft.next_validators.hash::<Stock>(),
        consensus_hash: Some(nothing),
        app_hash: Blob(draft.app_hash.to_vec()),
        last_results_hash: Some(nothing),
        evidence_hash: Some(nothing),
        proposer: validators
            .get(turn)
            .map_or(Address([0; 20]), |validator| validator.address::<Stock>()),
    }
}

/// Root over the hashes of transactions; `types/tx.go`.
fn data_hash(transactions: &[&[u8]]) -> Hash32 {
    let leaf = |tx: &&[u8]| log::leaf_hash::<Sha256>(&[&Sha256::hash(&[tx]).0]);
    build::root::<Sha256>(&transactions.iter().map(leaf).collect::<Vec<_>>())
}

/// Root over the votes of a commit in protobuf; `types/block.go`, `Commit.Hash`.
fn commit_hash(block: &LightBlock) -> Hash32 {
    let votes = block.commit.slots.iter().zip(block.validators.validators());
    let leaves: Vec<Hash32> = votes
        .map(|(slot, validator)| {
            let address = validator.address::<Stock>();
            let vote = match slot {
                Slot::Absent => vote(1, &[], Timestamp::EARLIEST, &[]),
                Slot::Commit { timestamp, signature } => {
                    vote(2, &address.0, *timestamp, &signature.0)
                }
                Slot::Nil { timestamp, signature } => vote(3, &address.0, *timestamp, &signature.0),
            };
            log::leaf_hash::<Sha256>(&[&vote])
        })
        .collect();
    build::root::<Sha256>(&leaves)
}

/// `tendermint.types.CommitSig`; an absent vote has Go's zero time.
fn vote(flag: u8, address: &[u8], time: Timestamp, signature: &[u8]) -> Vec<u8> {
    let mut stamp = Vec::new();
    number(&mut stamp, 0x08, time.secs() as u64);
    number(&mut stamp, 0x10, u64::from(time.nanos()));
    let mut out = vec![0x08, flag];
    for (key, bytes) in [(0x12, address), (0x1a, &stamp), (0x22, signature)] {
        if !bytes.is_empty() || key == 0x1a {
            out.push(key);
            varint(&mut out, bytes.len() as u64);
            out.extend_from_slice(bytes);
        }
    }
    out
}

fn number(out: &mut Vec<u8>, key: u8, value: u64) {
    if value != 0 {
        out.push(key);
        varint(out, value);
    }
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}
