//! The walk of one scan: store, gateways, verdict; and of a recall that the feed hints at.

use super::event::{BundleBytes, Kept, ScanId, Source};
use super::state::{Asking, Checking, Session, State, names_another, recorded, same_name};
use super::{Effect, EntryKey, Flow, GIVE_UP, LONGEST, RETRY};
use crate::answer::{Answer, Record};
use crate::case::{Case, Told};
use crate::history::Entry;
use crate::render::Checked;
use crate::words::{is_chip, outside};
use sealight_tag::claim::ClaimError;
use sealight_verify::format::seal::TypedNumber;
use sealight_verify::judge::{Contradiction, Freshness, Named, SealClaim, Shown, Unproven};

/// Seconds after which a bundle that proves the same is stored anew.
pub(super) const KEPT_FOR: i64 = 3_600;

impl Flow {
    /// A claim was read: the second carrier of a session, the same once more, or a new scan.
    pub(super) fn read(
        &mut self,
        claim: SealClaim,
        others: Vec<SealClaim>,
        effects: &mut Vec<Effect>,
    ) {
        if let State::Checking(checking) = &mut self.state
            && same_name(&checking.claim, &claim)
        {
            checking.others = others;
            return;
        }
        if let Some(session) = self.state.session() {
            let again = same_name(&session.claim, &claim);
            let asked = self.asks_for_more(session) && is_chip(claim.carrier);
            let fresh_tap = claim.taps.iter().any(|tap| !session.claim.taps.contains(tap));
            if asked || (again && fresh_tap && is_chip(session.claim.carrier)) {
                return self.second_carrier(claim, effects);
            }
            if again && claim.carrier <= session.claim.carrier {
                return self.touched();
            }
        }
        self.scan(claim, others, None, None, effects);
    }

    /// What has stayed in view keeps its screen and starts nothing: a choice among several, a draft
    /// and "done" would not last otherwise. Where a person asked for a scan since, it is one.
    pub(super) fn seen_again(
        &mut self,
        claim: Result<Box<SealClaim>, ClaimError>,
        others: Vec<SealClaim>,
        effects: &mut Vec<Effect>,
    ) {
        match (claim, &self.state) {
            (Ok(claim), State::Aiming { anew: true, .. }) => self.read(*claim, others, effects),
            _ => self.touched(),
        }
    }

    /// Whether the session waits for a second tap or a stronger carrier.
    pub(super) fn asks_for_more(&self, session: &Session) -> bool {
        let case = Case::of(&session.answer, session.told, self.profile.has.chip_reader);
        matches!(case, Case::SecondTap | Case::StrongerCarrier)
    }

    /// Starts a scan; the one before is given up.
    pub(super) fn scan(
        &mut self,
        claim: SealClaim,
        others: Vec<SealClaim>,
        expected: Option<TypedNumber>,
        opened: Option<Kept>,
        effects: &mut Vec<Effect>,
    ) {
        self.cancel(effects);
        let (scan, before) = (self.new_scan(), Box::new(self.view()));
        effects.push(Effect::Load { scan, claim: recorded(&claim) });
        self.enter(State::Checking(Box::new(Checking {
            scan,
            claim,
            since: self.now.ms,
            checked: Checked::default(),
            others,
            judging: None,
            fallback: None,
            expected,
            opened,
            before: Some(before),
        })));
    }

    pub(super) fn new_scan(&mut self) -> ScanId {
        self.next_scan = self.next_scan.wrapping_add(1);
        ScanId(self.next_scan)
    }

    /// The carrier that was asked for names the item of the session, or two items are in play.
    fn second_carrier(&mut self, claim: SealClaim, effects: &mut Vec<Effect>) {
        let Some(session) = self.state.session() else { return };
        let proven = session.answer.number();
        if proven.is_some_and(|proven| names_another(&claim, proven)) {
            return self.two_items();
        }
        let (bundle, scan) = (session.bundle.clone(), session.scan);
        let joined = joined(&session.claim, claim);
        match (bundle, same_name(&session.claim, &joined)) {
            (Some(bundle), true) => {
                let effect = Effect::Judge {
                    scan,
                    claim: Box::new(joined.clone()),
                    bundle: bundle.clone(),
                    source: Source::Stored,
                };
                effects.push(effect);
                if let Some(session) = self.state.session_mut() {
                    session.claim = joined;
                    session.slip = None;
                    session.asking = Asking::Judging(bundle);
                }
                self.touched();
            }
            _ => self.scan(joined, Vec::new(), proven, None, effects),
        }
    }

