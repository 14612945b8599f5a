//! The attacks on maps, each by its name.

use super::*;

/// Three keys: 00.., 40.., 80.., of which the first two share one bit.
pub(super) fn three() -> Map<Sm3, u64> {
    [[0x00], [0x40], [0x80]]
        .iter()
        .enumerate()
        .fold(Map::new(), |map, (at, head)| map.insert(key(head), numbered(at as u64), at as u64))
}

#[test]
fn a_branch_is_no_leaf_and_a_leaf_is_no_branch() {
    let (one, two) = (numbered(1), numbered(2));
    assert_ne!(leaf_hash::<Sm3>(&one, &two), branch_hash::<Sm3>(&one, &two));
    let map = three();
    // The root's children handed in as a key and its value.
    let left = map.prove(&key(&[0x80])).siblings[0];
    let right = map.prove(&key(&[0x00])).siblings[0];
    assert_eq!(branch_hash::<Sm3>(&left, &right), map.root());
    let claim = verify_membership::<Sm3>(&map.root(), &left, &right, &MapProof::default());
    assert!(matches!(claim, Err(TreeError::RootMismatch { .. })));
}

#[test]
fn the_empty_root_holds_no_key_and_no_other_root_is_empty() {
    let lone = Map::<Sm3, u64>::new().insert(EMPTY, EMPTY, 0);
    assert_ne!(lone.root(), EMPTY);
    let nothing = MapProof::default();
    assert!(verify_absence::<Sm3>(&lone.root(), &EMPTY, &nothing).is_err());
    assert!(verify_absence::<Sm3>(&lone.root(), &key(&[1]), &nothing).is_err());
    assert!(verify_membership::<Sm3>(&EMPTY, &EMPTY, &EMPTY, &nothing).is_err());
    assert_eq!(verify_membership::<Sm3>(&lone.root(), &EMPTY, &EMPTY, &nothing), Ok(()));
}

#[test]
fn an_empty_sibling_in_the_list_is_refused() {
    let map = three();
    let (root, mut proof) = (map.root(), map.prove(&key(&[0x00])));
    proof.bitmap = Blob(vec![0b1110_0000]);
    proof.siblings.0.push(EMPTY);
    let refused = Err(TreeError::EmptySibling { at: 2 });
    assert_eq!(verify_membership::<Sm3>(&root, &key(&[0]), &numbered(0), &proof), refused);
    assert_eq!(verify_absence::<Sm3>(&root, &key(&[0]), &proof), refused);
}

#[test]
fn a_bitmap_with_an_empty_last_byte_is_refused() {
    let map = three();
    let mut proof = map.prove(&key(&[0x00]));
    proof.bitmap.0.push(0);
    assert_eq!(
        verify_membership::<Sm3>(&map.root(), &key(&[0]), &numbered(0), &proof),
        Err(TreeError::LooseBitmap)
    );
}

#[test]
fn a_bitmap_of_more_than_256_levels_is_refused() {
    let map = three();
    let mut proof = map.prove(&key(&[0x00]));
    proof.bitmap = Blob(vec![1; 33]);
    assert_eq!(
        verify_absence::<Sm3>(&map.root(), &key(&[0]), &proof),
        Err(TreeError::BitmapLength { max: 32, got: 33 })
    );
}

#[test]
fn keys_that_differ_in_the_last_bit_alone_are_proven() {
    let (zero, one) = (Hash32([0; 32]), {
        let mut k = Hash32([0; 32]);
        k.0[31] = 1;
        k
    });
    let map = Map::<Sm3, u64>::new().insert(zero, numbered(0), 0).insert(one, numbered(1), 1);
    let proof = map.prove(&one);
    assert_eq!((proof.siblings.len(), proof.bitmap.len()), (1, 32));
    assert_eq!(verify_membership::<Sm3>(&map.root(), &one, &numbered(1), &proof), Ok(()));
    assert_eq!(
        verify_membership::<Sm3>(&map.root(), &zero, &numbered(0), &map.prove(&zero)),
        Ok(())
    );
}

