//! The light client against the cases of `tendermint-light-client` 0.41: 99 single steps and all
//! bisections, those with lying witnesses too.
//!
//! The bisections were recorded with an older protocol: their headers have other hashes than their
//! commits name, by tendermint-rs as by us, so that whatever expects an error gets it for nothing
//! and the two good ones are switched off by their names. So each runs twice: as it is, where it is
//! refused, and signed again in the same shape (heights, times, sets, powers, who voted), where it
//! must come out as its authors say.

mod conformance_support;

use conformance_support::files;
use sealight_issue::comet::{Signers, ValidatorKey, Vote};
use sealight_issue::key::SigningKey;
use sealight_issue::trust::{finish_first, sign_checkpoint, sign_trust_file};
use sealight_verify::chain::{Ask, HeaderChain, Sync, SyncError};
use sealight_verify::comet::json::{self, JsonError, SignedHeader};
use sealight_verify::comet::{
    Anchor, CometError, LightBlock, Limits, Stock, Threshold, ValidatorSet, next_validators_hash,
    verify,
};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::hash::Hash32;
use sealight_verify::sign::Algorithm;
use sealight_verify::time::{Now, Seconds, Timestamp};
use sealight_verify::trust::{
    Checkpoint, KeySet, LedgerKind, LedgerTrust, Periods, SignedCheckpoint, SignedTrustFile,
    TrustFile, open,
};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, PartialEq)]
enum Refusal {
    Json(JsonError),
    Rule(CometError),
}

impl From<JsonError> for Refusal {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl From<CometError> for Refusal {
    fn from(error: CometError) -> Self {
        Self::Rule(error)
    }
}

fn time(value: &Value) -> Timestamp {
    value.as_str().and_then(|text| text.parse().ok()).expect("a time")
}

fn number(value: &Value) -> u64 {
    value.as_str().and_then(|text| text.parse().ok()).expect("a number")
}

fn signed_header(value: &Value) -> Result<SignedHeader, JsonError> {
    json::signed_header::<Stock>(value.to_string().as_bytes())
}

/// The cases list validators in any order; a node keeps them in the order of their set.
fn validators(value: &Value) -> Result<ValidatorSet, JsonError> {
    let set = json::validator_list::<Stock>(value.to_string().as_bytes())?;
    Ok(ValidatorSet::sorted::<Stock>(set.validators().to_vec())?)
}

fn light_block(value: &Value) -> Result<LightBlock, JsonError> {
    signed_header(&value["signed_header"])?
        .with_validators::<Stock>(validators(&value["validator_set"])?)
}

/// What is trusted between the steps of a case.
struct Trusted {
    header: SignedHeader,
    next: ValidatorSet,
}

fn step(trusted: &Trusted, input: &Value, period: Seconds) -> Result<Trusted, Refusal> {
    let block = light_block(&input["block"])?;
    let header = &trusted.header.header;
    let anchor = Anchor {
        chain_id: &header.chain_id,
        height: header.height,
        time: header.time,
        next_validators_hash: header.next_validators_hash,
        next_validators: Some(&trusted.next),
    };
    let now = time(&input["now"]);
    let limits = Limits {
        trusting: period,
        measured_at: now,
        now: Some(now),
        drift: Seconds(0),
        threshold: Threshold::OneThird,
    };
    verify::<Stock>(&block, &anchor, &limits)?;
    let next = validators(&input["block"]["next_validator_set"])?;
    next_validators_hash::<Stock>(block.header.next_validators_hash, &next)?;
    Ok(Trusted { header: SignedHeader::new(block.header, block.commit), next })
}

fn verdict(result: &Result<Trusted, Refusal>) -> &'static str {
    match result {
        Ok(_) => "SUCCESS",
        Err(Refusal::Rule(CometError::NotEnoughTrust { .. })) => "NOT_ENOUGH_TRUST",
        Err(_) => "INVALID",
    }
}

#[test]
fn every_shipped_single_step_comes_out_the_same() {
    let mut steps = [0; 3];
    let cases = files("model_based/single_step");
    for (name, case) in &cases {
        let initial = &case["initial"];
        let mut trusted = Trusted {
            header: signed_header(&initial["signed_header"]).expect("a trusted header"),
            next: validators(&initial["next_validator_set"]).expect("a trusted set"),
        };
        let period = Seconds(number(&initial["trusting_period"]) / 1_000_000_000);
        for (at, input) in case["input"].as_array().expect("a list of steps").iter().enumerate() {
            let result = step(&trusted, input, period);
            let expected = input["verdict"].as_str().expect("a verdict");
            let got = verdict(&result);
            assert_eq!(got, expected, "{name}, step {at}: {:?}", result.err());
            steps[["SUCCESS", "NOT_ENOUGH_TRUST", "INVALID"]
                .iter()
                .position(|verdict| *verdict == expected)
                .expect("a known verdict")] += 1;
            if let Ok(next) = result {
                trusted = next;
            }
        }
    }
    println!("figure: single-step cases: {}", cases.len());
    println!("figure: steps: {}", steps.iter().sum::<u32>());
    println!("figure: steps accepted: {}", steps[0]);
    println!("figure: steps without enough trust: {}", steps[1]);
    println!("figure: steps refused: {}", steps[2]);
    assert_eq!(steps.iter().sum::<u32>(), 99);
}

