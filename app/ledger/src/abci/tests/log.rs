//! Pages of the log.

use super::*;
use sealight_verify::format::entry::{Body, log_leaf};
use sealight_verify::format::governance::{GOVERNANCE_PATH, GovernanceAnswer, MEMBERS, VALIDATORS};
use sealight_verify::format::log::{LOG_PATH, LogPage, MAX_PAGE};
use sealight_verify::hash::Sm3;
use sealight_verify::tree::log::verify_consistency;
use sealight_verify::tree::peaks::Peaks;

fn page(app: &App, from: u64, height: u64) -> LogPage {
    let (_, bytes) = app.query(LOG_PATH, &from.to_be_bytes(), height).unwrap();
    codec::decode(&bytes).unwrap()
}

/// Lots and events in some blocks, empty ones between.
fn filled(scratch: &Scratch, events: usize) -> (App, Vec<Vec<u8>>) {
    let app = open(scratch);
    let mut all = Vec::new();
    for number in 1..=3 {
        let world = world_at(&app);
        let tx = codec::encode(&world.entry("issuer", world.anchor_body("issuer", number)));
        block(&app, std::slice::from_ref(&tx));
        block(&app, &[]);
        all.push(tx);
    }
    let mut world = world_at(&app);
    let mut txs = Vec::new();
    for at in 0..events {
        let entry = world.entry("issuer", world.event_body(1, &format!("step {at}")));
        txs.push(codec::encode(&entry));
        world.state.apply(txs.last().unwrap(), world.height, at_height(&world)).unwrap();
    }
    block(&app, &txs);
    all.extend(txs);
    (app, all)
}

fn at_height(world: &World) -> Timestamp {
    at(world.height)
}

/// Reads the whole log page by page, each proven by its consistency path.
fn read(app: &App, height: u64) -> Vec<Vec<u8>> {
    let (mut edge, mut all) = (Peaks::<Sm3>::default(), Vec::new());
    loop {
        let page = page(app, edge.size(), height);
        for entry in &page.entries {
            edge.append(log_leaf(entry));
            all.push(entry.to_vec());
        }
        let (size, roots) = (edge.size(), page.roots);
        let root = edge.root();
        verify_consistency::<Sm3>(size, &root, roots.log_size, &roots.log_root, &page.path)
            .unwrap();
        if size == roots.log_size {
            return all;
        }
        assert!(!page.entries.is_empty());
    }
}

#[test]
fn the_log_is_served_in_proven_pages_and_after_a_restart_too() {
    let scratch = Scratch::new();
    let (app, all) = filled(&scratch, 2 * MAX_PAGE);
    let newest = app.tip().height + 1;
    assert_eq!(read(&app, newest), all);
    assert_eq!(page(&app, 3, newest).entries.len(), MAX_PAGE);
    // Under an older header it ends there.
    assert_eq!(read(&app, 4), all[..2]);
    drop(app);
    let app = open(&scratch);
    assert_eq!(read(&app, newest), all);
    let world = world_at(&app);
    block(&app, &bytes(&[world.entry("issuer", world.anchor_body("issuer", 9))]));
    assert_eq!(read(&app, newest + 1).len(), all.len() + 1);
}

#[test]
fn a_place_past_the_log_and_data_of_another_length_are_refused() {
    let scratch = Scratch::new();
    let (app, all) = filled(&scratch, 1);
    let newest = app.tip().height + 1;
    let end = page(&app, all.len() as u64, newest);
    assert!(end.entries.is_empty() && end.path.is_empty());
    let refusal = |data: &[u8]| app.query(LOG_PATH, data, newest).unwrap_err().1;
    assert_eq!(refusal(&(all.len() as u64 + 1).to_be_bytes()), "bounds");
    assert_eq!(refusal(&u64::MAX.to_be_bytes()), "bounds");
    assert_eq!(refusal(&[0; 7]), "data-length");
}

#[test]
fn a_node_that_joined_by_a_snapshot_says_that_it_has_no_log() {
    let (one, two) = (Scratch::new(), Scratch::new());
    let from = super::sync::giver(&one);
    let app = super::sync::joined(&from, &two);
    let refusal = app.query(LOG_PATH, &0u64.to_be_bytes(), 5).unwrap_err();
    assert_eq!(refusal.1, "log-missing");
    drop(app);
    let app = open(&two);
    assert_eq!(app.query(LOG_PATH, &0u64.to_be_bytes(), 5).unwrap_err().1, "log-missing");
}

#[test]
fn members_and_validators_are_proven_under_their_header() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let answer = |name: &str, height: u64| -> GovernanceAnswer {
        codec::decode(&app.query(GOVERNANCE_PATH, name.as_bytes(), height).unwrap().1).unwrap()
    };
    let root = app.tip().app_hash;
    let members: sealight_verify::format::governance::Members =
        answer(MEMBERS, 1).proven(MEMBERS, &root).unwrap();
    assert_eq!(members, *world.state.members());
    let mut validators: sealight_verify::format::governance::Validators =
        answer(VALIDATORS, 1).proven(VALIDATORS, &root).unwrap();
    assert_eq!(validators, **world.state.validators());
    validators.seats[0].power += 1;
    let change = sealight_verify::format::governance::GovernanceChange::Validators(validators);
    block(&app, &bytes(&[world.by_quorum(Body::Govern(change))]));
    // One name's value is not another's, nor another height's.
    let wrong = answer(MEMBERS, 2);
    assert!(wrong.proven::<sealight_verify::format::governance::Members>(MEMBERS, &root).is_err());
    let root = app.tip().app_hash;
    type Set = sealight_verify::format::governance::Validators;
    assert!(wrong.proven::<Set>(VALIDATORS, &root).is_err());
    let mut bent = answer(VALIDATORS, 2);
    bent.part.value.as_mut().unwrap().0[9] ^= 1;
    assert!(bent.proven::<Set>(VALIDATORS, &root).is_err());
    assert_eq!(app.query(GOVERNANCE_PATH, b"other", 1).unwrap_err().1, "bounds");
}
