//! Recalls that the feed hints at: nothing is said of an earlier scan before it is proven.

use super::event::{BundleBytes, Kept, ScanId, Source};
use super::state::State;
use super::{Effect, EntryKey, Flow, Hit, MAX_HITS};
use crate::answer::Answer;

impl Flow {
    /// The feed hints at an earlier scan: nothing is said before it is proven.
    pub(super) fn recall_hit(&mut self, kept: Kept, effects: &mut Vec<Effect>) {
        let known = self.hits.values().any(|hit| hit.kept.id == kept.id);
        let Some(claim) = kept.entry.claim.to_claim().filter(|_| !known) else { return };
        if self.hits.len() < MAX_HITS {
            let scan = self.new_scan();
            effects.push(Effect::Fetch { scan, claim: Box::new(claim) });
            self.hits.insert(scan, Hit { kept, bundle: None });
        }
    }

    pub(super) fn hit_fetched(
        &mut self,
        scan: ScanId,
        bundle: Option<BundleBytes>,
        effects: &mut Vec<Effect>,
    ) {
        let claim = self.hits.get(&scan).and_then(|hit| hit.kept.entry.claim.to_claim());
        match (bundle, claim, self.hits.get_mut(&scan)) {
            (Some(bundle), Some(claim), Some(hit)) => {
                hit.bundle = Some(bundle.clone());
                let claim = Box::new(claim);
                effects.push(Effect::Judge { scan, claim, bundle, source: Source::Fetched });
            }
            // The next feed hints at it again.
            _ => drop(self.hits.remove(&scan)),
        }
    }

    pub(super) fn hit_judged(&mut self, scan: ScanId, answer: &Answer, effects: &mut Vec<Effect>) {
        let Some(Hit { kept, bundle }) = self.hits.remove(&scan) else { return };
        let digest = bundle.map(|bundle| bundle.digest);
        let entry = kept.entry.clone().rejudged(answer, self.profile.has.chip_reader, digest);
        if entry == kept.entry {
            return;
        }
        if let State::History(shown) = &mut self.state {
            for line in shown.iter_mut().filter(|line| line.id == kept.id) {
                line.entry = entry.clone();
            }
        }
        effects.push(Effect::Save { key: EntryKey::Kept(kept.id), entry: Box::new(entry) });
    }
}
