//! One gateway's answers, decoded: still untrusted, and none asked for twice.

use crate::cancel::Cancel;
use crate::net::{Committed, Fault, Gateway, NetError};
use sealight_verify::chain::HeaderChain;
use sealight_verify::codec;
use sealight_verify::comet::json::{self, JsonError, SignedHeader};
use sealight_verify::comet::{LightBlock, Stock, ValidatorSet};
use sealight_verify::format::answer::{
    CHANGES_PATH, CODE_PATH, CodeQuery, INDEXES_PATH, LOT_PATH, PARTY_PATH, RECALLS_PATH,
    RecallFeed, StateAnswer, decode_changes, decode_indexes,
};
use sealight_verify::format::governance::{GOVERNANCE_PATH, GovernanceAnswer};
use sealight_verify::format::ids::{LotId, PartyId};
use sealight_verify::format::log::{LOG_PATH, LogPage};
use sealight_verify::format::namespace::Namespace;
use sealight_verify::format::pack::PackHead;
use sealight_verify::trust::SignedCheckpoint;
use std::collections::BTreeMap;

/// What came in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Answers.
    pub answers: u32,
    /// Bytes of their bodies.
    pub bytes: u64,
}

/// Told of progress as it is made.
pub type Told<'a> = &'a mut dyn FnMut(Progress);

/// A gateway being asked.
pub(super) struct Source<'a, 'told> {
    gateway: &'a Gateway,
    cancel: &'a Cancel,
    progress: &'a mut Progress,
    told: &'a mut (dyn FnMut(Progress) + 'told),
    commits: BTreeMap<u64, SignedHeader>,
    sets: BTreeMap<u64, ValidatorSet>,
    /// Where the files begin of a gateway that answers no calls.
    pub(super) site: Option<PackHead>,
    /// Other files that may have what never changes: those that a pack builds on.
    pub(super) beside: &'a [Gateway],
}

