//! Flow scripts: events in, effects and view out.

use super::*;
use crate::answer::Answer;
use crate::case::Case;
use crate::profile::Equipment;
use crate::sample::*;
use crate::view::{Action, Screen, Shape, Tone};
use crate::words::plain;
use sealight_tag::claim::ClaimError;
use sealight_tag::payload::{Kind, NotASeal};
use sealight_verify::format::seal::{SealError, Secret};
use sealight_verify::judge::{Named, Original, SealClaim, SealState, Shown, Unproven};

/// A flow with a clock that only the script moves.
struct Script {
    flow: Flow,
    ms: u64,
}

impl Script {
    fn on(profile: Profile) -> Self {
        let flow = Flow::new(profile, Language::English, Zone { minutes_east: 480 }, instant(0));
        Self { flow, ms: 0 }
    }

    fn send(&mut self, event: Event) -> Vec<Effect> {
        self.flow.update(event, instant(self.ms))
    }

    fn after(&mut self, ms: u64, event: Event) -> Vec<Effect> {
        self.ms += ms;
        self.send(event)
    }

    fn read(&mut self, claim: SealClaim) -> Vec<Effect> {
        self.send(Event::Read { claim: Ok(Box::new(claim)), typed: false, others: Vec::new() })
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        self.send(Event::Act(action))
    }

    /// The whole walk with nothing stored: the gateway's bundle gives this answer.
    fn answer(&mut self, claim: SealClaim, answer: Answer) -> (ScanId, Vec<Effect>) {
        let effects = self.read(claim);
        let scan = loading(&effects);
        self.send(Event::Loaded { scan, bundle: None });
        self.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
        let effects = self.judged(scan, answer);
        (scan, effects)
    }

    fn judged(&mut self, scan: ScanId, answer: Answer) -> Vec<Effect> {
        self.send(Event::Judged { scan, answer: Box::new(answer) })
    }

    fn screen(&self) -> Screen {
        self.flow.view().screen
    }

    fn headline(&self) -> String {
        plain(&self.flow.view().field.headline)
    }
}

fn bundle(n: u8) -> BundleBytes {
    BundleBytes { bytes: vec![n].into(), digest: format!("{n:02x}") }
}

fn loading(effects: &[Effect]) -> ScanId {
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Load { scan, .. } => Some(*scan),
            _ => None,
        })
        .expect("a scan starts with the store")
}

fn has(effects: &[Effect], wanted: impl Fn(&Effect) -> bool) -> bool {
    effects.iter().any(wanted)
}

fn fetches(effects: &[Effect]) -> bool {
    has(effects, |effect| matches!(effect, Effect::Fetch { .. }))
}

fn not_a_seal() -> ClaimError {
    ClaimError::NotASeal(NotASeal {
        read: "6901234567892".into(),
        kind: Kind::PriceBarcode,
        candidate: None,
    })
}

fn trouble(script: &mut Script, error: ClaimError, typed: bool) -> Vec<Effect> {
    script.send(Event::Read { claim: Err(error), typed, others: Vec::new() })
}

fn saved(effects: &[Effect]) -> Option<(EntryKey, Entry)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Save { key, entry } => Some((*key, (**entry).clone())),
        _ => None,
    })
}

#[test]
fn a_first_scan_goes_store_gateway_verdict_and_is_kept() {
    let mut script = Script::on(Profile::SHOPPER);
    assert_eq!(script.screen(), Screen::Aiming);
    let effects = script.read(claim(7));
    let scan = loading(&effects);
    assert!(fetches(&script.send(Event::Loaded { scan, bundle: None })));
    let effects = script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    assert!(has(&effects, |e| matches!(
        e,
        Effect::Judge { source: Source::Fetched, claim, .. }
            if matches!(&claim.names, Named::Item(n) if matches!(n.shown, Shown::Live(_)))
    )));
    let effects = script.judged(scan, e1(7));
    assert!(has(&effects, |e| matches!(e, Effect::Keep { .. })));
    let (key, entry) = saved(&effects).unwrap();
    assert_eq!((key, entry.then.case), (EntryKey::Scan(scan), Case::E1));
    assert_eq!(entry.bundle.as_deref(), Some("01"));
    assert_eq!((script.screen(), script.flow.view().tone), (Screen::Verdict, Tone::Half));
}

