//! Bringing a header chain to a gateway's head.

use super::online::Online;
use super::source::{Progress, Source, Told, bad};
use crate::cancel::Cancel;
use crate::clock::Budget;
use crate::net::{Fault, GatewayUrl, Gateways};
use sealight_verify::chain::{AcceptError, Ask, Change, HeaderChain, Sync, SyncError};
use sealight_verify::comet::Stock;
use sealight_verify::comet::json::SignedHeader;
use sealight_verify::time::{Evidence, Now, Seconds};
use std::time::Duration;

/// A checkpoint is asked for where the newest one is older: they are made weekly.
const CHECKPOINT_AGE: Seconds = Seconds::days(8);

/// A head no older than this is as good as any: ten quiet intervals of the ledger.
pub(super) const RECENT: Seconds = Seconds(600);

/// What a synchronisation gave; sound as far as it goes, whatever its end.
#[derive(Debug)]
pub struct Synced {
    /// What [`super::Light::absorb`] remembers.
    pub changes: Vec<Change>,
    /// What may end a doubt about the clock, beside the changes.
    pub evidence: Vec<Evidence>,
    /// What came in.
    pub progress: Progress,
    /// Whether a gateway's head was reached, or what each gateway lacked.
    pub outcome: Result<(), Vec<Fault>>,
}

impl Synced {
    /// Before anybody was asked.
    fn nothing() -> Self {
        let (changes, evidence, progress) = Default::default();
        Self { changes, evidence, progress, outcome: Err(Vec::new()) }
    }
}

/// How gateways are asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    /// How long each of several may take; see [`Gateways::ask_within`].
    pub(super) each: Option<Duration>,
    /// As of when.
    pub(super) now: &'a Now,
    /// What stops it.
    pub(super) cancel: &'a Cancel,
}

impl Online {
    /// Brings a copy of the chain to the head of the first gateway that can, and where that head is
    /// old to the newest of all gateways: whoever holds back newer headers, or has come to a
    /// standstill, hides nothing that another one tells.
    ///
    /// Blocks as [`crate::net`] says, for some requests a gateway.
    pub fn sync(&mut self, chain: &HeaderChain, now: &Now, told: Told, cancel: &Cancel) -> Synced {
        self.sync_on(Terms { each: None, now, cancel }, chain, told)
    }

    /// The same on terms.
    pub(super) fn sync_on(&mut self, terms: Terms, chain: &HeaderChain, told: Told) -> Synced {
        let mut chain = chain.clone();
        let mut synced = Synced::nothing();
        let Some(gateways) = self.gateways(chain.ledger()) else { return synced };
        let first = gateways.ask_within(terms.each, terms.cancel, |gateway| {
            let mut source = Source::new(gateway, terms.cancel, &mut synced.progress, &mut *told);
            let (accepted, end) = one(&chain, &mut source, terms.now);
            accepted.iter().for_each(|change| chain.apply(change));
            synced.changes.extend(accepted);
            end.map(|()| gateway.url().clone())
        });
        let first = match first {
            Ok(first) => first,
            Err(faults) => return Synced { outcome: Err(faults), ..synced },
        };
        synced.outcome = Ok(());
        let overtaken = !is_recent(&chain, terms.now)
            && self.overtake(terms, &mut chain, &mut synced, &first, &mut *told);
        if terms.now.doubtful() {
            let giver = (!overtaken).then_some(&first);
            let agreed = self.agreement(terms, &chain, giver, &mut synced.progress, told);
            synced.evidence.extend(agreed);
        }
        synced
    }

    /// Holds the head that one gateway gave against the others'; whether that one lags behind them.
    fn overtake(
        &mut self,
        terms: Terms,
        chain: &mut HeaderChain,
        synced: &mut Synced,
        first: &GatewayUrl,
        told: Told,
    ) -> bool {
        let height = |chain: &HeaderChain| chain.head().map_or(0, |head| head.height());
        let got = height(chain);
        self.catch_up(terms, chain, synced, Some(first), told);
        let known = height(chain);
        if known > got
            && let Some(gateways) = self.gateways(chain.ledger())
        {
            gateways.lagged(first, got, known);
        }
        known > got
    }

    /// Goes on to the newest head of all gateways that answer, where there are several, but for one
    /// that was asked already; whether that changed anything.
    pub(super) fn catch_up(
        &mut self,
        terms: Terms,
        chain: &mut HeaderChain,
        synced: &mut Synced,
        asked: Option<&GatewayUrl>,
        told: Told,
    ) -> bool {
        let several = |gateways: &&mut Gateways| gateways.len() > 1;
        let Some(gateways) = self.gateways(chain.ledger()).filter(several) else { return false };
        let before = synced.changes.len();
        gateways.ask_others(asked, terms.each, terms.cancel, |gateway| {
            let mut source = Source::new(gateway, terms.cancel, &mut synced.progress, &mut *told);
            let (accepted, end) = one(chain, &mut source, terms.now);
            accepted.iter().for_each(|change| chain.apply(change));
            synced.changes.extend(accepted);
            end
        });
        synced.changes[before..].iter().any(|change| *change != Change::Nothing)
    }

