//! The first map of a code: from its three finder patterns, then with its alignment patterns.

use super::decode::tables::alignments;
use super::geometry::{Homography, Pair, Point, point};
use super::group::Triple;
use super::plane::Pyramid;
use super::refine::Finder;
use super::warp::Warp;

/// Most points: five of each finder pattern, and 46 alignment patterns.
const MOST: usize = 64;

/// Points known so far.
#[derive(Clone, Copy)]
pub(super) struct Anchors {
    pairs: [Pair; MOST],
    count: usize,
}

impl Anchors {
    /// Five points of each finder pattern.
    pub(super) fn of(finders: [&Finder; 3], axes: [(Point, Point); 3], side: usize) -> Self {
        let none = Pair { from: Point::default(), to: Point::default(), weight: 0.0 };
        let mut anchors = Self { pairs: [none; MOST], count: 0 };
        let far = side as f32 - 3.5;
        let middles = [point(3.5, 3.5), point(far, 3.5), point(3.5, far)];
        for ((finder, (u, v)), middle) in finders.into_iter().zip(axes).zip(middles) {
            for (a, b) in [(0.0, 0.0), (3.5, 3.5), (-3.5, 3.5), (-3.5, -3.5), (3.5, -3.5)] {
                let weight = if a == 0.0 { 2.0 } else { 1.0 };
                anchors.push(middle + point(a, b), finder.centre + u * a + v * b, weight);
            }
        }
        anchors
    }

    fn push(&mut self, from: Point, to: Point, weight: f32) {
        if self.count < MOST {
            self.pairs[self.count] = Pair { from, to, weight };
            self.count += 1;
        }
    }

    pub(super) fn warp(&self, side: usize) -> Option<Warp> {
        let warp = Warp::flat(Homography::fit(&self.pairs[..self.count])?, side);
        warp.is_sound().then_some(warp)
    }

    /// The map through the alignment patterns too, those that are found.
    ///
    /// A large code is hardly ever flat. So each pattern is looked for where its neighbours towards
    /// the known corner say that it is, and the plane is bent to all of them in the end; those that
    /// do not fit to the rest were data.
    pub(super) fn aligned(mut self, pyramid: &Pyramid<'_>, warp: Warp, inverted: bool) -> Warp {
        let (at, count) = alignments((warp.side - 17) / 4);
        if count == 0 {
            return warp;
        }
        let last = count - 1;
        // How far each is from where the first map has it, in modules.
        let mut moved = [[None; 7]; 7];
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            moved[row][column] = Some(Point::default());
        }
        let corners = self.count;
        // From the known corner outwards: each that is found makes the next easier to find.
        for sum in 1..2 * count - 1 {
            for row in sum.saturating_sub(last)..=last.min(sum) {
                let column = sum - row;
                if moved[row][column].is_some() {
                    continue;
                }
                let near = |up: usize, left: usize| {
                    moved[row.checked_sub(up)?][column.checked_sub(left)?]
                };
                let guess = match (near(1, 0), near(0, 1), near(1, 1)) {
                    (Some(up), Some(left), Some(both)) => up + left - both,
                    (Some(up), Some(left), None) => (up + left) * 0.5,
                    (up, left, both) => up.or(left).or(both).unwrap_or_default(),
                };
                let middle = point(at[column] as f32 + 0.5, at[row] as f32 + 0.5);
                // Where all three patterns are far the map may be off by modules.
                let reach = if count == 2 { 2.0 + warp.side as f32 / 16.0 } else { 2.0 };
                let found = search(pyramid, &warp, middle + guess, reach.min(5.0), inverted);
                let Some(off) = found else { continue };
                moved[row][column] = Some(guess + off);
                let weight = if column == row { 4.0 } else { 2.0 };
                let place = warp.map(middle.x + guess.x + off.x, middle.y + guess.y + off.y);
                self.push(middle, place, weight);
            }
        }
        self.bent(corners, warp)
    }

    /// The map through all points; of those from the one of that number on, what does not fit is
    /// dropped.
    fn bent(mut self, certain: usize, first: Warp) -> Warp {
        for limit in [2.5, 1.0, f32::MAX] {
            let Some(mut warp) = self.warp(first.side) else { return first };
            warp.bend(&self.pairs[..self.count]);
            let mut kept = certain;
            for i in certain..self.count {
                if warp.off(&self.pairs[i]).length() < limit {
                    self.pairs[kept] = self.pairs[i];
                    kept += 1;
                }
            }
            if kept == self.count {
                return warp;
            }
            self.count = kept;
        }
        first
    }
}

/// What [`Anchors::aligned`] costs for a code of this side, in samples.
pub(super) fn work(side: usize) -> usize {
    /// Of one search.
    const SEARCH: usize = 1500;
    let (_, count) = alignments((side - 17) / 4);
    SEARCH * (count * count).saturating_sub(3)
}

