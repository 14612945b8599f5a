//! The application: one method for each call of the engine.

use super::blocks::{BlockRecord, Replay};
use super::execute::{Executed, Moment, Verified, execute, select, validator_updates};
use super::sync::{BASE, Restore};
use super::view::{NoVersion, View};
use super::{AbciError, genesis};
use crate::answer::{self, CodeFiles};
use crate::log::{self, LogBook};
use crate::meter::Meter;
use crate::records::{RecordFile, read_at};
use crate::snapshot::{self, Shelf};
use crate::state::{Genesis, Refused, State};
use sealight_verify::codec::Blob;
use sealight_verify::format::log::LOG_PATH;
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Instant;
use tendermint_proto::v0_38::abci::response_process_proposal::ProposalStatus;
use tendermint_proto::v0_38::abci::{
    ExecTxResult, RequestCheckTx, RequestFinalizeBlock, RequestInitChain, RequestPrepareProposal,
    RequestProcessProposal, RequestQuery, ResponseCheckTx, ResponseCommit, ResponseFinalizeBlock,
    ResponseInfo, ResponseInitChain, ResponsePrepareProposal, ResponseProcessProposal,
    ResponseQuery, ValidatorUpdate,
};
use tendermint_proto::v0_38::crypto::PublicKey;
use tendermint_proto::v0_38::crypto::public_key::Sum;

/// Codespace of every refusal.
const CODESPACE: &str = "sealight";
/// Code and name of a query at a height whose state is not here.
const NO_HEIGHT: (u32, &str) = (110, "height");

/// How an application is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppOptions {
    /// Versions of the state that are kept to answer at.
    pub versions: usize,
    /// Heights between two snapshots; 0 for none.
    pub snapshots: u64,
}

impl Default for AppOptions {
    fn default() -> Self {
        Self { versions: 512, snapshots: 0 }
    }
}

/// Where the application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tip {
    /// Height of the newest durable block; 0 before the first.
    pub height: u64,
    /// Root of the state after it.
    pub app_hash: Hash32,
}

/// The application. A clone is the same one.
#[derive(Clone)]
pub struct App {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) home: PathBuf,
    pub(super) options: AppOptions,
    /// Snapshots that are handed out.
    pub(super) shelf: Shelf,
    /// Whether one is being made.
    pub(super) busy: AtomicBool,
    genesis: Genesis,
    files: Box<dyn CodeFiles + Send + Sync>,
    /// Entries for those who follow the log.
    pub(super) log: RwLock<LogBook>,
    meter: Meter,
    view: RwLock<View>,
    work: Mutex<Work>,
    _lock: File,
}

/// What only the engine's writing calls touch, one at a time.
pub(super) struct Work {
    pub(super) blocks: RecordFile<BlockRecord>,
    /// Time of the newest block.
    pub(super) time: Timestamp,
    verified: Verified,
    /// The state as it would be if all entries that wait were taken in.
    pub(super) waiting: Option<State>,
    /// The proposal executed last, by the hash of its block.
    pub(super) proposal: Option<(Vec<u8>, Executed)>,
    /// The block that is finalised and not yet durable.
    pub(super) staged: Option<(BlockRecord, State)>,
    /// The snapshot that is being taken in.
    pub(super) restore: Option<Restore>,
}

