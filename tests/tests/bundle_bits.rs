//! No byte of a bundle or slice can change, go or be added: each such file is refused by name.

use sealight_tests::kit::codes::{code_answer, old_code, under_newest};
use sealight_tests::kit::item::NoCodes;
use sealight_tests::kit::shapes::{BUSY_ITEM, Furnished, Shape, code_claim};
use sealight_tests::kit::{World, slice};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec::encode;
use sealight_verify::comet::{CometError, Slot};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::index::CodeFile;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::slice::LotSlice;
use sealight_verify::format::state::MapDomain;
use sealight_verify::judge::{
    Finding, Judgement, Outcome, PackIndex, Part, Policy, ProofError, SealClaim, Unproven, verify,
    verify_slice,
};
use sealight_verify::tree::TreeError;
use std::collections::BTreeSet;
use std::thread;

/// How a refused file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refusal {
    Header,
    BadProof,
    AppTooOld,
}

fn refusal(reason: &Unproven) -> Option<Refusal> {
    match reason {
        Unproven::Header(_) => Some(Refusal::Header),
        Unproven::BadProof(_) => Some(Refusal::BadProof),
        Unproven::AppTooOld(_) => Some(Refusal::AppTooOld),
        _ => None,
    }
}

fn judged(world: &World, chain: &HeaderChain, claim: &SealClaim, bytes: &[u8]) -> Judgement {
    verify(claim, bytes, chain, &Policy::SHOPPER, &world.now())
}

/// How a bundle is refused; everything else is a hole.
fn refused(world: &World, chain: &HeaderChain, claim: &SealClaim, bytes: &[u8]) -> Refusal {
    let Judgement { verdict, remember } = judged(world, chain, claim, bytes);
    let Finding::Unproven(reason) = &verdict.record else { panic!("{:?}", verdict.record) };
    assert_eq!((verdict.operators, verdict.as_of, remember), (None, None, None));
    refusal(reason).unwrap_or_else(|| panic!("{reason:?}"))
}

