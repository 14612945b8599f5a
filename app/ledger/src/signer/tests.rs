use super::wire::{WireError, answer, read, write};
use super::*;
use crate::scratch::Scratch;
use prost::Message as _;
use sealight_verify::sign::{PublicKey, Signature};
use std::fs;
use std::path::PathBuf;
use tendermint_proto::v0_38::privval::message::Sum;
use tendermint_proto::v0_38::privval::{
    Message, PingRequest, PubKeyRequest, SignProposalRequest, SignVoteRequest,
};
use tendermint_proto::v0_38::types::{BlockId, PartSetHeader, Proposal, Vote};

const CHAIN: &str = "sealight-test";

fn key() -> SigningKey {
    SigningKey::from_seed(sealight_verify::sign::Algorithm::Ed25519, &[5; 32]).unwrap()
}

fn home(scratch: &Scratch) -> PathBuf {
    let home = scratch.path().join("signer");
    init(&home, CHAIN, &key()).unwrap();
    home
}

fn block(byte: u8) -> Option<BlockId> {
    let part_set_header = Some(PartSetHeader { total: 1, hash: vec![byte; 32] });
    Some(BlockId { hash: vec![byte; 32], part_set_header })
}

fn vote(height: i64, round: i32, kind: i32, byte: u8, seconds: i64) -> Vote {
    Vote {
        r#type: kind,
        height,
        round,
        block_id: block(byte),
        timestamp: Some(Timestamp { seconds, nanos: 5 }),
        ..Vote::default()
    }
}

const PREVOTE: i32 = 1;
const PRECOMMIT: i32 = 2;

fn ask(signer: &mut Signer, vote: Vote) -> Result<Vote, String> {
    ask_on(signer, vote, CHAIN)
}

fn ask_on(signer: &mut Signer, vote: Vote, chain_id: &str) -> Result<Vote, String> {
    let asked = SignVoteRequest { vote: Some(vote), chain_id: chain_id.into() };
    let message = Message { sum: Some(Sum::SignVoteRequest(asked)) };
    match answer(signer, message, &mut |_| {}).unwrap().sum {
        Some(Sum::SignedVoteResponse(got)) => match got.error {
            Some(error) => Err(error.description),
            None => Ok(got.vote.unwrap()),
        },
        other => panic!("{other:?}"),
    }
}

fn propose(signer: &mut Signer, proposal: Proposal) -> Result<Proposal, String> {
    let asked = SignProposalRequest { proposal: Some(proposal), chain_id: CHAIN.into() };
    let message = Message { sum: Some(Sum::SignProposalRequest(asked)) };
    match answer(signer, message, &mut |_| {}).unwrap().sum {
        Some(Sum::SignedProposalResponse(got)) => match got.error {
            Some(error) => Err(error.description),
            None => Ok(got.proposal.unwrap()),
        },
        other => panic!("{other:?}"),
    }
}

fn verifies(vote: &Vote) -> bool {
    let bytes = Request::Vote(vote).sign_bytes(CHAIN).unwrap();
    by_key(&bytes, &vote.signature)
}

fn by_key(bytes: &[u8], signature: &[u8]) -> bool {
    let key: PublicKey = key().public();
    key.verify(bytes, &Signature(signature.try_into().unwrap())).is_ok()
}

#[test]
fn each_step_of_a_height_is_signed_and_verifies() {
    let scratch = Scratch::new();
    let mut signer = Signer::open(&home(&scratch)).unwrap();
    let proposal = Proposal {
        height: 3,
        pol_round: -1,
        block_id: block(1),
        timestamp: Some(Timestamp { seconds: 9, nanos: 0 }),
        ..Proposal::default()
    };
    let proposed = propose(&mut signer, proposal).unwrap();
    let bytes = Request::Proposal(&proposed).sign_bytes(CHAIN).unwrap();
    assert!(by_key(&bytes, &proposed.signature));
    for kind in [PREVOTE, PRECOMMIT] {
        assert!(verifies(&ask(&mut signer, vote(3, 0, kind, 1, 9)).unwrap()));
    }
}