    /// What a doubtful clock learns of the head, where gateways of two operators have it: the one
    /// that gave it has.
    fn agreement(
        &mut self,
        terms: Terms,
        chain: &HeaderChain,
        giver: Option<&GatewayUrl>,
        progress: &mut Progress,
        told: Told,
    ) -> Option<Evidence> {
        let all = self.gateways(chain.ledger())?.all();
        let mut agreed = Vec::new();
        for gateway in &all {
            let within = gateway.within(terms.each.map(Budget::of));
            let mut source = Source::new(&within, terms.cancel, progress, &mut *told);
            if giver == Some(gateway.url()) || has_head(chain, &mut source) {
                agreed.push(gateway.url().given());
            }
        }
        chain.agreed_head(chain.head()?, &agreed)
    }
}

/// Whether the head is so new that no gateway can be far ahead of it; a doubtful clock does not tell.
pub(super) fn is_recent(chain: &HeaderChain, now: &Now) -> bool {
    let age = chain.head().map(|head| now.age_of(head.time()));
    !now.doubtful() && age.is_some_and(|age| age <= RECENT.0)
}

/// A pack: as far as it leads; that it is older than what is known is no fault of its.
pub(super) fn of_pack(chain: &HeaderChain, source: &mut Source, now: &Now) -> Vec<Change> {
    let (changes, _) = one(chain, source, now);
    changes
}

/// One gateway: a checkpoint where one is due, then its head.
pub(super) fn one(
    chain: &HeaderChain,
    source: &mut Source,
    now: &Now,
) -> (Vec<Change>, Result<(), Fault>) {
    let mut chain = chain.clone();
    let mut changes = Vec::new();
    if needs_checkpoint(&chain, now) {
        take_checkpoint(&mut chain, source, &mut changes);
    }
    let mut end = to_head(&mut chain, source, now, &mut changes);
    if matches!(end, Err(Fault::NoTrust { .. }))
        && take_checkpoint(&mut chain, source, &mut changes)
    {
        end = to_head(&mut chain, source, now, &mut changes);
    }
    (changes, end)
}

fn take_checkpoint(
    chain: &mut HeaderChain,
    source: &mut Source,
    changes: &mut Vec<Change>,
) -> bool {
    let signed = source.checkpoint(chain);
    let Some(change) = signed.and_then(|signed| chain.checkpoint(&signed).ok()) else {
        return false;
    };
    chain.apply(&change);
    changes.push(change);
    true
}

fn needs_checkpoint(chain: &HeaderChain, now: &Now) -> bool {
    let newest = chain.checkpoint_height();
    let newest = chain.headers().find(|header| Some(header.height()) == newest);
    let old = newest.is_none_or(|header| now.age_of(header.time()) > CHECKPOINT_AGE.0);
    old || now.doubtful() || chain.frozen().is_some()
}

fn to_head(
    chain: &mut HeaderChain,
    source: &mut Source,
    now: &Now,
    changes: &mut Vec<Change>,
) -> Result<(), Fault> {
    let head = source.head()?;
    if let Some(files) = source.site.as_ref().filter(|files| files.ledger != *chain.ledger()) {
        return Err(bad(format!("files of ledger {}, not {}", files.ledger, chain.ledger())));
    }
    let (accepted, end) = drive(chain, head, source, now);
    accepted.iter().for_each(|change| chain.apply(change));
    changes.extend(accepted);
    end
}

/// Answers what the pure side asks. Hints are fetched when a step is too wide without them.
fn drive(
    chain: &HeaderChain,
    head: SignedHeader,
    source: &mut Source,
    now: &Now,
) -> (Vec<Change>, Result<(), Fault>) {
    let mut sync = Sync::start(chain, head.clone(), &[], now);
    let mut hinted = false;
    loop {
        let answered = match sync.ask().clone() {
            Ask::Done => return (sync.into_changes(), Ok(())),
            Ask::Failed(error) => return (sync.into_changes(), Err(fault(error))),
            Ask::Commit(_) if !hinted => {
                hinted = true;
                let known = chain.head().map_or(0, |head| head.height());
                let hints = source.changes(known);
                if !hints.is_empty() {
                    sync = Sync::start(chain, head.clone(), &hints, now);
                }
                Ok(())
            }
            Ask::Commit(height) => source.commit(height).map(|signed| sync.commit(signed)),
            Ask::Validators(height) => source.validators(height).map(|set| sync.validators(set)),
        };
        if let Err(fault) = answered {
            return (sync.into_changes(), Err(fault));
        }
    }
}

fn fault(error: SyncError) -> Fault {
    match error {
        SyncError::Stale { have, got } => Fault::Stale { got, known: have },
        SyncError::TrustExpired
        | SyncError::Header(
            AcceptError::NoTrust | AcceptError::Frozen { .. } | AcceptError::Fork(_),
        ) => Fault::NoTrust { why: error.to_string() },
        other => bad(other),
    }
}

/// Whether a gateway has the chain's head too.
fn has_head(chain: &HeaderChain, source: &mut Source) -> bool {
    let Some(head) = chain.head() else { return false };
    let signed = source.commit(head.height());
    signed.is_ok_and(|signed| signed.header.hash::<Stock>() == head.hash())
}
