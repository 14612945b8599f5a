//! Acceptance: one step from the best trusted header below.

use super::error::AcceptError;
use super::fork::{First, ForkEvidence};
use super::header::{Basis, TrustedHeader};
use super::{Change, Freeze, HeaderChain, Held, NewHeader};
use crate::comet::{
    Anchor, CometError, LightBlock, Limits, Step, Stepped, Stock, Threshold, ValidatorSet, verify,
    verify_known,
};
use crate::hash::Hash32;
use crate::time::{Now, Timestamp};
use crate::trust::{SignedCheckpoint, fewest_operators};
use alloc::boxed::Box;
use core::cmp::Ordering;

/// How many trusted headers below a conflicting one are tried before it is dropped.
const CONFLICT_ANCHORS: usize = 32;

/// An accepted header and what to remember of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The header.
    pub header: TrustedHeader,
    /// What [`HeaderChain::apply`] and the store take over.
    pub remember: Change,
}

impl HeaderChain {
    /// Accepts a light block from the best trusted header below it.
    ///
    /// The best one is the nearest that makes the header [`Basis::Live`], else the nearest. Every
    /// signature in the block is verified, at a trusted height too. A header below the head is
    /// welcome if it links.
    ///
    /// # Errors
    /// The broken rule. [`AcceptError::Fork`] carries evidence to remember.
    pub fn accept(&self, block: &LightBlock, now: &Now) -> Result<Accepted, AcceptError> {
        self.not_frozen(block.height())?;
        match self.headers.get(&block.height()) {
            Some(held) if held.header.hash == block.header.hash::<Stock>() => {
                self.accept_known(block, held, now)
            }
            Some(held) => self.accept_conflicting(block, held, now),
            None => Ok(self.remembered(block, self.link(block, now)?)),
        }
    }

    /// Accepts stored evidence of a fork again: both headers must verify from below, measured
    /// between the headers and at the weakest threshold, since evidence does not age; or the
    /// checkpoint role vouches for one of them.
    ///
    /// # Errors
    /// [`AcceptError::NoFork`] where the evidence shows none: its two headers are the same or of
    /// different heights, the last common height is not below them or not trusted here, or the role
    /// did not sign the checkpoint for this ledger. [`AcceptError::Rule`] where a header does not
    /// verify from below.
    pub fn accept_fork(&self, evidence: &ForkEvidence) -> Result<Change, AcceptError> {
        let (first, second) = (evidence.first().ok_or(AcceptError::NoFork)?, evidence.second());
        let (height, hash) = first.names();
        let differ = hash != second.header.hash::<Stock>();
        if !differ || height != second.height() || evidence.common >= height {
            return Err(AcceptError::NoFork);
        }
        let held = self.headers.get(&evidence.common).ok_or(AcceptError::NoFork)?;
        let mut blocks = alloc::vec![second];
        match first {
            First::Block(block) => blocks.push(block),
            First::Checkpoint(signed) => self.vouched_for(signed)?,
        }
        for block in blocks {
            let limits = Limits {
                trusting: self.trust.periods.trusting,
                measured_at: block.header.time,
                now: None,
                drift: self.trust.periods.drift,
                threshold: Threshold::OneThird,
            };
            let set = self.set(&held.header.next_validators_hash);
            verify::<Stock>(block, &self.anchored(&held.header, set), &limits)?;
        }
        Ok(Change::Freeze(Box::new(evidence.clone())))
    }

    /// Above the last common height nothing is accepted until a checkpoint ends the freeze.
    fn not_frozen(&self, height: u64) -> Result<(), AcceptError> {
        match self.freeze {
            Some(Freeze { last_common, fork, .. }) if height > last_common => {
                Err(AcceptError::Frozen { last_common, fork })
            }
            _ => Ok(()),
        }
    }

    /// The header is trusted already; its block must hold all the same.
    fn accept_known(
        &self,
        block: &LightBlock,
        held: &Held,
        now: &Now,
    ) -> Result<Accepted, AcceptError> {
        verify_known::<Stock>(block)?;
        let mut header = held.header.clone();
        if header.checkpoint {
            header.operators =
                fewest_operators(&self.trust, &block.validators, Threshold::TwoThirds);
        } else if header.basis == Basis::Historical
            && let Some(better) = self.link(block, now).ok().filter(|h| h.basis == Basis::Live)
        {
            return Ok(self.remembered(block, better));
        }
        // A checkpoint's own block is worth keeping for its validators and as evidence.
        let remember = match held.block {
            Some(_) => Change::Nothing,
            None => new_header(&held.header, block),
        };
        Ok(Accepted { header, remember })
    }

