//! From a code's modules to the picture: a plane in perspective, bent a little.
//!
//! The bend is a polynomial of the third degree for either direction, in modules. It starts flat and
//! is fitted to what the code itself shows: wherever two neighbouring modules differ, the edge
//! between them should lie halfway, and how far it is off tells how far the map is off there. This
//! draws the grid onto curved labels and creased paper, and corrects what a few points at three
//! corners could not say about the fourth.

use super::decode::Modules;
use super::geometry::{Homography, Pair, Point, point, solve};
use super::plane::{Plane, Pyramid};

/// Terms of the polynomial.
const TERMS: usize = 10;

/// How a code lies in the picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Warp {
    pub(super) plane: Homography,
    pub(super) side: usize,
    bend: [[f32; TERMS]; 2],
}

impl Warp {
    pub(super) fn flat(plane: Homography, side: usize) -> Self {
        Self { plane, side, bend: [[0.0; TERMS]; 2] }
    }

    /// Where a place in modules is in the picture; (0, 0) is the outer corner of the first module.
    pub(super) fn map(&self, x: f32, y: f32) -> Point {
        let terms = self.terms(x, y);
        let off = |bend: &[f32; TERMS]| bend.iter().zip(&terms).map(|(a, b)| a * b).sum::<f32>();
        self.plane.map(point(x + off(&self.bend[0]), y + off(&self.bend[1])))
    }

    /// The same along one row of modules, whose polynomials have one variable left.
    pub(super) fn row(&self, y: f32) -> Row<'_> {
        let half = self.side as f32 * 0.5;
        let t = (y - half) / half;
        let bend = self.bend.map(|bend| {
            let [one, s, of_t, ss, st, tt, sss, sst, stt, ttt] = bend;
            let (free, first) = (one + t * (of_t + t * (tt + t * ttt)), s + t * (st + t * stt));
            [free, first, ss + t * sst, sss]
        });
        Row { warp: self, y, bend }
    }

    /// Corners clockwise from the code's own upper left.
    pub(super) fn corners(&self) -> [Point; 4] {
        let side = self.side as f32;
        [self.map(0.0, 0.0), self.map(side, 0.0), self.map(side, side), self.map(0.0, side)]
    }

    /// Pixels a module in the middle.
    pub(super) fn module(&self) -> f32 {
        let middle = self.side as f32 * 0.5;
        let at = self.map(middle, middle);
        let (u, v) = (self.map(middle + 1.0, middle) - at, self.map(middle, middle + 1.0) - at);
        u.cross(v).abs().sqrt()
    }

    /// Whether every corner is in front of the camera and turns the same way.
    pub(super) fn is_sound(&self) -> bool {
        let side = self.side as f32;
        let outer = [point(0.0, 0.0), point(side, 0.0), point(side, side), point(0.0, side)];
        let corners = self.corners();
        let convex = (0..4).all(|i| {
            let (a, b, c) = (corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]);
            (b - a).cross(c - b) > 0.0
        });
        convex
            && outer.iter().all(|at| self.plane.depth(*at) > 0.05)
            && corners.iter().all(|at| at.is_finite())
    }

    fn terms(&self, x: f32, y: f32) -> [f32; TERMS] {
        let half = self.side as f32 * 0.5;
        let (s, t) = ((x - half) / half, (y - half) / half);
        [1.0, s, t, s * s, s * t, t * t, s * s * s, s * s * t, s * t * t, t * t * t]
    }

    /// How far a pair's place is from where the map has it, in modules.
    pub(super) fn off(&self, pair: &Pair) -> Point {
        let Point { x, y } = pair.from;
        let right = self.map(x + 0.5, y) - self.map(x - 0.5, y);
        let down = self.map(x, y + 0.5) - self.map(x, y - 0.5);
        let (to, area) = (pair.to - self.map(x, y), right.cross(down));
        point(to.cross(down) / area, right.cross(to) / area)
    }

    /// Fits the bend to points: the more there are, the further it may bend.
    pub(super) fn bend(&mut self, pairs: &[Pair]) {
        let terms = match pairs.len() {
            ..20 => return,
            20..28 => 6,
            _ => TERMS,
        };
        let mut sums = [Sums::new(), Sums::new()];
        for pair in pairs {
            let (terms, off) = (self.terms(pair.from.x, pair.from.y), self.off(pair));
            sums[0].add(&terms, off.x);
            sums[1].add(&terms, off.y);
        }
        if let [Some((right, _)), Some((down, _))] = sums.map(|sums| sums.solved(terms)) {
            self.bend = [right, down];
        }
    }

    /// Fits the bend to the edges between modules that were sampled through this map. Returns the
    /// mean distance of the edges from where they should be, in modules.
    pub(super) fn settle(
        &mut self,
        pyramid: &Pyramid<'_>,
        modules: &Modules,
        degree: usize,
    ) -> Option<f32> {
        let (plane, factor) = pyramid.scale(self.module(), 3.0);
        let side = self.side;
        // The largest codes have more edges than are needed.
        let stride = (side / 45).max(1);
        let mut sums = [Sums::new(), Sums::new()];
        for y in 0..side {
            for x in (y % stride..side).step_by(stride) {
                let value = modules.values()[y * side + x];
                if x + 1 < side && (value > 0) != (modules.values()[y * side + x + 1] > 0) {
                    self.edge(plane, factor, (x, y), (1.0, 0.0), &mut sums[0]);
                }
                if y + 1 < side && (value > 0) != (modules.values()[(y + 1) * side + x] > 0) {
                    self.edge(plane, factor, (x, y), (0.0, 1.0), &mut sums[1]);
                }
            }
        }
        let terms = [1, 3, 6, TERMS][degree.min(3)];
        let mut wrong = 0.0;
        for (bend, sums) in self.bend.iter_mut().zip(sums) {
            if sums.count < 3 * terms + 10 {
                return None;
            }
            let (change, mean) = sums.solved(terms)?;
            bend.iter_mut().zip(change).for_each(|(bend, change)| *bend += change);
            wrong += mean * 0.5;
        }
        Some(wrong)
    }

    /// How far the edge between a module and its neighbour is from halfway between them.
    fn edge(
        &self,
        plane: Plane<'_>,
        factor: f32,
        (x, y): (usize, usize),
        (right, down): (f32, f32),
        sums: &mut Sums,
    ) {
        const STEPS: usize = 6;
        let middle = point(x as f32 + 0.5 + right * 0.5, y as f32 + 0.5 + down * 0.5);
        let at = self.map(middle.x, middle.y) * factor;
        // The map is as good as straight within one module.
        let ahead = self.map(middle.x + right * 0.5, middle.y + down * 0.5) * factor - at;
        let mut values = [0f32; STEPS + 1];
        for (i, value) in values.iter_mut().enumerate() {
            *value = plane.at(at + ahead * (i as f32 * 2.0 / STEPS as f32 - 1.0));
        }
        let (first, last) = (values[0], values[STEPS]);
        if (first - last).abs() < 10.0 {
            return;
        }
        let threshold = (first + last) * 0.5;
        let rising = last > first;
        let mut crossing = None;
        for i in 0..STEPS {
            let (before, after) = (values[i], values[i + 1]);
            if (before < threshold) != (after < threshold) && (after > before) == rising {
                if crossing.is_some() {
                    return;
                }
                crossing = Some(i as f32 + (threshold - before) / (after - before));
            }
        }
        let Some(crossing) = crossing else { return };
        let off = crossing / STEPS as f32 - 0.5;
        sums.add(&self.terms(middle.x, middle.y), off);
    }
}

