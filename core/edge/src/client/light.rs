//! The device's side: store, trust file, and for each ledger a header chain and a clock.
//!
//! Blocks for the store's disk only. `system` is always a reading of [`crate::clock::system`].

use super::error::{ForkDoubt, LightError};
use super::load;
use super::several::Absences;
use crate::home::Home;
use crate::store::{ByHeight, Change, MAX_ROWS, Mark, Store, StoreError};
use sealight_verify::chain::{self, ForkEvidence, HeaderChain, TrustStanding};
use sealight_verify::codec::{self, encode};
use sealight_verify::comet::{Stock, StoredValidators, ValidatorSet};
use sealight_verify::format::bundle::Bundle;
use sealight_verify::format::ids::{LedgerId, ShortLedgerId};
use sealight_verify::judge::{
    ItemName, Judgement, Named, Policy, SealClaim, Unproven, Verdict, verify,
};
use sealight_verify::time::{Clock, ClockMemory, Evidence, Now, Seconds, Timestamp};
use sealight_verify::trust::{SignedCheckpoint, TrustFile, Trusted, rotate};

/// The clock's maximum is kept at most so often: a kill loses no more of it.
const CLOCK_STEP: Seconds = Seconds(30);
const MAX_HEIGHT: u64 = (1 << 48) - 1;

/// What a device trusts and keeps.
pub struct Light {
    pub(super) store: Box<dyn Store>,
    trust: Trusted<TrustFile>,
    /// The trust file's signed bytes.
    signed: Vec<u8>,
    /// Where the newest trust file is kept too.
    home: Option<Home>,
    sides: Vec<Side>,
    /// The ledgers in use, as a configuration chose them; all of the trust file's where it is empty.
    chosen: Vec<LedgerId>,
    absences: Absences,
    built: Timestamp,
}

/// One ledger.
pub(super) struct Side {
    pub(super) chain: HeaderChain,
    pub(super) clock: Clock,
    pub(super) memory: ClockMemory,
    /// What the store has of the memory.
    pub(super) kept: ClockMemory,
    /// What is doubtful of a stored freeze.
    pub(super) doubt: Option<ForkDoubt>,
    /// Lowest stored header that a start reads, where there may be more below it.
    pub(super) lowest_read: Option<u64>,
    /// Headers that were stored since.
    pub(super) grown: usize,
    /// Forks and conflicts that the store did not take: they go with what it takes next.
    pub(super) owed: Vec<Change>,
}

impl Light {
    /// Opens a device with its anchor: the signed trust file that the program ships, or that a
    /// person added. Rotations, checkpoints and headers are taken from the store as from a gateway.
    ///
    /// `built` is when the program was built; no present is before it.
    ///
    /// # Errors
    /// [`LightError::Trust`] where the anchor is no trust file that its own roots signed, and
    /// [`LightError::Store`] where the store cannot be read; a damaged one is read as an empty one.
    pub fn open(
        store: Box<dyn Store>,
        anchor: &[u8],
        built: Timestamp,
        system: Timestamp,
    ) -> Result<Self, LightError> {
        let (trust, signed) = load::trust(store.as_ref(), anchor)?;
        let sides = load::sides(store.as_ref(), &trust, built, system)?;
        let (chosen, absences) = (Vec::new(), Absences::default());
        let mut light = Self { store, trust, signed, home: None, sides, chosen, absences, built };
        light.prune();
        Ok(light)
    }

    /// The home that it was given, if any.
    pub fn home(&self) -> Option<&Home> {
        self.home.as_ref()
    }

    /// The same with each newer trust file kept in the home too: a store that is lost, cut or
    /// swapped for an older copy brings no older trust file back.
    ///
    /// # Errors
    /// [`LightError::Home`] where the home cannot be read or does not keep the trust file.
    pub fn with_home(mut self, home: Home) -> Result<Self, LightError> {
        home.renew_trust(&self.signed, self.trust.serial)?;
        self.home = Some(home);
        Ok(self)
    }

