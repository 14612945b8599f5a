//! What a pack holds, held against the header that it belongs to, file by file.

use super::prove;
use super::reason::{Part, ProofError, Unproven};
use crate::chain::TrustedHeader;
use crate::format::answer::{Bucket, StateAnswer};
use crate::format::ids::{LedgerId, LotId};
use crate::format::index::{CodeFile, CodeIndex};
use crate::format::life;
use crate::format::lot::{BUCKET_ITEMS, LotState};
use crate::format::pack::LifeFile;
use crate::hash::{Hash32, Sm3};
use crate::tree::{TreeError, log, map};

/// A lot under a trusted header, with which its files are verified; only [`PackLot::prove`] makes
/// one.
pub struct PackLot {
    id: LotId,
    state: LotState,
}

/// A code index under a trusted header; only [`PackIndex::prove`] makes one.
pub struct PackIndex(CodeIndex);

impl PackLot {
    /// Verifies the file of a lot: state, anchor, events and parties; none where it shows that
    /// there is no such lot.
    ///
    /// # Errors
    /// [`Unproven::BadProof`] with what does not hold: roots that are not the header's, another lot
    /// or height, a part that is missing or not called for, an entry that is not the one in the
    /// state. [`Unproven::EventsMissing`] for fewer events than the state counts, and
    /// [`Unproven::AppTooOld`] for a newer format.
    pub fn prove(
        answer: &StateAnswer,
        id: LotId,
        ledger: LedgerId,
        header: &TrustedHeader,
    ) -> Result<Option<Self>, Unproven> {
        prove::state(&answer.roots, header)?;
        let part = answer.lot.as_ref().ok_or(ProofError::Missing(Part::Lot))?;
        if part.id != id || answer.height != header.height() {
            return Err(ProofError::WrongItem.into());
        }
        if part.item.is_some() {
            return Err(ProofError::Superfluous(Part::Item).into());
        }
        if part.life.is_some() {
            return Err(ProofError::Superfluous(Part::Life).into());
        }
        if answer.code.is_some() {
            return Err(ProofError::Superfluous(Part::CodeIndex).into());
        }
        let Some(state) = prove::lot_state(part, &answer.roots.lots)? else { return Ok(None) };
        let kept = state.clone();
        let lot = prove::proven_lot(part, state, &answer.parties, &answer.roots, ledger)?;
        lot.all_events()?;
        Ok(Some(Self { id, state: kept }))
    }

    /// The lot.
    pub fn id(&self) -> LotId {
        self.id
    }

    /// Root of its items.
    pub fn root(&self) -> Hash32 {
        self.state.root
    }

    /// Root of its life, where any item left the state in which all started.
    pub fn touched(&self) -> Option<Hash32> {
        let untouched = life::untouched_root(self.state.initial, self.state.size);
        (untouched != self.state.life_root).then_some(self.state.life_root)
    }

    /// Number of items.
    pub fn size(&self) -> u32 {
        self.state.size
    }

    /// Number of its buckets.
    pub fn buckets(&self) -> u32 {
        self.state.size.div_ceil(BUCKET_ITEMS)
    }

    /// Accepts a bucket file of the lot.
    ///
    /// # Errors
    /// [`ProofError::Bounds`] for more records than a bucket has, and [`ProofError::Path`] where
    /// they are not those of the lot at that place.
    pub fn bucket(&self, number: u32, file: &Bucket) -> Result<(), ProofError> {
        file.bounds().map_err(ProofError::Bounds)?;
        let path = |error| ProofError::Path { part: Part::Item, error };
        let got = file.lot_root(number, self.state.size).map_err(path)?;
        let expected = self.state.root;
        if got == expected { Ok(()) } else { Err(path(TreeError::RootMismatch { expected, got })) }
    }

    /// Accepts a life file of the lot.
    ///
    /// # Errors
    /// [`ProofError::WrongEntry`] for a leaf of another length, and [`ProofError::Path`] where it
    /// does not stand at that place of the lot's life.
    pub fn life(&self, number: u32, file: &LifeFile) -> Result<(), ProofError> {
        let path = |error| ProofError::Path { part: Part::Life, error };
        if file.life.leaf.len() != life::LEAF_ITEMS as usize {
            return Err(ProofError::WrongEntry(Part::Life));
        }
        let leaf = life::leaf(&file.life.leaf);
        let (at, count) = (u64::from(number), life::leaf_count(self.state.size));
        log::verify_inclusion::<Sm3>(&leaf, at, count, &file.life.path, &self.state.life_root)
            .map_err(path)
    }
}

impl PackIndex {
    /// Verifies the file of a code index; none where it shows that the namespace has none.
    ///
    /// # Errors
    /// [`Unproven::BadProof`] with what does not hold: roots that are not the header's, another
    /// namespace or height, a part that is missing or not called for. [`Unproven::AppTooOld`] for a
    /// newer format.
    pub fn prove(
        answer: &StateAnswer,
        key: &Hash32,
        header: &TrustedHeader,
    ) -> Result<Option<Self>, Unproven> {
        prove::state(&answer.roots, header)?;
        let part = answer.code.as_ref().ok_or(ProofError::Missing(Part::CodeIndex))?;
        if answer.height != header.height() || answer.lot.is_some() || !answer.parties.is_empty() {
            return Err(ProofError::WrongItem.into());
        }
        if part.bucket.is_some() || !part.targets.is_empty() {
            return Err(ProofError::Superfluous(Part::Codes).into());
        }
        Ok(prove::code_index(part, key, &answer.roots.indexes)?.map(Self))
    }

    /// Root of the codes.
    pub fn root(&self) -> Hash32 {
        self.0.root
    }

    /// Bits of the prefix by which its files are cut.
    pub fn prefix_bits(&self) -> u8 {
        self.0.prefix_bits
    }

    /// Number of its files: one for each prefix.
    pub fn files(&self) -> u64 {
        1 << self.0.prefix_bits.min(24)
    }

    /// Accepts a code file of the index for this prefix of 24 bits. Indexes of equal roots share
    /// their files, so that the namespace in one may be another's.
    ///
    /// # Errors
    /// [`ProofError::Path`] where the codes are not all that the index has under the prefix, and
    /// [`ProofError::WrongEntry`] where one leads elsewhere than the index says, or the file is one
    /// of another prefix.
    pub fn codes(&self, prefix: u32, file: &CodeFile) -> Result<(), ProofError> {
        if file.prefix != prefix {
            return Err(ProofError::WrongEntry(Part::Codes));
        }
        let path = |error| ProofError::Path { part: Part::Codes, error };
        let mut key = Hash32([0; 32]);
        key.0[..4].copy_from_slice(&(prefix << 8).to_be_bytes());
        let entries =
            map::verify_prefix::<Sm3>(&self.0.root, self.0.prefix_bits, &key, &file.bucket)
                .map_err(path)?;
        let fit = entries.len() == file.targets.len()
            && entries.iter().zip(&file.targets).all(|(e, to)| e.value_hash == to.value_hash());
        if fit { Ok(()) } else { Err(ProofError::WrongEntry(Part::Codes)) }
    }
}