#[test]
fn a_fresh_stored_proof_needs_no_network() {
    let mut script = Script::on(Profile::SHOPPER);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    let effects = script.judged(scan, e1(7));
    assert!(!fetches(&effects));
    assert_eq!(script.screen(), Screen::Verdict);
}

#[test]
fn a_stale_stored_proof_is_shown_when_no_gateway_answers() {
    let mut script = Script::on(Profile::SHOPPER);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    assert!(fetches(&script.judged(scan, stale(7))));
    script.send(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) });
    let view = script.flow.view();
    assert_eq!(view.shape, Some(Shape::Stale));
    assert_eq!(view.retries.unwrap().seconds, 15);
}

#[test]
fn a_bad_gateway_takes_nothing_away_from_what_the_store_proves() {
    let mut script = Script::on(Profile::SHOPPER);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, stale(7));
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let lie = Answer::unproven(&claim(7), Unproven::NotFound);
    let effects = script.judged(scan, lie);
    assert_eq!(script.flow.view().shape, Some(Shape::Stale));
    assert!(!has(&effects, |e| matches!(e, Effect::Keep { .. })));
    assert_eq!(saved(&effects).unwrap().1.bundle.as_deref(), Some("01"));
}

#[test]
fn an_unproven_scan_tries_again_by_itself_and_takes_the_next_honest_answer() {
    let mut script = Script::on(Profile::SHOPPER);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    script.send(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) });
    assert_eq!(script.headline(), "Not proven yet.");
    script.after(3_000, Event::Tick);
    let view = script.flow.view();
    assert_eq!(view.retries.unwrap().seconds, 12);
    assert!(view.next.unwrap().contains("next in 12 s."));
    assert!(fetches(&script.after(12_000, Event::Tick)));
    script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    let effects = script.judged(scan, e1(7));
    assert_eq!(script.flow.view().tone, Tone::Half);
    assert!(has(&effects, |e| matches!(e, Effect::Keep { .. })));
    assert_eq!(saved(&effects).unwrap().0, EntryKey::Scan(scan));
}

#[test]
fn headers_alone_freshen_nothing_but_make_a_stale_answer_ask_again() {
    let mut script = Script::on(Profile::SHOPPER);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, stale(7));
    script.send(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) });
    let before = script.flow.view();
    let effects = script.after(500, Event::HeadersSynced { as_of: at(NOW) });
    assert!(fetches(&effects));
    let after = script.flow.view();
    assert_eq!(after.field, before.field);
    assert_eq!(after.strip.text, "Register as of 10:43");
    assert!(!after.strip.offline);
}

#[test]
fn offline_a_stored_stale_proof_is_shown_at_once() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(Event::SyncFailed);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    assert!(!fetches(&script.judged(scan, stale(7))));
    assert_eq!(script.screen(), Screen::Verdict);
    assert_eq!(script.flow.view().strip.text, "No network since 10:43");
}

