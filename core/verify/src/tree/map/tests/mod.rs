//! Maps against a naive reading of their definition, and the attacks on them by name.

mod attacks;
mod prefixes;

use super::*;
use crate::codec::{self, Blob, CodecError, Versioned};
use crate::hash::{Hash32, HashSuite, Sha256, Sm3};
use crate::tree::TreeError;
use alloc::vec;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};
use proptest::prelude::*;

type Table = alloc::collections::BTreeMap<Hash32, Hash32>;

fn numbered(number: u64) -> Hash32 {
    Sm3::hash(&[&number.to_be_bytes()])
}

/// Keys spread by a hash, values by another.
fn table(count: u64) -> Table {
    (0..count).map(|number| (numbered(number), numbered(number + 1_000_000))).collect()
}

fn grown(table: &Table) -> Map<Sm3, u64> {
    table.iter().fold(Map::new(), |map, (key, value)| map.insert(*key, *value, 7))
}

/// A key that begins with these bytes and is zero behind.
fn key(head: &[u8]) -> Hash32 {
    let mut key = Hash32([0; 32]);
    key.0[..head.len()].copy_from_slice(head);
    key
}

fn bit_of(key: &Hash32, at: usize) -> u8 {
    key.0[at / 8] >> (7 - at % 8) & 1
}

/// The root as the definition says it: slow and plain.
fn naive_root(entries: &[(Hash32, Hash32)], depth: usize) -> Hash32 {
    match entries {
        [] => Hash32([0; 32]),
        [(key, value)] => Sm3::hash(&[&[2], &key.0, &value.0]),
        _ => {
            let side = |wanted: u8| -> Vec<_> {
                entries.iter().copied().filter(|(key, _)| bit_of(key, depth) == wanted).collect()
            };
            let (left, right) = (naive_root(&side(0), depth + 1), naive_root(&side(1), depth + 1));
            Sm3::hash(&[&[3], &left.0, &right.0])
        }
    }
}

fn naive(table: &Table) -> Hash32 {
    let entries: Vec<_> = table.iter().map(|(key, value)| (*key, *value)).collect();
    naive_root(&entries, 0)
}

/// Keys that share many first bits, so that long ways with empty siblings appear.
fn crowded_key() -> impl Strategy<Value = Hash32> {
    (prop::sample::select(vec![0usize, 1, 3, 31]), any::<u8>(), 0u8..4).prop_map(
        |(at, byte, first)| {
            let mut key = Hash32([0; 32]);
            key.0[0] = first;
            key.0[at] ^= byte;
            key
        },
    )
}

fn crowded_table() -> impl Strategy<Value = Table> {
    prop::collection::btree_map(crowded_key(), any::<u8>().prop_map(|b| Hash32([b; 32])), 0..40)
}

#[test]
fn an_empty_map_has_the_constant_root_and_proves_absence() {
    let map = Map::<Sm3, u64>::new();
    assert_eq!((map.root(), map.len(), map.is_empty()), (EMPTY, 0, true));
    let proof = map.prove(&key(&[1]));
    assert_eq!(proof, MapProof::default());
    assert_eq!(verify_absence::<Sm3>(&EMPTY, &key(&[1]), &proof), Ok(()));
    assert!(verify_membership::<Sm3>(&EMPTY, &key(&[1]), &EMPTY, &proof).is_err());
}

#[test]
fn versions_share_what_they_have_in_common_and_never_change() {
    let one = grown(&table(100));
    let before = one.root();
    let kept = one.clone();
    let two = one.insert(numbered(5), numbered(77), 8).insert(numbered(500), numbered(78), 9);
    assert_eq!((one.root(), kept.root(), one.len(), two.len()), (before, before, 100, 101));
    assert_ne!(two.root(), before);
    assert_eq!(one.value(&numbered(5)), Some(&7));
    assert_eq!(two.value(&numbered(5)), Some(&8));
    assert_eq!(two.value_hash(&numbered(500)), Some(numbered(78)));
    assert_eq!(two.value_hash(&numbered(501)), None);
    assert_eq!(two.insert(numbered(5), numbered(1_000_005), 7).root(), {
        let mut all = table(100);
        all.insert(numbered(500), numbered(78));
        naive(&all)
    });
}

