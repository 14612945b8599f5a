//! Headers: forged, forked, signed by too few, and how few could have forged them.

use crate::support::{bottled, bottled_in, header_error, judged, judged_from, unproven};
use sealight_issue::comet::{Signers, ValidatorKey, Vote};
use sealight_issue::trust::finish_rotation;
use sealight_tests::kit::{Device, Layout, Lot, Minting, World};
use sealight_verify::chain::{AcceptError, Assurance, CheckpointError};
use sealight_verify::codec::{Blob, CodecError, encode};
use sealight_verify::comet::{CometError, Header, LightBlock, Slot, Stock};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::judge::{Finding, NotOnLedger, Outcome, Policy, ProofError, Unproven, verify};
use sealight_verify::time::Seconds;
use sealight_verify::trust::rotate;

fn signers(seats: &[(u8, u64)]) -> Signers {
    let seat = |(seed, power): &(u8, u64)| (ValidatorKey::from_seed(&[*seed; 32]).unwrap(), *power);
    Signers::new(seats.iter().map(seat).collect()).unwrap()
}

/// The world's own header with a change, signed again by all its validators.
fn again(world: &World, block: &LightBlock, change: impl FnOnce(&mut Header)) -> LightBlock {
    let mut header = block.header.clone();
    change(&mut header);
    let time = header.time;
    world.signers.sign(header, 0, time)
}

/// Power of 3 validators of four is more than two thirds: who runs them could forge alone.
fn by(layout: &[u8], least_operators: u32) -> (Option<u32>, Assurance) {
    let operators = layout.to_vec();
    let world = World::with(Layout { operators, least_operators, ..Layout::default() });
    let (world, _, lot) = bottled_in(world);
    let verdict = lot.judge(&world, 3).verdict;
    assert!(verdict.item().is_some());
    (verdict.operators, verdict.assurance)
}

#[test]
fn one_operator_with_three_of_four_validators_is_called_one() {
    assert_eq!(by(&[3, 1], 1), (Some(1), Assurance::QuorumFinalWithState));
    assert_eq!(by(&[3, 1], 2), (Some(1), Assurance::Told));
    assert_eq!(by(&[2, 1, 1], 2), (Some(2), Assurance::QuorumFinalWithState));
    assert_eq!(by(&[1, 1, 1, 1], 3), (Some(3), Assurance::QuorumFinalWithState));
}

#[test]
fn four_keys_of_one_company_are_one_companys_own_ledger() {
    assert_eq!(by(&[4], 2), (Some(1), Assurance::Told));
}

#[test]
fn validators_that_the_trust_file_does_not_list_count_as_one() {
    let (mut world, _, lot) = bottled();
    for (listed, operators) in [(4, 3), (3, 3), (2, 2), (1, 1), (0, 1)] {
        let next = world.next_trust_file(|file| file.ledgers[0].operators.truncate(listed));
        let bytes = finish_rotation(&world.trust, &next).unwrap();
        world.trust = rotate(&world.trust, &bytes).unwrap();
        assert_eq!(lot.judge(&world, 3).verdict.operators, Some(operators), "{listed} listed");
    }
}

/// Three operators invent a state with a lot of their own. The verdict names the price: three.
#[test]
fn a_quorum_that_lies_is_named_by_its_number() {
    let (honest, _, _) = bottled();
    let (mut lying, issuer, _) = bottled();
    let invented = Lot::mint(&mut lying, &issuer, &Minting::bottles(9, 10)).unwrap();
    let mut bundle = invented.bundle(&lying, 3);
    let time = bundle.block.header.time;
    let vote = |place| if place < 3 { Vote::Commit(time) } else { Vote::Absent };
    bundle.block = honest.signers.sign_with(bundle.block.header.clone(), 0, vote);
    let verdict = judged_from(&honest.chain(), &lying, &invented.claim(3), &bundle);
    assert_eq!((verdict.outcome(), verdict.operators), (Outcome::Proven, Some(3)));
}

