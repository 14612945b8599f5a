//! How many bytes the hash paths of one verdict take.

use super::{Claim, NotShown, Report, Run};
use sealight_verify::codec::Blob;
use sealight_verify::codec::encode;
use sealight_verify::format::bundle::{ItemPart, LifePart};
use sealight_verify::format::life::LEAF_ITEMS;
use sealight_verify::format::state::StateRoots;
use sealight_verify::hash::Hash32;
use sealight_verify::tree::Siblings;
use sealight_verify::tree::bucket::BUCKET;
use sealight_verify::tree::map::MapProof;
use sealight_verify::tree::multi::multi_path_len;

pub(super) const CLAIMS: &[Claim] = &[
    Claim {
        name: "proof-size",
        group: "numbers",
        about: "hash paths of one item, party included: 2.9 KB, 2.4 KB for an untouched lot (mean)",
        clock: false,
        run: Run::Here(one_item),
    },
    Claim {
        name: "slice-size",
        group: "numbers",
        about: "1,000 adjacent items cost at most 8 bytes an item beyond their records",
        clock: false,
        run: Run::Here(adjacent_items),
    },
];

const ITEMS: u64 = 1 << 20;
const LOTS: f64 = (1u64 << 30) as f64;
const PARTIES: f64 = (1u64 << 17) as f64;
const SAMPLES: u32 = 2_000;

fn one_item(report: &mut Report) -> Result<(), NotShown> {
    let mut draws = Draws(0x5ea1);
    let mut paths = 0;
    for _ in 0..SAMPLES {
        let party = map_proof(PARTIES, &mut draws);
        let lot = map_proof(LOTS, &mut draws);
        paths += encode(&party).len() + encode(&lot).len();
    }
    let maps = paths as f64 / f64::from(SAMPLES);
    let item = ItemPart { record: Blob(Vec::new()), path: siblings(path_len(ITEMS)) };
    let leaf = Blob(vec![1; LEAF_ITEMS as usize]);
    let life = LifePart { leaf, path: siblings(path_len(ITEMS.div_ceil(BUCKET))) };
    let untouched = maps + (encode(&item).len() + encode(&roots()).len()) as f64;
    let touched = untouched + encode(&life).len() as f64;
    report.figure("paths in the maps of 2^17 parties and 2^30 lots", maps, "B");
    report.at_most("one item of an untouched lot of 2^20", untouched, 2_400.0, "B")?;
    report.at_most("one item of a touched lot of 2^20", touched, 2_900.0, "B")
}

fn adjacent_items(report: &mut Report) -> Result<(), NotShown> {
    // The worst place: 1,000 items in the middle of the lot that touch 17 buckets.
    let first = ITEMS / 2 / BUCKET - 8;
    let buckets: Vec<u64> = (first..first + 1_000 / BUCKET + 2).collect();
    let count = ITEMS.div_ceil(BUCKET);
    let upper = multi_path_len(&buckets, count).map_err(NotShown::broken)?;
    let mut draws = Draws(0x5ea1);
    let maps =
        encode(&map_proof(PARTIES, &mut draws)).len() + encode(&map_proof(LOTS, &mut draws)).len();
    let paths = 2 * encode(&siblings(upper)).len();
    let lives = buckets.len() * encode(&Blob(vec![1; LEAF_ITEMS as usize])).len();
    let shared = (maps + paths + lives + encode(&roots()).len()) as f64;
    report.figure("siblings above the buckets", upper as f64, "");
    report.at_most("an item, beyond its record", shared / 1_000.0, 8.0, "B")
}

/// Length of an RFC 9162 path in a full tree.
fn path_len(leaves: u64) -> usize {
    leaves.ilog2() as usize
}

fn siblings(count: usize) -> Siblings {
    vec![Hash32([7; 32]); count].into()
}

fn roots() -> StateRoots {
    let hash = Hash32([7; 32]);
    StateRoots {
        log_size: LOTS as u64,
        log_root: hash,
        parties: hash,
        lots: hash,
        indexes: hash,
        governance: hash,
    }
}

/// A membership proof as a map of `keys` random keys would give it, its hashes made up: a sibling
/// at depth d is not empty when one of the other keys shares exactly d bits.
fn map_proof(keys: f64, draws: &mut Draws) -> MapProof {
    let mut levels: Vec<bool> =
        (0..64).map(|depth| draws.next() < 1.0 - (-keys / 2f64.powi(depth + 1)).exp()).collect();
    levels.truncate(levels.iter().rposition(|full| *full).map_or(0, |last| last + 1));
    let mut bitmap = vec![0u8; levels.len().div_ceil(8)];
    for (at, _) in levels.iter().enumerate().filter(|(_, full)| **full) {
        bitmap[at / 8] |= 0x80 >> (at % 8);
    }
    let full = levels.iter().filter(|full| **full).count();
    MapProof { bitmap: Blob(bitmap), siblings: siblings(full), other: None }
}

/// Even numbers in 0..1, the same in every run (splitmix64).
struct Draws(u64);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}
