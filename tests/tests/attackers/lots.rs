//! Lots and labels: squatted, copied, cloned, replayed.

use crate::support::{bottled, bottled_in, distillery, judged, thief, unproven};
use sealight_issue::entry::{sign_entry, sign_receipt};
use sealight_issue::label;
use sealight_ledger::state::Refused;
use sealight_tests::kit::item::state_answer;
use sealight_tests::kit::shapes::{brand, event, renamed};
use sealight_tests::kit::{Layout, Lot, Minting, PartyKeys, World, at};
use sealight_verify::codec::encode;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::party::Roles;
use sealight_verify::judge::{
    Contradiction, Finding, NotLookedAt, NotOnLedger, Original, Outcome, ProofError, SealClaim,
    Unproven,
};

/// Another issuer anchors the very tree, under the very number.
fn squatted() -> (World, Lot, PartyKeys, LotId) {
    let (mut world, _, lot) = bottled();
    let thief = thief(&mut world);
    let id = LotId::of_number(&thief.id, lot.anchor.number);
    let mut copy = lot.anchor.clone();
    copy.namespaces = vec![brand("Thief")];
    let member = world.authority.signer();
    copy.receipts = vec![sign_receipt(&world.ledger, &id, &copy.root, copy.size, member)];
    world.submit(Body::AnchorLot(copy), &thief, &[]).unwrap();
    (world, lot, thief, id)
}

/// The copied tree under the thief's lot, as the thief's gateway would serve it.
fn squatters_bundle(world: &World, lot: &Lot, id: LotId) -> Bundle {
    let item = lot.bundle(world, 3).lot.unwrap().item;
    let answer = state_answer(world, world.height(), &id, 0);
    answer.into_bundle(world.ledger, world.blocks[&world.height()].clone(), None, item)
}

#[test]
fn a_lot_squatted_by_root_and_number_changes_nothing_for_its_issuer() {
    let (world, lot, thief, id) = squatted();
    assert_ne!(id, lot.id);
    let verdict = lot.judge(&world, 3).verdict;
    assert_eq!(verdict.outcome(), Outcome::Proven);
    assert_ne!(verdict.item().unwrap().issuer().id, thief.id);
    let swapped = judged(&world, &lot.claim(3), &squatters_bundle(&world, &lot, id));
    assert_eq!(unproven(&swapped), &Unproven::BadProof(ProofError::WrongItem));
}

#[test]
fn seals_of_a_copied_lot_are_not_committed_in_the_squatters() {
    let (world, lot, _, id) = squatted();
    let claim = renamed(&lot.claim(3), id, 3);
    let verdict = judged(&world, &claim, &squatters_bundle(&world, &lot, id));
    let not = NotOnLedger::SecretNotCommitted { lot: id, index: 3 };
    assert_eq!(verdict.record, Finding::NotOnLedger(not));
}

#[test]
fn a_typed_number_of_a_squatters_lot_is_contradicted_by_the_brand_in_its_records() {
    let (world, lot, _, id) = squatted();
    let mut number = label::number(&lot.whole.seals[3]);
    number.lot = id;
    let claim = SealClaim::of_number(&number);
    let verdict = judged(&world, &claim, &squatters_bundle(&world, &lot, id));
    assert!(matches!(
        verdict.record,
        Finding::Contradicted(Contradiction::ForeignNamespace { field: "gtin", .. })
    ));
}

#[test]
fn an_issuers_number_is_taken_once() {
    let (mut world, issuer, lot) = bottled();
    let again = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 20)).err().unwrap();
    assert_eq!(again, Refused::LotTaken { lot: lot.id });
    assert_eq!(lot.judge(&world, 3).verdict.outcome(), Outcome::Proven);
}

#[test]
fn a_copied_label_is_proven_and_the_verdict_says_that_anyone_can_copy_it() {
    let (world, _, lot) = bottled();
    let verdict = judged(&world, &lot.claim(3), &lot.bundle(&world, 3));
    assert_eq!(verdict.original, Original::RecordOnly { guessable: false });
    assert!(verdict.not_looked_at.contains(&NotLookedAt::ScansElsewhere));
    assert!(verdict.not_looked_at.contains(&NotLookedAt::Contents));
}

