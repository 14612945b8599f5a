//! Code indexes: a brand's old codes, anchored and answered.

use super::item::Lot;
use super::world::{PartyKeys, World};
use sealight_issue::index::{BuiltIndex, IndexBuilder};
use sealight_ledger::answer::{CodeFiles, CodesOfPrefix, answer};
use sealight_verify::codec::{decode, encode};
use sealight_verify::format::answer::{CODE_PATH, CodeQuery, StateAnswer};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::Body;
use sealight_verify::format::index::{CodeTarget, code_key};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::hash::Hash32;
use sealight_verify::tree::map::MAX_PREFIX_BITS;

/// An anchored index with its codes.
pub struct Codes {
    /// The namespace that it serves.
    pub namespace: Namespace,
    /// The index.
    pub built: BuiltIndex,
}

/// The old code of an item: `WY` and six digits.
pub fn old_code(index: u32) -> String {
    format!("WY{index:06}")
}

/// The namespace of old codes.
pub fn old_codes() -> Namespace {
    Namespace::Pattern("WY######".into())
}

impl Codes {
    /// Anchors an index of the old codes of a lot's first `count` items.
    pub fn anchor(world: &mut World, issuer: &PartyKeys, lot: &Lot, count: u32) -> Self {
        let mut builder = IndexBuilder::new(old_codes()).unwrap();
        for index in 0..count {
            builder.add(&old_code(index), CodeTarget { lot: lot.id, index }).unwrap();
        }
        let built = builder.finish().unwrap();
        world.submit(Body::AnchorIndex(built.anchor()), issuer, &[]).unwrap();
        Self { namespace: old_codes(), built }
    }

    /// What an honest gateway answers about a code.
    pub fn answer(&self, world: &World, code: &str) -> StateAnswer {
        code_answer(world, self, &self.namespace, code)
    }

    /// The bundle of a code that leads to an item of the lot.
    pub fn bundle(&self, world: &World, code: &str, lot: &Lot, index: u32) -> Bundle {
        let code = self.answer(world, code).code;
        Bundle { code, ..lot.bundle(world, index) }
    }

    /// The bundle of a code that leads nowhere.
    pub fn nowhere(&self, world: &World, code: &str) -> Bundle {
        under_newest(world, self.answer(world, code))
    }
}

/// What a gateway answers about a code by the index of some namespace.
pub fn code_answer(
    world: &World,
    files: &dyn CodeFiles,
    namespace: &Namespace,
    code: &str,
) -> StateAnswer {
    let [a, b, c, ..] = code_key(code).0;
    let prefix = u32::from_be_bytes([0, a, b, c]);
    let query = encode(&CodeQuery { version: 1, namespace: namespace.clone(), prefix });
    let (height, state) = (world.height(), &world.states[&(world.height() - 1)]);
    decode(&answer(state, height, files, CODE_PATH, &query).unwrap()).unwrap()
}

/// An answer under the newest block.
pub fn under_newest(world: &World, answer: StateAnswer) -> Bundle {
    answer.into_bundle(world.ledger, world.blocks[&world.height()].clone(), None, None)
}

impl CodeFiles for Codes {
    fn codes(&self, root: &Hash32, bits: u8, prefix: u32) -> Option<CodesOfPrefix> {
        let map = self.built.map();
        if map.root() != *root || bits > MAX_PREFIX_BITS {
            return None;
        }
        let mut key = Hash32([0; 32]);
        key.0[..3].copy_from_slice(&prefix.to_be_bytes()[1..]);
        let proof = map.prove_prefix(bits, &key).ok()?;
        let targets = map.iter_prefix(bits, &key).map(|(_, to)| *to).collect();
        Some(CodesOfPrefix { proof, targets })
    }
}