#[test]
fn checking_is_skipped_when_short_offers_to_stop_and_gives_up_without_network() {
    let mut script = Script::on(Profile::SHOPPER);
    let effects = script.read(claim(7));
    let scan = loading(&effects);
    assert!(has(&effects, |e| *e == Effect::WakeAt(400)));
    assert_eq!(script.screen(), Screen::Aiming);
    let effects = script.after(400, Event::Tick);
    assert!(has(&effects, |e| *e == Effect::WakeAt(3_000)));
    assert_eq!(script.screen(), Screen::Checking);
    assert!(script.flow.view().actions.is_empty());
    script.after(2_600, Event::Tick);
    assert_eq!(script.flow.view().actions[0].action, Action::Stop);
    script.send(Event::SyncFailed);
    script.after(5_000, Event::Tick);
    assert_eq!(script.headline(), "Not proven yet.");
    script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    script.judged(scan, e1(7));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

#[test]
fn bytes_that_still_come_are_waited_for() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    script.after(7_000, Event::Progress { scan, maker: None, have: 41_000, of: Some(64_000) });
    script.after(2_000, Event::Tick);
    let view = script.flow.view();
    assert_eq!(view.screen, Screen::Checking);
    let record = &view.progress[2];
    assert_eq!((record.value.as_deref(), record.part), (Some("41 of 64 kB"), Some(640)));
    assert!(!view.progress[1].done, "a maker is named only by an earlier proof");
}

#[test]
fn of_two_scans_at_once_the_latest_wins_and_late_answers_are_dropped() {
    let mut script = Script::on(Profile::SHOPPER);
    let first = loading(&script.read(claim(1)));
    let effects = script.read(claim(2));
    let second = loading(&effects);
    assert!(has(&effects, |e| *e == Effect::Cancel { scan: first }));
    assert!(script.send(Event::Loaded { scan: first, bundle: Some(bundle(1)) }).is_empty());
    script.judged(first, recalled(1));
    script.send(Event::Loaded { scan: second, bundle: Some(bundle(2)) });
    script.judged(second, e1(2));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

#[test]
fn other_codes_in_view_are_listed_and_can_be_chosen() {
    let mut script = Script::on(Profile::KIOSK);
    let effects = script.send(Event::Read {
        claim: Ok(Box::new(claim(1))),
        typed: false,
        others: vec![claim(2)],
    });
    let scan = loading(&effects);
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, e1(1));
    assert_eq!(script.flow.view().others.len(), 1);
    let second = loading(&script.act(Action::Choose(0)));
    script.send(Event::Loaded { scan: second, bundle: Some(bundle(2)) });
    script.judged(second, e1(2));
    assert!(script.flow.view().others.is_empty());
    assert!(script.act(Action::Choose(9)).iter().all(|e| !matches!(e, Effect::Load { .. })));
}

#[test]
fn the_same_code_seen_again_changes_nothing() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    let turn = script.flow.view().turn;
    let effects = script.read(claim(7));
    assert!(!has(&effects, |e| matches!(e, Effect::Load { .. })));
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Verdict, turn));
}

#[test]
fn a_second_tap_is_judged_with_both_codes_and_the_same_bundle() {
    let mut script = Script::on(Profile::SHOPPER);
    let one = tapped(7, Original::OneTap, SealState::Unknown);
    let (scan, _) = script.answer(tap_claim(7, 3), one);
    assert_eq!(script.screen(), Screen::HalfWay);
    let effects = script.read(tap_claim(7, 4));
    let judge = effects.iter().find_map(|effect| match effect {
        Effect::Judge { claim, bundle, .. } => Some((claim.taps.len(), bundle.digest.clone())),
        _ => None,
    });
    assert_eq!(judge, Some((2, "01".into())));
    script.judged(scan, tapped(7, Original::TapCodes, SealState::Intact));
    assert_eq!(script.flow.view().tone, Tone::Proven);
    assert_eq!(script.screen(), Screen::Verdict);
}

#[test]
fn the_same_tap_again_is_no_second_tap() {
    let mut script = Script::on(Profile::SHOPPER);
    let one = tapped(7, Original::OneTap, SealState::Unknown);
    script.answer(tap_claim(7, 3), one.clone());
    let effects = script.read(tap_claim(7, 3));
    let taps = effects.iter().find_map(|effect| match effect {
        Effect::Judge { claim, .. } => Some(claim.taps.len()),
        _ => None,
    });
    assert_eq!(taps, Some(1));
    assert_eq!(script.screen(), Screen::HalfWay);
}

