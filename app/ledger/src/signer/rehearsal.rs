//! The signer's way from bytes to a decision, without a key and without a disk: for fuzzing.

use super::bytes::{Request, extension_bytes};
use super::rules::{Admitted, Last, Place, Refusal, Step, admit};
use super::wire;
use tendermint_proto::v0_38::privval::message::Sum;

/// Goes through the messages in `bytes` as a signer that never signed would, and gives the places
/// for which it would make a new signature, in their order. The first message that cannot be read
/// ends it, as it ends a connection.
pub fn rehearse(mut bytes: &[u8]) -> Vec<Place> {
    let begin = Place { height: 0, round: 0, step: Step::Start };
    let (mut last, mut places) = (Last { place: begin, signed: None }, Vec::new());
    while let Ok(message) = wire::read(&mut bytes) {
        let Some(Ok((place, asked))) = message.sum.and_then(asked) else { continue };
        if admit(&last, place, &asked) == Ok(Admitted::New) {
            places.push(place);
            last = Last { place, signed: Some((asked, Vec::new())) };
        }
    }
    places
}

/// The place and the bytes of a request; none of what asks for no signature.
fn asked(sum: Sum) -> Option<Result<(Place, Vec<u8>), Refusal>> {
    let (chain, vote, proposal) = match sum {
        Sum::SignVoteRequest(asked) => (asked.chain_id, asked.vote, None),
        Sum::SignProposalRequest(asked) => (asked.chain_id, None, asked.proposal),
        _ => return None,
    };
    let request = match (&vote, &proposal) {
        (Some(vote), _) => Request::Vote(vote),
        (None, Some(proposal)) => Request::Proposal(proposal),
        (None, None) => return None,
    };
    let extension = vote.as_ref().map_or(Ok(None), |vote| extension_bytes(&chain, vote));
    Some(extension.and_then(|_| Ok((request.place()?, request.sign_bytes(&chain)?))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost::Message as _;
    use tendermint_proto::v0_38::privval::{Message, SignVoteRequest};
    use tendermint_proto::v0_38::types::{BlockId, PartSetHeader, Vote};

    fn vote(height: i64, step: i32, byte: u8) -> Vec<u8> {
        let part_set_header = Some(PartSetHeader { total: 1, hash: vec![byte; 32] });
        let block_id = Some(BlockId { hash: vec![byte; 32], part_set_header });
        let vote = Vote { r#type: step, height, block_id, ..Vote::default() };
        let asked = SignVoteRequest { vote: Some(vote), chain_id: "c".into() };
        Message { sum: Some(Sum::SignVoteRequest(asked)) }.encode_length_delimited_to_vec()
    }

    #[test]
    fn a_place_is_signed_once_whatever_is_asked_for() {
        let asked = [vote(1, 1, 7), vote(1, 1, 8), vote(1, 2, 8), vote(1, 1, 7), vote(2, 2, 9)];
        let at = |height, step| Place { height, round: 0, step };
        let expected = [at(1, Step::Prevote), at(1, Step::Precommit), at(2, Step::Precommit)];
        assert_eq!(rehearse(&asked.concat()), expected);
    }

    #[test]
    fn bytes_that_are_no_message_end_it() {
        assert_eq!(rehearse(&[&[0xff; 4][..], &vote(1, 1, 7)].concat()), []);
        assert_eq!(rehearse(&[&vote(1, 9, 7)[..], &vote(0, 1, 7)].concat()), []);
    }
}
