//! Which of the places found last is at hand.

use super::finders::Hit;
use super::geometry::Point;

/// Places that are asked: rows are searched from the top, so what is older lies above.
const ASKED: usize = u64::BITS as usize;

/// Pixels across of a strip.
const STRIP: usize = 16;

/// The last [`ASKED`] places by the strips of the picture that they reach into: one bit each, that
/// of their number.
#[derive(Debug, Default)]
pub(super) struct Recent {
    strips: Vec<u64>,
}

impl Recent {
    /// Forgets all, for a picture of that width.
    pub(super) fn clear(&mut self, width: usize) {
        self.strips.clear();
        self.strips.resize(width / STRIP + 1, 0);
    }

    /// The latest place of that colour that reaches to `at`.
    pub(super) fn find<'a>(
        &self,
        hits: &'a mut [Hit],
        at: Point,
        inverted: bool,
    ) -> Option<&'a mut Hit> {
        let count = hits.len();
        // The latest in the highest bit.
        let mut asked = self.strips[at.x as u32 as usize / STRIP].rotate_right(count as u32);
        while asked != 0 {
            let age = asked.leading_zeros();
            let i = count - 1 - age as usize;
            let (hit, apart) = (&hits[i], hits[i].centre - at);
            if hit.inverted == inverted && apart.x.abs().max(apart.y.abs()) < reach(hit) {
                return Some(&mut hits[i]);
            }
            asked &= !(1 << (u64::BITS - 1 - age));
        }
        None
    }

    /// Puts a place with the others, in the room of the oldest.
    pub(super) fn push(&mut self, hits: &mut Vec<Hit>, hit: Hit) {
        let (i, bit) = (hits.len(), 1 << (hits.len() % ASKED));
        if let Some(oldest) = i.checked_sub(ASKED) {
            self.under(&hits[oldest]).iter_mut().for_each(|strip| *strip &= !bit);
        }
        self.under(&hit).iter_mut().for_each(|strip| *strip |= bit);
        hits.push(hit);
    }

    /// Strips that a place reaches into.
    fn under(&mut self, hit: &Hit) -> &mut [u64] {
        let last = self.strips.len() - 1;
        let strip = |x: f32| (x.max(0.0) as u32 as usize / STRIP).min(last);
        let (from, to) = (strip(hit.centre.x - reach(hit)), strip(hit.centre.x + reach(hit)));
        &mut self.strips[from..=to]
    }
}

/// How far a place is the same place, in pixels across and down.
fn reach(hit: &Hit) -> f32 {
    1.6 * hit.module
}

#[cfg(test)]
mod tests {
    use super::super::geometry::point;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_same_place_is_found_as_by_asking_the_last_64_in_turn(
            places in prop::collection::vec((0f32..300.0, 0f32..60.0, 1f32..30.0, any::<bool>()), 0..200)
        ) {
            let (mut recent, mut hits) = (Recent::default(), Vec::new());
            recent.clear(300);
            for (x, y, module, inverted) in places {
                let at = point(x, y);
                let plain = hits.iter().rposition(|hit: &Hit| {
                    let apart = hit.centre - at;
                    hit.inverted == inverted && apart.x.abs().max(apart.y.abs()) < reach(hit)
                });
                let plain = plain.filter(|i| i + ASKED >= hits.len());
                let found = recent.find(&mut hits, at, inverted).map(|hit| hit.seen);
                prop_assert_eq!(found.map(usize::from), plain);
                // Where it stands in the list.
                let seen = hits.len() as u16;
                recent.push(&mut hits, Hit { centre: at, module, inverted, seen });
            }
        }
    }
}
