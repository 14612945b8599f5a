//! Files that stand at places of their own, beside blocks, buckets and signed files.

use crate::codec::Versioned;
use crate::format::answer::StateAnswer;
use crate::format::bounds::{BoundsError, length, require};
use crate::format::bundle::{LifePart, LotPart};
use crate::format::ids::{LedgerId, LotId};
use crate::format::namespace::Namespace;
use alloc::vec::Vec;
use minicbor::{Decode, Encode};

/// Where a reader begins: which height is served, and hints how to get there. Nobody signs it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PackHead {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The ledger.
    #[n(1)]
    pub ledger: LedgerId,
    /// Height whose block and state are served.
    #[n(2)]
    pub height: u64,
    /// Serial of the newest trust file that is served.
    #[n(3)]
    pub trust: u64,
    /// Heights at which the validators changed, ascending; at most 4,096.
    #[n(4)]
    pub changes: Vec<u64>,
    /// Namespaces that have a code index; at most 4,096.
    #[n(5)]
    pub indexes: Vec<Namespace>,
}

impl Versioned for PackHead {
    const NAME: &'static str = "pack head";
    const MAX_LEN: usize = 1024 * 1024;
}

/// Most set changes, and most namespaces, that a head names.
const MAX_NAMED: usize = 4096;
/// Highest height that any ledger reaches.
const MAX_HEIGHT: u64 = (1 << 48) - 1;

impl PackHead {
    /// Refuses what no head holds.
    ///
    /// # Errors
    /// The first field that holds more than it may, or what it may not; see [`BoundsError`].
    pub fn bounds(&self) -> Result<(), BoundsError> {
        height(self.height)?;
        length("changes", self.changes.len(), MAX_NAMED)?;
        let rising = self.changes.windows(2).all(|pair| pair[0] < pair[1]);
        require("changes", rising && self.changes.iter().all(|change| height(*change).is_ok()))?;
        length("indexes", self.indexes.len(), MAX_NAMED)?;
        self.indexes.iter().try_for_each(Namespace::bounds)
    }
}

/// A height that a header can have.
pub(super) fn height(height: u64) -> Result<(), BoundsError> {
    require("height", (1..=MAX_HEIGHT).contains(&height))
}

/// The lots of a ledger, ascending: a hint for whoever copies all of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LotList {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Their ids.
    #[n(1)]
    pub lots: Vec<LotId>,
}

impl LotList {
    /// Refuses a list that is not in its order.
    ///
    /// # Errors
    /// [`BoundsError::Unfit`] where the ids do not ascend.
    pub fn bounds(&self) -> Result<(), BoundsError> {
        require("lots", self.lots.windows(2).all(|pair| pair[0] < pair[1]))
    }
}

impl Versioned for LotList {
    const NAME: &'static str = "list of lots";
    const MAX_LEN: usize = 4 * 1024 * 1024;
}

/// Life of one bucket of a touched lot. It hangs on the life root alone, so it stays as it is
/// until the lot's life changes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LifeFile {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The leaf and its path.
    #[n(1)]
    pub life: LifePart,
}

impl Versioned for LifeFile {
    const NAME: &'static str = "life file";
    const MAX_LEN: usize = 4 * 1024;
}

/// The file of a lot out of the answer for any of its buckets: what all of its items share.
pub fn lot_file(answer: StateAnswer) -> StateAnswer {
    let lot = answer.lot.map(|lot| LotPart { item: None, life: None, ..lot });
    StateAnswer { lot, ..answer }
}
