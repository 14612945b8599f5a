//! Every sentence that the command says is in the text files, and nothing else is.

use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;

fn sources(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else {
            into.push_str(&std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn source() -> String {
    let mut all = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

fn words(name: &str) -> Map<String, Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/text").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What stands between the quotation marks after each `start`.
fn quoted<'a>(source: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    source.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

#[test]
fn every_key_that_is_said_has_a_text() {
    let (source, words) = (source(), words("en.json"));
    let keys = quoted(&source, "\"cli.").map(|rest| format!("cli.{rest}"));
    // A key that is put together has its parts looked at below.
    let whole = keys.filter(|key| !key.contains('{') && !key.ends_with('.') && key != "cli.help");
    let missing: BTreeSet<String> = whole.filter(|key| !words.contains_key(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_failure_has_its_words_and_says_what_to_do() {
    let words = words("en.json");
    // However the formatter broke the lines.
    let source = source().split_whitespace().collect::<Vec<_>>().join(" ").replace("( \"", "(\"");
    let codes = ["Failure::new(\"", "Failure::usage(\"", "Self::new(\""];
    let codes: BTreeSet<&str> = codes.iter().flat_map(|start| quoted(&source, start)).collect();
    assert!(codes.len() > 40 && codes.contains("stopped"), "{codes:?}");
    for code in &codes {
        for key in [format!("cli.fail.{code}"), format!("cli.fail.{code}.hint")] {
            assert!(words.contains_key(&key), "{key}");
        }
    }
    let said = words.keys().filter_map(|key| key.strip_prefix("cli.fail."));
    let unsaid: Vec<&str> =
        said.filter(|code| !codes.contains(code.trim_end_matches(".hint"))).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");
}

#[test]
fn no_text_of_the_command_is_left_over() {
    let source = source();
    // Keys that the source puts together from a prefix and a name.
    let made = ["help.", "help+", "help-option.", "fail.", "life.", "demo.", "status.trust."];
    for key in words("en.json").keys().filter_map(|key| key.strip_prefix("cli.")) {
        let put_together = made.iter().any(|prefix| key.starts_with(prefix));
        assert!(
            key == "help" || put_together || source.contains(&format!("\"cli.{key}\"")),
            "{key}"
        );
    }
}
