//! On a disk that takes nothing any more, as worn flash with `errors=remount-ro` does, the launcher
//! starts the kiosk all the same.
//!
//! The disk is the launcher's folder, mounted read-only over itself where nobody else sees it.
#![cfg(target_os = "linux")]

mod made;

use sealight_launch::install;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Mounts `$1` so, and becomes the rest of its words.
const READ_ONLY: &str = "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" || exit 9
    touch \"$1/x\" 2>/dev/null && exit 9
    shift; exec \"$@\"";
/// A kiosk that shows something, notes that beside the disk, and is ended.
const KIOSK: &str =
    "#!/bin/sh\necho shown > \"$SEALIGHT_HEALTH\" && echo shown > \"$TMPDIR/seen\"\n";

/// The ways to mounts that nobody else sees: root's, and that of users in a space of their own.
const WAYS: [&[&str]; 2] = [&["--mount"], &["--mount", "--map-root-user"]];

/// A command that sees this folder so; none where neither way is open.
fn read_only(folder: &Path, words: &[&str]) -> Option<Command> {
    let works = |way: &[&str]| {
        seen(way, folder, &["true"]).output().is_ok_and(|output| output.status.success())
    };
    WAYS.into_iter().find(|way| works(way)).map(|way| seen(way, folder, words))
}

fn seen(way: &[&str], folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("unshare");
    command.args(way).args(["sh", "-c", READ_ONLY, "sh"]).arg(folder).args(words);
    command
}

/// What the launcher says while it runs release 1; none where no disk can be made to take nothing.
fn run(folder: &Path, on_trial: bool) -> Option<String> {
    let (path, temporary) = (folder.join("root"), folder.join("tmp"));
    let (root, keys) = made::root(&path);
    let _ = fs::remove_dir_all(&temporary);
    fs::create_dir(&temporary).unwrap();
    made::update(&folder.join("1"), &keys, 1, &[("kiosk", KIOSK.into())]);
    let root = root.lock().unwrap();
    install(&root, &folder.join("1"), &mut |_| true).unwrap();
    if !on_trial {
        root.end_trial().unwrap();
    }
    drop(root);
    // Left by a start before the disk took nothing any more.
    fs::write(path.join("health"), "shown\n").unwrap();
    let launcher = env!("CARGO_BIN_EXE_sealight-launch");
    let mut command = read_only(&path, &[launcher, "--root", path.to_str().unwrap(), "run"])?;
    let ran = command.env("TMPDIR", &temporary).env_remove("SEALIGHT_ENDED").output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    let left: Vec<_> = fs::read_dir(temporary).unwrap().map(|at| at.unwrap().file_name()).collect();
    assert_eq!(left, ["seen"], "it was shown, and nothing is left of that start: {said}");
    Some(said)
}

#[test]
fn on_a_disk_that_takes_nothing_the_kiosk_is_started() {
    let folder = std::env::temp_dir().join(format!("sealight-read-only-{}", std::process::id()));
    for on_trial in [false, true] {
        let Some(said) = run(&folder, on_trial) else {
            println!("skipped: no folder can be mounted read-only here");
            break;
        };
        assert!(said.contains("not noted: "), "{said}");
        assert_eq!(said.contains("the new version came up"), on_trial, "{said}");
    }
    fs::remove_dir_all(folder).unwrap();
}
