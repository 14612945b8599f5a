//! Each chunk of a pack held against what is known before it, and what came of all of them.

use super::listed::Listed;
use super::{PackCounts, PackFault, PackReport, PackStopped, Refused};
use crate::client::error::LightError;
use crate::client::light::Light;
use sealight_verify::chain::{Change, CheckpointError, TrustedHeader};
use sealight_verify::codec;
use sealight_verify::comet::LightBlock;
use sealight_verify::format::answer::{Bucket, RecallFeed, StateAnswer};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::format::index::CodeFile;
use sealight_verify::format::pack::{Chunk, LifeFile, LotList, PackHead, PackStart, Piece, Place};
use sealight_verify::judge::{PackIndex, PackLot};
use sealight_verify::time::Timestamp;

/// Faults of each kind that are listed; all are counted.
const LISTED: usize = 64;

/// A pack being read.
pub(super) struct Holding<'a> {
    light: &'a mut Light,
    system: Timestamp,
    ledger: LedgerId,
    /// A lot, and how many of its life files and buckets came.
    lot: Option<(PackLot, u64, u64)>,
    /// A code index, and how many of its files came.
    index: Option<(PackIndex, u64)>,
    listed: Listed,
    report: PackReport,
}

impl<'a> Holding<'a> {
    pub(super) fn begin(
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
        let listed = Listed::default();
        Ok(Self { light, system, ledger, lot: None, index: None, listed, report })
    }

    /// So many bytes of it were read.
    pub(super) fn read(&mut self, bytes: u64) -> &PackCounts {
        self.report.counts.bytes = bytes;
        &self.report.counts
    }

    pub(super) fn take(&mut self, piece: Piece) {
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

    pub(super) fn end(mut self) -> PackReport {
        self.lot_ends();
        self.index_ends();
        let height = self.report.start.height;
        self.report.missing += self.listed.missing(height);
        self.report.as_of = self.header(height).ok().map(|header| header.time());
        self.report
    }

    fn chunk(&mut self, chunk: &Chunk) -> Result<(), PackFault> {
        let (bytes, ours) = (&chunk.bytes[..], self.report.start.height);
        self.listed.once(&chunk.place)?;
        let counts = &mut self.report.counts;
        match &chunk.place {
            Place::Head => {
                let head: PackHead = codec::decode(bytes)?;
                head.bounds()?;
                let fits = head.ledger == self.ledger && head.height == ours;
                fits.then(|| self.listed.head(&head)).ok_or(PackFault::Stray)
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
                let list = codec::decode::<LotList>(bytes)?;
                list.bounds()?;
                self.listed.lots(list);
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
                self.lot = proven.map(|lot| (lot, 0, 0));
                Ok(())
            }
            Place::Life(lot, root, number) => {
                counts.lives += 1;
                let fits = |of: &PackLot| of.id() == *lot && of.touched() == Some(*root);
                let of = self.lot.as_mut().filter(|(of, ..)| fits(of));
                let (of, seen, _) = of.ok_or(PackFault::Stray)?;
                of.life(*number, &codec::decode::<LifeFile>(bytes)?)?;
                *seen += 1;
                Ok(())
            }
            Place::Bucket(root, number) => {
                counts.buckets += 1;
                let of = self.lot.as_mut().filter(|(of, ..)| of.root() == *root);
                let (of, _, seen) = of.ok_or(PackFault::Stray)?;
                let file: Bucket = codec::decode(bytes)?;
                of.bucket(*number, &file)?;
                *seen += 1;
                counts.items += file.records.len() as u64;
                Ok(())
            }
            Place::Index(height, key) if *height == ours => {
                counts.indexes += 1;
                self.index_ends();
                let (header, answer) = (self.header(ours)?, codec::decode::<StateAnswer>(bytes)?);
                self.index = PackIndex::prove(&answer, key, &header)?.map(|index| (index, 0));
                Ok(())
            }
            Place::Codes(root, bits, prefix) => {
                counts.codes += 1;
                let fits = |of: &PackIndex| of.root() == *root && of.prefix_bits() == *bits;
                let of = self.index.as_mut().filter(|(of, _)| fits(of));
                let (of, seen) = of.ok_or(PackFault::Stray)?;
                of.codes(*prefix, &codec::decode::<CodeFile>(bytes)?)?;
                *seen += 1;
                Ok(())
            }
            _ => Err(PackFault::Stray),
        }
    }

    fn lot_ends(&mut self) {
        if let Some((lot, lives, buckets)) = self.lot.take() {
            let all = u64::from(lot.buckets());
            let touched = if lot.touched().is_some() { all } else { 0 };
            self.lacks(all.saturating_sub(buckets) + touched.saturating_sub(lives));
        }
    }

    fn index_ends(&mut self) {
        if let Some((index, codes)) = self.index.take() {
            self.lacks(index.files().saturating_sub(codes));
        }
    }

    /// Files that never change are not here: those that it builds on may have them.
    fn lacks(&mut self, files: u64) {
        if self.report.start.bases.is_empty() {
            self.report.missing += files;
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