#[test]
fn a_header_signed_by_too_few_is_refused() {
    let (world, _, lot) = bottled();
    for (present, signed) in [(0, 0), (1, 10), (2, 20)] {
        let mut bundle = lot.bundle(&world, 3);
        let time = bundle.block.header.time;
        let vote = |place| if place < present { Vote::Commit(time) } else { Vote::Nil(time) };
        bundle.block = world.signers.sign_with(bundle.block.header.clone(), 0, vote);
        let verdict = judged(&world, &lot.claim(3), &bundle);
        let few = CometError::NotEnoughSigned { signed, total: 40 };
        assert_eq!(header_error(&verdict), &few.into());
    }
}

#[test]
fn exactly_two_thirds_are_too_few() {
    let operators = vec![1, 1, 1];
    let (world, _, lot) = bottled_in(World::with(Layout { operators, ..Layout::default() }));
    let mut bundle = lot.bundle(&world, 3);
    bundle.block.commit.slots[1] = Slot::Absent;
    let verdict = judged(&world, &lot.claim(3), &bundle);
    let few = CometError::NotEnoughSigned { signed: 20, total: 30 };
    assert_eq!(header_error(&verdict), &few.into());
}

#[test]
fn one_signature_does_not_stand_in_four_slots() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    let slots = &mut bundle.block.commit.slots;
    let one = slots[0];
    slots.fill(one);
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(
        header_error(&verdict),
        AcceptError::Rule(CometError::BadSignature { at: 1, .. })
    ));
}

#[test]
fn a_validator_stands_in_a_set_once() {
    let (world, _, lot) = bottled();
    let mut bytes = encode(&lot.bundle(&world, 3));
    let keys: Vec<_> = world.signers.set().validators().iter().map(|seat| &seat.key).collect();
    let place = |key: &[u8]| bytes.windows(32).position(|window| window == key).unwrap();
    let (from, to) = (place(keys[0]), place(keys[1]));
    bytes.copy_within(from..from + 32, to);
    let (chain, now) = (world.chain(), world.now());
    let verdict = verify(&lot.claim(3), &bytes, &chain, &Policy::SHOPPER, &now).verdict;
    let malformed = ProofError::Codec(CodecError::Malformed { what: "bundle" });
    assert_eq!(unproven(&verdict), &Unproven::BadProof(malformed));
}

#[test]
fn a_header_of_another_chain_is_refused_though_the_same_validators_signed() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    bundle.block = again(&world, &bundle.block, |header| header.chain_id = "sealight-demo".into());
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(header_error(&verdict), AcceptError::Rule(CometError::ChainId { .. })));
}

/// A gateway makes up a set of its own and signs whatever it likes.
#[test]
fn a_header_of_made_up_validators_is_refused() {
    let (world, _, lot) = bottled();
    let forgers = signers(&[(91, 10), (92, 10), (93, 10), (94, 10)]);
    let mut bundle = lot.bundle(&world, 3);
    let mut header = bundle.block.header.clone();
    let time = header.time;
    header.validators_hash = forgers.set().hash::<Stock>();
    bundle.block = forgers.sign(header.clone(), 0, time);
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(
        header_error(&verdict),
        AcceptError::Rule(CometError::NotEnoughTrust { signed: 0, total: 40, .. })
    ));
    // One real validator among them, with all the power in the made-up set, changes nothing.
    let with_one = signers(&[(1, 1_000), (92, 10), (93, 10)]);
    header.validators_hash = with_one.set().hash::<Stock>();
    bundle.block = with_one.sign(header, 0, time);
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(
        header_error(&verdict),
        AcceptError::Rule(CometError::NotEnoughTrust { signed: 10, total: 40, .. })
    ));
}

#[test]
fn a_block_beside_another_set_is_refused() {
    let (world, _, lot) = bottled();
    let mut bundle = lot.bundle(&world, 3);
    let stronger = signers(&[(1, 1_000), (2, 10), (3, 10), (4, 10)]);
    bundle.block.validators = stronger.set().clone();
    let verdict = judged(&world, &lot.claim(3), &bundle);
    assert!(matches!(header_error(&verdict), AcceptError::Rule(CometError::ValidatorsHash { .. })));
}