#[test]
fn a_height_a_round_and_a_step_never_go_back() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    ask(&mut signer, vote(7, 2, PRECOMMIT, 1, 9)).unwrap();
    for reopened in [false, true] {
        if reopened {
            drop(signer);
            signer = Signer::open(&home).unwrap();
        }
        let refused = |signer: &mut Signer, asked| ask(signer, asked).unwrap_err();
        assert_eq!(refused(&mut signer, vote(6, 9, PRECOMMIT, 1, 9)), "height 6, lowest is 7");
        assert_eq!(refused(&mut signer, vote(7, 1, PRECOMMIT, 1, 9)), "round 1, lowest is 2");
        let step = refused(&mut signer, vote(7, 2, PREVOTE, 1, 9));
        assert_eq!(step, "step Prevote, lowest is Precommit");
    }
    assert!(ask(&mut signer, vote(7, 3, PREVOTE, 2, 9)).is_ok());
}

#[test]
fn other_bytes_for_the_same_place_are_refused() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    ask(&mut signer, vote(7, 0, PREVOTE, 1, 9)).unwrap();
    let nothing = Vote { block_id: None, ..vote(7, 0, PREVOTE, 0, 9) };
    for other in [vote(7, 0, PREVOTE, 2, 9), nothing] {
        let refused = ask(&mut signer, other).unwrap_err();
        assert_eq!(refused, "something else was signed at height 7 round 0 Prevote");
    }
}

#[test]
fn the_same_bytes_get_the_same_signature_and_another_time_the_old_one() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    let first = ask(&mut signer, vote(7, 0, PREVOTE, 1, 9)).unwrap();
    drop(signer);
    let mut signer = Signer::open(&home).unwrap();
    assert_eq!(ask(&mut signer, vote(7, 0, PREVOTE, 1, 9)).unwrap(), first);
    let later = ask(&mut signer, vote(7, 0, PREVOTE, 1, 10)).unwrap();
    assert_eq!((later.timestamp, &later.signature), (first.timestamp, &first.signature));
    assert!(verifies(&later));
}

#[test]
fn an_extension_is_signed_for_a_precommit_of_a_block_only() {
    let scratch = Scratch::new();
    let mut signer = Signer::open(&home(&scratch)).unwrap();
    let extended =
        |kind, id| Vote { extension: b"x".to_vec(), block_id: id, ..vote(7, 0, kind, 1, 9) };
    assert!(ask(&mut signer, extended(PREVOTE, block(1))).is_err());
    assert!(ask(&mut signer, extended(PRECOMMIT, None)).is_err());
    // Nothing was remembered of what was refused.
    assert!(ask(&mut signer, vote(7, 0, PREVOTE, 2, 9)).unwrap().extension_signature.is_empty());
    let signed = ask(&mut signer, extended(PRECOMMIT, block(1))).unwrap();
    let bytes = bytes::extension_bytes(CHAIN, &signed).unwrap().unwrap();
    assert!(by_key(&bytes, &signed.extension_signature));
    // Also an empty one, and another one for the same vote.
    let again = ask(&mut signer, vote(7, 0, PRECOMMIT, 1, 9)).unwrap();
    assert_eq!(again.signature, signed.signature);
    assert_ne!(again.extension_signature, signed.extension_signature);
}

#[test]
fn another_chain_gets_neither_key_nor_signature() {
    let scratch = Scratch::new();
    let mut signer = Signer::open(&home(&scratch)).unwrap();
    assert!(ask_on(&mut signer, vote(7, 0, PREVOTE, 1, 9), "other").is_err());
    let asked = PubKeyRequest { chain_id: "other".into() };
    let message = Message { sum: Some(Sum::PubKeyRequest(asked)) };
    let Some(Sum::PubKeyResponse(got)) = answer(&mut signer, message, &mut |_| {}).unwrap().sum
    else {
        panic!("no answer to a request for the key")
    };
    assert!(got.pub_key.is_none() && got.error.is_some());
}

