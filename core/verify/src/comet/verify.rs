//! One step from a trusted header to another.

use super::block::LightBlock;
use super::error::CometError;
use super::rules;
use super::suite::CometSuite;
use super::validators::ValidatorSet;
use crate::hash::Hash32;
use crate::time::{Seconds, Timestamp};
use core::fmt;

/// A share of power that must be passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Threshold {
    /// More than one third.
    OneThird,
    /// More than two thirds.
    TwoThirds,
}

impl Threshold {
    /// Whether `part` of `total` is more than the share; totals are at most `MAX_TOTAL_POWER`.
    pub fn passed(self, part: u64, total: u64) -> bool {
        let times = match self {
            Self::OneThird => 1,
            Self::TwoThirds => 2,
        };
        3 * u128::from(part) > times * u128::from(total)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OneThird => "1/3",
            Self::TwoThirds => "2/3",
        })
    }
}

/// A trusted header as far as a step needs it.
#[derive(Debug, Clone, Copy)]
pub struct Anchor<'a> {
    /// Name of the chain.
    pub chain_id: &'a str,
    /// Height.
    pub height: u64,
    /// Time.
    pub time: Timestamp,
    /// The set that signs the next header, by hash.
    pub next_validators_hash: Hash32,
    /// That set, where it is known; its hash is compared here.
    pub next_validators: Option<&'a ValidatorSet>,
}

/// What a step may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a trusted header can be stepped from.
    pub trusting: Seconds,
    /// The moment against which the trusting period is measured.
    pub measured_at: Timestamp,
    /// The present for the rule against headers from the future; `None` lets it rest.
    pub now: Option<Timestamp>,
    /// How far headers may lie in the future.
    pub drift: Seconds,
    /// How much of the trusted set must have signed where the step skips headers.
    pub threshold: Threshold,
}

/// What a step rested on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The trusted header names the very set that signed; more than two thirds of it did.
    SameSet,
    /// Part of the trusted set signed, past this share of its power.
    Overlap {
        /// The largest share that was passed.
        passed: Threshold,
    },
}

/// A header that a step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stepped {
    /// The header's hash.
    pub hash: Hash32,
    /// What the step rested on.
    pub step: Step,
}

/// Accepts a light block from a trusted header.
///
/// Cheap rules come first, then who is said to have signed, then signatures: those of the trusted
/// set before all others. Every signature present must hold.
///
/// # Errors
/// The first rule that it breaks; see [`CometError`].
pub fn verify<S: CometSuite>(
    block: &LightBlock,
    anchor: &Anchor<'_>,
    limits: &Limits,
) -> Result<Stepped, CometError> {
    let LightBlock { header, commit, validators, .. } = block;
    rules::bounds(header)?;
    rules::chain_id(header, anchor.chain_id)?;
    rules::height_order(header, anchor.height)?;
    rules::time_order(header, anchor.time)?;
    if let Some(now) = limits.now {
        rules::not_from_future(header, now, limits.drift)?;
    }
    rules::within_trusting_period(anchor.time, limits.measured_at, limits.trusting)?;
    rules::commit_size(commit, validators)?;
    rules::validators_hash::<S>(header, validators)?;
    let (step, first) = trusted_part::<S>(block, anchor, limits.threshold)?;
    rules::own_quorum(commit, validators)?;
    let hash = header.hash::<S>();
    rules::signatures::<S>(commit, header, hash, validators, &first)?;
    Ok(Stepped { hash, step })
}

/// Verifies a light block whose header is trusted already: its set, and every signature. Gives the
/// header's hash; that it is the trusted one is for the caller to compare.
///
/// # Errors
/// The first rule that the block breaks by itself: [`CometError::Bounds`], [`CometError::Round`],
/// [`CometError::CommitSize`], [`CometError::ValidatorsHash`], [`CometError::NotEnoughSigned`],
/// [`CometError::BadSignature`].
pub fn verify_known<S: CometSuite>(block: &LightBlock) -> Result<Hash32, CometError> {
    let LightBlock { header, commit, validators, .. } = block;
    rules::bounds(header)?;
    rules::commit_size(commit, validators)?;
    rules::validators_hash::<S>(header, validators)?;
    rules::own_quorum(commit, validators)?;
    let hash = header.hash::<S>();
    rules::signatures::<S>(commit, header, hash, validators, &[])?;
    Ok(hash)
}

/// How the step is tied to the trusted set, and the slots of that set.
fn trusted_part<S: CometSuite>(
    block: &LightBlock,
    anchor: &Anchor<'_>,
    threshold: Threshold,
) -> Result<(Step, alloc::vec::Vec<usize>), CometError> {
    let announced = anchor.next_validators_hash;
    if block.header.height == anchor.height + 1 {
        rules::adjacent(&block.header, announced)?;
    }
    if block.header.validators_hash == announced {
        return Ok((Step::SameSet, alloc::vec::Vec::new()));
    }
    let trusted =
        anchor.next_validators.ok_or(CometError::TrustedSetUnknown { hash: announced })?;
    rules::next_validators_hash::<S>(announced, trusted)?;
    let overlap = rules::overlap(&block.commit, &block.validators, trusted, threshold)?;
    let passed = if Threshold::TwoThirds.passed(overlap.signed, overlap.total) {
        Threshold::TwoThirds
    } else {
        Threshold::OneThird
    };
    Ok((Step::Overlap { passed }, overlap.slots))
}
