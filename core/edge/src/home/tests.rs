//! Homes and configurations.

use super::*;
use crate::testfolder::Folder;
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{KeySet, LedgerKind, LedgerTrust, Periods};

pub(crate) const LEDGER: LedgerId = LedgerId([3; 32]);

pub(crate) fn trust() -> TrustFile {
    let none = KeySet { threshold: 1, keys: Vec::new() };
    let at = Timestamp::from_unix_secs(0);
    TrustFile {
        version: 1,
        serial: 1,
        expires: at.saturating_add(Seconds::DAY),
        roots: none.clone(),
        checkpoints: none,
        ledgers: vec![LedgerTrust {
            id: LEDGER,
            name: "test".into(),
            chain_id: "test".into(),
            kind: LedgerKind::Comet,
            genesis: at,
            operators: Vec::new(),
            periods: Periods::DEFAULT,
            least_operators: 1,
        }],
        demo: true,
    }
}

fn config(serial: u64) -> Config {
    let gateways = vec![GatewayUrl::configured("http://gateway.example/x").unwrap()];
    Config { serial, expires: Some(100), ledgers: vec![LEDGER], gateways }
}

#[test]
fn a_configuration_comes_back_and_never_goes_back() {
    let folder = Folder::new();
    let home = Home::open(&folder.path("a/b")).unwrap();
    assert_eq!(home.config(&trust()), Ok(Config::default()));
    home.put_config(&config(5)).unwrap();
    assert_eq!(home.config(&trust()), Ok(config(5)));
    let older = home.put_config(&config(4));
    assert_eq!(older, Err(HomeError::NotNewer { have: 5, got: 4 }));
}

#[test]
fn a_configuration_that_counts_for_nothing_is_in_nobodys_way() {
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    let before = home.path().join("config.json");
    let gone = Config { ledgers: vec![LedgerId([4; 32])], ..config(5) }.encode();
    for damaged in [b"{".to_vec(), vec![b' '; MAX_CONFIG + 1], vec![0xff], gone.clone()] {
        std::fs::write(&before, damaged).unwrap();
        home.put_config(&config(5)).unwrap();
        assert_eq!(home.config(&trust()), Ok(config(5)));
    }
    std::fs::write(&before, gone).unwrap();
    let older = home.put_config(&config(4));
    assert_eq!(older, Err(HomeError::NotNewer { have: 5, got: 4 }), "its serial holds");
}

#[test]
fn what_is_longer_than_any_trust_file_is_in_nobodys_way() {
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    home.put_trust(&vec![0; SignedTrustFile::MAX_LEN + 1]).unwrap();
    home.renew_trust(b"newer", 2).unwrap();
    assert_eq!(home.trust(), Ok(Some(b"newer".to_vec())));
}

#[test]
fn an_expired_configuration_counts_for_nothing() {
    assert_eq!(config(5).in_force(Timestamp::from_unix_secs(100)), config(5));
    let after = config(5).in_force(Timestamp::from_unix_secs(101));
    assert_eq!(after, Config { serial: 5, ..Config::default() });
}

#[test]
fn a_configuration_that_is_not_taken_counts_for_nothing_and_is_told() {
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    let now = Timestamp::from_unix_secs(0);
    home.put_config(&config(5)).unwrap();
    assert_eq!(home.config_in_force(&trust(), now), (config(5), None));
    let rotated = TrustFile { ledgers: Vec::new(), ..trust() };
    let (left, why) = home.config_in_force(&rotated, now);
    assert_eq!(left, Config::default());
    assert_eq!(why, Some(HomeError::UnknownLedger { ledger: LEDGER.to_string() }));
    std::fs::write(home.path().join("config.json"), b"{").unwrap();
    let (left, why) = home.config_in_force(&trust(), now);
    assert!(left == Config::default() && matches!(why, Some(HomeError::Malformed { .. })));
}

#[test]
fn a_configuration_chooses_among_the_trust_files_ledgers_only() {
    let other = LedgerId([4; 32]);
    let bytes = Config { ledgers: vec![other], ..Config::default() }.encode();
    let unknown = HomeError::UnknownLedger { ledger: other.to_string() };
    assert_eq!(Config::decode(&bytes, &trust()), Err(unknown));
}

#[test]
fn a_configuration_has_no_word_for_trust() {
    for word in ["operators", "validators", "least_operators", "checkpoint", "periods", "roots"] {
        let text = format!("{{\"version\":1,\"{word}\":1}}");
        let refused = Config::decode(text.as_bytes(), &trust());
        assert!(matches!(refused, Err(HomeError::Malformed { .. })), "{word}");
    }
}

#[test]
fn odd_configurations_are_refused() {
    let decode = |text: &str| Config::decode(text.as_bytes(), &trust());
    assert_eq!(decode("{\"version\":2}"), Err(HomeError::UnknownVersion { got: 2 }));
    for text in ["", "[]", "{}", "{\"version\":\"1\"}", "{\"version\":1,\"serial\":-1}"] {
        assert!(matches!(decode(text), Err(HomeError::Malformed { .. })), "{text}");
    }
    let gateway = decode("{\"version\":1,\"gateways\":[\"ftp://x\"]}");
    assert_eq!(gateway, Err(HomeError::Gateway(UrlError::Unfit)));
    let long = " ".repeat(MAX_CONFIG + 1);
    assert!(matches!(decode(&long), Err(HomeError::TooLong { .. })));
}

#[test]
fn a_trust_file_is_kept_within_its_bound() {
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    assert_eq!(home.trust(), Ok(None));
    home.put_trust(b"signed").unwrap();
    assert_eq!(home.trust(), Ok(Some(b"signed".to_vec())));
    home.put_trust(&vec![0; SignedTrustFile::MAX_LEN + 1]).unwrap();
    assert!(matches!(home.trust(), Err(HomeError::TooLong { .. })));
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_enter_the_home() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let home = Home::open(&folder.path("home")).unwrap();
    let mode = std::fs::metadata(home.path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0);
}
