//! `sealight monitor` by the real command: what it tells, how it exits, and where it goes on.

mod common;

use common::{Folder, Ledger, Run};
use serde_json::Value;
use std::process::{Command, Stdio};
use std::time::Duration;

struct Followed {
    folder: Folder,
    ledger: Ledger,
}

impl Followed {
    fn start(name: &str) -> Self {
        let folder = Folder::new(name);
        let ledger = Ledger::start(&folder);
        let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
        folder.at_home(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
        Self { folder, ledger }
    }

    fn register(&self, name: &str, key: &str, more: &[&str]) -> String {
        self.folder.run(&["key", "new", key]).exits(0);
        let keys = self.ledger.document["quorum_keys"].as_array().unwrap();
        let mut args = vec!["issuer", "register", "--name", name, "--party-key", key, "--json"];
        args.extend(["--role", "issuer"].iter().chain(more));
        for (at, member) in keys.iter().enumerate() {
            args.extend([if at == 0 { "--key" } else { "--endorse" }, member.as_str().unwrap()]);
        }
        let document = self.folder.at_home(&args).exits(0).json();
        document["party"].as_str().unwrap().to_owned()
    }

    fn monitor(&self, more: &[&str]) -> Run {
        self.folder.at_home(&[&["monitor", "--once"], more].concat())
    }
}

fn kinds(run: &Run) -> Vec<String> {
    let rows = run.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    rows.map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_brand_is_told_what_concerns_it_once_and_the_exit_code_says_so() {
    let followed = Followed::start("monitor");
    let own =
        followed.register("Reverie Distillery Ltd", "maker.json", &["--brand", "Blue Reverie"]);
    let watch = ["--watch", own.as_str(), "--json"];
    // Its own registration: worth knowing, nothing to look at.
    let first = followed.monitor(&watch).exits(0);
    assert_eq!(kinds(&first), ["registered"]);
    assert_eq!(followed.monitor(&watch).exits(0).out, "");
    followed.register("Harbour Dairy", "dairy.json", &["--brand", "Harbour"]);
    assert_eq!(followed.monitor(&watch).exits(0).out, "");
    followed.register("Trading House", "other.json", &["--brand", "Blue Reveries"]);
    let third = followed.monitor(&watch).exits(30);
    assert_eq!(kinds(&third), ["resembles"]);
    let row: Value = serde_json::from_str(third.out.trim()).unwrap();
    assert_eq!(
        (row["own"].as_str(), row["weight"].as_str()),
        (Some("Blue Reverie"), Some("alarm"))
    );
    assert!(row["height"].as_u64().unwrap() > 1 && row["log_index"] == 2);
    // From the start again, in words.
    let again = followed.monitor(&["--watch", &own, "--again"]).exits(30);
    assert!(again.out.contains("! Trading House was registered"), "{}", again.out);
    // An authority sees them all.
    let all = followed.monitor(&["--everybody", "--again", "--json"]).exits(30);
    assert_eq!(kinds(&all).iter().filter(|kind| *kind == "registered").count(), 3);
}

#[test]
fn a_place_that_was_damaged_or_lost_is_told_or_read_again() {
    let followed = Followed::start("monitor-place");
    let own =
        followed.register("Reverie Distillery Ltd", "maker.json", &["--brand", "Blue Reverie"]);
    let watch = ["--watch", own.as_str(), "--json"];
    followed.monitor(&watch).exits(0);
    let ledger = followed.ledger.document["ledger"].as_str().unwrap();
    let place = followed.folder.path("device").join(format!("monitor-{ledger}"));
    let kept = std::fs::read(&place).unwrap();
    std::fs::write(&place, &kept[..kept.len() - 1]).unwrap();
    let damaged = followed.monitor(&watch).exits(1);
    assert_eq!(damaged.json()["error"]["code"], "monitor-damaged");
    // A kill between the line and the place tells the line again and loses none.
    std::fs::remove_file(&place).unwrap();
    assert_eq!(kinds(&followed.monitor(&watch).exits(0)), ["registered"]);
}

/// Log places in what was written, whole lines only.
fn places(text: &str) -> impl Iterator<Item = u64> {
    let rows = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    rows.filter_map(|row| row["log_index"].as_u64())
}

#[test]
fn killed_at_any_moment_it_tells_every_entry_at_least_once() {
    const PARTIES: u64 = 6;
    let followed = Followed::start("monitor-kill");
    let home = followed.folder.text("device");
    let mut told = std::collections::BTreeSet::new();
    for number in 0..PARTIES {
        let (name, key) = (format!("Party {number}"), format!("key-{number}.json"));
        followed.register(&name, &key, &[]);
        // The device's store is one process's at a time, so the monitor runs between entries.
        let out = followed.folder.path(&format!("out-{number}"));
        let mut child = Command::new(env!("CARGO_BIN_EXE_sealight"))
            .args(["monitor", "--everybody", "--json", "--home", &home])
            .stdout(std::fs::File::create(&out).unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(number * 40));
        child.kill().unwrap();
        child.wait().unwrap();
        told.extend(places(&std::fs::read_to_string(&out).unwrap()));
    }
    let last = followed.monitor(&["--everybody", "--json"]);
    told.extend(places(&last.out));
    assert_eq!(told, (0..PARTIES).collect());
    assert_eq!(followed.monitor(&["--everybody", "--json"]).exits(0).out, "");
}

#[test]
fn without_anything_to_watch_or_a_gateway_it_says_so() {
    let followed = Followed::start("monitor-nothing");
    let nothing = followed.monitor(&["--json"]).exits(2);
    assert_eq!(nothing.json()["error"]["code"], "nothing-watched");
    let Followed { folder, ledger } = followed;
    ledger.stop();
    let silent = folder.at_home(&["monitor", "--once", "--everybody", "--json"]).exits(1);
    assert_eq!(silent.json()["error"]["code"], "no-answer");
}