#[test]
fn the_chip_of_another_item_is_a_contradiction() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    assert_eq!(script.screen(), Screen::HalfWay);
    script.read(tap_claim(8, 1));
    let view = script.flow.view();
    assert_eq!((view.tone, view.shape), (Tone::Alarm, Some(Shape::Contradicted)));
    assert_eq!(script.headline(), "Two marks name two different items.");
}

#[test]
fn a_chip_that_names_its_item_by_a_code_must_lead_to_the_same_item() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    let coded = SealClaim { names: Named::Code("FW-8842-1180".into()), ..tap_claim(8, 1) };
    let scan = loading(&script.read(coded));
    script.send(Event::Loaded { scan, bundle: Some(bundle(2)) });
    script.judged(scan, tapped(8, Original::OneTap, SealState::Unknown));
    assert_eq!(script.headline(), "Two marks name two different items.");
}

#[test]
fn the_printed_code_of_another_item_is_a_new_scan_not_a_contradiction() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    let scan = loading(&script.read(claim(8)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(2)) });
    script.judged(scan, e1(8));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

#[test]
fn half_the_proof_is_a_real_choice_and_no_chip_is_an_alarm() {
    let mut script = Script::on(Profile::SHOPPER);
    let listed =
        Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) };
    script.answer(claim(7), listed);
    script.act(Action::StopHalfway);
    assert_eq!((script.screen(), script.flow.view().tone), (Screen::Verdict, Tone::Half));
    script.act(Action::NoChip);
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn no_secret_and_no_tap_code_leaves_but_to_be_judged() {
    let mut script = Script::on(Profile::SHOPPER);
    let secret = format!("{:?}", Secret([7; 16]).0);
    let (_, mut effects) = script.answer(tap_claim(7, 3), e1(7));
    effects.extend(script.read(claim(8)));
    effects.extend(script.act(Action::Stop));
    for effect in &effects {
        if let Effect::Load { claim, .. }
        | Effect::Fetch { claim, .. }
        | Effect::Keep { claim, .. } = effect
        {
            assert!(claim.taps.is_empty());
            let Named::Item(name) = &claim.names else { panic!("an item") };
            assert!(!matches!(name.shown, Shown::Live(_)));
        }
        if let Effect::Save { entry, .. } = effect {
            let json = serde_json::to_string(entry).unwrap();
            assert!(!json.contains(&secret) && !json.contains("07070707"));
            assert!(!json.contains("taps"));
        }
    }
    assert!(has(&effects, |e| matches!(e, Effect::Save { .. })));
}

#[test]
fn what_is_no_seal_a_slip_and_a_damaged_code_are_trouble_not_verdicts() {
    let mut script = Script::on(Profile::KIOSK);
    trouble(&mut script, not_a_seal(), false);
    assert_eq!(script.headline(), "This is not a seal.");
    trouble(&mut script, ClaimError::Unreadable(SealError::Checksum), true);
    assert_eq!(script.headline(), "There is a slip in this number.");
    trouble(&mut script, ClaimError::Unreadable(SealError::Checksum), false);
    assert_eq!(script.headline(), "This code was not read whole.");
    trouble(&mut script, ClaimError::Unreadable(SealError::UnknownVersion { got: 2 }), false);
    assert_eq!(script.headline(), "This seal is newer than this app.");
    assert_eq!(script.flow.view().tone, Tone::Trouble);
}

#[test]
fn a_stray_barcode_never_pushes_an_answer_aside() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), recalled(7));
    trouble(&mut script, not_a_seal(), false);
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn a_kiosk_clears_its_answer_after_45_seconds_and_forgets() {
    let mut script = Script::on(Profile::KIOSK);
    assert_eq!(script.screen(), Screen::Attract);
    let (_, effects) = script.answer(claim(7), e1(7));
    assert!(saved(&effects).is_none(), "a kiosk keeps no history");
    assert_eq!(script.flow.view().clears.unwrap().seconds, 45);
    assert!(has(&effects, |e| *e == Effect::WakeAt(1_000)));
    script.act(Action::SwitchLanguage);
    script.after(36_000, Event::Tick);
    let clears = script.flow.view().clears.unwrap();
    assert_eq!((clears.seconds, clears.last), (9, true));
    script.act(Action::Touch);
    assert_eq!(script.flow.view().clears.unwrap().seconds, 45);
    let effects = script.after(45_000, Event::Tick);
    assert!(has(&effects, |e| *e == Effect::Forget));
    assert_eq!(script.screen(), Screen::Attract);
    assert_eq!(script.flow.view().language, Language::English);
}

