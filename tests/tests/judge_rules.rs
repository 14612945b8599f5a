//! The rules of [`sealight_verify::judge::verify`], each by name, on a whole ledger in memory.

use sealight_ledger::state::Refused;
use sealight_tests::kit::{Lot, Minting, PartyKeys, World};
use sealight_verify::codec::{CodecError, encode};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::{Body, KeyRevocation, LifeChange, RecallChange, RecallScope};
use sealight_verify::format::event::{ItemRange, TraceEvent};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::life::LifeState;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::party::{KeyEnd, Roles};
use sealight_verify::format::seal::Secret;
use sealight_verify::judge::{
    Contradiction, Finding, Freshness, Life, Named, NotLookedAt, NotOnLedger, Original, Outcome,
    Part, Policy, ProofError, RecallShown, SaidBy, SealClaim, Shown, Unproven, Verdict, verify,
};
use sealight_verify::time::{Now, Seconds};
use sealight_verify::tree::TreeError;

fn namespaces() -> Vec<Namespace> {
    vec![Namespace::Brand("Blue Reverie".into()), Namespace::Gtin("0690123".into())]
}

fn distillery(world: &mut World) -> PartyKeys {
    world.register("Blue Reverie Distillery Co., Ltd.", Roles::ISSUER, &namespaces())
}

/// A ledger with a lot of 130 bottles.
fn bottled() -> (World, PartyKeys, Lot) {
    let mut world = World::new();
    let issuer = distillery(&mut world);
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(1, 130)).unwrap();
    (world, issuer, lot)
}

fn event(lot: &Lot, step: &str, items: Option<ItemRange>) -> Body {
    Body::AppendEvent(TraceEvent {
        lot: lot.id,
        items,
        step: step.into(),
        at: sealight_tests::kit::at(0),
        place: Some("Suqian".into()),
        facts: Vec::new(),
        sensor: false,
        document: None,
    })
}

fn judged(world: &World, claim: &SealClaim, bundle: &Bundle) -> Verdict {
    judged_bytes(world, claim, &encode(bundle))
}

fn judged_bytes(world: &World, claim: &SealClaim, bytes: &[u8]) -> Verdict {
    verify(claim, bytes, &world.chain(), &Policy::SHOPPER, &world.now()).verdict
}

fn unproven(verdict: &Verdict) -> &Unproven {
    match &verdict.record {
        Finding::Unproven(reason) => reason,
        other => panic!("not unproven: {other:?}"),
    }
}

#[test]
fn a_minted_item_is_proven_and_says_by_whom_and_as_of_when() {
    let (world, issuer, lot) = bottled();
    let verdict = lot.judge(&world, 77).verdict;
    assert_eq!(verdict.outcome(), Outcome::Proven);
    let item = verdict.item().unwrap();
    assert_eq!((item.index(), item.issuer().id), (77, issuer.id));
    assert_eq!(item.issuer().legal_name, "Blue Reverie Distillery Co., Ltd.");
    assert_eq!(verdict.as_of.unwrap().height, world.height());
    assert_eq!(verdict.operators, Some(3));
    assert_eq!(verdict.original, Original::RecordOnly { guessable: false });
    assert!(verdict.not_looked_at.contains(&NotLookedAt::ScansElsewhere));
}

#[test]
fn an_unknown_lot_is_not_on_the_ledger() {
    let (world, _, lot) = bottled();
    let mut claim = lot.claim(3);
    let Named::Item(name) = &mut claim.names else { unreachable!() };
    name.lot = LotId(*b"no such!");
    let answer = sealight_tests::kit::item::state_answer(&world, world.height(), &name.lot, 0);
    let bundle =
        answer.into_bundle(world.ledger, world.blocks[&world.height()].clone(), None, None);
    let verdict = judged(&world, &claim, &bundle);
    let gone = NotOnLedger::NoSuchLot { lot: LotId(*b"no such!") };
    assert_eq!(verdict.record, Finding::NotOnLedger(gone));
}

#[test]
fn an_index_past_the_lot_is_not_on_the_ledger_whatever_happened_to_its_neighbours() {
    let (mut world, issuer, lot) = bottled();
    world.submit(event(&lot, "bottling", None), &issuer, &[]).unwrap();
    let mut claim = lot.claim(3);
    let Named::Item(name) = &mut claim.names else { unreachable!() };
    name.index = 130;
    let verdict = judged(&world, &claim, &lot.bundle(&world, 130));
    let past = NotOnLedger::PastTheLot { index: 130, size: 130 };
    assert_eq!(verdict.record, Finding::NotOnLedger(past));
}