#[test]
fn what_no_engine_makes_is_refused() {
    let scratch = Scratch::new();
    let mut signer = Signer::open(&home(&scratch)).unwrap();
    let short = Some(BlockId { hash: vec![1; 31], part_set_header: None });
    for bad in [
        vote(0, 0, PREVOTE, 1, 9),
        vote(-1, 0, PREVOTE, 1, 9),
        vote(7, -1, PREVOTE, 1, 9),
        vote(7, 0, 0, 1, 9),
        vote(7, 0, 32, 1, 9),
        vote(7, 0, 99, 1, 9),
        Vote { block_id: short, ..vote(7, 0, PREVOTE, 1, 9) },
    ] {
        assert!(ask(&mut signer, bad.clone()).unwrap_err().starts_with("malformed"), "{bad:?}");
    }
    // None of it moved the state.
    assert!(ask(&mut signer, vote(1, 0, PREVOTE, 1, 9)).is_ok());
}

#[test]
fn a_garbled_or_oversized_message_ends_the_connection_and_nothing_else() {
    let ping = Message { sum: Some(Sum::PingRequest(PingRequest {})) };
    let whole = ping.encode_length_delimited_to_vec();
    assert_eq!(read(&mut &whole[..]).unwrap(), ping);
    let cut = read(&mut &whole[..whole.len() - 1]);
    assert!(matches!(cut, Err(WireError::Io(_))), "{cut:?}");
    let long = read(&mut &[0x81, 0x50, 0][..]);
    assert!(matches!(long, Err(WireError::TooLong { got: 10_241, max: 10_240 })), "{long:?}");
    for garbled in [&[0xff, 0xff, 0xff, 0xff, 1][..], &[2, 0x0a, 9], &[1, 0xff]] {
        let got = read(&mut &garbled[..]);
        assert!(matches!(got, Err(WireError::Garbled)), "{garbled:?} {got:?}");
    }
    let mut out = Vec::new();
    write(&mut out, &ping).unwrap();
    assert_eq!(out, whole);
}

#[test]
fn a_lost_or_garbled_state_does_not_start_and_says_what_to_do() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let whole = fs::read(home.join("state.json")).unwrap();
    let mut refused_of = 0;
    for at in (0..whole.len()).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        // Blanks between the members mean nothing, whichever they are.
        if serde_json::from_slice::<serde_json::Value>(&damaged).ok()
            == serde_json::from_slice(&whole).ok()
        {
            continue;
        }
        fs::write(home.join("state.json"), damaged).unwrap();
        let refused = Signer::open(&home).unwrap_err();
        assert!(matches!(refused, SignerError::Garbled { .. }), "{at} {refused}");
        assert!(refused.to_string().contains("--new-at-height"));
        refused_of += 1;
    }
    assert!(refused_of > 20, "{refused_of} of {} bytes", whole.len());
    for name in ["state.json", "mark"] {
        fs::write(home.join("state.json"), &whole).unwrap();
        let (path, aside) = (home.join(name), home.join("aside"));
        fs::rename(&path, &aside).unwrap();
        let refused = Signer::open(&home).unwrap_err();
        assert!(matches!(refused, SignerError::Lost { .. }), "{refused}");
        fs::rename(&aside, &path).unwrap();
    }
    assert!(Signer::open(&home).is_ok());
}

#[test]
fn an_older_state_put_back_does_not_start() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    ask(&mut signer, vote(7, 0, PREVOTE, 1, 9)).unwrap();
    let old = fs::read(home.join("state.json")).unwrap();
    ask(&mut signer, vote(7, 0, PRECOMMIT, 1, 9)).unwrap();
    drop(signer);
    fs::write(home.join("state.json"), old).unwrap();
    let refused = Signer::open(&home).unwrap_err();
    assert!(matches!(refused, SignerError::Older { .. }), "{refused}");
}

