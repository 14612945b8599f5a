//! Versions that say that they are alive, and then do not: real programs, started.
//!
//! Such a version is this test itself, started as a child that beats.

use super::Update;
use super::start::{LONG, WELL, is_back_for_now, left, ran, with};
use crate::alive::SignOfLife;
use crate::root::Slot;
use crate::run::run_hearing;
use crate::{ALIVE, Patience, Told};
use std::time::Duration;

const BEATS: &str = "SEALIGHT_TEST_BEATS";
const CHILD: &str = "tests::alive::a_version_that_beats";

/// Hangs are seen soon.
const SOON: Patience = Patience { silence: Duration::from_millis(1500), ..LONG };
/// Beats of a version that has come up, however few looks they fall into.
const UP: u32 = 5;

/// A line of a script that says so often that it is alive, at short distances.
fn beats(times: u32) -> String {
    let this = std::env::current_exe().unwrap();
    format!("{BEATS}={times} {this:?} --exact {CHILD} >/dev/null || exit 7")
}

#[test]
fn a_version_that_beats() {
    let Ok(times) = std::env::var(BEATS) else { return };
    let sign = SignOfLife::of_environment();
    for _ in 0..times.parse().unwrap() {
        sign.say();
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_version_that_falls_silent_is_killed_and_started_again() {
    let script = format!(
        "[ -e \"$SEALIGHT_LAUNCH/again\" ] && exit 0
        touch \"$SEALIGHT_LAUNCH/again\"; {}; exec sleep 1000",
        beats(UP)
    );
    let ended = |code| Told::Ended { code };
    assert_eq!(ran(&with(&script), &SOON), [Told::Silent, ended(None), ended(Some(0))]);
}

#[test]
fn a_version_that_falls_silent_again_and_again_is_gone_back_from() {
    let place = with("exit 0");
    let script = format!("{WELL}; {}; exec sleep 1000", beats(UP));
    place.install(&Update::new(6, &script)).unwrap();
    let mut expected = vec![Told::Healthy];
    for _ in 0..SOON.crashes {
        expected.extend([Told::Silent, Told::Ended { code: None }]);
    }
    expected.extend([left(), Told::Ended { code: Some(0) }]);
    assert_eq!(ran(&place, &SOON), expected);
    is_back_for_now(&place);
}

#[test]
fn a_version_that_hangs_once_in_a_long_while_is_kept() {
    let place = with("exit 0");
    let script = format!(
        "{WELL}; echo >> \"$SEALIGHT_LAUNCH/starts\"
        [ \"$(wc -l < \"$SEALIGHT_LAUNCH/starts\")\" -gt 4 ] && exit 0
        {}; exec sleep 1000",
        beats(UP)
    );
    place.install(&Update::new(6, &script)).unwrap();
    let told = ran(&place, &Patience { steady: Duration::ZERO, ..SOON });
    let silent = told.iter().filter(|one| **one == Told::Silent).count();
    assert_eq!((silent, place.lock().current()), (4, Some(Slot::B)), "{told:?}");
}

#[test]
fn a_version_that_hangs_at_its_start_is_killed_and_started_again() {
    let script = format!(
        "[ -e \"$SEALIGHT_LAUNCH/again\" ] && exit 0
        touch \"$SEALIGHT_LAUNCH/again\"; {}; exec sleep 1000",
        beats(1)
    );
    let soon = Patience { start: Duration::from_millis(1500), ..LONG };
    let ended = |code| Told::Ended { code };
    assert_eq!(ran(&with(&script), &soon), [Told::Silent, ended(None), ended(Some(0))]);
}

#[test]
fn a_version_whose_start_takes_long_is_left_alone() {
    let place = with(&format!("{}; sleep 4; {}", beats(1), beats(UP)));
    let soon = Patience { silence: Duration::from_millis(2500), ..LONG };
    assert_eq!(ran(&place, &soon), [Told::Ended { code: Some(0) }]);
}

#[test]
fn a_version_that_never_beats_is_left_alone() {
    let place = with("sleep 2; exit 0");
    let short = Duration::from_millis(200);
    let soon = Patience { start: short, silence: short, ..LONG };
    assert_eq!(ran(&place, &soon), [Told::Ended { code: Some(0) }]);
}

#[test]
fn a_version_that_keeps_beating_is_left_alone() {
    let place = with(&beats(40));
    assert_eq!(ran(&place, &SOON), [Told::Ended { code: Some(0) }]);
}

#[test]
fn without_a_socket_it_is_told_once_and_all_else_goes_on() {
    let script = format!(
        "[ -z \"${ALIVE}\" ] || exit 7
        [ -e \"$SEALIGHT_LAUNCH/again\" ] && exit 0
        touch \"$SEALIGHT_LAUNCH/again\"; exit 1"
    );
    let place = with(&script);
    let mut told = Vec::new();
    let none = || Err(std::io::ErrorKind::AddrNotAvailable.into());
    run_hearing(&place.lock(), &[], &LONG, &none, &mut |one| told.push(one)).unwrap();
    assert!(matches!(told.remove(0), Told::Deaf { .. }));
    assert_eq!(told, [Told::Ended { code: Some(1) }, Told::Ended { code: Some(0) }]);
}
