use super::*;
use crate::world::{World, gtin};
use sealight_verify::format::entry::{Body, RecallScope};
use sealight_verify::format::event;
use sealight_verify::format::index::{CodeIndex, IndexAnchor, code_key};
use sealight_verify::format::life::{self, leaf_count};
use sealight_verify::format::lot::LotState;
use sealight_verify::format::state::MapDomain;
use sealight_verify::hash::Sm3;
use sealight_verify::tree::map::{Map, verify_absence, verify_membership, verify_prefix};
use sealight_verify::tree::{build, log};

/// The codes of one index, in memory.
struct Codes(Map<Sm3, CodeTarget>);

impl CodeFiles for Codes {
    fn codes(&self, root: &Hash32, bits: u8, prefix: u32) -> Option<CodesOfPrefix> {
        let mut key = Hash32([0; 32]);
        key.0[..3].copy_from_slice(&prefix.to_be_bytes()[1..]);
        let proof = self.0.prove_prefix(bits, &key).ok().filter(|_| *root == self.0.root())?;
        let targets = self.0.iter_prefix(bits, &key).map(|(_, target)| *target).collect();
        Some(CodesOfPrefix { proof, targets })
    }
}

fn none() -> Codes {
    Codes(Map::new())
}

fn ask(world: &World, path: &str, data: &[u8]) -> Result<Vec<u8>, QueryError> {
    answer(&world.state, 9, &none(), path, data)
}

fn ask_lot(world: &World, id: LotId, bucket: u32) -> StateAnswer {
    let data = [&id.0[..], &bucket.to_be_bytes()].concat();
    codec::decode(&ask(world, LOT_PATH, &data).unwrap()).unwrap()
}

#[test]
fn a_lot_is_answered_with_all_that_proves_it() {
    let mut world = World::new();
    world.lot(1);
    world.trace("lab", 1, "inspecting");
    world.sell(1, 60, 70);
    let id = world.lot_id(1);
    let answer = ask_lot(&world, id, 1);
    assert_eq!((answer.height, answer.roots), (9, world.state.roots()));
    let part = answer.lot.as_ref().unwrap();
    let value = part.state.value.as_ref().unwrap();
    let domain = MapDomain::LOTS;
    let (root, key) = (&answer.roots.lots, domain.key(&id.0));
    verify_membership::<Sm3>(root, &key, &domain.value_hash(value), &part.state.proof).unwrap();
    let state: LotState = answer.claimed_lot().unwrap();
    assert_eq!(part.anchor.as_ref().unwrap().id(), state.entry);
    let life = part.life.as_ref().unwrap();
    let (leaf, count) = (life::leaf(&life.leaf), leaf_count(state.size));
    log::verify_inclusion::<Sm3>(&leaf, 1, count, &life.path, &state.life_root).unwrap();
    let leaves: Vec<Hash32> = part
        .events
        .iter()
        .map(|part| event::leaf(part.height, &part.at, &codec::encode(&part.entry)))
        .collect();
    assert_eq!(build::root::<Sm3>(&leaves), state.event_root);
    let mut called = vec![world.id("issuer"), world.id("lab")];
    called.sort();
    assert_eq!(answer.parties.iter().map(|party| party.id).collect::<Vec<_>>(), called);
    for PartyPart { id, part } in &answer.parties {
        let domain = MapDomain::PARTIES;
        let hash = domain.value_hash(part.value.as_ref().unwrap());
        let key = domain.key(&id.0);
        verify_membership::<Sm3>(&answer.roots.parties, &key, &hash, &part.proof).unwrap();
    }
}

#[test]
fn an_untouched_lot_is_answered_without_life() {
    let mut world = World::new();
    world.lot(1);
    let part = ask_lot(&world, world.lot_id(1), 0).lot.unwrap();
    assert_eq!((part.life, part.events.len()), (None, 0));
}

#[test]
fn past_the_lot_only_the_lot_is_answered() {
    let mut world = World::new();
    world.lot(1);
    world.trace("lab", 1, "inspecting");
    world.sell(1, 60, 70);
    let answer = ask_lot(&world, world.lot_id(1), 4);
    let part = answer.lot.unwrap();
    assert_eq!((part.life, part.events.len(), answer.parties.len()), (None, 0, 1));
    assert!(part.anchor.is_some());
}

#[test]
fn an_absent_lot_is_answered_with_its_absence() {
    let mut world = World::new();
    world.lot(1);
    let id = world.lot_id(2);
    let answer = ask_lot(&world, id, 0);
    let part = answer.lot.unwrap();
    assert_eq!((part.state.value, part.anchor, answer.parties.len()), (None, None, 0));
    let key = MapDomain::LOTS.key(&id.0);
    verify_absence::<Sm3>(&answer.roots.lots, &key, &part.state.proof).unwrap();
}

#[test]
fn a_party_is_answered_or_its_absence() {
    let world = World::new();
    for (id, there) in [(world.id("lab"), true), (PartyId([7; 16]), false)] {
        let bytes = ask(&world, PARTY_PATH, &id.0).unwrap();
        let answer: StateAnswer = codec::decode(&bytes).unwrap();
        let part = &answer.parties[0].part;
        assert_eq!((answer.parties[0].id, part.value.is_some()), (id, there));
    }
}

fn with_index() -> (World, Codes, Namespace) {
    let mut world = World::new();
    world.lot(1);
    let namespace = gtin("06901234");
    let lot = world.lot_id(1);
    let entry = |index: u32| {
        let target = CodeTarget { lot, index };
        (code_key(&format!("code {index}")), target.value_hash(), target)
    };
    let codes = Codes(Map::from_entries((0..50).map(entry)));
    let body = Body::AnchorIndex(IndexAnchor {
        namespace: namespace.clone(),
        root: codes.0.root(),
        size: 50,
        lots: vec![lot],
        prefix_bits: 3,
    });
    let anchor = world.entry("issuer", body);
    world.apply(&anchor).unwrap();
    (world, codes, namespace)
}

