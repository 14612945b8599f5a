//! Bundles as a forger would alter them: real bytes, written to disk and verified from there.

use sealight_verify::codec::{self, CodecError};
use sealight_verify::comet::Slot;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::entry::Body;
use sealight_verify::format::ids::PartyId;

/// Changes one byte of the item's record where `text` stands in it; gives its place.
pub(super) fn one_byte(bundle: &[u8], text: &str) -> Option<(Vec<u8>, usize)> {
    let decoded: Bundle = codec::decode(bundle).ok()?;
    let record = decoded.lot?.item?.record;
    let record_at = find(bundle, &record)?;
    let at = record_at + find(&record, text.as_bytes())?;
    let mut altered = bundle.to_vec();
    *altered.get_mut(at)? ^= 1;
    Some((altered, at))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len().max(1)).position(|window| window == part)
}

/// The bundle with another lot's item and path in place of its own.
pub(super) fn other_proof(bundle: &[u8], other: &[u8]) -> Result<Vec<u8>, CodecError> {
    let (mut bundle, other): (Bundle, Bundle) = (codec::decode(bundle)?, codec::decode(other)?);
    if let (Some(lot), Some(other)) = (&mut bundle.lot, other.lot) {
        lot.item = other.item;
    }
    Ok(codec::encode(&bundle))
}

/// The bundle with the votes of the first `keep` validators and of nobody else.
pub(super) fn too_few(bundle: &[u8], keep: usize) -> Result<Vec<u8>, CodecError> {
    let mut bundle: Bundle = codec::decode(bundle)?;
    for slot in bundle.block.commit.slots.iter_mut().skip(keep) {
        *slot = Slot::Absent;
    }
    Ok(codec::encode(&bundle))
}

/// The bundle without the events that a party entered.
pub(super) fn withheld(bundle: &[u8], party: &PartyId) -> Result<Vec<u8>, CodecError> {
    let mut bundle: Bundle = codec::decode(bundle)?;
    if let Some(lot) = &mut bundle.lot {
        let theirs = |body: &Body| matches!(body, Body::AppendEvent(_));
        lot.events.retain(|part| part.entry.party != *party || !theirs(&part.entry.body));
    }
    Ok(codec::encode(&bundle))
}
