//! The walk of one scan: store, gateways, verdict.

use super::*;
use crate::machine::scan::KEPT_FOR;
use crate::machine::state::listed;

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

/// A scan whose fresh answer is in the store, up to that answer.
fn kept_answer(script: &mut Script) -> (ScanId, Vec<Effect>) {
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    let effects = script.judged(scan, e1(7));
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Verdict, 1));
    (scan, effects)
}

#[test]
fn a_fresh_stored_proof_needs_no_network() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(sync_failed());
    let (_, effects) = kept_answer(&mut script);
    assert!(!fetches(&effects));
    assert_eq!(script.flow.view().retries, None);
}

#[test]
fn a_recall_since_replaces_a_fresh_stored_proof() {
    let mut script = Script::on(Profile::KIOSK);
    let (scan, effects) = kept_answer(&mut script);
    assert!(fetches(&effects));
    assert_eq!(script.flow.view().retries, None, "nothing is waited for");
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let effects = script.judged(scan, recalled(7));
    assert!(has(&effects, |e| matches!(e, Effect::Keep { .. })));
    assert_eq!((script.flow.view().tone, script.flow.view().turn), (Tone::Alarm, 2));
}

#[test]
fn the_same_proven_anew_behind_a_stored_proof_is_no_new_answer() {
    let mut script = Script::on(Profile::KIOSK);
    let (scan, _) = kept_answer(&mut script);
    script.act(Action::ShowStory);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let later = |seconds: i64| {
        let as_of =
            e1(7).as_of.map(|as_of| AsOf { time: at(as_of.time.secs() + seconds), ..as_of });
        Answer { as_of, ..e1(7) }
    };
    let effects = script.judged(scan, later(60));
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Story, 1));
    assert!(!fetches(&effects), "once a scan");
    assert!(!has(&effects, |e| matches!(e, Effect::Keep { .. })), "the disk is spared");
    let mut script = Script::on(Profile::KIOSK);
    let (scan, _) = kept_answer(&mut script);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    let effects = script.judged(scan, later(KEPT_FOR));
    assert!(has(&effects, |e| matches!(e, Effect::Keep { .. })));
}

#[test]
fn what_fails_behind_a_stored_proof_takes_nothing_away_and_is_not_tried_again() {
    for failed in [Unproven::NotFound, Unproven::NoNetwork] {
        let mut script = Script::on(Profile::KIOSK);
        let (scan, _) = kept_answer(&mut script);
        script.send(Event::Fetched { scan, bundle: Err(failed) });
        assert_eq!((script.flow.view().tone, script.flow.view().turn), (Tone::Half, 1));
        assert!(!fetches(&script.after(16_000, Event::Tick)));
    }
    let mut script = Script::on(Profile::KIOSK);
    let (scan, _) = kept_answer(&mut script);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    script.judged(scan, Answer::unproven(&claim(7), Unproven::NotFound));
    assert_eq!(script.flow.view().tone, Tone::Half);
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
    let effects = script.after(500, synced(at(NOW)));
    assert!(fetches(&effects));
    let after = script.flow.view();
    assert_eq!(after.field, before.field);
    assert_eq!(after.strip.text, "Register as of 10:43");
    assert!(!after.strip.offline);
}

#[test]
fn offline_a_stored_stale_proof_is_shown_at_once() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(sync_failed());
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
    script.send(sync_failed());
    script.after(5_000, Event::Tick);
    assert_eq!(script.headline(), "Not proven yet.");
    script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    script.judged(scan, e1(7));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

/// On a kiosk: its first screen, an answer with its buttons, a list of other codes.
#[test]
fn the_screen_before_stays_as_it_is_until_the_answer_or_the_checking_screen() {
    let mut script = Script::on(Profile::KIOSK);
    let before = script.flow.view();
    let scan = loading(&script.read(claim(7)));
    assert_eq!(script.flow.view(), before);
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.after(399, Event::Hint(Hint::Closer));
    assert_eq!(script.flow.view(), before);
    script.judged(scan, recalled(7));
    assert_eq!(script.screen(), Screen::Verdict);
    script.act(Action::CallStaff);
    let answer = script.flow.view();
    script.read(claim(8));
    assert_eq!(script.flow.view(), answer, "with its countdown and what its buttons say");
    script.after(400, Event::Tick);
    assert_eq!(script.screen(), Screen::Checking);
    let checking = script.flow.view();
    script.read(claim(9));
    assert_eq!(script.flow.view(), checking, "another label while one is checked");
}

