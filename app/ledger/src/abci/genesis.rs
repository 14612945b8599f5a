//! The engine's genesis held against the ledger's.

use super::AbciError;
use crate::state::Genesis;
use base64ct::{Base64, Encoding};
use sealight_verify::time::Timestamp;
use tendermint_proto::google::protobuf::Timestamp as WireTime;
use tendermint_proto::v0_38::abci::{RequestInitChain, ValidatorUpdate};
use tendermint_proto::v0_38::crypto::public_key::Sum;

/// The engine starts the chain that the genesis document describes, and no other.
pub(super) fn agrees(request: &RequestInitChain, genesis: &Genesis) -> Result<(), AbciError> {
    let other = |what| Err(AbciError::OtherGenesis { what });
    if document(&request.app_state_bytes)? != *genesis {
        return other("the genesis document in app_state");
    }
    if request.chain_id != genesis.chain_id {
        return other("chain_id");
    }
    if time(request.time)? != genesis.time {
        return other("genesis_time");
    }
    if request.initial_height != 1 {
        return other("initial_height");
    }
    // A later rollback of the engine compares the application's version, which is 0, with this.
    let version = request.consensus_params.as_ref().and_then(|params| params.version.as_ref());
    if version.is_some_and(|version| version.app != 0) {
        return other("consensus_params.version.app");
    }
    let seats = genesis.validators.seats.iter();
    let expected: Vec<_> = seats.map(|seat| (seat.key.to_vec(), seat.power)).collect();
    if validators(&request.validators) != Some(expected) {
        return other("validators");
    }
    Ok(())
}

/// A block's time.
pub(super) fn time(wire: Option<WireTime>) -> Result<Timestamp, AbciError> {
    let wire = wire.ok_or(AbciError::Time)?;
    let nanos = u32::try_from(wire.nanos).map_err(|_| AbciError::Time)?;
    Timestamp::from_unix(wire.seconds, nanos).ok_or(AbciError::Time)
}

/// The genesis document as `app_state` holds it: a JSON string of base64.
fn document(app_state: &[u8]) -> Result<Genesis, AbciError> {
    let text = std::str::from_utf8(app_state).map_err(|_| AbciError::GenesisText)?;
    let text = text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let bytes =
        text.and_then(|text| Base64::decode_vec(text).ok()).ok_or(AbciError::GenesisText)?;
    Genesis::decode(&bytes).map_err(AbciError::GenesisCodec)
}

/// Ed25519 keys and powers in the order of the keys; none where there is anything else.
fn validators(updates: &[ValidatorUpdate]) -> Option<Vec<(Vec<u8>, u64)>> {
    let seat = |update: &ValidatorUpdate| match update.pub_key.as_ref()?.sum.as_ref()? {
        Sum::Ed25519(key) => Some((key.clone(), u64::try_from(update.power).ok()?)),
        _ => None,
    };
    let mut seats = updates.iter().map(seat).collect::<Option<Vec<_>>>()?;
    seats.sort();
    Some(seats)
}