    /// The same with some of the trust file's ledgers only, as a configuration chooses; all where it
    /// names none. One that the trust file does not list is never added.
    pub fn with_ledgers(mut self, chosen: &[LedgerId]) -> Self {
        self.chosen = chosen.to_vec();
        self.keep_chosen();
        self
    }

    fn keep_chosen(&mut self) {
        let chosen = &self.chosen;
        let is_chosen = |side: &Side| chosen.contains(side.chain.ledger());
        // A rotation may have replaced all of them: any ledger of the trust file is better than none.
        if self.sides.iter().any(is_chosen) {
            self.sides.retain(is_chosen);
        }
    }

    /// The trust file.
    pub fn trust(&self) -> &TrustFile {
        &self.trust
    }

    /// The trust file as it was proven, to rotate from.
    pub fn trusted(&self) -> &Trusted<TrustFile> {
        &self.trust
    }

    /// The ledgers in use, in the trust file's order.
    pub fn ledgers(&self) -> impl Iterator<Item = &LedgerId> {
        self.sides.iter().map(|side| side.chain.ledger())
    }

    /// Time of the newest header of the ledger that is furthest behind; none where one has none.
    pub fn register_as_of(&self) -> Option<Timestamp> {
        let heads = self.sides.iter().map(|side| side.chain.head().map(|head| head.time()));
        heads.collect::<Option<Vec<_>>>()?.into_iter().min()
    }

    /// What is doubtful of stored marks of forks, by ledger.
    pub fn fork_doubts(&self) -> impl Iterator<Item = (&LedgerId, &ForkDoubt)> {
        self.sides.iter().filter_map(|side| Some((side.chain.ledger(), side.doubt.as_ref()?)))
    }

    /// The header chain of a ledger.
    pub fn chain(&self, ledger: &LedgerId) -> Option<&HeaderChain> {
        self.side(ledger).map(|side| &side.chain)
    }

    /// The ledgers that a claim may be about, in the order in which they are asked: the one that it
    /// names, else all in use.
    ///
    /// # Errors
    /// [`Unproven::LedgerUnknown`] where the ledger that it names is not in use, and
    /// [`Unproven::NotFound`] where none is.
    pub fn ledgers_of(&self, claim: &SealClaim) -> Result<Vec<LedgerId>, Unproven> {
        let named = short_ledger(claim);
        let may = |ledger: &&LedgerId| named.is_none_or(|short| ledger.short() == short);
        let ledgers: Vec<LedgerId> = self.ledgers().filter(may).copied().collect();
        match named {
            _ if !ledgers.is_empty() => Ok(ledgers),
            Some(ledger) => Err(Unproven::LedgerUnknown { ledger }),
            None => Err(Unproven::NotFound),
        }
    }

    /// The present of a ledger; the clock's maximum is remembered.
    pub fn now(&mut self, ledger: &LedgerId, system: Timestamp) -> Option<Now> {
        let at = self.sides.iter().position(|side| side.chain.ledger() == ledger)?;
        let side = self.sides.get_mut(at)?;
        let reading = side.clock.judge(system);
        if let Some(memory) = reading.remember {
            side.remember(memory);
        }
        if side.is_worth_keeping() {
            let change = side.clock_change();
            // A maximum that is not kept makes the next start no worse than a lost store.
            if self.store.apply(&[change]).is_ok()
                && let Some(side) = self.sides.get_mut(at)
            {
                side.kept = side.memory;
            }
        }
        Some(reading.now)
    }

    /// The present of a ledger as it was last told, without a look at the system's clock.
    pub(super) fn last_now(&self, ledger: &LedgerId) -> Option<Now> {
        let side = self.side(ledger)?;
        let at = side.memory.highest().max(side.chain.floor());
        Some(Now::new(at, side.memory.doubtful()))
    }