#[test]
fn a_touch_that_changes_the_screen_does_so_during_a_short_check() {
    let mut script = Script::on(Profile::KIOSK);
    script.read(claim(7));
    script.act(Action::SwitchLanguage);
    let view = script.flow.view();
    assert_eq!((view.screen, view.language), (Screen::Checking, Language::Chinese));
    script.act(Action::Stop);
    script.read(claim(7));
    script.act(Action::Type);
    assert_eq!(script.screen(), Screen::Typing);
}

#[test]
fn a_touch_on_a_list_that_is_no_longer_true_chooses_nothing() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.seen(claim(1), false, vec![claim(2)]));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, e1(1));
    script.seen(claim(3), false, vec![claim(4)]);
    assert_eq!(script.flow.view().others, [listed(&claim(2))], "still the first picture's");
    let chosen = script.act(Action::Choose(0));
    assert!(!has(&chosen, |e| matches!(e, Effect::Load { .. })));
    script.after(400, Event::Tick);
    assert_eq!(script.flow.view().others, [listed(&claim(4))]);
    loading(&script.act(Action::Choose(0)));
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
fn an_older_proof_names_the_maker_while_a_newer_one_comes() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, stale(7));
    script.after(1_000, Event::Progress { scan, maker: None, have: 9_000, of: None });
    let progress = script.flow.view().progress;
    assert!(progress[1].done && progress[1].value.is_some());
    assert!(!progress[2].done, "it still comes");
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
    let scan = loading(&script.seen(claim(1), false, vec![claim(2)]));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    script.judged(scan, e1(1));
    assert_eq!(script.flow.view().others.len(), 1);
    let first = script.flow.view().item;
    let second = loading(&script.act(Action::Choose(0)));
    script.send(Event::Loaded { scan: second, bundle: Some(bundle(2)) });
    script.judged(second, e1(2));
    assert_ne!(script.flow.view().item, first);
    // The camera still sees the first one nearest.
    script.seen(claim(1), true, vec![claim(2)]);
    assert_ne!(script.flow.view().item, first, "a choice lasts");
    assert_eq!(script.flow.view().others.len(), 1, "the first one can be chosen in its turn");
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
fn what_stays_in_view_keeps_the_screen_and_starts_nothing() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    script.act(Action::ShowStory);
    script.after(80_000, Event::Tick);
    assert!(script.seen(claim(8), true, Vec::new()).iter().all(|e| matches!(e, Effect::WakeAt(_))));
    assert_eq!((script.screen(), script.flow.view().clears.unwrap().seconds), (Screen::Story, 90));
    script.act(Action::Done);
    script.seen(claim(8), true, Vec::new());
    assert_eq!(script.screen(), Screen::Attract, "done lasts");
    script.act(Action::Type);
    script.seen(claim(8), true, Vec::new());
    assert_eq!(script.screen(), Screen::Typing);
    loading(&script.seen(claim(8), false, Vec::new()));
}

#[test]
fn what_stays_in_view_is_scanned_where_a_person_asks_for_a_scan() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    script.act(Action::Scan);
    script.seen(claim(7), true, Vec::new());
    assert_eq!(script.screen(), Screen::Aiming, "another one is wanted");
    script.act(Action::Stop);
    script.act(Action::Scan);
    loading(&script.seen(claim(7), true, Vec::new()));
}

#[test]
fn an_answer_that_nobody_asked_for_is_dropped() {
    let mut script = Script::on(Profile::SHOPPER);
    let (scan, _) = script.answer(claim(7), e1(7));
    let before = script.flow.view();
    let effects = script.send(Event::Fetched { scan, bundle: Err(Unproven::NoNetwork) });
    assert!(effects.is_empty());
    assert!(script.judged(scan, recalled(7)).is_empty());
    assert_eq!(script.flow.view(), before);
}