#[test]
fn a_map_built_at_once_is_the_map_grown_by_steps() {
    let all = table(300);
    let once = Map::<Sm3, u64>::from_entries(all.iter().map(|(key, value)| (*key, *value, 7)));
    assert_eq!((once.root(), once.len()), (grown(&all).root(), 300));
    let twice = [(key(&[1]), key(&[2]), 1), (key(&[0]), key(&[3]), 2), (key(&[1]), key(&[4]), 3)];
    let later = Map::<Sm3, u64>::from_entries(twice);
    assert_eq!((later.len(), later.value(&key(&[1]))), (2, Some(&3)));
}

#[test]
fn a_proof_has_about_as_many_siblings_as_the_count_has_bits() {
    let map = Map::<Sm3, ()>::from_entries((0..1u64 << 17).map(|n| (numbered(n), EMPTY, ())));
    let proofs: Vec<MapProof> = (0..2000).map(|n| map.prove(&numbered(n * 65))).collect();
    let siblings: usize = proofs.iter().map(|proof| proof.siblings.len()).sum();
    let bytes: usize = proofs.iter().map(|proof| codec::encode(proof).len()).sum();
    let (mean, mean_bytes) = (siblings as f64 / 2000.0, bytes as f64 / 2000.0);
    println!("map of 2^17 keys: {mean:.2} siblings, {mean_bytes:.0} bytes a proof (mean)");
    assert!(mean < 18.0, "{mean}");
    assert!(mean_bytes < 18.0 * 32.0 + 16.0, "{mean_bytes}");
}

