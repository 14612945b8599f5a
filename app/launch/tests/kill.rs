//! Killed (SIGKILL) after each step of an installation, a whole version is current, and the
//! installation can be begun again.
//!
//! The test starts itself as a child that installs, says each step and waits there to be killed.

mod made;

use sealight_launch::{Root, Slot, Step, install};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

const FOLDER: &str = "SEALIGHT_TEST_INSTALL";
const AFTER: &str = "SEALIGHT_TEST_AFTER";
const NAME: &str = "killed_at_any_step_a_whole_version_is_current";

#[test]
fn killed_at_any_step_a_whole_version_is_current() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        let after = std::env::var(AFTER).unwrap().parse().unwrap();
        return child(Path::new(&folder), after);
    }
    let folder = std::env::temp_dir().join(format!("sealight-launch-kill-{}", std::process::id()));
    let mut kills = 0;
    for after in 0.. {
        prepare(&folder);
        if !kill(&folder, after) {
            break;
        }
        kills += 1;
        let root = Root::new(&folder.join("root")).lock().unwrap();
        let current = root.current().expect("something is current");
        let whole = root.whole(current).expect("it is whole");
        let switched = whole.release == 2;
        assert_eq!(root.trial().is_some(), switched, "on trial once it is switched to");
        // Once more, from wherever it was left.
        let again = install(&root, &folder.join("2"), &mut |_| true);
        assert_eq!(again.is_ok(), !switched, "{again:?}");
        let current = root.current().unwrap();
        assert_eq!(root.whole(current).map(|manifest| manifest.release), Ok(2));
    }
    assert_eq!(kills, 8, "one after each step");
    println!("figure: kills during an installation: {kills} kills");
    fs::remove_dir_all(&folder).unwrap();
}

/// Release 1 is current, release 2 waits in a folder; both signed by one key.
fn prepare(folder: &Path) {
    let (root, keys) = made::root(&folder.join("root"));
    for release in [1, 2] {
        let update = folder.join(release.to_string());
        let files = ["kiosk", "assets/one", "assets/two"]
            .map(|path| (path, format!("{path} of {release}").repeat(1000)));
        made::update(&update, &keys, release, &files);
    }
    let root = root.lock().unwrap();
    install(&root, &folder.join("1"), &mut |_| true).unwrap();
    root.end_trial().unwrap();
    assert_eq!(root.current(), Some(Slot::A));
}

/// Starts the child and kills it after so many steps; false where there were not so many.
fn kill(folder: &PathBuf, after: usize) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(FOLDER, folder)
        .env(AFTER, after.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let waits = lines.map_while(Result::ok).any(|line| line.contains("waits here"));
    child.kill().unwrap();
    child.wait().unwrap();
    waits
}

fn child(folder: &Path, after: usize) {
    let root = Root::new(&folder.join("root")).lock().unwrap();
    let mut steps = 0;
    let mut told = |_: Step| {
        if steps == after {
            println!("waits here");
            std::io::stdout().flush().unwrap();
            std::thread::sleep(Duration::from_secs(600));
        }
        steps += 1;
        true
    };
    install(&root, &folder.join("2"), &mut told).unwrap();
}
