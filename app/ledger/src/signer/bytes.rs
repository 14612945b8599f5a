//! The bytes that are signed: CometBFT v0.38, `types/canonical.go`, with their length in front.

use super::rules::{Place, Refusal, Step};
use prost::Message;
use tendermint_proto::google::protobuf::Timestamp;
use tendermint_proto::v0_38::types::{
    BlockId, CanonicalBlockId, CanonicalPartSetHeader, CanonicalProposal, CanonicalVote,
    CanonicalVoteExtension, Proposal, SignedMsgType, Vote,
};

/// What is to be signed.
pub(super) enum Request<'a> {
    Vote(&'a Vote),
    Proposal(&'a Proposal),
}

impl Request<'_> {
    pub(super) fn place(&self) -> Result<Place, Refusal> {
        let (height, round, step) = match self {
            Self::Vote(vote) => (vote.height, vote.round, vote_step(vote)?),
            Self::Proposal(proposal) => (proposal.height, proposal.round, Step::Propose),
        };
        if height < 1 {
            return Err(Refusal::Malformed { what: "a height below 1" });
        }
        if round < 0 {
            return Err(Refusal::Malformed { what: "a round below 0" });
        }
        Ok(Place { height, round, step })
    }

    pub(super) fn sign_bytes(&self, chain: &str) -> Result<Vec<u8>, Refusal> {
        Ok(match self {
            Self::Vote(vote) => CanonicalVote {
                r#type: vote.r#type,
                height: vote.height,
                round: vote.round.into(),
                block_id: canonical(vote.block_id.as_ref())?,
                timestamp: Some(vote.timestamp.unwrap_or_default()),
                chain_id: chain.into(),
            }
            .encode_length_delimited_to_vec(),
            Self::Proposal(proposal) => CanonicalProposal {
                r#type: SignedMsgType::Proposal as i32,
                height: proposal.height,
                round: proposal.round.into(),
                pol_round: proposal.pol_round.into(),
                block_id: canonical(proposal.block_id.as_ref())?,
                timestamp: Some(proposal.timestamp.unwrap_or_default()),
                chain_id: chain.into(),
            }
            .encode_length_delimited_to_vec(),
        })
    }
}

/// The bytes of a precommit's extension, also of an empty one; none for other votes.
///
/// # Errors
/// [`Refusal::Extension`] for an extension of what is no precommit for a block.
pub(super) fn extension_bytes(chain: &str, vote: &Vote) -> Result<Option<Vec<u8>>, Refusal> {
    let for_a_block = canonical(vote.block_id.as_ref())?.is_some();
    if !for_a_block || vote_step(vote)? != Step::Precommit {
        return if vote.extension.is_empty() { Ok(None) } else { Err(Refusal::Extension) };
    }
    let extension = CanonicalVoteExtension {
        extension: vote.extension.clone(),
        height: vote.height,
        round: vote.round.into(),
        chain_id: chain.into(),
    };
    Ok(Some(extension.encode_length_delimited_to_vec()))
}

/// The time in `signed` if `asked` differs from it in nothing else.
pub(super) fn time_if_all_else_is_same(
    step: Step,
    signed: &[u8],
    asked: &[u8],
) -> Option<Timestamp> {
    let (time, signed, asked) = match step {
        Step::Propose => {
            let mut signed = CanonicalProposal::decode_length_delimited(signed).ok()?;
            let mut asked = CanonicalProposal::decode_length_delimited(asked).ok()?;
            asked.timestamp = None;
            (signed.timestamp.take()?, signed.encode_to_vec(), asked.encode_to_vec())
        }
        _ => {
            let mut signed = CanonicalVote::decode_length_delimited(signed).ok()?;
            let mut asked = CanonicalVote::decode_length_delimited(asked).ok()?;
            asked.timestamp = None;
            (signed.timestamp.take()?, signed.encode_to_vec(), asked.encode_to_vec())
        }
    };
    (signed == asked).then_some(time)
}

fn vote_step(vote: &Vote) -> Result<Step, Refusal> {
    match SignedMsgType::try_from(vote.r#type) {
        Ok(SignedMsgType::Prevote) => Ok(Step::Prevote),
        Ok(SignedMsgType::Precommit) => Ok(Step::Precommit),
        _ => Err(Refusal::Malformed { what: "a vote of no known type" }),
    }
}

/// None for no block: hash and parts are then empty.
fn canonical(id: Option<&BlockId>) -> Result<Option<CanonicalBlockId>, Refusal> {
    let Some(id) = id else { return Ok(None) };
    let parts = id.part_set_header.clone().unwrap_or_default();
    if ![0, 32].contains(&id.hash.len()) || ![0, 32].contains(&parts.hash.len()) {
        return Err(Refusal::Malformed { what: "a hash that has not 32 bytes" });
    }
    if id.hash.is_empty() && parts.hash.is_empty() && parts.total == 0 {
        return Ok(None);
    }
    let part_set_header = Some(CanonicalPartSetHeader { total: parts.total, hash: parts.hash });
    Ok(Some(CanonicalBlockId { hash: id.hash.clone(), part_set_header }))
}
