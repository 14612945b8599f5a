//! A validator's signer: it holds the key, and never signs two things for one place in consensus.
//!
//! The engine listens at `priv_validator_laddr`; the signer connects to it and answers (CometBFT
//! v0.38 `privval`). Whoever breaks into a node then has no key; whoever copies a node's folder
//! cannot make its validator sign twice.
//!
//! ```text
//! sealight-ledger signer init --home DIR --from NODE/comet
//! sealight-ledger signer --home DIR --connect unix:///NODE/signer.sock
//! ```
//!
//! and `"signer": "signer.sock"` in the node's `node.json`. Then `priv_validator_key.json` goes from
//! the node; the engine makes itself another one there, which is no validator's and signs nothing.
//!
//! **Only Unix sockets.** Over TCP the engine wants its own encrypted handshake, for which there is
//! no kept library without the whole of an old cryptography stack beside ours. A signer on another
//! machine gets the socket through a tunnel that both sides authenticate, such as
//! `ssh -L /run/sealight/signer.sock:/NODE/signer.sock`.
//!
//! **What a signature waits for.** The new state is written, flushed and renamed, and the mark is
//! flushed, before the signature leaves. A stop anywhere in between loses at most a signature that
//! nobody has seen, and the same one is made again.
//!
//! **When it refuses to start.** The state is lost, damaged, older than the mark, or a copy: each
//! could be signed past. Then look up the network's height H, be certain that no other signer of
//! this key runs, and say `signer reset --home DIR --chain ID --new-at-height N` with N above H. The
//! validator misses the blocks up to N and is safe. A whole machine put back to an old image, with
//! inodes and all, is the one case that cannot be noticed here: reset after it.
//!
//! | module | |
//! |---|---|
//! | `rules` | what may be signed after what |
//! | `state` | what was signed last, on the disk |
//! | `bytes` | the bytes that are signed |
//! | `wire` | messages and answers |
//! | `rehearsal` | the way from bytes to a decision, for fuzzing |

mod bytes;
mod command;
mod error;
mod rehearsal;
mod rules;
mod setup;
mod state;
mod wire;

pub use command::command;
pub use error::SignerError;
pub use rehearsal::rehearse;
pub use rules::{Place, Refusal, Step};
pub use setup::{adopt, init, public_key, reset};

use bytes::Request;
use rules::{Admitted, admit};
use sealight_issue::key::SigningKey;
use state::Store;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;
use tendermint_proto::google::protobuf::Timestamp;

/// Without a word for so long the connection is dead: the engine says something every two seconds.
const SILENCE: Duration = Duration::from_secs(30);
/// Between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(200);

/// A validator's key with what it signed last; one process at a time.
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
    store: Store,
}

/// What leaves the signer.
#[derive(Debug)]
struct Signed {
    signature: Vec<u8>,
    /// The time that was signed, where it is not the one asked for.
    time: Option<Timestamp>,
}

impl Signer {
    /// Opens a signer's folder and locks it.
    ///
    /// # Errors
    /// [`SignerError`]: the key, the lock, or a state that could be signed past.
    pub fn open(home: &Path) -> Result<Self, SignerError> {
        let key = setup::read_key(home)?;
        Ok(Self { key, store: Store::open(home)? })
    }

    /// The validator's public key, Ed25519.
    pub fn public(&self) -> Vec<u8> {
        self.key.public().bytes.to_vec()
    }

    /// Connects to the engine's socket and answers, again and again, until the state cannot be
    /// kept. `tell` gets a line for a person at each turn.
    ///
    /// # Errors
    /// The disk's: a signer that cannot remember must not sign.
    pub fn run(&mut self, socket: &Path, tell: &mut dyn FnMut(&str)) -> Result<(), SignerError> {
        let mut waiting = false;
        loop {
            match UnixStream::connect(socket) {
                Ok(stream) => {
                    waiting = false;
                    tell(&format!("connected to {}", socket.display()));
                    self.serve(&stream, tell)?;
                }
                Err(error) if !waiting => {
                    waiting = true;
                    tell(&format!("waits for the node at {}: {error}", socket.display()));
                }
                Err(_) => {}
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Answers one connection until it ends.
    fn serve(
        &mut self,
        stream: &UnixStream,
        tell: &mut dyn FnMut(&str),
    ) -> Result<(), SignerError> {
        for set in [UnixStream::set_read_timeout, UnixStream::set_write_timeout] {
            if set(stream, Some(SILENCE)).is_err() {
                return Ok(());
            }
        }
        loop {
            let message = match wire::read(&mut &*stream) {
                Ok(message) => message,
                Err(error) => {
                    tell(&format!("the connection ended: {error}"));
                    return Ok(());
                }
            };
            let answer = wire::answer(self, message, tell)?;
            if wire::write(&mut &*stream, &answer).is_err() {
                tell("the connection ended: the answer could not be sent");
                return Ok(());
            }
        }
    }

    /// Signs what is asked for, if nothing else was signed for its place.
    fn sign(&mut self, chain: &str, request: &Request<'_>) -> Result<Signed, SignError> {
        let expected = &self.store.chain;
        if expected != chain {
            let (expected, got) = (expected.clone(), chain.to_owned());
            return Err(Refusal::Chain { expected, got }.into());
        }
        let (place, bytes) = (request.place()?, request.sign_bytes(chain)?);
        match admit(&self.store.last, place, &bytes)? {
            Admitted::Again { signature, time } => Ok(Signed { signature, time }),
            Admitted::New => {
                let signature = self.key.sign(&bytes).0.to_vec();
                self.store.keep(place, bytes, signature.clone()).map_err(SignError::Broken)?;
                Ok(Signed { signature, time: None })
            }
        }
    }

    /// Signs a vote extension: it is no part of what may not differ, as in the engine's own signer.
    fn sign_extension(&self, bytes: &[u8]) -> Vec<u8> {
        self.key.sign(bytes).0.to_vec()
    }
}

/// Why there is no signature: it must not be, or it cannot be remembered.
#[derive(Debug)]
enum SignError {
    Refused(Refusal),
    Broken(SignerError),
}

impl From<Refusal> for SignError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[cfg(test)]
mod tests;
