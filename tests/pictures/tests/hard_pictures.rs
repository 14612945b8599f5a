//! What the reader reads of pictures made by code, by classes of what makes them hard, so that a
//! change which loses some is seen where no photographs lie.

use sealight_pictures::{CLASSES, draw};
use sealight_tag::deadline::Unbounded;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{Code, CodeReader, FrameReader};

/// Pictures of each class.
const EACH: usize = 2;

/// Too large for an ordinary run.
const LARGE: [&str; 2] = ["crowd", "everything"];

/// Codes that are read of all classes, of how many there are.
const READ: (usize, usize) = (41, 58);

fn codes(frame: &LumaFrame) -> Vec<Code> {
    FrameReader::default().read(frame, &Unbounded)
}

/// Codes read of a class, codes there are, readings that are not there.
fn read(class: &str) -> (usize, usize, usize) {
    let (mut read, mut all, mut wrong) = (0, 0, 0);
    for number in 0..EACH {
        let drawn = draw(class, number);
        let codes = codes(&drawn.frame);
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
    let (mut sum, mut of) = (0, 0);
    for class in CLASSES.into_iter().filter(|class| !LARGE.contains(class)) {
        let (read, all, wrong) = read(class);
        println!("{class}: {read} of {all}");
        assert_eq!(wrong, 0, "{class}");
        (sum, of) = (sum + read, of + all);
    }
    println!("figure: codes read of {of}: {sum}");
    let (least, all) = READ;
    assert_eq!(of, all, "other pictures are drawn than those that were counted");
    assert!(sum >= least, "{sum} of {of}, not {least}");
}

#[test]
fn nothing_is_read_where_there_is_nothing() {
    for number in 0..6 {
        let codes = codes(&draw("empty", number).frame);
        assert!(codes.is_empty(), "picture {number}: {codes:?}");
    }
}
