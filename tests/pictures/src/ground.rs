//! What labels lie on.

use crate::random::at;

/// A background.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    pub(crate) kind: Kind,
    pub(crate) seed: u64,
    /// Its mean brightness and how far it goes from there.
    pub(crate) light: f32,
    pub(crate) contrast: f32,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Plain,
    Cloud,
    Wood,
    Weave,
    Print,
    /// Squares in squares, bars and chequers: what a search for codes stumbles over.
    Decoys,
}

pub(crate) const KINDS: [Kind; 6] =
    [Kind::Plain, Kind::Cloud, Kind::Wood, Kind::Weave, Kind::Print, Kind::Decoys];

impl Ground {
    pub(crate) fn light(&self, x: f32, y: f32) -> f32 {
        let height = match self.kind {
            Kind::Plain => 0.15 * cloud(self.seed, x / 300.0, y / 300.0, 1),
            Kind::Cloud => cloud(self.seed, x / 90.0, y / 90.0, 4),
            Kind::Wood => {
                let bend = cloud(self.seed, x / 400.0, y / 60.0, 2);
                (0.11 * y + 9.0 * bend).sin() * 0.7 + 0.3 * bend
            }
            Kind::Weave => (0.55 * x).sin() * (0.61 * y).sin(),
            Kind::Print => self.print(x, y),
            Kind::Decoys => self.decoys(x, y),
        };
        self.light + self.contrast * height
    }

    /// Rows of strokes.
    fn print(&self, x: f32, y: f32) -> f32 {
        let (row, column) = ((y / 24.0).floor() as i32, (x / 14.0).floor() as i32);
        let (dx, dy) = ((x - 14.0 * column as f32) / 14.0, (y - 24.0 * row as f32) / 24.0);
        let letter = at(self.seed, column, row);
        if dy > 0.66 || letter < 0.15 {
            return 1.0;
        }
        let stroke = at(self.seed ^ (1 + (dx * 4.0) as u64 + 5 * (dy * 7.0) as u64), column, row);
        if stroke < 0.45 { -1.0 } else { 1.0 }
    }

    fn decoys(&self, x: f32, y: f32) -> f32 {
        let cell = 96.0;
        let (row, column) = ((y / cell).floor() as i32, (x / cell).floor() as i32);
        let (dx, dy) = (x - cell * (column as f32 + 0.5), y - cell * (row as f32 + 0.5));
        let pick = at(self.seed, column, row);
        let size = 16.0 + 26.0 * at(self.seed ^ 7, column, row);
        let ring = dx.abs().max(dy.abs()) / size * 3.5;
        let dark = match (pick * 5.0) as u8 {
            0 => ring < 1.5 || (2.5..3.5).contains(&ring),
            1 => dx.hypot(dy) / size * 3.5 % 2.0 < 1.0,
            2 => (dx / (size / 7.0)).floor() as i32 % 2 == 0 && dy.abs() < size,
            3 => ((dx / 5.0).floor() + (dy / 5.0).floor()) as i32 % 2 == 0 && ring < 3.5,
            _ => {
                at(
                    self.seed ^ 9,
                    (dx / 4.0).floor() as i32 + 99 * column,
                    (dy / 4.0).floor() as i32 + 99 * row,
                ) < 0.5
                    && ring < 3.5
            }
        };
        if dark { -1.0 } else { 0.8 }
    }
}

/// Smooth noise of several grains, from about -1 to 1.
fn cloud(seed: u64, x: f32, y: f32, grains: u32) -> f32 {
    let (mut sum, mut weight, mut scale) = (0.0, 0.6, 1.0);
    for grain in 0..grains {
        sum += weight * (2.0 * smooth(seed + u64::from(grain), x * scale, y * scale) - 1.0);
        weight *= 0.55;
        scale *= 2.1;
    }
    sum * 1.3
}

fn smooth(seed: u64, x: f32, y: f32) -> f32 {
    let (column, row) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (tx, ty) = (ease(x - column), ease(y - row));
    let corner = |dx, dy| at(seed, column as i32 + dx, row as i32 + dy);
    let top = corner(0, 0) + (corner(1, 0) - corner(0, 0)) * tx;
    let bottom = corner(0, 1) + (corner(1, 1) - corner(0, 1)) * tx;
    top + (bottom - top) * ty
}
