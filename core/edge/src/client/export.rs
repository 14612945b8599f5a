//! Copying a ledger's files from a gateway: each verified before it is handed on.
//!
//! The files come out in the order in which a pack has them: what proves headers, then the lots,
//! each with its lives and buckets behind it. Memory holds one file at a time. Blocks as
//! [`crate::net`] says, for two requests a bucket; cancelling is asked between two files.

use super::source::bad;
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway};
use sealight_verify::chain::{Change, HeaderChain, TrustedHeader};
use sealight_verify::codec::{self, encode};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::answer::{Bucket, RecallFeed, StateAnswer};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::CodeFile;
use sealight_verify::format::pack::{LifeFile, LotList, PackHead, Place};
use sealight_verify::format::state::MapDomain;
use sealight_verify::judge::{PackIndex, PackLot};
use sealight_verify::time::Now;
use sealight_verify::trust::{SignedCheckpoint, TrustFile, Trusted, open, rotate};
use std::collections::BTreeSet;

/// What was copied so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Lots that are done.
    pub lots: u64,
    /// Lots in all.
    pub of_lots: u64,
}

/// Why a ledger was not copied.
#[derive(Debug)]
pub enum ExportError {
    /// The gateway does not give what it should: no answer, files of another ledger, or no way from
    /// its checkpoint to its head.
    Gateway(Fault),
    /// A file that no device would take, whether it does not read or does not prove what it should:
    /// it is not written, and nothing is finished.
    Unfit {
        /// Where it belongs.
        place: Place,
        /// Why it would not be taken.
        why: String,
    },
    /// The ledger has no such lot.
    NoLot {
        /// The lot.
        lot: LotId,
    },
    /// What was copied cannot be written.
    Write(std::io::Error),
}

impl From<Fault> for ExportError {
    fn from(fault: Fault) -> Self {
        Self::Gateway(fault)
    }
}

/// Takes a file.
pub type Put<'a> = &'a mut dyn FnMut(&Place, &[u8]) -> std::io::Result<()>;

/// What is copied, and from whom.
pub struct Export<'a> {
    /// The gateway.
    pub gateway: &'a Gateway,
    /// The device's trust file.
    pub trust: &'a Trusted<TrustFile>,
    /// What the device trusts of the ledger.
    pub chain: &'a HeaderChain,
    /// The present.
    pub now: &'a Now,
    /// Only these lots; all where there are none.
    pub lots: &'a [LotId],
    /// What need not be copied: it stands in a pack that this one builds on.
    pub has: &'a dyn Fn(&Place) -> bool,
    /// Texts by language, which come from no gateway.
    pub words: &'a [(&'a str, &'a [u8])],
    /// What stops it.
    pub cancel: &'a Cancel,
}

impl Export<'_> {
    /// Where the gateway's files begin: the height that will be copied.
    ///
    /// # Errors
    /// [`ExportError::Gateway`] where the gateway gives no head, or one of another ledger.
    pub fn head(&self) -> Result<PackHead, ExportError> {
        // Within its bounds, or it would be none.
        let head = self.gateway.pack_head(self.cancel).map_err(Fault::Net)?;
        match head.ledger == *self.chain.ledger() {
            true => Ok(head),
            false => Err(bad("files of another ledger").into()),
        }
    }

    /// Copies everything under this head.
    ///
    /// # Errors
    /// [`ExportError::Gateway`] for what the gateway lacks, [`ExportError::Unfit`] for a file that
    /// no device would take, [`ExportError::NoLot`], and [`ExportError::Write`] with what `put`
    /// says. What was put until then stays.
    pub fn run(
        &self,
        head: &PackHead,
        put: Put<'_>,
        told: &mut dyn FnMut(Copied),
    ) -> Result<Copied, ExportError> {
        let mut copy = Copy { of: self, put, told, copied: Copied::default() };
        copy.give(&Place::Head, &encode(head))?;
        copy.trust(head.trust)?;
        let header = copy.headers(head)?;
        copy.if_there(&Place::Recalls(head.height), |bytes| {
            codec::decode::<RecallFeed>(bytes).map(|_| ()).map_err(text)
        })?;
        for (tag, text) in self.words {
            copy.give(&Place::Words((*tag).to_owned()), text)?;
        }
        let whole = self.lots.is_empty();
        if whole {
            head.indexes.iter().try_for_each(|space| copy.index(&encode(space), &header))?;
        }
        // A list of all lots goes with all lots; a reader misses those that it names.
        let lots: BTreeSet<LotId> = match whole {
            true => copy.all_lots(head.height)?,
            false => self.lots.iter().copied().collect(),
        };
        copy.copied.of_lots = lots.len() as u64;
        for lot in lots {
            copy.lot(lot, &header)?;
            copy.copied.lots += 1;
        }
        (copy.told)(copy.copied);
        Ok(copy.copied)
    }
}

