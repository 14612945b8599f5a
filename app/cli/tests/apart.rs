//! A network whose members make their keys apart, by the real commands: cards, founding, folders,
//! signed trust file and checkpoint, four nodes that make blocks, and one who comes later.
//!
//! What needs CometBFT skips with one line where it is missing.

#![cfg(unix)]

mod common;

use common::{Folder, Run, run_in};
use serde_json::Value;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longest wait for blocks; a block takes a second and a half.
const PATIENCE: Duration = Duration::from_secs(90);

/// Members in one folder of the test, each with a node's folder and an address of its own.
struct Members {
    folder: Folder,
    group: String,
    running: Vec<Child>,
}

impl Members {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        // A group of loopback addresses in which nobody listens, as `network up` draws them.
        let free = |group: &String| {
            [26656, 26657, 26680]
                .iter()
                .all(|port| TcpListener::bind(format!("{group}.2:{port}")).is_ok())
        };
        let id = std::process::id();
        let groups = (0..64).map(|turn| format!("127.{}.{}", 100 + (id + turn) % 100, id % 250));
        let group = groups.into_iter().find(free).expect("free addresses");
        Self { folder, group, running: Vec::new() }
    }

    fn run(&self, args: &[&str]) -> Run {
        run_in(&self.folder.path(""), &[args, &["--json"]].concat(), &[])
    }

    fn address(&self, member: usize) -> String {
        format!("{}.{}", self.group, member + 1)
    }

    fn gateway(&self, member: usize) -> String {
        format!("http://{}:26680", self.address(member))
    }

    fn card(&self, member: usize) -> Run {
        let (home, name) = (format!("n{member}"), format!("Member {member} Ltd"));
        let address = self.address(member);
        self.run(&["network", "card", "--home", &home, "--name", &name, "--address", &address])
    }

    fn join(&self, member: usize, more: &[&str]) -> Run {
        let (home, address) = (format!("n{member}"), self.address(member));
        let (rpc, metrics) = (format!("{address}:26657"), format!("{address}:26690"));
        let args = ["network", "join", "net/network.json", "--home", &home, "--rpc", &rpc];
        self.run(&[&args[..], &["--metrics", &metrics], more].concat())
    }

    fn start(&mut self, member: usize, engine: &PathBuf) {
        let log = std::fs::File::create(self.folder.path(&format!("log{member}"))).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_sealight"));
        command.args(["node", "run", "--home", &format!("n{member}")]);
        command.current_dir(self.folder.path("")).env("SEALIGHT_COMETBFT", engine);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        self.running.push(child.unwrap());
    }

    /// Runs a command that the first so many members sign, with the keys of their nodes' folders.
    fn by(&self, count: usize, args: &[&str]) -> Value {
        let keys: Vec<String> = (1..=count).map(|n| format!("n{n}/keys/member.key")).collect();
        let mut args = [args, &["--home", "device", "--key", &keys[0]]].concat();
        keys[1..].iter().for_each(|key| args.extend(["--endorse", key]));
        self.run(&args).exits(0).json()
    }

    /// Runs a command again until it succeeds: nodes need a while for their first blocks.
    fn until(&self, args: &[&str]) -> Value {
        let begun = Instant::now();
        loop {
            let run = self.run(args);
            if run.code == Some(0) {
                return run.json();
            }
            assert!(begun.elapsed() < PATIENCE, "{run:?}");
            std::thread::sleep(Duration::from_millis(300));
        }
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        for child in &self.running {
            let pid = child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &pid]).status();
        }
        self.running.iter_mut().for_each(|child| drop(child.wait()));
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Four cards put together, with two roots and two checkpoint keys whose secrets stay apart.
fn founded(members: &Members) -> Value {
    (1..=4).for_each(|member| drop(members.card(member).exits(0)));
    for key in ["root1", "root2", "check1", "check2"] {
        let made = members.run(&["key", "new", &format!("{key}.json")]).exits(0);
        // What somebody else is told of a key.
        std::fs::write(members.folder.path(&format!("{key}.public")), made.out).unwrap();
    }
    let mut found = vec!["network", "found", "--name", "Test ledger", "--output", "net"];
    found.extend(["--interval", "1"]);
    found.extend(["--root", "root1.public", "--root", "root2.public"]);
    found.extend(["--checkpoint", "check1.public", "--checkpoint", "check2.public"]);
    found.extend(["n1/card.json", "n2/card.json", "n3/card.json", "n4/card.json"]);
    members.run(&found).exits(0).json()
}

