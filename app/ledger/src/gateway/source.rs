//! What a gateway serves: a ledger in this process, or a node beside a consensus engine.

use super::calls::{Answer, Call, RpcError};
use crate::embedded::Embedded;
use crate::files::{FileError, Files};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::lot::StorageReceipt;
use sealight_verify::hash::Hash32;

/// A ledger as a gateway sees it. Every call may block.
pub(crate) trait Source: Send + Sync {
    /// Answers a call with the names of CometBFT's RPC.
    fn call(&self, call: Call) -> Result<Answer, RpcError>;
    /// Answers a query under the header at `height`, 0 for the newest; gives the height too. None
    /// where there is no answer.
    fn answer(&self, path: &str, data: &[u8], height: u64) -> Option<(u64, Vec<u8>)>;
    /// The light block of a height, of the newest where none is named; none where there is none.
    fn block(&self, height: Option<u64>) -> Option<LightBlock>;
    /// Files of lots and indexes.
    fn files(&self) -> &Files;
    /// The ledger's id.
    fn ledger(&self) -> LedgerId;
    /// Recomputes a lot's root from its files and signs for it: as many receipts as an anchor
    /// needs, or its own `alone`.
    fn receipts(
        &self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
        alone: bool,
    ) -> Result<Vec<StorageReceipt>, FileError>;
    /// The newest signed checkpoint; empty where there is none.
    fn checkpoint(&self) -> Vec<u8>;
    /// The signed trust file of this serial, else the newest; none where there is none.
    fn trust(&self, serial: Option<u64>) -> Result<Option<Vec<u8>>, String>;
}

impl Source for Embedded {
    fn call(&self, call: Call) -> Result<Answer, RpcError> {
        call.run(self)
    }

    fn answer(&self, path: &str, data: &[u8], height: u64) -> Option<(u64, Vec<u8>)> {
        self.query(path, data, height).ok()
    }

    fn block(&self, height: Option<u64>) -> Option<LightBlock> {
        self.light_block(height).ok()
    }

    fn files(&self) -> &Files {
        self.files()
    }

    fn ledger(&self) -> LedgerId {
        self.ledger()
    }

    fn receipts(
        &self,
        lot: &LotId,
        root: &Hash32,
        size: u32,
        _alone: bool,
    ) -> Result<Vec<StorageReceipt>, FileError> {
        self.receipts(lot, root, size)
    }

    fn checkpoint(&self) -> Vec<u8> {
        self.checkpoint().to_vec()
    }

    fn trust(&self, serial: Option<u64>) -> Result<Option<Vec<u8>>, String> {
        let found = match serial {
            Some(serial) => self.trust_of(serial),
            None => self.trust().map(Some),
        };
        found.map_err(|error| error.to_string())
    }
}
