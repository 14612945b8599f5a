//! Every rule of an operator's document, by name.

use super::colour::BESIDE;
use super::*;
use crate::cancel::Cancel;
use crate::client::testworld::{BUILT, World};
use crate::home::tests::{LEDGER, trust};
use crate::home::{Config, Home};
use crate::net::{Folder as Place, GatewayUrl, NetError, UrlError};
use crate::testfolder::Folder;
use sealight_flow::Language;
use sealight_issue::key::SigningKey;
use sealight_verify::sign::{Algorithm, SignatureError};
use sealight_verify::time::Timestamp;
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp::from_unix_secs(1_800_000_000);

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(Algorithm::Ed25519, &[seed; 32]).unwrap()
}

fn operator() -> OperatorKey {
    OperatorKey::new(key(1).public()).unwrap()
}

/// A document with these fields in place of its own.
fn document(fields: Value) -> String {
    let mut all = json!({ "version": 1, "serial": 7, "expires": NOW.secs() + 100,
        "name": "Market Hall · 市集", "colour": "#14532d", "languages": ["zh-CN", "en"],
        "hours": [{ "days": [1, 7], "from": "08:00", "to": "24:00" }],
        "patience": 150, "sound": "low", "ledgers": [LEDGER.to_string()],
        "configuration": "https://kiosks.example/12", "keep_days": 90, "metrics": true });
    let own = all.as_object_mut().unwrap();
    for (name, value) in fields.as_object().unwrap() {
        own.insert(name.clone(), value.clone());
    }
    all.to_string()
}

fn signed(text: String, by: &SigningKey) -> Vec<u8> {
    let signature = by.sign(&SignedShop::signing_bytes(&text));
    SignedShop::new(text, OperatorKey::new(by.public()).unwrap(), signature).encode()
}

fn serial(serial: u64) -> Vec<u8> {
    signed(document(json!({ "serial": serial })), &key(1))
}

fn refused(fields: Value) -> ShopError {
    Shop::decode(document(fields).as_bytes()).unwrap_err()
}

struct Device {
    folder: Folder,
    kept: Kept,
}

fn device() -> Device {
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    Device { kept: Kept::new(home, operator()), folder }
}

impl Device {
    fn take(&self, bytes: &[u8]) -> Result<Taken, ConfigError> {
        self.kept.take(bytes, &trust(), NOW)
    }

    fn in_force(&self) -> InForce {
        self.kept.in_force(&trust(), NOW)
    }

    /// Refuses it, and keeps what was in force.
    #[track_caller]
    fn refuses(&self, bytes: &[u8]) -> ConfigError {
        let before = self.in_force();
        let refused = self.take(bytes).unwrap_err();
        assert_eq!(self.in_force(), before);
        assert_eq!(before.shop.map(|shop| shop.serial), Some(7));
        refused
    }
}

/// A device on which serial 7 is in force.
fn set_up() -> Device {
    let device = device();
    assert!(matches!(device.take(&serial(7)), Ok(Taken::New(_))));
    device
}

#[test]
fn a_signed_document_is_in_force_over_a_restart() {
    let device = set_up();
    let shop = device.in_force().shop.unwrap();
    assert_eq!(shop.sign.name.as_deref(), Some("Market Hall · 市集"));
    assert_eq!(shop.sign.languages, [Language::Chinese, Language::English]);
    assert_eq!(shop.colour, Some(Colour([0x14, 0x53, 0x2d])));
    assert_eq!((shop.patience, shop.sound), (Some(150), Some(Sound::Low)));
    assert_eq!((shop.keep_days, shop.metrics), (Some(90), Some(true)));
    assert_eq!(shop.ledgers, [LEDGER]);
    assert_eq!(device.take(&serial(7)), Ok(Taken::Same));
    assert!(matches!(device.take(&serial(8)), Ok(Taken::New(_))));
}

#[test]
fn without_a_document_nothing_is_in_force_and_nothing_is_wrong() {
    assert_eq!(device().in_force(), InForce::default());
}

