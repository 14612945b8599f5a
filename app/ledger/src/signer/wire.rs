//! Messages of the engine and answers. CometBFT v0.38, `privval/signer_endpoint.go` and
//! `signer_requestHandler.go`.

use super::bytes::{self, Request};
use super::rules::Refusal;
use super::{SignError, Signed, Signer, SignerError};
use prost::Message as _;
use std::fmt;
use std::io::{self, Read, Write};
use tendermint_proto::v0_38::crypto::{PublicKey, public_key};
use tendermint_proto::v0_38::privval::message::Sum;
use tendermint_proto::v0_38::privval::{
    Message, PingResponse, PubKeyRequest, PubKeyResponse, RemoteSignerError, SignProposalRequest,
    SignVoteRequest, SignedProposalResponse, SignedVoteResponse,
};

/// Most bytes of a message, as the engine's own end has it.
const MAX_MESSAGE: u64 = 10 * 1024;

/// Why no message could be read.
#[derive(Debug)]
pub(super) enum WireError {
    /// The other side hung up, or said nothing for long.
    Io(io::Error),
    /// A message longer than one may be.
    TooLong { got: u64, max: u64 },
    /// Bytes that are no message.
    Garbled,
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => error.fmt(f),
            Self::TooLong { got, max } => write!(f, "a message of {got} bytes, at most {max}"),
            Self::Garbled => f.write_str("bytes that are no message"),
        }
    }
}

/// Reads one message with its length in front.
pub(super) fn read(from: &mut impl Read) -> Result<Message, WireError> {
    let length = read_length(from)?;
    if length > MAX_MESSAGE {
        return Err(WireError::TooLong { got: length, max: MAX_MESSAGE });
    }
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes).map_err(WireError::Io)?;
    Message::decode(&bytes[..]).map_err(|_| WireError::Garbled)
}

/// A varint, of at most three bytes: that is more than a length may be.
fn read_length(from: &mut impl Read) -> Result<u64, WireError> {
    let mut length = 0;
    for shift in [0, 7, 14] {
        let mut byte = [0];
        from.read_exact(&mut byte).map_err(WireError::Io)?;
        length |= u64::from(byte[0] & 0x7f) << shift;
        if byte[0] < 0x80 {
            return Ok(length);
        }
    }
    Err(WireError::Garbled)
}

pub(super) fn write(to: &mut impl Write, message: &Message) -> io::Result<()> {
    to.write_all(&message.encode_length_delimited_to_vec())
}

/// The answer to a message; a refusal is one, and told to the person too.
///
/// # Errors
/// Only what ends the signer: a state that could not be kept.
pub(super) fn answer(
    signer: &mut Signer,
    message: Message,
    tell: &mut dyn FnMut(&str),
) -> Result<Message, SignerError> {
    let sum = match message.sum {
        Some(Sum::PubKeyRequest(asked)) => Sum::PubKeyResponse(public(signer, &asked)),
        Some(Sum::SignVoteRequest(asked)) => match vote(signer, asked) {
            Ok(vote) => Sum::SignedVoteResponse(vote),
            Err(error) => {
                let error = Some(told(error, tell)?);
                Sum::SignedVoteResponse(SignedVoteResponse { vote: None, error })
            }
        },
        Some(Sum::SignProposalRequest(asked)) => match proposal(signer, asked) {
            Ok(proposal) => Sum::SignedProposalResponse(proposal),
            Err(error) => {
                let error = Some(told(error, tell)?);
                Sum::SignedProposalResponse(SignedProposalResponse { proposal: None, error })
            }
        },
        // Whatever else comes gets the one answer that means nothing.
        _ => Sum::PingResponse(PingResponse {}),
    };
    Ok(Message { sum: Some(sum) })
}

fn told(error: SignError, tell: &mut dyn FnMut(&str)) -> Result<RemoteSignerError, SignerError> {
    match error {
        SignError::Broken(error) => Err(error),
        SignError::Refused(refusal) => {
            tell(&format!("refused to sign: {refusal}"));
            Ok(remote(&refusal))
        }
    }
}

fn remote(refusal: &Refusal) -> RemoteSignerError {
    RemoteSignerError { code: 0, description: refusal.to_string() }
}

fn public(signer: &Signer, asked: &PubKeyRequest) -> PubKeyResponse {
    let expected = &signer.store.chain;
    if *expected != asked.chain_id {
        let (expected, got) = (expected.clone(), asked.chain_id.clone());
        let error = Some(remote(&Refusal::Chain { expected, got }));
        return PubKeyResponse { pub_key: None, error };
    }
    let sum = Some(public_key::Sum::Ed25519(signer.public()));
    PubKeyResponse { pub_key: Some(PublicKey { sum }), error: None }
}

fn vote(signer: &mut Signer, asked: SignVoteRequest) -> Result<SignedVoteResponse, SignError> {
    let missing = Refusal::Malformed { what: "no vote" };
    let mut vote = asked.vote.ok_or(missing)?;
    // Before anything is remembered: what cannot be answered is not signed.
    let extension = bytes::extension_bytes(&asked.chain_id, &vote)?;
    let Signed { signature, time } = signer.sign(&asked.chain_id, &Request::Vote(&vote))?;
    vote.signature = signature;
    vote.timestamp = time.or(vote.timestamp);
    vote.extension_signature =
        extension.map(|bytes| signer.sign_extension(&bytes)).unwrap_or_default();
    Ok(SignedVoteResponse { vote: Some(vote), error: None })
}

fn proposal(
    signer: &mut Signer,
    asked: SignProposalRequest,
) -> Result<SignedProposalResponse, SignError> {
    let missing = Refusal::Malformed { what: "no proposal" };
    let mut proposal = asked.proposal.ok_or(missing)?;
    let request = Request::Proposal(&proposal);
    let Signed { signature, time } = signer.sign(&asked.chain_id, &request)?;
    proposal.signature = signature;
    proposal.timestamp = time.or(proposal.timestamp);
    Ok(SignedProposalResponse { proposal: Some(proposal), error: None })
}
