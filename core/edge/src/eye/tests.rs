//! Labels in front of the eye: what is told, and when.

use super::left::{LONGEST, TAKEN};
use super::*;
use sealight_issue::label::{QrSymbol, seal_uri};
use sealight_tag::picture;
use sealight_verify::format::seal::SealCode;
use sealight_verify::judge::Named;

/// A label's picture.
fn label(seal: &SealCode) -> LumaFrame {
    let uri = seal_uri("seal.example", seal).unwrap();
    picture::decode(&QrSymbol::encode(&uri).unwrap().png(4).unwrap()).unwrap()
}

/// Pictures side by side on a wide, grey one, the first on the left.
fn side_by_side(frames: &[LumaFrame], width: usize) -> LumaFrame {
    let height = frames.iter().map(LumaFrame::height).max().unwrap();
    let mut pixels = vec![200; width * height];
    let mut left = 0;
    for frame in frames {
        for (row, line) in frame.pixels().chunks(frame.width()).enumerate() {
            pixels[row * width + left..][..line.len()].copy_from_slice(line);
        }
        left += frame.width() + 24;
    }
    LumaFrame::new(width, height, pixels).unwrap()
}

fn seals() -> Vec<SealCode> {
    crate::client::testworld::World::new(3).lot.seals
}

fn name(event: Option<Event>) -> (Named, usize) {
    match event {
        Some(Event::Read { claim: Ok(claim), others, .. }) => (claim.names, others.len()),
        other => panic!("no seal was read: {other:?}"),
    }
}

/// Whether what is told was told before.
fn again(event: Option<Event>) -> bool {
    match event {
        Some(Event::Read { again, .. }) => again,
        other => panic!("nothing was read: {other:?}"),
    }
}

#[test]
fn what_is_held_up_is_told_once_and_marked_again_while_it_stays() {
    let frame = label(&seals()[1]);
    let mut eye = Eye::default();
    assert!(!again(eye.look(&frame, 0)));
    assert_eq!(eye.look(&frame, 66), None);
    assert_eq!(eye.look(&frame, 1_000), None);
    assert_eq!(eye.look(&frame, 1_900), None);
    assert!(again(eye.look(&frame, 2_000)));
}

#[test]
fn what_was_taken_away_is_a_new_scan() {
    let frame = label(&seals()[1]);
    let mut eye = Eye::default();
    name(eye.look(&frame, 0));
    assert!(!again(eye.look(&frame, AWAY + 1)));
}

#[test]
fn what_was_told_stays_the_nearest_until_another_is_clearly_nearer() {
    let seals = seals();
    let frames = [label(&seals[1]), label(&seals[2])];
    let pair = frames[0].width() + frames[1].width() + 24;
    // So much room on the left: of the first label in the middle, of none, of the second one.
    let shifted = |left: usize| {
        let room = LumaFrame::new(left.max(1), 8, vec![200; left.max(1) * 8]).unwrap();
        side_by_side(&[room, frames[0].clone(), frames[1].clone()], pair + 2 * frames[0].width())
    };
    let alone = |at: usize| name(Eye::default().look(&frames[at], 0)).0;
    let between = frames[0].width() - 24;
    let (first, second) = (shifted(between + 12), shifted(between - 12));
    assert_eq!(name(Eye::default().look(&first, 0)).0, alone(0));
    assert_eq!(name(Eye::default().look(&second, 0)).0, alone(1));
    let mut eye = Eye::default();
    assert_eq!(name(eye.look(&first, 0)).0, alone(0));
    let stays = [66, 900, 1_800].iter().all(|ms| eye.look(&second, *ms).is_none());
    assert!(stays, "not clearly nearer");
    assert_eq!(name(eye.look(&second, 2_000)), (alone(0), 1));
    assert_eq!(name(eye.look(&shifted(1), 2_066)).0, alone(1));
}

#[test]
fn what_was_beside_it_takes_its_place_only_once_it_is_gone() {
    let seals = seals();
    let frames = [label(&seals[1]), label(&seals[2])];
    let wide = frames[0].width() + frames[1].width() + 24;
    let mut eye = Eye::default();
    let (told, _) = name(eye.look(&side_by_side(&frames, wide + wide), 0));
    // One picture in which it is not read.
    assert_eq!(eye.look(&frames[0], 66), None);
    let (other, _) = name(eye.look(&frames[0], AWAY + 1));
    assert_ne!(other, told);
}

#[test]
fn what_was_not_there_before_is_told_at_once() {
    let seals = seals();
    let mut eye = Eye::default();
    let (first, _) = name(eye.look(&label(&seals[1]), 0));
    let second = eye.look(&label(&seals[2]), 66);
    assert!(!again(second.clone()));
    assert_ne!(name(second).0, first);
    // A price code beside a seal that is turned away for a moment says nothing.
    let png = QrSymbol::encode("https://example.com/a-web-address").unwrap().png(4).unwrap();
    let price = picture::decode(&png).unwrap();
    assert!((2..6).all(|at| eye.look(&price, at * 66).is_none()));
    assert_eq!(eye.look(&label(&seals[2]), 500), None, "it is still held up");
}