    /// The role signed the checkpoint for this ledger.
    fn vouched_for(&self, signed: &SignedCheckpoint) -> Result<(), AcceptError> {
        let ours = signed.body.ledger == *self.ledger() && signed.body.version == 1;
        match ours && signed.verify(&self.role).is_ok() {
            true => Ok(()),
            false => Err(AcceptError::NoFork),
        }
    }

    /// Another header is trusted at this height: the block is dropped, takes its place, or proves a
    /// fork. Against a checkpoint too: it is evidence, and the freeze ends by a newer one.
    fn accept_conflicting(
        &self,
        block: &LightBlock,
        held: &Held,
        now: &Now,
    ) -> Result<Accepted, AcceptError> {
        let header = self.link_from_any(block, now)?;
        match held.header.basis.cmp(&header.basis) {
            Ordering::Greater => {}
            Ordering::Less => return Ok(self.remembered(block, header)),
            Ordering::Equal => {
                if let Some(evidence) = self.fork_of(held, block, now) {
                    return Err(AcceptError::Fork(Box::new(evidence)));
                }
            }
        }
        Err(AcceptError::Conflict {
            height: header.height,
            trusted: held.header.hash,
            got: header.hash,
        })
    }

    /// Evidence by the held header's block, else by its checkpoint; none where neither is held.
    fn fork_of(&self, held: &Held, second: &LightBlock, now: &Now) -> Option<ForkEvidence> {
        let first = match (&held.block, &held.signed) {
            (Some(block), _) => First::Block(block),
            (None, Some(signed)) => First::Checkpoint(signed),
            (None, None) => return None,
        };
        let latest = first.time().max(second.header.time);
        let (block, checkpoint) = match first {
            First::Block(block) => (Some(block.clone()), None),
            First::Checkpoint(signed) => (None, Some(signed.clone())),
        };
        Some(ForkEvidence {
            version: 1,
            // A clock far ahead must not put the cure out of reach.
            detected: now.at().min(latest.saturating_add(self.trust.periods.trusting)),
            common: self.common_height(block.as_ref(), second, now),
            first: block,
            second: second.clone(),
            checkpoint,
        })
    }

    /// Links a conflicting block from any trusted header below, nearest first: if the nearest ones
    /// lie on the other branch, an earlier one shows the fork.
    fn link_from_any(&self, block: &LightBlock, now: &Now) -> Result<TrustedHeader, AcceptError> {
        let mut error = AcceptError::NoTrust;
        for anchor in self.below(block.height()).take(CONFLICT_ANCHORS) {
            match self.step(block, anchor, now) {
                Err(AcceptError::Rule(
                    rule @ (CometError::NotEnoughTrust { .. }
                    | CometError::NotAdjacent { .. }
                    | CometError::TimeOrder { .. }
                    | CometError::TrustedSetUnknown { .. }),
                )) => error = rule.into(),
                linked_or_refused => return linked_or_refused,
            }
        }
        Err(error)
    }

    /// Height of the nearest trusted header from which the blocks link; where none is held any
    /// more, the lowest height.
    fn common_height(&self, first: Option<&LightBlock>, second: &LightBlock, now: &Now) -> u64 {
        let links = |block, anchor| self.step(block, anchor, now).is_ok();
        self.below(second.height())
            .take(CONFLICT_ANCHORS)
            .find(|anchor| first.is_none_or(|first| links(first, anchor)) && links(second, anchor))
            .or_else(|| self.headers().next())
            .map_or(0, TrustedHeader::height)
    }

    /// Links a block from the best trusted header below it.
    fn link(&self, block: &LightBlock, now: &Now) -> Result<TrustedHeader, AcceptError> {
        let anchor = self.anchor(block.height(), now)?;
        let header = self.step(block, anchor, now)?;
        self.time_order_above(&header)?;
        Ok(header)
    }

