//! The rules that a header obeys: one function and one error each.

use super::commit::{Commit, Slot};
use super::error::CometError;
use super::header::Header;
use super::suite::CometSuite;
use super::validators::ValidatorSet;
use super::verify::Threshold;
use crate::codec::Blob;
use crate::hash::Hash32;
use crate::time::{Seconds, Timestamp};
use alloc::collections::BTreeMap;

/// Fields stay in their bounds.
pub(super) fn bounds(header: &Header) -> Result<(), CometError> {
    header.bounds().map_err(CometError::Bounds)
}

/// The header belongs to the trusted chain.
pub(super) fn chain_id(header: &Header, expected: &str) -> Result<(), CometError> {
    if header.chain_id == expected {
        return Ok(());
    }
    Err(CometError::ChainId { expected: expected.into(), got: header.chain_id.clone() })
}

/// Heights only rise.
pub(super) fn height_order(header: &Header, trusted: u64) -> Result<(), CometError> {
    if header.height > trusted {
        return Ok(());
    }
    Err(CometError::HeightOrder { trusted, got: header.height })
}

/// Time only rises with height.
pub(super) fn time_order(header: &Header, trusted: Timestamp) -> Result<(), CometError> {
    if header.time > trusted {
        return Ok(());
    }
    Err(CometError::TimeOrder { trusted, got: header.time })
}

/// A header lies less than the drift in the future.
pub(super) fn not_from_future(
    header: &Header,
    now: Timestamp,
    drift: Seconds,
) -> Result<(), CometError> {
    if header.time < now.saturating_add(drift) {
        return Ok(());
    }
    Err(CometError::FromFuture { now, got: header.time })
}

/// Trust lasts for less than the trusting period.
pub(super) fn within_trusting_period(
    trusted: Timestamp,
    at: Timestamp,
    period: Seconds,
) -> Result<(), CometError> {
    if trusted.saturating_add(period) > at {
        return Ok(());
    }
    Err(CometError::TrustExpired { trusted, at, period })
}

/// The validators are the ones that the header names.
pub(super) fn validators_hash<S: CometSuite>(
    header: &Header,
    validators: &ValidatorSet,
) -> Result<(), CometError> {
    let (expected, got) = (header.validators_hash, validators.hash::<S>());
    if expected == got { Ok(()) } else { Err(CometError::ValidatorsHash { expected, got }) }
}

/// The set that is said to follow a trusted header is the one that it names.
///
/// # Errors
/// [`CometError::NextValidatorsHash`] where it is another set.
pub fn next_validators_hash<S: CometSuite>(
    expected: Hash32,
    next: &ValidatorSet,
) -> Result<(), CometError> {
    let got = next.hash::<S>();
    if expected == got { Ok(()) } else { Err(CometError::NextValidatorsHash { expected, got }) }
}

/// One slot for each validator, and a round that exists.
pub(super) fn commit_size(commit: &Commit, validators: &ValidatorSet) -> Result<(), CometError> {
    if i32::try_from(commit.round).is_err() {
        return Err(CometError::Round { got: commit.round });
    }
    let (expected, got) = (validators.validators().len(), commit.slots.len());
    if expected == got { Ok(()) } else { Err(CometError::CommitSize { expected, got }) }
}

/// The very next header is signed by the set that the trusted one announced.
pub(super) fn adjacent(header: &Header, announced: Hash32) -> Result<(), CometError> {
    if header.validators_hash == announced {
        return Ok(());
    }
    Err(CometError::NotAdjacent { expected: announced, got: header.validators_hash })
}

/// More than the threshold of the trusted set signed; which slots are of that set.
///
/// Only counts who is said to have signed, so it costs no signature; the signatures follow.
pub(super) fn overlap(
    commit: &Commit,
    validators: &ValidatorSet,
    trusted: &ValidatorSet,
    threshold: Threshold,
) -> Result<Overlap, CometError> {
    let powers: BTreeMap<&Blob, u64> =
        trusted.validators().iter().map(|validator| (&validator.key, validator.power)).collect();
    let mut overlap =
        Overlap { signed: 0, total: trusted.total_power(), slots: Default::default() };
    for (at, (slot, validator)) in commit.slots.iter().zip(validators.validators()).enumerate() {
        if let (Slot::Commit { .. }, Some(power)) = (slot, powers.get(&validator.key)) {
            overlap.signed += power;
            overlap.slots.push(at);
        }
    }
    let Overlap { signed, total, .. } = overlap;
    if threshold.passed(signed, total) {
        return Ok(overlap);
    }
    Err(CometError::NotEnoughTrust { signed, total, threshold })
}

/// What of a trusted set signed a commit.
pub(super) struct Overlap {
    pub(super) signed: u64,
    pub(super) total: u64,
    pub(super) slots: alloc::vec::Vec<usize>,
}

/// More than two thirds of the header's own set signed it; votes for nil don't count.
pub(super) fn own_quorum(commit: &Commit, validators: &ValidatorSet) -> Result<(), CometError> {
    let signed = commit
        .slots
        .iter()
        .zip(validators.validators())
        .filter(|(slot, _)| matches!(slot, Slot::Commit { .. }))
        .map(|(_, validator)| validator.power)
        .sum();
    let total = validators.total_power();
    if Threshold::TwoThirds.passed(signed, total) {
        return Ok(());
    }
    Err(CometError::NotEnoughSigned { signed, total })
}

/// Every signature that is present holds, votes for nil included.
///
/// `first` are slots to begin with: those of the trusted set, which a forger cannot fill, so that
/// a forged commit of a large set costs one signature and not a thousand.
pub(super) fn signatures<S: CometSuite>(
    commit: &Commit,
    header: &Header,
    hash: Hash32,
    validators: &ValidatorSet,
    first: &[usize],
) -> Result<(), CometError> {
    let rest = (0..commit.slots.len()).filter(|at| first.binary_search(at).is_err());
    for at in first.iter().copied().chain(rest) {
        let (Some(slot), Some(validator)) = (commit.slots.get(at), validators.validators().get(at))
        else {
            continue;
        };
        let (Slot::Commit { signature, .. } | Slot::Nil { signature, .. }) = slot else {
            continue;
        };
        let Some(message) = commit.sign_bytes(slot, header, hash) else { continue };
        S::verify(&validator.key, &message, signature)
            .map_err(|error| CometError::BadSignature { at, error })?;
    }
    Ok(())
}