/// All validators sign two headers of one height: the second one hides the lot.
struct Forked {
    world: World,
    lot: Lot,
    device: Device,
    hidden: Bundle,
}

fn forked() -> Forked {
    let (mut world, issuer, _) = bottled();
    let empty = world.state().clone();
    let lot = Lot::mint(&mut world, &issuer, &Minting::bottles(2, 10)).unwrap();
    let mut device = Device::new(&world, 1);
    device.system = world.now().at();
    assert_eq!(device.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
    let mut hidden = lot.bundle(&world, 3);
    let part = hidden.lot.as_mut().unwrap();
    (part.state.value, part.state.proof) = (None, empty.prove_lot(&lot.id));
    (part.anchor, part.item, part.events) = (None, None, Vec::new());
    (hidden.parties, hidden.roots) = (Vec::new(), empty.roots());
    let app_hash = Blob(empty.app_hash().0.to_vec());
    hidden.block = again(&world, &hidden.block, |header| header.app_hash = app_hash);
    Forked { world, lot, device, hidden }
}

#[test]
fn two_headers_of_one_height_freeze_the_ledger() {
    let Forked { mut world, lot, mut device, hidden } = forked();
    let verdict = device.scan(&lot.claim(3), &hidden);
    assert!(matches!(header_error(&verdict), AcceptError::Fork(_)));
    let fork = world.height();
    assert_eq!(device.chain.frozen(), Some((1, fork)));
    // Neither branch proves anything now, and newer headers of either do not either.
    world.wait(3_600);
    device.system = world.now().at();
    for bundle in [&hidden, &lot.bundle_at(&world, fork, 3), &lot.bundle(&world, 3)] {
        let verdict = device.scan(&lot.claim(3), bundle);
        assert_eq!(header_error(&verdict), &AcceptError::Frozen { last_common: 1, fork });
    }
}

#[test]
fn a_device_that_saw_one_branch_alone_believes_it() {
    let Forked { world, lot, hidden, .. } = forked();
    let verdict = judged(&world, &lot.claim(3), &hidden);
    let gone = NotOnLedger::NoSuchLot { lot: lot.id };
    assert_eq!(verdict.record, Finding::NotOnLedger(gone));
    assert_eq!(verdict.operators, Some(3));
}

#[test]
fn only_a_checkpoint_made_after_the_freeze_and_above_the_fork_cures_it() {
    let Forked { mut world, lot, mut device, hidden } = forked();
    device.scan(&lot.claim(3), &hidden);
    let fork = world.height();
    world.wait(3_600);
    device.system = world.now().at();
    let too_low = world.checkpoint(fork, 7_200);
    let refused = device.checkpoint(&world, &too_low);
    assert!(matches!(refused, Err(CheckpointError::DoesNotCure { fork: at, .. }) if at == fork));
    let above = world.checkpoint(world.height(), 1);
    device.checkpoint(&world, &above).unwrap();
    assert_eq!(device.chain.frozen(), None);
    assert_eq!(device.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
    // The other branch does not come back below it.
    let verdict = device.scan(&lot.claim(3), &hidden);
    assert_ne!(verdict.outcome(), Outcome::Proven);
}

#[test]
fn a_checkpoint_made_before_the_freeze_does_not_cure_it() {
    let Forked { mut world, lot, mut device, hidden } = forked();
    world.wait(60);
    let earlier = world.checkpoint(world.height(), 0);
    device.system = world.time().saturating_add(Seconds(600));
    device.scan(&lot.claim(3), &hidden);
    assert!(device.chain.frozen().is_some());
    let refused = device.checkpoint(&world, &earlier);
    assert!(matches!(refused, Err(CheckpointError::DoesNotCure { .. })));
}

#[test]
fn a_header_against_a_signed_checkpoint_is_dropped_and_no_fork() {
    let Forked { world, lot, hidden, .. } = forked();
    let mut device = Device::new(&world, world.height());
    device.system = world.now().at();
    let verdict = device.scan(&lot.claim(3), &hidden);
    assert!(matches!(unproven(&verdict), Unproven::Header(_)));
    assert_eq!(device.chain.frozen(), None);
    assert_eq!(device.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}
