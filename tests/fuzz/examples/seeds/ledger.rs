//! Headers, validators, checkpoint and trust file. Signatures are of the right length and by
//! nobody: decoders do not ask.

use super::of;
use sealight_verify::chain::ForkEvidence;
use sealight_verify::codec::{Blob, decode, encode};
use sealight_verify::comet::{
    Address, Commit, Header, LightBlock, PartSetHeader, Slot, Stock, StoredValidators, Validator,
    ValidatorSet, Version, json,
};
use sealight_verify::follow::Follower;
use sealight_verify::format::bundle::MapPart;
use sealight_verify::format::governance::GovernanceAnswer;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::log::LogPage;
use sealight_verify::format::state::StateRoots;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::sign::{Algorithm, PublicKey, Signature};
use sealight_verify::time::{ClockMemory, Timestamp};
use sealight_verify::tree::map::Map;
use sealight_verify::trust::{
    Checkpoint, KeySet, KeySignature, LedgerKind, LedgerTrust, Operator, Periods, SignedCheckpoint,
    SignedTrustFile, TrustFile, ValidatorKey,
};

const NOW: Timestamp = Timestamp::from_unix_secs(1_790_000_000);
const LEDGER: LedgerId = LedgerId([1; 32]);

pub(super) fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let set = ValidatorSet::new(vec![Validator { key: Blob(vec![5; 32]), power: 10 }])
        .expect("one validator");
    let header = header(&set);
    let slots = vec![Slot::Commit { timestamp: NOW, signature: Signature([4; 64]) }];
    let commit = Commit { round: 0, parts: parts(), slots };
    let (page, answer) = (json_page(&set), json_commit(&header, &set));
    json::commit_answer::<Stock>(answer.as_bytes()).expect("an answer as nodes give");
    json::validator_list::<Stock>(page.as_bytes()).expect("a page as nodes give");
    let block = LightBlock::new(header, commit, set.clone());
    vec![
        ("header_json", answer.into_bytes()),
        ("header_json", format!(r#"{{"jsonrpc":"2.0","id":-1,"result":{page}}}"#).into_bytes()),
        ("header_json", page.into_bytes()),
        ("fork_evidence", fork_evidence(&[&[3][..], &encode(&block), &[4], &encode(&block)])),
        (
            "fork_evidence",
            fork_evidence(&[&[4][..], &encode(&block), &[5], &encode(&checkpoint())]),
        ),
        of("header", block),
        of("stored_validators", StoredValidators { version: 1, set }),
        of("clock_memory", ClockMemory::FIRST),
        of("follower", Follower::new(LEDGER)),
        of("log_page", log_page()),
        of("governance_answer", governance_answer()),
        of("checkpoint", checkpoint()),
        of("trust_file", trust_file()),
        of(
            "signed_trust_file",
            SignedTrustFile {
                version: 1,
                body: Blob(encode(&trust_file())),
                signatures: vec![signature()],
            },
        ),
    ]
}

/// Version, time and common height, then the two sides of the fork; only the chain makes one.
fn fork_evidence(sides: &[&[u8]]) -> Vec<u8> {
    let bytes = [&[0xa5, 0, 1, 1][..], &encode(&NOW), &[2, 1], &sides.concat()].concat();
    decode::<ForkEvidence>(&bytes).expect("evidence as the chain makes it");
    bytes
}

fn header(set: &ValidatorSet) -> Header {
    Header {
        version: Version { block: 11, app: 1 },
        chain_id: "sealight-1".into(),
        height: 7,
        time: NOW,
        last_block_id: None,
        last_commit_hash: Some(Hash32([2; 32])),
        data_hash: None,
        validators_hash: set.hash::<Stock>(),
        next_validators_hash: set.hash::<Stock>(),
        consensus_hash: Some(Hash32([3; 32])),
        app_hash: Blob(vec![6; 32]),
        last_results_hash: None,
        evidence_hash: None,
        proposer: Address([7; 20]),
    }
}

fn parts() -> PartSetHeader {
    PartSetHeader { total: 1, hash: Hash32([9; 32]) }
}

/// As a node answers `/commit` (CometBFT v0.38, RPC).
fn json_commit(header: &Header, set: &ValidatorSet) -> String {
    let (hash, validators) = (hex(&header.hash::<Stock>().0), hex(&header.validators_hash.0));
    let (two, three, six) = (hex(&[2; 32]), hex(&[3; 32]), hex(&[6; 32]));
    let (proposer, parts) = (hex(&[7; 20]), hex(&[9; 32]));
    let signer = hex(&set.validators()[0].address::<Stock>().0);
    let signature = "BAQE".repeat(21) + "BA==";
    let time = "2026-09-21T14:13:20Z";
    format!(
        r#"{{"jsonrpc":"2.0","id":-1,"result":{{"signed_header":{{"header":{{
"version":{{"block":"11","app":"1"}},"chain_id":"sealight-1","height":"7","time":"{time}",
"last_block_id":{{"hash":"","parts":{{"total":0,"hash":""}}}},"last_commit_hash":"{two}",
"data_hash":"","validators_hash":"{validators}","next_validators_hash":"{validators}",
"consensus_hash":"{three}","app_hash":"{six}","last_results_hash":"","evidence_hash":"",
"proposer_address":"{proposer}"}},"commit":{{"height":"7","round":0,
"block_id":{{"hash":"{hash}","parts":{{"total":1,"hash":"{parts}"}}}},
"signatures":[{{"block_id_flag":2,"validator_address":"{signer}","timestamp":"{time}",
"signature":"{signature}"}}]}}}},"canonical":true}}}}"#
    )
}

