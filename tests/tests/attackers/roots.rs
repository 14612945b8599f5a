//! The root of trust: files and checkpoints by the wrong hands.

use crate::support::bottled;
use sealight_issue::trust::{sign_checkpoint, sign_trust_file};
use sealight_tests::kit::{Device, Layout, World};
use sealight_verify::chain::CheckpointError;
use sealight_verify::codec::{decode, encode};
use sealight_verify::judge::Outcome;
use sealight_verify::trust::{
    KeySet, QuorumError, SignedTrustFile, TrustError, TrustFile, TrustFileError, rotate,
};

fn unsigned(world: &World, change: impl FnOnce(&mut TrustFile)) -> SignedTrustFile {
    let mut signed = world.next_trust_file(change);
    signed.signatures.clear();
    signed
}

fn rotated(world: &World, signed: &SignedTrustFile) -> Result<(), TrustError> {
    rotate(&world.trust, &encode(signed)).map(drop)
}

#[test]
fn a_trust_file_is_not_rotated_without_the_old_threshold() {
    let (mut world, ..) = bottled();
    let new = world.fresh_key();
    let keys = vec![new.public()];
    let mut file = unsigned(&world, |file| file.roots = KeySet { threshold: 1, keys });
    sign_trust_file(&mut file, &new);
    let few = QuorumError::TooFew { got: 0, threshold: 1 };
    assert_eq!(rotated(&world, &file), Err(TrustError::OldRoots(few.clone())));
    // The new roots must sign too, so that nobody is locked out by mistake.
    let mut half = file.clone();
    half.signatures.clear();
    sign_trust_file(&mut half, &world.roots);
    assert_eq!(rotated(&world, &half), Err(TrustError::OwnRoots(few)));
    sign_trust_file(&mut file, &world.roots);
    assert_eq!(rotated(&world, &file), Ok(()));
}

#[test]
fn a_trust_file_signed_by_the_checkpoint_role_is_refused() {
    let (world, ..) = bottled();
    let mut file = unsigned(&world, |_| {});
    sign_trust_file(&mut file, &world.role);
    assert!(matches!(rotated(&world, &file), Err(TrustError::OldRoots(_))));
}

#[test]
fn an_older_trust_file_never_comes_back() {
    let (world, ..) = bottled();
    let have = world.trust.serial;
    for serial in [have, have - 1] {
        let file = world.next_trust_file(|file| file.serial = serial);
        assert_eq!(rotated(&world, &file), Err(TrustError::NotNewer { have, got: serial }));
    }
}

#[test]
fn two_ledgers_with_one_short_id_are_refused() {
    let (world, ..) = bottled();
    let mut twin = world.ledger;
    twin.0[31] ^= 1;
    let file = world.next_trust_file(|file| {
        let mut second = file.ledgers[0].clone();
        second.id = twin;
        file.ledgers.push(second);
    });
    let taken = TrustFileError::ShortIdTaken { ledger: twin };
    assert_eq!(rotated(&world, &file), Err(TrustError::File(taken)));
}

#[test]
fn a_demonstrations_trust_file_does_not_follow_a_real_one() {
    let (world, ..) = bottled();
    let file = world.next_trust_file(|file| file.demo = !file.demo);
    assert_eq!(rotated(&world, &file), Err(TrustError::Demo));
}

#[test]
fn a_trust_file_with_one_bit_changed_is_refused() {
    let (world, ..) = bottled();
    let bytes = encode(&world.next_trust_file(|_| {}));
    assert!(decode::<SignedTrustFile>(&bytes).is_ok() && rotate(&world.trust, &bytes).is_ok());
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            assert!(rotate(&world.trust, &flipped).is_err(), "byte {at}, bit {bit}");
        }
    }
    println!("figure: single-bit flips of a trust file refused: {}", bytes.len() * 8);
}

#[test]
fn a_checkpoint_signed_by_the_roots_in_the_roles_place_is_refused() {
    let (mut world, _, lot) = bottled();
    let mut device = Device::new(&world, world.height());
    world.wait(60);
    let mut checkpoint = world.checkpoint(world.height(), 0);
    checkpoint.signatures.clear();
    sign_checkpoint(&mut checkpoint, &world.roots);
    let few = QuorumError::TooFew { got: 0, threshold: 1 };
    assert_eq!(device.checkpoint(&world, &checkpoint), Err(CheckpointError::Role(few)));
    device.system = world.now().at();
    assert_eq!(device.scan_newest(&world, &lot, 3).outcome(), Outcome::Proven);
}

#[test]
fn a_checkpoint_of_another_ledger_is_refused() {
    let (world, ..) = bottled();
    let other = World::with(Layout { name: "sealight-other", ..Layout::default() });
    let mut device = Device::new(&world, 1);
    let foreign = other.checkpoint(other.height(), 9_999);
    let refused = device.checkpoint(&world, &foreign);
    assert_eq!(refused, Err(CheckpointError::WrongLedger { got: other.ledger }));
    let mut renamed = foreign;
    renamed.body.ledger = world.ledger;
    renamed.body.height = 2;
    assert!(matches!(device.checkpoint(&world, &renamed), Err(CheckpointError::Role(_))));
}

#[test]
fn a_checkpoint_with_one_bit_changed_is_refused() {
    let (world, ..) = bottled();
    let chain = world.chain();
    let bytes = encode(&world.checkpoint(world.height(), 0));
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << bit;
            let taken = decode(&flipped).is_ok_and(|signed| chain.checkpoint(&signed).is_ok());
            assert!(!taken, "byte {at}, bit {bit}");
        }
    }
    println!("figure: single-bit flips of a checkpoint refused: {}", bytes.len() * 8);
}

/// What ships outside of the demonstration's own folder.
fn shipped(folder: &std::path::Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true if path.ends_with("demo") => {}
            true => shipped(&path, files),
            false => files.push(path),
        }
    }
}

#[test]
fn no_anchor_of_a_demonstration_ships_with_the_program() {
    let assets = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../assets"));
    let mut files = Vec::new();
    shipped(assets, &mut files);
    assert!(files.iter().any(|path| path.ends_with("en.json")), "{files:?}");
    for path in files {
        let anchor = sealight_verify::trust::open(&std::fs::read(&path).unwrap());
        assert!(anchor.is_err() || anchor.is_ok_and(|file| !file.demo), "{}", path.display());
    }
}
