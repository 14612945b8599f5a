//! What may be signed after what. CometBFT v0.38, `privval/file.go`, `CheckHRS` and `signVote`.

use super::bytes;
use std::fmt;
use tendermint_proto::google::protobuf::Timestamp;

/// A step of a round, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Nothing yet.
    Start = 0,
    /// A proposal.
    Propose = 1,
    /// A first vote.
    Prevote = 2,
    /// A second vote.
    Precommit = 3,
}

impl Step {
    pub(super) fn of(number: u64) -> Option<Self> {
        let all = [Self::Start, Self::Propose, Self::Prevote, Self::Precommit];
        all.into_iter().find(|step| *step as u64 == number)
    }
}

/// A place in consensus: height, round and step, compared in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Height, 1 and above; 0 before the first.
    pub height: i64,
    /// Round.
    pub round: i32,
    /// Step.
    pub step: Step,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "height {} round {} {:?}", self.height, self.round, self.step)
    }
}

/// What was signed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) place: Place,
    /// What was signed, and how; none where only the place is known, after a reset.
    pub(super) signed: Option<(Vec<u8>, Vec<u8>)>,
}

/// How a request may be answered.
#[derive(Debug, PartialEq)]
pub(super) enum Admitted {
    /// With a new signature.
    New,
    /// With the one that was made for it, and for this time if it was another.
    Again { signature: Vec<u8>, time: Option<Timestamp> },
}

/// Why something is not signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Of another chain.
    Chain {
        /// The signer's chain.
        expected: String,
        /// The chain asked for.
        got: String,
    },
    /// A height below the last one.
    Height {
        /// Lowest height that can be signed.
        expected: i64,
        /// Height asked for.
        got: i64,
    },
    /// At the last height, a round below the last one.
    Round {
        /// Lowest round that can be signed.
        expected: i32,
        /// Round asked for.
        got: i32,
    },
    /// In the last round, a step before the last one.
    Step {
        /// First step that can be signed.
        expected: Step,
        /// Step asked for.
        got: Step,
    },
    /// Something else was signed for this place.
    Conflict {
        /// The place.
        at: Place,
    },
    /// The place was reached before, and what was signed there is not known.
    Unknown {
        /// The place.
        at: Place,
    },
    /// Neither a vote nor a proposal, or one that no engine makes.
    Malformed {
        /// What is wrong.
        what: &'static str,
    },
    /// An extension of what is no precommit for a block.
    Extension,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain { expected, got } => write!(f, "signs for chain {expected}, not {got:?}"),
            Self::Height { expected, got } => write!(f, "height {got}, lowest is {expected}"),
            Self::Round { expected, got } => write!(f, "round {got}, lowest is {expected}"),
            Self::Step { expected, got } => write!(f, "step {got:?}, lowest is {expected:?}"),
            Self::Conflict { at } => write!(f, "something else was signed at {at}"),
            Self::Unknown { at } => write!(f, "what was signed at {at} is not known"),
            Self::Malformed { what } => write!(f, "malformed: {what}"),
            Self::Extension => f.write_str("an extension of what is no precommit for a block"),
        }
    }
}

impl std::error::Error for Refusal {}

/// Decides on what is asked for at `place`.
///
/// # Errors
/// [`Refusal`]: a place before the last one, or other bytes at the same one.
pub(super) fn admit(last: &Last, place: Place, bytes: &[u8]) -> Result<Admitted, Refusal> {
    in_order(&last.place, &place)?;
    if place != last.place {
        return Ok(Admitted::New);
    }
    let Some((signed, signature)) = &last.signed else {
        return Err(Refusal::Unknown { at: place });
    };
    if signed == bytes {
        return Ok(Admitted::Again { signature: signature.clone(), time: None });
    }
    match bytes::time_if_all_else_is_same(place.step, signed, bytes) {
        Some(time) => Ok(Admitted::Again { signature: signature.clone(), time: Some(time) }),
        None => Err(Refusal::Conflict { at: place }),
    }
}

fn in_order(last: &Place, asked: &Place) -> Result<(), Refusal> {
    if asked.height < last.height {
        return Err(Refusal::Height { expected: last.height, got: asked.height });
    }
    if asked.height == last.height && asked.round < last.round {
        return Err(Refusal::Round { expected: last.round, got: asked.round });
    }
    if (asked.height, asked.round) == (last.height, last.round) && asked.step < last.step {
        return Err(Refusal::Step { expected: last.step, got: asked.step });
    }
    Ok(())
}
