//! Volumes against a party's own past. Pages, names and keys: `tests/tests/follow.rs`, with a ledger.

use super::history::{History, Volume};
use crate::format::ids::PartyId;
use crate::time::Timestamp;

const DAY: i64 = 24 * 60 * 60;
const PARTY: PartyId = PartyId([1; 16]);

fn at(days: i64, hours: i64) -> Timestamp {
    Timestamp::from_unix_secs(1_800_000_000 + days * DAY + hours * 3600)
}

/// A party that anchors a lot a day for so many days.
fn daily(days: i64) -> History {
    let mut history = History::default();
    history.look(at(0, 0), None);
    for day in 1..=days {
        history.look(at(day, 1), Some(at(day - 1, 1)));
        assert!(history.lot(PARTY, 10, 5).is_empty());
    }
    history
}

#[test]
fn lots_of_a_first_look_have_no_times_and_are_not_many() {
    let mut history = History::default();
    history.look(at(0, 0), None);
    assert!((0..100).all(|_| history.lot(PARTY, 10, 5).is_empty()));
}

#[test]
fn many_lots_in_a_day_are_told_once_and_again_in_the_next_window() {
    let mut history = daily(6);
    let mut told = Vec::new();
    for hour in 2..20 {
        history.look(at(6, hour), Some(at(6, hour - 1)));
        told.extend(history.lot(PARTY, 10, 5));
    }
    assert!(matches!(told[..], [Volume::Many { lots: 6..=8, .. }]), "{told:?}");
    history.look(at(8, 0), Some(at(7, 0)));
    let again: Vec<_> = (0..100).flat_map(|_| history.lot(PARTY, 10, 5)).collect();
    assert_eq!(again.len(), 1);
}

#[test]
fn lots_after_a_long_silence_are_held_against_all_of_it() {
    let mut history = daily(6);
    // Ten days unread: ten lots in one look are what the party usually anchors.
    history.look(at(16, 1), Some(at(6, 1)));
    assert!((0..10).all(|_| history.lot(PARTY, 10, 5).is_empty()));
}

#[test]
fn a_party_without_a_past_of_three_days_is_not_held_against_it() {
    let mut history = daily(2);
    assert!((0..100).all(|_| history.lot(PARTY, 10, 5).is_empty()));
}
