//! Bursts, people, separators, floods.

use super::*;
use crate::payload::Payload;

/// The keys of a text on a US keyboard.
fn keys(text: &str) -> Vec<(String, bool, bool)> {
    let on = |c: char| -> (String, bool, bool) {
        let places = "Space Minus Equal BracketLeft BracketRight Backslash Semicolon Quote Backquote \
                      Comma Period Slash";
        if c == GS {
            return ("BracketRight".into(), false, true);
        }
        if c.is_ascii_alphabetic() {
            return (format!("Key{}", c.to_ascii_uppercase()), c.is_ascii_uppercase(), false);
        }
        let digits = (0..10).map(|digit| format!("Digit{digit}"));
        for code in digits.chain(places.split_whitespace().map(str::to_owned)) {
            for shift in [false, true] {
                let press = Press::of(&code, shift, false).unwrap();
                if Layout::default().typed(press) == Some(c) {
                    return (code, shift, false);
                }
            }
        }
        panic!("no key for {c:?}")
    };
    text.chars().map(on).collect()
}

/// Types a text, a key every `gap` milliseconds from `at` on; gives what came and the time after.
fn type_in(wedge: &mut Wedge, text: &str, at: u64, gap: u64) -> (Vec<TagReading>, u64) {
    let mut read = Vec::new();
    let mut now = at;
    for (code, shift, control) in keys(text) {
        read.extend(wedge.key(Key { code: &code, shift, control, alt: false, at: now }));
        now += gap;
    }
    (read, now)
}

fn enter(wedge: &mut Wedge, at: u64) -> Option<TagReading> {
    wedge.key(Key { code: "Enter", shift: false, control: false, alt: false, at })
}

#[test]
fn a_burst_that_ends_in_enter_is_a_reading() {
    let mut wedge = Wedge::default();
    let link = "https://s.example/s#AQIDbc_-0";
    let (early, now) = type_in(&mut wedge, link, 1_000, 5);
    assert!(early.is_empty() && wedge.is_burst());
    let read = enter(&mut wedge, now).unwrap();
    assert_eq!(read.bytes, link.as_bytes());
    assert_eq!(read.medium, Medium::Printed(Symbology::QrCode));
    assert!(!wedge.is_burst());
}

#[test]
fn a_burst_that_ends_in_silence_is_a_reading_too() {
    let mut wedge = Wedge::default();
    let (_, now) = type_in(&mut wedge, "6901234567892", 0, 10);
    assert_eq!(wedge.quiet(now), None);
    let read = wedge.quiet(now + 100).unwrap();
    assert_eq!(read.medium, Medium::Printed(Symbology::Ean13));
    let (_, now) = type_in(&mut wedge, "6901234567892", 1_000, 10);
    let next =
        wedge.key(Key { code: "KeyA", shift: false, control: false, alt: false, at: now + 500 });
    assert_eq!(next.unwrap().bytes, b"6901234567892");
}

#[test]
fn a_page_that_begins_anew_counts_from_zero_and_its_bursts_end_as_before() {
    let mut wedge = Wedge::default();
    let day = 86_400_000;
    let (_, now) = type_in(&mut wedge, "6901234567892", day, 10);
    assert!(wedge.quiet(now + 100).is_some());
    wedge.forget();
    let (early, now) = type_in(&mut wedge, "6901234567892", 4_000, 10);
    assert!(early.is_empty());
    assert_eq!(wedge.quiet(now), None);
    assert_eq!(wedge.quiet(now + 100).unwrap().bytes, b"6901234567892");
    // Without a look in between, a burst ends with the next one's first key.
    type_in(&mut wedge, "6901234567892", day, 10);
    let (read, _) = type_in(&mut wedge, "ABCDEF", 5_000, 10);
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].bytes, b"6901234567892");
    // Nor does a look by the new clock miss it.
    type_in(&mut wedge, "ABCDEF", day, 10);
    assert_eq!(wedge.quiet(6_000).unwrap().bytes, b"ABCDEF");
}

#[test]
fn keys_of_one_clock_that_come_out_of_order_are_one_burst() {
    let mut wedge = Wedge::default();
    let (_, now) = type_in(&mut wedge, "690123", 20_000, 10);
    // The page's own time is behind the display server's, and is left again.
    let (late, _) = type_in(&mut wedge, "456", now - 9_000, 10);
    let (read, now) = type_in(&mut wedge, "7892", now, 10);
    assert!(late.is_empty() && read.is_empty());
    assert_eq!(enter(&mut wedge, now).unwrap().bytes, b"6901234567892");
}

#[test]
fn what_a_person_types_is_none() {
    let mut wedge = Wedge::default();
    let (read, now) = type_in(&mut wedge, "0AV1MFYCA702G40000", 0, 90);
    assert!(read.is_empty() && !wedge.is_burst());
    assert_eq!(enter(&mut wedge, now), None);
    assert_eq!(wedge.quiet(now + 1_000), None);
}

#[test]
fn identifier_and_separators_make_element_strings() {
    let mut wedge = Wedge::default();
    let text = format!("]Q30106901234567892{}10LOT7{GS}21SER9", "");
    let (_, now) = type_in(&mut wedge, &text, 0, 2);
    let read = enter(&mut wedge, now).unwrap();
    assert_eq!(read.aim.as_deref(), Some("]Q3"));
    assert!(read.bytes.contains(&0x1d));
    assert!(matches!(read.decode(), Payload::ElementString(_)));
}

