//! A node whose application does nothing: what the engine alone costs on this machine.
//!
//! It is run as `sealight-ledger` is, with the same supervisor, engine and socket. Its state is a
//! chain of hashes over the entries, made durable at every commit; it takes in whatever comes.

use sealight_ledger::abci::messages::request::Value as Ask;
use sealight_ledger::abci::messages::response::Value as Say;
use sealight_ledger::abci::messages::response_process_proposal::ProposalStatus;
use sealight_ledger::abci::messages::{
    ExecTxResult, ResponseCheckTx, ResponseCommit, ResponseEcho, ResponseFinalizeBlock,
    ResponseFlush, ResponseInfo, ResponseInitChain, ResponsePrepareProposal,
    ResponseProcessProposal,
};
use sealight_ledger::abci::{AbciError, Application, Halt, Socket, serve};
use sealight_ledger::node;
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

/// Height and state.
type Tip = (u64, Hash32);

#[derive(Clone)]
struct Idle(Arc<Mutex<State>>);

struct State {
    file: File,
    tip: Tip,
    staged: Tip,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|verb| verb == "app") {
        return match run(Path::new(".")) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("idle: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let program = std::env::current_exe().map(|path| vec![path.into_os_string()]);
    node::command(program.unwrap_or_default(), std::env::args_os().skip(1))
}

/// Until the standard input ends, as the supervisor wants it.
fn run(home: &Path) -> std::io::Result<()> {
    let file = home.join("idle");
    let known = std::fs::read(&file).unwrap_or_default();
    let tip = decode(&known).unwrap_or((0, Hash32([0; 32])));
    let file = OpenOptions::new().append(true).create(true).open(file)?;
    let app = Idle(Arc::new(Mutex::new(State { file, tip, staged: tip })));
    let path = home.join("app.sock");
    _ = std::fs::remove_file(&path);
    let socket = Socket::Unix(UnixListener::bind(path)?);
    let halt: Halt = Arc::new(|_| std::process::abort());
    std::thread::spawn(move || serve(&socket, &app, &halt));
    println!("{}", node::READY);
    std::io::stdin().read_to_end(&mut Vec::new()).map(|_| ())
}

/// The last record of the file.
fn decode(bytes: &[u8]) -> Option<Tip> {
    let last = bytes.chunks_exact(40).last()?;
    let (height, hash) = last.split_first_chunk()?;
    Some((u64::from_be_bytes(*height), Hash32(hash.try_into().ok()?)))
}

impl Application for Idle {
    fn answer(&self, ask: Ask) -> Result<Say, AbciError> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match ask {
            Ask::Echo(ask) => Say::Echo(ResponseEcho { message: ask.message }),
            Ask::Info(_) => Say::Info(state.info()),
            Ask::InitChain(_) => Say::InitChain(ResponseInitChain {
                app_hash: state.tip.1.0.to_vec().into(),
                ..Default::default()
            }),
            Ask::CheckTx(_) => Say::CheckTx(ResponseCheckTx::default()),
            Ask::PrepareProposal(ask) => {
                Say::PrepareProposal(ResponsePrepareProposal { txs: ask.txs })
            }
            Ask::ProcessProposal(_) => Say::ProcessProposal(ResponseProcessProposal {
                status: ProposalStatus::Accept.into(),
            }),
            Ask::FinalizeBlock(ask) => {
                let height = u64::try_from(ask.height).unwrap_or(0);
                let chain = |hash: Hash32, tx| Sm3::hash(&[&hash.0, tx]);
                let hash = ask.txs.iter().fold(state.tip.1, |hash, tx| chain(hash, tx));
                state.staged = (height, hash);
                Say::FinalizeBlock(ResponseFinalizeBlock {
                    tx_results: vec![ExecTxResult::default(); ask.txs.len()],
                    app_hash: hash.0.to_vec().into(),
                    ..Default::default()
                })
            }
            Ask::Commit(_) => {
                state.commit().map_err(|error| AbciError::Io { path: "idle".into(), error })?;
                Say::Commit(ResponseCommit { retain_height: 0 })
            }
            // Snapshots, votes' extensions, queries: the engine asks for none of them here.
            _ => Say::Flush(ResponseFlush {}),
        })
    }
}

impl State {
    fn info(&self) -> ResponseInfo {
        let (height, hash) = self.tip;
        ResponseInfo {
            last_block_height: i64::try_from(height).unwrap_or(i64::MAX),
            last_block_app_hash: if height == 0 { vec![] } else { hash.0.to_vec() }.into(),
            ..Default::default()
        }
    }

    fn commit(&mut self) -> std::io::Result<()> {
        let (height, hash) = self.staged;
        self.file.write_all(&[&height.to_be_bytes()[..], &hash.0].concat())?;
        self.file.sync_data()?;
        self.tip = self.staged;
        Ok(())
    }
}
