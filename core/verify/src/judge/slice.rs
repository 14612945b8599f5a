//! Many items of one lot: what they share is proven once, then each is judged by itself.

use super::claim::{Named, SealClaim};
use super::prove::{self, ProvenLot, Walked};
use super::reason::{NotOnLedger, Part, ProofError, Unproven};
use super::{Found, Judgement, Policy, Verdict};
use crate::chain::{Change, HeaderChain, TrustedHeader};
use crate::codec;
use crate::format::bundle::LotPart;
use crate::format::life::{self, ItemLife, LEAF_ITEMS};
use crate::format::lot::{BUCKET_ITEMS, LotState};
use crate::format::record::{self, ItemRecord};
use crate::format::slice::LotSlice;
use crate::hash::{Hash32, Sm3};
use crate::time::Now;
use crate::tree::{bucket, multi};
use alloc::vec::Vec;

/// A slice of a lot, proven; only [`verify_slice`] makes one.
pub struct ProvenSlice {
    header: TrustedHeader,
    lot: ProvenLot,
    first: u32,
    slice: LotSlice,
}

/// Verifies everything that the items of a slice share, and that their records and lives are the
/// lot's; and what the caller should remember of the header chain.
///
/// # Errors
/// [`Unproven::Header`] where the chain does not accept the header; where that is a fork,
/// [`AcceptError::remember`](crate::chain::AcceptError::remember) says what to keep.
/// [`Unproven::BadProof`] with what else does not hold, and [`Unproven::AppTooOld`] for a newer
/// format.
pub fn verify_slice(
    bytes: &[u8],
    chain: &HeaderChain,
    now: &Now,
) -> Result<(ProvenSlice, Change), Unproven> {
    let slice: LotSlice = codec::decode(bytes)?;
    slice.bounds().map_err(ProofError::Bounds)?;
    prove::ledger(slice.ledger, chain, None)?;
    let accepted = chain.accept(&slice.block, now).map_err(Unproven::Header)?;
    let header = accepted.header;
    prove::state(&slice.roots, &header)?;
    let state = prove::lot_state(&slice.lot, &slice.roots.lots)?;
    let state = state.ok_or(ProofError::Missing(Part::Lot))?;
    one_item_apart(&slice.lot)?;
    let first = slice.first.checked_mul(BUCKET_ITEMS).filter(|first| *first < state.size);
    let first = first.ok_or(ProofError::Superfluous(Part::Item))?;
    records(&slice, &state)?;
    lives(&slice, &state)?;
    let lot = prove::proven_lot(&slice.lot, state, &slice.parties, &slice.roots, slice.ledger)?;
    Ok((ProvenSlice { header, lot, first, slice }, accepted.remember))
}

/// Records and lives come in a slice's own fields, none as one item's.
fn one_item_apart(lot: &LotPart) -> Result<(), ProofError> {
    match (&lot.item, &lot.life) {
        (Some(_), _) => Err(ProofError::Superfluous(Part::Item)),
        (None, Some(_)) => Err(ProofError::Superfluous(Part::Life)),
        (None, None) => Ok(()),
    }
}

/// The records are whole buckets of the lot.
fn records(slice: &LotSlice, state: &LotState) -> Result<(), ProofError> {
    let leaves: Vec<Hash32> = slice.records.iter().map(|bytes| record::leaf(bytes)).collect();
    let buckets: Vec<(u64, &[Hash32])> = leaves
        .chunks(BUCKET_ITEMS as usize)
        .enumerate()
        .map(|(at, leaves)| (u64::from(slice.first) + at as u64, leaves))
        .collect();
    let size = u64::from(state.size);
    bucket::verify_buckets::<Sm3>(&buckets, size, &slice.upper, &state.root)
        .map_err(|error| ProofError::Path { part: Part::Item, error })
}

/// The life leaves are the lot's, or the lot is untouched.
fn lives(slice: &LotSlice, state: &LotState) -> Result<(), ProofError> {
    let untouched = life::untouched_root(state.initial, state.size) == state.life_root;
    if untouched {
        return match slice.life.is_empty() && slice.life_upper.is_empty() {
            true => Ok(()),
            false => Err(ProofError::Superfluous(Part::Life)),
        };
    }
    let buckets = slice.records.len().div_ceil(BUCKET_ITEMS as usize);
    if slice.life.len() != buckets || slice.life.iter().any(|l| l.len() != LEAF_ITEMS as usize) {
        return Err(ProofError::Missing(Part::Life));
    }
    let first = u64::from(slice.first);
    let leaves: Vec<(u64, Hash32)> =
        slice.life.iter().enumerate().map(|(at, l)| (first + at as u64, life::leaf(l))).collect();
    let count = life::leaf_count(state.size);
    multi::verify_multi::<Sm3>(&leaves, count, &slice.life_upper, &state.life_root)
        .map_err(|error| ProofError::Path { part: Part::Life, error })
}

impl ProvenSlice {
    /// Index of the first item and number of items.
    pub fn range(&self) -> (u32, usize) {
        (self.first, self.slice.records.len())
    }

    /// Judges one claim on an item of the slice.
    pub fn judge(
        &self,
        claim: &SealClaim,
        chain: &HeaderChain,
        policy: &Policy,
        now: &Now,
    ) -> Judgement {
        let verdict = match self.found(claim) {
            Ok(found) => super::judge(claim, found, &self.header, chain, policy, now),
            Err(reason) => Verdict::unproven(reason),
        };
        Judgement { verdict, remember: None }
    }

    fn found(&self, claim: &SealClaim) -> Result<Found, Unproven> {
        let Named::Item(name) = &claim.names else { return Err(ProofError::WrongItem.into()) };
        if name.lot != self.slice.lot.id
            || name.ledger.is_some_and(|short| short != self.slice.ledger.short())
        {
            return Err(ProofError::WrongItem.into());
        }
        let size = self.lot.size();
        if name.index >= size {
            let not = NotOnLedger::PastTheLot { index: name.index, size };
            return Ok(Found::Not(not, self.lot.recipient()));
        }
        let at = name.index.checked_sub(self.first).map(|at| at as usize);
        let bytes = at.and_then(|at| self.slice.records.get(at)).ok_or(ProofError::WrongItem)?;
        let record: ItemRecord = codec::decode(bytes)?;
        record.bounds().map_err(ProofError::Bounds)?;
        let life = self.life(at.unwrap_or_default())?;
        match prove::one_item(&self.lot, name.index, record, life, &name.shown)? {
            Walked::Item(proof) => Ok(super::found(claim, proof)),
            Walked::Not(not, to) => Ok(Found::Not(not, to)),
        }
    }

    fn life(&self, at: usize) -> Result<ItemLife, ProofError> {
        if self.slice.life.is_empty() {
            return Ok(ItemLife::new(self.lot.initial()));
        }
        let leaf = self.slice.life.get(at / LEAF_ITEMS as usize);
        let byte = leaf.and_then(|leaf| leaf.get(at % LEAF_ITEMS as usize));
        let life = byte.copied().and_then(ItemLife::from_byte);
        life.ok_or(ProofError::WrongEntry(Part::Life))
    }
}