#[test]
fn a_kiosk_has_its_own_time_for_story_trouble_and_aiming() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    script.act(Action::ShowStory);
    assert_eq!((script.screen(), script.flow.view().clears.unwrap().of), (Screen::Story, 90));
    script.act(Action::Back);
    assert_eq!(script.flow.view().clears.unwrap().of, 45);
    script.act(Action::Scan);
    assert_eq!(script.flow.view().clears.unwrap().of, 20);
    trouble(&mut script, not_a_seal(), false);
    assert_eq!(script.flow.view().clears.unwrap().of, 30);
    script.after(30_000, Event::Tick);
    assert_eq!(script.screen(), Screen::Attract);
}

#[test]
fn a_phone_never_clears_itself() {
    let mut script = Script::on(Profile::SHOPPER);
    script.answer(claim(7), e1(7));
    script.after(3_600_000, Event::Tick);
    assert_eq!(script.screen(), Screen::Verdict);
    assert_eq!(script.flow.view().clears, None);
}

#[test]
fn the_camera_looks_only_while_it_is_needed() {
    let mut script = Script::on(Profile::SHOPPER);
    let effects = script.send(Event::Tick);
    assert!(has(&effects, |e| *e == Effect::Capture(true)));
    let (_, effects) = script.answer(claim(7), e1(7));
    assert!(has(&effects, |e| *e == Effect::Capture(false)));
    assert!(has(&script.act(Action::Scan), |e| *e == Effect::Capture(true)));
    let mut kiosk = Script::on(Profile::KIOSK);
    kiosk.send(Event::Tick);
    let (_, effects) = kiosk.answer(claim(7), e1(7));
    assert!(!has(&effects, |e| *e == Effect::Capture(false)), "a code starts from any screen");
}

#[test]
fn a_dead_camera_names_only_what_is_there() {
    let mut script = Script::on(Profile::KIOSK);
    script.send(Event::CameraFailed);
    let next = script.flow.view().next.unwrap();
    assert!(next.contains("hand scanner") && next.contains("reader"));
    let mut bare = Script::on(Profile::KIOSK.with(Equipment::default()));
    bare.send(Event::CameraFailed);
    assert_eq!(bare.flow.view().next.unwrap(), "**Type the number** under the square code.");
}

#[test]
fn the_strip_always_says_how_old_the_register_is() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(Event::Syncing { have: 2_100_000, of: Some(10_600_000) });
    assert_eq!(
        script.flow.view().strip.text,
        "Getting the register, 3 of 11 MB. You can scan meanwhile."
    );
    script.send(Event::HeadersSynced { as_of: at(NOW - 60) });
    assert_eq!(script.flow.view().strip.text, "Register as of 10:42");
    script.send(Event::HeadersSynced { as_of: at(NOW - 6_000) });
    assert_eq!(script.flow.view().strip.text, "Register as of 10:42", "never older again");
    script.send(Event::SyncFailed);
    assert!(script.flow.view().strip.offline);
}

fn kept(id: u64, answer: &Answer) -> Kept {
    let entry = Entry::of(at(NOW - 30 * DAY), &claim(7), answer, true, Some("01".into()));
    Kept { id, entry }
}

