//! Slices of a lot, as an issuer's or exporter's tool cuts them.

use super::item::{Lot, state_answer};
use super::world::World;
use sealight_verify::codec::{Blob, decode};
use sealight_verify::format::answer::Bucket;
use sealight_verify::format::life;
use sealight_verify::format::lot::BUCKET_ITEMS;
use sealight_verify::format::record;
use sealight_verify::format::slice::LotSlice;
use sealight_verify::hash::{Hash32, Sm3};
use sealight_verify::tree::build::Log;
use sealight_verify::tree::multi::multi_path;

/// Adjacent whole buckets of a lot under the newest block.
pub fn slice(world: &World, lot: &Lot, first: u32, buckets: u32) -> LotSlice {
    let height = world.height();
    let mut answer = state_answer(world, height, &lot.id, first);
    let mut part = answer.lot.take().unwrap();
    let touched = part.life.take().is_some();
    let (all, size) = (records(lot), lot.whole.lot.size());
    let leaves = all.iter().map(|bytes| record::leaf(bytes));
    let numbers: Vec<u64> = (u64::from(first)..u64::from(first + buckets)).collect();
    let upper = Log::<Sm3>::from_leaves(leaves).bucket_multi_path(&numbers, u64::from(size));
    let start = (first * BUCKET_ITEMS) as usize;
    let end = all.len().min(((first + buckets) * BUCKET_ITEMS) as usize);
    let (life, life_upper) = if touched { lives(world, lot, &numbers) } else { Default::default() };
    LotSlice {
        version: 1,
        ledger: world.ledger,
        block: world.blocks[&height].clone(),
        roots: answer.roots,
        lot: part,
        parties: answer.parties,
        first,
        records: all[start..end].to_vec(),
        upper: upper.unwrap().into(),
        life,
        life_upper: life_upper.into(),
    }
}

fn records(lot: &Lot) -> Vec<Blob> {
    let files = lot.whole.buckets.iter();
    files.flat_map(|file| decode::<Bucket>(file).unwrap().records).collect()
}

fn lives(world: &World, lot: &Lot, numbers: &[u64]) -> (Vec<Blob>, Vec<Hash32>) {
    let state = &world.states[&(world.height() - 1)];
    let tree = &state.lot(&lot.id).unwrap().life;
    let leaf = |at: u64| Blob(tree.prove(at).unwrap().0.to_vec());
    let count = life::leaf_count(tree.size());
    let hashes: Vec<Hash32> = (0..count).map(|at| life::leaf(&leaf(at))).collect();
    let upper = multi_path::<Sm3>(&hashes, numbers).unwrap();
    (numbers.iter().map(|at| leaf(*at)).collect(), upper)
}
