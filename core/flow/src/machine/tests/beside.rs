//! What happens beside an answer: a worse one, a chip that fails, a visitor who has gone.

use super::*;

fn listed() -> Answer {
    Answer { carrier: claim(7).carrier, ..tapped(7, e1(7).original, SealState::Unknown) }
}

fn scanned(script: &mut Script, by: By, error: ClaimError) {
    script.send(Event::Read { claim: Err(error), by, again: false, others: Vec::new() });
}

fn cancels(effects: &[Effect]) -> bool {
    has(effects, |effect| matches!(effect, Effect::Cancel { .. }))
}

/// A kept answer that is asked for once more behind itself.
fn asks_behind() -> (Script, ScanId) {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: Some(bundle(1)) });
    assert!(fetches(&script.judged(scan, e1(7))));
    (script, scan)
}

#[test]
fn a_recall_that_comes_while_the_story_is_read_is_shown_at_once() {
    let (mut script, scan) = asks_behind();
    script.act(Action::ShowStory);
    assert_eq!(script.screen(), Screen::Story);
    let turn = script.flow.view().turn;
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    script.judged(scan, recalled(7));
    let view = script.flow.view();
    assert_eq!((view.screen, view.tone), (Screen::Verdict, Tone::Alarm));
    assert!(view.turn > turn && view.sound.is_some(), "it is heard");
}

#[test]
fn the_same_answer_proven_anew_leaves_the_story_open() {
    let (mut script, scan) = asks_behind();
    script.act(Action::ShowStory);
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    script.judged(scan, e1(7));
    assert_eq!(script.screen(), Screen::Story);
}

#[test]
fn a_visitor_who_has_gone_holds_nobody_up() {
    for leaves in [Action::Done, Action::Scan, Action::Type] {
        let (mut script, _) = asks_behind();
        assert!(cancels(&script.act(leaves)), "{leaves:?}");
    }
    let (mut script, _) = asks_behind();
    assert!(cancels(&script.after(45_000, Event::Tick)), "idle time");
    let mut quiet = Script::on(Profile::KIOSK);
    quiet.answer(claim(7), e1(7));
    assert!(!cancels(&quiet.act(Action::Done)), "nothing was asked");
}

#[test]
fn what_a_hand_scanner_reads_is_told_though_an_answer_stands() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    scanned(&mut script, By::Camera, not_a_seal());
    assert_eq!(script.screen(), Screen::Verdict);
    scanned(&mut script, By::Scanner, not_a_seal());
    assert_eq!(script.headline(), "This is not a seal.");
}

#[test]
fn a_chip_that_fails_where_one_is_asked_for_leaves_what_is_proven() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), listed());
    let turn = script.flow.view().turn;
    let beside = |script: &Script| {
        let view = script.flow.view();
        assert_eq!(view.screen, Screen::HalfWay);
        view.beside.unwrap().reason.unwrap()
    };
    script.send(Event::ChipUnread);
    assert!(beside(&script).starts_with("It slipped, or is damaged."));
    scanned(&mut script, By::Chip, not_a_seal());
    assert_eq!(beside(&script), "The chip that was held there bears no seal.");
    assert!(script.flow.view().turn > turn, "it is heard");
    scanned(&mut script, By::Camera, not_a_seal());
    assert_eq!(script.screen(), Screen::HalfWay);
}

#[test]
fn a_ticket_in_a_purse_takes_no_alarm_away() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), recalled(7));
    script.send(Event::ChipUnread);
    assert_eq!(script.flow.view().tone, Tone::Alarm);
}

#[test]
fn that_there_is_no_chip_can_be_taken_back() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), listed());
    script.act(Action::NoChip);
    let view = script.flow.view();
    assert_eq!(view.tone, Tone::Alarm);
    assert!(view.actions.iter().any(|button| button.action == Action::Back));
    script.act(Action::Back);
    assert_eq!(script.screen(), Screen::HalfWay);
}

#[test]
fn a_scan_that_takes_long_is_told_so_and_never_that_there_is_no_network() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    script.after(8_000, Event::Tick);
    let said = |script: &Script| {
        let view = script.flow.view();
        (view.field.reason.unwrap(), plain(&view.next.unwrap()))
    };
    let (reason, next) = said(&script);
    assert!(reason.starts_with("The register's answer takes longer than usual."), "{reason}");
    assert!(next.starts_with("Asking now."), "{next}");
    script.send(Event::Fetched { scan, bundle: Err(Unproven::NotFound) });
    let (reason, next) = said(&script);
    assert!(reason.starts_with("Its record was not found"), "{reason}");
    assert!(next.starts_with("Trying again by itself"), "{next}");
}

#[test]
fn a_check_ends_however_much_of_its_answer_has_come() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    for _ in 0..6 {
        script.after(4_999, Event::Progress { scan, maker: None, have: 9, of: Some(64_000) });
        assert_eq!(script.screen(), Screen::Checking);
    }
    script.after(6, Event::Tick);
    assert_eq!(script.headline(), "Not proven yet.");
    script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    script.judged(scan, e1(7));
    assert_eq!(script.flow.view().tone, Tone::Half);
}

#[test]
fn what_is_read_aloud_is_never_spoken_over_another_answer() {
    let hushes = |effects: &[Effect]| has(effects, |effect| *effect == Effect::Hush);
    let spoken = || {
        let (mut script, scan) = asks_behind();
        script.act(Action::ReadAloud);
        (script, scan)
    };
    let (mut script, _) = spoken();
    assert!(hushes(&script.read(claim(8))), "another scan");
    let (mut script, _) = spoken();
    assert!(hushes(&script.act(Action::SwitchLanguage)), "another language");
    let (mut script, scan) = spoken();
    script.send(Event::Fetched { scan, bundle: Ok(bundle(2)) });
    assert!(hushes(&script.judged(scan, recalled(7))), "another answer");
    let (mut script, _) = spoken();
    assert!(!hushes(&script.after(1_000, Event::Tick)));
}

#[test]
fn a_screen_that_clears_itself_warns_in_its_last_seconds_wherever_a_person_is() {
    for (action, seconds) in [(Action::Scan, 20), (Action::Type, 45)] {
        let mut script = Script::on(Profile::KIOSK);
        script.act(action);
        assert_eq!(script.flow.view().clears.unwrap().warning, None, "{action:?}");
        script.after((seconds - 9) * 1_000, Event::Tick);
        let warning = script.flow.view().clears.unwrap().warning;
        assert_eq!(warning.unwrap(), "This screen clears in 9 s. Touch it to stay.", "{action:?}");
    }
}

#[test]
fn a_language_that_was_chosen_and_left_goes_back() {
    let mut script = Script::on(Profile::KIOSK);
    script.act(Action::SwitchLanguage);
    assert_eq!(
        (script.screen(), script.flow.view().language),
        (Screen::Attract, Language::Chinese)
    );
    assert_eq!(script.flow.view().clears, None);
    script.after(20_000, Event::Tick);
    assert_eq!(script.flow.view().language, Language::English);
}

#[test]
fn who_takes_the_hand_scanner_is_told_what_to_do_with_it() {
    let mut script = Script::on(Profile::KIOSK);
    script.act(Action::Scan);
    script.act(Action::HandScanner);
    assert_eq!(script.headline(), "Point the hand scanner at the square code.");
    let offered = |action| script.flow.view().actions.iter().any(|button| button.action == action);
    assert!(!offered(Action::HandScanner) && offered(Action::Type));
}
