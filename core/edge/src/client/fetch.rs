//! Fetching what proves a claim: state under the chain's head, and the item's bucket.
//!
//! By bucket of 64 adjacent items and by prefix of a code's hash, never by item. What comes in is
//! verified here already, so that a gateway that lies is counted and the next one asked: nothing
//! that a gateway withholds or garbles becomes more than "unproven".

use super::header_sync::{self, RECENT, Synced, Terms, is_recent};
use super::online::Online;
use super::source::{Progress, Source, Told, bad};
use crate::cancel::Cancel;
use crate::net::{Fault, Gateway, NetError};
use sealight_verify::chain::{AcceptError, Change, HeaderChain};
use sealight_verify::codec::{self, encode};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::answer::{Bucket, CodeQuery, StateAnswer};
use sealight_verify::format::bundle::{CodePart, ItemPart};
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::code_key;
use sealight_verify::format::lot::{BUCKET_ITEMS, LotState};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::judge::{
    Finding, Named, NotOnLedger, Part, Policy, ProofError, SealClaim, Unproven, verify,
};
use sealight_verify::time::{Now, Seconds};

/// A bundle that verified against the chain it was fetched with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes.
    pub bundle: Vec<u8>,
    /// What came in for it.
    pub progress: Progress,
    /// Whether it shows an absence that a later entry may end; such a bundle is not to be kept.
    pub absent_yet: bool,
}

/// A look-up: the headers that it took first, and what came of it.
#[derive(Debug)]
pub struct LookedUp {
    /// Headers up to a gateway's head, or as far as they could be had.
    pub synced: Synced,
    /// The bundle, or why there is none.
    pub found: Result<Fetched, Unproven>,
}

/// An absence counts under a head no older than this.
pub(super) const ABSENCE_AGE: Seconds = RECENT;

impl Online {
    /// Brings the head up, by one request where the validators are known, then fetches a bundle
    /// under it.
    ///
    /// That something is not there yet is said only under the newest head that any gateway has, and
    /// that is minutes old: who lags or withholds newer headers makes nothing red where another one
    /// answers. Everything else is proven as of the head that could be had.
    ///
    /// Somebody waits for it: a gateway that takes long keeps nobody from the next one.
    pub fn look_up(
        &mut self,
        chain: &HeaderChain,
        claim: &SealClaim,
        now: &Now,
        told: Told,
        cancel: &Cancel,
    ) -> LookedUp {
        let mut chain = chain.clone();
        let terms = Terms { each: Some(self.patience.head), now, cancel };
        let mut synced = self.sync_on(terms, &chain, &mut *told);
        synced.changes.iter().for_each(|change| chain.apply(change));
        let reached = synced.outcome.is_ok();
        let mut found = match &synced.outcome {
            Err(faults) if faults.iter().all(is_silence) => Err(Unproven::NoNetwork),
            _ => self.bundle(&chain, claim, now, &mut *told, cancel),
        };
        // Where the head that was reached is old, all of them were asked for theirs.
        let all_asked = reached && !is_recent(&chain, now);
        if found.as_ref().is_ok_and(|fetched| fetched.absent_yet)
            && !all_asked
            && self.catch_up(terms, &mut chain, &mut synced, None, &mut *told)
        {
            found = self.bundle(&chain, claim, now, &mut *told, cancel);
        }
        let absent_yet = found.as_ref().is_ok_and(|fetched| fetched.absent_yet);
        let found = match absent_yet && !(reached && is_recent(&chain, now)) {
            true => Err(Unproven::NotFound),
            false => found,
        };
        match found {
            Err(reason) if !self.packs.is_empty() && !cancel.is_cancelled() => {
                let (changes, packed) = self.look_in_packs(&chain, claim, now, told, cancel);
                synced.changes.extend(changes);
                LookedUp { synced, found: packed.ok_or(reason) }
            }
            found => LookedUp { synced, found },
        }
    }

    /// Looks in the packs alone: the bundle with the newest header of those that decide the claim,
    /// and what their headers taught.
    ///
    /// A pack never shows that something is not there yet: a newer entry may have ended that.
    pub fn look_in_packs(
        &mut self,
        chain: &HeaderChain,
        claim: &SealClaim,
        now: &Now,
        told: Told,
        cancel: &Cancel,
    ) -> (Vec<Change>, Option<Fetched>) {
        let (claim, mut chain) = (claim.recorded(), chain.clone());
        let (mut changes, mut best): (Vec<Change>, Option<(u64, Fetched)>) = (Vec::new(), None);
        let all = self.packs.clone();
        for pack in &all {
            let mut progress = Progress::default();
            let mut source = Source::new(pack, cancel, &mut progress, &mut *told);
            source.beside = &all;
            if source.site_head().map(|head| head.ledger) != Ok(*chain.ledger()) {
                continue;
            }
            let learnt = header_sync::of_pack(&chain, &mut source, now);
            learnt.iter().for_each(|change| chain.apply(change));
            changes.extend(learnt);
            let Ok(height) = source.site_head().map(|head| head.height) else { continue };
            if best.as_ref().is_some_and(|(newest, _)| *newest >= height) {
                continue;
            }
            let mut asking = Asking { chain: &chain, claim: &claim, now, source, all: &all };
            if let Ok((bundle, false)) = asking.bundle(height) {
                best = Some((height, Fetched { bundle, progress, absent_yet: false }));
            }
        }
        (changes, best.map(|(_, fetched)| fetched))
    }

