use super::*;
use std::collections::BTreeSet;

fn texts(language: Language) -> BTreeMap<String, String> {
    serde_json::from_str(language.file()).expect("a text file is a flat object of texts")
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// A file more is a language more, and nothing else is to be done for it.
#[test]
fn each_file_of_texts_is_a_language_by_its_tag() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/text");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let tags = files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
    let tags: BTreeSet<String> = tags.collect();
    let known: BTreeSet<String> =
        Language::all().map(|language| language.tag().to_owned()).collect();
    assert_eq!(known, tags);
    assert_eq!(Language::all().next(), Some(Language::default()));
    assert_eq!(Language::default(), Language::English);
    let names: BTreeSet<String> =
        Language::all().map(|language| language.words().text("language.name")).collect();
    assert_eq!(names.len(), tags.len(), "each has a name of its own: {names:?}");
    for language in Language::all() {
        let json = serde_json::to_value(language).unwrap();
        assert_eq!(json, language.tag());
        assert_eq!(serde_json::from_value::<Language>(json).unwrap(), language);
    }
    assert!(serde_json::from_str::<Language>("\"en-GB\"").is_err(), "the very tag");
}

#[test]
fn every_switch_of_language_leads_through_all_of_them() {
    let mut language = Language::default();
    for known in Language::all() {
        assert_eq!(language, known);
        language = language.next();
    }
    assert_eq!(language, Language::default());
}

#[test]
fn every_language_has_the_same_keys() {
    let keys = |language| texts(language).into_keys().collect::<BTreeSet<_>>();
    let english = keys(Language::English);
    for language in Language::all() {
        let other = keys(language);
        let missing: Vec<_> = english.symmetric_difference(&other).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", language.tag());
    }
}

#[test]
fn no_key_stands_twice_in_a_file() {
    for language in Language::all() {
        let lines = language.file().lines().filter(|line| line.contains("\": \"")).count();
        assert_eq!(lines, texts(language).len(), "{}", language.tag());
    }
}

#[test]
fn every_language_has_the_same_placeholders_and_bold_marks() {
    let english = texts(Language::English);
    for language in Language::all() {
        for (key, text) in texts(language) {
            let original = &english[&key];
            assert_eq!(placeholders(&text), placeholders(original), "{key}");
            assert_eq!(text.matches("**").count(), original.matches("**").count(), "{key}");
            assert_eq!(text.matches("**").count() % 2, 0, "{key}");
        }
    }
}

/// Wording rules 1, 4 and 5 of the screens.
#[test]
fn no_text_says_what_no_scan_can_show() {
    let never = [
        "fake",
        "counterfeit",
        "authentic",
        "100 %",
        "100%",
        "error",
        "sorry",
        "please wait",
        "!",
        "假货",
        "正品保证",
        "！",
        "错误",
        "抱歉",
    ];
    for language in Language::all() {
        for (key, text) in texts(language).iter().filter(|(key, _)| !key.starts_with("cli.")) {
            let lower = text.to_lowercase();
            let found = never.iter().find(|word| lower.contains(**word));
            assert!(found.is_none(), "{key}: {found:?}");
            assert!(!lower.split(|c: char| !c.is_alphabetic()).any(|word| word == "safe"), "{key}");
        }
    }
}

/// Records are kept, under lot and number.
#[test]
fn no_screen_says_that_nothing_at_all_is_kept() {
    for language in Language::all() {
        let note = texts(language).remove("attract.note").unwrap();
        let denies = ["Nothing is kept", "不留存任何信息"];
        assert!(denies.iter().all(|words| !note.contains(words)), "{note}");
    }
    assert!(texts(Language::English)["attract.note"].contains("about you"));
    assert!(texts(Language::Chinese)["attract.note"].contains("您的"));
}

/// Scanner and reader stand where the shop puts them.
#[test]
fn no_text_says_where_the_shop_put_its_devices() {
    let places = ["on the right", "on the left", "reader below", "右侧", "左侧", "下方读卡"];
    for language in Language::all() {
        for (key, text) in texts(language).iter().filter(|(key, _)| !key.starts_with("cli.")) {
            assert!(places.iter().all(|place| !text.contains(place)), "{key}: {text}");
        }
    }
}

/// A command without the folder changes whichever device is its user's own.
#[test]
fn staff_are_told_no_command_without_this_devices_folder() {
    let mut seen = 0;
    for language in Language::all() {
        for (key, text) in texts(language).iter().filter(|(key, _)| key.starts_with("doctor.")) {
            for rest in text.split("sealight ").skip(1) {
                assert!(rest.starts_with("--home {home} "), "{key}: {text}");
                seen += 1;
            }
        }
    }
    assert!(seen >= 10, "only {seen} commands");
}