impl<'a, 'told> Source<'a, 'told> {
    pub(super) fn new(
        gateway: &'a Gateway,
        cancel: &'a Cancel,
        progress: &'a mut Progress,
        told: &'a mut (dyn FnMut(Progress) + 'told),
    ) -> Self {
        let (commits, sets) = (BTreeMap::new(), BTreeMap::new());
        Self { gateway, cancel, progress, told, commits, sets, site: None, beside: &[] }
    }

    /// The gateway's newest signed header.
    pub(super) fn head(&mut self) -> Result<SignedHeader, Fault> {
        if !self.gateway.is_site() {
            let got = self.gateway.commit(Committed::Latest, self.cancel);
            match got {
                Err(error) if self.gateway.turns_out_a_site(&error, self.cancel) => {}
                got => {
                    let body = self.came(got)?;
                    let signed = json::commit_answer::<Stock>(&body).map_err(of_json)?;
                    self.commits.insert(signed.header.height, signed.clone());
                    return Ok(signed);
                }
            }
        }
        let height = self.site_head()?.height;
        self.commit(height)
    }

    /// The signed header of a height.
    pub(super) fn commit(&mut self, height: u64) -> Result<SignedHeader, Fault> {
        if let Some(known) = self.commits.get(&height) {
            return Ok(known.clone());
        }
        if self.gateway.is_site() {
            let block = self.site_block(height)?;
            let signed = SignedHeader::new(block.header, block.commit);
            self.commits.insert(height, signed.clone());
            self.sets.insert(height, block.validators);
            return Ok(signed);
        }
        let body = self.came(self.gateway.commit(Committed::At(height), self.cancel))?;
        let signed = json::commit_answer::<Stock>(&body).map_err(of_json)?;
        self.commits.insert(height, signed.clone());
        Ok(signed)
    }

    /// The validators of a height, from all pages.
    pub(super) fn validators(&mut self, height: u64) -> Result<ValidatorSet, Fault> {
        if let Some(known) = self.sets.get(&height) {
            return Ok(known.clone());
        }
        if self.gateway.is_site() {
            let set = self.site_block(height)?.validators;
            self.sets.insert(height, set.clone());
            return Ok(set);
        }
        let mut whole = self.page(height, 1)?;
        let total = u32::try_from(whole.total).unwrap_or(u32::MAX);
        for number in Gateway::pages(total).skip(1) {
            let page = self.page(height, number)?;
            if page.total != whole.total || page.validators.is_empty() {
                return Err(bad("validators: pages of different sets"));
            }
            whole.validators.extend(page.validators);
        }
        let set = whole.into_set().map_err(of_json)?;
        self.sets.insert(height, set.clone());
        Ok(set)
    }

    fn page(&mut self, height: u64, number: u32) -> Result<json::ValidatorPage, Fault> {
        let body = self.came(self.gateway.validators(height, number, self.cancel))?;
        let page = json::validators_answer::<Stock>(&body).map_err(of_json)?;
        if page.height != height {
            return Err(bad("validators: of another height"));
        }
        Ok(page)
    }

    /// The light block of a height: what the chain has of it, and what it lacks.
    pub(super) fn block(&mut self, chain: &HeaderChain, height: u64) -> Result<LightBlock, Fault> {
        if let Some(block) = chain.block(height) {
            return Ok(block.clone());
        }
        let signed = self.commit(height)?;
        let validators = self.validators(height)?;
        signed.with_validators::<Stock>(validators).map_err(of_json)
    }

    /// Heights above `after` at which the validators changed; a hint, so none is as good as any.
    pub(super) fn changes(&mut self, after: u64) -> Vec<u64> {
        if self.gateway.is_site() {
            let head = self.site_head().ok();
            let changes = head.map(|head| head.changes).unwrap_or_default();
            return changes.into_iter().filter(|height| *height > after).collect();
        }
        let answer = self.query(CHANGES_PATH, &after.to_be_bytes(), 0);
        answer.ok().and_then(|bytes| decode_changes(&bytes).ok()).unwrap_or_default()
    }

    /// The newest signed checkpoint, if the gateway has one.
    pub(super) fn checkpoint(&mut self, chain: &HeaderChain) -> Option<SignedCheckpoint> {
        let bytes = self.came(self.gateway.checkpoint(chain.ledger(), self.cancel)).ok()?;
        codec::decode(&bytes).ok()
    }

    /// The state of a lot with one bucket's life, under the header of a height.
    pub(super) fn lot(
        &mut self,
        lot: &LotId,
        bucket: u32,
        height: u64,
    ) -> Result<StateAnswer, Fault> {
        if self.gateway.is_site() {
            let answer = self.site_lot(lot, bucket, height)?;
            return of_height(answer, height);
        }
        let data = [&lot.0[..], &bucket.to_be_bytes()].concat();
        self.state(LOT_PATH, &data, height)
    }

    /// The codes of one prefix, under the header of a height.
    pub(super) fn codes(&mut self, query: &CodeQuery, height: u64) -> Result<StateAnswer, Fault> {
        if self.gateway.is_site() {
            let answer = self.site_codes(query, height)?;
            return of_height(answer, height);
        }
        self.state(CODE_PATH, &codec::encode(query), height)
    }

    /// A party, under the header of a height.
    pub(super) fn party(&mut self, id: &PartyId, height: u64) -> Result<StateAnswer, Fault> {
        self.state(PARTY_PATH, &id.0, height)
    }

    fn state(&mut self, path: &str, data: &[u8], height: u64) -> Result<StateAnswer, Fault> {
        let bytes = self.query(path, data, height)?;
        of_height(codec::decode(&bytes).map_err(bad)?, height)
    }

    /// Namespaces that have a code index: a hint.
    pub(super) fn indexes(&mut self) -> Result<Vec<Namespace>, Fault> {
        if self.gateway.is_site() {
            return Ok(self.site_head()?.indexes);
        }
        decode_indexes(&self.query(INDEXES_PATH, &[], 0)?).map_err(bad)
    }

    /// Recalls since a place in the log: a hint.
    pub(super) fn recalls(&mut self, since: u64) -> Result<RecallFeed, Fault> {
        if self.gateway.is_site() {
            return self.site_recalls(since);
        }
        let bytes = self.query(RECALLS_PATH, &since.to_be_bytes(), 0)?;
        codec::decode(&bytes).map_err(bad)
    }

    /// A page of the log from a place on, under the header of a height.
    pub(super) fn log(&mut self, from: u64, height: u64) -> Result<LogPage, Fault> {
        codec::decode(&self.query(LOG_PATH, &from.to_be_bytes(), height)?).map_err(bad)
    }

    /// A value of governance, under the header of a height.
    pub(super) fn governance(
        &mut self,
        name: &str,
        height: u64,
    ) -> Result<GovernanceAnswer, Fault> {
        codec::decode(&self.query(GOVERNANCE_PATH, name.as_bytes(), height)?).map_err(bad)
    }

    fn query(&mut self, path: &str, data: &[u8], height: u64) -> Result<Vec<u8>, Fault> {
        let queried = self.gateway.query(path, data, height, self.cancel);
        Ok(self.came(queried.map(|queried| queried.value))?)
    }

    /// Counts what came in.
    pub(super) fn came(&mut self, got: Result<Vec<u8>, NetError>) -> Result<Vec<u8>, NetError> {
        let body = got?;
        self.progress.answers += 1;
        self.progress.bytes += body.len() as u64;
        (self.told)(*self.progress);
        Ok(body)
    }

    /// The gateway.
    pub(super) fn gateway(&self) -> &'a Gateway {
        self.gateway
    }

    /// What stops the work.
    pub(super) fn cancel(&self) -> &'a Cancel {
        self.cancel
    }
}

fn of_height(answer: StateAnswer, height: u64) -> Result<StateAnswer, Fault> {
    match answer.height.cmp(&height) {
        std::cmp::Ordering::Equal => Ok(answer),
        std::cmp::Ordering::Less => Err(Fault::Stale { got: answer.height, known: height }),
        std::cmp::Ordering::Greater => Err(bad("a state of another height than asked for")),
    }
}

/// An answer that fails verification.
pub(super) fn bad(why: impl ToString) -> Fault {
    Fault::Bad { why: why.to_string() }
}

fn of_json(error: JsonError) -> Fault {
    match error {
        JsonError::Refused { code } => Fault::Net(NetError::Refused {
            code: u32::try_from(code.unsigned_abs()).unwrap_or(u32::MAX),
            text: error.to_string(),
        }),
        other => bad(other),
    }
}