/// A node of a case: its blocks by height, signed again.
struct Provider(BTreeMap<u64, LightBlock>);

/// Keys of ours in place of the recorded ones.
#[derive(Default)]
struct Keys(BTreeMap<String, ValidatorKey>);

impl Keys {
    fn key(&mut self, address: &str) -> ValidatorKey {
        let seed = self.0.len() as u8 + 1;
        let fresh = || ValidatorKey::from_seed(&[seed; 32]).expect("a key");
        self.0.entry(address.into()).or_insert_with(fresh).clone()
    }

    fn signers(&mut self, list: &Value) -> Signers {
        let seats = list["validators"].as_array().expect("a list of validators");
        let seat = |seat: &Value| {
            let address = seat["address"].as_str().expect("an address");
            (self.key(address), number(&seat["voting_power"]))
        };
        Signers::new(seats.iter().map(seat).collect()).expect("a set")
    }

    /// The same header for our keys, with the same votes by the same validators.
    fn sign_again(&mut self, block: &Value) -> LightBlock {
        let signers = self.signers(&block["validator_set"]);
        let next = self.signers(&block["next_validator_set"]);
        let mut header = mended(&block["signed_header"]).header;
        header.validators_hash = signers.set().hash::<Stock>();
        header.next_validators_hash = next.set().hash::<Stock>();
        let commit = &block["signed_header"]["commit"];
        let round = u32::try_from(commit["round"].as_u64().expect("a round")).expect("a round");
        let mut votes = BTreeMap::new();
        for vote in commit["signatures"].as_array().expect("a list of votes") {
            let address = vote["validator_address"].as_str().unwrap_or("");
            let key = self.key(address).public();
            let at = vote["timestamp"].as_str().and_then(|text| text.parse().ok());
            votes.insert(
                key.0.to_vec(),
                match (vote["block_id_flag"].as_u64(), at) {
                    (Some(2), Some(at)) => Vote::Commit(at),
                    (Some(3), Some(at)) => Vote::Nil(at),
                    _ => Vote::Absent,
                },
            );
        }
        signers.sign_with(header, round, |place| {
            let key = &signers.set().validators()[place].key;
            votes.get(&key.0).copied().unwrap_or(Vote::Absent)
        })
    }

    fn provider(&mut self, provider: &Value) -> Provider {
        let blocks = provider["lite_blocks"].as_array().expect("a list of blocks");
        Provider(
            blocks
                .iter()
                .map(|block| self.sign_again(block))
                .map(|block| (block.height(), block))
                .collect(),
        )
    }
}

/// The signed header with the block hash that its header really has.
fn mended(value: &Value) -> SignedHeader {
    let mut value = value.clone();
    if let Err(JsonError::BlockHash { expected, .. }) = signed_header(&value) {
        value["commit"]["block_id"]["hash"] = expected.to_string().into();
    }
    signed_header(&value).expect("a header that is sound but for its hash")
}

impl Provider {
    /// Brings the chain to a height.
    fn sync(&self, chain: &mut HeaderChain, height: u64, now: &Now) -> Result<(), SyncError> {
        let block = |height| self.0.get(&height).expect("a height that the case has");
        let header = |height| {
            let block: &LightBlock = block(height);
            SignedHeader::new(block.header.clone(), block.commit.clone())
        };
        let mut sync = Sync::start(chain, header(height), &[], now);
        let result = loop {
            match sync.ask().clone() {
                Ask::Commit(height) => sync.commit(header(height)),
                Ask::Validators(height) => sync.validators(block(height).validators.clone()),
                Ask::Done => break Ok(()),
                Ask::Failed(error) => break Err(error),
            }
        };
        sync.into_changes().iter().for_each(|change| chain.apply(change));
        result
    }
}

