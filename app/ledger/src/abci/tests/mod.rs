//! The application as the engine calls it, without an engine.

mod blocks;
mod entries;
mod log;
mod refusals;
mod start;
mod sync;
mod traps;
mod wire;

use super::*;
use crate::scratch::Scratch;
use crate::world::{self, World, at};
use base64ct::{Base64, Encoding};
use sealight_verify::codec::{self, Versioned};
use sealight_verify::format::entry::Entry;
use sealight_verify::hash::{HashSuite, Sha256};
use sealight_verify::time::Timestamp;
use tendermint_proto::google::protobuf::Timestamp as WireTime;
use tendermint_proto::v0_38::abci::response_process_proposal::ProposalStatus;
use tendermint_proto::v0_38::abci::{
    RequestCheckTx, RequestFinalizeBlock, RequestInitChain, RequestPrepareProposal,
    RequestProcessProposal, ResponseFinalizeBlock, ValidatorUpdate,
};
use tendermint_proto::v0_38::crypto::PublicKey;
use tendermint_proto::v0_38::crypto::public_key::Sum;

struct NoCodes;

impl crate::answer::CodeFiles for NoCodes {
    fn codes(
        &self,
        _: &sealight_verify::hash::Hash32,
        _: u8,
        _: u32,
    ) -> Option<crate::answer::CodesOfPrefix> {
        None
    }
}

fn open(scratch: &Scratch) -> App {
    try_open(scratch).unwrap()
}

fn try_open(scratch: &Scratch) -> Result<App, AbciError> {
    App::open(scratch.path(), world::genesis(), NoCodes, AppOptions::default())
}

fn wire_time(time: Timestamp) -> Option<WireTime> {
    Some(WireTime { seconds: time.secs(), nanos: time.nanos() as i32 })
}

fn init_request() -> RequestInitChain {
    let genesis = world::genesis();
    let app_state = format!("\"{}\"", Base64::encode_string(&genesis.encode()));
    let validator = |seat: &sealight_verify::format::governance::ValidatorSeat| ValidatorUpdate {
        pub_key: Some(PublicKey { sum: Some(Sum::Ed25519(seat.key.to_vec())) }),
        power: seat.power as i64,
    };
    RequestInitChain {
        time: wire_time(genesis.time),
        chain_id: genesis.chain_id.clone(),
        consensus_params: None,
        validators: genesis.validators.seats.iter().map(validator).collect(),
        app_state_bytes: app_state.into_bytes().into(),
        initial_height: 1,
    }
}

fn bytes(entries: &[Entry]) -> Vec<Vec<u8>> {
    entries.iter().map(codec::encode).collect()
}

fn propose(app: &App, height: u64, txs: &[Vec<u8>]) -> ProposalStatus {
    let hash = Sha256::hash(&[&height.to_be_bytes(), &txs.concat()]);
    let request = RequestProcessProposal {
        txs: txs.iter().cloned().map(Into::into).collect(),
        hash: hash.0.to_vec().into(),
        height: height as i64,
        time: wire_time(at(height)),
        ..Default::default()
    };
    app.process_proposal(&request).unwrap().status()
}

fn finalize(app: &App, height: u64, txs: &[Vec<u8>]) -> ResponseFinalizeBlock {
    let hash = Sha256::hash(&[&height.to_be_bytes(), &txs.concat()]);
    let request = RequestFinalizeBlock {
        txs: txs.iter().cloned().map(Into::into).collect(),
        hash: hash.0.to_vec().into(),
        height: height as i64,
        time: wire_time(at(height)),
        ..Default::default()
    };
    app.finalize_block(&request).unwrap()
}

/// A whole block of entries that are all taken in.
fn block(app: &App, txs: &[Vec<u8>]) -> ResponseFinalizeBlock {
    let height = app.tip().height + 1;
    assert_eq!(propose(app, height, txs), ProposalStatus::Accept);
    let answer = finalize(app, height, txs);
    assert!(answer.tx_results.iter().all(|result| result.code == 0));
    app.commit().unwrap();
    answer
}

fn check(app: &App, tx: &[u8]) -> (u32, String) {
    let answer = app.check_tx(&RequestCheckTx { tx: tx.to_vec().into(), r#type: 0 });
    (answer.code, answer.info)
}

/// A world whose next block is number `height`, and entries made in it.
fn world_at(app: &App) -> World {
    let mut world = World::new();
    let (height, state) = app.newest();
    (world.height, world.state) = (height + 1, state);
    world
}
