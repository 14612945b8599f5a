//! A printed code: its modules, how they were printed, what happened to the print.

use crate::random::Random;
use qrcode::{Color, EcLevel, QrCode, Version};

/// A printed label. Places are counted in modules from the middle of the code.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    side: usize,
    dark: Vec<bool>,
    /// White around it, in modules.
    pub(crate) quiet: f32,
    /// Dark print on light ground changed for the reverse.
    pub(crate) inverted: bool,
    pub(crate) mirrored: bool,
    /// How far ink runs out of its module; below 0 it stays short of its edge.
    pub(crate) spread: f32,
    /// Modules are dots, the three large marks excepted.
    pub(crate) dots: bool,
    /// Brightness of ink and of paper.
    pub(crate) ink: f32,
    pub(crate) paper: f32,
    pub(crate) blots: Vec<Blot>,
}

/// Something over the print: an ellipse of one brightness.
#[derive(Debug, Clone)]
pub(crate) struct Blot {
    pub(crate) middle: (f32, f32),
    pub(crate) radii: (f32, f32),
    pub(crate) turn: f32,
    pub(crate) light: f32,
}

impl Label {
    /// A code of that text; `None` where the version is too small for it.
    pub(crate) fn new(text: &str, version: Option<usize>, level: EcLevel) -> Option<Self> {
        let code = match version {
            Some(version) => QrCode::with_version(text, Version::Normal(version as i16), level),
            None => QrCode::with_error_correction_level(text, level),
        };
        let code = code.ok()?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Some(Self {
            side: code.width(),
            dark,
            quiet: 4.0,
            inverted: false,
            mirrored: false,
            spread: 0.0,
            dots: false,
            ink: 40.0,
            paper: 215.0,
            blots: Vec::new(),
        })
    }

    /// From the middle to the edge of the label, in modules.
    pub(crate) fn reach(&self) -> f32 {
        self.side as f32 / 2.0 + self.quiet
    }

    /// Brightness at a place; `None` beside the label.
    pub(crate) fn light(&self, u: f32, v: f32) -> Option<f32> {
        let reach = self.reach();
        if u.abs() >= reach || v.abs() >= reach {
            return None;
        }
        if let Some(blot) = self.blots.iter().rev().find(|blot| blot.covers(u, v)) {
            return Some(blot.light);
        }
        let u = if self.mirrored { -u } else { u };
        let half = self.side as f32 / 2.0;
        let dark = self.printed(u + half, v + half) != self.inverted;
        Some(if dark { self.ink } else { self.paper })
    }

    /// Adds stains, scratches and holes that cover about this share of the code.
    pub(crate) fn damage(&mut self, share: f32, random: &mut Random) {
        let side = self.side as f32;
        let (mut left, half) = (share * side * side, side / 2.0);
        while left > 0.0 {
            let long = random.between(0.04, 0.2) * side;
            let thin = if random.chance(0.4) {
                random.between(0.3, 0.8)
            } else {
                long * random.between(0.4, 1.0)
            };
            let light = match random.whole(0, 2) {
                0 => self.ink,
                1 => self.paper,
                _ => random.between(self.ink, self.paper),
            };
            let middle = (random.between(-half, half), random.between(-half, half));
            self.blots.push(Blot {
                middle,
                radii: (long, thin),
                turn: random.between(0.0, 3.2),
                light,
            });
            left -= std::f32::consts::PI * long * thin;
        }
    }

    fn printed(&self, x: f32, y: f32) -> bool {
        let (column, row) = (x.floor() as i32, y.floor() as i32);
        let (dx, dy) = (x - column as f32 - 0.5, y - row as f32 - 0.5);
        if self.dots && !self.large_mark(column, row) {
            return self.dark(column, row) && dx.hypot(dy) < 0.46 + self.spread;
        }
        if self.spread >= 0.0 {
            // Ink that ran in from a neighbour.
            let edge = 0.5 - self.spread;
            let (right, down) = (
                (dx > edge) as i32 - (dx < -edge) as i32,
                (dy > edge) as i32 - (dy < -edge) as i32,
            );
            return self.dark(column, row)
                || self.dark(column + right, row)
                || self.dark(column, row + down);
        }
        let edge = 0.5 + self.spread;
        let (right, down) =
            ((dx > edge) as i32 - (dx < -edge) as i32, (dy > edge) as i32 - (dy < -edge) as i32);
        self.dark(column, row) && self.dark(column + right, row) && self.dark(column, row + down)
    }

    fn dark(&self, column: i32, row: i32) -> bool {
        let inside = |at: i32| usize::try_from(at).ok().filter(|at| *at < self.side);
        inside(column).zip(inside(row)).is_some_and(|(x, y)| self.dark[y * self.side + x])
    }

    /// Whether a module belongs to one of the three large marks.
    fn large_mark(&self, column: i32, row: i32) -> bool {
        let last = self.side as i32 - 8;
        let (left, top) = (column < 8, row < 8);
        top && (left || column >= last) || left && row >= last
    }
}

impl Blot {
    fn covers(&self, u: f32, v: f32) -> bool {
        let (sin, cos) = self.turn.sin_cos();
        let (du, dv) = (u - self.middle.0, v - self.middle.1);
        let (a, b) = ((du * cos + dv * sin) / self.radii.0, (dv * cos - du * sin) / self.radii.1);
        a * a + b * b < 1.0
    }
}
