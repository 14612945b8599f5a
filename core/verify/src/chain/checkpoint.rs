//! Checkpoints: the only trust that comes from outside the chain.

use super::error::CheckpointError;
use super::fork::ForkEvidence;
use super::header::TrustedHeader;
use super::{Change, HeaderChain, NewestCheckpoint};
use crate::comet::MAX_HEIGHT;
use crate::time::Now;
use crate::trust::{Checkpoint, SignedCheckpoint};
use alloc::boxed::Box;
use alloc::sync::Arc;

impl HeaderChain {
    /// Takes a checkpoint that its role signed and that is newer than all before it.
    ///
    /// It is trust of its own: no trusted header need lead to it. While the ledger is frozen, only
    /// one made after the freeze and above the fork is taken above the last common height, and it
    /// ends the freeze.
    ///
    /// # Errors
    /// The first rule that it breaks; see [`CheckpointError`].
    pub fn checkpoint(&self, signed: &SignedCheckpoint) -> Result<Change, CheckpointError> {
        let body = &signed.body;
        self.right_version_and_ledger(signed)?;
        made_after_its_header(body)?;
        height_exists(body)?;
        signed.verify(&self.role).map_err(CheckpointError::Role)?;
        self.newer(body)?;
        self.cures(body)?;
        Ok(Change::Checkpoint(Box::new(signed.clone())))
    }

    fn right_version_and_ledger(&self, signed: &SignedCheckpoint) -> Result<(), CheckpointError> {
        if signed.body.version != 1 {
            return Err(CheckpointError::UnknownVersion { got: signed.body.version });
        }
        if signed.body.ledger != *self.ledger() {
            return Err(CheckpointError::WrongLedger { got: signed.body.ledger });
        }
        Ok(())
    }

    /// An older checkpoint never comes back.
    fn newer(&self, body: &Checkpoint) -> Result<(), CheckpointError> {
        match self.newest {
            Some(newest) if body.height <= newest.height || body.made < newest.made => {
                Err(CheckpointError::NotNewer { have: newest.height, got: body.height })
            }
            _ => Ok(()),
        }
    }

    /// A freeze ends only by what was made after it and stands above the fork.
    fn cures(&self, body: &Checkpoint) -> Result<(), CheckpointError> {
        match self.freeze {
            Some(freeze) if body.height > freeze.last_common => {
                if body.made > freeze.detected && body.height > freeze.fork {
                    Ok(())
                } else {
                    Err(CheckpointError::DoesNotCure {
                        fork: freeze.fork,
                        detected: freeze.detected,
                    })
                }
            }
            _ => Ok(()),
        }
    }

    pub(super) fn hold_checkpoint(&mut self, signed: &SignedCheckpoint) {
        let body = &signed.body;
        let header = TrustedHeader::of_checkpoint(body, self.role.threshold);
        if self.freeze.is_some_and(|freeze| body.height > freeze.last_common) {
            self.freeze = None;
        }
        let contradicted = self.contradicts(signed);
        let held = self.headers.get(&body.height);
        let block = held.filter(|_| !contradicted).and_then(|held| held.block.clone());
        if contradicted {
            // What led to another header than the signed one is not trusted any more.
            self.headers.retain(|_, held| held.header.checkpoint);
        }
        self.newest = Some(NewestCheckpoint { height: body.height, made: body.made });
        let signed = Some(Arc::new(signed.clone()));
        self.headers.insert(body.height, super::Held { header, block, signed });
    }

    /// Whether a checkpoint vouches for another header than the one trusted at its height.
    fn contradicts(&self, signed: &SignedCheckpoint) -> bool {
        let held = self.headers.get(&signed.body.height);
        held.is_some_and(|held| held.header.hash != signed.body.header_hash)
    }

    /// Evidence against the header that a checkpoint takes the place of, with all that led to it:
    /// to be kept beside [`Change::Checkpoint`], before that is applied.
    ///
    /// The checkpoint is newer than what it speaks against and says which header is right, so
    /// nothing freezes.
    pub fn contradicted_by(&self, signed: &SignedCheckpoint, now: &Now) -> Option<ForkEvidence> {
        let held = self.headers.get(&signed.body.height).filter(|_| self.contradicts(signed))?;
        let second = held.block.as_deref()?.clone();
        let below = self.headers.range(..signed.body.height).next_back();
        Some(ForkEvidence {
            version: 1,
            detected: now.at(),
            common: below.map_or(0, |(height, _)| *height),
            first: None,
            second,
            checkpoint: Some(signed.clone()),
        })
    }
}

fn made_after_its_header(body: &Checkpoint) -> Result<(), CheckpointError> {
    if body.made >= body.time { Ok(()) } else { Err(CheckpointError::MadeEarly) }
}

fn height_exists(body: &Checkpoint) -> Result<(), CheckpointError> {
    let exists = (1..=MAX_HEIGHT).contains(&body.height);
    if exists { Ok(()) } else { Err(CheckpointError::NoSuchHeight { got: body.height }) }
}
