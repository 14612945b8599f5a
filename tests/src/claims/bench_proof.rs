//! Proofs beside the hashes that they cannot do without.

use super::{Claim, NotShown, Report, Run};
use crate::bench::pair;
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use sealight_verify::tree::log;
use sealight_verify::tree::map::{Map, MapProof, verify_membership};
use sm3::Digest;
use std::hint::black_box;

pub(super) const CLAIMS: &[Claim] = &[Claim {
    name: "proof-hash-bound",
    group: "speed",
    about: "a proof of either tree takes at most 1.2 times as long as its SM3 hashes alone",
    clock: true,
    run: Run::Here(bound),
}];

const DEPTH: u64 = 20;
const KEYS: u64 = 1 << 17;
const PROOFS: u64 = 64;
const LIMIT: f64 = 1.2;

fn bound(report: &mut Report) -> Result<(), NotShown> {
    log_proof(report)?;
    map_proof(report)
}

/// An inclusion proof of RFC 9162 in a lot of 2^20 items.
fn log_proof(report: &mut Report) -> Result<(), NotShown> {
    let size = 1 << DEPTH;
    let proofs: Vec<(Hash32, u64, Vec<Hash32>, Hash32)> = (0..PROOFS)
        .map(|n| {
            let (leaf, index) = (made_up(n), n * 0x9e37_79b9 % size);
            let path: Vec<Hash32> = (0..DEPTH).map(|at| made_up(n << 8 | at)).collect();
            let root = log::root_from_path::<Sm3>(&leaf, index, size, &path);
            root.map(|root| (leaf, index, path, root)).map_err(NotShown::broken)
        })
        .collect::<Result<_, _>>()?;
    let times = pair(
        31,
        || {
            for (leaf, index, path, root) in &proofs {
                let shown = log::verify_inclusion::<Sm3>(leaf, *index, size, path, root);
                assert_eq!(black_box(shown), Ok(()));
            }
        },
        || proofs.iter().for_each(|(leaf, _, path, _)| _ = black_box(bare(leaf, path))),
    );
    report.figure("inclusion proof of 20 hashes", times.ours / PROOFS as f64 / 1e3, "us");
    report.figure("its hashes alone", times.peer / PROOFS as f64 / 1e3, "us");
    report.at_most("inclusion proof by its hashes", times.ratio, LIMIT, "x")
}

/// A membership proof in a map of 2^17 entries; every level down to the leaf is a hash.
fn map_proof(report: &mut Report) -> Result<(), NotShown> {
    let map = Map::<Sm3, ()>::from_entries((0..KEYS).map(|n| (made_up(n), made_up(!n), ())));
    let root = map.root();
    let proofs: Vec<(Hash32, Hash32, MapProof, Vec<Hash32>)> = (0..PROOFS)
        .map(|n| {
            let key = made_up(n * 2001);
            let proof = map.prove(&key);
            let last = proof.bitmap.last().map_or(0, |last| last.trailing_zeros() as usize);
            // The leaf's own hash, and one for each level.
            let hashes = proof.bitmap.len() * 8 - last + 1;
            (key, made_up(!(n * 2001)), proof, vec![key; hashes])
        })
        .collect();
    let times = pair(
        31,
        || {
            for (key, value, proof, _) in &proofs {
                assert_eq!(black_box(verify_membership::<Sm3>(&root, key, value, proof)), Ok(()));
            }
        },
        || proofs.iter().for_each(|(key, _, _, path)| _ = black_box(bare(key, path))),
    );
    let hashes: usize = proofs.iter().map(|(.., path)| path.len()).sum();
    report.figure("hashes of a map proof", hashes as f64 / PROOFS as f64, "");
    report.figure("map proof", times.ours / PROOFS as f64 / 1e3, "us");
    report.figure("its hashes alone", times.peer / PROOFS as f64 / 1e3, "us");
    report.at_most("map proof by its hashes", times.ratio, LIMIT, "x")
}

/// Each hash over a tag, the one before and the next sibling, by the crate itself.
fn bare(start: &Hash32, path: &[Hash32]) -> [u8; 32] {
    let mut pair = [1; 65];
    path.iter().fold(start.0, |hash, sibling| {
        pair[1..33].copy_from_slice(&hash);
        pair[33..].copy_from_slice(&sibling.0);
        sm3::Sm3::digest(pair).into()
    })
}

fn made_up(number: u64) -> Hash32 {
    Sm3::hash(&[&number.to_be_bytes()])
}
