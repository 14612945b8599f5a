//! Element strings and Digital Links, and the table against the dictionary it was made from.

use super::rules::Rule;
use super::table::Part;
use super::*;
use proptest::prelude::*;

const EXAMPLE: &str = "(01)09506000134352(10)ABC(17)261231";

fn value_error(ai: &str, why: ValueError) -> Gs1Error {
    Gs1Error::Value { ai: ai.to_owned(), why }
}

#[test]
fn element_strings_are_read_with_and_without_an_aim_identifier() {
    for start in ["", "]d2", "]Q3", "]C1", "]e0", "\u{1d}", "]d2\u{1d}"] {
        let text = format!("{start}010950600013435210ABC\u{1d}17261231");
        let elements = ElementString::parse(&text).unwrap();
        assert_eq!(elements.to_string(), EXAMPLE, "{start:?}");
        assert_eq!(elements.gtin(), Some("09506000134352"));
        assert_eq!(elements.value("10"), Some("ABC"));
    }
}

#[test]
fn a_separator_after_a_predefined_length_is_passed_over() {
    let elements = ElementString::parse("0109506000134352\u{1d}10ABC\u{1d}").unwrap();
    assert_eq!(elements.to_string(), "(01)09506000134352(10)ABC");
}

#[test]
fn the_bracketed_form_is_read() {
    assert_eq!(ElementString::parse_bracketed(EXAMPLE).unwrap().to_string(), EXAMPLE);
    let spaced = ElementString::parse_bracketed(" (01) 09506000134352 (10) ABC ").unwrap();
    assert_eq!(spaced.to_string(), "(01)09506000134352(10)ABC");
    let brackets = ElementString::parse_bracketed("(10)A(B)C(9)(21)X").unwrap();
    assert_eq!((brackets.value("10"), brackets.value("21")), (Some("A(B)C(9)"), Some("X")));
}

#[test]
fn the_check_digit_fits() {
    let why = ValueError::CheckDigit { expected: '2', got: '3' };
    assert_eq!(ElementString::parse("0109506000134353"), Err(value_error("01", why)));
}

#[test]
fn an_unknown_identifier_is_refused() {
    for text in ["0509506000134352", "AB", "3106000001", "0", "(05)1", "(1)2", "05\u{1d}", "é"] {
        let read = ElementString::parse(text);
        let bracketed = ElementString::parse_bracketed(text);
        assert!(matches!(read, Err(Gs1Error::UnknownAi { .. })), "{text}: {read:?}");
        assert!(matches!(bracketed, Err(Gs1Error::UnknownAi { .. })), "{text}: {bracketed:?}");
    }
}

#[test]
fn lengths_fit() {
    let cases = [
        ("010950600013435", value_error("01", ValueError::TooShort { got: 13, min: 14 })),
        ("10", value_error("10", ValueError::TooShort { got: 0, min: 1 })),
        ("10123456789012345678901", value_error("10", ValueError::TooLong { got: 21, max: 20 })),
        ("43261231\u{1d}", value_error("4326", ValueError::TooShort { got: 4, min: 6 })),
    ];
    for (text, error) in cases {
        assert_eq!(ElementString::parse(text), Err(error), "{text}");
    }
}

#[test]
fn characters_are_of_the_set() {
    let character = |at, charset| ValueError::Character { at, charset };
    let cases = [
        ("010950600013435X", value_error("01", character(13, Charset::Digits))),
        ("10AB C", value_error("10", character(2, Charset::Set82))),
        ("10ABé", value_error("10", character(2, Charset::Set82))),
        ("80101234a", value_error("8010", character(4, Charset::Set39))),
        ("8030A+", value_error("8030", character(1, Charset::Base64Url))),
    ];
    for (text, error) in cases {
        assert_eq!(ElementString::parse(text), Err(error), "{text}");
    }
}

#[test]
fn dates_fit() {
    assert!(ElementString::parse("17261200").is_ok());
    let error = value_error("17", ValueError::Date { at: 0 });
    assert_eq!(ElementString::parse("17261301"), Err(error));
    let error = value_error("7007", ValueError::Date { at: 6 });
    assert_eq!(ElementString::parse("7007260101260000"), Err(error));
}

#[test]
fn an_identifier_has_one_value() {
    let error = Err(Gs1Error::Repeated { ai: "10".to_owned() });
    assert_eq!(ElementString::parse("10A\u{1d}10B"), error);
    assert_eq!(ElementString::parse("10A\u{1d}10A").unwrap().elements().len(), 1);
}

#[test]
fn a_string_is_bounded_and_not_empty() {
    let long = "1".repeat(MAX_LEN + 1);
    let error = Gs1Error::TooLong { got: MAX_LEN + 1, max: MAX_LEN };
    assert_eq!(ElementString::parse(&long), Err(error.clone()));
    assert_eq!(ElementString::parse_bracketed(&long), Err(error.clone()));
    assert_eq!(DigitalLink::parse(&long), Err(error));
    assert_eq!(ElementString::parse("]d2"), Err(Gs1Error::Empty));
    assert_eq!(ElementString::parse_bracketed(" "), Err(Gs1Error::Empty));
}

