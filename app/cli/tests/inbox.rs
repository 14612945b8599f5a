//! Report keys and `sealight inbox`, as far as they need no ledger; the whole way is in the tests
//! of the project.

mod common;

use common::{Folder, Ledger};

#[test]
fn a_report_key_is_made_and_shown_and_never_signs() {
    let folder = Folder::new("report-key");
    let made = folder.run(&["key", "new", "report.json", "--report", "--json"]).exits(0).json();
    let shown = folder.run(&["key", "show", "report.json", "--json"]).exits(0).json();
    assert_eq!((&made["public"], &made["algorithm"]), (&shown["public"], &"x25519".into()));
    let file = std::fs::read_to_string(folder.path("report.json")).unwrap();
    let seed = serde_json::from_str::<serde_json::Value>(&file).unwrap()["seed"].clone();
    let told = folder.run(&["key", "show", "report.json"]).exits(0);
    assert!(!told.out.contains(seed.as_str().unwrap()));
    let over = folder.run(&["key", "new", "report.json", "--report", "--json"]).exits(1).json();
    assert_eq!(over["error"]["code"], "file-exists");
}

#[test]
fn a_party_registers_with_a_report_key_and_finds_an_empty_inbox() {
    let folder = Folder::new("inbox");
    let ledger = Ledger::start(&folder);
    let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
    folder.at_home(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
    folder.run(&["key", "new", "maker.json"]).exits(0);
    folder.run(&["key", "new", "report.json", "--report"]).exits(0);
    let public = folder.run(&["key", "show", "report.json", "--json"]).exits(0);
    std::fs::write(folder.path("public.json"), &public.out).unwrap();
    let keys = ledger.document["quorum_keys"].as_array().unwrap();
    let flags = std::iter::once("--key").chain(std::iter::repeat("--endorse"));
    let quorum = flags.zip(keys).flat_map(|(flag, key)| [flag, key.as_str().unwrap()]);
    let mut register = vec!["issuer", "register", "--name", "Reverie Distillery Ltd"];
    register.extend(["--role", "issuer", "--party-key", "maker.json"]);
    register.extend(["--report-key", "public.json"]);
    register.extend(quorum);
    folder.at_home(&register).exits(0);
    let inbox = |more: &[&str]| {
        folder
            .at_home(&[&["inbox", "--key", "maker.json", "--json", "--report-key"], more].concat())
    };
    // What is taken off must be kept somewhere.
    inbox(&["report.json", "--take"]).exits(2);
    let empty = inbox(&["report.json", "--keep", "kept", "--take"]).exits(0).json();
    assert_eq!((&empty["letters"], &empty["taken"]), (&serde_json::json!([]), &0.into()));
    assert_eq!(empty["gateways"]["answered"], 1);
    let refused = inbox(&["maker.json"]).exits(1).json();
    assert_eq!(refused["error"]["code"], "not-a-report-key");
    // Another key than the party's is told nothing.
    folder.run(&["key", "new", "stranger.json"]).exits(0);
    let stranger = ["inbox", "--key", "stranger.json", "--report-key", "report.json", "--json"];
    let party = empty["party"].as_str().unwrap();
    let refused = folder.at_home(&[&stranger[..], &["--party", party]].concat()).exits(1).json();
    assert_eq!(refused["error"]["code"], "no-answer");
}
