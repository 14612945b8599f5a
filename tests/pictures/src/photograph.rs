//! Photographs seen a little differently: what is read of one should be read of the other.

use sealight_tag::luma::LumaFrame;

/// A change that leaves the codes of a photograph readable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// By this angle in degrees, about the middle, all corners kept.
    Turned(f32),
    /// This many times as large.
    Scaled(f32),
    /// Brightness from 0 to 1 to this power.
    Gamma(f32),
    /// Left for right.
    Mirrored,
}

/// Changes to try, with their names.
pub const CHANGES: [(&str, Change); 7] = [
    ("turned-17", Change::Turned(17.0)),
    ("turned-133", Change::Turned(133.0)),
    ("scaled-0.6", Change::Scaled(0.6)),
    ("scaled-1.5", Change::Scaled(1.5)),
    ("gamma-0.5", Change::Gamma(0.5)),
    ("gamma-2", Change::Gamma(2.0)),
    ("mirrored", Change::Mirrored),
];

impl Change {
    /// The changed picture.
    #[must_use]
    pub fn of(self, frame: &LumaFrame) -> LumaFrame {
        let (width, height) = (frame.width() as f32, frame.height() as f32);
        match self {
            Self::Turned(angle) => {
                let (sin, cos) = angle.to_radians().sin_cos();
                let wide = (width * cos).abs() + (height * sin).abs();
                let high = (width * sin).abs() + (height * cos).abs();
                drawn(wide, high, |x, y| {
                    let (x, y) = (x - wide / 2.0, y - high / 2.0);
                    between(
                        frame,
                        x * cos + y * sin + width / 2.0,
                        y * cos - x * sin + height / 2.0,
                    )
                })
            }
            Self::Scaled(by) if by < 1.0 => {
                // The mean of 3 by 3 places within each new pixel.
                let third = 1.0 / (3.0 * by);
                drawn(width * by, height * by, |x, y| {
                    let places =
                        (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| (dx as f32, dy as f32)));
                    let light = places
                        .map(|(dx, dy)| between(frame, x / by + dx * third, y / by + dy * third));
                    light.sum::<f32>() / 9.0
                })
            }
            Self::Scaled(by) => {
                drawn(width * by, height * by, |x, y| between(frame, x / by, y / by))
            }
            Self::Gamma(power) => {
                drawn(width, height, |x, y| (between(frame, x, y) / 255.0).powf(power) * 255.0)
            }
            Self::Mirrored => drawn(width, height, |x, y| between(frame, width - x, y)),
        }
    }
}

fn drawn(width: f32, height: f32, light: impl Fn(f32, f32) -> f32) -> LumaFrame {
    let (width, height) = (width as usize, height as usize);
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..height {
        pixels.extend((0..width).map(|x| light(x as f32 + 0.5, y as f32 + 0.5).round() as u8));
    }
    LumaFrame::new(width, height, pixels).expect("sides of a frame")
}

/// Brightness at a place between the pixels; grey beside the picture.
fn between(frame: &LumaFrame, x: f32, y: f32) -> f32 {
    let (x, y) = (x - 0.5, y - 0.5);
    let (column, row) = (x.floor(), y.floor());
    if column < -1.0 || row < -1.0 || column >= frame.width() as f32 || row >= frame.height() as f32
    {
        return 128.0;
    }
    let at = |dx: f32, dy: f32| {
        let inside = |at: f32, side: usize| (at.max(0.0) as usize).min(side - 1);
        let place =
            inside(row + dy, frame.height()) * frame.width() + inside(column + dx, frame.width());
        f32::from(frame.pixels()[place])
    };
    let (tx, ty) = (x - column, y - row);
    let top = at(0.0, 0.0) + (at(1.0, 0.0) - at(0.0, 0.0)) * tx;
    let bottom = at(0.0, 1.0) + (at(1.0, 1.0) - at(0.0, 1.0)) * tx;
    top + (bottom - top) * ty
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_moves_the_corners() {
        let frame = LumaFrame::new(3, 2, vec![10, 20, 30, 40, 50, 60]).unwrap();
        let turned = Change::Turned(90.0).of(&frame);
        assert_eq!((turned.width(), turned.height()), (2, 3));
        assert_eq!(turned.pixels(), [40, 10, 50, 20, 60, 30]);
    }

    #[test]
    fn a_mirror_changes_left_for_right() {
        let frame = LumaFrame::new(3, 1, vec![10, 20, 30]).unwrap();
        assert_eq!(Change::Mirrored.of(&frame).pixels(), [30, 20, 10]);
    }
}
