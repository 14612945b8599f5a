//! A device: a clock that may be wrong, trusted headers, and what it does with both.
//!
//! It does with [`Clock`] and [`HeaderChain`] what a host does: floor first, then the reading, and
//! whatever was accepted is remembered and asked whether it ends a doubt.

use super::item::Lot;
use super::world::World;
use sealight_verify::chain::{AcceptError, Change, CheckpointError, HeaderChain};
use sealight_verify::codec::encode;
use sealight_verify::comet::LightBlock;
use sealight_verify::format::bundle::Bundle;
use sealight_verify::judge::{Policy, SealClaim, Verdict, verify};
use sealight_verify::time::{Clock, ClockMemory, Evidence, Now, Timestamp};
use sealight_verify::trust::SignedCheckpoint;

/// A device with one ledger.
pub struct Device {
    /// What it trusts.
    pub chain: HeaderChain,
    /// What it asks of a proof.
    pub policy: Policy,
    /// What its system clock shows; only tests move it.
    pub system: Timestamp,
    clock: Clock,
}

impl Device {
    /// A shopper's device that trusts a checkpoint of this height; its clock is right, and its
    /// program was built when the ledger began.
    pub fn new(world: &World, height: u64) -> Self {
        let trust = world.trust.ledger(&world.ledger).unwrap();
        let clock = Clock::new(trust.genesis, trust.periods.drift, ClockMemory::FIRST);
        let (chain, system) = (world.chain_from(height), world.time());
        let mut device = Self { chain, policy: Policy::SHOPPER, system, clock };
        device.now();
        device
    }

    /// The present, as this device reads it.
    pub fn now(&mut self) -> Now {
        self.clock.raise_floor(self.chain.floor());
        let reading = self.clock.judge(self.system);
        if let Some(memory) = reading.remember {
            self.clock.remember(memory);
        }
        reading.now
    }

    /// Scans an item with a bundle.
    pub fn scan(&mut self, claim: &SealClaim, bundle: &Bundle) -> Verdict {
        let now = self.now();
        let judged = verify(claim, &encode(bundle), &self.chain, &self.policy, &now);
        let Some(change) = judged.remember else { return judged.verdict };
        if self.take(&change) {
            // The doubt is over, so the same proof says more.
            let now = self.now();
            return verify(claim, &encode(bundle), &self.chain, &self.policy, &now).verdict;
        }
        judged.verdict
    }

    /// Scans an item of a lot with the world's newest bundle.
    pub fn scan_newest(&mut self, world: &World, lot: &Lot, index: u32) -> Verdict {
        self.scan(&lot.claim(index), &lot.bundle(world, index))
    }

    /// Accepts a header, as a synchronisation does.
    ///
    /// # Errors
    /// Those of [`HeaderChain::accept`]; what one carries to remember is remembered.
    pub fn sync(&mut self, block: &LightBlock) -> Result<(), AcceptError> {
        let now = self.now();
        match self.chain.accept(block, &now) {
            Ok(accepted) => {
                self.take(&accepted.remember);
                Ok(())
            }
            Err(error) => {
                if let Some(change) = error.remember() {
                    self.take(&change);
                }
                Err(error)
            }
        }
    }

    /// Takes a checkpoint, with the set that signed its header.
    ///
    /// # Errors
    /// Those of [`HeaderChain::checkpoint`].
    pub fn checkpoint(
        &mut self,
        world: &World,
        signed: &SignedCheckpoint,
    ) -> Result<(), CheckpointError> {
        let change = self.chain.checkpoint(signed)?;
        self.take(&change);
        if let Some(block) = world.blocks.get(&signed.body.height)
            && let Ok(set) = self.chain.offer_validators(block.validators.clone())
        {
            self.chain.apply(&set);
        }
        Ok(())
    }

    /// Hears from these gateways that the chain's head is theirs too.
    pub fn agree(&mut self, gateways: &[&str]) -> bool {
        let head = self.chain.head().cloned();
        let evidence = head.and_then(|head| self.chain.agreed_head(&head, gateways));
        evidence.is_some_and(|evidence| self.settle(&evidence))
    }

    /// Remembers a change; whether that ended a doubt.
    fn take(&mut self, change: &Change) -> bool {
        self.chain.apply(change);
        change.evidence().is_some_and(|evidence| self.settle(&evidence))
    }

    fn settle(&mut self, evidence: &Evidence) -> bool {
        self.clock.raise_floor(self.chain.floor());
        match self.clock.settle(self.system, evidence) {
            Some(memory) => {
                self.clock.remember(memory);
                true
            }
            None => false,
        }
    }
}