/// Runs `one` for every place of the file, on as many threads as there are cores.
fn everywhere<T: Send>(len: usize, one: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let one = &one;
        let part = |from| move || (from..len).step_by(threads).map(one).collect::<Vec<T>>();
        let running: Vec<_> = (0..threads).map(|from| scope.spawn(part(from))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

/// Every flip of one bit; the places of bytes that say that the app is too old.
fn flips(bytes: &[u8], refused: impl Fn(&[u8]) -> Refusal + Sync) -> BTreeSet<usize> {
    let too_old = everywhere(bytes.len(), |at| {
        let mut flipped = bytes.to_vec();
        let refusals = (0..8).map(|bit| {
            flipped[at] = bytes[at] ^ 1 << bit;
            refused(&flipped)
        });
        refusals.filter(|refusal| *refusal == Refusal::AppTooOld).count() > 0
    });
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let places = (0..threads).flat_map(|from| (from..bytes.len()).step_by(threads));
    places.zip(too_old).filter(|(_, old)| *old).map(|(at, _)| at).collect()
}

/// Every truncation, every byte left out, and bytes put in or appended; how many.
fn other_damage(bytes: &[u8], refused: impl Fn(&[u8]) -> Refusal + Sync) -> usize {
    let here = everywhere(bytes.len(), |at| {
        refused(&bytes[..at]);
        let mut count = 1;
        let (before, after) = bytes.split_at(at);
        let without = [before, &after[1..]].concat();
        if without != bytes[..] {
            refused(&without);
            count += 1;
        }
        for more in [0x00, 0x01, 0xf6, 0xff] {
            refused(&[before, &[more], after].concat());
            count += 1;
        }
        count
    });
    for byte in 0..=255 {
        refused(&[bytes, &[byte]].concat());
    }
    refused(&[bytes, bytes].concat());
    here.into_iter().sum::<usize>() + 257
}

fn say(name: &str, bytes: usize, damage: usize) {
    println!("figure: {name}, bytes: {bytes} B");
    println!("figure: {name}, single-bit flips refused: {}", bytes * 8);
    println!("figure: {name}, truncated, shortened or lengthened and refused: {damage}");
}

fn shape(name: &str) -> (Furnished, Shape) {
    let furnished = Furnished::new();
    let shape = furnished.shapes().into_iter().find(|shape| shape.name == name).unwrap();
    (furnished, shape)
}

/// Flips and damage of one shape, under `chain`.
fn every_byte_counts(furnished: &Furnished, shape: &Shape, chain: &HeaderChain) {
    let world = &furnished.world;
    let bytes = encode(&shape.bundle);
    let refused = |file: &[u8]| refused(world, chain, &shape.claim, file);
    let too_old = flips(&bytes, refused);
    // The bundle and the anchor have a version of their own, at key 0; those of events and of
    // what stands in the state are bound by hashes before they are read.
    assert_eq!(too_old.len(), 1 + shape.anchors, "{too_old:?}");
    assert!(too_old.iter().all(|at| bytes[at - 1..=*at] == [0, 1]), "{too_old:?}");
    say(shape.name, bytes.len(), other_damage(&bytes, refused));
}

fn proves(name: &str, outcome: Outcome) {
    let (furnished, shape) = shape(name);
    let chain = furnished.world.chain();
    let before = judged(&furnished.world, &chain, &shape.claim, &encode(&shape.bundle));
    assert_eq!(before.verdict.outcome(), outcome, "{:?}", before.verdict.record);
    every_byte_counts(&furnished, &shape, &chain);
}

#[test]
fn every_byte_counts_of_an_untouched_lot() {
    proves("untouched lot", Outcome::Proven);
}

#[test]
fn every_byte_counts_of_a_touched_lot_with_events_and_recall() {
    let (furnished, shape) = shape("touched lot");
    assert_eq!(shape.bundle.parties.len(), 2);
    let judged = furnished.busy.judge(&furnished.world, BUSY_ITEM);
    assert_eq!(judged.verdict.item().unwrap().events().len(), 3);
    proves("touched lot", Outcome::ProvenBut);
}

#[test]
fn every_byte_counts_of_an_absent_lot() {
    proves("absent lot", Outcome::NotOnLedger);
}

#[test]
fn every_byte_counts_of_an_index_past_the_lot() {
    proves("index past the lot", Outcome::NotOnLedger);
}

#[test]
fn every_byte_counts_of_a_code_that_leads_to_an_item() {
    proves("code", Outcome::Proven);
}

#[test]
fn every_byte_counts_of_a_code_that_leads_nowhere() {
    proves("absent code", Outcome::NotOnLedger);
}

#[test]
fn every_byte_counts_beside_an_absent_vote() {
    proves("one vote absent", Outcome::Proven);
}

#[test]
fn every_byte_counts_beside_a_vote_for_nil() {
    proves("one vote for nil", Outcome::Proven);
}

#[test]
fn every_byte_counts_under_a_header_that_is_trusted_already() {
    let (furnished, mut shape) = shape("untouched lot");
    let chain = furnished.world.chain_from(furnished.world.height());
    shape.name = "untouched lot under a known header";
    every_byte_counts(&furnished, &shape, &chain);
}

#[test]
fn two_bundles_of_one_header_differ_only_in_which_votes_they_hold() {
    let (furnished, Shape { claim, bundle, .. }) = shape("untouched lot");
    let chain = furnished.world.chain();
    let without = |slots: &[usize]| {
        let mut fewer: Bundle = bundle.clone();
        slots.iter().for_each(|at| fewer.block.commit.slots[*at] = Slot::Absent);
        judged(&furnished.world, &chain, &claim, &encode(&fewer)).verdict
    };
    let whole = without(&[]);
    for at in 0..4 {
        assert_eq!(without(&[at]), whole);
        let two = without(&[at, (at + 1) % 4]);
        let Finding::Unproven(Unproven::Header(error)) = two.record else { panic!() };
        let few = CometError::NotEnoughSigned { signed: 20, total: 40 };
        assert_eq!(error, few.into());
    }
}

#[test]
fn a_vote_in_anothers_slot_is_refused() {
    let (furnished, Shape { claim, mut bundle, .. }) = shape("untouched lot");
    bundle.block.commit.slots.swap(0, 1);
    let chain = furnished.world.chain();
    assert_eq!(refused(&furnished.world, &chain, &claim, &encode(&bundle)), Refusal::Header);
}

/// A gateway chooses by which namespace it looks, so that it has no index proves nothing.
#[test]
fn a_namespace_without_an_index_says_nothing_of_a_code() {
    let Furnished { world, codes, quiet, .. } = Furnished::new();
    let code = old_code(5);
    let leads = codes.bundle(&world, &code, &quiet, 5);
    let verdict = judged(&world, &world.chain(), &code_claim(&code), &encode(&leads)).verdict;
    assert_eq!(verdict.outcome(), Outcome::Proven);
    for elsewhere in ["WY0#####", "?Y######", "WY000005"] {
        let chosen = Namespace::Pattern(elsewhere.into());
        let lie = under_newest(&world, code_answer(&world, &NoCodes, &chosen, &code));
        let verdict = judged(&world, &world.chain(), &code_claim(&code), &encode(&lie)).verdict;
        assert_eq!(verdict.record, Finding::Unproven(Unproven::NotFound), "{elsewhere}");
    }
}

fn slice_refused(world: &World, chain: &HeaderChain, bytes: &[u8]) -> Refusal {
    let reason = verify_slice(bytes, chain, &world.now()).err().unwrap();
    refusal(&reason).unwrap_or_else(|| panic!("{reason:?}"))
}

/// The last, short bucket of the busy lot, with its life.
fn small_slice(furnished: &Furnished) -> LotSlice {
    slice(&furnished.world, &furnished.busy, 2, 1)
}

#[test]
fn every_byte_counts_of_a_slice() {
    let furnished = Furnished::new();
    let (world, chain) = (&furnished.world, furnished.world.chain());
    let bytes = encode(&small_slice(&furnished));
    let (proven, _) = verify_slice(&bytes, &chain, &world.now()).unwrap();
    let claim = furnished.busy.claim(129);
    let verdict = proven.judge(&claim, &chain, &Policy::SHOPPER, &world.now()).verdict;
    assert_eq!(verdict, furnished.busy.judge(world, 129).verdict);
    let refused = |file: &[u8]| slice_refused(world, &chain, file);
    let too_old = flips(&bytes, refused);
    // The slice and its anchor.
    assert_eq!(too_old.len(), 2, "{too_old:?}");
    say("slice", bytes.len(), other_damage(&bytes, refused));
}

fn slice_error(furnished: &Furnished, change: impl FnOnce(&mut LotSlice)) -> ProofError {
    let mut slice = slice(&furnished.world, &furnished.busy, 0, 3);
    let chain = furnished.world.chain();
    let now = furnished.world.now();
    assert!(verify_slice(&encode(&slice), &chain, &now).is_ok());
    change(&mut slice);
    match verify_slice(&encode(&slice), &chain, &now).err() {
        Some(Unproven::BadProof(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn records_and_lives_of_a_slice_stay_in_their_places() {
    let furnished = Furnished::new();
    let swapped = |change: fn(&mut LotSlice)| match slice_error(&furnished, change) {
        ProofError::Path { part, error: TreeError::RootMismatch { .. } } => part,
        other => panic!("{other:?}"),
    };
    assert_eq!(swapped(|slice| slice.records.swap(3, 4)), Part::Item);
    assert_eq!(swapped(|slice| slice.records.swap(3, 100)), Part::Item);
    assert_eq!(swapped(|slice| slice.life.swap(0, 1)), Part::Life);
}

#[test]
fn a_slice_is_whole_buckets_of_one_lot() {
    let furnished = Furnished::new();
    let other = slice(&furnished.world, &furnished.quiet, 0, 3);
    let changes: [&dyn Fn(&mut LotSlice); 3] =
        [&|slice| drop(slice.records.pop()), &|slice| slice.first = 1, &|slice| {
            slice.records = other.records.clone()
        }];
    for change in changes {
        let error = slice_error(&furnished, change);
        assert!(matches!(error, ProofError::Path { part: Part::Item, .. }), "{error:?}");
    }
    let hidden = slice_error(&furnished, |slice| slice.life.clear());
    assert_eq!(hidden, ProofError::Missing(Part::Life));
    let one = furnished.busy.bundle(&furnished.world, 3).lot.unwrap();
    let item = slice_error(&furnished, |slice| slice.lot.item = one.item);
    assert_eq!(item, ProofError::Superfluous(Part::Item));
    let life = slice_error(&furnished, |slice| slice.lot.life = one.life);
    assert_eq!(life, ProofError::Superfluous(Part::Life));
}

#[test]
fn a_code_file_is_taken_under_its_own_prefix_alone() {
    let Furnished { world, codes, .. } = Furnished::new();
    let block = &world.blocks[&world.height()];
    let header = world.chain().accept(block, &world.now()).unwrap().header;
    let key = MapDomain::INDEXES.key(&encode(&codes.namespace));
    let mut answer = codes.answer(&world, &old_code(5));
    let part = answer.code.as_mut().unwrap();
    (part.bucket, part.targets) = (None, Vec::new());
    let index = PackIndex::prove(&answer, &key, &header).unwrap().unwrap();
    for file in codes.built.files() {
        assert_eq!(index.codes(file.prefix, &file), Ok(()));
        let said = CodeFile { prefix: file.prefix ^ 1, ..file.clone() };
        let refused = Err(ProofError::WrongEntry(Part::Codes));
        assert_eq!(index.codes(file.prefix, &said), refused);
    }
}