#[test]
fn a_recall_hint_says_nothing_before_it_is_proven_then_stands_beside_what_was() {
    let mut script = Script::on(Profile::SHOPPER);
    let before = kept(5, &e1(7));
    script.send(Event::HistoryLoaded(vec![before.clone()]));
    let effects = script.send(Event::RecallHit(Box::new(before.clone())));
    let scan = effects
        .iter()
        .find_map(|effect| match effect {
            Effect::Fetch { scan, .. } => Some(*scan),
            _ => None,
        })
        .unwrap();
    assert_eq!(script.flow.view().history[0].lines[0].since, None);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let (key, entry) = saved(&script.judged(scan, recalled(7))).unwrap();
    assert_eq!(key, EntryKey::Kept(5));
    assert_eq!(entry.then, before.entry.then);
    let line = script.flow.view().history[0].lines[0].clone();
    assert_eq!(line.since.as_deref().map(plain).as_deref(), Some("Recalled since, 14 Nov"));
    assert_eq!((line.tone, line.shape), (Tone::Alarm, Shape::Recalled));
    assert!(line.what.starts_with("Proven then"));
}

#[test]
fn a_recall_hint_that_proves_false_changes_nothing() {
    let mut script = Script::on(Profile::SHOPPER);
    let before = kept(5, &e1(7));
    let effects = script.send(Event::RecallHit(Box::new(before.clone())));
    assert!(!fetches(&script.send(Event::RecallHit(Box::new(before)))), "asked for once");
    let scan = ScanId(1);
    assert!(fetches(&effects));
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    assert_eq!(saved(&script.judged(scan, e1(7))), None);
}

#[test]
fn history_opens_an_entry_by_looking_its_life_up_and_never_rewrites_what_was_proven() {
    let mut script = Script::on(Profile::SHOPPER);
    assert!(has(&script.act(Action::ShowHistory), |e| *e == Effect::LoadHistory));
    let before = kept(5, &e1(7));
    script.send(Event::HistoryLoaded(vec![before.clone()]));
    assert_eq!(script.screen(), Screen::History);
    let scan = loading(&script.act(Action::OpenEntry(0)));
    script.send(Event::Loaded { scan, bundle: None });
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let (key, entry) = saved(&script.judged(scan, recalled(7))).unwrap();
    assert_eq!((key, entry.then.case), (EntryKey::Kept(5), Case::E1));
    assert!(entry.recalled.is_some());
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn an_entry_that_proved_nothing_takes_the_first_answer_that_does() {
    let nothing = Answer::unproven(&claim(7), Unproven::NoNetwork);
    let before = kept(5, &nothing).entry;
    assert_eq!(before.then.case, Case::Unproven);
    let after = before.clone().rejudged(&e1(7), true, Some("02".into()));
    assert_eq!((after.then.case, after.scanned), (Case::E1, before.scanned));
    assert_eq!(after.bundle.as_deref(), Some("02"));
}

#[test]
fn a_recorded_claim_comes_back_without_its_secret_and_an_edited_one_not_at_all() {
    let entry = kept(5, &e1(7)).entry;
    let json = serde_json::to_string(&entry).unwrap();
    let back: Entry = serde_json::from_str(&json).unwrap();
    assert_eq!(back, entry);
    let claimed = back.claim.to_claim().unwrap();
    assert_eq!(claimed, claim(7).recorded());
    let mut edited = entry.claim;
    edited.inner = Some("zz".into());
    assert_eq!(edited.to_claim(), None);
}

#[test]
fn history_is_erased_and_a_kiosk_has_none() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(Event::HistoryLoaded(vec![kept(5, &e1(7))]));
    assert!(has(&script.act(Action::EraseHistory), |e| *e == Effect::EraseHistory));
    let view = script.flow.view();
    assert_eq!(view.field.reason.as_deref(), Some("What you scan stays on this phone."));
    let mut kiosk = Script::on(Profile::KIOSK);
    assert!(!has(&kiosk.act(Action::ShowHistory), |e| *e == Effect::LoadHistory));
}

