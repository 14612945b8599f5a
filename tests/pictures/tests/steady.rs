//! A camera's frames are read in memory that was there before.

use sealight_pictures::{FILMS, Film};
use sealight_tag::deadline::Unbounded;
use sealight_tag::luma::LumaFrame;
use sealight_tag::qr::{CodeReader, PreviewReader};

/// Frames of a film that are looked at: twice as many as it takes to see every part of a frame.
const FRAMES: usize = 24;

/// Most times that memory is asked for of one code: lists of codes, and its bytes, text, identifier
/// and corners while they are made.
const TOLD: u64 = 16;

fn film(name: &str) -> Vec<LumaFrame> {
    let film: &Film = FILMS.iter().find(|film| film.name == name).unwrap();
    (0..FRAMES.min(film.frames)).map(|at| film.frame(at)).collect()
}

/// What is read of each frame, and how often memory was asked for the while.
fn read(reader: &mut PreviewReader, frames: &[LumaFrame]) -> (usize, u64) {
    let mut codes = 0;
    let asked = allocation_counter::measure(|| {
        codes = frames.iter().map(|frame| reader.read(frame, &Unbounded).len()).sum();
    });
    (codes, asked.count_total)
}

#[test]
fn frames_without_a_code_ask_for_no_memory() {
    let frames = film("nothing");
    let mut reader = PreviewReader::new();
    let (_, first) = read(&mut reader, &frames);
    assert!(first > 0, "a new reader has no memory yet");
    assert_eq!(read(&mut reader, &frames), (0, 0));
}

#[test]
fn frames_with_a_code_ask_for_what_is_told_of_it_and_no_more() {
    let frames = film("still");
    let mut reader = PreviewReader::new();
    read(&mut reader, &frames);
    let (codes, asked) = read(&mut reader, &frames);
    assert!(codes >= frames.len() - 1, "{codes} codes of {} frames", frames.len());
    assert!(asked <= codes as u64 * TOLD, "{asked} times for {codes} codes");
}
