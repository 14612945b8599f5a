//! A pack held against what a device trusts, as it is read: with one chunk and one lot in memory.
//!
//! Trust files, checkpoints and blocks are taken by the rules for whatever a gateway sends, and
//! remembered; lots, lives, buckets and codes are held against the header of the pack's height and
//! forgotten again: whoever scans verifies them anew. Who made the pack counts for nothing here.
//! Blocks as its reader does; cancelling is asked between two portions.

use super::error::LightError;
use super::light::Light;
use crate::cancel::Cancel;
use sealight_verify::chain::{AcceptError, Change, CheckpointError, TrustedHeader};
use sealight_verify::codec::{self, CodecError};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::answer::{Bucket, RecallFeed, StateAnswer};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::index::CodeFile;
use sealight_verify::format::pack::{
    Chunk, Damage, LifeFile, LotList, PackError, PackHead, PackReader, PackStart, Piece, Place,
    Sealed,
};
use sealight_verify::judge::{PackIndex, PackLot, ProofError, Unproven};
use sealight_verify::time::Timestamp;
use std::io::Read;

/// Bytes that are read at once.
const PORTION: usize = 64 * 1024;
/// Faults of each kind that are listed; all are counted.
const LISTED: usize = 64;

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
    /// Files of its lots that a whole pack would have: none are missed where it builds on others.
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
    /// It belongs to no lot or index before it, to another height, or to another ledger.
    Stray,
}

impl core::fmt::Display for PackFault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Codec(error) => error.fmt(f),
            Self::Light(error) => error.fmt(f),
            Self::Header(error) => error.fmt(f),
            Self::NoHeader { height } => write!(f, "no trusted header of height {height}"),
            Self::Proof(error) => error.fmt(f),
            Self::Stray => f.write_str("belongs to nothing in this pack"),
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
                holding.report.counts.bytes = bytes;
                told(&holding.report.counts);
            }
            if read == 0 {
                let holding = holding.ok_or(PackStopped::NoPack(PackError::NotAPack))?;
                return Ok(holding.end());
            }
        }
    }
}

/// A pack being read.
struct Holding<'a> {
    light: &'a mut Light,
    system: Timestamp,
    ledger: LedgerId,
    lot: Option<(PackLot, u64)>,
    index: Option<PackIndex>,
    report: PackReport,
}

impl<'a> Holding<'a> {
    fn begin(
        light: &'a mut Light,
        start: PackStart,
        system: Timestamp,
    ) -> Result<Self, PackStopped> {
        let ledger = start.ledger;
        let chain = light.chain(&ledger).ok_or(PackStopped::UnknownLedger { ledger })?;
        let older = chain.head().is_some_and(|head| head.height() > start.height);
        let report = PackReport {
            start,
            sealed: None,
            as_of: None,
            older,
            counts: PackCounts::default(),
            missing: 0,
            damaged: Vec::new(),
            refused: Vec::new(),
            damaged_count: 0,
            refused_count: 0,
        };
        Ok(Self { light, system, ledger, lot: None, index: None, report })
    }

    fn take(&mut self, piece: Piece) {
        match piece {
            Piece::Start(_) => {}
            Piece::Damage(damage) => {
                self.report.damaged_count += 1;
                if self.report.damaged.len() < LISTED {
                    self.report.damaged.push(damage);
                }
            }
            Piece::End(sealed) => self.report.sealed = Some(sealed),
            Piece::Chunk(chunk) => {
                self.report.counts.chunks += 1;
                if let Err(why) = self.chunk(&chunk) {
                    self.report.refused_count += 1;
                    if self.report.refused.len() < LISTED {
                        self.report.refused.push(Refused { place: chunk.place, why });
                    }
                }
            }
        }
    }

    fn end(mut self) -> PackReport {
        self.lot_ends();
        let height = self.report.start.height;
        self.report.as_of = self.header(height).ok().map(|header| header.time());
        self.report
    }

