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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Blob;
    use crate::format::ids::LotId;
    use crate::format::record::Carrier;
    use crate::format::seal::TypedNumber;
    use crate::hash::Hash32;
    use alloc::vec::Vec;

    const UID: [u8; 7] = [4, 1, 2, 3, 4, 5, 6];

    fn tap(counter: u32) -> Tap {
        Tap { uid: UID, counter, tamper: *b"CC", code: [counter as u8; 8] }
    }

    fn record() -> ItemRecord {
        let salt = [9; 16];
        let codes: Vec<u8> = (1..=8).flat_map(|counter| tap_leaf(&salt, &tap(counter))).collect();
        ItemRecord {
            version: 1,
            commitment: Hash32([0; 32]),
            product: "Blue Reverie".into(),
            brand: None,
            gtin: None,
            serial: None,
            batch: None,
            category: "baijiu".into(),
            expires: None,
            carriers: alloc::vec![Carrier::NfcTap],
            fields: Vec::new(),
            private: None,
            taps: Some(TapCodes {
                uid: Blob(UID.to_vec()),
                salt: Blob(salt.to_vec()),
                codes: Blob(codes),
            }),
        }
    }

    fn judged(taps: &[Tap]) -> (Original, SealState) {
        let number = TypedNumber { lot: LotId([1; 8]), index: 0 };
        let mut claim = SealClaim::of_number(&number);
        claim.taps = taps.to_vec();
        original(&claim, &record())
    }

    const RECORD_ONLY: (Original, SealState) =
        (Original::RecordOnly { guessable: true }, SealState::Unknown);

    #[test]
    fn two_committed_taps_with_a_moving_counter_are_e3_and_intact() {
        assert_eq!(judged(&[tap(2), tap(3)]), (Original::TapCodes, SealState::Intact));
        assert_eq!(judged(&[tap(1), tap(6)]), (Original::TapCodes, SealState::Intact));
    }

    #[test]
    fn one_committed_tap_asks_for_another() {
        assert_eq!(judged(&[tap(2)]), (Original::OneTap, SealState::Unknown));
    }

    #[test]
    fn a_static_copy_never_moves_its_counter() {
        assert_eq!(judged(&[tap(2), tap(2)]), (Original::OneTap, SealState::Unknown));
        assert_eq!(judged(&[tap(3), tap(2)]).0, Original::OneTap);
    }

    #[test]
    fn a_counter_that_jumps_further_than_a_session_is_no_second_tap() {
        assert_eq!(judged(&[tap(1), tap(7)]).0, Original::OneTap);
    }

    #[test]
    fn a_code_that_is_not_committed_proves_nothing() {
        let forged = Tap { code: [0xee; 8], ..tap(2) };
        assert_eq!(judged(std::slice::from_ref(&forged)), RECORD_ONLY);
        assert_eq!(judged(&[forged, tap(3)]).0, Original::OneTap);
    }

    #[test]
    fn another_chip_proves_nothing() {
        let other = Tap { uid: [5; 7], ..tap(2) };
        assert_eq!(judged(&[other, tap(3)]), RECORD_ONLY);
    }

    #[test]
    fn a_counter_above_the_committed_ones_is_used_up_and_never_fake() {
        assert_eq!(judged(&[tap(8), tap(9)]), (Original::CodesUsedUp, SealState::Unknown));
    }

    #[test]
    fn a_tag_that_says_it_was_opened_is_believed() {
        let opened = |tamper| Tap { tamper, ..tap(3) };
        assert_eq!(judged(&[tap(2), opened(*b"OO")]).1, SealState::Opened);
        assert_eq!(judged(&[tap(2), opened(*b"OC")]).1, SealState::Reclosed);
    }

    #[test]
    fn a_tag_that_says_intact_without_a_committed_code_is_unknown() {
        let forged = Tap { code: [0xee; 8], ..tap(2) };
        assert_eq!(judged(&[forged]).1, SealState::Unknown);
    }
}