    /// Fetches a bundle that decides the claim under the chain's head, for somebody who waits.
    ///
    /// # Errors
    /// Why there is none: no gateway answers, none has the data, or none that answers is honest.
    pub fn bundle(
        &mut self,
        chain: &HeaderChain,
        claim: &SealClaim,
        now: &Now,
        told: Told,
        cancel: &Cancel,
    ) -> Result<Fetched, Unproven> {
        let claim = claim.recorded();
        let (mut progress, each) = (Progress::default(), Some(self.patience.bundle));
        let Some(gateways) = self.gateways(chain.ledger()) else {
            return Err(Unproven::NoNetwork);
        };
        if gateways.is_empty() {
            return Err(Unproven::NoNetwork);
        }
        let Some(height) = chain.head().map(|head| head.height()) else {
            return Err(Unproven::Header(AcceptError::NoTrust));
        };
        let all = gateways.all();
        let mut best: Option<Unproven> = None;
        let fetched = gateways.ask_within(each, cancel, |gateway| {
            let source = Source::new(gateway, cancel, &mut progress, &mut *told);
            let mut asking = Asking { chain, claim: &claim, now, source, all: &all };
            asking.bundle(height).map_err(|lack| {
                let (reason, fault) = lack.apart();
                if best.as_ref().is_none_or(|best| rank(&reason) < rank(best)) {
                    best = Some(reason);
                }
                fault
            })
        });
        match fetched {
            Ok((bundle, absent_yet)) => Ok(Fetched { bundle, progress, absent_yet }),
            Err(_) => Err(best.unwrap_or(Unproven::NoNetwork)),
        }
    }
}

/// Why one gateway gave no bundle: what a person is told, and what is counted.
enum Lack {
    Fault(Fault),
    Judged(Unproven),
    NotFound,
}

impl Lack {
    fn apart(self) -> (Unproven, Fault) {
        match self {
            Self::NotFound => (Unproven::NotFound, Fault::Missing { what: "an index of the code" }),
            Self::Judged(reason) => {
                let fault = bad(&reason);
                (reason, fault)
            }
            Self::Fault(fault) => {
                let reason = match &fault {
                    Fault::Missing { what } => Unproven::DataMissing { what },
                    Fault::Net(NetError::Status { .. } | NetError::Refused { .. }) => {
                        Unproven::DataMissing { what: "state" }
                    }
                    Fault::Net(NetError::Malformed { .. } | NetError::TooLarge { .. })
                    | Fault::Bad { .. }
                    | Fault::Stale { .. } => Unproven::DataMissing { what: "an answer that holds" },
                    Fault::Net(_) | Fault::NoTrust { .. } => Unproven::NoNetwork,
                };
                (reason, fault)
            }
        }
    }
}

impl From<Fault> for Lack {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What says most comes first, where every gateway lacks something.
pub(super) fn rank(reason: &Unproven) -> u8 {
    match reason {
        Unproven::EventsMissing { .. } => 0,
        Unproven::DataMissing { .. } => 1,
        Unproven::AppTooOld(_) => 2,
        Unproven::NotFound => 3,
        Unproven::NoNetwork => 5,
        _ => 4,
    }
}

/// A bundle in the making, with one gateway's state.
struct Asking<'a, 'told> {
    chain: &'a HeaderChain,
    claim: &'a SealClaim,
    now: &'a Now,
    source: Source<'a, 'told>,
    all: &'a [Gateway],
}

/// What a bundle without its last part says.
enum Half {
    /// Everything; and whether that is an absence which a later entry may end.
    Decided(bool),
    Wants(Part),
}

/// Whether a gateway said nothing at all.
fn is_silence(fault: &Fault) -> bool {
    matches!(
        fault,
        Fault::Net(NetError::Unreachable { .. } | NetError::TimedOut | NetError::Cancelled)
    )
}

impl Asking<'_, '_> {
    fn bundle(&mut self, height: u64) -> Result<(Vec<u8>, bool), Lack> {
        let block = self.source.block(self.chain, height)?;
        match &self.claim.names {
            Named::Item(name) => self.item(block, height, None, name.lot, name.index),
            Named::Code(code) => self.code(block, height, &code.clone()),
        }
    }

