//! Key files: private, never written over, read with care.

mod common;

use common::Folder;

#[test]
fn a_key_of_each_algorithm_is_made_and_shown() {
    let folder = Folder::new("keys");
    for algorithm in ["sm2", "p256", "ed25519"] {
        let file = format!("{algorithm}.json");
        let made = folder.run(&["key", "new", &file, "--algorithm", algorithm, "--json"]).exits(0);
        let shown = folder.run(&["key", "show", &file, "--json"]).exits(0).json();
        assert_eq!(made.json()["public"], shown["public"]);
        assert_eq!(shown["algorithm"], algorithm);
        assert_eq!(shown["command"], "key show");
    }
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("key-mode");
    folder.run(&["key", "new", "inner/key.json"]).exits(0);
    let mode = std::fs::metadata(folder.path("inner/key.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_key_file_is_never_written_over() {
    let folder = Folder::new("key-over");
    folder.run(&["key", "new", "key.json"]).exits(0);
    let before = std::fs::read(folder.path("key.json")).unwrap();
    let again = folder.run(&["key", "new", "key.json"]).exits(1);
    assert!(again.err.contains("never written over"), "{}", again.err);
    assert_eq!(std::fs::read(folder.path("key.json")).unwrap(), before);
}

#[test]
fn no_secret_is_printed() {
    let folder = Folder::new("key-secret");
    let made = folder.run(&["key", "new", "key.json"]).exits(0);
    let shown = folder.run(&["key", "show", "key.json", "--json"]).exits(0);
    let file = std::fs::read_to_string(folder.path("key.json")).unwrap();
    let seed = serde_json::from_str::<serde_json::Value>(&file).unwrap()["seed"].clone();
    let seed = seed.as_str().unwrap().to_owned();
    assert!(seed.len() == 64 && !made.out.contains(&seed) && !shown.out.contains(&seed));
}

#[test]
fn another_file_is_no_key_and_it_is_said_so() {
    let folder = Folder::new("no-key");
    std::fs::write(folder.path("text.json"), "{}").unwrap();
    let error = folder.run(&["key", "show", "text.json", "--json"]).exits(1).json();
    assert_eq!(error["error"]["code"], "not-a-key");
    let missing = folder.run(&["key", "show", "none.json", "--json"]).exits(1).json();
    assert_eq!(missing["error"]["code"], "file-unreadable");
}
