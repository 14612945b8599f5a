//! Whether two names could be taken for each other.

use crate::format::namespace::skeleton;
use alloc::vec;
use alloc::vec::Vec;

/// Letters of a name below which only the same name is like it.
const TELLING: usize = 4;
/// Letters for which one may differ.
const LETTERS_A_SLIP: usize = 5;
/// Names are compared up to here.
const MAX_LETTERS: usize = 128;

/// Whether two names could be taken for each other: as the eye takes them they are the same, or the
/// shorter one, of four letters at least, stands inside the longer with no more than one letter in
/// five put in, left out or changed.
pub fn alike(one: &str, other: &str) -> bool {
    let letters = |name: &str| skeleton(name).chars().take(MAX_LETTERS).collect::<Vec<char>>();
    let (one, other) = (letters(one), letters(other));
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    match short.len() {
        0 => false,
        few if few < TELLING => short == long,
        many => slips(&short, &long) <= many / LETTERS_A_SLIP,
    }
}

/// Letters put in, left out or changed between a name and the part of a text that is nearest to it
/// (Sellers' distance).
fn slips(name: &[char], text: &[char]) -> usize {
    // A part may begin anywhere, so nothing is lost before it.
    let mut row = vec![0; text.len() + 1];
    for (at, letter) in name.iter().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (place, known) in text.iter().enumerate() {
            let change = corner + usize::from(letter != known);
            corner = row[place + 1];
            row[place + 1] = change.min(corner + 1).min(row[place] + 1);
        }
    }
    row.into_iter().min().unwrap_or(name.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_be_taken_for_each_other_are_alike() {
        for (one, other) in [
            ("Blue Reverie", "BLUE-REVERIE"),
            ("Blue Reverie", "B1ue Reverie"),
            ("Blue Reverie", "Blue Reveries"),
            ("Blue Reverie", "Blu Reverie"),
            ("Blue Reverie", "The Blue Reverie Company"),
            ("Blue Reverie", "Blue Reverye Trading"),
            ("\u{6d0b}\u{6cb3}", "\u{6d0b}\u{6cb3}"),
        ] {
            assert!(alike(one, other) && alike(other, one), "{one} {other}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for (one, other) in [
            ("Blue Reverie", "Red Revelry"),
            ("Ace", "Peace"),
            ("Milk", "Silk"),
            ("", "Anything"),
            ("\u{6d0b}\u{6cb3}", "\u{6c5f}\u{6cb3}"),
        ] {
            assert!(!alike(one, other), "{one} {other}");
        }
    }
}
