//! Entries: what is refused at the door is refused in a proposal too.

use super::*;
use sealight_issue::entry::sign_entry;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::life::LifeState;

/// One entry of each kind that breaks a rule, with the rule's name.
fn refused(world: &World) -> Vec<(&'static str, Vec<u8>)> {
    let good = codec::encode(&world.entry("issuer", world.anchor_body("issuer", 1)));
    let mut wrong_signature = good.clone();
    let last = wrong_signature.len() - 1;
    wrong_signature[last] ^= 1;
    let (body, issuer) = (world.anchor_body("issuer", 1), world.signer("issuer"));
    let elsewhere = sign_entry(&LedgerId([9; 32]), 0, body, issuer);
    let mut later = world.entry("issuer", world.anchor_body("issuer", 1));
    later.sequence += 1;
    let unauthorised = world.life_body(1, &[(0, 1)], LifeState::Sold, None);
    vec![
        ("codec", vec![]),
        ("codec", b"not an entry".to_vec()),
        ("codec", vec![0; 128 * 1024 + 1]),
        ("codec", [&good[..], &[0]].concat()),
        ("signature", wrong_signature),
        ("sequence", codec::encode(&later)),
        ("wrong-ledger", codec::encode(&elsewhere)),
        ("foreign-namespace", codec::encode(&world.entry("rival", world.anchor_body("rival", 1)))),
        ("role", codec::encode(&world.entry("lab", world.anchor_body("lab", 1)))),
        ("unknown-lot", codec::encode(&world.entry("retailer", unauthorised))),
        ("no-quorum", {
            let members = sealight_verify::format::governance::Members {
                threshold: 1,
                ..world.state.members().clone()
            };
            let change = sealight_verify::format::governance::GovernanceChange::Members(members);
            let body = sealight_verify::format::entry::Body::Govern(change);
            codec::encode(&world.joint(&["member-1", "member-2"], body))
        }),
    ]
}

#[test]
fn what_is_refused_at_the_door_is_refused_in_a_proposal() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    for (rule, tx) in refused(&world) {
        let (code, name) = check(&app, &tx);
        assert!(code != 0 && name == rule, "{rule}: {name}");
        assert_eq!(propose(&app, 1, std::slice::from_ref(&tx)), ProposalStatus::Reject, "{rule}");
        // Even if the engine decided on it: a result of its own, and no trace of it.
        let before = app.tip();
        let answer = finalize(&app, 1, &[tx]);
        assert_eq!(answer.tx_results.len(), 1);
        assert_eq!(answer.tx_results[0].code, code);
        assert_eq!(answer.app_hash[..], before.app_hash.0);
    }
}

#[test]
fn an_entry_replayed_is_refused_at_the_door_and_in_a_proposal() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let tx = bytes(&[world_at(&app).entry("issuer", world_at(&app).anchor_body("issuer", 1))]);
    assert_eq!(propose(&app, 1, &[tx[0].clone(), tx[0].clone()]), ProposalStatus::Reject);
    block(&app, &tx);
    assert_eq!(check(&app, &tx[0]).1, "sequence");
    assert_eq!(propose(&app, 2, &tx), ProposalStatus::Reject);
}

#[test]
fn a_partys_next_entries_wait_behind_each_other() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let mut world = world_at(&app);
    let mut txs = Vec::new();
    for number in 1..=3 {
        let entry = world.entry("issuer", world.anchor_body("issuer", number));
        txs.push(codec::encode(&entry));
        world.apply(&entry).unwrap();
    }
    assert_eq!(check(&app, &txs[2]).1, "sequence");
    txs.iter().for_each(|tx| assert_eq!(check(&app, tx).0, 0));
    block(&app, &txs[..1]);
    // The engine asks again about those that still wait.
    txs[1..].iter().for_each(|tx| assert_eq!(check(&app, tx).0, 0));
    block(&app, &txs[1..]);
    assert_eq!(app.newest().1.lots().count(), 3);
}

#[test]
fn a_proposal_holds_what_is_taken_in_and_fits() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let mut world = world_at(&app);
    let mut txs = Vec::new();
    for number in 1..=4 {
        let entry = world.entry("issuer", world.anchor_body("issuer", number));
        txs.push(codec::encode(&entry));
        world.apply(&entry).unwrap();
    }
    txs.insert(1, b"not an entry".to_vec());
    let room = |max_tx_bytes: usize| {
        let request = RequestPrepareProposal {
            max_tx_bytes: max_tx_bytes as i64,
            txs: txs.iter().cloned().map(Into::into).collect(),
            height: 1,
            time: wire_time(at(1)),
            ..Default::default()
        };
        app.prepare_proposal(&request).unwrap().txs
    };
    let all = room(1 << 20);
    assert_eq!(all.len(), 4);
    let txs: Vec<Vec<u8>> = all.iter().map(|tx| tx.to_vec()).collect();
    assert_eq!(propose(&app, 1, &txs), ProposalStatus::Accept);
    let two: usize = txs[..2].iter().map(|tx| tx.len() + 3).sum();
    assert_eq!(room(two).len(), 2);
    assert_eq!(room(two - 1).len(), 1);
    assert_eq!(room(0).len(), 0);
}

#[test]
fn signatures_verified_once_are_known_and_others_are_not() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let good = codec::encode(&world.entry("issuer", world.anchor_body("issuer", 1)));
    assert_eq!(check(&app, &good).0, 0);
    let mut other = good.clone();
    let last = other.len() - 1;
    other[last] ^= 1;
    assert_eq!(propose(&app, 1, &[other]), ProposalStatus::Reject);
    assert_eq!(propose(&app, 1, &[good]), ProposalStatus::Accept);
}
