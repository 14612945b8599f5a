//! What the application writes down of each block, and reads again when it starts.

use super::AbciError;
use super::view::View;
use crate::log::LogBook;
use crate::state::State;
use minicbor::{Decode, Encode};
use sealight_verify::codec::{Blob, Versioned};
use sealight_verify::hash::Hash32;
use sealight_verify::time::Timestamp;

/// One block as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(super) struct BlockRecord {
    #[n(0)]
    pub(super) version: u8,
    #[n(1)]
    pub(super) height: u64,
    #[n(2)]
    pub(super) time: Timestamp,
    /// Canonical bytes of each entry that was taken in.
    #[n(3)]
    pub(super) entries: Vec<Blob>,
    /// Root of the state after the block.
    #[n(4)]
    pub(super) app_hash: Hash32,
}

impl Versioned for BlockRecord {
    const NAME: &'static str = "block record";
    const MAX_LEN: usize = 32 * 1024 * 1024;
}

/// Blocks being read again.
pub(super) struct Replay {
    pub(super) view: View,
    pub(super) time: Timestamp,
    pub(super) log: LogBook,
}

impl Replay {
    /// Takes the next block: it follows the one before, its entries hold, and the state comes out
    /// as it was written down.
    pub(super) fn take(&mut self, record: BlockRecord) -> Result<(), AbciError> {
        let BlockRecord { height, time, entries, app_hash: expected, .. } = record;
        let next = self.view.height() + 1;
        if height != next {
            let got = i64::try_from(height).unwrap_or(i64::MAX);
            return Err(AbciError::Height { expected: next, got });
        }
        let mut state: State = self.view.state().clone();
        for entry in &entries {
            let applied = state.replay(entry, height, time);
            applied.map_err(|refused| AbciError::Refused { height, refused })?;
        }
        let got = state.app_hash();
        if got != expected {
            return Err(AbciError::OtherState { height, expected, got });
        }
        self.view.push(state);
        self.time = time;
        self.log.push(0, entries.iter().map(|entry| &entry[..]));
        Ok(())
    }
}