fn code_query(namespace: &Namespace, prefix: u32) -> Vec<u8> {
    codec::encode(&CodeQuery { version: 1, namespace: namespace.clone(), prefix })
}

#[test]
fn codes_are_answered_by_prefix() {
    let (world, codes, namespace) = with_index();
    let key = code_key("code 7");
    let prefix = u32::from_be_bytes([0, key.0[0], key.0[1], key.0[2]]);
    let data = code_query(&namespace, prefix);
    let bytes = answer(&world.state, 9, &codes, CODE_PATH, &data).unwrap();
    let answer: StateAnswer = codec::decode(&bytes).unwrap();
    let part = answer.code.unwrap();
    let value = part.index.value.unwrap();
    let domain = MapDomain::INDEXES;
    let (own, hash) = (domain.key(&codec::encode(&namespace)), domain.value_hash(&value));
    verify_membership::<Sm3>(&answer.roots.indexes, &own, &hash, &part.index.proof).unwrap();
    let index: CodeIndex = codec::decode(&value).unwrap();
    let bucket = part.bucket.unwrap();
    let entries = verify_prefix::<Sm3>(&index.root, index.prefix_bits, &key, &bucket).unwrap();
    let at = entries.iter().position(|entry| entry.key == key).unwrap();
    assert_eq!(part.targets[at].index, 7);
    assert!(entries.len() > 1);
}

#[test]
fn a_namespace_without_an_index_is_answered_with_its_absence() {
    let (world, codes, _) = with_index();
    let data = code_query(&gtin("0555"), 0);
    let bytes = answer(&world.state, 9, &codes, CODE_PATH, &data).unwrap();
    let part = codec::decode::<StateAnswer>(&bytes).unwrap().code.unwrap();
    assert_eq!((part.index.value, part.bucket, part.targets.len()), (None, None, 0));
}

#[test]
fn codes_that_are_not_here_are_said_to_be_missing() {
    let (world, codes, namespace) = with_index();
    let refused = ask(&world, CODE_PATH, &code_query(&namespace, 0));
    assert_eq!(refused, Err(QueryError::CodesMissing { root: codes.0.root() }));
}

#[test]
fn hints_tell_indexes_set_changes_and_recalls() {
    let (mut world, _, namespace) = with_index();
    let list: Vec<Namespace> = minicbor::decode(&ask(&world, INDEXES_PATH, &[]).unwrap()).unwrap();
    assert_eq!(list, [namespace]);
    for recalled in [true, false] {
        let scope = RecallScope::Lot(world.lot_id(1));
        let entry = world.entry("authority", world.recall_body(scope, recalled));
        world.apply(&entry).unwrap();
    }
    for (since, told) in [(0u64, 2), (2, 2), (3, 1), (4, 0)] {
        let bytes = ask(&world, RECALLS_PATH, &since.to_be_bytes()).unwrap();
        let feed: RecallFeed = codec::decode(&bytes).unwrap();
        assert_eq!((feed.recalls.len(), feed.log_size), (told, 4), "since {since}");
    }
    let later: Vec<u64> = minicbor::decode(&ask(&world, CHANGES_PATH, &[0; 8]).unwrap()).unwrap();
    assert!(later.is_empty());
}

#[test]
fn a_feed_that_goes_on_says_where() {
    let mut world = World::new();
    world.lot(1);
    for turn in 0..=MAX_HINTS {
        let scope = RecallScope::Lot(world.lot_id(1));
        let entry = world.entry("authority", world.recall_body(scope, turn % 2 == 0));
        let bytes = codec::encode(&entry);
        world.state.replay(&bytes, 5, crate::world::at(5)).unwrap();
    }
    let feed = |since: u64| -> RecallFeed {
        codec::decode(&ask(&world, RECALLS_PATH, &since.to_be_bytes()).unwrap()).unwrap()
    };
    let first = feed(0);
    assert_eq!(first.recalls.len(), MAX_HINTS);
    assert_eq!(feed(first.log_size).recalls.len(), 1);
}

#[test]
fn queries_are_bounded() {
    let world = World::new();
    let wrong = |path, data: &[u8]| ask(&world, path, data).unwrap_err();
    assert_eq!(wrong("/what", &[]), QueryError::UnknownPath);
    assert_eq!(wrong(LOT_PATH, &[0; 11]), QueryError::DataLength { expected: 12, got: 11 });
    assert_eq!(wrong(PARTY_PATH, &[0; 17]), QueryError::DataLength { expected: 16, got: 17 });
    assert_eq!(wrong(INDEXES_PATH, &[0]), QueryError::DataLength { expected: 0, got: 1 });
    assert_eq!(wrong(CHANGES_PATH, &[]), QueryError::DataLength { expected: 8, got: 0 });
    assert_eq!(wrong(RECALLS_PATH, &[]), QueryError::DataLength { expected: 8, got: 0 });
    assert!(matches!(wrong(CODE_PATH, &[0; 2000]), QueryError::Codec(_)));
    let past = code_query(&gtin("0555"), 1 << 24);
    assert!(matches!(wrong(CODE_PATH, &past), QueryError::Bounds(_)));
    let odd = code_query(&gtin("x"), 0);
    assert!(matches!(wrong(CODE_PATH, &odd), QueryError::Bounds(_)));
}
