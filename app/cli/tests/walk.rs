//! A newcomer's walk with the real binary and a ledger in a process of its own: trust, register,
//! issue, trace, scan, recall, verify.

mod common;

use common::{Folder, Ledger, run_fed};
use serde_json::Value;
use std::path::Path;

/// A ledger, a device that trusts it, a maker with a lot of twelve, and a lab.
struct Market {
    folder: Folder,
    ledger: Option<Ledger>,
    listen: String,
    lot: String,
    maker: String,
}

/// Options that sign as a quorum of members.
fn quorum(ledger: &Ledger) -> Vec<String> {
    let keys = ledger.document["quorum_keys"].as_array().unwrap();
    let keys = keys.iter().map(|key| key.as_str().unwrap().to_owned());
    let flags = std::iter::once("--key").chain(std::iter::repeat("--endorse"));
    keys.zip(flags).flat_map(|(key, flag)| [flag.to_owned(), key]).collect()
}

fn trusted(folder: &Folder, ledger: &Ledger) {
    let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
    folder.at_home(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
}

fn register(folder: &Folder, ledger: &Ledger, name: &str, key: &str, more: &[&str]) -> String {
    folder.run(&["key", "new", key]).exits(0);
    let signing = quorum(ledger);
    let mut args = vec!["issuer", "register", "--name", name, "--party-key", key, "--json"];
    args.extend(more);
    args.extend(signing.iter().map(String::as_str));
    let document = folder.at_home(&args).exits(0).json();
    document["party"].as_str().unwrap().to_owned()
}

fn items(folder: &Folder) {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/blue-reverie.csv");
    std::fs::copy(demo, folder.path("items.csv")).unwrap();
}

const ISSUE: [&str; 9] = [
    "issue",
    "items.csv",
    "--title",
    "Blue Reverie",
    "--output",
    "lot",
    "--key",
    "maker.json",
    "--json",
];

impl Market {
    fn open(name: &str) -> Self {
        let folder = Folder::new(name);
        let ledger = Ledger::start(&folder);
        trusted(&folder, &ledger);
        let own = ["--role", "issuer", "--gtin", "09506000", "--brand", "Blue Reverie"];
        let maker = register(&folder, &ledger, "Reverie Distillery Ltd", "maker.json", &own);
        register(&folder, &ledger, "Clearwater Laboratory", "lab.json", &["--role", "lab"]);
        items(&folder);
        let lot = folder.at_home(&ISSUE).exits(0).json()["lot"].as_str().unwrap().to_owned();
        let listen = ledger.url().trim_start_matches("http://").to_owned();
        Self { folder, ledger: Some(ledger), listen, lot, maker }
    }

    fn run(&self, args: &[&str]) -> common::Run {
        self.folder.at_home(args)
    }

    fn event(&self, step: &str, key: &str, more: &[&str]) {
        let args = ["event", self.lot.as_str(), step, "--key", key];
        self.run(&[&args, more].concat()).exits(0);
    }

    fn life(&self, step: &str, more: &[&str]) -> common::Run {
        let args = ["life", self.lot.as_str(), step, "--key", "maker.json", "--json"];
        self.run(&[&args, more].concat())
    }

    fn scan(&self, number: u32, more: &[&str], code: i32) -> Value {
        let label = format!("lot/labels/{number:05}.png");
        let args = ["scan", label.as_str(), "--json"];
        self.run(&[&args, more].concat()).exits(code).json()
    }

    fn close(&mut self) {
        if let Some(ledger) = self.ledger.take() {
            ledger.stop();
        }
    }

    fn reopen(&mut self) {
        self.ledger = Some(Ledger::start_at(&self.folder, &self.listen));
    }
}

fn outcome(document: &Value) -> &str {
    document["results"][0]["outcome"].as_str().unwrap_or_default()
}

#[test]
fn a_first_trust_file_needs_its_fingerprint() {
    let folder = Folder::new("trust");
    let untrusted = folder.at_home(&["status", "--json"]).exits(1).json();
    assert_eq!(untrusted["error"]["code"], "no-trust");
    let ledger = Ledger::start(&folder);
    let add = |more: &[&str]| {
        let url = ledger.url();
        folder.at_home(&[&["trust", "add", url.as_str(), "--json"], more].concat())
    };
    assert_eq!(add(&[]).exits(1).json()["error"]["code"], "fingerprint-needed");
    let other = add(&["--fingerprint", "0000 0000 0000 0000 0000"]).exits(1).json();
    assert_eq!(other["error"]["code"], "other-fingerprint");
    assert!(!folder.path("device/trust").exists());
    let told = ledger.document["fingerprint"].as_str().unwrap();
    let added = add(&["--fingerprint", &told.replace(' ', "").to_uppercase()]).exits(0).json();
    assert_eq!(added["fingerprint"], *told);
    let shown = folder.at_home(&["trust", "show", "--json"]).exits(0).json();
    assert_eq!(shown["anchor_fingerprint"], *told);
    assert_eq!(shown["trust"]["ledgers"][0]["id"], ledger.document["ledger"]);
}

#[test]
fn a_trust_file_is_followed_by_the_one_that_its_roots_signed() {
    let folder = Folder::new("rotate-trust");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let mut shown = folder.at_home(&["trust", "show", "--json"]).exits(0).json();
    shown["trust"]["serial"] = 2.into();
    shown["trust"]["ledgers"][0]["name"] = "Spirits of the valley".into();
    std::fs::write(folder.path("next.json"), shown.to_string()).unwrap();
    let rotate = |key: &str, code: i32| {
        let args = ["trust", "rotate", "next.json", "--key", key, "--output", "next", "--json"];
        folder.at_home(&args).exits(code).json()
    };
    folder.run(&["key", "new", "mallory.json"]).exits(0);
    assert_eq!(rotate("mallory.json", 1)["error"]["code"], "trust-refused");
    assert_eq!(rotate("ledger/keys/root.key", 0)["serial"], 2);
    let added = folder.at_home(&["trust", "add", "next", "--json"]).exits(0).json();
    assert_eq!((&added["followed"], &added["serial"]), (&1.into(), &2.into()));
    let again = folder.at_home(&["trust", "add", "next", "--json"]).exits(1).json();
    assert_eq!(again["error"]["code"], "trust-refused");
    let status = folder.at_home(&["status", "--json"]).exits(0).json();
    assert_eq!(status["ledgers"][0]["name"], "Spirits of the valley");
}

#[test]
fn a_lot_is_issued_traced_and_scanned() {
    let market = Market::open("walk");
    market.event("bottling", "maker.json", &["--at", "2026-01-18", "--place", "Suqian"]);
    let facts = ["--fact", "alcohol=52.1 %", "--fact", "result=within limits"];
    market.event("inspecting", "lab.json", &facts);
    let scanned = market.scan(3, &["--bundle", "bottle.cbor"], 0);
    assert_eq!(scanned["exit_code"], 0);
    let result = &scanned["results"][0];
    assert_eq!(
        (result["outcome"].as_str(), result["offline"].as_bool()),
        (Some("proven"), Some(false))
    );
    let item = &result["record"]["item"];
    assert_eq!(item["issuer"]["legal_name"], "Reverie Distillery Ltd");
    assert_eq!(item["issuer"]["id"], *market.maker);
    assert_eq!((&item["index"], &item["serial"]), (&3.into(), &"BR-00004".into()));
    let events = item["events"].as_array().unwrap();
    assert_eq!(events.len(), 2);
    assert_eq!(events[1]["said_by"], "independent");
    assert_eq!(events[1]["by"]["legal_name"], "Clearwater Laboratory");
    // The same from a file, without network; a changed byte is refused and says nothing of goods.
    let label = "lot/labels/00003.png";
    let verify = |bundle: &str, code: i32| {
        market.run(&["verify", bundle, "--seal", label, "--json"]).exits(code).json()
    };
    assert_eq!(verify("bottle.cbor", 0)["record"]["item"]["serial"], "BR-00004");
    let mut bytes = std::fs::read(market.folder.path("bottle.cbor")).unwrap();
    let at = bytes.windows(8).position(|part| part == b"BR-00004").unwrap();
    bytes[at] ^= 1;
    std::fs::write(market.folder.path("altered.cbor"), &bytes).unwrap();
    let altered = verify("altered.cbor", 22);
    assert_eq!(altered["record"]["reason"]["code"], "bad-proof");
    // Text and number instead of the picture, and the words of both languages.
    let seals = std::fs::read_to_string(market.folder.path("lot/seals.csv")).unwrap();
    let line: Vec<&str> = seals.lines().nth(4).unwrap().split(',').collect();
    market.run(&["scan", "--text", line[2]]).exits(0);
    let typed = market.run(&["scan", "--text", line[1], "--json"]).exits(0).json();
    assert_eq!(typed["results"][0]["original"]["guessable"], true);
    let english = market.run(&["scan", label]).exits(0).out;
    assert!(english.contains("The record is genuine."), "{english}");
    assert!(english.contains("Clearwater Laboratory"), "{english}");
    let chinese = market.run(&["scan", label, "--lang", "zh-CN"]).exits(0).out;
    assert!(chinese.contains("这份记录属实"), "{chinese}");
}

#[test]
fn a_recall_is_seen_at_the_next_sync_and_lifted_by_who_set_it() {
    let market = Market::open("recall");
    market.scan(1, &[], 0);
    market.scan(2, &[], 0);
    assert_eq!(market.life("recalled", &[]).exits(2).json()["error"]["code"], "notice-needed");
    let notice = ["--items", "1", "--notice", "Cap may leak"];
    market.life("recalled", &notice).exits(0);
    let synced = market.run(&["sync", "--json"]).exits(0).json();
    assert_eq!(synced["ledgers"][0]["changed_readings"], serde_json::json!([1]));
    let history = market.run(&["history", "--json"]).exits(0).json();
    let readings = history["readings"].as_array().unwrap();
    assert_eq!(readings.len(), 2);
    assert!(readings[0]["recalled"].is_null() && readings[1]["recalled"].is_object(), "{history}");
    let told = market.run(&["history"]).exits(0).out;
    assert!(told.contains("Recalled since"), "{told}");
    let recalled = market.scan(1, &[], 10);
    assert_eq!(recalled["results"][0]["life"]["is"], "recalled");
    // A stored reading has no secret and still finds its item.
    let stored = market.run(&["scan", "--reading", "1", "--json"]).exits(10).json();
    assert_eq!(outcome(&stored), "proven-but");
    market.life("recall-lifted", &["--items", "1", "--notice", "Caps were changed"]).exits(0);
    market.scan(1, &[], 0);
    market.run(&["history", "--clear"]).exits(0);
    let empty = market.run(&["history", "--json"]).exits(0).json();
    assert_eq!(empty["readings"], serde_json::json!([]));
}

#[test]
fn what_a_party_may_not_do_is_refused_in_words() {
    let market = Market::open("refused");
    let sold = market.life("sold", &["--items", "0-3"]).exits(1).json();
    assert_eq!(sold["error"]["code"], "refused", "{sold}");
    market.life("void", &["--items", "0-3,7"]).exits(0);
    let void = market.scan(7, &[], 10);
    assert_eq!(void["results"][0]["life"]["is"], "void");
    market.scan(5, &[], 0);
    let again = market.run(&ISSUE).exits(1).json();
    assert_eq!(again["error"]["code"], "lot-anchored");
    let unknown = market.run(&["event", "0011223344556677", "shipping", "--key", "maker.json"]);
    assert!(unknown.exits(1).err.contains("refuses"), "an unknown lot");
}

#[test]
fn a_key_is_rotated_and_withdrawn() {
    let market = Market::open("rotate");
    market.folder.run(&["key", "new", "new.json"]).exits(0);
    let rotate = ["issuer", "rotate", "--key", "maker.json", "--new-key", "new.json"];
    assert!(market.run(&rotate).exits(1).err.contains("refuses"), "no authority signed");
    market.run(&[&rotate[..], &["--endorse", "ledger/keys/authority.key"]].concat()).exits(0);
    market.event("shipping", "new.json", &[]);
    let old = ["event", market.lot.as_str(), "shipping", "--key", "maker.json"];
    assert!(market.run(&old).exits(1).err.contains("refuses"), "the old key");
    market.scan(0, &[], 0);
    let signing = quorum(market.ledger.as_ref().unwrap());
    let mut revoke = vec!["issuer", "revoke", "--of", market.maker.as_str(), "--place", "0"];
    revoke.extend(["--reason", "compromised", "--from", "1", "--json"]);
    revoke.extend(signing.iter().map(String::as_str));
    assert_eq!(market.run(&revoke).exits(0).json()["reason"], "compromised");
    let withdrawn = market.scan(0, &[], 22);
    assert_eq!(withdrawn["results"][0]["record"]["reason"]["code"], "key-withdrawn");
}

#[test]
fn a_suspended_party_enters_nothing_until_it_is_let_in_again() {
    let market = Market::open("suspend");
    let signing = quorum(market.ledger.as_ref().unwrap());
    let mut suspend = vec!["issuer", "suspend", "--of", market.maker.as_str(), "--json"];
    suspend.extend(signing.iter().map(String::as_str));
    let alone = ["issuer", "suspend", "--of", market.maker.as_str(), "--key", "maker.json"];
    assert!(market.run(&alone).exits(1).err.contains("refuses"), "no quorum signed");
    assert_eq!(market.run(&suspend).exits(0).json()["suspended"], true);
    let event = ["event", market.lot.as_str(), "shipping", "--key", "maker.json"];
    assert!(market.run(&event).exits(1).err.contains("refuses"), "it is suspended");
    let scan = market.scan(0, &[], 0);
    let since = &scan["results"][0]["record"]["item"]["issuer"]["suspended_since"];
    assert!(since.as_u64().is_some(), "{scan}");
    let lift = [&suspend[..], &["--lift"]].concat();
    assert_eq!(market.run(&lift).exits(0).json()["suspended"], false);
    assert!(market.run(&lift).exits(1).out.contains("error"), "nothing changes");
    market.event("shipping", "maker.json", &[]);
}

#[test]
fn scans_go_on_without_the_network_and_the_ledger_comes_back_whole() {
    let mut market = Market::open("offline");
    market.scan(4, &[], 0);
    market.close();
    let second = market.scan(4, &[], 0);
    assert_eq!(second["results"][0]["offline"], true);
    market.scan(4, &["--offline"], 0);
    let never_seen = market.scan(5, &[], 22);
    assert_eq!(never_seen["results"][0]["record"]["reason"]["code"], "no-network");
    assert_eq!(market.run(&["sync", "--json"]).exits(1).json()["error"]["code"], "no-answer");
    let status = market.run(&["status", "--json"]).exits(0).json();
    assert!(status["ledgers"][0]["height"].as_u64().unwrap() > 1, "{status}");
    market.reopen();
    market.scan(5, &[], 0);
}

#[test]
fn the_worst_of_several_codes_is_the_exit_code() {
    let market = Market::open("several");
    let both = ["scan", "lot/labels/00008.png", "lot/labels/00009.png", "--json"];
    assert_eq!(market.run(&both).exits(0).json()["results"].as_array().unwrap().len(), 2);
    let price = [&both[..], &["--text", "6901234567892"]].concat();
    let with_price = market.run(&price).exits(23).json();
    assert_eq!(with_price["results"][0]["code"], "not-a-seal");
    assert_eq!(with_price["results"][1]["outcome"], "proven");
    let home = market.folder.text("device");
    let label = market.folder.path("lot/labels/00008.png");
    let args = ["scan", "-", "--home", home.as_str(), "--forget"];
    run_fed(&market.folder.path(""), &args, &label).exits(0);
    let history = market.run(&["history", "--json"]).exits(0).json();
    assert_eq!(history["readings"].as_array().unwrap().len(), 4, "--forget keeps nothing");
}

#[test]
fn a_brands_old_codes_lead_to_their_items() {
    let folder = Folder::new("codes");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let own = ["--role", "issuer", "--pattern", "WY######", "--gtin", "09506000"];
    register(&folder, &ledger, "Wye Dairy Ltd", "maker.json", &own);
    let rows: String = (0..70)
        .map(|n| format!("Milk powder,milk-powder,WY{n:06},09506000134352,S{n}\n"))
        .collect();
    let items = format!("product,category,code,gtin,serial\n{rows}");
    std::fs::write(folder.path("items.csv"), items).unwrap();
    folder.at_home(&[&ISSUE[..], &["--labels", "none"]].concat()).exits(0);
    let codes = |column: &str, code: i32| {
        let args = ["codes", "lot", "--column", column, "--key", "maker.json", "--json"];
        folder.at_home(&args).exits(code).json()
    };
    assert_eq!(codes("none", 1)["error"]["code"], "column-empty");
    assert_eq!(codes("serial", 1)["error"]["code"], "code-in-no-namespace");
    assert_eq!(codes("code", 0)["codes"], 70);
    assert_eq!(codes("gtin", 0)["codes"], 70);
    let scan = |text: &str, code: i32| {
        folder.at_home(&["scan", "--text", text, "--json"]).exits(code).json()
    };
    assert_eq!(scan("WY000066", 0)["results"][0]["record"]["item"]["index"], 66);
    assert_eq!(scan("(01)09506000134352(21)S5", 0)["results"][0]["record"]["item"]["index"], 5);
    let unknown = scan("WY999999", 20);
    assert_eq!(unknown["results"][0]["record"]["reason"]["code"], "code-not-indexed");
}

#[test]
fn issuing_goes_on_where_it_was_stopped() {
    let folder = Folder::new("resume");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let own = ["--role", "issuer", "--gtin", "09506000", "--brand", "Blue Reverie"];
    register(&folder, &ledger, "Reverie Distillery Ltd", "maker.json", &own);
    items(&folder);
    // Labels cannot be drawn where a file stands in the way: the run stops between two steps.
    std::fs::create_dir_all(folder.path("lot")).unwrap();
    std::fs::write(folder.path("lot/labels"), "in the way").unwrap();
    folder.at_home(&ISSUE).exits(1);
    let seals = std::fs::read(folder.path("lot/seals.csv")).unwrap();
    std::fs::remove_file(folder.path("lot/labels")).unwrap();
    folder.at_home(&ISSUE).exits(0);
    assert_eq!(std::fs::read(folder.path("lot/seals.csv")).unwrap(), seals);
    private(&folder.path("lot/seals.csv"));
    private(&folder.path("lot/labels/00000.png"));
    assert_eq!(std::fs::read_dir(folder.path("lot/labels")).unwrap().count(), 3 * 12);
}

#[cfg(unix)]
fn private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{}", path.display());
}

#[cfg(not(unix))]
fn private(_: &Path) {}

#[test]
fn a_list_that_cannot_be_a_lot_names_its_row() {
    let folder = Folder::new("bad-rows");
    let ledger = Ledger::start(&folder);
    trusted(&folder, &ledger);
    let own = ["--role", "issuer", "--brand", "Blue Reverie"];
    register(&folder, &ledger, "Reverie Distillery Ltd", "maker.json", &own);
    items(&folder);
    // Its GTINs are in nobody's namespace.
    let foreign = folder.at_home(&ISSUE).exits(1).json();
    assert_eq!(foreign["error"]["code"], "no-lot", "{foreign}");
    std::fs::write(folder.path("items.csv"), "product,category\nWine,wine\n,wine\n").unwrap();
    let empty = folder.at_home(&ISSUE).exits(1).json();
    assert_eq!(empty["error"]["code"], "bad-row");
    assert!(empty["error"]["message"].as_str().unwrap().contains("row 2"), "{empty}");
}