#[test]
fn an_invented_secret_is_not_on_the_ledger() {
    let (world, _, lot) = bottled();
    let mut claim = lot.claim(3);
    let Named::Item(name) = &mut claim.names else { unreachable!() };
    name.shown = Shown::Live(Secret([0xee; 16]));
    let verdict = judged(&world, &claim, &lot.bundle(&world, 3));
    let not = NotOnLedger::SecretNotCommitted { lot: lot.id, index: 3 };
    assert_eq!(verdict.record, Finding::NotOnLedger(not));
}

#[test]
fn a_recorded_claim_proves_what_the_live_one_did() {
    let (world, _, lot) = bottled();
    let live = lot.judge(&world, 3).verdict;
    let recorded = judged(&world, &lot.claim(3).recorded(), &lot.bundle(&world, 3));
    assert_eq!(live, recorded);
}

#[test]
fn a_typed_number_proves_the_record_and_says_that_it_can_be_guessed() {
    let (world, _, lot) = bottled();
    let number = sealight_issue::label::number(&lot.whole.seals[3]);
    let verdict = judged(&world, &SealClaim::of_number(&number), &lot.bundle(&world, 3));
    assert_eq!(verdict.outcome(), Outcome::Proven);
    assert_eq!(verdict.original, Original::RecordOnly { guessable: true });
    assert!(verdict.not_looked_at.contains(&NotLookedAt::TheSeal));
}

#[test]
fn a_record_altered_in_one_byte_is_a_bad_proof() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    let record = &mut bundle.lot.as_mut().unwrap().item.as_mut().unwrap().record;
    let at = record.windows(6).position(|bytes| bytes == b"Suqian").unwrap();
    record.0[at] = b'X';
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(
        unproven(&verdict),
        Unproven::BadProof(ProofError::Path {
            part: Part::Item,
            error: TreeError::RootMismatch { .. }
        })
    ));
}

#[test]
fn a_proof_of_another_lot_is_for_another_item() {
    let (mut world, issuer, lot) = bottled();
    let other = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 130)).unwrap();
    let verdict = judged(&world, &lot.claim(3), &other.bundle(&world, 3));
    assert_eq!(unproven(&verdict), &Unproven::BadProof(ProofError::WrongItem));
    let mut moved = other.bundle(&world, 3);
    moved.lot.as_mut().unwrap().id = lot.id;
    let verdict = judged(&world, &lot.claim(3), &moved);
    assert!(matches!(
        unproven(&verdict),
        Unproven::BadProof(ProofError::Path { part: Part::Lot, .. })
    ));
}

#[test]
fn a_neighbours_record_does_not_stand_for_the_item() {
    let (world, _, lot) = bottled();
    let verdict = judged(&world, &lot.claim(3), &lot.bundle(&world, 4));
    assert!(matches!(
        unproven(&verdict),
        Unproven::BadProof(ProofError::Path { part: Part::Item, .. })
    ));
}

#[test]
fn a_bundle_of_another_ledger_is_refused() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    bundle.ledger.0[0] ^= 1;
    let got = bundle.ledger;
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert_eq!(unproven(&verdict), &Unproven::BadProof(ProofError::WrongLedger { got }));
}

#[test]
fn a_seal_of_another_ledger_names_a_ledger_unknown() {
    let (world, _, lot) = bottled();
    let mut claim = lot.claim(3);
    let Named::Item(name) = &mut claim.names else { unreachable!() };
    name.ledger.as_mut().unwrap().0[0] ^= 1;
    let verdict = judged(&world, &claim, &lot.bundle(&world, 3));
    assert!(matches!(unproven(&verdict), Unproven::LedgerUnknown { .. }));
}

#[test]
fn roots_of_another_height_are_not_under_the_header() {
    let (mut world, issuer, lot) = bottled();
    let old = lot.bundle(&world, 3);
    world.submit(event(&lot, "shipping", None), &issuer, &[]).unwrap();
    let mut mixed = old;
    mixed.block = world.blocks[&world.height()].clone();
    let verdict = judged(&world, &lot.claim(3), &mixed);
    assert!(matches!(unproven(&verdict), Unproven::BadProof(ProofError::AppHash { .. })));
}

#[test]
fn withheld_events_are_unproven_and_never_contradicted() {
    let (mut world, issuer, lot) = bottled();
    let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
    world.submit(event(&lot, "bottling", None), &issuer, &[]).unwrap();
    world.submit(event(&lot, "inspecting", None), &lab, &[]).unwrap();
    let mut bundle = lot.bundle(&world, 3);
    let part = bundle.lot.as_mut().unwrap();
    part.events.pop();
    bundle.parties.retain(|part| part.id != lab.id);
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert_eq!(unproven(&verdict), &Unproven::EventsMissing { have: 1, of: 2 });
    assert_eq!(verdict.outcome().exit_code(), 22);
}

