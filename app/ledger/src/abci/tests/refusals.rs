//! What a consortium's nodes refuse, each at the door (`check_tx`), when a block is put together
//! (`prepare_proposal`), and again when somebody else's proposal is judged (`process_proposal`).

use super::*;
use sealight_verify::format::life::LifeState;

/// The rule refuses the bytes everywhere, and even a block that was decided on with them in it
/// leaves the state as it is, with one result for each entry.
fn refused_everywhere(app: &App, tx: &[u8], rule: &str) {
    let height = app.tip().height + 1;
    let (code, name) = check(app, tx);
    assert!(code != 0 && name == rule, "at the door: {name}, not {rule}");
    let request = RequestPrepareProposal {
        max_tx_bytes: 1 << 20,
        txs: vec![tx.to_vec().into()],
        height: height as i64,
        time: wire_time(at(height)),
        ..Default::default()
    };
    assert!(app.prepare_proposal(&request).unwrap().txs.is_empty(), "{rule}: put into a block");
    let proposed = propose(app, height, &[tx.to_vec()]);
    assert_eq!(proposed, ProposalStatus::Reject, "{rule}: in a proposal");
    let before = app.tip();
    let answer = finalize(app, height, &[tx.to_vec()]);
    assert_eq!((answer.tx_results.len(), answer.tx_results[0].code), (1, code));
    assert_eq!(answer.app_hash[..], before.app_hash.0);
}

fn good(app: &App) -> Vec<u8> {
    let world = world_at(app);
    codec::encode(&world.entry("issuer", world.anchor_body("issuer", 1)))
}

#[test]
fn a_replayed_entry_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let tx = good(&app);
    block(&app, std::slice::from_ref(&tx));
    refused_everywhere(&app, &tx, "sequence");
    // Twice in one block too.
    let world = world_at(&app);
    let next = codec::encode(&world.entry("issuer", world.anchor_body("issuer", 2)));
    let height = app.tip().height + 1;
    assert_eq!(propose(&app, height, &[next.clone(), next]), ProposalStatus::Reject);
}

#[test]
fn a_malformed_entry_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let whole = good(&app);
    refused_everywhere(&app, &[], "codec");
    refused_everywhere(&app, b"not an entry", "codec");
    refused_everywhere(&app, &[&whole[..], &[0]].concat(), "codec");
    for length in [1, whole.len() / 2, whole.len() - 1] {
        refused_everywhere(&app, &whole[..length], "codec");
    }
}

#[test]
fn an_oversized_entry_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let mut anchor = world.anchor_of("issuer", 1);
    anchor.title = "x".repeat(Entry::MAX_LEN);
    let entry = world.entry("issuer", sealight_verify::format::entry::Body::AnchorLot(anchor));
    let bytes = codec::encode(&entry);
    assert!(bytes.len() > Entry::MAX_LEN);
    refused_everywhere(&app, &bytes, "codec");
}

#[test]
fn a_wrongly_signed_entry_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let whole = good(&app);
    for back in [1, 10, 64] {
        let mut bent = whole.clone();
        let at = bent.len() - back;
        bent[at] ^= 1;
        refused_everywhere(&app, &bent, "signature");
    }
    // Somebody else's key in the party's name.
    let world = world_at(&app);
    let mut forged = world.entry("issuer", world.anchor_body("issuer", 1));
    let theirs = world.entry("rival", world.anchor_body("issuer", 1));
    forged.signatures[0].signature = theirs.signatures[0].signature;
    refused_everywhere(&app, &codec::encode(&forged), "signature");
}

#[test]
fn an_unauthorised_entry_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let by = |name: &str| codec::encode(&world.entry(name, world.anchor_body(name, 1)));
    refused_everywhere(&app, &by("lab"), "role");
    block(&app, &[good(&app)]);
    let world = world_at(&app);
    let sold = world.life_body(1, &[(0, 1)], LifeState::Sold, None);
    refused_everywhere(&app, &codec::encode(&world.entry("lab", sold)), "role");
    let members = sealight_verify::format::governance::Members {
        threshold: 1,
        ..world.state.members().clone()
    };
    let change = sealight_verify::format::governance::GovernanceChange::Members(members);
    let body = sealight_verify::format::entry::Body::Govern(change);
    let two = world.joint(&["member-1", "member-2"], body.clone());
    refused_everywhere(&app, &codec::encode(&two), "no-quorum");
    let outsider = world.joint(&["member-1", "member-2", "lab"], body);
    refused_everywhere(&app, &codec::encode(&outsider), "not-a-member");
}

#[test]
fn an_entry_for_a_foreign_namespace_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let tx = codec::encode(&world.entry("rival", world.anchor_body("rival", 1)));
    refused_everywhere(&app, &tx, "foreign-namespace");
}

#[test]
fn a_lot_without_the_receipts_of_f_and_one_members_is_refused_everywhere() {
    let scratch = Scratch::new();
    let app = open(&scratch);
    let world = world_at(&app);
    let with = |change: &dyn Fn(&mut sealight_verify::format::lot::LotAnchor)| {
        let mut anchor = world.anchor_of("issuer", 1);
        change(&mut anchor);
        let body = sealight_verify::format::entry::Body::AnchorLot(anchor);
        codec::encode(&world.entry("issuer", body))
    };
    // Four members, of which one may be faulty: two must have the files.
    refused_everywhere(&app, &with(&|anchor| anchor.receipts.clear()), "too-few-receipts");
    refused_everywhere(&app, &with(&|anchor| anchor.receipts.truncate(1)), "too-few-receipts");
    let twice = with(&|anchor| anchor.receipts[1] = anchor.receipts[0].clone());
    refused_everywhere(&app, &twice, "receipt-twice");
    let of_another = with(&|anchor| anchor.size += 1);
    refused_everywhere(&app, &of_another, "receipt");
}
