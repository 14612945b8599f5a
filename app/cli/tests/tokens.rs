//! Keys in a token: a real one, SoftHSM, in a folder of the test.
//!
//! Where SoftHSM is not installed each test says so in one line that begins with `skipped:`.

mod common;

use common::{Folder, Ledger, Run, run_in};
use std::path::Path;
use std::process::Command;

const PIN: &str = "token-pin-4711";

/// SoftHSM with one token, `brand`.
struct Token {
    folder: Folder,
    module: &'static str,
    conf: String,
}

impl Token {
    fn new(name: &str) -> Option<Self> {
        const PLACES: [&str; 4] = [
            "/usr/lib/softhsm/libsofthsm2.so",
            "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/local/lib/softhsm/libsofthsm2.so",
            "/opt/homebrew/lib/softhsm/libsofthsm2.so",
        ];
        let module = PLACES.into_iter().find(|path| Path::new(path).exists());
        let tool = Command::new("softhsm2-util").arg("--version").output().is_ok();
        let Some(module) = module.filter(|_| tool) else {
            println!("skipped: SoftHSM (softhsm2) is not on this machine");
            return None;
        };
        let folder = Folder::new(name);
        std::fs::create_dir(folder.path("tokens")).unwrap();
        let conf = folder.text("softhsm2.conf");
        let text = format!("directories.tokendir = {}\nlog.level = ERROR\n", folder.text("tokens"));
        std::fs::write(&conf, text).unwrap();
        std::fs::write(folder.path("pin"), format!("{PIN}\n")).unwrap();
        let token = Self { folder, module, conf };
        token.init("brand");
        Some(token)
    }

    fn init(&self, label: &str) {
        self.util(&[
            "--init-token",
            "--free",
            "--label",
            label,
            "--so-pin",
            "so-pin-1",
            "--pin",
            PIN,
        ]);
    }

    fn util(&self, args: &[&str]) {
        let mut command = Command::new("softhsm2-util");
        let ran = command.args(args).env("SOFTHSM2_CONF", &self.conf).output().unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    }

    /// Puts a key in that can be taken out again.
    fn import(&self, label: &str, id: &str) {
        let pem = self.folder.text("imported.pem");
        std::fs::write(&pem, P256_PEM).unwrap();
        let names = ["--token", "brand", "--label", label, "--id", id, "--pin", PIN];
        self.util(&[&["--import", pem.as_str()], &names[..]].concat());
    }

    fn uri(&self, object: &str) -> String {
        let pin = self.folder.text("pin");
        format!(
            "pkcs11:token=brand;object={object}?module-path={}&pin-source=file:{pin}",
            self.module
        )
    }

    fn run(&self, args: &[&str]) -> Run {
        let home = self.folder.text("device");
        let args = [args, &["--home", &home, "--json"]].concat();
        run_in(&self.folder.path(""), &args, &[("SOFTHSM2_CONF", &self.conf)])
    }

    fn refused(&self, args: &[&str]) -> String {
        let document = self.run(args).exits(1).json();
        document["error"]["code"].as_str().unwrap().to_owned()
    }

    fn make(&self, object: &str) -> serde_json::Value {
        self.run(&["key", "new", &self.uri(object), "--algorithm", "p256"]).exits(0).json()
    }
}

/// A P-256 key in PKCS#8 that is used nowhere else.
const P256_PEM: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLwQ4wfpTCvsqfXNg
R4j+RChUx9/wuTl+XKlc1zKU8F6hRANCAAQWAFp7Y8Qwry8T0Ve13l23Bszl2+Df
BpIcogscBbmvD25r1srE56hjlEf+B2ZHE8lzJQ2MslPbh5V4p59fJdMl
-----END PRIVATE KEY-----
";

#[test]
fn a_key_is_made_in_the_token_and_shown() {
    let Some(token) = Token::new("token-new") else { return };
    let made = token.make("issuer");
    assert_eq!((&made["algorithm"], &made["extractable"]), (&"p256".into(), &false.into()));
    let shown = token.run(&["key", "show", &token.uri("issuer")]).exits(0).json();
    assert_eq!(shown["public"], made["public"]);
    assert_eq!(
        token.refused(&["key", "new", &token.uri("issuer"), "--algorithm", "p256"]),
        "token-key"
    );
    assert_eq!(
        token.refused(&["key", "new", &token.uri("e"), "--algorithm", "ed25519"]),
        "token-kind"
    );
    assert_eq!(token.refused(&["key", "new", &token.uri("s"), "--algorithm", "sm2"]), "token-kind");
}

