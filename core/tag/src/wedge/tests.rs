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
                if typed(&code, shift) == Some(c) {
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
        read.extend(wedge.key(Key { code: &code, shift, control, at: now }));
        now += gap;
    }
    (read, now)
}

fn enter(wedge: &mut Wedge, at: u64) -> Option<TagReading> {
    wedge.key(Key { code: "Enter", shift: false, control: false, at })
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
    let next = wedge.key(Key { code: "KeyA", shift: false, control: false, at: now + 500 });
    assert_eq!(next.unwrap().bytes, b"6901234567892");
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
        assert_eq!(wedge.key(Key { code, shift: false, control: true, at }), None);
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
