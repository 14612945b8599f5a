//! A block's entries on a state: what becomes of each, and of the state and its validators.
//!
//! One execution serves proposing, judging a proposal, and finalising the block. Signatures are
//! verified once in the life of an entry at this node: what a key once signed it signed for good,
//! since the keys of a party are only ever added to.

use crate::state::{Applied, Refused, State};
use sealight_verify::codec;
use sealight_verify::format::entry::{Body, Entry};
use sealight_verify::format::governance::Validators;
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use sealight_verify::sign::KnownKeys;
use sealight_verify::time::Timestamp;
use std::cmp::Ordering;
use std::collections::{HashSet, VecDeque};

/// Most entries whose signatures are remembered as verified.
const REMEMBERED: usize = 200_000;

/// Where a block stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) height: u64,
    pub(super) time: Timestamp,
}

/// A block's entries taken in one after the other.
#[derive(Debug, Clone)]
pub(super) struct Executed {
    pub(super) moment: Moment,
    /// The state after the block.
    pub(super) state: State,
    /// What became of each entry, in order.
    pub(super) results: Vec<Result<Applied, Refused>>,
}

impl Executed {
    /// Whether every entry was taken in.
    pub(super) fn all_taken(&self) -> bool {
        self.results.iter().all(Result::is_ok)
    }
}

/// Entries of which every signature was verified here, by the hash of all of their bytes.
#[derive(Debug, Default)]
pub(super) struct Verified {
    known: HashSet<Hash32>,
    order: VecDeque<Hash32>,
    keys: KnownKeys,
}

impl Verified {
    /// Takes an entry in; its signatures are verified unless they were before.
    pub(super) fn apply(
        &mut self,
        state: &mut State,
        entry: &[u8],
        moment: Moment,
    ) -> Result<Applied, Refused> {
        let Moment { height, time } = moment;
        let hash = Sm3::hash(&[entry]);
        let verified = self.known.contains(&hash) || self.is_signed(state, entry);
        let applied = match verified {
            true => state.replay(entry, height, time),
            false => state.apply(entry, height, time),
        }?;
        self.remember(hash);
        Ok(applied)
    }

    /// Whether an entry of the kinds that come in masses is signed by its party, by the party's
    /// tables. It says nothing of any other rule; where it says no, the rules say why.
    fn is_signed(&mut self, state: &State, bytes: &[u8]) -> bool {
        let Ok(entry) = codec::decode::<Entry>(bytes) else { return false };
        let [own] = entry.signatures.as_slice() else { return false };
        let Ok(row) = state.party(&entry.party) else { return false };
        let mass = matches!(entry.body, Body::AppendEvent(_) | Body::ChangeLife(_));
        // What is out of turn is refused without a look at its signature.
        let due = row.party.next_sequence == entry.sequence && own.party == entry.party;
        let Some(key) = row.party.keys.get(usize::from(own.key)).filter(|_| mass && due) else {
            return false;
        };
        self.keys.verify(&key.key, &entry.signing_bytes(), &own.signature).is_ok()
    }

    fn remember(&mut self, hash: Hash32) {
        if self.known.insert(hash) {
            self.order.push_back(hash);
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

/// Takes a block's entries in; refused ones leave the state as it is.
pub(super) fn execute<'a>(
    base: &State,
    moment: Moment,
    entries: impl IntoIterator<Item = &'a [u8]>,
    verified: &mut Verified,
) -> Executed {
    let mut state = base.clone();
    let results =
        entries.into_iter().map(|entry| verified.apply(&mut state, entry, moment)).collect();
    Executed { moment, state, results }
}

/// Entries of a block being put together: those that are taken in one after the other and fit.
pub(super) fn select<'a>(
    base: &State,
    moment: Moment,
    entries: impl IntoIterator<Item = &'a [u8]>,
    mut room: usize,
    verified: &mut Verified,
) -> Vec<usize> {
    let mut state = base.clone();
    let mut selected = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        let Some(left) = room.checked_sub(wire_length(entry.len())) else { break };
        if verified.apply(&mut state, entry, moment).is_ok() {
            selected.push(at);
            room = left;
        }
    }
    selected
}

/// Bytes of an entry in a block: field tag, length as a varint, and itself.
fn wire_length(len: usize) -> usize {
    1 + (usize::BITS - len.max(1).leading_zeros()).div_ceil(7) as usize + len
}

/// What makes the engine's validators the new ones: each key once, no key that it does not know
/// taken out, no set left empty; anything else would halt every node.
pub(super) fn validator_updates(before: &Validators, after: &Validators) -> Vec<(Vec<u8>, u64)> {
    let (mut old, mut new) = (before.seats.iter().peekable(), after.seats.iter().peekable());
    let mut updates = Vec::new();
    // Both are in the order of their keys.
    loop {
        let order = match (old.peek(), new.peek()) {
            (Some(one), Some(other)) => one.key.cmp(&other.key),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => return updates,
        };
        let left = if order.is_le() { old.next() } else { None };
        let come = if order.is_ge() { new.next() } else { None };
        match (left, come) {
            (Some(seat), None) => updates.push((seat.key.to_vec(), 0)),
            (Some(seat), Some(now)) if seat.power == now.power => {}
            (_, Some(now)) => updates.push((now.key.to_vec(), now.power)),
            (None, None) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{seat, validators};

    fn applied(before: &Validators, updates: &[(Vec<u8>, u64)]) -> Vec<(Vec<u8>, u64)> {
        let mut seats: Vec<(Vec<u8>, u64)> =
            before.seats.iter().map(|seat| (seat.key.to_vec(), seat.power)).collect();
        for (key, power) in updates {
            let place = seats.iter().position(|seat| seat.0 == *key);
            match place {
                // The engine halts on a key taken out that it does not have.
                None => assert_ne!(*power, 0),
                Some(place) => _ = seats.remove(place),
            }
            if *power > 0 {
                seats.push((key.clone(), *power));
            }
        }
        seats.sort();
        seats
    }

    #[test]
    fn updates_lead_from_any_set_to_any_other_and_name_each_key_once() {
        let mut seed = 1u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % below
        };
        let mut draw = || {
            let mut seats: Vec<_> = (1..9).map(|n| seat(n, next(3))).collect();
            seats.retain(|seat| seat.power > 0);
            validators(seats)
        };
        for _ in 0..200 {
            let (before, after) = (draw(), draw());
            let updates = validator_updates(&before, &after);
            let keys: HashSet<_> = updates.iter().map(|(key, _)| key).collect();
            assert_eq!(keys.len(), updates.len());
            let wanted: Vec<_> =
                after.seats.iter().map(|seat| (seat.key.to_vec(), seat.power)).collect();
            assert_eq!(applied(&before, &updates), wanted);
        }
        let same = validators([seat(1, 10), seat(2, 10)]);
        assert!(validator_updates(&same, &same).is_empty());
    }

    #[test]
    fn an_entrys_length_in_a_block_counts_its_frame() {
        for (len, frame) in [(0, 2), (127, 2), (128, 3), (16_383, 3), (16_384, 4)] {
            assert_eq!(wire_length(len), len + frame);
        }
    }
}
