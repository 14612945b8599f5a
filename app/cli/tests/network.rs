//! A consortium's network by the real command: up, every other verb against any node, down.
//!
//! Skips with one line where CometBFT can neither be found nor built.

#![cfg(unix)]

mod common;

use common::{Folder, Run, run_in};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// CometBFT of this machine, or one built from the pinned module where there is Go.
fn engine() -> Option<PathBuf> {
    if let Ok(engine) = sealight_ledger::node::find_engine() {
        return Some(engine);
    }
    let target = Path::new(env!("CARGO_BIN_EXE_sealight")).with_file_name("cometbft");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&target)
        .arg("github.com/cometbft/cometbft/cmd/cometbft")
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/cometbft"))
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Some(target);
    }
    println!("skipped: neither CometBFT 0.38 nor Go to build it is on this machine");
    None
}

/// A folder with a network in it, which is taken down with the test.
struct Consortium {
    folder: Folder,
    engine: String,
}

impl Consortium {
    fn run(&self, args: &[&str]) -> Run {
        // The engine would take its home and any setting from these without a word.
        let steering = [("CMTHOME", "/nowhere"), ("CMT_RPC_LADDR", "tcp://127.0.0.1:1")];
        let environment = [("SEALIGHT_COMETBFT", &*self.engine), steering[0], steering[1]];
        run_in(self.folder.path("").as_path(), args, &environment)
    }

    fn network(&self, args: &[&str]) -> Run {
        let home = self.folder.text("net");
        self.run(&[&["network"], args, &["--home", &home, "--json"]].concat())
    }

    fn device(&self, args: &[&str]) -> Run {
        let home = self.folder.text("device");
        self.run(&[args, &["--home", &home, "--json"]].concat())
    }
}

impl Drop for Consortium {
    fn drop(&mut self) {
        let home = self.folder.text("net");
        let _ = self.run(&["network", "down", "--home", &home]);
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn a_network_serves_every_verb_at_every_node() {
    let Some(engine) = engine() else { return };
    let net = Consortium { folder: Folder::new("network"), engine: engine.display().to_string() };
    let up = net.network(&["up", "--validators", "4", "--interval", "1"]).exits(0).json();
    assert_eq!((up["was_up"].as_bool(), up["nodes"].as_array().unwrap().len()), (Some(false), 4));
    // Up already: it says so, and does nothing.
    let again = net.network(&["up"]).exits(0).json();
    assert_eq!(again["was_up"], true);
    assert_eq!(again["ledger"], up["ledger"]);
    assert_eq!(
        net.network(&["up", "--validators", "3"]).exits(2).json()["error"]["code"],
        "network-size"
    );

    let gateway = |place: usize| text(&up["nodes"][place]["gateway"]).to_owned();
    let fingerprint = text(&up["fingerprint"]);
    net.device(&["trust", "add", &gateway(1), "--fingerprint", fingerprint]).exits(0);
    net.device(&["key", "new", "maker.json"]).exits(0);
    let keys: Vec<&str> = up["quorum_keys"].as_array().unwrap().iter().map(text).collect();
    let mut register = vec!["issuer", "register", "--name", "Reverie Distillery Ltd"];
    register.extend(["--role", "issuer", "--gtin", "09506000", "--brand", "Blue Reverie"]);
    register.extend(["--party-key", "maker.json", "--key", keys[0]]);
    keys[1..].iter().for_each(|key| register.extend(["--endorse", key]));
    net.device(&register).exits(0);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/blue-reverie.csv");
    std::fs::copy(demo, net.folder.path("items.csv")).unwrap();
    let mut issue = vec!["issue", "items.csv", "--title", "Blue Reverie", "--output", "lot"];
    issue.extend(["--labels", "3", "--key", "maker.json"]);
    let lot = net.device(&issue).exits(0).json();
    net.device(&["event", text(&lot["lot"]), "shipping", "--key", "maker.json"]).exits(0);
    for place in 0..4 {
        net.device(&["sync", "--gateway", &gateway(place)]).exits(0);
    }
    let scan = net.device(&["scan", "lot/labels/00002.png"]).exits(0).json();
    assert_eq!(scan["results"][0]["outcome"], "proven");

    let added = net.network(&["add"]).exits(0).json();
    assert_eq!(added["node"], "node5");
    let status = net.network(&["status"]).exits(0).json();
    assert_eq!(status["nodes"].as_array().unwrap().len(), 5);
    net.device(&["sync", "--gateway", text(&status["nodes"][4]["gateway"])]).exits(0);
    assert_eq!(net.network(&["down"]).exits(0).json()["stopped"], 5);
    assert_eq!(net.network(&["down"]).exits(0).json()["stopped"], 0);
    let status = net.network(&["status"]).exits(1).json();
    assert_eq!(status["nodes"][0]["running"], false);
}

#[test]
fn what_is_missing_is_told_with_the_way_to_get_it() {
    let folder = Folder::new("network-missing");
    let (home, empty) = (folder.text("net"), folder.text("empty"));
    std::fs::create_dir(&empty).unwrap();
    let up = |path: &str| {
        let environment = [("PATH", path), ("HOME", &*empty), ("SEALIGHT_COMETBFT", "")];
        let args = ["network", "up", "--home", &home, "--json"];
        run_in(folder.path("").as_path(), &args, &environment).exits(1).json()["error"].take()
    };
    let install = "go install github.com/cometbft/cometbft/cmd/cometbft@v0.38.25";
    let told = up(&empty);
    assert_eq!(told["code"], "no-go");
    assert!(text(&told["hint"]).contains("Install Go") && text(&told["hint"]).contains(install));
    std::fs::write(Path::new(&empty).join("go"), "").unwrap();
    let told = up(&empty);
    assert_eq!(told["code"], "no-cometbft");
    assert!(text(&told["hint"]).contains(install));
    assert!(!folder.path("net").exists(), "nothing is written where nothing could run");
    assert_eq!(folder.run(&["network", "status", "--home", &home]).exits(1).out, "");
}