    /// Judges an untrusted bundle; the header that it brings is remembered.
    ///
    /// Where the claim names no ledger and several are in use, an absence on the bundle's ledger is
    /// one only with the same on all others, each judged within minutes.
    ///
    /// A store that fails to remember changes no verdict.
    pub fn judge(
        &mut self,
        claim: &SealClaim,
        bundle: &[u8],
        policy: &Policy,
        system: Timestamp,
    ) -> Judgement {
        let nothing = |reason| Judgement { verdict: Verdict::unproven(reason), remember: None };
        let ledger = match self.ledger_in(claim, bundle) {
            Ok(ledger) => ledger,
            Err(reason) => return nothing(reason),
        };
        let (Some(now), Some(side)) = (self.now(&ledger, system), self.side(&ledger)) else {
            return nothing(Unproven::LedgerUnknown { ledger: ledger.short() });
        };
        let mut judgement = verify(claim, bundle, &side.chain, policy, &now);
        if short_ledger(claim).is_none() && self.sides.len() > 1 {
            let ledgers: Vec<LedgerId> = self.ledgers().copied().collect();
            let verdict = judgement.verdict;
            judgement.verdict = self.absences.weigh(claim, &ledgers, &ledger, verdict, &now);
        }
        if let Some(change) = &judgement.remember {
            let _ = self.absorb(&ledger, std::slice::from_ref(change), &[], system);
        }
        judgement
    }

    /// Forgets which seals were lately shown to be absent, as a visitor's screen does.
    pub fn forget_absences(&mut self) {
        self.absences.forget();
    }

    /// Remembers what was accepted, in one transaction, and lets it end a doubt about the clock.
    ///
    /// # Errors
    /// [`StoreError`] where the store does not keep it; until the next start it is remembered all
    /// the same.
    pub fn absorb(
        &mut self,
        ledger: &LedgerId,
        changes: &[chain::Change],
        evidence: &[Evidence],
        system: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(side) = self.sides.iter_mut().find(|side| side.chain.ledger() == ledger) else {
            return Ok(());
        };
        let mut kept = std::mem::take(&mut side.owed);
        for change in changes.iter().filter(|change| **change != chain::Change::Nothing) {
            let was_frozen = side.chain.frozen().is_some();
            kept.extend(side.contradicted(change, system));
            side.chain.apply(change);
            kept.extend(side.row_of(change));
            if was_frozen && side.chain.frozen().is_none() {
                let (ledger, mark) = (*ledger, Mark::Fork);
                kept.push(Change::Mark { ledger, mark, bytes: Vec::new() });
                side.doubt = None;
            }
        }
        side.clock.raise_floor(side.chain.floor());
        let proven = changes.iter().filter_map(chain::Change::evidence);
        for evidence in proven.chain(evidence.iter().copied()) {
            if let Some(memory) = side.clock.settle(system, &evidence) {
                side.remember(memory);
            }
        }
        side.store(self.store.as_mut(), kept)?;
        if side.grown >= MAX_ROWS {
            self.look_where_to_prune(ledger);
            self.prune();
        }
        Ok(())
    }

    fn look_where_to_prune(&mut self, ledger: &LedgerId) {
        let rows = self.store.by_height(ledger, ByHeight::Header).unwrap_or_default();
        if let Some(side) = self.sides.iter_mut().find(|side| side.chain.ledger() == ledger) {
            side.lowest_read = rows.first().filter(|_| rows.len() >= MAX_ROWS).map(|row| row.0);
            side.grown = 0;
        }
    }

    /// Forgets the headers that no start reads any more.
    fn prune(&mut self) {
        let below = |side: &mut Side| {
            let to = side.lowest_read.take()?.checked_sub(1)?;
            let ledger = *side.chain.ledger();
            Some(Change::Forget { ledger, what: ByHeight::Header, from: 0, to })
        };
        let unread: Vec<Change> = self.sides.iter_mut().filter_map(below).collect();
        if !unread.is_empty() {
            // Rows that stay are as good as absent; the next start tries again.
            let _ = self.store.apply(&unread);
        }
    }