    fn two_items(&mut self) {
        if let Some(session) = self.state.session_mut() {
            session.answer = session.answer.clone().contradicted(Contradiction::TwoItems);
            session.asking = Asking::No;
            self.turn += 1;
            self.touched();
        }
    }

    pub(super) fn loaded(
        &mut self,
        scan: ScanId,
        bundle: Option<BundleBytes>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(checking) = self.checking(scan) else { return };
        match bundle {
            Some(bundle) => judge(checking, bundle, Source::Stored, effects),
            None => effects.push(Effect::Fetch { scan, claim: recorded(&checking.claim) }),
        }
    }

    pub(super) fn progress(
        &mut self,
        scan: ScanId,
        maker: Option<String>,
        bytes: (u64, Option<u64>),
    ) {
        if let Some(checking) = self.checking(scan) {
            if maker.is_some() {
                checking.checked.maker = maker;
            }
            checking.checked.bytes = Some(bytes);
        }
    }

    pub(super) fn fetched(
        &mut self,
        scan: ScanId,
        bundle: Result<BundleBytes, Unproven>,
        effects: &mut Vec<Effect>,
    ) {
        if self.hits.contains_key(&scan) {
            return self.hit_fetched(scan, bundle.ok(), effects);
        }
        // An answer that nobody asked for is dropped.
        if !self.waits_for(scan) {
            return;
        }
        if bundle == Err(Unproven::NoNetwork) {
            let claim = match &self.state {
                State::Checking(checking) => Some(&checking.claim),
                state => state.session().map(|session| &session.claim),
            };
            claim.into_iter().for_each(|claim| self.ledgers.lost_all_of(claim, self.now.at));
            self.hold_register();
        }
        if let Some(checking) = self.checking(scan) {
            match bundle {
                Ok(bundle) => judge(checking, bundle, Source::Fetched, effects),
                Err(reason) => {
                    let answer = Answer::unproven(&checking.claim, reason);
                    self.conclude(answer, None, effects);
                }
            }
            return;
        }
        let Some(session) = self.state.session_mut() else { return };
        match bundle {
            Ok(bundle) => {
                effects.push(Effect::Judge {
                    scan,
                    claim: Box::new(session.claim.clone()),
                    bundle: bundle.clone(),
                    source: Source::Fetched,
                });
                session.asking = Asking::Judging(bundle);
            }
            // The kept answer stands as it did.
            Err(_) if session.asking == Asking::Behind => session.asking = Asking::No,
            Err(reason) => {
                // Why nothing is known may be another reason by now.
                if is_unproven(&session.answer) {
                    session.answer = Answer::unproven(&session.claim, reason);
                }
                self.schedule();
                self.save(effects);
            }
        }
    }

    /// Whether a gateway was asked for this scan and has not answered.
    fn waits_for(&self, scan: ScanId) -> bool {
        match &self.state {
            State::Checking(checking) => checking.scan == scan && checking.judging.is_none(),
            state => state
                .session()
                .is_some_and(|session| session.scan == scan && session.asking.is_open()),
        }
    }

    pub(super) fn judged(&mut self, scan: ScanId, answer: Answer, effects: &mut Vec<Effect>) {
        if self.hits.contains_key(&scan) {
            return self.hit_judged(scan, &answer, effects);
        }
        let offline = self.register.offline_since.is_some();
        if let Some(checking) = self.checking(scan) {
            let Some((bundle, source)) = checking.judging.take() else { return };
            if source == Source::Stored && answer.freshness != Freshness::Fresh && !offline {
                let claim = recorded(&checking.claim);
                // An earlier proof names the maker; the record that is compared is still to come.
                checking.checked.maker =
                    answer.subject().map(|subject| outside(&subject.issuer.legal_name));
                checking.checked.comparing = false;
                checking.fallback = Some((answer, Some(bundle)));
                effects.push(Effect::Fetch { scan, claim });
                return;
            }
            return self.conclude(answer, Some((bundle, source)), effects);
        }
        self.judged_again(scan, answer, effects);
    }