#[test]
fn a_digital_link_is_read() {
    let link = DigitalLink::parse(
        "https://ID.example/some/path/01/09506000134352/10/ABC%2F1/21/12345?17=261231&linkType=all#x",
    )
    .unwrap();
    assert_eq!(link.host(), "id.example");
    assert_eq!((link.key().ai(), link.gtin()), ("01", Some("09506000134352")));
    let qualifiers: Vec<_> = link.qualifiers().iter().map(|q| (q.ai(), q.value())).collect();
    assert_eq!(qualifiers, [("10", "ABC/1"), ("21", "12345")]);
    assert_eq!(link.value("17"), Some("261231"));
    assert_eq!(link.other(), [("linkType".to_owned(), "all".to_owned())]);
}

#[test]
fn a_name_of_nothing_in_the_query_is_no_identifier() {
    let link = DigitalLink::parse("https://a.example/01/09506000134352?=x&17=261231").unwrap();
    assert_eq!(link.other(), [(String::new(), "x".to_owned())]);
    assert_eq!(link.value("17"), Some("261231"));
}

#[test]
fn a_shorter_gtin_is_filled_up() {
    for text in ["9506000134352", "09506000134352"] {
        let link = DigitalLink::parse(&format!("https://a.example/01/{text}")).unwrap();
        assert_eq!(link.gtin(), Some("09506000134352"));
    }
}

#[test]
fn qualifiers_stand_in_order() {
    let parse =
        |path: &str| DigitalLink::parse(&format!("https://a.example/01/09506000134352{path}"));
    for path in ["", "/22/A", "/22/A/10/B/21/C", "/22/A/21/C", "/10/B/21/C", "/235/T"] {
        assert!(parse(path).is_ok(), "{path}");
    }
    for (path, got) in [
        ("/10/B/22/A", "22"),
        ("/21/C/10/B", "10"),
        ("/235/T/21/C", "21"),
        ("/22/A/235/T", "235"),
        ("/17/261231", "17"),
        ("/21/C/21/C", "21"),
    ] {
        let error = Gs1Error::Qualifier { key: "01".to_owned(), got: got.to_owned() };
        assert_eq!(parse(path), Err(error), "{path}");
    }
}

#[test]
fn the_path_ends_in_a_key() {
    for path in
        ["", "/", "/products/12", "/01", "/01/09506000134352/x", "/10/ABC", "/gtin/09506000134352"]
    {
        let link = DigitalLink::parse(&format!("https://a.example{path}"));
        assert_eq!(link, Err(Gs1Error::NoPrimaryKey), "{path}");
    }
    assert_eq!(DigitalLink::parse("(01)09506000134352"), Err(Gs1Error::NotAnAddress));
}

#[test]
fn only_attributes_stand_in_the_query() {
    let parse =
        |query: &str| DigitalLink::parse(&format!("https://a.example/01/09506000134352?{query}"));
    assert_eq!(parse("21=A"), Err(Gs1Error::NotAnAttribute { ai: "21".to_owned() }));
    assert_eq!(parse("05=A"), Err(Gs1Error::UnknownAi { got: "05".to_owned() }));
    assert_eq!(parse("10=%4"), Err(Gs1Error::Escape));
    assert_eq!(parse("10=A;10=B"), Err(Gs1Error::Repeated { ai: "10".to_owned() }));
    assert_eq!(parse("01=09506000134369"), Err(Gs1Error::Repeated { ai: "01".to_owned() }));
    assert!(parse("&&15=261231;3103=000195").is_ok());
}

#[test]
fn gtins_are_told_by_length_and_check_digit() {
    assert!(is_gtin("6901234567892") && is_gtin("09506000134352") && is_gtin("96385074"));
    assert!(!is_gtin("6901234567893") && !is_gtin("690123456789") && !is_gtin("é23456789012"));
    assert!(!is_gtin("") && !is_gtin("69012345678AB"));
}

#[test]
fn no_identifier_is_the_start_of_another() {
    for entry in ais::ENTRIES {
        assert_eq!(entry.first.len(), entry.last.len());
        let started = ais::ENTRIES.iter().filter(|other| {
            other.first.len() > entry.first.len()
                && (entry.first..=entry.last).contains(&&other.first[..entry.first.len()])
        });
        assert_eq!(started.count(), 0, "{}", entry.first);
        assert!(entry.parts.split_last().unwrap().1.iter().all(|part| !part.variable));
    }
}

