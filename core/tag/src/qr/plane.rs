//! Brightness at any place of a picture, and its reduced copies.

use super::geometry::Point;
use crate::luma::LumaFrame;
use sealight_lanes::pixels::halve;

/// Brightness, row by row; a view of a frame or of one of its copies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane<'a> {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: &'a [u8],
}

impl<'a> Plane<'a> {
    pub(super) fn of(frame: &'a LumaFrame) -> Self {
        Self { width: frame.width(), height: frame.height(), pixels: frame.pixels() }
    }

    pub(super) fn row(&self, y: usize) -> &'a [u8] {
        &self.pixels[y * self.width..][..self.width]
    }

    /// Brightness between four pixels; beyond the edge that of the edge.
    pub(super) fn at(&self, at: Point) -> f32 {
        let (x, y) = (at.x - 0.5, at.y - 0.5);
        // Casts saturate, and what is not a number becomes 0. To 32 bits, which is a fraction of the
        // work of 64; no side is longer.
        let (left, top) = (x as u32, y as u32);
        let part = |at: f32, whole: u32| {
            let part = at - whole as f32;
            if part > 0.0 { part } else { 0.0 }
        };
        let (right, down) = (part(x, left), part(y, top));
        let (left, top) = (left as usize, top as usize);
        if left + 1 >= self.width || top + 1 >= self.height {
            let (left, top) = (left.min(self.width - 1), top.min(self.height - 1));
            return f32::from(self.pixels[top * self.width + left]);
        }
        let upper = &self.pixels[top * self.width + left..][..2];
        let lower = &self.pixels[(top + 1) * self.width + left..][..2];
        let blend = |pair: &[u8]| {
            let first = f32::from(pair[0]);
            first + (f32::from(pair[1]) - first) * right
        };
        let (upper, lower) = (blend(upper), blend(lower));
        upper + (lower - upper) * down
    }

    pub(super) fn contains(&self, at: Point) -> bool {
        at.x >= 0.0 && at.y >= 0.0 && at.x < self.width as f32 && at.y < self.height as f32
    }
}

/// Most copies of a picture, each half of the one before.
const COPIES: usize = 4;

/// Room for the reduced copies of a picture, kept between pictures.
#[derive(Debug, Default)]
pub(super) struct Copies {
    levels: [Copy; COPIES],
    made: usize,
}

#[derive(Debug, Default)]
struct Copy {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Copies {
    /// Makes the copies of a new picture, up to the smallest that is worth looking at.
    pub(super) fn make(&mut self, frame: Plane<'_>) {
        self.made = 0;
        let (mut width, mut height) = (frame.width, frame.height);
        for i in 0..COPIES {
            let (before, after) = self.levels.split_at_mut(i);
            let source = before.last().map_or(frame.pixels, |copy| &copy.pixels);
            let copy = &mut after[0];
            (copy.width, copy.height) = (width / 2, height / 2);
            if copy.width.min(copy.height) < 24 {
                break;
            }
            // Only what is new is cleared; every pixel is written over.
            copy.pixels.resize(copy.width * copy.height, 0);
            halve(source, width, height, &mut copy.pixels);
            (width, height) = (copy.width, copy.height);
            self.made = i + 1;
        }
    }

    /// The frame and its copies together.
    pub(super) fn of<'a>(&'a self, frame: Plane<'a>) -> Pyramid<'a> {
        let mut levels = [frame; COPIES + 1];
        for (level, copy) in levels[1..].iter_mut().zip(&self.levels[..self.made]) {
            *level = Plane { width: copy.width, height: copy.height, pixels: &copy.pixels };
        }
        Pyramid { levels, count: self.made + 1 }
    }
}

/// A picture at several scales; places are always those of the picture itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pyramid<'a> {
    levels: [Plane<'a>; COPIES + 1],
    count: usize,
}

impl<'a> Pyramid<'a> {
    /// The scale at which something of `size` pixels still has at least `wanted`, and the factor
    /// from places of the picture to places of that scale.
    pub(super) fn scale(&self, size: f32, wanted: f32) -> (Plane<'a>, f32) {
        let (mut level, mut factor) = (0, 1.0);
        while level + 1 < self.count && size * factor * 0.5 >= wanted {
            level += 1;
            factor *= 0.5;
        }
        (self.levels[level], factor)
    }

    /// The picture (0) or its copy of that level.
    pub(super) fn level(&self, level: usize) -> Option<Plane<'a>> {
        self.levels[..self.count].get(level).copied()
    }
}