    fn chunk(&mut self, chunk: &Chunk) -> Result<(), PackFault> {
        let (bytes, ours) = (&chunk.bytes[..], self.report.start.height);
        let counts = &mut self.report.counts;
        match &chunk.place {
            Place::Head => {
                let head: PackHead = codec::decode(bytes)?;
                let fits = head.ledger == self.ledger && head.height == ours;
                if fits { Ok(()) } else { Err(PackFault::Stray) }
            }
            Place::Trust(serial) => {
                counts.trust_files += 1;
                self.trust(*serial, bytes)
            }
            Place::Checkpoint(ledger) if *ledger == self.ledger => self.checkpoint(bytes),
            Place::Block(height) => {
                counts.blocks += 1;
                self.block(*height, bytes)
            }
            Place::Recalls(height) if *height == ours => {
                codec::decode::<RecallFeed>(bytes)?;
                Ok(())
            }
            Place::Lots(height) if *height == ours => {
                codec::decode::<LotList>(bytes)?;
                Ok(())
            }
            Place::Words(_) => {
                counts.words += 1;
                std::str::from_utf8(bytes).map(|_| ()).map_err(|_| PackFault::Stray)
            }
            Place::Lot(height, lot) if *height == ours => {
                counts.lots += 1;
                self.lot_ends();
                let (header, answer) = (self.header(ours)?, codec::decode::<StateAnswer>(bytes)?);
                let proven = PackLot::prove(&answer, *lot, self.ledger, &header)?;
                self.lot = proven.map(|lot| (lot, 0));
                Ok(())
            }
            Place::Life(lot, root, number) => {
                counts.lives += 1;
                let of = self.lot.as_ref().map(|(of, _)| of);
                let of = of.filter(|of| of.id() == *lot && of.touched() == Some(*root));
                Ok(of.ok_or(PackFault::Stray)?.life(*number, &codec::decode::<LifeFile>(bytes)?)?)
            }
            Place::Bucket(root, number) => {
                counts.buckets += 1;
                let of = self.lot.as_mut().filter(|(of, _)| of.root() == *root);
                let (of, seen) = of.ok_or(PackFault::Stray)?;
                let file: Bucket = codec::decode(bytes)?;
                of.bucket(*number, &file)?;
                *seen += 1;
                counts.items += file.records.len() as u64;
                Ok(())
            }
            Place::Index(height, key) if *height == ours => {
                counts.indexes += 1;
                let (header, answer) = (self.header(ours)?, codec::decode::<StateAnswer>(bytes)?);
                self.index = PackIndex::prove(&answer, key, &header)?;
                Ok(())
            }
            Place::Codes(root, bits, prefix) => {
                counts.codes += 1;
                let of = self.index.as_ref();
                let of = of.filter(|of| of.root() == *root && of.prefix_bits() == *bits);
                Ok(of
                    .ok_or(PackFault::Stray)?
                    .codes(*prefix, &codec::decode::<CodeFile>(bytes)?)?)
            }
            _ => Err(PackFault::Stray),
        }
    }

    fn lot_ends(&mut self) {
        if let Some((lot, seen)) = self.lot.take()
            && self.report.start.bases.is_empty()
        {
            self.report.missing += u64::from(lot.buckets()).saturating_sub(seen);
        }
    }

    /// An older trust file than the device's own is nothing new.
    fn trust(&mut self, serial: u64, bytes: &[u8]) -> Result<(), PackFault> {
        if serial <= self.light.trust().serial {
            return Ok(());
        }
        Ok(self.light.rotate_trust(bytes, self.system)?)
    }

    fn checkpoint(&mut self, bytes: &[u8]) -> Result<(), PackFault> {
        match self.light.take_checkpoint(bytes, self.system) {
            Ok(()) | Err(LightError::Checkpoint(CheckpointError::NotNewer { .. })) => Ok(()),
            Err(error) => Err(PackFault::Light(error)),
        }
    }

    fn block(&mut self, height: u64, bytes: &[u8]) -> Result<(), PackFault> {
        let block: LightBlock = codec::decode(bytes)?;
        if block.height() != height {
            return Err(PackFault::Stray);
        }
        let none = PackFault::NoHeader { height };
        let now = self.light.now(&self.ledger, self.system).ok_or(none.clone())?;
        let chain = self.light.chain(&self.ledger).ok_or(none)?;
        // The set after a checkpoint, where this block has it.
        let set = chain.offer_validators(block.validators.clone()).unwrap_or(Change::Nothing);
        self.absorb(set)?;
        let Some(chain) = self.light.chain(&self.ledger) else { return Err(PackFault::Stray) };
        match chain.accept(&block, &now) {
            Ok(accepted) => self.absorb(accepted.remember),
            Err(error) => {
                error.remember().map_or(Ok(()), |fork| self.absorb(fork))?;
                Err(PackFault::Header(error))
            }
        }
    }

    fn absorb(&mut self, change: Change) -> Result<(), PackFault> {
        let kept = self.light.absorb(&self.ledger, &[change], &[], self.system);
        kept.map_err(|error| PackFault::Light(LightError::Store(error)))
    }

    fn header(&self, height: u64) -> Result<TrustedHeader, PackFault> {
        let chain = self.light.chain(&self.ledger);
        let header = chain.and_then(|chain| chain.headers().find(|held| held.height() == height));
        header.cloned().ok_or(PackFault::NoHeader { height })
    }
}

impl From<CodecError> for PackFault {
    fn from(error: CodecError) -> Self {
        Self::Codec(error)
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