#[test]
fn events_tell_who_says_them_and_concern_their_items_alone() {
    let (mut world, issuer, lot) = bottled();
    let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
    world.submit(event(&lot, "bottling", None), &issuer, &[]).unwrap();
    let few = Some(ItemRange { first: 10, last: 20 });
    world.submit(event(&lot, "inspecting", few), &lab, &[]).unwrap();
    let inside = lot.judge(&world, 10).verdict;
    let said: Vec<_> = inside.item().unwrap().events().iter().map(|e| e.said_by).collect();
    assert_eq!(said, [SaidBy::Brand, SaidBy::Independent]);
    assert_eq!(lot.judge(&world, 21).verdict.item().unwrap().events().len(), 1);
}

#[test]
fn an_altered_event_is_a_bad_proof() {
    let (mut world, issuer, lot) = bottled();
    world.submit(event(&lot, "bottling", None), &issuer, &[]).unwrap();
    let mut bundle = lot.bundle(&world, 3);
    let Body::AppendEvent(event) = &mut bundle.lot.as_mut().unwrap().events[0].entry.body else {
        unreachable!()
    };
    event.place = Some("Elsewhere".into());
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(
        unproven(&verdict),
        Unproven::BadProof(ProofError::Path { part: Part::Events, .. })
    ));
}

#[test]
fn an_entry_of_a_newer_version_says_that_the_app_is_too_old() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    bundle.lot.as_mut().unwrap().anchor.as_mut().unwrap().version = 2;
    let verdict = judged(&world, &lot.claim(3), &bundle);
    let newer = CodecError::UnknownVersion { what: "entry", got: 2 };
    assert_eq!(unproven(&verdict), &Unproven::AppTooOld(newer));
}

#[test]
fn a_bundle_of_a_newer_version_says_that_the_app_is_too_old() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    bundle.version = 2;
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(unproven(&verdict), Unproven::AppTooOld(_)));
}

#[test]
fn a_party_that_nothing_calls_for_is_superfluous() {
    let (mut world, _, lot) = bottled();
    let lab = world.register("Jiangsu Institute", Roles::LAB, &[]);
    let mut bundle = lot.bundle(&world, 3);
    let state = &world.states[&(world.height() - 1)];
    let part = sealight_verify::format::bundle::PartyPart {
        id: lab.id,
        part: sealight_verify::format::bundle::MapPart {
            value: Some(encode(&state.party(&lab.id).unwrap().party).into()),
            proof: state.prove_party(&lab.id),
        },
    };
    bundle.parties.push(part);
    bundle.parties.sort_by_key(|part| part.id);
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert_eq!(unproven(&verdict), &Unproven::BadProof(ProofError::Superfluous(Part::Party)));
}

#[test]
fn a_lot_in_a_foreign_namespace_is_refused_by_the_ledger() {
    let mut world = World::new();
    distillery(&mut world);
    let thief = world.register("Thief Ltd.", Roles::ISSUER, &[Namespace::Brand("Thief".into())]);
    let refused = Lot::mint(&mut world, &thief, &Minting::bottles(1, 10)).err().unwrap();
    assert!(matches!(refused, Refused::ForeignNamespace { .. }), "{refused:?}");
}

#[test]
fn a_record_that_speaks_for_a_foreign_brand_is_contradicted() {
    let mut world = World::new();
    distillery(&mut world);
    let thief = world.register("Thief Ltd.", Roles::ISSUER, &[Namespace::Brand("Thief".into())]);
    let mut lot = Lot::build(&world, &thief, &Minting::bottles(1, 10));
    lot.anchor.namespaces = vec![Namespace::Brand("Thief".into())];
    world.submit(Body::AnchorLot(lot.anchor.clone()), &thief, &[]).unwrap();
    let verdict = lot.judge(&world, 3).verdict;
    assert!(matches!(
        verdict.record,
        Finding::Contradicted(Contradiction::ForeignNamespace { field: "gtin", .. })
    ));
    assert_eq!(verdict.outcome().exit_code(), 21);
}

#[test]
fn a_label_that_says_something_else_than_the_record_is_contradicted() {
    let (world, _, lot) = bottled();
    let mut claim = lot.claim(3);
    claim.label.serial = Some("BR-000004".into());
    let verdict = judged(&world, &claim, &lot.bundle(&world, 3));
    assert!(matches!(
        verdict.record,
        Finding::Contradicted(Contradiction::LabelDiffers { field: "serial", .. })
    ));
}