/// One row of modules: the bend in powers of the place along it.
pub(super) struct Row<'a> {
    warp: &'a Warp,
    y: f32,
    bend: [[f32; 4]; 2],
}

impl Row<'_> {
    /// Where a place of the row is in the picture.
    pub(super) fn map(&self, x: f32) -> Point {
        let half = self.warp.side as f32 * 0.5;
        let s = (x - half) / half;
        let off =
            |[free, first, second, third]: [f32; 4]| free + s * (first + s * (second + s * third));
        self.warp.plane.map(point(x + off(self.bend[0]), self.y + off(self.bend[1])))
    }
}

/// Normal equations of one direction.
struct Sums {
    system: [[f64; TERMS]; TERMS],
    right: [f64; TERMS],
    count: usize,
    wrong: f64,
}

impl Sums {
    fn new() -> Self {
        Self { system: [[0.0; TERMS]; TERMS], right: [0.0; TERMS], count: 0, wrong: 0.0 }
    }

    fn add(&mut self, terms: &[f32; TERMS], off: f32) {
        let terms = terms.map(f64::from);
        for i in 0..TERMS {
            self.right[i] += terms[i] * f64::from(off);
            for j in 0..=i {
                self.system[i][j] += terms[i] * terms[j];
            }
        }
        self.count += 1;
        self.wrong += f64::from(off.abs());
    }

    /// Coefficients of the first `terms` terms and the mean distance before.
    fn solved(&self, terms: usize) -> Option<([f32; TERMS], f32)> {
        let mut system = self.system;
        let mut right = self.right;
        // Index arithmetic is what the formula says.
        #[allow(clippy::needless_range_loop)]
        for i in 0..TERMS {
            for j in 0..i {
                system[j][i] = system[i][j];
            }
        }
        for i in 0..TERMS {
            // Held back a little, so that few edges do not bend much.
            system[i][i] += 0.01 * self.count as f64 * if i < 3 { 0.05 } else { 1.0 };
            if i >= terms {
                system[i] = [0.0; TERMS];
                system[i][i] = 1.0;
                right[i] = 0.0;
            }
        }
        for row in &mut system[..terms] {
            row[terms..].fill(0.0);
        }
        let solved = solve(system, right)?.map(|value| value as f32);
        Some((solved, (self.wrong / self.count as f64) as f32))
    }
}
