//! Points and the maps between a code's modules and a picture's pixels.
//!
//! Pixels are continuous: the first one of a row reaches from 0 to 1, its middle is at 0.5.

use std::ops::{Add, Mul, Sub};

/// A point or a vector.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

pub(super) const fn point(x: f32, y: f32) -> Point {
    Point { x, y }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        point(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        point(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f32> for Point {
    type Output = Self;
    fn mul(self, by: f32) -> Self {
        point(self.x * by, self.y * by)
    }
}

impl Point {
    pub(super) fn dot(self, other: Self) -> f32 {
        self.x * other.x + self.y * other.y
    }

    /// Positive if `other` lies clockwise from this one, as the picture is seen (y goes down).
    pub(super) fn cross(self, other: Self) -> f32 {
        self.x * other.y - self.y * other.x
    }

    pub(super) fn length(self) -> f32 {
        self.dot(self).sqrt()
    }

    pub(super) fn is_finite(self) -> bool {
        self.x.is_finite() && self.y.is_finite()
    }
}

/// A plane seen in perspective.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Homography([f32; 8]);

/// Two points that belong together and how much they count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) from: Point,
    pub(super) to: Point,
    pub(super) weight: f32,
}

impl Homography {
    pub(super) fn map(&self, at: Point) -> Point {
        let h = &self.0;
        let depth = 1.0 / (h[6] * at.x + h[7] * at.y + 1.0);
        point(
            (h[0] * at.x + h[1] * at.y + h[2]) * depth,
            (h[3] * at.x + h[4] * at.y + h[5]) * depth,
        )
    }

    /// How much nearer or farther a point is than the origin; at or below zero it is behind.
    pub(super) fn depth(&self, at: Point) -> f32 {
        self.0[6] * at.x + self.0[7] * at.y + 1.0
    }

    /// The map that brings the pairs together with the least squares; `None` where they lie so that
    /// there is none. Takes at least four pairs.
    pub(super) fn fit(pairs: &[Pair]) -> Option<Self> {
        let (from, to) = (Frame::of(pairs, |pair| pair.from)?, Frame::of(pairs, |pair| pair.to)?);
        let (mut system, mut right) = ([[0.0; 8]; 8], [0.0; 8]);
        for pair in pairs {
            let (a, b) = from.apply(pair.from);
            let (x, y) = to.apply(pair.to);
            let weight = f64::from(pair.weight);
            let rows = [
                ([a, b, 1.0, 0.0, 0.0, 0.0, -a * x, -b * x], x),
                ([0.0, 0.0, 0.0, a, b, 1.0, -a * y, -b * y], y),
            ];
            for (row, value) in rows {
                for i in 0..8 {
                    right[i] += weight * row[i] * value;
                    for j in 0..8 {
                        system[i][j] += weight * row[i] * row[j];
                    }
                }
            }
        }
        let h = solve(system, right)?;
        // Undone: the frames that kept the numbers small.
        let (s, t) = (from.scale, to.scale);
        let normal = [
            [h[0] * s, h[1] * s, h[2] - s * (h[0] * from.x + h[1] * from.y)],
            [h[3] * s, h[4] * s, h[5] - s * (h[3] * from.x + h[4] * from.y)],
            [h[6] * s, h[7] * s, 1.0 - s * (h[6] * from.x + h[7] * from.y)],
        ];
        let unit = normal[2][2];
        let value = |row: usize, column: usize| {
            let centre = [to.x, to.y][row];
            ((normal[row][column] / t + centre * normal[2][column]) / unit) as f32
        };
        let (g, k) = ((normal[2][0] / unit) as f32, (normal[2][1] / unit) as f32);
        let all =
            [value(0, 0), value(0, 1), value(0, 2), value(1, 0), value(1, 1), value(1, 2), g, k];
        all.iter().all(|value| value.is_finite()).then_some(Self(all))
    }
}

/// Centre and scale of points, so that a system of equations stays well conditioned.
struct Frame {
    x: f64,
    y: f64,
    scale: f64,
}

impl Frame {
    fn of(pairs: &[Pair], side: impl Fn(&Pair) -> Point) -> Option<Self> {
        let count = pairs.len() as f64;
        let sum = |part: fn(Point) -> f32| {
            pairs.iter().map(|pair| f64::from(part(side(pair)))).sum::<f64>() / count
        };
        let (x, y) = (sum(|at| at.x), sum(|at| at.y));
        let spread = pairs.iter().map(|pair| {
            let at = side(pair);
            (f64::from(at.x) - x).hypot(f64::from(at.y) - y)
        });
        let scale = count / spread.sum::<f64>();
        (scale.is_finite() && x.is_finite() && y.is_finite()).then_some(Self { x, y, scale })
    }

    fn apply(&self, at: Point) -> (f64, f64) {
        ((f64::from(at.x) - self.x) * self.scale, (f64::from(at.y) - self.y) * self.scale)
    }
}

/// Gauss with the largest pivot; `None` where the system has no one solution.
pub(super) fn solve<const N: usize>(
    mut rows: [[f64; N]; N],
    mut right: [f64; N],
) -> Option<[f64; N]> {
    for i in 0..N {
        let pivot = (i..N).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
        rows.swap(i, pivot);
        right.swap(i, pivot);
        let lead = rows[i][i];
        if lead.is_nan() || lead.abs() < 1e-10 {
            return None;
        }
        let row = rows[i];
        for j in i + 1..N {
            let factor = rows[j][i] / lead;
            for k in i..N {
                rows[j][k] -= factor * row[k];
            }
            right[j] -= factor * right[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| rows[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / rows[i][i];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_on_a_line_have_no_map() {
        let pair = |i: f32| Pair { from: point(i, i), to: point(i, 2.0 * i), weight: 1.0 };
        assert_eq!(Homography::fit(&[pair(0.0), pair(1.0), pair(2.0), pair(3.0)]), None);
    }

    proptest! {
        #[test]
        fn four_corners_come_back(moved in prop::array::uniform8(-20f32..20.0), side in 10f32..180.0) {
            let square = [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)];
            let pairs: Vec<_> = square.iter().enumerate().map(|(i, (x, y))| Pair {
                from: point(*x, *y),
                to: point(500.0 + x * 3.0 + moved[2 * i] * side / 100.0, 300.0 + y * 3.0 + moved[2 * i + 1] * side / 100.0),
                weight: 1.0,
            }).collect();
            let map = Homography::fit(&pairs).unwrap();
            for pair in pairs {
                prop_assert!((map.map(pair.from) - pair.to).length() < 0.05);
            }
        }
    }
}
