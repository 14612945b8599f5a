//! Versions that come up, and versions that don't: real programs, started.

use super::{Place, Update, held};
use crate::root::{Slot, Trial};
use crate::{KEY, Patience, Told, UpdateError, run};
use std::time::Duration;

/// Comes up.
pub(super) const WELL: &str = "touch \"$SEALIGHT_HEALTH\"";

/// As long as it may take where something must come, however slow the machine.
pub(super) const LONG: Patience = Patience {
    health: Duration::from_secs(120),
    steady: Duration::from_secs(120),
    crashes: 3,
    rest: Duration::ZERO,
    start: Duration::from_secs(120),
    silence: Duration::from_secs(120),
};

/// A place where release 5 is current and this script is its program.
pub(super) fn with(script: &str) -> Place {
    let place = Place::new();
    place.install(&Update::new(5, script)).unwrap();
    place.lock().end_trial().unwrap();
    place
}

/// Runs until a version ends with 0; what was told on the way.
pub(super) fn ran(place: &Place, patience: &Patience) -> Vec<Told> {
    let mut told = Vec::new();
    run(&place.lock(), &["--home".into(), "x".into()], patience, &mut |one| told.push(one))
        .unwrap();
    told
}

/// Release 6 failed its trial.
pub(super) fn went_back() -> Told {
    Told::WentBack { from: Some(6), to: 5, refused: true }
}

/// Release 6 had come up, and was gone back from all the same.
pub(super) fn left() -> Told {
    Told::WentBack { from: Some(6), to: 5, refused: false }
}

#[track_caller]
pub(super) fn is_back(place: &Place) {
    let root = place.lock();
    assert_eq!((root.current(), root.trial(), root.refused()), (Some(Slot::A), None, 6));
    drop(root);
    let again = place.install(&Update::new(6, ""));
    assert_eq!(again, Err(UpdateError::Refused { refused: 6, got: 6 }));
}

/// The version before is current, and release 6 is taken again, on trial; none below it is.
#[track_caller]
pub(super) fn is_back_for_now(place: &Place) {
    let root = place.lock();
    assert_eq!((root.current(), root.trial(), root.refused()), (Some(Slot::A), None, 0));
    drop(root);
    let same = place.install(&Update::new(5, "")).map(|manifest| manifest.release);
    assert_eq!(same, Err(UpdateError::Older { have: 5, got: 5 }));
    place.install(&Update::new(6, "")).unwrap();
    let root = place.lock();
    assert_eq!((root.current(), root.trial().is_some()), (Some(Slot::B), true));
}

#[test]
fn a_new_version_that_comes_up_stays() {
    let place = with("exit 0");
    place.install(&Update::new(6, &format!("{WELL}; [ \"$*\" = '--home x' ]"))).unwrap();
    assert_eq!(ran(&place, &LONG), [Told::Healthy, Told::Ended { code: Some(0) }]);
    let root = place.lock();
    assert_eq!((root.current(), root.trial(), root.refused()), (Some(Slot::B), None, 0));
}

#[test]
fn a_new_version_without_a_health_mark_is_killed_and_gone_back_from() {
    let place = with("exit 0");
    place.install(&Update::new(6, "exec sleep 1000")).unwrap();
    let soon = Patience { health: Duration::from_millis(300), ..LONG };
    let told = ran(&place, &soon);
    assert_eq!(told, [Told::Ended { code: None }, went_back(), Told::Ended { code: Some(0) }]);
    is_back(&place);
}

#[test]
fn a_new_version_that_ends_before_its_mark_is_gone_back_from() {
    for code in [0, 1, crate::RESTART] {
        let place = with("exit 0");
        place.install(&Update::new(6, &format!("exit {code}"))).unwrap();
        let ended = |code| Told::Ended { code: Some(code) };
        assert_eq!(ran(&place, &LONG), [ended(code), went_back(), ended(0)]);
        is_back(&place);
    }
}

#[test]
fn after_two_failed_updates_the_version_before_both_is_gone_back_to() {
    let place = with("exit 0");
    for release in [6, 7] {
        place.install(&Update::new(release, "exit 1")).unwrap();
        let back = Told::WentBack { from: Some(release), to: 5, refused: true };
        let ended = |code| Told::Ended { code: Some(code) };
        assert_eq!(ran(&place, &LONG), [ended(1), back, ended(0)]);
    }
    let root = place.lock();
    assert_eq!((root.current(), root.refused()), (Some(Slot::A), 7));
}

#[test]
fn an_update_waits_while_a_version_is_on_trial() {
    let place = with("exit 0");
    place.install(&Update::new(6, "exit 1")).unwrap();
    assert_eq!(place.install(&Update::new(7, WELL)), Err(UpdateError::OnTrial));
    let made = place.made(&Update::new(7, WELL));
    std::fs::rename(&made.0, place.root().incoming()).unwrap();
    let told = ran(&place, &LONG);
    let (fails, end) = (Told::Ended { code: Some(1) }, Told::Ended { code: Some(0) });
    assert_eq!(told, [fails, went_back(), Told::Installed { release: 7 }, Told::Healthy, end]);
}

