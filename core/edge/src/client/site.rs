//! The same questions to a gateway that has files and answers no calls.
//!
//! Each question becomes one or two files at known places under the height that the gateway's head
//! names. What comes back has the shape of a node's answers, so that all that follows is the same.

use super::source::{Source, bad};
use crate::net::Fault;
use sealight_verify::codec::{self, Blob};
use sealight_verify::comet::LightBlock;
use sealight_verify::format::answer::{CodeQuery, RecallFeed, StateAnswer};
use sealight_verify::format::bundle::CodePart;
use sealight_verify::format::ids::LotId;
use sealight_verify::format::index::{CodeFile, CodeIndex};
use sealight_verify::format::life::untouched_root;
use sealight_verify::format::lot::BUCKET_ITEMS;
use sealight_verify::format::pack::{LifeFile, PackHead, Place};
use sealight_verify::format::state::MapDomain;

/// Bits of a prefix by which codes are asked for.
const QUERY_BITS: u8 = 24;

impl Source<'_, '_> {
    /// Where the files begin; read once.
    pub(super) fn site_head(&mut self) -> Result<PackHead, Fault> {
        if let Some(head) = &self.site {
            return Ok(head.clone());
        }
        let head: PackHead = self.site_file(&Place::Head)?;
        head.bounds().map_err(bad)?;
        self.site = Some(head.clone());
        Ok(head)
    }

    pub(super) fn site_block(&mut self, height: u64) -> Result<LightBlock, Fault> {
        let block: LightBlock = self.site_file(&Place::Block(height))?;
        match block.height() == height {
            true => Ok(block),
            false => Err(bad("a block of another height than its place")),
        }
    }

    pub(super) fn site_lot(
        &mut self,
        lot: &LotId,
        bucket: u32,
        height: u64,
    ) -> Result<StateAnswer, Fault> {
        let mut answer: StateAnswer = self.site_file(&Place::Lot(height, *lot))?;
        let Some(state) = answer.claimed_lot() else { return Ok(answer) };
        let touched = untouched_root(state.initial, state.size) != state.life_root;
        if touched
            && bucket < state.size.div_ceil(BUCKET_ITEMS)
            && let Some(part) = &mut answer.lot
        {
            let place = Place::Life(*lot, state.life_root, bucket);
            part.life = Some(self.site_file::<LifeFile>(&place)?.life);
        }
        Ok(answer)
    }

    pub(super) fn site_codes(
        &mut self,
        query: &CodeQuery,
        height: u64,
    ) -> Result<StateAnswer, Fault> {
        let key = MapDomain::INDEXES.key(&codec::encode(&query.namespace));
        let mut answer: StateAnswer = self.site_file(&Place::Index(height, key))?;
        let index = answer.code.as_ref().and_then(|part| part.index.value.as_ref());
        let index = index.and_then(|value: &Blob| codec::decode::<CodeIndex>(value).ok());
        if let (Some(index), Some(part)) = (index, answer.code.take()) {
            let beside = QUERY_BITS.saturating_sub(index.prefix_bits).min(31);
            let prefix = query.prefix >> beside << beside;
            let place = Place::Codes(index.root, index.prefix_bits, prefix);
            let CodeFile { bucket, targets, .. } = self.site_file(&place)?;
            answer.code = Some(CodePart { bucket: Some(bucket), targets, ..part });
        }
        Ok(answer)
    }

    /// Recalls since a place in the log, out of the feed from its start.
    pub(super) fn site_recalls(&mut self, since: u64) -> Result<RecallFeed, Fault> {
        let height = self.site_head()?.height;
        let mut feed: RecallFeed = self.site_file(&Place::Recalls(height))?;
        feed.recalls.retain(|hint| hint.log_index >= since);
        Ok(feed)
    }

    fn site_file<T>(&mut self, place: &Place) -> Result<T, Fault>
    where
        T: codec::Structure,
    {
        let mut bytes = self.gateway().file(place, self.cancel());
        if place.is_for_ever() {
            for other in self.beside {
                if bytes.is_ok() {
                    break;
                }
                let Ok(found) = other.file(place, self.cancel()) else { continue };
                bytes = Ok(found);
            }
        }
        let bytes = self.came(bytes)?;
        codec::decode(&bytes).map_err(bad)
    }
}