    /// Takes a newer trust file, from wherever it comes; chains begin again under it.
    ///
    /// It is written last, so that what fails before leaves nothing of it behind. Where the home
    /// keeps it and the store does not, the next start takes it from the home. What the store still
    /// owes is written first: chains begin again from there, and must not thaw by that.
    ///
    /// # Errors
    /// [`LightError::Trust`] where it may not follow the one before, [`LightError::Store`] where the
    /// chains cannot be read, and [`LightError::Home`] and [`LightError::Store`] where it is not
    /// kept; the one before then stays in use.
    pub fn rotate_trust(&mut self, bytes: &[u8], system: Timestamp) -> Result<(), LightError> {
        let trust = rotate(&self.trust, bytes)?;
        for side in &mut self.sides {
            let owed = std::mem::take(&mut side.owed);
            side.store(self.store.as_mut(), owed)?;
        }
        let sides = load::sides(self.store.as_ref(), &trust, self.built, system)?;
        if let Some(home) = &self.home {
            home.renew_trust(bytes, trust.serial)?;
        }
        let change = Change::TrustFile { serial: trust.serial, bytes: bytes.to_vec() };
        self.store.apply(&[change])?;
        self.sides = sides;
        self.keep_chosen();
        (self.trust, self.signed) = (trust, bytes.to_vec());
        Ok(())
    }

    /// Takes a signed checkpoint, from wherever it comes: file, code, pack, gateway.
    ///
    /// # Errors
    /// [`LightError::Codec`] for what is no checkpoint, [`LightError::UnknownLedger`] where its
    /// ledger is not in use, [`LightError::Checkpoint`] with the rule that it breaks, and
    /// [`LightError::Store`] as [`Light::absorb`] says.
    pub fn take_checkpoint(&mut self, bytes: &[u8], system: Timestamp) -> Result<(), LightError> {
        let signed: SignedCheckpoint = codec::decode(bytes).map_err(LightError::Codec)?;
        let ledger = signed.body.ledger;
        let side = self.side(&ledger).ok_or(LightError::UnknownLedger { ledger })?;
        let change = side.chain.checkpoint(&signed).map_err(LightError::Checkpoint)?;
        Ok(self.absorb(&ledger, &[change], &[], system)?)
    }

    /// Evidence that two headers of one height held, if some is kept: of a fork that froze the
    /// ledger, else of a header that a checkpoint spoke against.
    pub fn evidence(&self, ledger: &LedgerId) -> Option<ForkEvidence> {
        let side = self.side(ledger)?;
        [Mark::Fork, Mark::Conflict].into_iter().find_map(|mark| {
            let bytes = self.store.mark(ledger, mark).ok().flatten()?;
            load::evidence(&bytes, &side.chain)
        })
    }

    /// Height and bytes of the newest signed checkpoint that is kept, for another device.
    ///
    /// # Errors
    /// [`StoreError`] where the store cannot be read.
    pub fn newest_checkpoint(
        &self,
        ledger: &LedgerId,
    ) -> Result<Option<(u64, Vec<u8>)>, StoreError> {
        let kept = self.store.by_height(ledger, ByHeight::Checkpoint)?;
        Ok(kept.into_iter().next_back())
    }

    /// What the trust file is worth now, by the ledger's clock.
    pub fn standing(&mut self, ledger: &LedgerId, system: Timestamp) -> Option<TrustStanding> {
        let now = self.now(ledger, system)?;
        Some(self.side(ledger)?.chain.trust_standing(&now))
    }

    /// The store, for settings and history.
    pub fn store(&mut self) -> &mut dyn Store {
        self.store.as_mut()
    }

    fn side(&self, ledger: &LedgerId) -> Option<&Side> {
        self.sides.iter().find(|side| side.chain.ledger() == ledger)
    }

    /// The ledger of a claim; a claim that names none is judged by the bundle's.
    pub(crate) fn ledger_in(&self, claim: &SealClaim, bundle: &[u8]) -> Result<LedgerId, Unproven> {
        let ledgers = self.ledgers_of(claim)?;
        if let [only] = ledgers[..] {
            return Ok(only);
        }
        let bundle: Bundle = codec::decode(bundle)?;
        Ok(bundle.ledger)
    }
}

/// The ledger that a claim names, if it names one.
fn short_ledger(claim: &SealClaim) -> Option<ShortLedgerId> {
    match &claim.names {
        Named::Item(ItemName { ledger, .. }) => *ledger,
        Named::Code(_) => None,
    }
}