/// Wording rule 3: no chain words on a shopper's screen.
#[test]
fn chain_words_are_for_the_handheld_only() {
    let jargon = ["block", "chain", "hash", "ledger", "merkle", "digest", "区块", "哈希", "账本"];
    let handheld = ["as-of.block", "note.key-retired", "offline.statement"];
    for language in Language::all() {
        for (key, text) in texts(language) {
            if key.starts_with("cli.") || handheld.contains(&key.as_str()) {
                continue;
            }
            let lower = text.to_lowercase();
            assert!(!jargon.iter().any(|word| lower.contains(word)), "{key}: {text}");
        }
    }
}

/// Wording rule 4: at most 8 words a clause, 14 characters in Chinese. One headline of the design
/// itself has a word more.
#[test]
fn headlines_are_short() {
    let clause_ends = ['.', ',', ':', '，', '。', '：', '\n'];
    for (key, text) in texts(Language::English) {
        if key.ends_with("headline") && key != "not-applied.headline" {
            let long = text.split(clause_ends).any(|c| c.split_whitespace().count() > 8);
            assert!(!long, "{key}: {text}");
        }
    }
    for (key, text) in texts(Language::Chinese) {
        if key.ends_with("headline") {
            let letters = |c: &str| c.chars().filter(|c| *c != '\u{200b}').count();
            assert!(!text.split(clause_ends).any(|c| letters(c) > 14), "{key}: {text}");
        }
    }
}

#[test]
fn every_key_named_in_the_code_has_a_text() {
    let english = texts(Language::English);
    let mut seen = 0;
    for (path, source) in sources() {
        let code = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for opening in ["text(\"", "say(\"", "find(\""] {
            for rest in code.split(opening).skip(1) {
                let key = rest.split('"').next().unwrap_or_default();
                assert!(english.contains_key(key), "{path}: {key}");
                seen += 1;
            }
        }
    }
    assert!(seen > 50, "only {seen} keys found in the code");
}

#[test]
fn every_text_is_named_in_the_code() {
    let all: String = sources().into_iter().map(|(_, source)| source).collect();
    let prefixes: Vec<&str> = all
        .split("format!(\"")
        .skip(1)
        .filter_map(|rest| rest.split('{').next())
        .filter(|prefix| prefix.ends_with('.'))
        .collect();
    let never: Vec<String> = texts(Language::English)
        .into_keys()
        .filter(|key| !key.starts_with("cli."))
        .filter(|key| !all.contains(&format!("\"{key}\"")))
        .filter(|key| !prefixes.iter().any(|prefix| key.starts_with(prefix)))
        .collect();
    assert!(never.is_empty(), "never said: {never:?}");
}

fn sources() -> Vec<(String, String)> {
    fn walk(folder: &std::path::Path, found: &mut Vec<(String, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs")
            {
                let source = std::fs::read_to_string(&path).unwrap();
                found.push((path.display().to_string(), source));
            }
        }
    }
    let mut found = Vec::new();
    walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    found
}

#[test]
fn a_language_is_picked_from_a_tag_or_a_locale() {
    for tag in ["zh", "zh-CN", "zh_CN.UTF-8", "zh-Hans-SG", "ZH_tw"] {
        assert_eq!(Language::from_tag(tag), Some(Language::Chinese), "{tag}");
    }
    for tag in ["en", "en_GB.UTF-8", "EN-us"] {
        assert_eq!(Language::from_tag(tag), Some(Language::English), "{tag}");
    }
    for tag in ["", "C", "POSIX", "C.UTF-8", "de_DE", "english"] {
        assert_eq!(Language::from_tag(tag), None, "{tag}");
    }
}

#[test]
fn values_cannot_make_words_bold_or_name_placeholders() {
    let words = Language::English.words();
    let said = words.say("altered.reason", &[("label", "**{record}**"), ("record", "x")]);
    assert!(!said.contains("**"));
    assert!(said.contains("{record}"));
    assert!(plain(&said).contains("**{record}**"));
}

#[test]
fn label_text_is_isolated_and_cut() {
    let text = quoted(&"\u{202e}x".repeat(500));
    assert!(text.starts_with('\u{2068}') && text.ends_with('\u{2069}'));
    assert!(!text.contains('\u{202e}'));
    assert_eq!(text.chars().count(), 122);
}