    /// The nearest trusted header below that keeps a step live, else the nearest.
    pub(super) fn anchor(&self, height: u64, now: &Now) -> Result<&TrustedHeader, AcceptError> {
        let live = |header: &&TrustedHeader| self.basis_from(header, now) == Basis::Live;
        let nearest = || self.below(height).next();
        if let Some(anchor) = self.below(height).find(live).or_else(nearest) {
            return Ok(anchor);
        }
        match self.headers.keys().next() {
            Some(lowest) => Err(AcceptError::BelowTrust { lowest: *lowest, got: height }),
            None => Err(AcceptError::NoTrust),
        }
    }

    /// Trusted headers below a height, nearest first.
    fn below(&self, height: u64) -> impl Iterator<Item = &TrustedHeader> {
        self.headers.range(..height).rev().map(|(_, held)| &held.header)
    }

    /// What a header accepted from this one would rest on.
    fn basis_from(&self, anchor: &TrustedHeader, now: &Now) -> Basis {
        let expired = anchor.time.saturating_add(self.trust.periods.trusting) <= now.at();
        if expired || now.doubtful() { Basis::Historical } else { anchor.basis }
    }

    /// One step of light verification from a trusted header.
    fn step(
        &self,
        block: &LightBlock,
        anchor: &TrustedHeader,
        now: &Now,
    ) -> Result<TrustedHeader, AcceptError> {
        let basis = self.basis_from(anchor, now);
        let trusted_set = self.set(&anchor.next_validators_hash);
        let from = self.anchored(anchor, trusted_set);
        let limits = self.limits(block.header.time, anchor, basis, now);
        let Stepped { hash, step } = verify::<Stock>(block, &from, &limits)?;
        let operators = match (step, trusted_set) {
            (Step::Overlap { passed }, Some(set)) => fewest_operators(&self.trust, set, passed),
            _ => fewest_operators(&self.trust, &block.validators, Threshold::TwoThirds),
        };
        let path = if anchor.checkpoint { operators } else { operators.min(anchor.operators) };
        Ok(TrustedHeader::of_block(block, hash, path, basis))
    }

    /// A trusted header as a step takes it.
    fn anchored<'a>(
        &'a self,
        anchor: &TrustedHeader,
        next_validators: Option<&'a ValidatorSet>,
    ) -> Anchor<'a> {
        Anchor {
            chain_id: &self.trust.chain_id,
            height: anchor.height,
            time: anchor.time,
            next_validators_hash: anchor.next_validators_hash,
            next_validators,
        }
    }

    /// Periods are measured to the present, and between the headers where the present is doubtful
    /// or the trusted header is past its period; then a skip needs two thirds.
    fn limits(&self, time: Timestamp, anchor: &TrustedHeader, basis: Basis, now: &Now) -> Limits {
        let periods = &self.trust.periods;
        let measured_at = match basis {
            Basis::Live => now.at(),
            Basis::Historical => time,
        };
        let recent = now.at().max(time) <= anchor.time.saturating_add(periods.skip_third);
        let third = basis == Basis::Live && recent;
        Limits {
            trusting: periods.trusting,
            measured_at,
            now: (!now.doubtful()).then_some(now.at()),
            drift: periods.drift,
            threshold: if third { Threshold::OneThird } else { Threshold::TwoThirds },
        }
    }

    /// A header below a trusted one is also older.
    fn time_order_above(&self, header: &TrustedHeader) -> Result<(), AcceptError> {
        match self.headers.range(header.height + 1..).next() {
            Some((_, held)) if held.header.time <= header.time => {
                Err(AcceptError::TimeOrderAbove { above: held.header.time, got: header.time })
            }
            _ => Ok(()),
        }
    }

    fn remembered(&self, block: &LightBlock, header: TrustedHeader) -> Accepted {
        let remember = new_header(&header, block);
        Accepted { header, remember }
    }

    /// Whether this is the hash of a trusted header.
    pub fn trusts(&self, height: u64, hash: &Hash32) -> bool {
        self.headers.get(&height).is_some_and(|held| held.header.hash == *hash)
    }
}

fn new_header(header: &TrustedHeader, block: &LightBlock) -> Change {
    Change::Header(Box::new(NewHeader { header: header.clone(), block: block.clone() }))
}