#[test]
fn what_is_written_reads_as_the_same() {
    let shop = Shop::decode(document(json!({})).as_bytes()).unwrap();
    assert_eq!(Shop::decode(shop.document().to_string().as_bytes()), Ok(shop));
    let bare = Shop::decode(br#"{"version":1,"serial":1,"expires":5}"#).unwrap();
    assert_eq!(Shop::decode(bare.document().to_string().as_bytes()), Ok(bare));
}

#[test]
fn another_signer_is_refused() {
    let foreign = signed(document(json!({ "serial": 8 })), &key(2));
    let (expected, got) = (key(1).public(), key(2).public());
    assert_eq!(set_up().refuses(&foreign), ConfigError::ForeignSigner { expected, got });
    // Under the operator's name, by another hand.
    let text = document(json!({ "serial": 8 }));
    let signature = key(2).sign(&SignedShop::signing_bytes(&text));
    let forged = SignedShop::new(text, operator(), signature).encode();
    let mismatch = ConfigError::Signature(SignatureError::Mismatch);
    assert_eq!(set_up().refuses(&forged), mismatch);
}

#[test]
fn a_changed_letter_is_refused() {
    let text = String::from_utf8(serial(8)).unwrap().replace("Market", "Harket");
    let mismatch = ConfigError::Signature(SignatureError::Mismatch);
    assert_eq!(set_up().refuses(text.as_bytes()), mismatch);
}

#[test]
fn an_older_document_is_refused() {
    let device = set_up();
    assert_eq!(device.refuses(&serial(6)), ConfigError::NotNewer { have: 7, got: 6 });
    // Another one under the same serial.
    let twin = signed(document(json!({ "name": "Other" })), &key(1));
    assert_eq!(device.refuses(&twin), ConfigError::NotNewer { have: 7, got: 7 });
}

#[test]
fn an_older_document_put_into_the_folder_counts_for_nothing() {
    let device = set_up();
    std::fs::write(device.folder.path("home/shop.signed"), serial(6)).unwrap();
    let older = ConfigError::NotNewer { have: 7, got: 6 };
    assert_eq!(device.in_force(), InForce { shop: None, trouble: Some(older.clone()) });
    // Nor once the file is gone; the one that was lost may come again.
    std::fs::remove_file(device.folder.path("home/shop.signed")).unwrap();
    assert_eq!(device.take(&serial(6)), Err(older));
    assert!(matches!(device.take(&serial(7)), Ok(Taken::New(_))));
}

/// Whoever starts again for a document has to ask what would be in force.
#[test]
fn an_older_document_in_the_folder_that_comes_again_is_the_same_and_counts_for_nothing() {
    let device = set_up();
    std::fs::write(device.folder.path("home/shop.signed"), serial(6)).unwrap();
    assert_eq!(device.take(&serial(6)), Ok(Taken::Same));
    assert_eq!(device.in_force().trouble, Some(ConfigError::NotNewer { have: 7, got: 6 }));
}

#[test]
fn an_expired_document_is_refused() {
    let over = signed(document(json!({ "serial": 8, "expires": NOW.secs() - 1 })), &key(1));
    let at = Timestamp::from_unix_secs(NOW.secs() - 1);
    assert_eq!(set_up().refuses(&over), ConfigError::Expired { at });
}

#[test]
fn once_it_expires_what_was_built_in_holds() {
    let device = set_up();
    let end = Timestamp::from_unix_secs(NOW.secs() + 100);
    assert!(device.kept.in_force(&trust(), end).shop.is_some());
    let after = Timestamp::from_unix_secs(NOW.secs() + 101);
    let over = InForce { shop: None, trouble: Some(ConfigError::Expired { at: end }) };
    assert_eq!(device.kept.in_force(&trust(), after), over);
}

/// What the device accepted of its ledger says how late it is at least.
#[test]
fn a_clock_that_is_set_back_brings_nothing_back_that_has_expired() {
    let (world, device) = (World::new(1), set_up());
    let end = Timestamp::from_unix_secs(NOW.secs() + 100);
    let (expires, ledgers) = (Some(end.secs()), vec![LEDGER]);
    let config = Config { serial: 1, expires, ledgers, ..Config::default() };
    let home = Home::open(&device.folder.path("home")).unwrap();
    home.put_config(&config).unwrap();
    let gateway = world.honest();
    let mut client = world.device(&[&gateway]);
    for _ in 0..2 {
        world.wait(3600);
        world.sync(&mut client);
    }
    let (built, back) = (Timestamp::from_unix_secs(BUILT), Timestamp::from_unix_secs(BUILT - 1));
    assert!(device.kept.in_force(&trust(), back).shop.is_some(), "by the bare clock");
    assert_eq!(home.config_in_force(&trust(), back), (config, None), "by the bare clock");
    let now = present(&client.light, built, back);
    assert!(now > end);
    let over = InForce { shop: None, trouble: Some(ConfigError::Expired { at: end }) };
    assert_eq!(device.kept.in_force(&trust(), now), over);
    let left = Config { serial: 1, ..Config::default() };
    assert_eq!(home.config_in_force(&trust(), now), (left, None));
}

#[test]
fn the_present_is_what_the_clock_says_unless_that_is_before_the_build() {
    let client = World::new(1).device(&[]);
    let ahead = Timestamp::from_unix_secs(BUILT + 1_000_000_000);
    let before = Timestamp::from_unix_secs(BUILT - 1_000_000_000);
    assert_eq!(present(&client.light, before, ahead), ahead);
    assert_eq!(present(&client.light, ahead, before), ahead);
}

#[test]
fn an_oversized_document_is_refused() {
    let long = vec![b' '; MAX_SIGNED + 1];
    let too_long = ConfigError::TooLong { got: MAX_SIGNED + 1, max: MAX_SIGNED };
    assert_eq!(set_up().refuses(&long), too_long);
    let padded = format!("{}{}", document(json!({})), " ".repeat(MAX_DOCUMENT));
    let got = padded.len();
    let too_long = ShopError::TooLong { got, max: MAX_DOCUMENT };
    assert_eq!(set_up().refuses(&signed(padded, &key(1))), ConfigError::Shop(too_long));
}

#[test]
fn a_field_of_a_newer_format_is_refused() {
    let newer = signed(document(json!({ "serial": 8, "advertisement": "x" })), &key(1));
    let unknown = ShopError::UnknownField { name: "advertisement".into() };
    assert_eq!(set_up().refuses(&newer), ConfigError::Shop(unknown));
    let version = signed(document(json!({ "serial": 8, "version": 2 })), &key(1));
    let unknown = ShopError::UnknownVersion { got: 2 };
    assert_eq!(set_up().refuses(&version), ConfigError::Shop(unknown));
    let envelope = String::from_utf8(serial(8)).unwrap();
    let envelope = envelope.replace("\"sealight_config\": 1", "\"sealight_config\": 2");
    let unknown = ConfigError::UnknownVersion { got: 2 };
    assert_eq!(set_up().refuses(envelope.as_bytes()), unknown);
}

#[test]
fn a_ledger_that_the_trust_file_does_not_list_is_refused() {
    let ledger = "04".repeat(32);
    let adds = signed(document(json!({ "serial": 8, "ledgers": [ledger] })), &key(1));
    assert_eq!(set_up().refuses(&adds), ConfigError::UnknownLedger { ledger });
}

#[test]
fn what_is_no_document_is_refused() {
    for none in ["", "{}", "[]", "null", r#"{"sealight_config":1}"#, "\u{0}"] {
        assert_eq!(set_up().refuses(none.as_bytes()), ConfigError::Malformed, "{none}");
    }
    for none in ["", "[]", r#"{"version":"1"}"#, r#"{"version":1,"serial":1}"#] {
        assert!(matches!(Shop::decode(none.as_bytes()), Err(ShopError::Malformed { .. })));
    }
    assert_eq!(refused(json!({ "serial": 0 })), ShopError::NoSerial);
}

#[test]
fn a_name_hides_nothing() {
    let name = |text: &str| refused(json!({ "name": text }));
    let marks = "\u{202e}".repeat(4096);
    assert_eq!(name(&marks), ShopError::NameTooLong { got: 4096, max: 40 });
    for hides in
        ["\u{202e}llaH", "a\u{200b}b", "a\nb", "a\u{0}", " a", "a  b", "", "a\u{2066}b\u{2069}"]
    {
        assert_eq!(name(hides), ShopError::NameHides, "{hides:?}");
    }
    assert!(Shop::decode(document(json!({ "name": "سوق" })).as_bytes()).is_ok());
}

#[test]
fn a_colour_that_texts_cannot_be_read_on_is_refused() {
    assert!((Colour([0; 3]).contrast(Colour([255; 3])) - 21.0).abs() < 1e-9);
    let grey = Colour([0x76, 0x76, 0x76]);
    let of_white = (grey.contrast(Colour([255; 3])) * 100.0) as u32;
    assert_eq!(of_white, 454, "the grey that just passes on white");
    let contrast = refused(json!({ "colour": "#767676" }));
    assert!(
        matches!(contrast, ShopError::Contrast { beside: "on-porcelain-2", hundredths, .. } if hundredths < 450)
    );
    for light in ["#FFFFFF", "#f4b740", "#00ff00"] {
        assert!(matches!(refused(json!({ "colour": light })), ShopError::Contrast { .. }));
    }
    for none in ["red", "#12345", "#1234567", "#12345g", "#+12345", "url(x)", "#é1234"] {
        let bad = ShopError::Colour { got: none.into() };
        assert_eq!(refused(json!({ "colour": none })), bad);
    }
}

#[test]
fn contrast_is_measured_with_the_pages_own_colours() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/tokens.json");
    let tokens: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let light = &tokens["color"]["light"];
    for (name, colour) in BESIDE {
        assert_eq!(light[name].as_str().and_then(Colour::parse), Some(colour), "{name}");
    }
    let own = light["porcelain"].as_str().unwrap();
    assert!(Colour::field(own).is_ok(), "the built-in colour keeps the rule");
}

