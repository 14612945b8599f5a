//! What a person does with a device beside scanning: checkpoints by hand, configuration, trust files
//! that were missed, secrets that must not be seen.

mod common;

use common::{Folder, Ledger, run_fed, run_in};
use sealight_verify::format::ids::{LedgerId, LotId};
use sealight_verify::format::seal::{SealCode, Secret};

fn trusted(folder: &Folder, ledger: &Ledger) {
    let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
    folder.at_home(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
}

/// An invented seal of this ledger, as its code says it.
fn invented(ledger: &Ledger) -> String {
    let ledger = LedgerId::from_hex(ledger.document["ledger"].as_str().unwrap()).unwrap();
    let secret = Secret([7; 16]);
    let seal = SealCode { ledger: ledger.short(), lot: LotId([5; 8]), index: 3, secret };
    format!("https://sealight.example/s#{}", seal.fragment())
}

#[test]
fn a_checkpoint_goes_from_device_to_device_by_file_and_by_code() {
    let folder = Folder::new("checkpoint");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    folder.at_home(&["sync", "--save-checkpoint", "pin.cbor"]).exits(0);
    let saved = ["sync", "--offline", "--save-checkpoint", "pin.png", "--json"];
    let saved = folder.at_home(&saved).exits(0).json();
    assert_eq!(saved["ledgers"], serde_json::json!([]));
    let height = &saved["saved"]["height"];
    // Another device, which never had a network.
    let bare = |home: &str, args: &[&str]| {
        run_in(&folder.path(""), &[args, &["--home", home, "--json"]].concat(), &[])
    };
    for (home, file) in [("by-file", "pin.cbor"), ("by-code", "pin.png")] {
        bare(home, &["trust", "add", "ledger/trust", "--yes"]).exits(0);
        let take = ["sync", "--offline", "--checkpoint", file];
        let taken = bare(home, &take).exits(0).json();
        assert_eq!(&taken["checkpoints"][0]["height"], height, "{taken}");
        let status = bare(home, &["status"]).exits(0).json();
        assert_eq!(&status["ledgers"][0]["height"], height, "{status}");
        assert!(status["ledgers"][0]["evidence"].is_null(), "{status}");
        // The same again is not newer, and what is none is refused.
        assert_eq!(bare(home, &take).exits(1).json()["error"]["code"], "checkpoint-refused");
        let other = ["sync", "--offline", "--checkpoint", "ledger/trust"];
        assert_eq!(bare(home, &other).exits(1).json()["error"]["code"], "checkpoint-refused");
    }
    let none = ["sync", "--offline", "--save-checkpoint", "none"];
    bare("empty", &["trust", "add", "ledger/trust", "--yes"]).exits(0);
    assert_eq!(bare("empty", &none).exits(1).json()["error"]["code"], "no-checkpoint");
}

#[test]
fn a_configuration_chooses_and_never_adds() {
    let folder = Folder::new("config");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let id = ledger.document["ledger"].as_str().unwrap();
    let set = |content: serde_json::Value, code: i32| {
        std::fs::write(folder.path("config.json"), content.to_string()).unwrap();
        folder.at_home(&["config", "set", "config.json", "--json"]).exits(code).json()
    };
    let config = |serial: u64, ledger: &str, expires: i64| {
        serde_json::json!({ "version": 1, "serial": serial, "expires": expires,
            "ledgers": [ledger], "gateways": ["http://127.0.0.1:9"] })
    };
    let foreign = set(config(1, &"0".repeat(64), 4_000_000_000), 1);
    assert_eq!(foreign["error"]["code"], "home", "{foreign}");
    let chosen = set(config(2, id, 4_000_000_000), 0);
    assert_eq!((chosen["ledgers"][0].as_str(), chosen["over"].as_bool()), (Some(id), Some(false)));
    let older = set(config(1, id, 4_000_000_000), 1);
    assert!(older["error"]["message"].as_str().unwrap().contains("older"), "{older}");
    let shown = folder.at_home(&["config", "show", "--json"]).exits(0).json();
    assert_eq!(shown["serial"], 2);
    assert_eq!(shown["gateways"][0], "http://127.0.0.1:9");
    let over = set(config(3, id, 1), 0);
    assert_eq!((over["ledgers"][0].as_str(), over["over"].as_bool()), (Some(id), Some(true)));
    let chinese = folder.at_home(&["config", "show", "--lang", "zh-CN"]).exits(0).out;
    assert!(chinese.contains("已过期"), "{chinese}");
}

#[test]
fn a_device_two_trust_files_behind_follows_its_gateway() {
    let folder = Folder::new("behind");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    for serial in [2, 3] {
        // Made on a device that is in step, put in the place of the ledger's newest.
        let mut shown = folder.run(&["trust", "show", "--home", "maker", "--json"]);
        if shown.code != Some(0) {
            folder.run(&["trust", "add", "ledger/trust", "--yes", "--home", "maker"]).exits(0);
            shown = folder.run(&["trust", "show", "--home", "maker", "--json"]);
        }
        let mut content = shown.exits(0).json();
        content["trust"]["serial"] = serial.into();
        std::fs::write(folder.path("next.json"), content.to_string()).unwrap();
        let key = ["--key", "ledger/keys/root.key", "--output", "next", "--home", "maker"];
        folder.run(&[&["trust", "rotate", "next.json"], &key[..]].concat()).exits(0);
        folder.run(&["trust", "add", "next", "--home", "maker"]).exits(0);
        std::fs::copy(folder.path("next"), folder.path("ledger/trust")).unwrap();
        // Somebody asks for it, or the ledger starts again: it is kept by its serial.
        let asked = format!("asker-{serial}");
        let add = ["trust", "add", &ledger.url(), "--yes", "--home", &asked];
        folder.run(&add).exits(0);
        folder.run(&["sync", "--home", &asked]).exits(0);
    }
    let synced = folder.at_home(&["sync", "--json"]).exits(0).json();
    assert_eq!(synced["trust_files"], 2, "{synced}");
    let status = folder.at_home(&["status", "--json"]).exits(0).json();
    assert_eq!(status["trust"]["serial"], 3);
}

#[test]
fn a_secret_comes_through_standard_input_and_is_warned_of_on_the_command_line() {
    let folder = Folder::new("secret");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let seal = invented(&ledger);
    let told = folder.at_home(&["scan", "--text", &seal]).exits(20);
    assert!(told.err.contains("standard input"), "{}", told.err);
    let number = folder.at_home(&["scan", "--text", "6901234567892"]).exits(23);
    assert!(!number.err.contains("standard input"), "{}", number.err);
    let (home, texts) = (folder.text("device"), folder.path("texts"));
    std::fs::write(&texts, format!("{seal}\n\n6901234567892\n")).unwrap();
    let fed =
        |args: &[&str]| run_fed(&folder.path(""), &[args, &["--home", &home]].concat(), &texts);
    let both = fed(&["scan", "--text", "-", "--json"]).exits(20);
    assert!(!both.err.contains("standard input"), "{}", both.err);
    let both = both.json();
    assert_eq!(both["results"].as_array().unwrap().len(), 2, "{both}");
    assert_eq!(both["results"][0]["record"]["reason"]["code"], "no-such-lot");
    assert_eq!(both["results"][1]["code"], "not-a-seal");
    let twice = fed(&["scan", "-", "--text", "-", "--json"]).exits(2).json();
    assert_eq!(twice["error"]["code"], "stdin-twice");
    std::fs::write(&texts, &seal).unwrap();
    std::fs::write(folder.path("none.cbor"), "no bundle").unwrap();
    let verified = fed(&["verify", "none.cbor", "--seal", "-", "--json"]).exits(22);
    assert_eq!(verified.json()["record"]["reason"]["code"], "bad-proof");
}

#[test]
fn what_rests_on_a_demonstrations_anchors_says_so() {
    let folder = Folder::new("demonstration");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let scan = ["scan", "--text", &invented(&ledger)];
    let english = folder.at_home(&scan).exits(20).out;
    assert!(english.contains("Demonstration: "), "{english}");
    assert!(english.contains("says nothing of any real product"), "{english}");
    let chinese = folder.at_home(&[&scan[..], &["--lang", "zh-CN"]].concat()).exits(20).out;
    assert!(chinese.contains("演示："), "{chinese}");
    let document = folder.at_home(&[&scan[..], &["--json"]].concat()).exits(20).json();
    assert_eq!(document["results"][0]["demo"], true);
}

#[test]
fn an_operator_signs_what_kiosks_are_set_to() {
    let folder = Folder::new("operator");
    let run = |args: &[&str], code: i32| folder.run(&[args, &["--json"]].concat()).exits(code);
    run(&["key", "new", "operator.json", "--algorithm", "ed25519"], 0);
    let public = run(&["key", "show", "operator.json"], 0).out;
    std::fs::write(folder.path("operator.pub"), public).unwrap();
    let document = |more: &str| {
        let text = format!(r#"{{ "version": 1, "serial": 4, "expires": 4000000000{more} }}"#);
        std::fs::write(folder.path("shop.json"), text).unwrap();
    };
    let sign = ["config", "sign", "shop.json", "--key", "operator.json", "-o", "kiosk.config"];
    document(r##", "name": "市集", "colour": "#14532D", "languages": ["zh-CN"]"##);
    assert_eq!(run(&sign, 0).json()["serial"], 4);
    let show = ["config", "show", "kiosk.config", "--operator-key", "operator.pub"];
    let shown = run(&show, 0).json();
    assert_eq!((&shown["operator"], &shown["over"]), (&true.into(), &false.into()));
    assert_eq!((&shown["shop"]["name"], &shown["shop"]["serial"]), (&"市集".into(), &4.into()));
    assert!(folder.run(&show[..3]).exits(0).out.contains("(compare"));
    // By another key, not signed at all, or what no kiosk would take.
    run(&["key", "new", "other.json", "--algorithm", "ed25519"], 0);
    let public = run(&["key", "show", "other.json"], 0).out;
    std::fs::write(folder.path("operator.pub"), public).unwrap();
    assert_eq!(run(&show, 1).json()["error"]["code"], "config-refused");
    let bare = ["config", "show", "shop.json"];
    assert_eq!(run(&bare, 1).json()["error"]["code"], "config-refused");
    document(r##", "colour": "#FFFF00""##);
    assert_eq!(run(&sign, 1).json()["error"]["code"], "config-refused");
    document("");
    run(&["key", "new", "sm2.json"], 0);
    let sm2 = ["config", "sign", "shop.json", "--key", "sm2.json", "-o", "kiosk.config"];
    assert_eq!(run(&sm2, 1).json()["error"]["code"], "config-key");
}