#[test]
fn a_state_one_ahead_of_its_mark_is_gone_on_with() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    let mark = fs::read(home.join("mark")).unwrap();
    ask(&mut signer, vote(7, 0, PREVOTE, 1, 9)).unwrap();
    drop(signer);
    // As a process leaves it that ends between the two writes.
    fs::write(home.join("mark"), mark).unwrap();
    let mut signer = Signer::open(&home).unwrap();
    assert!(ask(&mut signer, vote(7, 0, PREVOTE, 2, 9)).is_err());
}

#[test]
fn a_copy_of_the_folder_does_not_start() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let copy = scratch.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for name in ["signer.key", "state.json", "mark"] {
        fs::copy(home.join(name), copy.join(name)).unwrap();
    }
    let refused = Signer::open(&copy).unwrap_err();
    assert!(matches!(refused, SignerError::Copied { .. }), "{refused}");
    assert!(Signer::open(&home).is_ok());
}

#[test]
fn two_signers_of_one_state_are_never_open() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let signer = Signer::open(&home).unwrap();
    let refused = Signer::open(&home).unwrap_err();
    assert!(matches!(refused, SignerError::Locked { .. }), "{refused}");
    let refused = reset(&home, CHAIN, 9).unwrap_err();
    assert!(matches!(refused, SignerError::Locked { .. }), "{refused}");
    drop(signer);
    assert!(Signer::open(&home).is_ok());
}

#[test]
fn after_a_reset_nothing_below_its_height_is_signed() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    fs::write(home.join("state.json"), "{}").unwrap();
    reset(&home, CHAIN, 50).unwrap();
    let mut signer = Signer::open(&home).unwrap();
    assert!(ask(&mut signer, vote(49, 0, PRECOMMIT, 1, 9)).is_err());
    assert!(ask(&mut signer, vote(50, 0, PREVOTE, 1, 9)).is_ok());
}

#[test]
fn a_reset_never_goes_below_what_was_signed() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let mut signer = Signer::open(&home).unwrap();
    ask(&mut signer, vote(50, 0, PREVOTE, 1, 9)).unwrap();
    drop(signer);
    for height in [1, 49, 50] {
        let refused = reset(&home, CHAIN, height).unwrap_err();
        let expected = matches!(refused, SignerError::Behind { lowest: 51, got } if got == height);
        assert!(expected, "{height}: {refused}");
    }
    let refused = reset(&home, "other", 51).unwrap_err();
    assert!(matches!(refused, SignerError::OtherChain { .. }), "{refused}");
    // What was refused changed nothing: the state is gone on with.
    let mut signer = Signer::open(&home).unwrap();
    assert!(ask(&mut signer, vote(50, 0, PREVOTE, 2, 9)).is_err());
    drop(signer);
    reset(&home, CHAIN, 51).unwrap();
    // Nothing was signed there yet: the same once more is no step back, below it is.
    reset(&home, CHAIN, 51).unwrap();
    let refused = reset(&home, CHAIN, 50).unwrap_err();
    assert!(matches!(refused, SignerError::Behind { lowest: 51, got: 50 }), "{refused}");
}

#[test]
fn a_key_that_others_may_read_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let scratch = Scratch::new();
    let home = home(&scratch);
    let path = home.join("signer.key");
    let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = Signer::open(&home).unwrap_err();
    assert!(matches!(refused, SignerError::Open { mode: 0o644, .. }), "{refused}");
}

#[test]
fn a_signer_is_never_made_over_another() {
    let scratch = Scratch::new();
    let home = home(&scratch);
    let refused = init(&home, CHAIN, &key()).unwrap_err();
    assert!(matches!(refused, SignerError::Exists { .. }), "{refused}");
}
