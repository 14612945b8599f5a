//! State sync: snapshots handed out, and one taken in by a node that joins.

use super::app::{App, Work};
use super::view::View;
use crate::log::LogBook;
use crate::snapshot::{self, FORMAT, Offer, SnapshotError};
use crate::state::State;
use sealight_verify::hash::{Hash32, HashSuite, Sm3};
use sealight_verify::time::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use tendermint_proto::v0_38::abci::response_apply_snapshot_chunk::Result as Chunk;
use tendermint_proto::v0_38::abci::response_offer_snapshot::Result as Offered;
use tendermint_proto::v0_38::abci::{
    RequestApplySnapshotChunk, RequestLoadSnapshotChunk, RequestOfferSnapshot,
    ResponseApplySnapshotChunk, ResponseListSnapshots, ResponseLoadSnapshotChunk,
    ResponseOfferSnapshot, Snapshot,
};

/// A snapshot being taken in.
#[derive(Debug)]
pub(super) struct Restore {
    offer: Offer,
    /// The state root that a light client of the engine proved for its height.
    app_hash: Hash32,
    chunks: Vec<Option<Vec<u8>>>,
}

impl App {
    pub(super) fn list_snapshots(&self) -> ResponseListSnapshots {
        let snapshot = |offer: Offer| Snapshot {
            height: offer.height,
            format: FORMAT,
            chunks: offer.chunks.len() as u32,
            hash: offer.hash.0.to_vec().into(),
            metadata: offer.metadata().into(),
        };
        let snapshots = self.inner.shelf.offers().into_iter().map(snapshot).collect();
        ResponseListSnapshots { snapshots }
    }

    pub(super) fn load_snapshot_chunk(
        &self,
        request: &RequestLoadSnapshotChunk,
    ) -> ResponseLoadSnapshotChunk {
        let known = (request.format == FORMAT).then_some(());
        let chunk = known.and_then(|()| self.inner.shelf.chunk(request.height, request.chunk));
        ResponseLoadSnapshotChunk { chunk: chunk.unwrap_or_default().into() }
    }

    pub(super) fn offer_snapshot(&self, request: &RequestOfferSnapshot) -> ResponseOfferSnapshot {
        let result = self.take_offer(request);
        ResponseOfferSnapshot { result: result.into() }
    }

    fn take_offer(&self, request: &RequestOfferSnapshot) -> Offered {
        let Some(told) = &request.snapshot else { return Offered::Reject };
        if told.format != FORMAT {
            return Offered::RejectFormat;
        }
        let offer = Offer::decode(told.height, told.chunks, &told.hash, &told.metadata);
        let app_hash = <[u8; 32]>::try_from(&request.app_hash[..]);
        let (Ok(offer), Ok(app_hash)) = (offer, app_hash) else { return Offered::Reject };
        let mut work = self.work();
        // Blocks of its own are never thrown away for somebody else's state.
        if work.blocks.count() > 0 || offer.height == 0 {
            return Offered::Abort;
        }
        let chunks = vec![None; offer.chunks.len()];
        work.restore = Some(Restore { offer, app_hash: Hash32(app_hash), chunks });
        Offered::Accept
    }

    pub(super) fn apply_snapshot_chunk(
        &self,
        request: &RequestApplySnapshotChunk,
    ) -> ResponseApplySnapshotChunk {
        let answer = |result: Chunk| ResponseApplySnapshotChunk {
            result: result.into(),
            ..Default::default()
        };
        let mut work = self.work();
        let Some(restore) = &mut work.restore else { return answer(Chunk::Abort) };
        if !restore.put(request.index, &request.chunk) {
            return ResponseApplySnapshotChunk {
                result: Chunk::Retry.into(),
                refetch_chunks: vec![request.index],
                reject_senders: vec![request.sender.clone()],
            };
        }
        match restore.whole() {
            None => answer(Chunk::Accept),
            Some(bytes) => answer(match self.take_in(&mut work, &bytes) {
                Ok(()) => Chunk::Accept,
                // All chunks are those of the offer, so the offer is no good.
                Err(SnapshotError::Io { .. }) => Chunk::Abort,
                Err(_) => Chunk::RejectSnapshot,
            }),
        }
    }

    /// Makes the snapshot's state this node's own.
    fn take_in(&self, work: &mut Work, bytes: &[u8]) -> Result<(), SnapshotError> {
        let Some(Restore { offer, app_hash, .. }) = work.restore.take() else { return Ok(()) };
        let (cover, state) = snapshot::decode(bytes, self.genesis(), Some(app_hash))?;
        if cover.height != offer.height {
            return Err(SnapshotError::Offer);
        }
        snapshot::write(&self.inner.home.join(BASE), bytes)?;
        (work.time, work.waiting, work.proposal, work.staged) = (cover.time, None, None, None);
        let log = LogBook::new(state.roots().log_size);
        *self.inner.log.write().unwrap_or_else(PoisonError::into_inner) = log;
        self.look_at(View::new(state, cover.height + 1, &self.inner.options));
        Ok(())
    }

    /// Puts a snapshot of the newest state on the shelf, beside the blocks that follow.
    pub(super) fn keep_snapshot(&self, state: State, height: u64, time: Timestamp) {
        let every = self.inner.options.snapshots;
        if every == 0 || !height.is_multiple_of(every) {
            return;
        }
        let (inner, busy) = (Arc::clone(&self.inner), &self.inner.busy);
        if busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let work = move || {
            let _done = Done(&inner.busy);
            let bytes = snapshot::encode(&state, height, time);
            if let Err(error) = bytes.and_then(|bytes| inner.shelf.put(height, &bytes)) {
                // The next one may go better; nothing else rests on it.
                eprintln!("sealight-ledger: no snapshot at height {height}: {error}");
            }
        };
        if std::thread::Builder::new().name("sealight-snapshot".into()).spawn(work).is_err() {
            self.inner.busy.store(false, Ordering::Release);
        }
    }
}

/// Name of the snapshot that a node joined with.
pub(super) const BASE: &str = "base";

/// Says that no snapshot is being made any more.
struct Done<'a>(&'a AtomicBool);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Restore {
    /// Whether the chunk is the one that was offered.
    fn put(&mut self, index: u32, chunk: &[u8]) -> bool {
        let Ok(at) = usize::try_from(index) else { return false };
        let offered = self.offer.chunks.get(at) == Some(&Sm3::hash(&[chunk]));
        match self.chunks.get_mut(at).filter(|_| offered) {
            Some(place) => {
                *place = Some(chunk.to_vec());
                true
            }
            None => false,
        }
    }

    /// All chunks, once all are here.
    fn whole(&self) -> Option<Vec<u8>> {
        let chunks: Option<Vec<&[u8]>> = self.chunks.iter().map(|chunk| chunk.as_deref()).collect();
        chunks.map(|chunks| chunks.concat())
    }
}