    /// The answer to a scan is there: the best of it and of what the store gave.
    fn conclude(
        &mut self,
        answer: Answer,
        bundle: Option<(BundleBytes, Source)>,
        effects: &mut Vec<Effect>,
    ) {
        let State::Checking(checking) = &mut self.state else { return };
        let fallback = checking.fallback.take();
        let (expected, opened) = (checking.expected, checking.opened.take());
        let since = checking.since;
        let goes_on = matches!(bundle, Some((_, Source::Stored)));
        let (answer, kept) = match (bundle, fallback) {
            (bundle, None) => (answer, bundle),
            // What does not verify is a bad gateway's, and takes nothing away.
            (_, Some((stored, kept))) if is_unproven(&answer) => {
                (stored, kept.map(|bundle| (bundle, Source::Stored)))
            }
            (bundle, Some(_)) => (answer, bundle),
        };
        let answer = match (expected, answer.subject()) {
            (Some(first), Some(second)) if second.number != first => {
                answer.contradicted(Contradiction::TwoItems)
            }
            _ => answer,
        };
        if let Some((bundle, Source::Fetched)) = &kept
            && !is_unproven(&answer)
        {
            let claim = recorded(&checking.claim);
            effects.push(Effect::Keep { claim, bundle: bundle.clone() });
        }
        let session = Session {
            scan: checking.scan,
            claim: checking.claim.clone(),
            answer,
            bundle: kept.map(|(bundle, _)| bundle),
            told: Told::Nothing,
            slip: None,
            others: std::mem::take(&mut checking.others),
            asking: Asking::No,
            opened,
            reported: None,
        };
        self.note_answer(&session, since, effects);
        self.turn += 1;
        self.enter(State::Verdict(Box::new(session)));
        self.schedule();
        if goes_on {
            self.ask_behind(effects);
        }
        self.save(effects);
    }

    /// A kept answer is shown at once and asked for once more behind it: within its day of being
    /// fresh a recall may have been entered that nobody told this device of. One look-up a scan,
    /// and none where no gateway answers.
    fn ask_behind(&mut self, effects: &mut Vec<Effect>) {
        if self.register.offline_since.is_some() {
            return;
        }
        if let Some(session) = self.state.session_mut()
            && session.asking == Asking::No
        {
            session.asking = Asking::Behind;
            let claim = recorded(&session.claim);
            effects.push(Effect::Fetch { scan: session.scan, claim });
        }
    }

    /// An answer came for a scan whose answer is shown already.
    fn judged_again(&mut self, scan: ScanId, answer: Answer, effects: &mut Vec<Effect>) {
        let chip_reader = self.profile.has.chip_reader;
        let Some(session) = self.state.session_mut().filter(|session| session.scan == scan) else {
            return;
        };
        let Asking::Judging(bundle) = std::mem::replace(&mut session.asking, Asking::No) else {
            return;
        };
        if !is_unproven(&answer) || is_unproven(&session.answer) {
            // The same, proven anew, is no new answer: its date changes and nothing is heard, and
            // what is stored is written anew at most once an hour.
            let case = |answer: &Answer| Case::of(answer, session.told, chip_reader);
            let same = answer.decides() && case(&answer) == case(&session.answer);
            let worth = !same || newer_by(&answer, &session.answer) >= KEPT_FOR;
            if worth && answer.decides() && session.bundle.as_ref() != Some(&bundle) {
                let claim = recorded(&session.claim);
                effects.push(Effect::Keep { claim, bundle: bundle.clone() });
            }
            let weight = |answer: &Answer| case(answer).tone().weight();
            let worse = !same && weight(&answer) > weight(&session.answer);
            if session.answer != answer {
                session.answer = answer;
                session.bundle = Some(bundle);
                self.turn += u32::from(!same);
            }
            if worse {
                self.surface();
            }
        }
        self.schedule();
        self.save(effects);
    }

    /// What speaks against the goods is shown at once, whatever a person reads or writes meanwhile.
    fn surface(&mut self) {
        if matches!(self.state, State::Story { .. } | State::Report { .. }) {
            self.back();
        }
    }