#[test]
fn what_was_left_behind_is_told_no_more() {
    let frame = label(&seals()[1]);
    let mut eye = Eye::default();
    let told: Vec<u64> =
        (0..LONGEST * 2).step_by(900).filter(|ms| eye.look(&frame, *ms).is_some()).collect();
    assert!(told.len() > 50 && told.iter().all(|ms| *ms <= LONGEST), "{told:?}");
}

/// An eye before which this stands until it was left behind, and when it was last seen.
fn left_behind(frame: &LumaFrame) -> (Eye, u64) {
    let mut eye = Eye::default();
    let looks = (0..=LONGEST + TAKEN).step_by(900);
    let told = looks.clone().filter(|ms| eye.look(frame, *ms).is_some()).last();
    assert!(told.is_some_and(|ms| ms <= LONGEST), "{told:?}");
    (eye, looks.last().unwrap())
}

/// Two labels, a picture of both whose second is nearer the middle, and the name of each.
fn pair() -> ([LumaFrame; 2], LumaFrame, [Named; 2]) {
    let seals = seals();
    let frames = [label(&seals[1]), label(&seals[2])];
    let wide = frames[0].width() + frames[1].width() + 24;
    let both = side_by_side(&frames, wide + wide);
    let names = [0, 1].map(|at: usize| name(Eye::default().look(&frames[at], 0)).0);
    assert_eq!(name(Eye::default().look(&both, 0)), (names[1].clone(), 1));
    (frames, both, names)
}

#[test]
fn what_was_left_behind_nearer_the_middle_hides_no_other() {
    let (frames, both, names) = pair();
    let (mut eye, ms) = left_behind(&frames[1]);
    let told = eye.look(&both, ms + 66);
    assert!(!again(told.clone()));
    assert_eq!(name(told), (names[0].clone(), 0), "nor is it told beside it");
}

#[test]
fn what_was_left_behind_is_not_told_after_a_nearer_one_came_and_went() {
    let (frames, both, names) = pair();
    let (mut eye, ms) = left_behind(&frames[0]);
    assert_eq!(name(eye.look(&both, ms + 66)), (names[1].clone(), 0));
    let ms = ms + 66;
    assert_eq!(eye.look(&frames[0], ms + 66), None);
    assert_eq!(eye.look(&frames[0], ms + AWAY + 1), None, "the nearer one is gone");
    // Held up in front of it, so that it is hidden for much longer than it takes to be taken away.
    let mut ms = ms + 2 * AWAY;
    for _ in 0..4 * TAKEN / 900 {
        eye.look(&frames[1], ms);
        ms += 900;
    }
    assert_eq!(eye.look(&frames[0], ms), None);
    assert_eq!(eye.look(&frames[0], ms + AWAY), None);
}

#[test]
fn what_was_left_behind_is_answered_once_it_was_taken_away() {
    let (frames, _, names) = pair();
    let (mut eye, ms) = left_behind(&frames[0]);
    let ms = ms + TAKEN;
    assert_eq!(eye.look(&frames[0], ms), None, "it was only missed");
    let told = eye.look(&frames[0], ms + TAKEN + 1);
    assert!(!again(told.clone()));
    assert_eq!(name(told).0, names[0]);
}

#[test]
fn what_stood_beside_it_was_left_behind_with_it() {
    let (frames, both, _) = pair();
    let (mut eye, ms) = left_behind(&both);
    assert_eq!(eye.look(&frames[0], ms + 66), None);
    assert_eq!(eye.look(&frames[0], ms + AWAY + 1), None, "the nearer one is gone");
}

#[test]
fn the_seal_nearest_the_middle_is_scanned_and_the_others_are_told() {
    let seals = seals();
    let frames = [label(&seals[1]), label(&seals[2])];
    let wide = frames[0].width() + frames[1].width() + 24;
    let alone = |at: usize| name(Eye::default().look(&frames[at], 0)).0;
    // Half of the picture is empty, so its middle is beside the second label.
    let level = side_by_side(&frames, wide + wide);
    assert_eq!(name(Eye::default().look(&level, 0)), (alone(1), 1));
    let swapped = side_by_side(&[frames[1].clone(), frames[0].clone()], wide + wide);
    assert_eq!(name(Eye::default().look(&swapped, 0)), (alone(0), 1));
}

#[test]
fn a_code_that_is_no_seal_is_told_once_it_is_sure() {
    let png = QrSymbol::encode("https://example.com/a-web-address").unwrap().png(4).unwrap();
    let frame = picture::decode(&png).unwrap();
    let mut eye = Eye::default();
    assert_eq!(eye.look(&frame, 0), None);
    assert_eq!(eye.look(&frame, 66), None);
    let told = eye.look(&frame, 132);
    assert!(matches!(told, Some(Event::Read { claim: Err(_), .. })), "{told:?}");
}

#[test]
fn darkness_is_told_once() {
    let (dark, light) = (vec![3; 320 * 240], vec![120; 320 * 240]);
    let frame = |pixels| LumaFrame::new(320, 240, pixels).unwrap();
    let mut eye = Eye::default();
    assert_eq!(eye.look(&frame(light.clone()), 0), None);
    assert_eq!(eye.look(&frame(dark.clone()), 66), Some(Event::Hint(Hint::MoreLight)));
    assert_eq!(eye.look(&frame(dark), 132), None);
    assert_eq!(eye.look(&frame(light), 198), Some(Event::Hint(Hint::None)));
}
