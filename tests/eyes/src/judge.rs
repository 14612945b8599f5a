//! What a reading is worth.
//!
//! A reading is *right* if its text is known of that picture, or of another picture of the same
//! set (a folder shows few labels many times), or if readers of two families agree on it. It is
//! *wrong* if it is not right and every code's text of that picture is known, as where there is no
//! code. Else nobody knows: it is *alone*. The same text at two places is two codes.

use crate::engine::{Family, Seen};
use crate::manifest::Picture;
use encoding_rs::SHIFT_JIS;
use std::collections::{BTreeMap, BTreeSet};

/// The texts that are known of each set.
pub(crate) struct Known(BTreeMap<String, BTreeSet<String>>);

/// What one reader's readings of one picture are worth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) right: usize,
    pub(crate) alone: usize,
    pub(crate) wrong: usize,
}

impl Known {
    pub(crate) fn of(pictures: &[Picture]) -> Self {
        let mut sets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for picture in pictures {
            sets.entry(picture.set().to_owned()).or_default().extend(picture.payloads.clone());
        }
        Self(sets)
    }

    /// Judges what each reader saw in a picture.
    pub(crate) fn judge(&self, picture: &Picture, seen: &[(Family, Vec<Seen>)]) -> Vec<Judged> {
        let complete = picture.payloads.len() >= picture.codes;
        let right = |text: &str| picture.codes > 0 && self.right(picture, seen, text);
        let judge = |(_, readings): &(Family, Vec<Seen>)| {
            let (right, other): (Vec<_>, Vec<_>) =
                distinct(readings).into_iter().partition(|reading| right(&reading.text));
            let (wrong, alone) = if complete { (other.len(), 0) } else { (0, other.len()) };
            Judged { right: right.len().min(picture.codes), alone, wrong }
        };
        seen.iter().map(judge).collect()
    }

    fn right(&self, picture: &Picture, seen: &[(Family, Vec<Seen>)], text: &str) -> bool {
        // Some truth was written down by readers that took UTF-8 for Shift JIS.
        let mistaken = SHIFT_JIS.decode_without_bom_handling(text.as_bytes()).0;
        let known = self
            .0
            .get(picture.set())
            .is_some_and(|set| set.contains(text) || set.contains(&*mistaken));
        let sees = |(_, readings): &&(Family, Vec<Seen>)| readings.iter().any(|r| r.text == text);
        let families: BTreeSet<_> = seen.iter().filter(sees).map(|(family, _)| family).collect();
        known || families.len() > 1
    }
}

/// Each code once, though a reader may tell it twice.
fn distinct(readings: &[Seen]) -> Vec<&Seen> {
    let mut kept: Vec<&Seen> = Vec::new();
    for reading in readings {
        let same = |old: &&&Seen| {
            let away = (old.middle.0 - reading.middle.0).hypot(old.middle.1 - reading.middle.1);
            old.text == reading.text && away <= old.reach.max(reading.reach) / 2.0
        };
        if kept.iter().find(same).is_none() {
            kept.push(reading);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(codes: usize, payloads: &[&str]) -> Picture {
        let payloads = payloads.iter().map(|text| (*text).to_owned()).collect();
        Picture { file: "set/1.png".into(), codes, payloads }
    }

    fn seen(text: &str, x: f32) -> Seen {
        Seen { text: text.into(), middle: (x, 0.0), reach: 10.0 }
    }

    fn judge(picture: Picture, readings: &[(Family, Vec<Seen>)]) -> Vec<Judged> {
        Known::of(std::slice::from_ref(&picture)).judge(&picture, readings)
    }

    #[test]
    fn a_known_text_is_right_and_another_is_wrong() {
        let judged =
            judge(picture(1, &["A"]), &[(Family::Quirc, vec![seen("A", 0.0), seen("B", 90.0)])]);
        assert_eq!(judged, [Judged { right: 1, alone: 0, wrong: 1 }]);
    }

    #[test]
    fn any_reading_where_there_is_no_code_is_wrong() {
        let both = [(Family::Quirc, vec![seen("A", 0.0)]), (Family::Zxing, vec![seen("A", 0.0)])];
        assert_eq!(judge(picture(0, &[]), &both), [Judged { right: 0, alone: 0, wrong: 1 }; 2]);
    }

    #[test]
    fn two_families_confirm_a_text_that_is_not_known() {
        let one = (Family::Quirc, vec![seen("A", 0.0)]);
        let other = (Family::Zxing, vec![seen("A", 0.0)]);
        let alone = Judged { right: 0, alone: 1, wrong: 0 };
        assert_eq!(judge(picture(1, &[]), &[one.clone(), one.clone()]), [alone; 2]);
        let right = Judged { right: 1, alone: 0, wrong: 0 };
        assert_eq!(judge(picture(1, &[]), &[one, other]), [right; 2]);
    }

    #[test]
    fn the_same_text_at_two_places_is_two_codes_and_at_one_place_one() {
        let twice = vec![seen("A", 0.0), seen("A", 3.0), seen("A", 90.0)];
        let judged = judge(picture(3, &["A"]), &[(Family::Quirc, twice)]);
        assert_eq!(judged, [Judged { right: 2, alone: 0, wrong: 0 }]);
    }
}