#[test]
fn members_on_machines_apart_found_a_ledger_and_run_it() {
    let Ok(engine) = sealight_ledger::node::find_engine() else {
        println!("skipped: CometBFT 0.38 is not on this machine");
        return;
    };
    let mut members = Members::new("apart");
    let founded = founded(&members);
    assert_eq!((&founded["members"], &founded["threshold"]), (&4.into(), &3.into()));
    let mut sign =
        vec!["trust", "rotate", "net/trust.json", "--output", "trust", "--home", "signer"];
    sign.extend(["--key", "root1.json", "--key", "root2.json"]);
    let fingerprint = members.run(&sign).exits(0).json()["fingerprint"].take();
    for member in 1..=4 {
        let joined = members.join(member, &["--trust", "trust"]).exits(0).json();
        assert_eq!((&joined["ledger"], &joined["validates"]), (&founded["ledger"], &true.into()));
        members.start(member, &engine);
    }
    let device = ["--home", "device"];
    let add = ["trust", "add", "trust", "--fingerprint", text(&fingerprint)];
    members.run(&[&add[..], &device].concat()).exits(0);
    // The first holder signs what the gateways give, the second looks at the header again.
    let first = ["trust", "checkpoint", "--key", "check1.json", "--output", "begun"];
    let begun = members.until(&[&first[..], &device].concat());
    assert_eq!((&begun["signatures"], &begun["complete"]), (&1.into(), &false.into()));
    let gateway = members.gateway(3);
    let second = ["trust", "checkpoint", "--from", "begun", "--gateway", &gateway];
    let second =
        [&second[..], &["--key", "check2.json", "--output", "checkpoint"], &device].concat();
    // Its gateway may not have that block yet.
    let signed = members.until(&second);
    assert_eq!((&signed["height"], &signed["complete"]), (&begun["height"], &true.into()));
    for member in 1..=4 {
        let place = members.folder.path(&format!("n{member}/checkpoint"));
        std::fs::copy(members.folder.path("checkpoint"), place).unwrap();
    }
    let shown = members.until(&[&["members", "show"][..], &device].concat());
    assert_eq!(shown["members"].as_array().unwrap().len(), 4);
    members.run(&["key", "new", "maker.json"]).exits(0);
    let register = ["issuer", "register", "--name", "Reverie Ltd", "--role", "issuer"];
    members.by(3, &[&register[..], &["--party-key", "maker.json"]].concat());
    // One who comes later catches up and serves, and validates nothing.
    members.card(5).exits(0);
    let joined = members.join(5, &["--trust", "trust"]).exits(0).json();
    assert_eq!((&joined["validates"], &joined["party"]), (&false.into(), &Value::Null));
    members.start(5, &engine);
    let gateway = members.gateway(5);
    members.until(&["sync", "--gateway", &gateway, "--home", "device"]);
    // Then it is registered by its public key, let in, and given a seat.
    let told = members.run(&["key", "show", "n5/keys/member.key"]).exits(0).out;
    std::fs::write(members.folder.path("fifth.public"), told).unwrap();
    let mut register = vec!["issuer", "register", "--name", "Member 5 Ltd", "--role", "member"];
    register.extend(["--party-key", "fifth.public"]);
    let party = members.by(3, &register)["party"].take();
    members.by(3, &["members", "change", "--add", text(&party), "--threshold", "4"]);
    let card = std::fs::read(members.folder.path("n5/card.json")).unwrap();
    let card: Value = serde_json::from_slice(&card).unwrap();
    let seat = format!("{}=10:Member 5 Ltd", text(&card["validator"]));
    members.by(4, &["members", "validators", "--seat", &seat]);
    let shown = members.until(&["members", "show", "--home", "device"]);
    assert_eq!(shown["members"].as_array().unwrap().len(), 5);
    assert_eq!(shown["validators"].as_array().unwrap().len(), 5);
    members.by(4, &["issuer", "suspend", "--of", text(&party)]);
    restored(&mut members, &engine);
}