#[test]
fn each_value_has_its_bounds() {
    let patience = ShopError::OutOfRange { field: "patience", got: 9, range: (10, 1000) };
    assert_eq!(refused(json!({ "patience": 9 })), patience);
    let days = ShopError::OutOfRange { field: "keep_days", got: 0, range: (1, 400) };
    assert_eq!(refused(json!({ "keep_days": 0 })), days);
    let unknown = ShopError::Language { got: "en-GB".into() };
    assert_eq!(refused(json!({ "languages": ["en", "en-GB"] })), unknown);
    let many = ShopError::TooMany { field: "languages", got: 17, max: 16 };
    assert_eq!(refused(json!({ "languages": vec!["en"; 17] })), many);
    assert_eq!(refused(json!({ "ledgers": ["x"] })), ShopError::LedgerId { got: "x".into() });
    for (days, from, to) in [
        (json!([0]), "08:00", "09:00"),
        (json!([8]), "08:00", "09:00"),
        (json!([]), "08:00", "09:00"),
        (json!([1]), "09:00", "08:00"),
        (json!([1]), "8:00", "09:00"),
        (json!([1]), "08:00", "24:01"),
        (json!([1]), "08:60", "09:00"),
        (json!([1]), "+8:00", "09:00"),
    ] {
        let hours = json!({ "hours": [{ "days": days, "from": from, "to": to }] });
        assert_eq!(refused(hours), ShopError::Hours { at: 0 }, "{from} {to}");
    }
}

