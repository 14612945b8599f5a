//! What is refused, each with its error; what was current stays so.

use super::bring::brought;
use super::{Made, Place, Update, held};
use crate::manifest::{MAX_FILE, MAX_FILES, MAX_MANIFEST, MAX_TOTAL};
use crate::root::Slot;
use crate::{BringError, Brought, Locked, Manifest, Root, UpdateError, install, platform};
use minisign::KeyPair;
use serde_json::{Value, json};
use std::fs;

/// A place where release 5 is current.
pub(super) fn set_up() -> Place {
    let place = Place::new();
    place.install(&Update::new(5, "exit 0")).unwrap();
    place.lock().end_trial().unwrap();
    place
}

/// Refuses it, and leaves the current version whole and current.
#[track_caller]
fn refuses(place: &Place, made: &Made) -> UpdateError {
    let root = place.lock();
    let refused = install(&root, &made.0, &mut |_| true).unwrap_err();
    unchanged(&root);
    refused
}

#[track_caller]
pub(super) fn unchanged(root: &Locked) {
    assert_eq!(root.current(), Some(Slot::A));
    assert_eq!(root.whole(Slot::A).map(|manifest| manifest.release), Ok(5));
    assert_eq!(root.trial(), None);
}

/// A release 6 with something else in its manifest.
#[track_caller]
fn refuses_with(change: impl FnOnce(&mut Value)) -> UpdateError {
    let (place, mut update) = (set_up(), Update::new(6, "exit 0"));
    change(&mut update.manifest);
    refuses(&place, &place.made(&update))
}

#[test]
fn an_update_goes_into_the_other_slot_and_becomes_current() {
    let place = set_up();
    place.install(&Update::new(6, "exit 0")).unwrap();
    let root = place.lock();
    assert_eq!(root.current(), Some(Slot::B));
    assert_eq!(root.whole(Slot::B).map(|manifest| manifest.release), Ok(6));
    assert_eq!(root.trial().map(|trial| (trial.slot, trial.starts)), Some((Slot::B, 0)));
}

#[test]
fn another_signer_is_refused() {
    let place = set_up();
    let foreign = KeyPair::generate_unencrypted_keypair().unwrap();
    let made = place.signed(&Update::new(6, "exit 0"), &foreign);
    assert_eq!(refuses(&place, &made), UpdateError::ForeignSigner);
}

#[test]
fn a_changed_manifest_is_refused() {
    let place = set_up();
    let made = place.made(&Update::new(6, "exit 0"));
    let path = made.0.join("manifest.json");
    let text = fs::read_to_string(&path).unwrap().replace("\"release\":6", "\"release\":9");
    fs::write(&path, text).unwrap();
    assert_eq!(refuses(&place, &made), UpdateError::BadSignature);
    fs::write(made.0.join("manifest.json.minisig"), "none").unwrap();
    assert_eq!(refuses(&place, &made), UpdateError::NoSignature);
    fs::remove_file(made.0.join("manifest.json.minisig")).unwrap();
    let missing = UpdateError::Missing { path: "manifest.json.minisig".into() };
    assert_eq!(refuses(&place, &made), missing);
}

#[test]
fn without_a_key_nothing_is_installed() {
    let place = Place::new();
    fs::remove_file(place.root().path().join("update.pub")).unwrap();
    assert!(matches!(place.install(&Update::new(5, "")), Err(UpdateError::NoKey { .. })));
    fs::write(place.root().path().join("update.pub"), "none").unwrap();
    assert!(matches!(place.install(&Update::new(5, "")), Err(UpdateError::NoKey { .. })));
}

#[test]
fn the_key_that_is_named_counts_and_the_folders_own_does_not() {
    let place = Place::new();
    let foreign = KeyPair::generate_unencrypted_keypair().unwrap();
    let (own, named) = (place.root().key_file().to_owned(), place.root().path().join("named"));
    fs::rename(&own, &named).unwrap();
    fs::write(&own, foreign.pk.to_box().unwrap().to_string()).unwrap();
    let update = Update::new(5, "exit 0");
    let (ours, theirs) = (place.made(&update), place.signed(&update, &foreign));
    let root = held(&place.root().with_key(&named));
    let install = |made: &Made| install(&root, &made.0, &mut |_| true);
    assert_eq!(install(&theirs), Err(UpdateError::ForeignSigner));
    assert!(install(&ours).is_ok());
    // Nor where the named one is gone.
    fs::remove_file(named).unwrap();
    assert!(matches!(install(&theirs), Err(UpdateError::NoKey { .. })));
}