/// A chain that trusts the case's first header by a checkpoint.
fn chain(case: &Value, primary: &Provider) -> HeaderChain {
    let key = SigningKey::from_seed(Algorithm::Sm2, &[7; 32]).expect("a key");
    let role = KeySet { threshold: 1, keys: vec![key.public()] };
    let ledger = LedgerId::of_genesis(b"shipped cases");
    let options = &case["trust_options"];
    let period = Seconds(number(&options["period"]) / 1_000_000_000);
    let trust = LedgerTrust {
        id: ledger,
        name: "shipped cases".into(),
        chain_id: case["primary"]["chain_id"].as_str().expect("a chain id").into(),
        kind: LedgerKind::Comet,
        genesis: Timestamp::from_unix_secs(0),
        operators: vec![],
        periods: Periods { trusting: period, skip_third: period, ..Periods::DEFAULT },
        least_operators: 0,
    };
    let file = TrustFile {
        version: 1,
        serial: 1,
        expires: Timestamp::LATEST,
        roots: role.clone(),
        checkpoints: role,
        ledgers: vec![trust],
        demo: false,
    };
    let mut signed = SignedTrustFile::unsigned(&file);
    sign_trust_file(&mut signed, &key);
    let trusted = open(&finish_first(&signed).expect("a signed file")).expect("a trusted file");
    let mut chain = HeaderChain::new(&trusted, &ledger).expect("a listed ledger");

    let header = &primary.0[&number(&options["height"])].header;
    let mut checkpoint = SignedCheckpoint::unsigned(Checkpoint {
        version: 1,
        ledger,
        made: header.time,
        height: header.height,
        header_hash: header.hash::<Stock>(),
        time: header.time,
        app_hash: Hash32([0; 32]),
        validators_hash: header.validators_hash,
        next_validators_hash: header.next_validators_hash,
    });
    sign_checkpoint(&mut checkpoint, &key);
    let change = chain.checkpoint(&checkpoint).expect("a signed checkpoint");
    chain.apply(&change);
    chain
}

#[test]
fn every_shipped_bisection_as_it_is_has_headers_that_nobody_signed() {
    let mut headers = 0;
    for (name, case) in files("bisection/single_peer") {
        for block in case["primary"]["lite_blocks"].as_array().expect("a list of blocks") {
            let signed = &block["signed_header"];
            let Err(JsonError::BlockHash { expected, .. }) = signed_header(signed) else {
                panic!("{name}: a header that its commit names")
            };
            let theirs: tendermint::block::signed_header::SignedHeader =
                serde_json::from_value(signed.clone()).expect("a signed header");
            assert_eq!(theirs.header.hash().as_bytes(), &expected.0, "{name}");
            headers += 1;
        }
    }
    println!("figure: bisection headers with the hash of tendermint-rs: {headers}");
}

#[test]
fn every_shipped_bisection_signed_again_comes_out_the_same() {
    let cases = files("bisection/single_peer");
    for (name, case) in &cases {
        let now = Now::new(time(&case["now"]), false);
        let primary = Keys::default().provider(&case["primary"]);
        let mut chain = chain(case, &primary);
        let height = number(&case["height_to_verify"]);
        let result = primary.sync(&mut chain, height, &now);
        let expected = case["expected_output"].as_str().expect("an outcome");
        println!("{name}: {}", result.as_ref().err().map_or("accepted".into(), |e| e.to_string()));
        assert_eq!(result.is_err(), expected == "error", "{name}: {result:?}");
        if result.is_ok() {
            assert_eq!(chain.head().map(|head| head.height()), Some(height), "{name}");
        }
    }
    println!("figure: bisection cases: {}", cases.len());
    assert_eq!(cases.len(), 4);
}

#[test]
fn every_shipped_disagreement_of_witnesses_is_an_error() {
    let cases = files("bisection/multi_peer");
    let mut frozen = 0;
    for (name, case) in &cases {
        let now = Now::new(time(&case["now"]), false);
        let mut keys = Keys::default();
        let primary = keys.provider(&case["primary"]);
        let mut chain = chain(case, &primary);
        let height = number(&case["height_to_verify"]);
        let mut results = vec![primary.sync(&mut chain, height, &now)];
        for witness in case["witnesses"].as_array().expect("a list of witnesses") {
            results.push(keys.provider(&witness["value"]).sync(&mut chain, height, &now));
        }
        let errors: Vec<&SyncError> = results.iter().filter_map(|r| r.as_ref().err()).collect();
        assert!(!errors.is_empty(), "{name}: a disagreement that went unseen");
        frozen += u32::from(chain.frozen().is_some());
        println!("{name}: {}", errors[0]);
    }
    println!("figure: witness cases: {}", cases.len());
    println!("figure: witness cases frozen as forks: {frozen}");
    assert_eq!(cases.len(), 4);
}
