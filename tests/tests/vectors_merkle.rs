//! The Merkle vectors of transparency-dev (inclusion and consistency) through our log trees.

mod vectors_support;

use sealight_verify::hash::{Hash32, Sha256};
use sealight_verify::tree::log::{verify_consistency, verify_inclusion};
use serde_json::Value;
use std::path::{Path, PathBuf};
use vectors_support::{base64, json, vectors};

#[test]
fn inclusion_cases_come_out_as_their_authors_say() {
    run("inclusion", 98, |case| {
        let leaf = hash(&case["leafHash"])?;
        let (index, size) = (number(&case["leafIdx"]), number(&case["treeSize"]));
        let (path, root) = (hashes(&case["proof"])?, hash(&case["root"])?);
        verify_inclusion::<Sha256>(&leaf, index, size, &path, &root).map_err(|e| e.to_string())
    });
}

#[test]
fn consistency_cases_come_out_as_their_authors_say() {
    run("consistency", 98, |case| {
        let (earlier, later) = (number(&case["size1"]), number(&case["size2"]));
        let (old, new) = (hash(&case["root1"])?, hash(&case["root2"])?);
        let path = hashes(&case["proof"])?;
        verify_consistency::<Sha256>(earlier, &old, later, &new, &path).map_err(|e| e.to_string())
    });
}

/// Runs every case below one folder; `least` keeps a half-empty folder from passing.
fn run(kind: &str, least: usize, verify: impl Fn(&Value) -> Result<(), String>) {
    let Some(folder) = vectors("merkle") else { return };
    let files = files_below(&folder.join(kind));
    let mut accepted = 0;
    for file in &files {
        let case = json(file);
        let refused = case["wantErr"].as_bool().expect("wantErr");
        let outcome = verify(&case);
        assert_eq!(outcome.is_err(), refused, "{}: {outcome:?}", file.display());
        accepted += usize::from(!refused);
    }
    let count = files.len();
    println!("merkle {kind}: {count} cases, {accepted} accepted, {} refused", count - accepted);
    assert!(count >= least && accepted > 0 && accepted < count);
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("vector folder") {
        let path = entry.expect("folder entry").path();
        match path.is_dir() {
            true => found.extend(files_below(&path)),
            false => found.push(path),
        }
    }
    found
}

/// A hash of ours has 32 bytes and no other length exists in the types.
///
/// Some cases write words such as "WrongRoot" where a hash belongs. Those are filled up with zeros
/// so that the tree code and not the length refuses them (or accepts: two equal words as roots of
/// equal sizes). No bytes at all, or too many, are refused as what they are.
fn hash(value: &Value) -> Result<Hash32, String> {
    let bytes = base64(value.as_str().expect("base64 text"));
    if bytes.is_empty() || bytes.len() > Hash32::LEN {
        return Err(format!("{} bytes are no hash", bytes.len()));
    }
    let mut hash = [0; Hash32::LEN];
    hash[..bytes.len()].copy_from_slice(&bytes);
    Ok(Hash32(hash))
}

/// An absent proof is an empty one.
fn hashes(value: &Value) -> Result<Vec<Hash32>, String> {
    value.as_array().into_iter().flatten().map(hash).collect()
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a whole number")
}
