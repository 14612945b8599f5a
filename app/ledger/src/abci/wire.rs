//! The engine's socket: requests in, answers out, in order (CometBFT 0.38,
//! `spec/abci/abci++_client_server.md`: each message with its length as a varint before it).
//!
//! Blocks on the sockets, one thread a connection; the engine opens four. A connection ends when
//! the engine closes it. Answers leave in one write as soon as no further request waits: in small
//! writes each would wait 40 ms for the peer's acknowledgement.

use super::{AbciError, App};
use prost::Message;
use prost::encoding::{decode_varint, encode_varint};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpListener;
#[cfg(unix)]
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use tendermint_proto::v0_38::abci::request::Value as Ask;
use tendermint_proto::v0_38::abci::response::Value as Say;
use tendermint_proto::v0_38::abci::response_verify_vote_extension::VerifyStatus;
use tendermint_proto::v0_38::abci::{
    Request, Response, ResponseEcho, ResponseException, ResponseExtendVote, ResponseFlush,
    ResponseVerifyVoteExtension,
};

/// Small buffers make large blocks slow.
const BUFFER: usize = 1024 * 1024;
/// Longest message: a block of the engine's hard limit of 100 MiB, and its envelope.
const MAX_MESSAGE: u64 = 104 * 1024 * 1024;

/// What is told when the application cannot go on: ends the process, so that the engine stops too
/// and both start again from what is durable.
pub type Halt = Arc<dyn Fn(&AbciError) + Send + Sync>;

/// A listening socket of either kind.
#[derive(Debug)]
pub enum Socket {
    /// A file in the file system.
    #[cfg(unix)]
    Unix(UnixListener),
    /// An address and port.
    Tcp(TcpListener),
}

/// What stands behind the socket. A clone is the same one.
pub trait Application: Clone + Send + 'static {
    /// Answers a request of the engine.
    ///
    /// # Errors
    /// Why the application cannot go on.
    fn answer(&self, ask: Ask) -> Result<Say, AbciError>;
}

/// Serves an engine for as long as the process lives.
///
/// # Errors
/// The listening socket's.
pub fn serve(socket: &Socket, app: &impl Application, halt: &Halt) -> io::Result<()> {
    loop {
        let (app, halt) = (app.clone(), halt.clone());
        let builder = std::thread::Builder::new().name("sealight-abci".into());
        match socket {
            #[cfg(unix)]
            Socket::Unix(listener) => {
                let (stream, _) = listener.accept()?;
                let reader = stream.try_clone()?;
                builder.spawn(move || talk(reader, stream, &app, &halt))?;
            }
            Socket::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nodelay(true)?;
                let reader = stream.try_clone()?;
                builder.spawn(move || talk(reader, stream, &app, &halt))?;
            }
        }
    }
}

/// One connection, until the engine closes it.
pub(super) fn talk(reader: impl Read, mut writer: impl Write, app: &impl Application, halt: &Halt) {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let mut answers = Vec::new();
    // What the socket says ends the connection; the engine then ends too or dials again.
    while let Ok(Some(request)) = read(&mut reader) {
        let (answer, error) = match request.value.map(|ask| app.answer(ask)) {
            Some(Ok(answer)) => (answer, None),
            Some(Err(error)) => (exception(&error), Some(error)),
            None => return,
        };
        write(&mut answers, answer);
        if (error.is_some() || reader.buffer().is_empty())
            && writer.write_all(&std::mem::take(&mut answers)).is_err()
        {
            return;
        }
        if let Some(error) = error {
            return halt(&error);
        }
    }
}

fn exception(error: &AbciError) -> Say {
    Say::Exception(ResponseException { error: error.to_string() })
}

impl Application for App {
    fn answer(&self, ask: Ask) -> Result<Say, AbciError> {
        Ok(match ask {
            Ask::Echo(ask) => Say::Echo(ResponseEcho { message: ask.message }),
            Ask::Flush(_) => Say::Flush(ResponseFlush {}),
            Ask::Info(_) => Say::Info(self.info()),
            Ask::InitChain(ask) => Say::InitChain(self.init_chain(&ask)?),
            Ask::Query(ask) => Say::Query(self.wire_query(&ask)),
            Ask::CheckTx(ask) => Say::CheckTx(self.check_tx(&ask)),
            Ask::Commit(_) => Say::Commit(self.commit()?),
            Ask::PrepareProposal(ask) => Say::PrepareProposal(self.prepare_proposal(&ask)?),
            Ask::ProcessProposal(ask) => Say::ProcessProposal(self.process_proposal(&ask)?),
            Ask::FinalizeBlock(ask) => Say::FinalizeBlock(self.finalize_block(&ask)?),
            // Never enabled in the genesis; an extension that nobody asked for is refused.
            Ask::ExtendVote(_) => Say::ExtendVote(ResponseExtendVote::default()),
            Ask::VerifyVoteExtension(ask) => {
                let empty = ask.vote_extension.is_empty();
                let status = if empty { VerifyStatus::Accept } else { VerifyStatus::Reject };
                Say::VerifyVoteExtension(ResponseVerifyVoteExtension { status: status.into() })
            }
            Ask::ListSnapshots(_) => Say::ListSnapshots(self.list_snapshots()),
            Ask::OfferSnapshot(ask) => Say::OfferSnapshot(self.offer_snapshot(&ask)),
            Ask::LoadSnapshotChunk(ask) => Say::LoadSnapshotChunk(self.load_snapshot_chunk(&ask)),
            Ask::ApplySnapshotChunk(ask) => {
                Say::ApplySnapshotChunk(self.apply_snapshot_chunk(&ask))
            }
        })
    }
}

/// The next request; none at the end of the stream.
fn read(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let Some(length) = read_length(reader)? else { return Ok(None) };
    let malformed = |what| io::Error::new(io::ErrorKind::InvalidData, what);
    if length > MAX_MESSAGE {
        return Err(malformed("a message longer than any block"));
    }
    let mut bytes = Vec::new();
    if reader.take(length).read_to_end(&mut bytes)? as u64 != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Request::decode(&bytes[..]).map(Some).map_err(|_| malformed("not a request"))
}

fn read_length(reader: &mut impl Read) -> io::Result<Option<u64>> {
    let mut varint = Vec::new();
    loop {
        let mut byte = [0];
        if reader.read(&mut byte)? == 0 {
            return if varint.is_empty() {
                Ok(None)
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            };
        }
        varint.push(byte[0]);
        if byte[0] & 0x80 == 0 {
            let length = decode_varint(&mut &varint[..]);
            return length.map(Some).map_err(|_| io::ErrorKind::InvalidData.into());
        }
        if varint.len() > 9 {
            return Err(io::ErrorKind::InvalidData.into());
        }
    }
}

fn write(out: &mut Vec<u8>, answer: Say) {
    let response = Response { value: Some(answer) };
    encode_varint(response.encoded_len() as u64, out);
    out.extend_from_slice(&response.encode_to_vec());
}