#[test]
fn control_keys_are_dropped() {
    let mut wedge = Wedge::default();
    let mut at = 0;
    for code in ["KeyQ", "KeyW", "F4", "Escape", "AltLeft", "MetaLeft", "KeyR"] {
        assert_eq!(wedge.key(Key { code, shift: false, control: true, alt: false, at }), None);
        at += 2;
    }
    let (_, now) = type_in(&mut wedge, "ABCDEF", at, 2);
    assert_eq!(enter(&mut wedge, now).unwrap().bytes, b"ABCDEF");
}

#[test]
fn a_flood_is_dropped_and_the_next_scan_is_read() {
    let mut wedge = Wedge::default();
    let (read, now) = type_in(&mut wedge, &"A1".repeat(4_000), 0, 1);
    assert!(read.is_empty());
    assert_eq!(enter(&mut wedge, now), None);
    let (_, now) = type_in(&mut wedge, "6901234567892", now + 200, 3);
    assert!(enter(&mut wedge, now).is_some());
}

/// A scanner that is set to another layout: where `c` is on it.
fn german(c: char) -> (String, bool, bool) {
    let (code, shift, alt) = match c {
        'y' | 'Y' => ("KeyZ", c == 'Y', false),
        'z' | 'Z' => ("KeyY", c == 'Z', false),
        '-' => ("Slash", false, false),
        '_' => ("Slash", true, false),
        ':' => ("Period", true, false),
        ';' => ("Comma", true, false),
        '/' => ("Digit7", true, false),
        '?' => ("Minus", true, false),
        '#' => ("Backslash", false, false),
        '=' => ("Digit0", true, false),
        '+' => ("BracketRight", false, false),
        '*' => ("BracketRight", true, false),
        '(' => ("Digit8", true, false),
        ')' => ("Digit9", true, false),
        '&' => ("Digit6", true, false),
        '[' => ("Digit8", false, true),
        ']' => ("Digit9", false, true),
        '@' => ("KeyQ", false, true),
        c => {
            let (code, shift, _) = keys(&c.to_string()).remove(0);
            return (code, shift, false);
        }
    };
    (code.into(), shift, alt)
}

fn type_german(wedge: &mut Wedge, text: &str, at: u64) -> Option<TagReading> {
    let mut now = at;
    for (code, shift, alt) in text.chars().map(german) {
        assert!(wedge.key(Key { code: &code, shift, control: false, alt, at: now }).is_none());
        now += 3;
    }
    enter(wedge, now)
}

#[test]
fn a_calibration_code_teaches_the_layout_of_a_scanner() {
    let link = "https://s.example/z#YZ-_:y?a=[1]&(2)+*@";
    let mut wedge = Wedge::default();
    let wrong = type_german(&mut wedge, link, 0).unwrap();
    assert_ne!(wrong.bytes, link.as_bytes());
    assert_eq!(type_german(&mut wedge, CALIBRATION, 10_000), None, "no reading of its own");
    let learned = wedge.learned().unwrap();
    assert_eq!(wedge.learned(), None);
    let still = type_german(&mut wedge, link, 20_000).unwrap();
    assert_eq!(still.bytes, wrong.bytes, "nothing counts before it is adopted");
    let kept = Layout::of_text(&learned.text()).unwrap();
    assert_eq!(kept, learned);
    wedge.adopt(kept);
    assert_eq!(type_german(&mut wedge, link, 30_000).unwrap().bytes, link.as_bytes());
    wedge.forget();
    let aim = type_german(&mut wedge, "]Q1https://s.example/z#A", 40_000).unwrap();
    assert_eq!(aim.aim.as_deref(), Some("]Q1"), "a visitor who leaves takes no layout along");
    type_german(&mut wedge, &format!("]Q1{CALIBRATION}"), 50_000);
    assert!(wedge.learned().is_some(), "with an identifier in front");
}

#[test]
fn what_is_no_calibration_code_teaches_nothing() {
    let mut wedge = Wedge::default();
    let mut at = 0;
    let swapped = CALIBRATION.replacen('S', "E", 1);
    for text in [&CALIBRATION[1..], &format!("{CALIBRATION}x"), &swapped, &"a".repeat(96)] {
        let (_, now) = type_in(&mut wedge, text, at, 2);
        enter(&mut wedge, now);
        assert_eq!(wedge.learned(), None, "{text}");
        at = now + 1_000;
    }
    for text in ["", "KeyA", "KeyA+Shift+Alt+Shift", "\u{202e}", &"KeyA ".repeat(96)] {
        assert_eq!(Layout::of_text(text), None, "{text}");
    }
    assert_eq!(Layout::default().text(), "");
}

#[test]
fn the_calibration_code_that_is_printed_holds_the_text() {
    let code =
        qrcode::QrCode::with_error_correction_level(CALIBRATION, qrcode::EcLevel::M).unwrap();
    let side = code.width();
    let mut path = String::new();
    for (at, colour) in code.to_colors().into_iter().enumerate() {
        if colour == qrcode::Color::Dark {
            path += &format!("M{} {}h1v1h-1z", at % side + 4, at / side + 4);
        }
    }
    let box_ = side + 8;
    let drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {box_} {box_}\" width=\"60mm\" \
         height=\"60mm\"><path fill=\"#fff\" d=\"M0 0h{box_}v{box_}H0z\"/><path d=\"{path}\"/></svg>\n"
    );
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/scanner/calibration.svg");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(file, &drawn).unwrap();
    }
    assert_eq!(std::fs::read_to_string(file).unwrap(), drawn);
}
