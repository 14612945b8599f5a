//! A pack held against what a device trusts, as it is read: with one chunk and one lot in memory.
//!
//! Trust files, checkpoints and blocks are taken by the rules for whatever a gateway sends, and
//! remembered; lots, lives, buckets and codes are held against the header of the pack's height and
//! forgotten again: whoever scans verifies them anew. Who made the pack counts for nothing here.
//! Blocks as its reader does; cancelling is asked between two portions.

mod holding;
mod listed;

use super::error::LightError;
use super::light::Light;
use crate::cancel::Cancel;
use holding::Holding;
use sealight_verify::chain::AcceptError;
use sealight_verify::codec::CodecError;
use sealight_verify::format::bounds::BoundsError;
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::pack::{
    Damage, PackError, PackReader, PackStart, Piece, Place, Sealed,
};
use sealight_verify::judge::{ProofError, Unproven};
use sealight_verify::time::Timestamp;
use std::io::Read;

/// Bytes that are read at once.
const PORTION: usize = 64 * 1024;

/// What a pack came to.
#[derive(Debug, Clone)]
pub struct PackReport {
    /// What it begins with.
    pub start: PackStart,
    /// What it ends with; none where its end is missing.
    pub sealed: Option<Sealed>,
    /// Time of the header of its height; none where that was not accepted.
    pub as_of: Option<Timestamp>,
    /// Whether the device knew a newer header before.
    pub older: bool,
    /// What is in it.
    pub counts: PackCounts,
    /// Files that it lists, or that its lots and indexes have, and that are not in it. Those that
    /// never change are not missed where it builds on other packs.
    pub missing: u64,
    /// Damaged places, the first of them.
    pub damaged: Vec<Damage>,
    /// Chunks that do not hold, the first of them.
    pub refused: Vec<Refused>,
    /// How many places are damaged.
    pub damaged_count: u64,
    /// How many chunks do not hold.
    pub refused_count: u64,
}

/// What is in a pack, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PackCounts {
    /// Bytes of all of it.
    pub bytes: u64,
    /// Chunks.
    pub chunks: u64,
    /// Trust files.
    pub trust_files: u64,
    /// Light blocks.
    pub blocks: u64,
    /// Lots.
    pub lots: u64,
    /// Life files.
    pub lives: u64,
    /// Buckets of items.
    pub buckets: u64,
    /// Items in them.
    pub items: u64,
    /// Code indexes.
    pub indexes: u64,
    /// Code files.
    pub codes: u64,
    /// Languages.
    pub words: u64,
}

/// A chunk that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it belongs.
    pub place: Place,
    /// Why.
    pub why: PackFault,
}

/// Why a chunk does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackFault {
    /// Not the structure.
    Codec(CodecError),
    /// A trust file or a checkpoint that is not taken.
    Light(LightError),
    /// A block that is not accepted.
    Header(AcceptError),
    /// No trusted header of the pack's height, under which this could be proven.
    NoHeader {
        /// The height.
        height: u64,
    },
    /// A proof that does not hold.
    Proof(Unproven),
    /// It holds what it may not.
    Bounds(BoundsError),
    /// It belongs to no lot or index before it, to another height, or to another ledger.
    Stray,
    /// It is there already, or does not come in its order.
    Twice,
    /// More files than a device keeps apart.
    TooMany {
        /// Most files.
        limit: usize,
    },
}

impl core::fmt::Display for PackFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Codec(error) => error.fmt(f),
            Self::Light(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::NoHeader { height } => write!(f, "no trusted header of height {height}"),
            Self::Proof(error) => error.fmt(f),
            Self::Bounds(error) => error.fmt(f),
            Self::Stray => f.write_str("belongs to nothing in this pack"),
            Self::Twice => f.write_str("is there already, or not in its order"),
            Self::TooMany { limit } => write!(f, "more than {limit} files beside those of lots"),
        }
    }
}

impl core::error::Error for PackFault {}

/// Why a pack was not read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackStopped {
    /// The file fails.
    Read {
        /// What the system says.
        why: String,
    },
    /// It is no pack, or one that this app is too old for.
    NoPack(PackError),
    /// The trust file does not list its ledger.
    UnknownLedger {
        /// The ledger.
        ledger: LedgerId,
    },
    /// The person stopped it.
    Cancelled,
}

impl Light {
    /// Reads a pack to its end and takes what the device may take from anybody.
    ///
    /// # Errors
    /// What kept it from being read; everything else is in the report.
    pub fn read_pack(
        &mut self,
        from: &mut dyn Read,
        system: Timestamp,
        told: &mut dyn FnMut(&PackCounts),
        cancel: &Cancel,
    ) -> Result<PackReport, PackStopped> {
        let (mut reader, mut portion) = (PackReader::new(), vec![0; PORTION]);
        let mut holding: Option<Holding<'_>> = None;
        let mut light = Some(self);
        let mut bytes = 0u64;
        loop {
            if cancel.is_cancelled() {
                return Err(PackStopped::Cancelled);
            }
            let read = from.read(&mut portion);
            let read = read.map_err(|error| PackStopped::Read { why: error.to_string() })?;
            bytes += read as u64;
            match read {
                0 => reader.finish(),
                read => reader.feed(&portion[..read]),
            }
            while let Some(piece) = reader.piece() {
                match (&mut holding, piece) {
                    (None, Piece::Start(start)) => {
                        let Some(light) = light.take() else { continue };
                        holding = Some(Holding::begin(light, start, system)?);
                    }
                    (None, Piece::Damage(damage)) => return Err(PackStopped::NoPack(damage.error)),
                    (None, _) => {}
                    (Some(holding), piece) => holding.take(piece),
                }
            }
            if let Some(holding) = &mut holding {
                told(holding.read(bytes));
            }
            if read == 0 {
                let holding = holding.ok_or(PackStopped::NoPack(PackError::NotAPack))?;
                return Ok(holding.end());
            }
        }
    }
}

impl From<CodecError> for PackFault {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
    }
}

impl From<BoundsError> for PackFault {
    fn from(error: BoundsError) -> Self {
        Self::Bounds(error)
    }
}

impl From<LightError> for PackFault {
    fn from(error: LightError) -> Self {
        Self::Light(error)
    }
}

impl From<Unproven> for PackFault {
    fn from(error: Unproven) -> Self {
        Self::Proof(error)
    }
}

impl From<ProofError> for PackFault {
    fn from(error: ProofError) -> Self {
        Self::Proof(error.into())
    }
}