/// A second ledger with the same parties, keys and lot numbers.
fn twins() -> ((World, PartyKeys, Lot), (World, PartyKeys, Lot)) {
    let other = World::with(Layout { name: "sealight-other", ..Layout::default() });
    (bottled(), bottled_in(other))
}

#[test]
fn an_entry_of_another_ledger_is_not_taken_in() {
    let ((world, issuer, lot), (mut other, twin, _)) = twins();
    let entry = world.entry(event(&lot, "bottling", None), &issuer, &[]);
    let (expected, got) = (other.ledger, world.ledger);
    let refused = enter(&mut other, &entry);
    assert_eq!(refused, Err(Refused::WrongLedger { expected, got }));
    // Addressed anew it is not what its party signed.
    let moved = Entry { ledger: other.ledger, party: twin.id, ..entry };
    let mut named = moved.clone();
    named.signatures[0].party = twin.id;
    assert_eq!(enter(&mut other, &moved), Err(Refused::NotSignedByItsParty));
    assert!(matches!(enter(&mut other, &named), Err(Refused::Signature { .. })));
}

fn enter(world: &mut World, entry: &Entry) -> Result<(), Refused> {
    let time = at(3_600);
    world.block(time, &[encode(entry)]).map(drop)
}

#[test]
fn a_seal_and_proof_of_another_ledger_prove_nothing_here() {
    let ((world, _, lot), (other, _, twin)) = twins();
    let here = judged(&world, &twin.claim(3), &twin.bundle(&other, 3));
    let wrong = ProofError::WrongLedger { got: other.ledger };
    assert_eq!(unproven(&here), &Unproven::BadProof(wrong));
    let mut renamed = twin.bundle(&other, 3);
    renamed.ledger = world.ledger;
    let here = judged(&world, &lot.claim(3), &renamed);
    assert!(matches!(unproven(&here), Unproven::Header(_)));
}

#[test]
fn an_entry_is_taken_in_once() {
    let (mut world, issuer, lot) = bottled();
    let entry = world.entry(event(&lot, "bottling", None), &issuer, &[]);
    enter(&mut world, &entry).unwrap();
    let replayed = enter(&mut world, &entry);
    let (expected, got) = (entry.sequence + 1, entry.sequence);
    assert_eq!(replayed, Err(Refused::Sequence { expected, got }));
    world.wait(1);
    assert_eq!(lot.judge(&world, 3).verdict.item().unwrap().events().len(), 1);
}

#[test]
fn a_second_entry_under_a_sequence_is_refused() {
    let (mut world, issuer, lot) = bottled();
    let first = world.entry(event(&lot, "bottling", None), &issuer, &[]);
    enter(&mut world, &first).unwrap();
    let body = event(&lot, "shipping", None);
    let second = sign_entry(&world.ledger, first.sequence, body, issuer.signer());
    assert!(matches!(enter(&mut world, &second), Err(Refused::Sequence { .. })));
}

#[test]
fn an_event_moved_to_another_lot_is_a_bad_proof() {
    let (mut world, issuer, lot) = bottled();
    let other = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).unwrap();
    world.submit(event(&other, "inspecting", None), &issuer, &[]).unwrap();
    let events = other.bundle(&world, 3).lot.unwrap().events;
    let mut bundle = lot.bundle(&world, 3);
    bundle.lot.as_mut().unwrap().events = events;
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(unproven(&verdict), Unproven::BadProof(ProofError::Path { .. })));
}

#[test]
fn a_lot_of_somebody_who_is_no_issuer_is_not_anchored() {
    let mut world = World::new();
    distillery(&mut world);
    let lab = world.register("Institute", Roles::LAB, &[brand("Institute")]);
    let mut lot = Lot::build(&world, &lab, &Minting::bottles(1, 10));
    lot.anchor.namespaces = vec![brand("Institute")];
    let refused = world.submit(Body::AnchorLot(lot.anchor.clone()), &lab, &[]);
    assert!(matches!(refused, Err(Refused::Role { .. })));
    let verdict = lot.judge(&world, 3).verdict;
    let gone = NotOnLedger::NoSuchLot { lot: lot.id };
    assert_eq!(verdict.outcome(), Outcome::Unproven, "the record is superfluous");
    let mut honest = lot.bundle(&world, 3);
    honest.lot.as_mut().unwrap().item = None;
    assert_eq!(judged(&world, &lot.claim(3), &honest).record, Finding::NotOnLedger(gone));
}
