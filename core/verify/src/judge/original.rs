//! Whether the tag is the one that the issuer made, as far as its codes say.

use super::claim::{Named, SealClaim, Shown, Tap};
use super::verdict::{Original, SealState};
use crate::format::record::{ItemRecord, TapCodes};
use crate::hash::{tagged, tags};

/// Most that the counter may move between two taps of one session.
const MAX_STEP: u32 = 5;

/// Judges taps against the codes that the record commits.
///
/// E3 needs two taps with the record's UID, a counter strictly up by 1 to 5, and both codes
/// committed: no static copy can do that. Only codes of the intact state are committed, so a
/// right code also says that the seal is whole. A tag that says itself that it was opened is
/// believed.
pub(super) fn original(claim: &SealClaim, record: &ItemRecord) -> (Original, SealState) {
    let guessable = match &claim.names {
        Named::Item(name) => matches!(name.shown, Shown::Nothing),
        Named::Code(_) => true,
    };
    let record_only = (Original::RecordOnly { guessable }, SealState::Unknown);
    let (Some(codes), Some(last)) = (&record.taps, claim.taps.last()) else {
        return record_only;
    };
    if !claim.taps.iter().all(|tap| tap.uid[..] == codes.uid[..]) {
        return record_only;
    }
    match &last.tamper {
        b"OO" => return (record_only.0, SealState::Opened),
        b"OC" => return (record_only.0, SealState::Reclosed),
        _ => {}
    }
    if u64::from(last.counter) > (codes.codes.len() / 8) as u64 {
        return (Original::CodesUsedUp, SealState::Unknown);
    }
    if !is_committed(codes, last) {
        return record_only;
    }
    let moved = claim.taps.iter().rev().skip(1).any(|earlier| {
        let step = last.counter.checked_sub(earlier.counter);
        step.is_some_and(|step| (1..=MAX_STEP).contains(&step)) && is_committed(codes, earlier)
    });
    let original = if moved { Original::TapCodes } else { Original::OneTap };
    (original, if moved { SealState::Intact } else { SealState::Unknown })
}

/// Whether a tap's code is the one that the record commits for its counter.
fn is_committed(codes: &TapCodes, tap: &Tap) -> bool {
    let Some(at) = tap.counter.checked_sub(1).and_then(|n| usize::try_from(n).ok()) else {
        return false;
    };
    codes.codes.chunks_exact(8).nth(at).is_some_and(|code| code == tap_leaf(&codes.salt, tap))
}

/// First 8 bytes of SM3(tag, salt, counter, tamper state, code): what a record commits.
pub fn tap_leaf(salt: &[u8], tap: &Tap) -> [u8; 8] {
    let hash = tagged(&tags::TAP, &[salt, &tap.counter.to_be_bytes(), &tap.tamper, &tap.code]);
    core::array::from_fn(|i| hash.0[i])
}
