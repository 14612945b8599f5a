//! Loading: everything that was kept is accepted again, as if a gateway had sent it.
//!
//! A row that is not accepted is passed over: an edited store gives less, never more. Blocks that
//! lie in the future of the clock are accepted as such a clock's doubt allows (a larger threshold,
//! never fresh) and raise the floor, so that turning the clock back, or taking its memory out of the
//! store, makes no old verdict fresh.

use super::error::{ForkDoubt, LightError};
use super::light::Side;
use crate::store::{ByHeight, MAX_ROWS, Mark, Store, StoreError};
use sealight_verify::chain::{Change, First, ForkEvidence, HeaderChain};
use sealight_verify::codec;
use sealight_verify::comet::{LightBlock, StoredValidators};
use sealight_verify::format::ids::LedgerId;
use sealight_verify::time::{Clock, ClockMemory, Now, Timestamp};
use sealight_verify::trust::{SignedCheckpoint, TrustFile, Trusted, open, rotate};

/// The newest trust file that the stored ones lead to from the anchor, and its signed bytes.
pub(super) fn trust(
    store: &dyn Store,
    anchor: &[u8],
) -> Result<(Trusted<TrustFile>, Vec<u8>), LightError> {
    let (mut trust, mut signed) = (open(anchor)?, anchor.to_vec());
    for bytes in read(store.trust_files())?.unwrap_or_default() {
        if let Ok(newer) = rotate(&trust, &bytes) {
            (trust, signed) = (newer, bytes);
        }
    }
    Ok((trust, signed))
}

/// Chain and clock of each ledger of the trust file.
pub(super) fn sides(
    store: &dyn Store,
    trust: &Trusted<TrustFile>,
    built: Timestamp,
    system: Timestamp,
) -> Result<Vec<Side>, LightError> {
    let mut sides = Vec::with_capacity(trust.ledgers.len());
    for listed in &trust.ledgers {
        if let Some(chain) = HeaderChain::new(trust, &listed.id) {
            sides.push(side(store, chain, built, system)?);
        }
    }
    Ok(sides)
}

fn side(
    store: &dyn Store,
    mut chain: HeaderChain,
    built: Timestamp,
    system: Timestamp,
) -> Result<Side, LightError> {
    let ledger = *chain.ledger();
    let memory = read(store.mark(&ledger, Mark::Clock))?.flatten();
    let memory = memory.and_then(|bytes| codec::decode(&bytes).ok()).unwrap_or(ClockMemory::FIRST);
    let mut clock = Clock::new(built, chain.trust().periods.drift, memory);
    checkpoints(store, &mut chain)?;
    validators(store, &mut chain)?;
    clock.raise_floor(chain.floor());
    let rows = by_height(store, &ledger, ByHeight::Header)?;
    let lowest_read = rows.first().filter(|_| rows.len() >= MAX_ROWS).map(|row| row.0);
    for (_, bytes) in rows {
        let Ok(block) = codec::decode::<LightBlock>(&bytes) else { continue };
        let now = clock.judge(system).now;
        let doubtful = Now::new(now.at(), true);
        let accepted = chain.accept(&block, &now).or_else(|_| chain.accept(&block, &doubtful));
        if let Ok(accepted) = accepted {
            chain.apply(&accepted.remember);
            clock.raise_floor(chain.floor());
        }
    }
    let doubt = fork(store, &mut chain)?;
    Ok(Side { chain, clock, memory, kept: memory, doubt, lowest_read, grown: 0, owed: Vec::new() })
}

fn checkpoints(store: &dyn Store, chain: &mut HeaderChain) -> Result<(), LightError> {
    for (_, bytes) in by_height(store, chain.ledger(), ByHeight::Checkpoint)? {
        let Ok(signed) = codec::decode::<SignedCheckpoint>(&bytes) else { continue };
        if let Ok(change) = chain.checkpoint(&signed) {
            chain.apply(&change);
        }
    }
    Ok(())
}

fn validators(store: &dyn Store, chain: &mut HeaderChain) -> Result<(), LightError> {
    for (_, bytes) in by_height(store, chain.ledger(), ByHeight::Validators)? {
        let Ok(stored) = codec::decode::<StoredValidators>(&bytes) else { continue };
        if let Ok(change) = chain.offer_validators(stored.set) {
            chain.apply(&change);
        }
    }
    Ok(())
}

/// A freeze is taken up again after all else, so that nothing above the last common height is left.
///
/// What led to the evidence may have been lost since; that thaws nothing.
fn fork(store: &dyn Store, chain: &mut HeaderChain) -> Result<Option<ForkDoubt>, LightError> {
    let Some(bytes) = read(store.mark(chain.ledger(), Mark::Fork))?.flatten() else {
        return Ok(None);
    };
    let evidence = evidence(&bytes, chain);
    let Some(evidence) = evidence else { return Ok(Some(ForkDoubt::Unreadable)) };
    let (change, doubt) = match chain.accept_fork(&evidence) {
        Ok(change) => (change, None),
        Err(why) => (Change::Freeze(Box::new(evidence)), Some(ForkDoubt::Unverified(why))),
    };
    chain.apply(&change);
    Ok(doubt)
}

/// Evidence as it was kept, of this ledger; untrusted.
pub(super) fn evidence(bytes: &[u8], chain: &HeaderChain) -> Option<ForkEvidence> {
    let evidence: ForkEvidence = codec::decode(bytes).ok()?;
    let ours = |block: &LightBlock| block.header.chain_id == chain.trust().chain_id;
    let first = match evidence.first()? {
        First::Block(block) => ours(block),
        First::Checkpoint(signed) => signed.body.ledger == *chain.ledger(),
    };
    let both = first && ours(evidence.second());
    both.then_some(evidence)
}

fn by_height(
    store: &dyn Store,
    ledger: &LedgerId,
    what: ByHeight,
) -> Result<Vec<(u64, Vec<u8>)>, LightError> {
    Ok(read(store.by_height(ledger, what))?.unwrap_or_default())
}

/// Damage is as good as absence: it is told when the store is opened, and here it gives less.
fn read<T>(result: Result<T, StoreError>) -> Result<Option<T>, LightError> {
    match result {
        Ok(read) => Ok(Some(read)),
        Err(StoreError::Corrupt { .. }) => Ok(None),
        Err(error) => Err(LightError::Store(error)),
    }
}
