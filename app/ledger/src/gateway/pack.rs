//! Files of a pack, made as they are asked for: for each place the bytes that `sealight export`
//! writes there, so that a cache before a node is as good as an exported site.

use super::source::Source;
use sealight_verify::codec::{self, encode};
use sealight_verify::format::answer::{
    CHANGES_PATH, CODE_PATH, CodeQuery, INDEXES_PATH, LOT_PATH, LOTS_PATH, RECALLS_PATH,
    StateAnswer, decode_changes, decode_indexes,
};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::pack::{LifeFile, PackHead, Place, lot_file};
use sealight_verify::format::state::MapDomain;
use sealight_verify::hash::Hash32;
use sealight_verify::trust::{SignedTrustFile, TrustFile};

/// Blocks back to which a life root is looked for: who asks read the head a moment ago.
const LIFE_HEIGHTS: u64 = 16;

/// The file at a place that is not served elsewhere; none where there is none.
pub(super) fn file(ledger: &dyn Source, place: &Place) -> Option<Vec<u8>> {
    match place {
        Place::Head => head(ledger).map(|head| encode(&head)),
        Place::Block(height) => ledger.block(Some(*height)).map(|block| encode(&block)),
        Place::Recalls(height) => at(ledger, RECALLS_PATH, &0u64.to_be_bytes(), *height),
        Place::Lots(height) => at(ledger, LOTS_PATH, &[], *height),
        Place::Index(height, key) => index(ledger, *height, key),
        Place::Lot(height, lot) => {
            let answer = state(ledger, LOT_PATH, &lot_data(lot, 0), *height)?;
            Some(encode(&lot_file(answer)))
        }
        Place::Life(lot, root, bucket) => life(ledger, lot, root, *bucket),
        Place::Trust(_)
        | Place::Checkpoint(_)
        | Place::Words(_)
        | Place::Codes(..)
        | Place::Bucket(..)
        | Place::Picture(_) => None,
    }
}

fn head(ledger: &dyn Source) -> Option<PackHead> {
    let height = ledger.block(None)?.height();
    let changes = at(ledger, CHANGES_PATH, &0u64.to_be_bytes(), height)?;
    let indexes = at(ledger, INDEXES_PATH, &[], height)?;
    Some(PackHead {
        version: 1,
        ledger: ledger.ledger(),
        height,
        trust: ledger.trust(None).ok().flatten().and_then(|signed| serial_of(&signed)).unwrap_or(0),
        changes: decode_changes(&changes).ok()?,
        indexes: decode_indexes(&indexes).ok()?,
    })
}

/// Serial of a signed trust file.
fn serial_of(signed: &[u8]) -> Option<u64> {
    let signed: SignedTrustFile = codec::decode(signed).ok()?;
    Some(codec::decode::<TrustFile>(&signed.body).ok()?.serial)
}

fn index(ledger: &dyn Source, height: u64, key: &Hash32) -> Option<Vec<u8>> {
    let named = decode_indexes(&at(ledger, INDEXES_PATH, &[], height)?).ok()?;
    let is_named = |space: &Namespace| MapDomain::INDEXES.key(&encode(space)) == *key;
    let namespace = named.into_iter().find(is_named)?;
    let query = encode(&CodeQuery { version: 1, namespace, prefix: 0 });
    let mut answer = state(ledger, CODE_PATH, &query, height)?;
    let code = answer.code.as_mut()?;
    (code.bucket, code.targets) = (None, Vec::new());
    Some(encode(&answer))
}

/// The life of a bucket, of the newest state in which the lot has that life root.
fn life(ledger: &dyn Source, lot: &LotId, root: &Hash32, bucket: u32) -> Option<Vec<u8>> {
    let newest = ledger.block(None)?.height();
    let data = lot_data(lot, bucket);
    for height in (newest.saturating_sub(LIFE_HEIGHTS).max(1)..=newest).rev() {
        let answer = state(ledger, LOT_PATH, &data, height)?;
        if answer.claimed_lot()?.life_root == *root {
            let life = answer.lot?.life?;
            return Some(encode(&LifeFile { version: 1, life }));
        }
    }
    None
}

fn lot_data(lot: &LotId, bucket: u32) -> Vec<u8> {
    [&lot.0[..], &bucket.to_be_bytes()].concat()
}

fn state(ledger: &dyn Source, path: &str, data: &[u8], height: u64) -> Option<StateAnswer> {
    codec::decode(&at(ledger, path, data, height)?).ok()
}

fn at(ledger: &dyn Source, path: &str, data: &[u8], height: u64) -> Option<Vec<u8>> {
    ledger.answer(path, data, height.max(1)).map(|(_, bytes)| bytes)
}