impl App {
    /// Opens the application's folder, made where there is none, and reads its blocks again.
    ///
    /// # Errors
    /// In use, damaged, or not what this application wrote; see [`AbciError`].
    pub fn open(
        home: &Path,
        genesis: Genesis,
        files: impl CodeFiles + Send + Sync + 'static,
        options: AppOptions,
    ) -> Result<Self, AbciError> {
        let lock = lock(home)?;
        let start = start(home, &genesis)?;
        let view = View::new(start.state, start.height + 1, &options);
        let log = LogBook::new(view.state().roots().log_size);
        let mut replay = Replay { view, time: start.time, log };
        let (blocks, _) = RecordFile::open(&home.join("blocks"), |block| replay.take(block))?;
        let Replay { view, time, mut log } = replay;
        log.set_starts(blocks.starts());
        let work = Work {
            blocks,
            time,
            verified: Verified::default(),
            waiting: None,
            proposal: None,
            staged: None,
            restore: None,
        };
        let shelf = Shelf::open(&home.join("snapshots")).map_err(AbciError::Snapshot)?;
        let height = view.height();
        let (view, work) = (RwLock::new(view), Mutex::new(work));
        let files = Box::new(files);
        let meter = Meter::default();
        meter.block(height, 0);
        let inner = Inner {
            home: home.to_owned(),
            options,
            shelf,
            busy: AtomicBool::new(false),
            genesis,
            files,
            log: RwLock::new(log),
            meter,
            view,
            work,
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Cuts off every block above `height`, so that an engine that has lost them can hand them
    /// over again. Gives the height that is then the newest.
    ///
    /// # Errors
    /// As [`App::open`].
    pub fn roll_back(home: &Path, height: u64) -> Result<u64, AbciError> {
        let _lock = lock(home)?;
        let mut kept = (0usize, 0u64);
        let count = |block: BlockRecord| {
            if block.height <= height {
                kept = (kept.0 + 1, block.height);
            }
            Ok::<(), AbciError>(())
        };
        let (mut blocks, _) = RecordFile::open(&home.join("blocks"), count)?;
        blocks.keep_first(kept.0)?;
        Ok(kept.1)
    }

    /// The document that the ledger started with.
    pub fn genesis(&self) -> &Genesis {
        &self.inner.genesis
    }

    /// What is counted.
    pub(crate) fn meter(&self) -> &Meter {
        &self.inner.meter
    }

    /// Where the application stands.
    pub fn tip(&self) -> Tip {
        let view = self.view();
        Tip { height: view.height(), app_hash: view.state().app_hash() }
    }

    /// The newest height, and the state after its block.
    pub fn newest(&self) -> (u64, State) {
        let view = self.view();
        (view.height(), view.state().clone())
    }

    fn view(&self) -> std::sync::RwLockReadGuard<'_, View> {
        self.inner.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on, queries see this.
    pub(super) fn look_at(&self, view: View) {
        *self.inner.view.write().unwrap_or_else(PoisonError::into_inner) = view;
    }

    pub(super) fn work(&self) -> MutexGuard<'_, Work> {
        self.inner.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next block at this place, or why it cannot be.
    fn moment(&self, height: i64, time: Timestamp) -> Result<Moment, AbciError> {
        let expected = self.view().height() + 1;
        match u64::try_from(height) {
            Ok(height) if height == expected => Ok(Moment { height, time }),
            _ => Err(AbciError::Height { expected, got: height }),
        }
    }

    pub(super) fn info(&self) -> ResponseInfo {
        let Tip { height, app_hash } = self.tip();
        ResponseInfo {
            data: CODESPACE.into(),
            version: env!("CARGO_PKG_VERSION").into(),
            // As in the genesis; see `genesis::agrees`.
            app_version: 0,
            last_block_height: i64::try_from(height).unwrap_or(i64::MAX),
            // The engine wants no hash before the first block.
            last_block_app_hash: if height == 0 { vec![] } else { app_hash.0.to_vec() }.into(),
        }
    }

    pub(super) fn init_chain(
        &self,
        request: &RequestInitChain,
    ) -> Result<ResponseInitChain, AbciError> {
        genesis::agrees(request, &self.inner.genesis)?;
        let app_hash = self.tip().app_hash.0.to_vec().into();
        Ok(ResponseInitChain { app_hash, ..Default::default() })
    }

    pub(super) fn check_tx(&self, request: &RequestCheckTx) -> ResponseCheckTx {
        let mut work = self.work();
        let (height, state) = self.newest();
        let moment = Moment { height: height + 1, time: work.time };
        let mut waiting = work.waiting.take().unwrap_or(state);
        let applied = work.verified.apply(&mut waiting, &request.tx, moment);
        work.waiting = Some(waiting);
        match applied {
            Ok(applied) => {
                ResponseCheckTx { data: applied.id.0.to_vec().into(), ..Default::default() }
            }
            Err(refused) => {
                let (code, info) = refused.code();
                self.meter().refused(info);
                let (log, info) = (refused.to_string(), info.to_owned());
                let codespace = CODESPACE.to_owned();
                ResponseCheckTx { code, log, info, codespace, ..Default::default() }
            }
        }
    }

    pub(super) fn prepare_proposal(
        &self,
        request: &RequestPrepareProposal,
    ) -> Result<ResponsePrepareProposal, AbciError> {
        let moment = self.moment(request.height, genesis::time(request.time)?)?;
        let room = usize::try_from(request.max_tx_bytes).unwrap_or(0);
        let (_, base) = self.newest();
        let mut work = self.work();
        let entries = request.txs.iter().map(AsRef::as_ref);
        let selected = select(&base, moment, entries, room, &mut work.verified);
        let txs = selected.into_iter().filter_map(|at| request.txs.get(at).cloned());
        Ok(ResponsePrepareProposal { txs: txs.collect() })
    }

    pub(super) fn process_proposal(
        &self,
        request: &RequestProcessProposal,
    ) -> Result<ResponseProcessProposal, AbciError> {
        let moment = self.moment(request.height, genesis::time(request.time)?)?;
        let (_, base) = self.newest();
        let mut work = self.work();
        let entries = request.txs.iter().map(AsRef::as_ref);
        let executed = execute(&base, moment, entries, &mut work.verified);
        let status = match executed.all_taken() {
            true => ProposalStatus::Accept,
            false => ProposalStatus::Reject,
        };
        if status == ProposalStatus::Reject {
            self.meter().rejected();
        }
        work.proposal = Some((request.hash.to_vec(), executed));
        Ok(ResponseProcessProposal { status: status.into() })
    }

    pub(super) fn finalize_block(
        &self,
        request: &RequestFinalizeBlock,
    ) -> Result<ResponseFinalizeBlock, AbciError> {
        let moment = self.moment(request.height, genesis::time(request.time)?)?;
        let (_, base) = self.newest();
        let mut work = self.work();
        let proposed = work.proposal.take().filter(|(hash, executed)| {
            !hash.is_empty() && *hash == request.hash && executed.moment == moment
        });
        let executed = match proposed {
            Some((_, executed)) => executed,
            None => {
                let entries = request.txs.iter().map(AsRef::as_ref);
                execute(&base, moment, entries, &mut work.verified)
            }
        };
        let Executed { state, results, .. } = executed;
        let app_hash = state.app_hash();
        let taken = request.txs.iter().zip(&results).filter(|(_, result)| result.is_ok());
        let record = BlockRecord {
            version: 1,
            height: moment.height,
            time: moment.time,
            entries: taken.map(|(entry, _)| Blob(entry.to_vec())).collect(),
            app_hash,
        };
        let updates = validator_updates(base.validators(), state.validators());
        work.staged = Some((record, state));
        Ok(ResponseFinalizeBlock {
            tx_results: results.iter().map(result).collect(),
            validator_updates: updates.into_iter().map(update).collect(),
            app_hash: app_hash.0.to_vec().into(),
            ..Default::default()
        })
    }

    /// Makes the finalised block durable, and only then lets anybody see it.
    pub(super) fn commit(&self) -> Result<ResponseCommit, AbciError> {
        let mut work = self.work();
        let (record, state) = work.staged.take().ok_or(AbciError::NothingStaged)?;
        work.blocks.append(&record)?;
        let start = work.blocks.starts().last().copied().unwrap_or(0);
        let entries = record.entries.iter().map(|entry| &entry[..]);
        self.inner.log.write().unwrap_or_else(PoisonError::into_inner).push(start, entries);
        work.time = record.time;
        self.meter().block(record.height, record.entries.len());
        (work.waiting, work.proposal) = (None, None);
        self.inner.view.write().unwrap_or_else(PoisonError::into_inner).push(state.clone());
        self.keep_snapshot(state, record.height, record.time);
        // Every block is kept: a new member may join from the first.
        Ok(ResponseCommit { retain_height: 0 })
    }

    /// Answers a query under the header at `height`, 0 for the newest there is; gives the height
    /// too. Holds nothing that a commit waits for.
    ///
    /// # Errors
    /// A number, a name and words for why there is no answer.
    pub fn query(
        &self,
        path: &str,
        data: &[u8],
        height: u64,
    ) -> Result<(u64, Vec<u8>), (u32, &'static str, String)> {
        let began = Instant::now();
        let answered = self.answer(path, data, height);
        self.meter().query(path, answered.is_ok(), began.elapsed());
        answered
    }

    fn answer(
        &self,
        path: &str,
        data: &[u8],
        height: u64,
    ) -> Result<(u64, Vec<u8>), (u32, &'static str, String)> {
        let version = self.view().version(height);
        let (height, state) = version.map_err(|NoVersion { got, oldest, newest }| {
            let (code, name) = NO_HEIGHT;
            (code, name, format!("no state at height {got}; from {oldest} to {newest}"))
        })?;
        let answered = match path {
            LOG_PATH => log::page(&self.inner.log, &state, height, data, &mut |start| {
                let blocks = self.inner.home.join("blocks");
                read_at::<BlockRecord>(&blocks, start).ok().flatten().map(|block| block.entries)
            }),
            _ => answer::answer(&state, height, &*self.inner.files, path, data),
        };
        answered.map(|value| (height, value)).map_err(|error| {
            let (code, name) = error.code();
            (code, name, error.to_string())
        })
    }

    pub(super) fn wire_query(&self, request: &RequestQuery) -> ResponseQuery {
        let height = u64::try_from(request.height).unwrap_or(0);
        match self.query(&request.path, &request.data, height) {
            Ok((height, value)) => ResponseQuery {
                value: value.into(),
                height: i64::try_from(height).unwrap_or(i64::MAX),
                ..Default::default()
            },
            Err((code, info, log)) => ResponseQuery {
                code,
                log,
                info: info.into(),
                codespace: CODESPACE.into(),
                ..Default::default()
            },
        }
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("tip", &self.tip()).finish_non_exhaustive()
    }
}

/// Only its code and data reach a header, and neither says more than taken in or not.
fn result(applied: &Result<crate::state::Applied, Refused>) -> ExecTxResult {
    let Err(refused) = applied else { return ExecTxResult::default() };
    let (code, info) = refused.code();
    ExecTxResult {
        code,
        log: refused.to_string(),
        info: info.into(),
        codespace: CODESPACE.into(),
        ..Default::default()
    }
}

fn update((key, power): (Vec<u8>, u64)) -> ValidatorUpdate {
    ValidatorUpdate {
        pub_key: Some(PublicKey { sum: Some(Sum::Ed25519(key)) }),
        // Powers of a set are 2^40 at most; see `Validators::bounds`.
        power: i64::try_from(power).unwrap_or(i64::MAX),
    }
}

/// What blocks follow on.
struct Start {
    state: State,
    height: u64,
    time: Timestamp,
}

/// The genesis, or the snapshot that the node joined with.
fn start(home: &Path, genesis: &Genesis) -> Result<Start, AbciError> {
    let path = home.join(BASE);
    match fs::read(&path) {
        Ok(bytes) => {
            let decoded = snapshot::decode(&bytes, genesis, None);
            let (cover, state) = decoded.map_err(AbciError::Snapshot)?;
            Ok(Start { state, height: cover.height, time: cover.time })
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let state = State::genesis(genesis).map_err(AbciError::Genesis)?;
            Ok(Start { state, height: 0, time: genesis.time })
        }
        Err(error) => Err(AbciError::Io { path, error }),
    }
}

fn lock(home: &Path) -> Result<File, AbciError> {
    let io = |error| AbciError::Io { path: home.to_owned(), error };
    fs::create_dir_all(home).map_err(io)?;
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(home.join("lock"));
    let file = file.map_err(io)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(AbciError::InUse { home: home.to_owned() }),
        Err(TryLockError::Error(error)) => Err(io(error)),
    }
}