proptest! {
    #[test]
    fn any_map_has_the_root_of_the_definition_and_gives_its_entries_in_order(
        table in crowded_table(),
    ) {
        let map = grown(&table);
        prop_assert_eq!(map.root(), naive(&table));
        prop_assert_eq!(map.len(), table.len());
        let listed: Vec<_> = map.iter().map(|(entry, _)| (entry.key, entry.value_hash)).collect();
        prop_assert_eq!(listed, table.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn any_key_of_any_map_is_proven_present_or_absent_and_never_both(
        table in crowded_table(), key in crowded_key(),
    ) {
        let map = grown(&table);
        let (root, proof) = (map.root(), map.prove(&key));
        match table.get(&key) {
            Some(value) => {
                prop_assert_eq!(verify_membership::<Sm3>(&root, &key, value, &proof), Ok(()));
                prop_assert!(verify_absence::<Sm3>(&root, &key, &proof).is_err());
                let other = Hash32([0xee; 32]);
                prop_assert!(verify_membership::<Sm3>(&root, &key, &other, &proof).is_err());
            }
            None => {
                prop_assert_eq!(verify_absence::<Sm3>(&root, &key, &proof), Ok(()));
                let value = proof.other.map_or(EMPTY, |other| other.value_hash);
                let bare = MapProof { other: None, ..proof.clone() };
                prop_assert!(verify_membership::<Sm3>(&root, &key, &value, &bare).is_err());
            }
        }
        prop_assert!(verify_absence::<Sha256>(&root, &key, &proof).is_err() || map.is_empty());
    }

    #[test]
    fn any_flipped_bit_of_a_proof_is_refused(
        table in crowded_table(), key in crowded_key(), at in 0usize..100_000,
    ) {
        let map = grown(&table);
        let (root, proof) = (map.root(), map.prove(&key));
        let mut bytes = codec::encode(&proof);
        let at = at % (bytes.len() * 8);
        bytes[at / 8] ^= 1 << (at % 8);
        if let Some(bad) = canonical(&bytes) {
            let verdict = match table.get(&key) {
                Some(value) => verify_membership::<Sm3>(&root, &key, value, &bad),
                None => verify_absence::<Sm3>(&root, &key, &bad),
            };
            prop_assert!(verdict.is_err(), "bit {}", at);
        }
    }

    #[test]
    fn a_proof_of_another_key_proves_nothing(
        table in crowded_table(), one in crowded_key(), two in crowded_key(),
    ) {
        let map = grown(&table);
        let (root, proof) = (map.root(), map.prove(&one));
        match table.get(&two) {
            // For a key that is present no proof of absence is ever accepted.
            Some(_) => prop_assert!(verify_absence::<Sm3>(&root, &two, &proof).is_err()),
            None => {
                let value = table.get(&one).copied().unwrap_or(EMPTY);
                prop_assert!(verify_membership::<Sm3>(&root, &two, &value, &proof).is_err());
            }
        }
    }

    #[test]
    fn any_prefix_gives_exactly_its_entries(
        table in crowded_table(), prefix in crowded_key(), bits in 0u8..=24,
    ) {
        let map = grown(&table);
        let proof = map.prove_prefix(bits, &prefix).unwrap();
        let found = verify_prefix::<Sm3>(&map.root(), bits, &prefix, &proof);
        let inside = |key: &Hash32| (0..usize::from(bits)).all(|at| bit_of(key, at) == bit_of(&prefix, at));
        let expected: Vec<MapEntry> = table.iter()
            .filter(|(key, _)| inside(key))
            .map(|(key, value_hash)| MapEntry { key: *key, value_hash: *value_hash })
            .collect();
        prop_assert_eq!(found, Ok(&expected[..]));
        prop_assert_eq!(map.iter_prefix(bits, &prefix).count(), expected.len());
        // No entry can go.
        for at in 0..proof.entries.len() {
            let mut bad = proof.clone();
            bad.entries.remove(at);
            prop_assert!(verify_prefix::<Sm3>(&map.root(), bits, &prefix, &bad).is_err());
        }
    }

    #[test]
    fn any_flipped_bit_of_a_prefix_proof_is_refused(
        table in crowded_table(), prefix in crowded_key(), bits in 0u8..=24, at in 0usize..100_000,
    ) {
        let map = grown(&table);
        let mut bytes = codec::encode(&map.prove_prefix(bits, &prefix).unwrap());
        let at = at % (bytes.len() * 8);
        bytes[at / 8] ^= 1 << (at % 8);
        if let Some(bad) = canonical(&bytes) {
            prop_assert!(verify_prefix::<Sm3>(&map.root(), bits, &prefix, &bad).is_err());
        }
    }
}

/// Decodes bytes that are the one encoding of what they say.
fn canonical<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    let value: T = minicbor::decode(bytes).ok()?;
    (codec::encode(&value) == bytes).then_some(value)
}

#[derive(Debug, PartialEq, Encode, Decode)]
#[cbor(map)]
struct Wrapped {
    #[n(0)]
    version: u8,
    #[n(1)]
    proof: MapProof,
}

impl Versioned for Wrapped {
    const NAME: &'static str = "wrapped proof";
    const MAX_LEN: usize = 256 * 32 + 256;
}

#[test]
fn unknown_fields_trailing_bytes_and_broken_hashes_do_not_decode() {
    let wrapped = Wrapped { version: 1, proof: attacks::three().prove(&key(&[0x20])) };
    let bytes = codec::encode(&wrapped);
    assert_eq!(codec::decode::<Wrapped>(&bytes), Ok(wrapped));
    for cut in 0..bytes.len() {
        let refused = codec::decode::<Wrapped>(&bytes[..cut]);
        assert_eq!(refused, Err(CodecError::Malformed { what: "wrapped proof" }), "cut {cut}");
    }
    let trailing = [&bytes[..], &[0]].concat();
    let loose = Err(CodecError::NotCanonical { what: "wrapped proof" });
    assert_eq!(codec::decode::<Wrapped>(&trailing), loose);
    // Key 9 after the last field of an empty proof.
    let unknown = [0xa2, 0, 1, 1, 0xa3, 0, 0x40, 1, 0x40, 9, 0];
    assert_eq!(codec::decode::<Wrapped>(&unknown), loose);
    let broken = [0xa2, 0, 1, 1, 0xa2, 0, 0x40, 1, 0x41, 7];
    assert_eq!(
        codec::decode::<Wrapped>(&broken),
        Err(CodecError::Malformed { what: "wrapped proof" })
    );
}
