//! The first block, and the engine's genesis.

use super::*;

#[test]
fn the_chain_starts_from_the_genesis_document() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let info = app.info();
    // An engine takes a hash before the first block for a state of its own making.
    assert_eq!((info.last_block_height, info.last_block_app_hash.len()), (0, 0));
    assert_eq!(info.app_version, 0);
    let started = app.init_chain(&init_request()).unwrap();
    assert_eq!(started.app_hash[..], World::new().state.app_hash().0);
    assert!(started.validators.is_empty());
}

#[test]
fn another_genesis_is_refused_whatever_differs() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let refusal = |change: &dyn Fn(&mut RequestInitChain)| {
        let mut request = init_request();
        change(&mut request);
        app.init_chain(&request).unwrap_err()
    };
    let what = |error| match error {
        AbciError::OtherGenesis { what } => what,
        other => panic!("{other}"),
    };
    assert_eq!(what(refusal(&|r| r.chain_id.push('x'))), "chain_id");
    assert_eq!(what(refusal(&|r| r.time = wire_time(at(1)))), "genesis_time");
    assert_eq!(what(refusal(&|r| r.initial_height = 2)), "initial_height");
    assert_eq!(what(refusal(&|r| _ = r.validators.pop())), "validators");
    assert_eq!(what(refusal(&|r| r.validators[0].power += 1)), "validators");
    let version = |r: &mut RequestInitChain| {
        r.consensus_params = Some(tendermint_proto::v0_38::types::ConsensusParams {
            version: Some(tendermint_proto::v0_38::types::VersionParams { app: 1 }),
            ..Default::default()
        });
    };
    assert_eq!(what(refusal(&version)), "consensus_params.version.app");
    let mut other = world::genesis();
    other.threshold = 2;
    let text = format!("\"{}\"", Base64::encode_string(&other.encode()));
    let state =
        |text: String| move |r: &mut RequestInitChain| r.app_state_bytes = text.clone().into();
    assert_eq!(what(refusal(&state(text))), "the genesis document in app_state");
    for text in ["", "{}", "\"!\"", "\""] {
        assert!(matches!(refusal(&state(text.into())), AbciError::GenesisText), "{text}");
    }
    assert!(matches!(refusal(&state("\"AAAA\"".into())), AbciError::GenesisCodec(_)));
    assert!(matches!(refusal(&|r| r.time = None), AbciError::Time));
}

#[test]
fn a_folder_is_opened_by_one_process_at_a_time() {
    let scratch = Scratch::new();
    let _app = open(&scratch);
    assert!(matches!(try_open(&scratch).unwrap_err(), AbciError::InUse { .. }));
}