/// The third node's disk is lost: its folder comes back from a backup, with a new validator's key.
fn restored(members: &mut Members, engine: &PathBuf) {
    let folder = members.folder.path("");
    let tar = |args: &[&str]| {
        let done = Command::new("tar").args(args).current_dir(&folder).status();
        assert!(done.unwrap().success(), "{args:?}");
    };
    let key = |members: &Members| {
        // What a node prints of itself is a line and no document.
        let args = ["node", "validator", "--home", "n3"];
        run_in(&members.folder.path(""), &args, &[]).exits(0).out.trim().to_owned()
    };
    let old = key(members);
    let leave = ["--exclude=comet/data", "--exclude=n3/app", "--exclude=n3/signer"];
    let more = ["--exclude=logs", "--exclude=*.sock", "--exclude=lock", "-czf", "backup.tgz", "n3"];
    tar(&[&leave[..], &more].concat());
    let pid = members.running[2].id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    members.running[2].wait().unwrap();
    std::fs::remove_dir_all(members.folder.path("n3")).unwrap();
    tar(&["-xzf", "backup.tgz"]);
    std::fs::remove_file(members.folder.path("n3/comet/config/priv_validator_key.json")).unwrap();
    members.start(3, engine);
    members.until(&["sync", "--gateway", &members.gateway(3), "--home", "device"]);
    let new = key(members);
    assert_ne!(new, old);
    let seat = format!("{new}=10:Member 3 Ltd");
    members.by(4, &["members", "validators", "--remove", &old, "--seat", &seat]);
    let shown = members.until(&["members", "show", "--home", "device"]);
    let seats = shown["validators"].as_array().unwrap();
    let has = |key: &str| seats.iter().any(|seat| seat["key"] == key);
    assert!(has(&new) && !has(&old) && seats.len() == 5, "{shown}");
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let members = Members::new("apart-not");
    let founded = founded(&members);
    assert!(!text(&founded["ledger"]).is_empty());
    let code = |run: Run| run.exits(1).json()["error"]["code"].take();
    assert_eq!(code(members.card(1)), "file-exists");
    let keys = ["--root", "root1.public", "--checkpoint", "check1.public", "--output", "other"];
    let found = |more: &[&str]| {
        members.run(&[&["network", "found", "--name", "Other"], &keys[..], more].concat())
    };
    assert_eq!(code(found(&["n1/card.json", "n1/card.json"])), "no-founding");
    assert_eq!(code(found(&["root1.public"])), "not-a-card");
    assert_eq!(code(found(&["n1/card.json", "--root", "n1/card.json"])), "no-public-key");
    found(&["n2/card.json"]).exits(0);
    let signed =
        ["trust", "rotate", "other/trust.json", "--key", "root1.json", "--output", "others"];
    members.run(&[&signed[..], &["--home", "signer"]].concat()).exits(0);
    assert_eq!(code(members.join(1, &["--trust", "others"])), "trust-of-others");
    let bare = ["network", "join", "net/network.json", "--home", "n9"];
    assert_eq!(code(members.run(&bare)), "no-card");
    let card = ["network", "join", "n1/card.json", "--home", "n1"];
    assert_eq!(code(members.run(&card)), "not-a-network");
    members.join(1, &[]).exits(0);
    assert_eq!(code(members.join(1, &[])), "file-exists");
    let nowhere = members.run(&["network", "join", "net/network.json"]).exits(2);
    assert_eq!(nowhere.json()["error"]["code"], "no-node-home");
}

#[test]
fn gateways_that_no_client_would_ask_are_told_before_anybody_does() {
    let members = Members::new("apart-gateways");
    let card = |home: &str, address: &str, more: &[&str]| {
        let args = ["network", "card", "--home", home, "--name", home, "--address", address];
        members.run(&[&args[..], more].concat())
    };
    for far in ["http://seal.example", "ftp://seal.example", "https://u@seal.example", "x"] {
        let refused = card("n1", "192.0.2.1", &["--gateway", far]).exits(2).json();
        assert_eq!(refused["error"]["code"], "gateway-refused", "{far}");
    }
    assert!(!members.folder.path("n1").exists(), "no keys are made for what is refused");
    let plain = card("n1", "192.0.2.1", &[]).exits(0).json();
    let own = "http://192.0.2.1:26680";
    assert_eq!(plain["gateways_refused"], serde_json::json!([own]));
    let named = card("n2", "192.0.2.2", &["--gateway", "https://seal.example"]).exits(0).json();
    assert_eq!(named["gateways_refused"], serde_json::json!([]));
    for key in ["root", "check"] {
        let made = members.run(&["key", "new", &format!("{key}.json")]).exits(0);
        std::fs::write(members.folder.path(&format!("{key}.public")), made.out).unwrap();
    }
    let found = |cards: &[&str]| {
        let args = ["network", "found", "--name", "Test", "--output", "net", "--root"];
        let roles = ["root.public", "--checkpoint", "check.public"];
        members.run(&[&args[..], &roles, cards].concat())
    };
    let founded = found(&["n1/card.json", "n2/card.json"]).exits(0).json();
    assert_eq!(founded["gateways_refused"], serde_json::json!([own]));
    let trust = std::fs::read_to_string(members.folder.path("net/trust.json")).unwrap();
    assert!(trust.contains("https://seal.example") && !trust.contains(own), "{trust}");
    // A card that was edited on its way.
    let path = members.folder.path("n2/card.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("https:", "http:")).unwrap();
    let refused = found(&["n1/card.json", "n2/card.json"]).exits(2).json();
    assert_eq!(refused["error"]["code"], "gateway-refused");
}
