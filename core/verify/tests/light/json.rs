//! Answers of a node's RPC, and what is wrong with others.

use crate::support::*;
use sealight_issue::comet::{Vote, commit_answer, validators_answer};
use sealight_verify::comet::json::{self, JsonError};
use sealight_verify::comet::{LightBlock, Stock};

fn block() -> LightBlock {
    let set = signers(&[1, 2, 3, 4]);
    set.sign_with(draft(9, GENESIS + 600, set.set(), set.set()), 1, |place| match place {
        2 => Vote::Nil(at(GENESIS + 600)),
        3 => Vote::Absent,
        _ => Vote::Commit(at(GENESIS + 601)),
    })
}

fn edited(from: &str, to: &str) -> Result<LightBlock, JsonError> {
    let body = commit_answer(&block());
    let text = body.replacen(from, to, 1);
    assert_ne!(text, body, "{from} stands in the answer");
    json::commit_answer::<Stock>(text.as_bytes())?.with_validators::<Stock>(block().validators)
}

#[test]
fn an_answer_of_a_node_is_decoded() {
    assert_eq!(edited("\"id\":-1", "\"id\":7"), Ok(block()));
}

#[test]
fn the_nodes_own_error_is_told() {
    let body = r#"{"jsonrpc":"2.0","id":-1,"error":{"code":-32603,"message":"m","data":"d"}}"#;
    let error = JsonError::Refused { code: -32603 };
    assert_eq!(json::commit_answer::<Stock>(body.as_bytes()), Err(error.clone()));
    assert_eq!(json::validators_answer::<Stock>(body.as_bytes()), Err(error));
}

#[test]
fn a_commit_for_another_block_is_refused() {
    let hash = block().header.hash::<Stock>().to_string().to_uppercase();
    let other = hash.replacen(&hash[..4], "0000", 1);
    assert!(matches!(edited(&hash, &other), Err(JsonError::BlockHash { .. })));
    let error = edited("\"app_hash\":\"0909", "\"app_hash\":\"0809");
    assert!(matches!(error, Err(JsonError::BlockHash { .. })));
}

#[test]
fn a_commit_for_another_height_is_refused() {
    let body = commit_answer(&block());
    let commit = body.find("\"commit\"").unwrap();
    let (head, tail) = body.split_at(commit);
    let text = format!("{head}{}", tail.replacen("\"height\":\"9\"", "\"height\":\"8\"", 1));
    let error = json::commit_answer::<Stock>(text.as_bytes());
    assert_eq!(error, Err(JsonError::CommitHeight { expected: 9, got: 8 }));
}

#[test]
fn a_vote_under_anothers_address_is_refused() {
    let set = block().validators;
    let address = |at: usize| set.validators()[at].address::<Stock>().to_string().to_uppercase();
    let field = |at| format!("\"validator_address\":\"{}\"", address(at));
    assert_eq!(edited(&field(0), &field(1)), Err(JsonError::SignerAddress { at: 0 }));
}

#[test]
fn an_absent_vote_with_a_signer_is_refused() {
    let error = edited("\"block_id_flag\":3", "\"block_id_flag\":1");
    assert_eq!(error, Err(JsonError::Field { field: "block_id_flag" }));
    let error = edited("\"block_id_flag\":3", "\"block_id_flag\":4");
    assert_eq!(error, Err(JsonError::Field { field: "block_id_flag" }));
}

#[test]
fn a_flag_changed_between_block_and_nil_changes_the_vote() {
    let changed = edited("\"block_id_flag\":3", "\"block_id_flag\":2").unwrap();
    assert_ne!(changed.commit, block().commit);
}

#[test]
fn an_address_that_is_not_of_its_key_is_refused() {
    let set = block().validators;
    let address = set.validators()[2].address::<Stock>().to_string().to_uppercase();
    let body = validators_answer(9, &set, 1, 100).replacen(&address, &"0".repeat(40), 1);
    let error = json::validators_answer::<Stock>(body.as_bytes());
    assert_eq!(error, Err(JsonError::ValidatorAddress { at: 2 }));
}

#[test]
fn secp256k1_keys_are_not_supported() {
    let body = validators_answer(9, &block().validators, 1, 100).replacen(
        "PubKeyEd25519",
        "PubKeySecp256k1",
        1,
    );
    let error = json::validators_answer::<Stock>(body.as_bytes());
    let kind = "tendermint/PubKeySecp256k1".into();
    assert_eq!(error, Err(JsonError::UnsupportedKey { kind }));
}

#[test]
fn a_page_is_no_set() {
    let body = validators_answer(9, &block().validators, 1, 3);
    let page = json::validators_answer::<Stock>(body.as_bytes()).unwrap();
    assert_eq!(page.into_set(), Err(JsonError::Field { field: "total" }));
}

#[test]
fn a_total_of_too_many_validators_is_refused() {
    let body = validators_answer(9, &block().validators, 1, 100);
    let text = body.replace("\"total\":\"4\"", "\"total\":\"1001\"");
    assert!(matches!(json::validators_answer::<Stock>(text.as_bytes()), Err(JsonError::Set(_))));
}

#[test]
fn b24_every_truncated_answer_is_refused() {
    for body in [commit_answer(&block()), validators_answer(9, &block().validators, 1, 100)] {
        for end in 0..body.len() {
            assert!(json::commit_answer::<Stock>(&body.as_bytes()[..end]).is_err());
            assert!(json::validators_answer::<Stock>(&body.as_bytes()[..end]).is_err());
        }
    }
}

#[test]
fn b24_a_garbled_answer_is_never_another_accepted_block() {
    let set = signers(&[1, 2, 3, 4]);
    let good = set.sign(draft(9, GENESIS + 600, set.set(), set.set()), 1, at(GENESIS + 601));
    let chain = chain(&set);
    let body = commit_answer(&good).into_bytes();
    for at in 0..body.len() {
        let mut bad = body.clone();
        bad[at] ^= 1;
        let Ok(signed) = json::commit_answer::<Stock>(&bad) else { continue };
        let Ok(block) = signed.with_validators::<Stock>(set.set().clone()) else { continue };
        if chain.accept(&block, &now(GENESIS + DAY)).is_ok() {
            assert_eq!(block, good, "byte {at}");
        }
    }
}
