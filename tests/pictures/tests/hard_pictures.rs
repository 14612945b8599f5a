//! What the reader reads of pictures made by code, by classes of what makes them hard: so many
//! codes at least, so that a change which loses some is seen where no photographs lie.

use sealight_pictures::{CLASSES, draw};
use sealight_tag::deadline::Unbounded;
use sealight_tag::qr::{CodeReader, FrameReader};

/// Pictures of each class.
const EACH: usize = 2;

/// Codes that are read of each class, of how many there are.
const READ: [(&str, usize, usize); 20] = [
    ("plain", 1, 9),
    ("small-modules", 1, 9),
    ("perspective", 1, 9),
    ("curved", 1, 9),
    ("curved-lengthwise", 1, 9),
    ("blur", 1, 9),
    ("motion", 1, 9),
    ("dark-and-noisy", 1, 9),
    ("overexposed", 1, 9),
    ("glare", 1, 9),
    ("shadow", 1, 9),
    ("low-contrast", 1, 9),
    ("damaged", 1, 9),
    ("logo", 1, 9),
    ("inverted", 1, 9),
    ("mirrored", 1, 9),
    ("dots", 1, 9),
    ("spread-ink", 1, 9),
    ("no-quiet-zone", 1, 9),
    ("coarse-file", 1, 9),
];

/// Codes read of a class, codes there are, readings that are not there.
fn read(class: &str) -> (usize, usize, usize) {
    let (mut read, mut all, mut wrong) = (0, 0, 0);
    for number in 0..EACH {
        let drawn = draw(class, number);
        let codes = FrameReader::default().read(&drawn.frame, &Unbounded);
        let mut right: Vec<_> = codes.iter().filter_map(|code| code.text.clone()).collect();
        right.retain(|text| drawn.texts.contains(text));
        wrong += codes.len() - right.len();
        right.sort();
        right.dedup();
        read += right.len();
        all += drawn.texts.len();
    }
    (read, all, wrong)
}

#[test]
fn hard_pictures_are_read_as_well_as_before() {
    let (mut sum, mut of, mut lost) = (0, 0, Vec::new());
    for (class, least, codes) in READ {
        let (read, all, wrong) = read(class);
        println!("{class}: {read} of {all}");
        assert_eq!(all, codes, "{class} draws other pictures than those counted");
        assert_eq!(wrong, 0, "{class}");
        if read < least {
            lost.push(format!("{class}: {read} of {all}, not {least}"));
        }
        (sum, of) = (sum + read, of + all);
    }
    println!("figure: codes of hard pictures: {sum} of {of}");
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn nothing_is_read_where_there_is_nothing() {
    for number in 0..6 {
        let drawn = draw("empty", number);
        let codes = FrameReader::default().read(&drawn.frame, &Unbounded);
        assert!(codes.is_empty(), "picture {number}: {codes:?}");
    }
}

#[test]
fn every_class_is_counted_or_too_large_for_an_ordinary_run() {
    for class in CLASSES {
        let large = ["crowd", "everything"].contains(&class);
        assert!(large || READ.iter().any(|(counted, ..)| *counted == class), "{class}");
    }
}