#[test]
fn life_is_the_items_own_and_untouched_neighbours_stay() {
    let (mut world, _, lot) = bottled();
    let shop = world.register("Shop Ltd.", Roles::RETAILER, &[]);
    let sold = LifeChange {
        lot: lot.id,
        ranges: vec![ItemRange { first: 3, last: 5 }],
        to: LifeState::Sold,
        restore: None,
    };
    world.submit(Body::ChangeLife(sold), &shop, &[]).unwrap();
    assert_eq!(lot.judge(&world, 4).verdict.life, Life::At(LifeState::Sold));
    assert_eq!(lot.judge(&world, 6).verdict.life, Life::At(LifeState::InTrade));
    assert_eq!(lot.judge(&world, 129).verdict.life, Life::At(LifeState::InTrade));
    let mut hidden = lot.bundle(&world, 4);
    hidden.lot.as_mut().unwrap().life = None;
    let verdict = judged(&world, &lot.claim(4), &hidden);
    assert_eq!(unproven(&verdict), &Unproven::BadProof(ProofError::Missing(Part::Life)));
    let mut short = lot.bundle(&world, 4);
    short.lot.as_mut().unwrap().life.as_mut().unwrap().leaf.0.pop();
    let verdict = judged(&world, &lot.claim(4), &short);
    assert_eq!(unproven(&verdict), &Unproven::BadProof(ProofError::WrongEntry(Part::Life)));
}

#[test]
fn the_worst_of_item_lot_and_issuer_is_recalled() {
    let (mut world, issuer, lot) = bottled();
    let items = RecallScope::Items(lot.id, ItemRange { first: 3, last: 5 });
    let recall =
        |scope| Body::Recall(RecallChange { scope, recalled: true, notice: "Bitter taste".into() });
    world.submit(recall(items), &issuer, &[]).unwrap();
    let item = lot.judge(&world, 3).verdict;
    assert_eq!(item.life, Life::Recalled(RecallShown::Item { by_authority: false }));
    assert_eq!(item.outcome().exit_code(), 10);
    assert_eq!(lot.judge(&world, 6).verdict.outcome(), Outcome::Proven);
    world.submit(recall(RecallScope::Lot(lot.id)), &issuer, &[]).unwrap();
    let life = lot.judge(&world, 6).verdict.life;
    assert!(matches!(life, Life::Recalled(RecallShown::Lot { by_authority: false, .. })));
    let authority = world.authority.clone();
    world.submit(recall(RecallScope::Issuer(issuer.id)), &authority, &[]).unwrap();
    let life = lot.judge(&world, 6).verdict.life;
    assert!(matches!(life, Life::Recalled(RecallShown::Issuer { by_authority: true, .. })));
}

#[test]
fn a_lot_of_a_stolen_key_is_withdrawn_from_its_compromise_on() {
    let (mut world, issuer, early) = bottled();
    let between = world.height() + 1;
    world.wait(1);
    let late = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).unwrap();
    let authority = world.authority.clone();
    let revoke =
        KeyRevocation { party: issuer.id, key: 0, reason: KeyEnd::Compromised, from: between };
    world.submit(Body::RevokeKey(revoke), &authority, &[]).unwrap();
    assert_eq!(early.judge(&world, 3).verdict.outcome(), Outcome::Proven);
    let verdict = late.judge(&world, 3).verdict;
    assert!(
        matches!(unproven(&verdict), Unproven::KeyWithdrawn { since, .. } if *since == between)
    );
}

#[test]
fn a_verdict_is_dated_by_its_own_proof_and_not_by_the_synced_head() {
    let (mut world, issuer, lot) = bottled();
    let (old, then) = (lot.bundle(&world, 3), world.height());
    world.wait(3600);
    let lot_recall = RecallChange {
        scope: RecallScope::Lot(lot.id),
        recalled: true,
        notice: "Bitter taste".into(),
    };
    world.submit(Body::Recall(lot_recall), &issuer, &[]).unwrap();
    let mut chain = world.chain();
    let head = chain.accept(&world.blocks[&world.height()], &world.now()).unwrap();
    chain.apply(&head.remember);
    let bytes = encode(&old);
    let verdict = verify(&lot.claim(3), &bytes, &chain, &Policy::SHOPPER, &world.now()).verdict;
    assert_eq!(verdict.as_of.unwrap().height, then);
    assert_eq!(verdict.outcome(), Outcome::Proven);
    let later = Now::new(world.time().saturating_add(Seconds::DAY), false);
    let verdict = verify(&lot.claim(3), &bytes, &chain, &Policy::SHOPPER, &later).verdict;
    assert_eq!(verdict.freshness, Freshness::Stale);
    assert!(verdict.not_looked_at.contains(&NotLookedAt::SinceThen));
}
