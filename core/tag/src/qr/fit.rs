//! The affine map of a finder pattern by its edges.

use super::geometry::{Point, point, solve};

/// Most edges of a pattern: every ray crosses three.
pub(super) const EDGES: usize = 3 * 24;

/// Half sides of the three squares in modules.
pub(super) const SQUARES: [f32; 3] = [1.5, 2.5, 3.5];

/// An edge found: where, and on which square it should lie.
#[derive(Clone, Copy, Default)]
pub(super) struct Edge {
    pub(super) at: Point,
    pub(super) square: f32,
}

/// Centre, module vectors and quality: the share of all edges that lie where they should.
pub(super) fn fit(list: &[Edge]) -> Option<(Point, Point, Point, f32)> {
    let mut best: Option<(Point, Point, Point, f32)> = None;
    for (centre, u, v) in [corners(list), turned(list)].into_iter().flatten() {
        let mut map = (centre, u, v);
        let mut sides = [Side::Unknown; EDGES];
        for round in 0..4 {
            let slack = if round == 0 { 1.2 } else { 0.6 };
            let Some(next) = improved(list, map, slack, &mut sides) else { break };
            map = next;
        }
        let (centre, u, v) = map;
        let place = 1.0 / u.cross(v);
        let inside = list.iter().filter(|edge| off(edge, map, place).2 < 0.45).count();
        let quality = inside as f32 / EDGES as f32;
        if best.is_none_or(|best| quality > best.3) {
            best = Some((centre, u, v, quality));
        }
        if quality > 0.85 {
            break;
        }
    }
    let (centre, u, v, quality) = best?;
    // Clockwise, first side to the right.
    let (u, v) = if u.cross(v) < 0.0 { (v, u) } else { (u, v) };
    (centre.is_finite() && u.is_finite() && v.is_finite()).then_some((centre, u, v, quality))
}

/// Where an edge lies in modules, and how far from its square. `scale` is one by the area of a module.
fn off(edge: &Edge, (centre, u, v): (Point, Point, Point), scale: f32) -> (f32, f32, f32) {
    let to = edge.at - centre;
    let (a, b) = (to.cross(v) * scale, u.cross(to) * scale);
    (a, b, (a.abs().max(b.abs()) - edge.square).abs())
}

/// First guess: the farthest point of the outer square is a corner, the farthest from it the one
/// across, and the farthest from the line between them are the other two.
fn corners(list: &[Edge]) -> Option<(Point, Point, Point)> {
    let outer = || list.iter().filter(|edge| edge.square == SQUARES[2]).map(|edge| edge.at);
    let count = outer().count() as f32;
    let middle = outer().fold(Point::default(), |sum, at| sum + at) * (1.0 / count);
    let farthest =
        |from: Point| outer().max_by(|a, b| (*a - from).length().total_cmp(&(*b - from).length()));
    let a = farthest(middle)?;
    let c = farthest(a)?;
    let side = |at: &Point| (c - a).cross(*at - a);
    let b = outer().max_by(|a, b| side(a).total_cmp(&side(b)))?;
    let d = outer().min_by(|a, b| side(a).total_cmp(&side(b)))?;
    let centre = (a + b + c + d) * 0.25;
    let (u, v) = ((b - a + (c - d)) * (1.0 / 14.0), (d - a + (c - b)) * (1.0 / 14.0));
    (u.cross(v).abs() > 0.2).then_some((centre, u, v))
}

/// Second guess, for patterns whose corners are worn or blurred: a square turned to where the
/// distances rise and fall four times around.
fn turned(list: &[Edge]) -> Option<(Point, Point, Point)> {
    let outer = || list.iter().filter(|edge| edge.square == SQUARES[2]).map(|edge| edge.at);
    let count = outer().count() as f32;
    let middle = outer().fold(Point::default(), |sum, at| sum + at) * (1.0 / count);
    let (mut sine, mut cosine, mut mean) = (0.0, 0.0, 0.0);
    for at in outer() {
        let (to, distance) = (at - middle, (at - middle).length());
        let (sin, cos) = (4.0 * to.y.atan2(to.x)).sin_cos();
        (sine, cosine, mean) =
            (sine + sin * distance, cosine + cos * distance, mean + distance / count);
    }
    let corner = sine.atan2(cosine) / 4.0 - std::f32::consts::FRAC_PI_4;
    // Mean distance of a square's edge from its middle, by its half side.
    let module = mean / (3.5 * 1.122);
    let (sin, cos) = corner.sin_cos();
    let (u, v) = (point(cos, sin) * module, point(-sin, cos) * module);
    (module > 0.3).then_some((middle, u, v))
}

/// The side of its square that an edge belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Side {
    Unknown,
    /// Too far from any.
    None,
    /// Across the first axis, against it.
    Across(bool),
    /// Along it.
    Along(bool),
}

/// One step: every edge belongs to the side it is nearest to, and the map from pixels to modules
/// that fits all of them follows from two small linear systems. `None` where there is none, and
/// where every edge belongs to the side that it did before: the map would be the same.
fn improved(
    list: &[Edge],
    map: (Point, Point, Point),
    slack: f32,
    sides: &mut [Side; EDGES],
) -> Option<(Point, Point, Point)> {
    let (centre, u, v) = map;
    let area = u.cross(v);
    if area.is_nan() || area.abs() < 0.05 {
        return None;
    }
    let scale = 1.0 / area;
    let mut moved = false;
    for (edge, side) in list.iter().zip(&mut *sides) {
        let (a, b, wrong) = off(edge, map, scale);
        let now = match (wrong > slack, a.abs() > b.abs()) {
            (true, _) => Side::None,
            (false, true) => Side::Across(a < 0.0),
            (false, false) => Side::Along(b < 0.0),
        };
        moved |= *side != now;
        *side = now;
    }
    if !moved {
        return None;
    }
    let mut sums = [Sums::default(); 2];
    for (edge, side) in list.iter().zip(&*sides) {
        match *side {
            Side::Across(against) => sums[0].add(edge.at - centre, edge.square, against),
            Side::Along(against) => sums[1].add(edge.at - centre, edge.square, against),
            Side::Unknown | Side::None => {}
        }
    }
    let [a, b] = sums.map(|sums| sums.solved());
    let (a, b) = (a?.map(|value| value as f32), b?.map(|value| value as f32));
    // Turned round: from modules to pixels.
    let area = a[0] * b[1] - a[1] * b[0];
    if area.is_nan() || area.abs() < 1e-5 {
        return None;
    }
    let (u, v) = (point(b[1], -b[0]) * (1.0 / area), point(-a[1], a[0]) * (1.0 / area));
    Some((centre - u * a[2] - v * b[2], u, v))
}

/// Sums of a linear system: places, their products, and their products with what is wanted there.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
    wanted: [f64; 3],
}

impl Sums {
    fn add(&mut self, at: Point, square: f32, against: bool) {
        let (x, y) = (f64::from(at.x), f64::from(at.y));
        let wanted = f64::from(if against { -square } else { square });
        self.count += 1.0;
        self.x += x;
        self.y += y;
        self.xx += x * x;
        self.xy += x * y;
        self.yy += y * y;
        self.wanted[0] += x * wanted;
        self.wanted[1] += y * wanted;
        self.wanted[2] += wanted;
    }

    fn solved(&self) -> Option<[f64; 3]> {
        let Self { count, x, y, xx, xy, yy, wanted } = *self;
        solve([[xx, xy, x], [xy, yy, y], [x, y, count]], wanted)
    }
}
