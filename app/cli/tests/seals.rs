//! What is no seal, or cannot be read: exit code 23, and nothing is said of the goods.

mod common;

use common::Folder;

#[test]
fn other_codes_are_no_seal() {
    let folder = Folder::new("no-seal");
    for (text, code) in [
        ("6901234567892", "not-a-seal"),
        ("https://shop.example/offer", "not-a-seal"),
        ("", "not-a-seal"),
    ] {
        let document = folder.at_home(&["scan", "--text", text, "--json"]).exits(23).json();
        assert_eq!(document["results"][0]["code"], code, "{text}: {document}");
        assert_eq!(document["exit_code"], 23);
    }
    let told = folder.at_home(&["scan", "--text", "6901234567892"]).exits(23).out;
    assert!(told.contains("This is not a seal."), "{told}");
    let chinese = folder.at_home(&["scan", "--text", "6901234567892", "--lang", "zh"]).exits(23);
    assert!(chinese.out.contains("这不是防伪封签"), "{}", chinese.out);
}

#[test]
fn a_slip_in_a_number_is_told() {
    let folder = Folder::new("slip");
    let slip = ["scan", "--text", "00000-00000-00000-00000-1", "--json"];
    assert_eq!(folder.at_home(&slip).exits(23).json()["results"][0]["code"], "mistyped");
}

#[test]
fn files_that_are_no_picture_are_told_one_by_one() {
    let folder = Folder::new("no-picture");
    std::fs::write(folder.path("text.png"), "not a picture").unwrap();
    let document = folder.at_home(&["scan", "text.png", "none.png", "--json"]).exits(23).json();
    assert_eq!(document["results"][0]["code"], "not-a-picture");
    assert_eq!(document["results"][1]["code"], "file-unreadable");
    folder.at_home(&["scan"]).exits(2);
}

#[test]
fn a_seal_needs_a_trust_file_and_it_is_said_so() {
    let folder = Folder::new("untrusted");
    let number = ["scan", "--text", "00000-00000-00000-00000-0", "--json"];
    let document = folder.at_home(&number).exits(1).json();
    assert_eq!(document["error"]["code"], "no-trust");
    assert!(document["error"]["hint"].as_str().unwrap().contains("sealight trust add"));
}
