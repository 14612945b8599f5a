//! The recipe of the library's page, with the tool itself as the judge.

use super::{Place, Update};
use crate::install;
use std::fs;
use std::process::{Command, Stdio};

#[test]
fn what_minisign_itself_signs_is_installed() {
    let place = Place::new();
    let made = place.made(&Update::new(3, "exit 0"));
    let (public, secret) = (place.root().path().join("update.pub"), made.0.join("update.key"));
    for file in [&public, &made.0.join("manifest.json.minisig")] {
        fs::remove_file(file).unwrap();
    }
    let minisign = |args: &[&str], asked: &str| {
        let mut command = Command::new("minisign");
        command.args(args).arg("-s").arg(&secret).args([asked]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    // Without a password, as nobody is there to type one.
    let Ok(ended) = minisign(&["-G", "-W"], "-p").arg(&public).status() else {
        println!("skipped: no minisign");
        return;
    };
    assert!(ended.success());
    let signed = minisign(&["-S"], "-m").arg(made.0.join("manifest.json")).status();
    assert!(signed.unwrap().success());
    let root = place.lock();
    assert_eq!(install(&root, &made.0, &mut |_| true).map(|manifest| manifest.release), Ok(3));
}