#[test]
fn a_wrong_pin_a_missing_module_and_a_missing_key_are_told_apart() {
    let Some(token) = Token::new("token-wrong") else { return };
    token.make("issuer");
    let uri = token.uri("issuer");
    assert_eq!(token.refused(&["key", "show", &token.uri("other")]), "token-key");
    let elsewhere = uri.replace(token.module, "/nonexistent/module.so");
    assert_eq!(token.refused(&["key", "show", &elsewhere]), "token-module");
    let text = uri.replace(token.module, &token.conf);
    assert_eq!(token.refused(&["key", "show", &text]), "token-module");
    assert_eq!(token.refused(&["key", "show", &uri.replace("brand", "else")]), "token-none");
    std::fs::write(token.folder.path("pin"), "0000").unwrap();
    assert_eq!(token.refused(&["key", "show", &uri]), "token-pin");
    let bare = uri.split("&pin-source").next().unwrap();
    assert_eq!(token.refused(&["key", "show", bare]), "no-pin");
    let value = format!("{bare}&pin-value={PIN}");
    let run = token.run(&["key", "show", &value]).exits(2);
    assert_eq!(run.json()["error"]["code"], "token-uri");
    assert!(!run.out.contains(PIN) && !run.err.contains(PIN));
}

#[test]
fn two_keys_of_one_label_are_not_guessed_between() {
    let Some(token) = Token::new("token-twice") else { return };
    let made = token.make("issuer");
    token.import("issuer", "0b");
    assert_eq!(token.refused(&["key", "show", &token.uri("issuer")]), "token-key");
    let by_id = token.uri("issuer;id=%0b");
    let shown = token.run(&["key", "show", &by_id]).exits(0).json();
    assert_ne!(shown["public"], made["public"]);
}

#[test]
fn a_key_that_can_be_taken_out_is_told() {
    let Some(token) = Token::new("token-out") else { return };
    token.import("loose", "0c");
    let run = token.run(&["key", "show", &token.uri("loose")]).exits(0);
    // SoftHSM keeps what it imports unless told: whatever it says of the key is what we say.
    let extractable = run.json()["extractable"].as_bool().unwrap();
    assert_eq!(extractable, run.err.contains("taken out of its token"));
}

#[test]
fn two_tokens_of_one_label_are_not_guessed_between() {
    let Some(token) = Token::new("tokens-twice") else { return };
    token.make("issuer");
    token.init("brand");
    assert_eq!(token.refused(&["key", "show", &token.uri("issuer")]), "token-none");
}

#[test]
fn an_issuer_whose_key_is_in_a_token_registers_issues_and_is_scanned() {
    let Some(token) = Token::new("token-walk") else { return };
    let ledger = Ledger::start(&token.folder);
    let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
    token.run(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
    token.make("issuer");
    let uri = token.uri("issuer");
    let keys = ledger.document["quorum_keys"].as_array().unwrap();
    let mut args = vec!["issuer", "register", "--name", "Reverie Distillery Ltd"];
    args.extend(["--party-key", &uri, "--role", "issuer", "--brand", "Blue Reverie"]);
    args.extend(["--gtin", "09506000"]);
    for (place, key) in keys.iter().enumerate() {
        args.extend([if place == 0 { "--key" } else { "--endorse" }, key.as_str().unwrap()]);
    }
    let party = token.run(&args).exits(0).json()["party"].clone();
    assert_eq!(token.run(&["key", "show", &uri]).exits(0).json()["party"], party);
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/demo/blue-reverie.csv");
    std::fs::copy(demo, token.folder.path("items.csv")).unwrap();
    let issue = ["issue", "items.csv", "--title", "Blue Reverie", "--output", "lot", "--key", &uri];
    token.run(&issue).exits(0);
    let scanned = token.run(&["scan", "lot/labels/00003.png"]).exits(0).json();
    assert_eq!(scanned["results"][0]["outcome"], "proven");
    // The token is gone: nothing is signed, and it is said so.
    std::fs::remove_dir_all(token.folder.path("tokens")).unwrap();
    std::fs::create_dir(token.folder.path("tokens")).unwrap();
    let again = ["issue", "items.csv", "--title", "Next", "--output", "lot2", "--key", &uri];
    assert_eq!(token.refused(&again), "token-none");
}