impl Side {
    fn remember(&mut self, memory: ClockMemory) {
        self.memory = memory;
        self.clock.remember(memory);
    }

    fn is_worth_keeping(&self) -> bool {
        let moved = self.memory.highest().since(self.kept.highest()) >= CLOCK_STEP;
        moved || self.memory.doubtful() != self.kept.doubtful()
    }

    /// Puts these in the store, and with them the clock's memory where it has another.
    fn store(&mut self, store: &mut dyn Store, mut changes: Vec<Change>) -> Result<(), StoreError> {
        if self.memory != self.kept {
            changes.push(self.clock_change());
        }
        if changes.is_empty() {
            return Ok(());
        }
        match store.apply(&changes) {
            Ok(_) => self.stored(&changes),
            Err(error) => {
                self.owe(changes);
                return Err(error);
            }
        }
        Ok(())
    }

    /// Headers are fetched again, a clock is written again; a fork is seen once.
    fn owe(&mut self, mut changes: Vec<Change>) {
        changes.retain(|change| match change {
            Change::Mark { mark, .. } => *mark != Mark::Clock,
            Change::Forget { .. } => true,
            _ => false,
        });
        self.owed = changes;
    }

    /// The store took these, and with them the clock's memory where it had another.
    fn stored(&mut self, changes: &[Change]) {
        let is_header =
            |change: &&Change| matches!(change, Change::Keep { what: ByHeight::Header, .. });
        self.kept = self.memory;
        self.grown += changes.iter().filter(is_header).count();
    }

    fn clock_change(&self) -> Change {
        let ledger = *self.chain.ledger();
        Change::Mark { ledger, mark: Mark::Clock, bytes: encode(&self.memory) }
    }

    /// What is kept of a header that a checkpoint speaks against, and of all that led to it: the
    /// evidence alone.
    fn contradicted(&self, change: &chain::Change, system: Timestamp) -> Vec<Change> {
        let chain::Change::Checkpoint(signed) = change else { return Vec::new() };
        let now = self.clock.judge(system).now;
        let Some(evidence) = self.chain.contradicted_by(signed, &now) else { return Vec::new() };
        let (ledger, what) = (*self.chain.ledger(), ByHeight::Header);
        vec![
            Change::Mark { ledger, mark: Mark::Conflict, bytes: encode(&evidence) },
            Change::Forget { ledger, what, from: 0, to: MAX_HEIGHT },
        ]
    }

    /// What the store keeps of a change.
    fn row_of(&self, change: &chain::Change) -> Vec<Change> {
        let ledger = *self.chain.ledger();
        let keep = |what, height, bytes| Change::Keep { ledger, what, height, bytes };
        match change {
            chain::Change::Nothing => Vec::new(),
            chain::Change::Header(new) => {
                vec![keep(ByHeight::Header, new.header().height(), encode(new.block()))]
            }
            chain::Change::Checkpoint(signed) => {
                vec![keep(ByHeight::Checkpoint, signed.body.height, encode(signed.as_ref()))]
            }
            chain::Change::Freeze(evidence) => vec![
                Change::Mark { ledger, mark: Mark::Fork, bytes: encode(evidence.as_ref()) },
                Change::Forget {
                    ledger,
                    what: ByHeight::Header,
                    from: evidence.common_height().saturating_add(1).min(MAX_HEIGHT),
                    to: MAX_HEIGHT,
                },
            ],
            chain::Change::Validators(set) => {
                let height = self.signs_at(set).unwrap_or(0);
                let stored = StoredValidators { version: 1, set: set.clone() };
                vec![keep(ByHeight::Validators, height, encode(&stored))]
            }
        }
    }

    /// A height that this set signs, by the headers that name it.
    fn signs_at(&self, set: &ValidatorSet) -> Option<u64> {
        let hash = set.hash::<Stock>();
        self.chain.headers().find_map(|header| {
            let next = header.next_validators_hash() == hash;
            let own = header.validators_hash() == hash;
            next.then(|| header.height() + 1).or_else(|| own.then(|| header.height()))
        })
    }
}