/// As a node answers `/validators`, without the envelope.
fn json_page(set: &ValidatorSet) -> String {
    let address = hex(&set.validators()[0].address::<Stock>().0);
    let key = "BQUF".repeat(10) + "BQU=";
    format!(
        r#"{{"block_height":"7","validators":[{{"address":"{address}","pub_key":{{"type":
"tendermint/PubKeyEd25519","value":"{key}"}},"voting_power":"10","proposer_priority":"0"}}],
"count":"1","total":"1"}}"#
    )
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn key() -> PublicKey {
    PublicKey { algorithm: Algorithm::Ed25519, bytes: Blob(vec![5; 32]) }
}

fn signature() -> KeySignature {
    KeySignature { key: key(), signature: Signature([4; 64]) }
}

fn checkpoint() -> SignedCheckpoint {
    let body = Checkpoint {
        version: 1,
        ledger: LEDGER,
        made: NOW,
        height: 7,
        header_hash: Hash32([2; 32]),
        time: NOW,
        app_hash: Hash32([6; 32]),
        validators_hash: Hash32([3; 32]),
        next_validators_hash: Hash32([3; 32]),
    };
    SignedCheckpoint { version: 1, body, signatures: vec![signature()] }
}

fn roots() -> StateRoots {
    let [log_root, parties, lots, indexes, governance] = [Hash32([6; 32]); 5];
    StateRoots { log_size: 2, log_root, parties, lots, indexes, governance }
}

fn log_page() -> LogPage {
    let path = vec![Hash32([8; 32])].into();
    let (height, roots, entries) = (7, roots(), vec![Blob(vec![1; 40])]);
    LogPage { version: 1, height, roots, from: 0, entries, path }
}

fn governance_answer() -> GovernanceAnswer {
    let map: Map<Sm3, ()> = Map::new().insert(Hash32([3; 32]), Hash32([4; 32]), ());
    let part = MapPart { value: Some(Blob(vec![1; 20])), proof: map.prove(&Hash32([3; 32])) };
    GovernanceAnswer { version: 1, height: 7, roots: roots(), part }
}

fn trust_file() -> TrustFile {
    let keys = || KeySet { threshold: 1, keys: vec![key()] };
    let operator = Operator {
        name: "North".into(),
        validators: vec![ValidatorKey([5; 32])],
        gateways: vec!["https://north.example".into()],
    };
    let ledger = LedgerTrust {
        id: LEDGER,
        name: "Spirits".into(),
        chain_id: "sealight-1".into(),
        kind: LedgerKind::Comet,
        genesis: NOW,
        operators: vec![operator],
        periods: Periods::DEFAULT,
        least_operators: 1,
    };
    TrustFile {
        version: 1,
        serial: 1,
        expires: NOW,
        roots: keys(),
        checkpoints: keys(),
        ledgers: vec![ledger],
        demo: false,
    }
}
