//! Timers, trouble, camera and equipment of each face.

use super::*;

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
    script.send(Event::ChipUnread);
    assert_eq!(script.headline(), "This chip did not let itself be read.");
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
fn a_stray_code_takes_nobody_out_of_typing() {
    let mut script = Script::on(Profile::KIOSK);
    script.act(Action::Type);
    for error in [not_a_seal(), ClaimError::Unreadable(SealError::Checksum)] {
        trouble(&mut script, error, false);
        assert_eq!(script.screen(), Screen::Typing);
    }
    script.send(Event::ChipUnread);
    assert_eq!(script.screen(), Screen::Typing);
    trouble(&mut script, ClaimError::Unreadable(SealError::Checksum), true);
    assert_eq!(script.headline(), "There is a slip in this number.");
    script.act(Action::Type);
    trouble(&mut script, not_a_seal(), true);
    assert_eq!(script.headline(), "This is not a seal.");
}

#[test]
fn a_stray_code_cancels_no_check() {
    let mut script = Script::on(Profile::KIOSK);
    let scan = loading(&script.read(claim(7)));
    script.send(Event::Loaded { scan, bundle: None });
    for error in [not_a_seal(), ClaimError::Unreadable(SealError::Checksum)] {
        let effects = trouble(&mut script, error, false);
        assert!(!has(&effects, |e| matches!(e, Effect::Cancel { .. } | Effect::Note(_))));
    }
    assert!(script.send(Event::ChipUnread).is_empty());
    script.send(Event::Fetched { scan, bundle: Ok(bundle(1)) });
    script.judged(scan, e1(7));
    assert_eq!(script.screen(), Screen::Verdict);
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
fn what_helps_the_camera_is_known_when_a_person_begins_to_aim() {
    let mut script = Script::on(Profile::KIOSK);
    script.send(Event::Hint(Hint::MoreLight));
    script.act(Action::Scan);
    assert_eq!(script.headline(), "Turn it to the light.");
    script.answer(claim(7), e1(7));
    script.act(Action::Scan);
    assert_eq!(script.headline(), "Turn it to the light.");
    script.send(Event::Hint(Hint::None));
    assert_eq!(script.headline(), "Hold the seal up here.");
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
fn a_dead_camera_has_the_screen_once_and_is_a_note_after_that() {
    let mut script = Script::on(Profile::KIOSK);
    let noted = |script: &Script| {
        let notes = script.flow.view().notes;
        notes.iter().any(|note| note == "The camera does not answer.")
    };
    script.send(Event::CameraFailed);
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Trouble, 1));
    script.after(30_000, Event::Tick);
    for _ in 0..4 {
        script.after(10_000, Event::CameraFailed);
        assert_eq!((script.screen(), script.flow.view().turn), (Screen::Attract, 1));
        assert!(noted(&script));
        assert!(script.flow.view().steps[1].contains("hand scanner"));
    }
    // Whoever wants to scan is told, and hears nothing.
    script.act(Action::Scan);
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Trouble, 1));
    script.send(Event::CameraBack);
    assert_eq!((script.screen(), noted(&script)), (Screen::Attract, false));
    script.send(Event::CameraFailed);
    assert_eq!((script.screen(), script.flow.view().turn), (Screen::Trouble, 2));
}

#[test]
fn the_shop_is_told_once_an_outage_where_the_screen_says_so() {
    let calls = |effects: &[Effect]| has(effects, |e| *e == Effect::CallStaff(Call::Camera));
    let mut script = Script::on(Profile::KIOSK);
    assert!(calls(&script.send(Event::CameraFailed)));
    assert!(script.flow.view().field.reason.unwrap().starts_with("The shop has been told."));
    assert!(!calls(&script.after(10_000, Event::CameraFailed)));
    script.send(Event::CameraBack);
    assert!(calls(&script.send(Event::CameraFailed)));
    let mut alone = Script::on(Profile::KIOSK.with(Equipment::default()));
    assert!(!calls(&alone.send(Event::CameraFailed)));
    assert_eq!(alone.flow.view().field.reason.unwrap(), "You can still get your answer.");
}

#[test]
fn the_button_that_called_the_staff_says_that_it_did() {
    let label = |script: &Script| {
        let actions = script.flow.view().actions;
        actions.into_iter().find(|button| button.action == Action::CallStaff).unwrap().label
    };
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), recalled(7));
    assert_eq!(label(&script), "Call staff");
    script.act(Action::CallStaff);
    assert_eq!(label(&script), "Staff has been called");
    script.after(5_000, Event::Tick);
    assert_eq!(label(&script), "Staff has been called");
    script.answer(claim(8), recalled(8));
    assert_eq!(label(&script), "Call staff", "the next visitor's button");
}

#[test]
fn a_camera_that_dies_beside_an_answer_is_told_after_it() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    script.send(Event::CameraFailed);
    assert_eq!(script.screen(), Screen::Verdict);
    script.act(Action::Done);
    script.after(10_000, Event::CameraFailed);
    assert_eq!(script.headline(), "The camera does not answer.");
}

#[test]
fn tapping_is_taught_only_while_there_is_a_reader() {
    let mut script = Script::on(Profile::KIOSK.with(Equipment::default()));
    let taught = |script: &Script| script.flow.view().steps.iter().any(|s| s.contains("reader"));
    assert!(!taught(&script));
    script.send(Event::ChipReader { reads: Chips::of(&[Carrier::Nfc]) });
    assert!(taught(&script));
    script.send(Event::ChipReader { reads: Chips::NONE });
    assert!(!taught(&script));
}

#[test]
fn the_strip_always_says_how_old_the_register_is() {
    let mut script = Script::on(Profile::SHOPPER);
    script.send(Event::Syncing { have: 2_100_000, of: Some(10_600_000) });
    assert_eq!(
        script.flow.view().strip.text,
        "Getting the register, 3 of 11 MB. You can scan meanwhile."
    );
    script.send(synced(at(NOW - 60)));
    assert_eq!(script.flow.view().strip.text, "Register as of 10:42");
    script.send(synced(at(NOW - 6_000)));
    assert_eq!(script.flow.view().strip.text, "Register as of 10:42", "never older again");
    script.send(sync_failed());
    assert!(script.flow.view().strip.offline);
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
    let spoken = full.act(Action::ReadAloud).into_iter().find_map(|effect| match effect {
        Effect::Speak(text) => Some(text),
        _ => None,
    });
    assert!(spoken.unwrap().starts_with("The record is genuine. Entered by the distillery"));
    assert!(has(&full.act(Action::CallStaff), |e| *e == Effect::CallStaff(Call::Visitor)));
    assert!(full.flow.view().aloud.starts_with("Staff has been called. The record is genuine."));
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
