//! A kiosk's figures, what is wrong with a device, and who may open the staff's page, by command.

mod common;

use common::{Folder, Ledger, run_fed};

fn fed(folder: &Folder, args: &[&str], input: &str) -> common::Run {
    std::fs::write(folder.path("input"), input).unwrap();
    let home = folder.text("device");
    run_fed(&folder.path(""), &[args, &["--home", &home]].concat(), &folder.path("input"))
}

#[test]
fn a_pin_comes_from_standard_input_and_stands_in_no_file() {
    let folder = Folder::new("pin");
    let set = fed(&folder, &["config", "pin", "--json"], "271828\n").exits(0).json();
    assert_eq!(set["pin"], "set");
    for file in ["pin", "pin-tries"] {
        let text = std::fs::read_to_string(folder.path("device").join(file)).unwrap();
        assert!(!text.contains("271828"), "{file}");
    }
    for bad in ["", "12345", "1234567890123", "12 456", "abcdef"] {
        let refused = fed(&folder, &["config", "pin", "--json"], bad).exits(1).json();
        assert_eq!(refused["error"]["code"], "pin-not-digits", "{bad}");
    }
    folder.at_home(&["config", "pin", "271828"]).exits(2);
}

#[test]
fn a_stick_is_made_with_a_secret_of_its_own() {
    let folder = Folder::new("stick");
    let mut secrets = Vec::new();
    for _ in 0..2 {
        let made = folder.at_home(&["config", "staff-key", ".", "--json"]).exits(0).json();
        let path = folder.path(made["path"].as_str().unwrap());
        secrets.push(std::fs::read_to_string(path).unwrap());
    }
    assert_ne!(secrets[0], secrets[1]);
    let kept = std::fs::read_to_string(folder.path("device/exit-key")).unwrap();
    assert!(!kept.contains(secrets[1].trim()), "the device knows its hash alone");
    folder.at_home(&["config", "staff-key", "no/such/folder"]).exits(1);
}

#[test]
fn the_doctor_says_what_is_wrong_and_ends_with_it() {
    let folder = Folder::new("doctor");
    let codes = |args: &[&str], code: i32| {
        let said = folder.at_home(&[args, &["--json"]].concat()).exits(code).json();
        assert_eq!(said["exit_code"], code, "{said}");
        let found = said["findings"].as_array().unwrap().iter();
        // The room on a disk is the machine's.
        let codes = found.map(|finding| finding["code"].as_str().unwrap().to_owned());
        codes.filter(|code| code != "disk-low").collect::<Vec<_>>()
    };
    assert_eq!(codes(&["doctor"], 1), ["trust-missing", "sync-never"]);
    let ledger = Ledger::start(&folder);
    let fingerprint = ledger.document["fingerprint"].as_str().unwrap();
    folder.at_home(&["trust", "add", &ledger.url(), "--fingerprint", fingerprint]).exits(0);
    assert_eq!(codes(&["doctor"], 1), ["sync-never"]);
    folder.at_home(&["sync"]).exits(0);
    assert_eq!(codes(&["doctor"], 0), [""; 0]);
    let chinese = folder.at_home(&["doctor", "--kiosk", "--lang", "zh-CN"]).out;
    assert!(chinese.contains("店员页面没有密码"), "{chinese}");
    fed(&folder, &["config", "pin"], "271828").exits(0);
    let kiosk = folder.at_home(&["doctor", "--kiosk", "--json"]).json();
    assert!(!kiosk.to_string().contains("pin-missing"), "{kiosk}");
}

#[test]
fn days_come_as_text_document_and_table() {
    let folder = Folder::new("days");
    let none = folder.at_home(&["days"]).exits(0).out;
    assert!(none.starts_with("No day was counted"), "{none}");
    std::fs::create_dir_all(folder.path("device/days")).unwrap();
    let day = r#"{"version":1,"date":"2026-11-28","starts":1,"verdicts":{"e1":3,"recalled":1},
        "unread":{"damaged":2},"answer_ms":[0,0,0,3,1]}"#;
    std::fs::write(folder.path("device/days/2026-11-28.json"), day).unwrap();
    std::fs::write(folder.path("device/days/2026-11-29.json"), "{").unwrap();
    let said = folder.at_home(&["days", "--json"]).exits(0).json();
    assert_eq!(said["days"].as_array().unwrap().len(), 1);
    let day = &said["days"][0];
    assert_eq!((&day["answers"], &day["answer_ms"]["p95"]), (&4.into(), &75.into()), "{day}");
    let table = folder.at_home(&["days", "--csv"]).exits(0).out;
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1], "2026-11-28,1,4,0,3,0,1,2,50,75,0,0,0,0,0,0,0,0,0");
    let text = folder.at_home(&["days", "--lang", "zh-CN"]).exits(0).out;
    assert!(text.contains("2026-11-28") && text.contains("半数在 50 毫秒内"), "{text}");
}
