//! What is brought from wherever the kiosk can ask for files: whole, once, and nothing else.

use super::refusals::{set_up, unchanged};
use super::{Made, Place, Update};
use crate::root::Slot;
use crate::{BringError, Brought, UpdateError, bring, install};
use minisign::KeyPair;
use std::fs;

/// Brings what is in a folder, and counts what was asked for.
pub(super) fn brought(place: &Place, made: &Made) -> (Result<Brought, BringError<String>>, usize) {
    let mut asked = 0;
    let told = bring(&place.root(), |name, limit| {
        asked += 1;
        let bytes = fs::read(made.0.join(name)).map_err(|error| error.to_string())?;
        if bytes.len() > limit { Err("too long".into()) } else { Ok(bytes) }
    });
    (told, asked)
}

#[test]
fn a_newer_update_is_brought_whole_and_once() {
    let place = set_up();
    let made = place.made(&Update::new(6, "exit 0"));
    let logo = made.0.join("assets/logo.png");
    fs::rename(&logo, made.0.join("away")).unwrap();
    assert!(matches!(brought(&place, &made).0, Err(BringError::Source(_))));
    assert!(!place.root().incoming().exists());
    fs::rename(made.0.join("away"), &logo).unwrap();
    let update = Ok(Brought::Update { release: 6 });
    // The program had arrived already.
    assert_eq!(brought(&place, &made), (update.clone(), 3));
    assert_eq!(brought(&place, &made), (update, 2));
    unchanged(&place.lock());
    let root = place.lock();
    install(&root, &root.incoming(), &mut |_| true).unwrap();
    assert_eq!(root.current(), Some(Slot::B));
}

/// Half of release 6 has arrived, which has a file where release 7 has a folder, or the other way
/// round.
#[test]
fn what_arrived_of_another_update_is_in_nobodys_way() {
    for (before, after) in [("extra", "extra/inside"), ("extra/inside", "extra")] {
        let (place, mut six) = (set_up(), Update::new(6, "exit 0"));
        six.add(before, b"six".to_vec());
        six.add("last", b"missing".to_vec());
        let six = place.made(&six);
        fs::remove_file(six.0.join("last")).unwrap();
        assert!(matches!(brought(&place, &six).0, Err(BringError::Source(_))));
        let arriving = place.root().path().join("arriving");
        assert!(arriving.join(before).exists(), "half of it has arrived");
        let mut seven = Update::new(7, "exit 0");
        seven.add(after, b"seven".to_vec());
        let seven = place.made(&seven);
        assert_eq!(brought(&place, &seven).0, Ok(Brought::Update { release: 7 }));
        assert!(!arriving.exists());
        let root = place.lock();
        install(&root, &root.incoming(), &mut |_| true).unwrap();
        let incoming = root.incoming();
        assert!(!incoming.join("last").exists() && incoming.join(after).is_file());
    }
}

#[test]
fn what_arrived_without_a_manifest_is_of_no_update() {
    let place = set_up();
    let arriving = place.root().path().join("arriving");
    fs::create_dir(&arriving).unwrap();
    fs::write(arriving.join("assets"), "x").unwrap();
    let made = place.made(&Update::new(6, "exit 0"));
    assert_eq!(brought(&place, &made).0, Ok(Brought::Update { release: 6 }));
}

#[test]
fn nothing_older_foreign_or_broken_is_brought() {
    let place = set_up();
    let same = place.made(&Update::new(5, "exit 0"));
    assert_eq!(brought(&place, &same), (Ok(Brought::Nothing), 2));
    let older = place.made(&Update::new(4, "exit 0"));
    let refused = Err(BringError::Update(UpdateError::Older { have: 5, got: 4 }));
    assert_eq!(brought(&place, &older), (refused, 2));
    let foreign = KeyPair::generate_unencrypted_keypair().unwrap();
    let foreign = place.signed(&Update::new(6, "exit 0"), &foreign);
    let refused = Err(BringError::Update(UpdateError::ForeignSigner));
    assert_eq!(brought(&place, &foreign), (refused, 2));
    let broken = place.made(&Update::new(6, "exit 0"));
    fs::write(broken.0.join("kiosk"), "x").unwrap();
    let refused = brought(&place, &broken).0;
    assert!(matches!(refused, Err(BringError::Update(UpdateError::Size { .. }))));
    place.lock().refuse(6).unwrap();
    let bad = place.made(&Update::new(6, "exit 0"));
    let refused = Err(BringError::Update(UpdateError::Refused { refused: 6, got: 6 }));
    assert_eq!(brought(&place, &bad), (refused, 2));
    assert!(!place.root().incoming().exists());
    unchanged(&place.lock());
}

/// The current release is offered again, or one before it, or one that failed its trial meanwhile.
#[test]
fn an_update_that_was_withdrawn_waits_no_longer() {
    for (offered, refused) in [(5, 0), (4, 0), (6, 6)] {
        let place = set_up();
        let seven = place.made(&Update::new(7, "exit 0"));
        let update = Ok(Brought::Update { release: 7 });
        assert_eq!(brought(&place, &seven).0, update);
        if refused > 0 {
            place.lock().refuse(refused).unwrap();
        }
        let told = brought(&place, &place.made(&Update::new(offered, "exit 0"))).0;
        assert!(!matches!(told, Ok(Brought::Update { .. })), "{told:?}");
        let left = ["incoming", "arriving"].map(|name| place.root().path().join(name).exists());
        assert_eq!(left, [false, false], "release {offered} is offered");
        unchanged(&place.lock());
        // It may be offered again.
        assert_eq!(brought(&place, &seven).0, update);
    }
}

#[test]
fn what_is_not_signed_or_not_there_withdraws_nothing() {
    let place = set_up();
    let six = place.made(&Update::new(6, "exit 0"));
    assert_eq!(brought(&place, &six).0, Ok(Brought::Update { release: 6 }));
    let foreign = KeyPair::generate_unencrypted_keypair().unwrap();
    let foreign = place.signed(&Update::new(5, "exit 0"), &foreign);
    assert!(brought(&place, &foreign).0.is_err());
    fs::remove_file(six.0.join("manifest.json")).unwrap();
    assert!(matches!(brought(&place, &six).0, Err(BringError::Source(_))));
    let root = place.lock();
    install(&root, &root.incoming(), &mut |_| true).unwrap();
}