#[test]
fn a_sibling_too_many_or_too_few_is_refused() {
    let map = three();
    let honest = map.prove(&key(&[0x00]));
    for (got, siblings) in [(1, &honest.siblings[1..]), (0, &[])] {
        let bad = MapProof { siblings: siblings.to_vec().into(), ..honest.clone() };
        assert_eq!(
            verify_membership::<Sm3>(&map.root(), &key(&[0]), &numbered(0), &bad),
            Err(TreeError::PathLength { expected: 2, got })
        );
    }
    let mut bad = honest.clone();
    bad.siblings.0.swap(0, 1);
    let claim = verify_membership::<Sm3>(&map.root(), &key(&[0]), &numbered(0), &bad);
    assert!(matches!(claim, Err(TreeError::RootMismatch { .. })));
}

#[test]
fn membership_has_no_place_for_another_leaf() {
    let map = three();
    let other = MapEntry { key: key(&[0x40]), value_hash: numbered(1) };
    let proof = MapProof { other: Some(other), ..map.prove(&key(&[0x00])) };
    assert_eq!(
        verify_membership::<Sm3>(&map.root(), &key(&[0]), &numbered(0), &proof),
        Err(TreeError::UnexpectedOther)
    );
}

#[test]
fn a_key_is_not_absent_because_it_is_there() {
    let map = three();
    let own = MapEntry { key: key(&[0x00]), value_hash: numbered(0) };
    let proof = MapProof { other: Some(own), ..map.prove(&key(&[0x00])) };
    assert_eq!(verify_absence::<Sm3>(&map.root(), &key(&[0]), &proof), Err(TreeError::OtherIsKey));
}

#[test]
fn a_leaf_off_the_way_proves_no_absence() {
    let map = three();
    // 80.. stands alone on the right; 40.. stands on the left, two levels down.
    let mut proof = map.prove(&key(&[0xc0]));
    assert_eq!(verify_absence::<Sm3>(&map.root(), &key(&[0xc0]), &proof), Ok(()));
    assert_eq!(
        verify_absence::<Sm3>(&map.root(), &key(&[0x20]), &proof),
        Err(TreeError::OtherElsewhere { expected: 1, got: 0 })
    );
    // Dragonberry: a leaf from elsewhere set under the way of a key that is there.
    proof.other = Some(MapEntry { key: key(&[0x40]), value_hash: numbered(1) });
    assert_eq!(
        verify_absence::<Sm3>(&map.root(), &key(&[0x80]), &proof),
        Err(TreeError::OtherElsewhere { expected: 1, got: 0 })
    );
    // The neighbour in key order is not enough: it must stand on the way itself.
    let neighbour = map.prove(&key(&[0x40]));
    let beside = MapEntry { key: key(&[0x40]), value_hash: numbered(1) };
    let claim = MapProof { other: Some(beside), ..neighbour };
    assert_eq!(
        verify_absence::<Sm3>(&map.root(), &key(&[0x00]), &claim),
        Err(TreeError::OtherElsewhere { expected: 2, got: 1 })
    );
}

#[test]
fn an_inner_node_left_out_makes_no_place_empty() {
    let map = three();
    let mut proof = map.prove(&key(&[0x00]));
    // Said to end one level higher, in nothing.
    proof.bitmap = Blob(vec![0b1000_0000]);
    proof.siblings.0.truncate(1);
    let claim = verify_absence::<Sm3>(&map.root(), &key(&[0x00]), &proof);
    assert!(matches!(claim, Err(TreeError::RootMismatch { .. })));
}

#[test]
fn a_proof_of_an_older_version_is_refused_under_the_new_root() {
    let old = three();
    let new = old.insert(key(&[0xff]), numbered(9), 9);
    let absent = old.prove(&key(&[0xff]));
    assert_eq!(verify_absence::<Sm3>(&old.root(), &key(&[0xff]), &absent), Ok(()));
    assert!(verify_absence::<Sm3>(&new.root(), &key(&[0xff]), &absent).is_err());
    let present = old.prove(&key(&[0x00]));
    let claim = verify_membership::<Sm3>(&new.root(), &key(&[0]), &numbered(0), &present);
    assert!(claim.is_err());
}
