//! Versions that are not whole any more, by worn flash or by somebody's hand: never started.

use super::start::{LONG, WELL, left, ran, with};
use super::{Place, Update};
use crate::root::Slot;
use crate::{Told, UpdateError, run};
use std::fs;

/// Another picture of the same length in this slot.
fn damage(place: &Place, slot: Slot) {
    fs::write(place.root().slot(slot).join("assets/logo.png"), vec![8; 100]).unwrap();
}

fn damaged() -> Told {
    Told::Damaged(UpdateError::Hash { path: "assets/logo.png".into() })
}

/// A place where release 6 is current, came up once and is damaged, and release 5 is whole.
fn damaged_six(script: &str) -> Place {
    let place = with("exit 0");
    place.install(&Update::new(6, script)).unwrap();
    place.lock().end_trial().unwrap();
    damage(&place, Slot::B);
    place
}

/// Puts a release where the launcher looks for one.
fn brings(place: &Place, update: &Update) {
    fs::rename(place.made(update).0, place.root().incoming()).unwrap();
}

#[test]
fn a_damaged_version_is_gone_back_from_before_it_is_started() {
    let place = damaged_six("exit 0");
    assert_eq!(ran(&place, &LONG), [damaged(), left(), Told::Ended { code: Some(0) }]);
    let root = place.lock();
    assert_eq!((root.current(), root.refused()), (Some(Slot::A), 0), "the release is not at fault");
}

#[test]
fn a_version_that_is_damaged_on_its_trial_is_gone_back_from_and_not_refused() {
    let place = with("exit 0");
    place.install(&Update::new(6, "exit 0")).unwrap();
    damage(&place, Slot::B);
    assert_eq!(ran(&place, &LONG), [damaged(), left(), Told::Ended { code: Some(0) }]);
    let root = place.lock();
    assert_eq!((root.current(), root.trial(), root.refused()), (Some(Slot::A), None, 0));
}

#[test]
fn what_mends_a_damaged_version_is_never_put_over_the_whole_one() {
    let place = damaged_six("exit 0");
    brings(&place, &Update::new(6, WELL));
    let told = ran(&place, &LONG);
    let (installed, end) = (Told::Installed { release: 6 }, Told::Ended { code: Some(0) });
    assert_eq!(told, [damaged(), left(), installed, Told::Healthy, end]);
    let releases = [Slot::A, Slot::B].map(|slot| place.lock().whole(slot).unwrap().release);
    assert_eq!(releases, [5, 6]);
}

#[test]
fn with_nothing_whole_to_go_back_to_nothing_is_started_until_the_same_release_is_installed_anew() {
    let place = with("touch \"$SEALIGHT_LAUNCH/started\"; exit 1");
    damage(&place, Slot::A);
    let (mut told, mut seen) = (Vec::new(), 0);
    run(&place.lock(), &[], &LONG, &mut |one| {
        seen += u32::from(one == damaged());
        if seen == 2 && one == damaged() {
            brings(&place, &Update::new(5, WELL));
        }
        told.push(one);
    })
    .unwrap();
    let nothing = || Told::NoWayBack(UpdateError::Missing { path: "manifest.json".into() });
    let mut expected = vec![damaged(), nothing(), damaged(), nothing()];
    expected.extend([Told::Installed { release: 5 }, Told::Healthy]);
    expected.push(Told::Ended { code: Some(0) });
    assert_eq!(told, expected);
    assert!(!place.root().path().join("started").exists());
}

/// A folder where the note is written first stands for a disk that takes nothing.
#[test]
fn where_the_disk_takes_nothing_the_whole_version_is_started_in_place_of_the_damaged_one() {
    let place = damaged_six("exit 7");
    fs::create_dir(place.root().path().join("current.new")).unwrap();
    let told = ran(&place, &LONG);
    assert_eq!(told[0], damaged());
    assert!(matches!(told[1], Told::NoWayBack(UpdateError::Io { .. })), "{told:?}");
    assert_eq!(told[2..], [Told::Ended { code: Some(0) }]);
}
