//! Files that stand at places of their own, beside blocks, buckets and signed files.

use crate::codec::Versioned;
use crate::format::answer::StateAnswer;
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
