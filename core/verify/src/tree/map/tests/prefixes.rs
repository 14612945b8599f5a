//! The attacks on whole prefixes, each by its name.

use super::attacks::three;
use super::*;

#[test]
fn a_prefix_longer_than_served_is_refused() {
    let refused = TreeError::PrefixBits { max: 24, got: 25 };
    assert_eq!(three().prove_prefix(25, &EMPTY), Err(refused));
    let proof = PrefixProof::default();
    assert_eq!(verify_prefix::<Sm3>(&EMPTY, 25, &EMPTY, &proof), Err(refused));
}

#[test]
fn more_entries_than_a_bucket_may_hold_are_refused() {
    let map = Map::<Sm3, ()>::from_entries((0..4097).map(|n| (numbered(n), EMPTY, ())));
    let refused = TreeError::TooManyEntries { max: 4096, got: 4097 };
    assert_eq!(map.prove_prefix(0, &EMPTY), Err(refused));
    let entries = map.iter().map(|(entry, _)| *entry).collect();
    let proof = PrefixProof { entries, ..PrefixProof::default() };
    assert_eq!(verify_prefix::<Sm3>(&map.root(), 0, &EMPTY, &proof), Err(refused));
}

#[test]
fn an_entry_outside_the_prefix_or_out_of_order_is_refused() {
    let map = three();
    let mut proof = map.prove_prefix(1, &key(&[0x00])).unwrap();
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x80]), &proof),
        Err(TreeError::EntryOutsidePrefix { at: 0 })
    );
    proof.entries.swap(0, 1);
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x00]), &proof),
        Err(TreeError::NotAscending { at: 1 })
    );
    proof.entries[0] = proof.entries[1];
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x00]), &proof),
        Err(TreeError::NotAscending { at: 1 })
    );
}

#[test]
fn an_entry_hidden_by_another_leaf_is_refused() {
    let map = three();
    let mut proof = map.prove_prefix(1, &key(&[0x80])).unwrap();
    let hidden = proof.entries.remove(0);
    proof.other = Some(hidden);
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x80]), &proof),
        Err(TreeError::OtherIsKey)
    );
    // It is hidden from every name of the prefix, not only from its own key.
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x81]), &proof),
        Err(TreeError::OtherIsKey)
    );
    proof.other = Some(MapEntry { key: key(&[0x40]), ..hidden });
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x80]), &proof),
        Err(TreeError::OtherElsewhere { expected: 1, got: 0 })
    );
    proof.entries.push(hidden);
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x80]), &proof),
        Err(TreeError::UnexpectedOther)
    );
}

#[test]
fn a_way_deeper_than_the_prefix_is_refused() {
    let map = three();
    let way = map.prove(&key(&[0x40]));
    let proof = PrefixProof {
        bitmap: way.bitmap,
        siblings: way.siblings,
        entries: vec![MapEntry { key: key(&[0x40]), value_hash: numbered(1) }],
        other: None,
    };
    // The deeper way would hide 00.., which has the prefix too.
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x00]), &proof),
        Err(TreeError::TooDeep { max: 1, got: 2 })
    );
    let both = PrefixProof {
        entries: vec![
            MapEntry { key: key(&[0x00]), value_hash: numbered(0) },
            MapEntry { key: key(&[0x40]), value_hash: numbered(1) },
        ],
        ..proof
    };
    assert_eq!(
        verify_prefix::<Sm3>(&map.root(), 1, &key(&[0x00]), &both),
        Err(TreeError::TooDeep { max: 1, got: 2 })
    );
}
