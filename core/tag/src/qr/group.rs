//! Three finder patterns that may be one code.
//!
//! Each pattern knows how it lies, so a neighbour has to stand along one of its sides, turned the
//! same way and of a like size. The timing pattern between two of them says how many modules a side
//! has.

use super::geometry::Point;
use super::plane::Pyramid;
use super::refine::Finder;

/// Three patterns, by their places in the list of finders: at the corner, and along its two sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Triple {
    pub(super) corner: usize,
    pub(super) right: usize,
    pub(super) down: usize,
    /// Quarter turns from the corner pattern's own sides to the code's.
    pub(super) turn: u8,
    /// Modules of a side by the distances.
    pub(super) side: f32,
    /// The lower the likelier.
    pub(super) cost: f32,
}

/// Neighbours looked at along each side.
const NEIGHBOURS: usize = 4;

/// Triples kept of each corner.
const BEST: usize = 6;

#[derive(Clone, Copy)]
struct Neighbour {
    at: usize,
    modules: f32,
    cost: f32,
}

impl Neighbour {
    /// The nearer and the better fitting comes first.
    fn worth(&self) -> f32 {
        self.cost + 0.01 * self.modules
    }
}

/// Likely triples of what is not used yet, best first.
pub(super) fn triples(finders: &[Finder], used: &[bool], out: &mut Vec<Triple>) {
    out.clear();
    for (corner, finder) in finders.iter().enumerate().filter(|(at, _)| !used[*at]) {
        let mut sides = [[None::<Neighbour>; NEIGHBOURS]; 4];
        for (at, other) in finders.iter().enumerate() {
            if at == corner || used[at] || other.inverted != finder.inverted {
                continue;
            }
            let Some((side, neighbour)) = neighbour(finder, other, at) else { continue };
            insert(&mut sides[side], neighbour);
        }
        let start = out.len();
        for turn in 0..4 {
            for right in sides[turn].iter().flatten() {
                for down in sides[(turn + 1) % 4].iter().flatten() {
                    out.extend(triple(finders, corner, turn, right, down));
                }
            }
        }
        let own = &mut out[start..];
        own.sort_unstable_by(|a, b| a.cost.total_cmp(&b.cost));
        out.truncate(start + BEST);
    }
    out.sort_unstable_by(|a, b| a.cost.total_cmp(&b.cost));
}

fn insert(list: &mut [Option<Neighbour>; NEIGHBOURS], new: Neighbour) {
    let place = list.iter().position(|old| old.is_none_or(|old| new.worth() < old.worth()));
    if let Some(place) = place {
        list[place..].rotate_right(1);
        list[place] = Some(new);
    }
}

/// On which side of a pattern another stands (0 along `u`, 1 along `v`, then against them), if it
/// can belong to the same code.
fn neighbour(finder: &Finder, other: &Finder, at: usize) -> Option<(usize, Neighbour)> {
    let local = finder.local(other.centre);
    let (along, across) = (local.x.abs().max(local.y.abs()), local.x.abs().min(local.y.abs()));
    let ratio = finder.module() / other.module();
    let modules = along * 2.0 / (1.0 + 1.0 / ratio);
    if !(9.0..210.0).contains(&modules) || across > 0.4 * along || !(0.4..2.5).contains(&ratio) {
        return None;
    }
    let twist = twist(finder, other);
    if twist > 0.45 {
        return None;
    }
    let side = match (local.x.abs() > local.y.abs(), local.x > 0.0, local.y > 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 2,
        (false, _, true) => 1,
        (false, _, false) => 3,
    };
    let cost = across / along + twist + 0.7 * ratio.ln().abs();
    Some((side, Neighbour { at, modules, cost }))
}

/// Sine of the angle by which one pattern is turned from the other, of a quarter turn at most.
fn twist(finder: &Finder, other: &Finder) -> f32 {
    let turned = |axis: Point, by: Point| (axis.cross(by) / (axis.length() * by.length())).abs();
    let straight = turned(finder.u, other.u).max(turned(finder.v, other.v));
    let crossed = turned(finder.u, other.v).max(turned(finder.v, other.u));
    straight.min(crossed)
}

fn triple(
    finders: &[Finder],
    corner: usize,
    turn: usize,
    right: &Neighbour,
    down: &Neighbour,
) -> Option<Triple> {
    let uneven = (right.modules / down.modules).ln().abs();
    if uneven > 0.55 {
        return None;
    }
    // The two far patterns have to see each other on the diagonal of the code.
    let (a, b, c) = (&finders[corner], &finders[right.at], &finders[down.at]);
    let (first, second) = (b.centre - a.centre, c.centre - a.centre);
    let sine = first.cross(second) / (first.length() * second.length());
    if sine < 0.3 {
        return None;
    }
    let size = (b.module() / c.module()).ln().abs();
    let cost = right.cost
        + down.cost
        + 2.0 * uneven
        + 0.5 * size
        + 0.3 * (1.0 - sine)
        + 1.5 * (3.0 - a.quality - b.quality - c.quality);
    let side = (right.modules + down.modules) * 0.5 + 7.0;
    Some(Triple { corner, right: right.at, down: down.at, turn: turn as u8, side, cost })
}

/// Turns of colour along the timing pattern between two patterns: `from` is looked at along its
/// side `out`, the pattern lies on its side `over`. `None` if the line leaves the picture.
pub(super) fn timing(
    pyramid: &Pyramid<'_>,
    from: &Finder,
    (out, over): (Point, Point),
    to: &Finder,
) -> Option<usize> {
    // The far pattern's own vector that goes the same way as `over`.
    let far = [to.u, to.v, to.u * -1.0, to.v * -1.0];
    let best = |way: Point| {
        far.into_iter()
            .max_by(|a, b| (a.dot(way) / a.length()).total_cmp(&(b.dot(way) / b.length())))
    };
    let (over_far, out_far) = (best(over)?, best(out)?);
    let start = from.centre + over * 3.0 + out * 3.0;
    let end = to.centre + over_far * 3.0 - out_far * 3.0;
    let module = (out.length() + out_far.length()) * 0.5;
    let (plane, factor) = pyramid.scale(module.min(from.module()), 2.5);
    if !plane.contains(start * factor) || !plane.contains(end * factor) {
        return None;
    }
    let modules = (end - start).length() / module;
    let steps = ((modules * 5.0) as usize).clamp(20, 900);
    let mut values = [0f32; 901];
    for (i, value) in values[..=steps].iter_mut().enumerate() {
        *value = plane.at((start + (end - start) * (i as f32 / steps as f32)) * factor);
    }
    Some(turns(&values[..=steps], (2.0 * steps as f32 / modules) as usize))
}

/// Turns of colour against the middle of a window of `reach` values to each side.
fn turns(values: &[f32], reach: usize) -> usize {
    let mut count = 0;
    let mut dark = None;
    for (i, value) in values.iter().enumerate() {
        let window = &values[i.saturating_sub(reach)..(i + reach + 1).min(values.len())];
        let (low, high) = window
            .iter()
            .fold((f32::MAX, f32::MIN), |(low, high), value| (low.min(*value), high.max(*value)));
        // A little must be passed before the colour has turned.
        let (middle, slack) = ((low + high) * 0.5, (high - low) * 0.08);
        let now = if *value < middle - slack {
            true
        } else if *value > middle + slack {
            false
        } else {
            continue;
        };
        count += usize::from(dark.is_some_and(|dark| dark != now));
        dark = Some(now);
    }
    count
}