#[test]
fn equipment_that_is_not_there_is_never_used() {
    let mut bare = Script::on(Profile::KIOSK.with(Equipment::default()));
    bare.answer(claim(7), e1(7));
    for action in [Action::CallStaff, Action::ReadAloud, Action::TellBrand, Action::SetAside] {
        let effects = bare.act(action);
        assert!(effects.iter().all(|e| matches!(e, Effect::WakeAt(_))), "{action:?}");
    }
    let mut full = Script::on(Profile::KIOSK);
    full.answer(claim(7), e1(7));
    assert!(has(&full.act(Action::CallStaff), |e| *e == Effect::CallStaff));
    let spoken = full.act(Action::ReadAloud).into_iter().find_map(|effect| match effect {
        Effect::Speak(text) => Some(text),
        _ => None,
    });
    assert!(spoken.unwrap().starts_with("The record is genuine. Entered by the distillery"));
}

#[test]
fn a_clock_that_goes_back_moves_no_timer() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    script.after(10_000, Event::Tick);
    let left = script.flow.view().clears.unwrap().seconds;
    script.ms = 0;
    script.send(Event::Tick);
    assert_eq!(script.flow.view().clears.unwrap().seconds, left);
}

/// Every event in every state: nothing panics and there is always something to see.
#[test]
fn any_event_at_any_time_leaves_a_view() {
    let events = || -> Vec<Event> {
        let scan = ScanId(1);
        let read = |claim: SealClaim| Event::Read {
            claim: Ok(Box::new(claim)),
            typed: false,
            others: vec![tap_claim(3, 1)],
        };
        let mut all = vec![
            read(claim(1)),
            read(tap_claim(1, 1)),
            Event::Read { claim: Err(not_a_seal()), typed: false, others: Vec::new() },
            Event::NothingRead,
            Event::Hint(Hint::Closer),
            Event::CameraFailed,
            Event::Loaded { scan, bundle: None },
            Event::Loaded { scan, bundle: Some(bundle(1)) },
            Event::Progress { scan, maker: Some("M".into()), have: 9, of: Some(0) },
            Event::Fetched { scan, bundle: Ok(bundle(2)) },
            Event::Fetched { scan, bundle: Err(Unproven::NotFound) },
            Event::Judged { scan, answer: Box::new(e1(1)) },
            Event::Judged { scan, answer: Box::new(stale(1)) },
            Event::Syncing { have: 1, of: None },
            Event::HeadersSynced { as_of: at(NOW) },
            Event::SyncFailed,
            Event::HistoryLoaded(vec![kept(1, &e1(1))]),
            Event::RecallHit(Box::new(kept(1, &e1(1)))),
            Event::Tick,
        ];
        let actions = [
            Action::Scan,
            Action::Stop,
            Action::Retry,
            Action::ShowStory,
            Action::ShowAll,
            Action::Back,
            Action::OpenEntry(0),
            Action::Type,
            Action::Choose(0),
            Action::NoChip,
            Action::StopHalfway,
            Action::SwitchLanguage,
            Action::Done,
        ];
        all.extend(actions.map(Event::Act));
        all
    };
    let count = events().len();
    for profile in [Profile::SHOPPER, Profile::KIOSK, Profile::INSPECTOR] {
        let mut seed = 0x2545_f491_4f6c_dd1d_u64;
        let mut script = Script::on(profile);
        for _ in 0..4_000 {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            let pick = (seed % count as u64) as usize;
            // Scan numbers grow; most answers should be for the scan that is going on.
            let mut event = events().swap_remove(pick);
            let current = ScanId(script.flow.next_scan);
            match &mut event {
                Event::Loaded { scan, .. }
                | Event::Progress { scan, .. }
                | Event::Fetched { scan, .. }
                | Event::Judged { scan, .. } => *scan = current,
                _ => {}
            }
            let effects = script.after(seed % 2_000, event);
            for effect in effects {
                if let Effect::WakeAt(at) = effect {
                    assert!(at >= script.ms, "a wake lies ahead");
                }
            }
            let view = script.flow.view();
            assert!(!view.field.headline.is_empty() && !view.strip.text.is_empty());
        }
    }
}
