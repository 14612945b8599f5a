//! What a pack says that it has, and what it has: each file once, none left out.

use super::PackFault;
use sealight_verify::codec::encode;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::pack::{LotList, PackHead, Place};
use sealight_verify::format::state::MapDomain;
use sealight_verify::hash::Hash32;
use std::collections::BTreeSet;

/// Most files beside those of lots and indexes: lots, blocks, trust files.
const MAX_APART: usize = 1 << 20;

/// The files that came, as far as it takes to see a second one and one that is missing.
#[derive(Default)]
pub(super) struct Listed {
    /// Files that stand for themselves.
    apart: BTreeSet<Place>,
    /// The last files of a lot or an index, which come in rising order.
    life: Option<Place>,
    bucket: Option<Place>,
    codes: Option<Place>,
    /// What the pack lists, where it lists everything of the ledger.
    lots: Option<Vec<LotId>>,
    indexes: Vec<Hash32>,
}

impl Listed {
    /// Accepts that a file comes now.
    pub(super) fn once(&mut self, place: &Place) -> Result<(), PackFault> {
        let last = match place {
            Place::Life(..) => &mut self.life,
            Place::Bucket(..) => &mut self.bucket,
            Place::Codes(..) => &mut self.codes,
            _ => return self.alone(place),
        };
        let rises = last.as_ref().is_none_or(|last| !is_of_one(last, place) || last < place);
        *last = Some(place.clone());
        if rises { Ok(()) } else { Err(PackFault::Twice) }
    }

    fn alone(&mut self, place: &Place) -> Result<(), PackFault> {
        if self.apart.contains(place) {
            return Err(PackFault::Twice);
        }
        if self.apart.len() >= MAX_APART {
            return Err(PackFault::TooMany { limit: MAX_APART });
        }
        self.apart.insert(place.clone());
        Ok(())
    }

    /// What its head lists.
    pub(super) fn head(&mut self, head: &PackHead) {
        let key = |space| MapDomain::INDEXES.key(&encode(space));
        self.indexes = head.indexes.iter().map(key).collect();
    }

    /// All lots of the ledger.
    pub(super) fn lots(&mut self, list: LotList) {
        self.lots = Some(list.lots);
    }

    /// How many files that it lists did not come: its head, and all lots and indexes where it is a
    /// pack of everything at a height.
    pub(super) fn missing(&self, height: u64) -> u64 {
        let lacks = |place: Place| !self.apart.contains(&place);
        let mut missing = u64::from(lacks(Place::Head));
        if let Some(lots) = &self.lots {
            let lots = lots.iter().filter(|lot| lacks(Place::Lot(height, **lot)));
            let indexes = self.indexes.iter().filter(|key| lacks(Place::Index(height, **key)));
            missing += (lots.count() + indexes.count()) as u64;
        }
        missing
    }
}

/// Whether two files are of one lot or index.
fn is_of_one(one: &Place, other: &Place) -> bool {
    match (one, other) {
        (Place::Life(lot, root, _), Place::Life(of, at, _)) => (lot, root) == (of, at),
        (Place::Bucket(root, _), Place::Bucket(at, _)) => root == at,
        (Place::Codes(root, bits, _), Place::Codes(at, of, _)) => (root, bits) == (at, of),
        _ => false,
    }
}