/// Cells of the searched patch a module.
const FINE: usize = 3;
/// Most cells to a side of the patch.
const PATCH: usize = (2 * 5 + 6) * FINE + 1;

/// How far from `middle` an alignment pattern is, both in modules.
fn search(
    pyramid: &Pyramid<'_>,
    warp: &Warp,
    middle: Point,
    reach: f32,
    inverted: bool,
) -> Option<Point> {
    let (plane, factor) = pyramid.scale(warp.module(), 2.5);
    let steps = (reach * FINE as f32) as usize;
    let cells = 2 * steps + 5 * FINE + 1;
    let cells = cells.min(PATCH);
    let mut patch = [[0f32; PATCH]; PATCH];
    let offset = |i: usize| (i as f32 - (cells - 1) as f32 * 0.5) / FINE as f32;
    let sign = if inverted { -1.0 } else { 1.0 };
    for (j, row) in patch[..cells].iter_mut().enumerate() {
        for (i, value) in row[..cells].iter_mut().enumerate() {
            *value = sign * plane.at(warp.map(middle.x + offset(i), middle.y + offset(j)) * factor);
        }
    }
    // Of the window that is slid over the patch: middles of 5 x 5 modules.
    let window = 4 * FINE;
    let places = cells - window;
    let mut best = (0.0, 0, 0);
    let mut scores = [[0f32; PATCH]; PATCH];
    // Index arithmetic is what the formula says.
    #[allow(clippy::needless_range_loop)]
    for j in 0..places {
        for i in 0..places {
            let score = likeness(&patch, i, j);
            scores[j][i] = score;
            let (x, y) = (offset(i + window / 2), offset(j + window / 2));
            let worth = score - 0.03 * (x * x + y * y).sqrt();
            if worth > best.0 {
                best = (worth, i, j);
            }
        }
    }
    let (_, i, j) = best;
    if scores[j][i] < 0.6 {
        return None;
    }
    let peak = |before: f32, here: f32, after: f32| {
        let curve = before + after - 2.0 * here;
        if curve < -1e-6 { ((before - after) / (2.0 * curve)).clamp(-0.5, 0.5) } else { 0.0 }
    };
    let score = |i: usize, j: usize| if i < places && j < places { scores[j][i] } else { 0.0 };
    let right = peak(score(i.wrapping_sub(1), j), scores[j][i], score(i + 1, j));
    let down = peak(score(i, j.wrapping_sub(1)), scores[j][i], score(i, j + 1));
    let (x, y) =
        (offset(i + window / 2) + right / FINE as f32, offset(j + window / 2) + down / FINE as f32);
    Some(point(x, y))
}

/// Correlation of 5 x 5 modules with an alignment pattern: 1 is the very same.
fn likeness(patch: &[[f32; PATCH]; PATCH], i: usize, j: usize) -> f32 {
    let (mut sum, mut square, mut dark) = (0.0, 0.0, 0.0);
    for y in 0..5 {
        let row = &patch[j + y * FINE];
        for x in 0..5 {
            let value = row[i + x * FINE];
            sum += value;
            square += value * value;
            let ring = x == 0 || x == 4 || y == 0 || y == 4;
            dark += if ring || (x == 2 && y == 2) { value } else { 0.0 };
        }
    }
    // 17 dark modules, 8 light ones.
    let light = sum - dark;
    let spread = (square - sum * sum / 25.0).max(1.0).sqrt();
    (light / 8.0 - dark / 17.0) * (17.0f32 * 8.0 / 25.0).sqrt() / spread.max(20.0)
}

/// The sides of the three patterns of a triple as the code has them: to the right and down.
pub(super) fn axes(finders: &[Finder], triple: &Triple) -> [(Point, Point); 3] {
    let own = &finders[triple.corner];
    let turned = |finder: &Finder, turn: u8| match turn {
        0 => (finder.u, finder.v),
        1 => (finder.v, finder.u * -1.0),
        2 => (finder.u * -1.0, finder.v * -1.0),
        _ => (finder.v * -1.0, finder.u),
    };
    let first = turned(own, triple.turn);
    let like = |finder: &Finder| {
        (0..4).map(|turn| turned(finder, turn)).max_by(|a, b| {
            let score = |axes: &(Point, Point)| {
                axes.0.dot(first.0) / axes.0.length() + axes.1.dot(first.1) / axes.1.length()
            };
            score(a).total_cmp(&score(b))
        })
    };
    let (right, down) = (like(&finders[triple.right]), like(&finders[triple.down]));
    [first, right.unwrap_or(first), down.unwrap_or(first)]
}