#[test]
fn a_folder_from_afar_is_no_file_and_not_in_the_clear() {
    for (field, text, why) in [
        ("configuration", "file:///etc", UrlError::Unfit),
        ("updates", "http://kiosks.example", UrlError::PlainText),
        ("updates", "javascript:alert(1)", UrlError::Unfit),
    ] {
        assert_eq!(refused(json!({ field: text })), ShopError::Url { field, why });
    }
}

#[test]
fn it_comes_from_a_stick() {
    let device = device();
    std::fs::create_dir_all(device.folder.path("stick")).unwrap();
    let stick = Place::new(GatewayUrl::of_file(&device.folder.path("stick")).unwrap());
    let bring = || device.kept.bring(&stick, (&trust(), NOW), &Cancel::default());
    assert!(matches!(bring(), Err(NetError::Status { code: 404, .. })));
    std::fs::write(device.folder.path("stick/kiosk.config"), serial(3)).unwrap();
    assert!(matches!(bring(), Ok(Ok(Taken::New(_)))));
    assert!(matches!(bring(), Ok(Ok(Taken::Same))));
}

#[test]
fn another_operator_begins_anew() {
    let device = set_up();
    let next = OperatorKey::new(key(2).public()).unwrap();
    let kept = Kept::new(Home::open(&device.folder.path("home")).unwrap(), next);
    assert!(matches!(
        kept.in_force(&trust(), NOW).trouble,
        Some(ConfigError::ForeignSigner { .. })
    ));
    let first = signed(document(json!({ "serial": 1 })), &key(2));
    assert!(matches!(kept.take(&first, &trust(), NOW), Ok(Taken::New(_))));
}

#[test]
fn the_operators_key_is_public_and_ed25519() {
    let public = operator().hex();
    let file = json!({ "algorithm": "ed25519", "public": public }).to_string();
    assert_eq!(OperatorKey::decode(file.as_bytes()), Ok(operator()));
    let secret = key(1).encode_file();
    assert_eq!(OperatorKey::decode(secret.as_bytes()), Err(KeyFileError::Secret));
    let sm2 = json!({ "algorithm": "sm2", "public": public }).to_string();
    assert_eq!(OperatorKey::decode(sm2.as_bytes()), Err(KeyFileError::Algorithm));
    assert_eq!(OperatorKey::decode(b"{}"), Err(KeyFileError::Malformed));
    let sm2 = SigningKey::from_seed(Algorithm::Sm2, &[3; 32]).unwrap();
    assert_eq!(OperatorKey::new(sm2.public()), Err(KeyFileError::Algorithm));
}