    /// By lot and index, after the code that led there if one did.
    fn item(
        &mut self,
        block: LightBlock,
        height: u64,
        code: Option<CodePart>,
        lot: LotId,
        index: u32,
    ) -> Result<(Vec<u8>, bool), Lack> {
        let bucket = index / BUCKET_ITEMS;
        let answer = self.source.lot(&lot, bucket, height)?;
        let without = self.encoded(answer.clone(), block.clone(), code.clone(), None);
        match self.half(&without)? {
            Half::Decided(absent_yet) => Ok((without, absent_yet)),
            Half::Wants(Part::Item) => {
                // The lot's state is proven: only its files are missing now.
                let state = answer.claimed_lot().ok_or_else(|| bad("a lot without state"))?;
                let item = self.file(&state, index)?;
                let whole = self.encoded(answer, block, code, Some(item));
                match self.half(&whole)? {
                    Half::Decided(absent_yet) => Ok((whole, absent_yet)),
                    Half::Wants(part) => Err(Lack::Judged(ProofError::Missing(part).into())),
                }
            }
            Half::Wants(part) => Err(Lack::Judged(ProofError::Missing(part).into())),
        }
    }

    /// By a code of the brand's own: its index first.
    fn code(
        &mut self,
        block: LightBlock,
        height: u64,
        code: &str,
    ) -> Result<(Vec<u8>, bool), Lack> {
        let namespaces = self.source.indexes()?;
        let namespace = namespaces.into_iter().find(|space| holds(space, code));
        let namespace = namespace.ok_or(Lack::NotFound)?;
        let key = code_key(code);
        let [a, b, c, ..] = key.0;
        let query = CodeQuery { version: 1, namespace, prefix: u32::from_be_bytes([0, a, b, c]) };
        let answer = self.source.codes(&query, height)?;
        let alone = self.encoded(answer.clone(), block.clone(), None, None);
        match self.half(&alone)? {
            Half::Decided(absent_yet) => Ok((alone, absent_yet)),
            Half::Wants(Part::Lot) => {
                let part = answer.code.ok_or_else(|| bad("codes that are not there"))?;
                let entries = part.bucket.iter().flat_map(|bucket| &bucket.entries);
                let mut led = entries.zip(&part.targets).filter(|(entry, _)| entry.key == key);
                let target = *led.next().ok_or_else(|| bad("a code that leads nowhere"))?.1;
                self.item(block, height, Some(part), target.lot, target.index)
            }
            Half::Wants(part) => Err(Lack::Judged(ProofError::Missing(part).into())),
        }
    }

    fn encoded(
        &self,
        answer: StateAnswer,
        block: LightBlock,
        code: Option<CodePart>,
        item: Option<ItemPart>,
    ) -> Vec<u8> {
        encode(&answer.into_bundle(*self.chain.ledger(), block, code, item))
    }

    /// Verifies what there is. Only a missing part is no fault: it is fetched next.
    fn half(&self, bundle: &[u8]) -> Result<Half, Lack> {
        let judged = verify(self.claim, bundle, self.chain, &Policy::SHOPPER, self.now);
        match judged.verdict.record {
            Finding::Unproven(Unproven::BadProof(ProofError::Missing(
                part @ (Part::Item | Part::Lot),
            ))) => Ok(Half::Wants(part)),
            // Proven to be unprovable: no gateway can tell more.
            Finding::Unproven(Unproven::KeyWithdrawn { .. }) => Ok(Half::Decided(false)),
            Finding::Unproven(reason) => Err(Lack::Judged(reason)),
            Finding::NotOnLedger(not) => Ok(Half::Decided(may_end(&not))),
            Finding::Proven(_) | Finding::Contradicted(_) => Ok(Half::Decided(false)),
        }
    }

    /// The item out of its bucket file, from this gateway or any other: the file proves itself.
    fn file(&mut self, state: &LotState, index: u32) -> Result<ItemPart, Lack> {
        let (bucket, at) = (index / BUCKET_ITEMS, index % BUCKET_ITEMS);
        let own = self.source.gateway();
        let others = self.all.iter().filter(|other| other.url() != own.url());
        let others = others.map(|other| other.within(own.budget()));
        for gateway in std::iter::once(own.clone()).chain(others) {
            let cancel = self.source.cancel();
            let Ok(bytes) = self.source.came(gateway.bucket(&state.root, bucket, cancel)) else {
                continue;
            };
            let file = codec::decode::<Bucket>(&bytes).ok().filter(|file| file.bounds().is_ok());
            let fits = |file: &Bucket| file.lot_root(bucket, state.size).ok() == Some(state.root);
            if let Some(item) = file.filter(fits).and_then(|file| file.item(at)) {
                return Ok(item);
            }
        }
        Err(Fault::Missing { what: "bucket" }.into())
    }
}

/// Whether a later entry may end an absence: lots and codes come, but no lot ever grows and no
/// record changes.
pub(super) fn may_end(not: &NotOnLedger) -> bool {
    match not {
        NotOnLedger::NoSuchLot { .. } | NotOnLedger::CodeNotIndexed | NotOnLedger::NoIndex => true,
        NotOnLedger::PastTheLot { .. } | NotOnLedger::SecretNotCommitted { .. } => false,
    }
}

/// Whether a code, or the GTIN in its canonical text, may lie in a namespace.
fn holds(namespace: &Namespace, code: &str) -> bool {
    let gtin = code.strip_prefix("(01)").and_then(|rest| rest.get(..14));
    namespace.holds_code(code) || gtin.is_some_and(|gtin| namespace.holds_gtin(gtin))
}