fn unfit(place: &Place, why: &dyn ToString) -> ExportError {
    ExportError::Unfit { place: place.clone(), why: why.to_string() }
}

/// What a file says.
fn read<T: codec::Structure>(place: &Place, bytes: &[u8]) -> Result<T, ExportError> {
    codec::decode(bytes).map_err(|error| unfit(place, &error))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

struct Copy<'a, 'b> {
    of: &'a Export<'a>,
    put: Put<'b>,
    told: &'b mut dyn FnMut(Copied),
    copied: Copied,
}

impl Copy<'_, '_> {
    fn fetch(&self, place: &Place) -> Result<Vec<u8>, ExportError> {
        Ok(self.of.gateway.file(place, self.of.cancel).map_err(Fault::Net)?)
    }

    fn give(&mut self, place: &Place, bytes: &[u8]) -> Result<(), ExportError> {
        if place.is_for_ever() && (self.of.has)(place) {
            return Ok(());
        }
        (self.put)(place, bytes).map_err(ExportError::Write)?;
        self.copied.files += 1;
        self.copied.bytes += bytes.len() as u64;
        (self.told)(self.copied);
        Ok(())
    }

    /// A file that may be absent, and is refused where it is there and does not hold. That it fails
    /// to come says nothing of that: a pack without it would tell everybody that it is absent.
    fn if_there(
        &mut self,
        place: &Place,
        holds: impl FnOnce(&[u8]) -> Result<(), String>,
    ) -> Result<(), ExportError> {
        match self.fetch(place) {
            Ok(bytes) => {
                holds(&bytes).map_err(|why| unfit(place, &why))?;
                self.give(place, &bytes)
            }
            Err(ExportError::Gateway(Fault::Net(error))) if error.says_absent() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Every trust file that the gateway has, so that a device with an older one can follow: each
    /// signed by the one before it, and the device's own among them.
    fn trust(&mut self, newest: u64) -> Result<(), ExportError> {
        const MOST: u64 = 64;
        let oldest = newest.saturating_sub(MOST).max(1);
        let own = self.of.trust;
        let mut before: Option<Trusted<TrustFile>> = None;
        (oldest..=newest).try_for_each(|serial| {
            self.if_there(&Place::Trust(serial), |bytes| {
                let next = before.as_ref().filter(|before| before.serial + 1 == serial);
                let file = match next {
                    Some(before) => rotate(before, bytes),
                    None if serial > own.serial => rotate(own, bytes),
                    None => open(bytes),
                };
                let file = file.map_err(text)?;
                if file.serial != serial {
                    return Err(format!("it has serial {}", file.serial));
                }
                if serial == own.serial && *file != **own {
                    return Err("another one than this device's of that serial".into());
                }
                before = Some(file);
                Ok(())
            })
        })
    }

    /// The checkpoint and the blocks that lead from it to the head: each is accepted as by a device
    /// that has the trust file and nothing else.
    fn headers(&mut self, head: &PackHead) -> Result<TrustedHeader, ExportError> {
        let own = self.of.chain;
        let ledger = *own.ledger();
        let untrusted = |why: String| ExportError::Gateway(Fault::NoTrust { why });
        if let Some((common, fork)) = own.frozen() {
            return Err(untrusted(format!("frozen at height {common} after a fork at {fork}")));
        }
        let chain = HeaderChain::new(self.of.trust, &ledger);
        let mut chain = chain.ok_or_else(|| untrusted("the trust file lacks the ledger".into()))?;
        let place = Place::Checkpoint(ledger);
        let signed = self.fetch(&place)?;
        let decoded: SignedCheckpoint = read(&place, &signed)?;
        let change = chain.checkpoint(&decoded).map_err(|error| unfit(&place, &error))?;
        chain.apply(&change);
        let from = decoded.body.height;
        self.give(&place, &signed)?;
        let between = |height: &u64| (from..=head.height).contains(height);
        let around = |change: &u64| [change.saturating_sub(1), *change];
        let mut heights: BTreeSet<u64> = [from, from + 1, head.height].into();
        heights.extend(head.changes.iter().filter(|change| **change > from).flat_map(around));
        for height in heights.into_iter().filter(between) {
            let place = Place::Block(height);
            let bytes = self.fetch(&place)?;
            let block: LightBlock = read(&place, &bytes)?;
            if block.height() != height {
                return Err(unfit(&place, &format!("it has height {}", block.height())));
            }
            let set = chain.offer_validators(block.validators.clone()).unwrap_or(Change::Nothing);
            chain.apply(&set);
            match chain.accept(&block, self.of.now) {
                Ok(accepted) => chain.apply(&accepted.remember),
                Err(error) => return Err(unfit(&place, &error)),
            }
            self.give(&place, &bytes)?;
        }
        let way = || untrusted(format!("no way to height {}", head.height));
        let at = |chain: &HeaderChain| {
            chain.headers().find(|header| header.height() == head.height).cloned()
        };
        let header = at(&chain).ok_or_else(way)?;
        match at(own) {
            Some(known) if known.hash() != header.hash() => {
                let why = "another header than this device trusts there";
                Err(unfit(&Place::Block(head.height), &why))
            }
            _ => Ok(header),
        }
    }

    fn all_lots(&mut self, height: u64) -> Result<BTreeSet<LotId>, ExportError> {
        let place = Place::Lots(height);
        let bytes = self.fetch(&place)?;
        let list: LotList = read(&place, &bytes)?;
        list.bounds().map_err(|error| unfit(&place, &error))?;
        self.give(&place, &bytes)?;
        Ok(list.lots.into_iter().collect())
    }

    fn lot(&mut self, id: LotId, header: &TrustedHeader) -> Result<(), ExportError> {
        let place = Place::Lot(header.height(), id);
        let bytes = self.fetch(&place)?;
        let answer: StateAnswer = read(&place, &bytes)?;
        let lot = PackLot::prove(&answer, id, *self.of.chain.ledger(), header);
        let lot = lot.map_err(|error| unfit(&place, &error))?;
        let lot = lot.ok_or(ExportError::NoLot { lot: id })?;
        self.give(&place, &bytes)?;
        for number in 0..lot.buckets() {
            if let Some(root) = lot.touched() {
                let place = Place::Life(id, root, number);
                self.unless_there(&place, |bytes| {
                    let file: LifeFile = codec::decode(bytes).map_err(text)?;
                    lot.life(number, &file).map_err(text)
                })?;
            }
        }
        for number in 0..lot.buckets() {
            self.unless_there(&Place::Bucket(lot.root(), number), |bytes| {
                let file: Bucket = codec::decode(bytes).map_err(text)?;
                lot.bucket(number, &file).map_err(text)
            })?;
        }
        Ok(())
    }

    fn index(&mut self, space: &[u8], header: &TrustedHeader) -> Result<(), ExportError> {
        let key = MapDomain::INDEXES.key(space);
        let place = Place::Index(header.height(), key);
        let bytes = self.fetch(&place)?;
        let answer: StateAnswer = read(&place, &bytes)?;
        let index =
            PackIndex::prove(&answer, &key, header).map_err(|error| unfit(&place, &error))?;
        let index = index.ok_or_else(|| unfit(&place, &"the ledger has no such index"))?;
        self.give(&place, &bytes)?;
        let (root, bits) = (index.root(), index.prefix_bits());
        let beside = 24u8.saturating_sub(bits);
        for number in 0..1u32 << bits.min(24) {
            let prefix = number << beside;
            self.unless_there(&Place::Codes(root, bits, prefix), |bytes| {
                let file: CodeFile = codec::decode(bytes).map_err(text)?;
                index.codes(prefix, &file).map_err(text)
            })?;
        }
        Ok(())
    }

    fn unless_there(
        &mut self,
        place: &Place,
        holds: impl FnOnce(&[u8]) -> Result<(), String>,
    ) -> Result<(), ExportError> {
        if (self.of.has)(place) {
            return Ok(());
        }
        let bytes = self.fetch(place)?;
        holds(&bytes).map_err(|why| unfit(place, &why))?;
        self.give(place, &bytes)
    }
}