#[test]
fn a_new_version_that_does_not_start_is_gone_back_from() {
    let place = with("exit 0");
    let mut update = Update::new(6, "");
    update.add("text", b"#!/nowhere/at/all\n".to_vec());
    update.manifest["program"] = "text".into();
    update.manifest["files"][2]["executable"] = true.into();
    place.install(&update).unwrap();
    let told = ran(&place, &LONG);
    assert_eq!(told, [Told::Ended { code: None }, went_back(), Told::Ended { code: Some(0) }]);
    is_back(&place);
}

#[test]
fn a_new_version_that_crashes_after_its_mark_is_gone_back_from_in_the_end() {
    let place = with("exit 0");
    place.install(&Update::new(6, &format!("{WELL}; exit 9"))).unwrap();
    let crash = || Told::Ended { code: Some(9) };
    let end = Told::Ended { code: Some(0) };
    assert_eq!(ran(&place, &LONG), [Told::Healthy, crash(), crash(), crash(), left(), end]);
    is_back_for_now(&place);
}

/// What made it crash, somebody's device perhaps, is gone by then.
#[test]
fn a_proven_version_that_was_gone_back_from_is_tried_again_where_it_is_brought_again() {
    let brings = "touch \"$SEALIGHT_LAUNCH/gone\"
        mv \"$SEALIGHT_LAUNCH/found\" \"$SEALIGHT_LAUNCH/incoming\"; exit 75";
    let place = with(&format!("{WELL}; {brings}"));
    let six = Update::new(6, &format!("{WELL}; [ -e \"$SEALIGHT_LAUNCH/gone\" ] || exit 9"));
    place.install(&six).unwrap();
    let made = place.made(&six);
    std::fs::rename(&made.0, place.root().path().join("found")).unwrap();
    let ended = |code| Told::Ended { code: Some(code) };
    let crashes = [Told::Healthy, ended(9), ended(9), ended(9), left()];
    let again = [ended(75), Told::Installed { release: 6 }, Told::Healthy, ended(0)];
    assert_eq!(ran(&place, &LONG), [&crashes[..], &again[..]].concat());
}

#[test]
fn where_the_version_before_crashes_as_well_the_proven_one_is_current_again() {
    let place = with("touch \"$SEALIGHT_LAUNCH/before\"; exit 9");
    let script = format!("{WELL}; [ -e \"$SEALIGHT_LAUNCH/before\" ] || exit 9");
    place.install(&Update::new(6, &script)).unwrap();
    let crash = || Told::Ended { code: Some(9) };
    let returned = Told::WentBack { from: Some(5), to: 6, refused: false };
    let mut expected = vec![Told::Healthy, crash(), crash(), crash(), left()];
    expected.extend([crash(), crash(), crash(), returned, Told::Ended { code: Some(0) }]);
    assert_eq!(ran(&place, &LONG), expected);
    assert_eq!(place.lock().current(), Some(Slot::B));
}

#[test]
fn a_version_is_told_which_key_its_updates_are_signed_by() {
    let place = with("exit 0");
    let script = format!("{WELL}; [ \"${KEY}\" = \"$SEALIGHT_LAUNCH/../named.pub\" ]");
    place.install(&Update::new(6, &script)).unwrap();
    let root = place.root();
    let named = root.path().join("../named.pub");
    std::fs::rename(root.key_file(), &named).unwrap();
    let mut told = Vec::new();
    run(&held(&root.with_key(&named)), &[], &LONG, &mut |one| told.push(one)).unwrap();
    assert_eq!(told, [Told::Healthy, Told::Ended { code: Some(0) }]);
}

#[test]
fn a_machine_that_goes_down_at_each_start_comes_back_with_the_version_before() {
    let place = with("exit 0");
    place.install(&Update::new(6, "exec sleep 1000")).unwrap();
    place.lock().put_trial(Trial { slot: Slot::B, starts: 3 }).unwrap();
    assert_eq!(ran(&place, &LONG), [went_back(), Told::Ended { code: Some(0) }]);
    is_back(&place);
}

#[test]
fn a_mark_of_health_from_before_shows_nothing_of_a_new_version() {
    let place = with("exit 0");
    place.install(&Update::new(6, "exec sleep 1000")).unwrap();
    std::fs::create_dir(place.root().health()).unwrap();
    let soon = Patience { health: Duration::from_millis(300), ..LONG };
    let told = ran(&place, &soon);
    let told: Vec<_> = told.iter().filter(|one| !matches!(one, Told::NotNoted(_))).collect();
    let ended = |code| Told::Ended { code };
    assert_eq!(told, [&ended(None), &went_back(), &ended(Some(0))]);
    is_back(&place);
}