#[test]
fn a_version_finds_the_folder_and_its_key_in_its_environment() {
    let named = |folder: Option<&str>, key: Option<&str>| {
        let root = Root::named(folder.map(Into::into), key.map(Into::into))?;
        Some((root.path().to_owned(), root.key_file().to_owned()))
    };
    assert_eq!(named(Some("/r"), Some("/k")), Some(("/r".into(), "/k".into())));
    let before = named(Some("/r"), None);
    assert_eq!(before, Some(("/r".into(), "/r/update.pub".into())), "an older launcher");
    assert_eq!(named(None, Some("/k")), None);
}

#[test]
fn an_older_release_is_refused() {
    for release in [4, 5] {
        let (place, update) = (set_up(), Update::new(release, "exit 0"));
        let older = UpdateError::Older { have: 5, got: release };
        assert_eq!(refuses(&place, &place.made(&update)), older);
    }
}

/// What runs might lose its own manifest for that.
#[test]
fn a_release_below_the_highest_that_ever_was_current_is_refused_without_a_manifest_too() {
    let place = set_up();
    let manifest = place.root().slot(Slot::A).join("manifest.json");
    fs::remove_file(manifest).unwrap();
    let older = UpdateError::Older { have: 5, got: 4 };
    assert_eq!(place.install(&Update::new(4, "exit 0")), Err(older.clone()));
    let made = place.made(&Update::new(4, "exit 0"));
    assert_eq!(brought(&place, &made).0, Err(BringError::Update(older)));
    // The same release mends it.
    assert!(place.install(&Update::new(5, "exit 0")).is_ok());
}

#[test]
fn after_a_way_back_nothing_below_the_highest_release_comes() {
    let place = set_up();
    place.install(&Update::new(8, "exit 0")).unwrap();
    let root = place.lock();
    root.switch(Slot::A, 5).unwrap();
    root.end_trial().unwrap();
    assert_eq!(root.highest(), 8);
    drop(root);
    let between = place.made(&Update::new(7, "exit 0"));
    assert_eq!(refuses(&place, &between), UpdateError::Older { have: 8, got: 7 });
    let current = place.made(&Update::new(5, "exit 0"));
    assert_eq!(brought(&place, &current).0, Ok(Brought::Nothing));
    let highest = place.made(&Update::new(8, "exit 0"));
    assert_eq!(brought(&place, &highest).0, Ok(Brought::Update { release: 8 }));
}

#[test]
fn without_its_note_the_highest_release_is_the_current_one() {
    for note in [None, Some("none"), Some("-1")] {
        let place = set_up();
        let path = place.root().path().join("highest");
        match note {
            Some(note) => fs::write(path, note).unwrap(),
            None => fs::remove_file(path).unwrap(),
        }
        let made = place.made(&Update::new(4, "exit 0"));
        assert_eq!(refuses(&place, &made), UpdateError::Older { have: 5, got: 4 });
        assert!(place.install(&Update::new(6, "exit 0")).is_ok());
        assert_eq!(place.lock().highest(), 6);
    }
}

#[test]
fn a_release_that_failed_its_trial_is_refused() {
    let place = set_up();
    place.lock().refuse(7).unwrap();
    for release in [6, 7] {
        let made = place.made(&Update::new(release, "exit 0"));
        assert_eq!(refuses(&place, &made), UpdateError::Refused { refused: 7, got: release });
    }
    assert!(place.install(&Update::new(8, "exit 0")).is_ok());
}

#[test]
fn another_platform_is_refused() {
    let got = refuses_with(|manifest| manifest["platform"] = "mips-plan9".into());
    let expected = platform();
    assert_eq!(got, UpdateError::Platform { expected, got: "mips-plan9".into() });
}

#[test]
fn a_path_that_leads_out_is_refused() {
    for path in [
        "../kiosk",
        "a/../../b",
        "/etc/passwd",
        "a//b",
        "a/",
        "",
        ".",
        "..",
        ".hidden",
        "a/.b",
        "c:\\x",
        "a\\b",
        "a b",
        "a\u{202e}b",
        "a\u{0}b",
        "manifest.json",
        "MANIFEST.json.minisig",
    ] {
        let got = refuses_with(|manifest| manifest["files"][1]["path"] = path.into());
        assert_eq!(got, UpdateError::Path { path: path.into() });
    }
    let long = "a".repeat(161);
    let got = refuses_with(|manifest| manifest["files"][1]["path"] = long.into());
    assert_eq!(got, UpdateError::Path { path: "a".repeat(80) });
}

#[test]
fn two_files_of_one_name_are_refused() {
    for path in ["kiosk", "KIOSK", "kiosk/below"] {
        let got = refuses_with(|manifest| manifest["files"][1]["path"] = path.into());
        assert_eq!(got, UpdateError::Twice { path: path.into() });
    }
}

