//! The demonstration, and what it leaves for who wants to try by hand.

mod common;

use common::{Folder, run_in};
use serde_json::Value;

/// The attacks that must be refused, each with its outcome and the code of its rule.
const ATTACKS: [(&str, &str, &str); 7] = [
    ("invented", "not-on-ledger", "secret-not-committed"),
    ("altered", "unproven", "bad-proof"),
    ("other-lot", "unproven", "bad-proof"),
    ("too-few", "unproven", ""),
    ("anchored", "refused", "foreign-namespace"),
    ("foreign", "contradicted", "foreign-namespace"),
    ("withheld", "unproven", "events-missing"),
];

#[test]
fn the_demonstration_comes_out_and_its_files_can_be_tried_by_hand() {
    let folder = Folder::new("demo");
    let document = folder.run(&["demo", "--keep", "kept", "--json"]).exits(0).json();
    assert_eq!(document["scan"]["outcome"], "proven");
    assert_eq!(document["recalled"]["life"]["is"], "recalled");
    assert_eq!(document["offline"]["outcome"], "proven");
    let attacks = document["attacks"].as_array().unwrap();
    assert_eq!(attacks.len(), ATTACKS.len());
    for (attack, (name, outcome, code)) in attacks.iter().zip(ATTACKS) {
        assert_eq!(
            (attack["name"].as_str(), attack["outcome"].as_str()),
            (Some(name), Some(outcome))
        );
        let got = attack["code"].as_str().unwrap();
        assert!(!got.is_empty() && (code.is_empty() || got == code), "{attack}");
        assert!(!attack["detail"].as_str().unwrap().is_empty(), "{attack}");
    }
    let events = document["scan"]["record"]["item"]["events"].as_array().unwrap();
    assert_eq!(events.len(), 4);
    assert_eq!(std::fs::read_dir(folder.path("kept/lot/labels")).unwrap().count(), 3000);
    let label = "kept/lot/labels/00041.png";
    let verify = |bundle: &str| -> (Option<i32>, Value) {
        let args = ["verify", bundle, "--seal", label, "--home", "kept/device", "--json"];
        let run = folder.run(&args);
        (run.code, run.json())
    };
    assert_eq!(verify("kept/bundles/bottle.cbor").0, Some(0));
    for name in ["altered", "other-lot", "too-few", "withheld"] {
        let (code, document) = verify(&format!("kept/attacks/{name}.cbor"));
        assert_eq!((code, document["outcome"].as_str()), (Some(22), Some("unproven")), "{name}");
    }
    let scan = |picture: &str, code| {
        let args = ["scan", picture, "--home", "kept/device", "--offline"];
        folder.run(&args).exits(code);
    };
    scan(label, 0);
    scan("kept/lot/labels/00006.png", 10);
    scan("kept/attacks/invented-code.png", 20);
    scan("kept/attacks/forged-lot/labels/00000.png", 21);
    let taken = folder.run(&["demo", "--keep", "kept", "--json"]).exits(2).json();
    assert_eq!(taken["error"]["code"], "keep-not-empty");
}

#[test]
fn the_demonstration_speaks_chinese_and_leaves_nothing_behind() {
    let folder = Folder::new("demo-zh");
    let temp = folder.text("temp");
    std::fs::create_dir_all(&temp).unwrap();
    let run = run_in(&folder.path(""), &["demo", "--lang", "zh-CN"], &[("TMPDIR", &temp)]).exits(0);
    for text in ["蓝梦酒业有限公司", "这份记录属实", "厂家已召回", "账本拒绝", "未证实"]
    {
        assert!(run.out.contains(text), "{text}: {}", run.out);
    }
    assert!(!run.out.contains("cli.") && !run.out.contains('\u{1b}'), "{}", run.out);
    assert_eq!(std::fs::read_dir(&temp).unwrap().count(), 0);
}