#[test]
fn where_the_folder_takes_no_mark_a_new_version_that_comes_up_stays() {
    let place = with("exit 0");
    place.install(&Update::new(6, &format!("{WELL} && [ -f \"$SEALIGHT_HEALTH\" ]"))).unwrap();
    std::fs::create_dir(place.root().health()).unwrap();
    let told = ran(&place, &LONG);
    assert!(matches!(told[0], Told::NotNoted(UpdateError::Io { .. })), "{told:?}");
    assert_eq!(told[1..], [Told::Healthy, Told::Ended { code: Some(0) }]);
    assert_eq!(place.lock().current(), Some(Slot::B));
}

/// A folder in the lock's place cannot be written, by root neither, and can be locked.
#[test]
fn a_lock_that_can_only_be_read_is_held_all_the_same() {
    let place = with("exit 0");
    std::fs::remove_file(place.root().path().join("lock")).unwrap();
    std::fs::create_dir(place.root().path().join("lock")).unwrap();
    let held = place.lock();
    assert_eq!(place.root().lock().unwrap_err(), UpdateError::Busy);
    drop(held);
    assert_eq!(ran(&place, &LONG), [Told::Ended { code: Some(0) }]);
}

#[test]
fn with_nothing_to_go_back_to_it_is_started_again() {
    let script = "[ -e \"$SEALIGHT_LAUNCH/again\" ] && exec touch \"$SEALIGHT_HEALTH\"
        touch \"$SEALIGHT_LAUNCH/again\"; exit 1";
    let place = Place::new();
    place.install(&Update::new(5, script)).unwrap();
    let missing = UpdateError::Missing { path: "manifest.json".into() };
    let told = ran(&place, &LONG);
    let (first, last) = (Told::Ended { code: Some(1) }, Told::Ended { code: Some(0) });
    assert_eq!(told, [first, Told::NoWayBack(missing), Told::Healthy, last]);
    assert_eq!(place.lock().refused(), 0);
}

#[test]
fn a_damaged_version_is_never_gone_back_to() {
    let place = with("exit 0");
    std::fs::write(place.root().slot(Slot::A).join("assets/logo.png"), "x").unwrap();
    let script = "[ -e \"$SEALIGHT_LAUNCH/again\" ] && exec touch \"$SEALIGHT_HEALTH\"
        touch \"$SEALIGHT_LAUNCH/again\"; exit 1";
    place.install(&Update::new(6, script)).unwrap();
    let told = ran(&place, &LONG);
    assert!(matches!(told[1], Told::NoWayBack(UpdateError::Size { .. })), "{told:?}");
    assert_eq!(place.lock().current(), Some(Slot::B));
}

#[test]
fn what_waits_is_installed_when_the_kiosk_asks_to_be_started_again() {
    // The running version finds an update, as the kiosk does at night.
    let script =
        format!("{WELL}; mv \"$SEALIGHT_LAUNCH/found\" \"$SEALIGHT_LAUNCH/incoming\"; exit 75");
    let place = with(&script);
    let made = place.made(&Update::new(6, WELL));
    std::fs::rename(&made.0, place.root().path().join("found")).unwrap();
    let told = ran(&place, &LONG);
    let (asks, end) = (Told::Ended { code: Some(75) }, Told::Ended { code: Some(0) });
    assert_eq!(told, [asks, Told::Installed { release: 6 }, Told::Healthy, end]);
    assert!(!place.root().incoming().exists());
}

#[test]
fn every_good_update_of_many_is_started() {
    // Each finds the next one, night after night, under one launcher.
    let next = |release| {
        format!("{WELL}; mv \"$SEALIGHT_LAUNCH/{release}\" \"$SEALIGHT_LAUNCH/incoming\"; exit 75")
    };
    let place = with(&next(6));
    for release in 6..=11 {
        let script = if release == 11 { WELL.to_owned() } else { next(release + 1) };
        let made = place.made(&Update::new(release, &script));
        std::fs::rename(&made.0, place.root().path().join(release.to_string())).unwrap();
    }
    let told = ran(&place, &LONG);
    let healthy = told.iter().filter(|one| **one == Told::Healthy).count();
    assert_eq!((healthy, place.lock().refused()), (6, 0), "{told:?}");
}

#[test]
fn a_refused_update_waits_no_longer_and_stops_nothing() {
    let place = with("exit 0");
    let made = place.made(&Update::new(5, WELL));
    std::fs::rename(&made.0, place.root().incoming()).unwrap();
    let older = UpdateError::Older { have: 5, got: 5 };
    let told = ran(&place, &LONG);
    assert_eq!(told, [Told::NotInstalled(older), Told::Ended { code: Some(0) }]);
    assert!(!place.root().incoming().exists());
}