#[test]
fn a_program_that_is_not_listed_is_refused() {
    let got = refuses_with(|manifest| manifest["program"] = "assets/logo.png".into());
    assert_eq!(got, UpdateError::NoProgram { path: "assets/logo.png".into() });
}

#[test]
fn too_many_files_are_refused() {
    let got = refuses_with(|manifest| {
        let file = manifest["files"][1].clone();
        manifest["files"] = vec![file; MAX_FILES + 1].into();
    });
    assert_eq!(got, UpdateError::TooManyFiles { got: MAX_FILES + 1, max: MAX_FILES });
}

#[test]
fn too_many_bytes_are_refused() {
    let got = refuses_with(|manifest| manifest["files"][1]["size"] = (MAX_FILE + 1).into());
    assert_eq!(got, UpdateError::TooLarge { got: MAX_FILE + 1, max: MAX_FILE });
    let got = refuses_with(|manifest| {
        let mut file = manifest["files"][1].clone();
        file["size"] = MAX_FILE.into();
        for at in 0..5 {
            file["path"] = format!("big-{at}").into();
            manifest["files"].as_array_mut().unwrap().push(file.clone());
        }
    });
    assert!(matches!(got, UpdateError::TooLarge { got, max: MAX_TOTAL } if got > MAX_TOTAL));
    let got = refuses_with(|manifest| manifest["name"] = "x".repeat(MAX_MANIFEST).into());
    assert_eq!(got, UpdateError::TooLong { max: MAX_MANIFEST });
}

#[test]
fn a_full_disk_is_told_beforehand() {
    let place = set_up();
    let told = crate::install::room(place.root().path(), u64::MAX / 2);
    assert!(matches!(told, Err(UpdateError::NoSpace { .. })), "{told:?}");
    assert_eq!(crate::install::room(place.root().path(), 0), Ok(()));
}

#[test]
fn a_wrong_file_is_refused() {
    let place = set_up();
    let made = place.made(&Update::new(6, "exit 0"));
    let (logo, path) = (made.0.join("assets/logo.png"), || "assets/logo.png".to_owned());
    fs::write(&logo, vec![8; 100]).unwrap();
    assert_eq!(refuses(&place, &made), UpdateError::Hash { path: path() });
    fs::write(&logo, vec![7; 99]).unwrap();
    let size = |got| UpdateError::Size { path: path(), expected: 100, got };
    assert_eq!(refuses(&place, &made), size(99));
    fs::write(&logo, vec![7; 5000]).unwrap();
    assert_eq!(refuses(&place, &made), size(101));
    fs::remove_file(&logo).unwrap();
    assert_eq!(refuses(&place, &made), UpdateError::Missing { path: path() });
    fs::create_dir(&logo).unwrap();
    assert_eq!(refuses(&place, &made), UpdateError::Missing { path: path() });
}

#[cfg(unix)]
#[test]
fn a_link_is_refused() {
    use std::os::unix::fs::symlink;
    let place = set_up();
    let made = place.made(&Update::new(6, "exit 0"));
    let link = UpdateError::Link { path: "assets/logo.png".into() };
    let logo = made.0.join("assets/logo.png");
    fs::rename(&logo, made.0.join("elsewhere")).unwrap();
    symlink(made.0.join("elsewhere"), &logo).unwrap();
    assert_eq!(refuses(&place, &made), link);
    // A folder on the way too.
    fs::rename(made.0.join("assets"), made.0.join("other")).unwrap();
    symlink(made.0.join("other"), made.0.join("assets")).unwrap();
    assert_eq!(refuses(&place, &made), link);
}

#[test]
fn what_is_no_manifest_is_refused() {
    assert_eq!(Manifest::decode(br#"{"version":2}"#), Err(UpdateError::UnknownVersion { got: 2 }));
    for none in ["", "[]", "{}", r#"{"version":1}"#, "\u{0}"] {
        let got = Manifest::decode(none.as_bytes());
        assert!(matches!(got, Err(UpdateError::Malformed { .. })), "{none}");
    }
    for (name, value) in [("sm3", json!("00")), ("sha256", json!("0".repeat(64)))] {
        // A hash that is none, and two hashes for one file.
        let got = refuses_with(|manifest| manifest["files"][0][name] = value);
        assert!(matches!(got, UpdateError::Malformed { .. }), "{name}");
    }
    let got = refuses_with(|manifest| manifest["script"] = "x".into());
    assert!(matches!(got, UpdateError::Malformed { .. }));
}

#[test]
fn only_one_is_at_work() {
    let place = set_up();
    let _held = place.lock();
    assert_eq!(place.root().lock().map(drop), Err(UpdateError::Busy));
}
