use super::header::HeaderBounds;
use super::verify::Threshold;
use crate::hash::Hash32;
use crate::sign::SignatureError;
use crate::time::{Seconds, Timestamp};
use alloc::string::String;
use core::fmt;

/// Why a header is not accepted from a trusted one; one variant for each rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CometError {
    /// A field of the header is outside its bounds.
    Bounds(HeaderBounds),
    /// A header of another chain.
    ChainId {
        /// The trusted chain's name.
        expected: String,
        /// The header's.
        got: String,
    },
    /// The header is not above the trusted one.
    HeightOrder {
        /// Height of the trusted header.
        trusted: u64,
        /// Height of the header.
        got: u64,
    },
    /// The header's time is not after the trusted one's.
    TimeOrder {
        /// Time of the trusted header.
        trusted: Timestamp,
        /// Time of the header.
        got: Timestamp,
    },
    /// The header's time lies further in the future than the drift allows.
    FromFuture {
        /// The present.
        now: Timestamp,
        /// Time of the header.
        got: Timestamp,
    },
    /// The trusted header is older than the trusting period.
    TrustExpired {
        /// Time of the trusted header.
        trusted: Timestamp,
        /// The moment that it was measured against.
        at: Timestamp,
        /// The period.
        period: Seconds,
    },
    /// The validators are not the ones that the header names.
    ValidatorsHash {
        /// In the header.
        expected: Hash32,
        /// Of the validators.
        got: Hash32,
    },
    /// The next validators are not the ones that the trusted header names.
    NextValidatorsHash {
        /// In the trusted header.
        expected: Hash32,
        /// Of the validators.
        got: Hash32,
    },
    /// The commit has not one slot for each validator.
    CommitSize {
        /// Validators of the set.
        expected: usize,
        /// Slots of the commit.
        got: usize,
    },
    /// A round above the largest signed number.
    Round {
        /// The round.
        got: u32,
    },
    /// The next header's set is not the one that the trusted header announced.
    NotAdjacent {
        /// Announced.
        expected: Hash32,
        /// In the header.
        got: Hash32,
    },
    /// The trusted set must be known for this skip and is not.
    TrustedSetUnknown {
        /// Its hash.
        hash: Hash32,
    },
    /// Too little of the trusted set signed: a header between is needed.
    NotEnoughTrust {
        /// Power of the trusted set that signed.
        signed: u64,
        /// All power of the trusted set.
        total: u64,
        /// How much must be passed.
        threshold: Threshold,
    },
    /// Two thirds of the header's own set, or less, signed.
    NotEnoughSigned {
        /// Power that signed.
        signed: u64,
        /// All power.
        total: u64,
    },
    /// A signature in the commit does not hold.
    BadSignature {
        /// Slot.
        at: usize,
        /// What is wrong with it.
        error: SignatureError,
    },
}

impl fmt::Display for CometError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bounds(bounds) => write!(f, "a header field is out of bounds: {bounds}"),
            Self::ChainId { expected, got } => {
                write!(f, "a header of chain {got:?}, expected {expected:?}")
            }
            Self::HeightOrder { trusted, got } => {
                write!(f, "height {got} is not above the trusted height {trusted}")
            }
            Self::TimeOrder { trusted, got } => {
                write!(f, "time {got} is not after the trusted header's {trusted}")
            }
            Self::FromFuture { now, got } => {
                write!(f, "a header from the future: {got}, and it is {now}")
            }
            Self::TrustExpired { trusted, at, period } => {
                write!(f, "trust from {trusted} is older than {period} at {at}")
            }
            Self::ValidatorsHash { expected, got } => {
                write!(f, "validators {got}, the header names {expected}")
            }
            Self::NextValidatorsHash { expected, got } => {
                write!(f, "next validators {got}, the trusted header names {expected}")
            }
            Self::CommitSize { expected, got } => {
                write!(f, "a commit with {got} slots for {expected} validators")
            }
            Self::Round { got } => write!(f, "round {got} is out of bounds"),
            Self::NotAdjacent { expected, got } => {
                write!(f, "the next header is signed by set {got}, announced was {expected}")
            }
            Self::TrustedSetUnknown { hash } => {
                write!(f, "the trusted validator set {hash} is not known")
            }
            Self::NotEnoughTrust { signed, total, threshold } => write!(
                f,
                "{signed} of {total} of the trusted power signed, more than {threshold} is needed"
            ),
            Self::NotEnoughSigned { signed, total } => {
                write!(f, "{signed} of {total} of the power signed, more than 2/3 is needed")
            }
            Self::BadSignature { at, error } => write!(f, "signature {at}: {error}"),
        }
    }
}

impl core::error::Error for CometError {}