    /// An answer that may improve is asked for again after a while.
    fn schedule(&mut self) {
        let (at, chip_reader) = (self.now.ms + RETRY, self.profile.has.chip_reader);
        if let Some(session) = self.state.session_mut() {
            let case = Case::of(&session.answer, session.told, chip_reader);
            let improves = session.answer.may_improve(case);
            session.asking = if improves { Asking::At(at) } else { Asking::No };
        }
    }

    /// Asks for a better answer now, if one is waited for.
    pub(super) fn ask_again(&mut self, effects: &mut Vec<Effect>) {
        if let Some(session) = self.state.session_mut()
            && matches!(session.asking, Asking::At(_))
        {
            session.asking = Asking::Now;
            let claim = recorded(&session.claim);
            effects.push(Effect::Fetch { scan: session.scan, claim });
        }
    }

    /// A scan that gets nothing, or not all for long, becomes what is known so far, or "not proven
    /// yet"; what it asked for may still come.
    pub(super) fn give_up(&mut self, effects: &mut Vec<Effect>) {
        let (now, offline) = (self.now.ms, self.register.offline_since.is_some());
        let State::Checking(checking) = &self.state else { return };
        let nothing = offline || checking.checked.bytes.is_none();
        let patience = if nothing { GIVE_UP } else { LONGEST };
        if now.saturating_sub(checking.since) < patience || checking.judging.is_some() {
            return;
        }
        let reason = if offline { Unproven::NoNetwork } else { Unproven::NoAnswerYet };
        let answer = Answer::unproven(&checking.claim, reason);
        self.conclude(answer, None, effects);
        if let Some(session) = self.state.session_mut() {
            session.asking = Asking::Now;
        }
    }

    fn save(&mut self, effects: &mut Vec<Effect>) {
        if !self.profile.history {
            return;
        }
        let chip_reader = self.profile.has.chip_reader;
        if let Some(session) = self.state.session() {
            effects.push(match &session.opened {
                Some(kept) => Effect::Save {
                    key: EntryKey::Kept(kept.id),
                    entry: Box::new(kept.entry.clone().rejudged(
                        &session.answer,
                        chip_reader,
                        session.bundle.as_ref().map(|bundle| bundle.digest.clone()),
                    )),
                },
                None => Effect::Save {
                    key: EntryKey::Scan(session.scan),
                    entry: Box::new(self.entry(session)),
                },
            });
        }
    }

    pub(super) fn entry(&self, session: &Session) -> Entry {
        let digest = session.bundle.as_ref().map(|bundle| bundle.digest.clone());
        let chip_reader = self.profile.has.chip_reader;
        Entry::of(self.now.at, &session.claim, &session.answer, chip_reader, digest)
    }

    fn checking(&mut self, scan: ScanId) -> Option<&mut Checking> {
        match &mut self.state {
            State::Checking(checking) if checking.scan == scan => Some(checking),
            _ => None,
        }
    }
}

fn judge(checking: &mut Checking, bundle: BundleBytes, source: Source, effects: &mut Vec<Effect>) {
    checking.checked.comparing = true;
    effects.push(Effect::Judge {
        scan: checking.scan,
        claim: Box::new(checking.claim.clone()),
        bundle: bundle.clone(),
        source,
    });
    checking.judging = Some((bundle, source));
}

/// Seconds by which an answer is as of later than another.
fn newer_by(answer: &Answer, before: &Answer) -> i64 {
    let time = |answer: &Answer| answer.as_of.map_or(i64::MIN, |as_of| as_of.time.secs());
    time(answer).saturating_sub(time(before))
}

fn is_unproven(answer: &Answer) -> bool {
    matches!(answer.record, Record::Unproven(_))
}

/// Two readings of one item: the stronger carrier's, with all taps and the secret of either.
fn joined(first: &SealClaim, second: SealClaim) -> SealClaim {
    let mut joined = SealClaim { carrier: first.carrier.max(second.carrier), ..second };
    let mut taps = first.taps.clone();
    taps.extend(joined.taps.into_iter().filter(|tap| !first.taps.contains(tap)));
    joined.taps = taps;
    if let (Named::Item(name), Named::Item(before)) = (&mut joined.names, &first.names)
        && (name.lot, name.index) == (before.lot, before.index)
        && name.shown == Shown::Nothing
    {
        name.shown = before.shown;
        name.ledger = name.ledger.or(before.ledger);
    }
    joined
}
