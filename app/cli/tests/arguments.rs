//! Help, languages, completions, and what is said to arguments that do not fit.

mod common;

use common::{Folder, run_in};

const VERBS: &[&[&str]] = &[
    &["demo"],
    &["scan"],
    &["verify"],
    &["history"],
    &["sync"],
    &["status"],
    &["config"],
    &["config", "show"],
    &["config", "set"],
    &["config", "pin"],
    &["config", "staff-key"],
    &["doctor"],
    &["days"],
    &["trust"],
    &["trust", "show"],
    &["trust", "add"],
    &["trust", "rotate"],
    &["trust", "checkpoint"],
    &["key", "new"],
    &["key", "show"],
    &["issuer", "register"],
    &["issuer", "rotate"],
    &["issuer", "revoke"],
    &["issuer", "suspend"],
    &["issue"],
    &["codes"],
    &["event"],
    &["life"],
    &["ledger"],
    &["export"],
    &["pack"],
    &["pack", "import"],
    &["pack", "show"],
    &["pack", "verify"],
    &["network"],
    &["network", "up"],
    &["network", "down"],
    &["network", "status"],
    &["network", "add"],
    &["network", "card"],
    &["network", "found"],
    &["network", "join"],
    &["members"],
    &["members", "show"],
    &["members", "change"],
    &["members", "validators"],
    &["members", "endorse"],
    &["members", "send"],
    &["monitor"],
    &["completions"],
];

#[test]
fn every_verb_has_help_in_both_languages() {
    let folder = Folder::new("help");
    for verb in VERBS.iter().copied() {
        let english = folder.run(&[verb, &["--help"]].concat()).exits(0);
        assert!(english.out.contains("Usage: sealight"), "{verb:?}: {}", english.out);
        assert!(english.out.contains("--home"), "{verb:?}: {}", english.out);
        let chinese = folder.run(&[&["--lang", "zh-CN"], verb, &["--help"]].concat()).exits(0);
        assert!(chinese.out.contains("用法： sealight"), "{verb:?}: {}", chinese.out);
        assert!(!chinese.out.contains("cli."), "{verb:?}: {}", chinese.out);
    }
}

#[test]
fn a_key_may_be_a_file_or_in_a_token_wherever_one_is_named() {
    let folder = Folder::new("key-or-token");
    let verbs = ["key new", "key show", "issuer register", "issuer rotate", "issuer revoke"];
    let more = [
        "issuer suspend",
        "issue",
        "codes",
        "event",
        "life",
        "trust rotate",
        "trust checkpoint",
        "members endorse",
    ];
    for verb in verbs.iter().chain(&more) {
        let words: Vec<&str> = verb.split(' ').chain(["--help"]).collect();
        let help = folder.run(&words).exits(0).out;
        assert!(help.contains("<FILE|URI>"), "{verb}: {help}");
    }
}

#[test]
fn a_token_is_named_wrongly() {
    let folder = Folder::new("token-usage");
    for uri in ["pkcs11:", "pkcs11:object=%zz", "pkcs11:object=a?pin-value=1234"] {
        let run = folder.run(&["key", "show", uri, "--json"]).exits(2);
        assert_eq!(run.json()["error"]["code"], "token-uri", "{uri}: {}", run.out);
    }
}

#[test]
#[cfg(unix)]
fn a_nodes_own_commands_have_help() {
    let folder = Folder::new("node-help");
    for (words, expected) in [
        (&["node", "help"][..], "sealight-ledger run --home DIR"),
        (&["node", "signer", "help"], "sealight-ledger signer --home DIR --connect"),
    ] {
        let help = folder.run(words).exits(0).out;
        assert!(help.contains(expected), "{words:?}: {help}");
    }
    folder.run(&["node", "signer", "--home", "x"]).exits(2);
}

#[test]
fn the_locale_gives_the_language() {
    let folder = Folder::new("locale");
    let help = |env: &[(&str, &str)]| run_in(&folder.path(""), &["--help"], env).exits(0).out;
    assert!(help(&[("LANG", "zh_CN.UTF-8")]).contains("用法："));
    assert!(help(&[("LANG", "fr_FR.UTF-8")]).contains("Usage:"));
    assert!(help(&[("LANG", "C"), ("LC_ALL", "zh_CN.UTF-8")]).contains("用法："));
}

#[test]
fn completions_are_printed_for_each_shell() {
    let folder = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&["completions", shell]).exits(0).out;
        assert!(script.contains("sealight") && script.contains("reading"), "{shell}");
    }
}

#[test]
fn arguments_that_do_not_fit_are_usage_and_say_what_to_do() {
    let folder = Folder::new("usage");
    for args in [
        &["scan", "--no-such-option"][..],
        &["no-such-verb"],
        &["--lang", "xx", "status"],
        &["key", "new", "k.json", "--algorithm", "rsa"],
    ] {
        let run = folder.run(args).exits(2);
        assert!(run.err.starts_with("sealight: "), "{args:?}: {}", run.err);
        assert!(run.err.lines().count() >= 2 && run.out.is_empty(), "{args:?}: {}", run.err);
    }
    let nothing = folder.run(&[]).exits(2);
    assert!(nothing.err.contains("Usage:"), "{}", nothing.err);
}

#[test]
fn refused_arguments_are_one_document_where_json_is_asked_for() {
    let folder = Folder::new("usage-json");
    for args in [&["scan", "--no-such-option", "--json"][..], &["--json", "--lang", "xx", "status"]]
    {
        let document = folder.run(args).exits(2).json();
        assert_eq!(document["version"], 1, "{document}");
        assert!(document["error"]["message"].is_string(), "{document}");
        assert!(document["error"]["hint"].is_string(), "{document}");
    }
}

#[test]
fn the_version_is_told() {
    let folder = Folder::new("version");
    let told = folder.run(&["--version"]).exits(0).out;
    assert_eq!(told.trim(), format!("sealight {}", env!("CARGO_PKG_VERSION")));
}
