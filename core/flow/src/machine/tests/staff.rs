//! The staff's PIN and page: who gets there, what they see, and that no visitor is left on them.

use super::*;
use crate::staff::{Desk, Finding, PinTold};

fn desk() -> Box<Desk> {
    Box::new(Desk {
        scans: 7,
        findings: vec![Finding::DiskLow { megabytes: 9 }],
        ..Desk::default()
    })
}

fn opened() -> Script {
    let mut script = Script::on(Profile::KIOSK);
    script.act(Action::Staff);
    script.send(Event::Desk { desk: desk(), enters: true });
    assert_eq!(script.screen(), Screen::Staff);
    script
}

#[test]
fn the_pin_comes_first_and_the_visitor_is_forgotten() {
    let mut script = Script::on(Profile::KIOSK);
    script.answer(claim(7), e1(7));
    let effects = script.act(Action::Staff);
    assert!(has(&effects, |e| *e == Effect::Forget));
    assert_eq!(script.screen(), Screen::Pin);
    assert_eq!(script.flow.view().keypad.unwrap().rows.concat(), "1234567890");
    script.send(Event::Pin(PinTold::Wrong { left: 3 }));
    assert!(script.flow.view().field.reason.unwrap().ends_with("3."));
    script.send(Event::Pin(PinTold::Locked { minutes: 10 }));
    assert_eq!(script.flow.view().keypad, None, "a locked pad has no keys");
}

#[test]
fn only_a_kiosk_has_a_staff_page_and_only_a_shown_right_opens_it() {
    for profile in [Profile::SHOPPER, Profile::INSPECTOR] {
        let mut script = Script::on(profile);
        script.act(Action::Staff);
        script.send(Event::Desk { desk: desk(), enters: true });
        assert_eq!(script.screen(), Screen::Aiming);
    }
    let mut script = Script::on(Profile::KIOSK);
    script.send(Event::Desk { desk: desk(), enters: false });
    assert_eq!(script.screen(), Screen::Attract, "figures alone open nothing");
    script.send(Event::Pin(PinTold::Wrong { left: 3 }));
    assert_eq!(script.screen(), Screen::Attract);
}

#[test]
fn nothing_that_is_scanned_reaches_the_pin_or_the_page() {
    for mut script in [opened(), {
        let mut script = Script::on(Profile::KIOSK);
        script.act(Action::Staff);
        script
    }] {
        let before = script.flow.view();
        script.read(claim(1));
        trouble(&mut script, not_a_seal(), false);
        script.send(Event::NothingRead);
        script.send(Event::ChipUnread);
        assert_eq!(script.flow.view(), before);
    }
}

#[test]
fn the_page_tells_figures_and_findings_and_clears_itself() {
    let mut script = opened();
    let view = script.flow.view();
    let said: Vec<String> = view.rows.iter().map(|row| plain(&row.finding)).collect();
    assert!(said[0].starts_with("Room on the disk: 9 MB."), "{said:?}");
    assert!(said.iter().any(|line| line.starts_with("7 with an answer")), "{said:?}");
    script.send(Event::Desk { desk: Box::new(Desk::default()), enters: false });
    assert_eq!(script.flow.view().field.reason.as_deref(), Some("Nothing is in the way."));
    script.after(90_000, Event::Tick);
    assert_eq!(script.screen(), Screen::Attract);
}

#[test]
fn the_program_ends_from_the_staff_page_alone() {
    let ends = |effects: &[Effect]| has(effects, |e| *e == Effect::Exit);
    let mut script = Script::on(Profile::KIOSK);
    assert!(!ends(&script.act(Action::Exit)));
    script.act(Action::Staff);
    assert!(!ends(&script.act(Action::Exit)));
    assert!(ends(&opened().act(Action::Exit)));
}

#[test]
fn every_answer_and_every_try_without_one_is_noted_once() {
    let mut script = Script::on(Profile::KIOSK);
    let noted = |effects: &[Effect]| -> Vec<Noted> {
        let of = |e: &Effect| match e {
            Effect::Note(noted) => Some(*noted),
            _ => None,
        };
        effects.iter().filter_map(of).collect()
    };
    let (_, effects) = script.answer(claim(7), e1(7));
    assert_eq!(noted(&effects), [Noted::Answered { case: Case::E1, ms: 0 }]);
    assert!(noted(&script.read(claim(7))).is_empty(), "the same label, still in view");
    script.act(Action::Done);
    let effects = trouble(&mut script, not_a_seal(), false);
    assert_eq!(noted(&effects), [Noted::Unread(Unread::NotASeal)]);
    assert!(noted(&trouble(&mut script, not_a_seal(), false)).is_empty(), "still in view");
    assert!(noted(&script.send(Event::CameraFailed)).is_empty(), "no fault of a reading");
}

#[test]
fn the_page_closes_after_five_minutes_though_somebody_touches_it() {
    let mut script = opened();
    for _ in 0..9 {
        script.after(33_000, Event::Act(Action::Touch));
        assert_eq!(script.screen(), Screen::Staff);
    }
    script.after(3_001, Event::Tick);
    assert_eq!(script.screen(), Screen::Attract);
}