/// A line of the dictionary in the dictionary's own notation, from an entry of ours.
fn notation(part: &Part) -> String {
    let set = match part.charset {
        Charset::Digits => 'N',
        Charset::Set82 => 'X',
        Charset::Set39 => 'Y',
        Charset::Base64Url => 'Z',
    };
    let dots = if part.variable { ".." } else { "" };
    let body = format!("{set}{dots}{}", part.len);
    let body = if part.optional { format!("[{body}]") } else { body };
    let names = part.rules.iter().flatten().map(|rule| match rule {
        Rule::CheckDigit => "csum",
        Rule::PrefixAt0 => "gcppos1",
        Rule::PrefixAt1 => "gcppos2",
        Rule::Date => "yymmdd",
        Rule::Date0 => "yymmd0",
        Rule::LongDate => "yyyymmdd",
        Rule::HourMinute => "hhmi",
        Rule::Hour => "hh",
        Rule::Sixty => "mi",
        Rule::Zero => "zero",
        Rule::NonZero => "nonzero",
        Rule::YesNo => "yesno",
        Rule::PieceOfTotal => "pieceoftotal",
        Rule::NoLeadingZero => "nozeroprefix",
    });
    names.fold(body, |text, name| format!("{text},{name}"))
}

/// Content rules of the dictionary that are not looked at here.
const LEFT_OUT: [&str; 17] = [
    "csumalpha",
    "iso4217",
    "iso3166",
    "iso3166999",
    "iso3166alpha2",
    "pcenc",
    "latitude",
    "longitude",
    "hyphen",
    "importeridx",
    "packagetype",
    "mediatype",
    "iso5218",
    "posinseqslash",
    "winding",
    "iban",
    "hasnondigit",
];

#[test]
fn the_table_is_the_dictionary() {
    let Some(path) = crate::tests_shared("vectors/gs1/gs1-syntax-dictionary.txt") else { return };
    let file = std::fs::read_to_string(path).unwrap();
    let lines = file.lines().map(|line| line.split('#').next().unwrap().trim());
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    assert_eq!(lines.len(), ais::ENTRIES.len());
    for (line, entry) in lines.into_iter().zip(ais::ENTRIES) {
        let mut words = line.split_whitespace().peekable();
        let range = words.next().unwrap();
        assert_eq!(range.split_once('-').unwrap_or((range, range)), (entry.first, entry.last));
        let flags = words.next_if(|word| word.starts_with(['*', '?'])).unwrap_or_default();
        assert_eq!(entry.predefined, flags.contains('*'), "{line}");
        assert_eq!(entry.attribute, flags.contains('?'), "{line}");
        let mut parts = entry.parts.iter();
        while let Some(word) = words.next_if(|word| word.starts_with(['N', 'X', 'Y', 'Z', '['])) {
            let mut pieces = word.split(',');
            let body = pieces.next().unwrap().to_owned();
            let rules =
                pieces.filter(|name| !LEFT_OUT.contains(name) && !name.starts_with("coupon"));
            let rules = rules.map(|name| if name == "ss" { "mi" } else { name });
            let word = rules.fold(body, |text, name| format!("{text},{name}"));
            assert_eq!(notation(parts.next().unwrap()), word, "{line}");
        }
        assert!(parts.next().is_none(), "{line}");
        let key = words.find_map(|word| word.strip_prefix("dlpkey"));
        let key = key.map(|rest| rest.trim_start_matches('=').split('|').collect::<Vec<_>>());
        let ours = entry.qualifiers.map(|sequences| match sequences {
            [] => vec![String::new()],
            _ => sequences.iter().map(|sequence| sequence.join(",")).collect(),
        });
        assert_eq!(ours, key.map(|k| k.into_iter().map(str::to_owned).collect()), "{line}");
    }
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), digits in "[0-9()\u{1d}A-Z]{0,80}") {
        for text in [&text, &digits] {
            let _ = ElementString::parse(text);
            let _ = ElementString::parse_bracketed(text);
            let _ = DigitalLink::parse(&format!("https://a/{text}"));
            let _ = DigitalLink::parse(&format!("https://a/01/09506000134352?{text}"));
        }
    }

    #[test]
    fn what_is_read_reads_the_same_in_the_other_form(lot in "[!%&'*-;=?A-Z_a-z]{1,20}", serial in "[A-Z0-9]{1,20}") {
        let raw = format!("]d2010950600013435210{lot}\u{1d}21{serial}");
        let read = ElementString::parse(&raw).unwrap();
        prop_assert_eq!(&ElementString::parse_bracketed(&read.to_string()).unwrap(), &read);
        let escaped: String = lot.bytes().map(|c| format!("%{c:02X}")).collect();
        let link = format!("https://a.example/01/09506000134352/10/{escaped}/21/{serial}");
        let link = DigitalLink::parse(&link).unwrap();
        prop_assert_eq!(link.value("10"), read.value("10"));
    }
}
