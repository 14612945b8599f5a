//! A scene before a camera: labels on a ground, seen through a lens.

use crate::ground::Ground;
use crate::lens::Lens;
use crate::pose::Pose;
use crate::random::Random;
use crate::symbol::Label;
use sealight_tag::luma::LumaFrame;

/// Everything in a picture.
#[derive(Debug, Clone)]
pub(crate) struct Shot {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) ground: Ground,
    pub(crate) labels: Vec<(Label, Pose)>,
    pub(crate) lens: Lens,
}

/// Places within a pixel at which light is gathered, in pixels from its middle.
const WITHIN: [(f32, f32); 5] = [(-0.3, -0.1), (0.1, -0.3), (0.3, 0.1), (-0.1, 0.3), (0.0, 0.0)];

impl Shot {
    /// Takes the picture.
    pub(crate) fn take(&self, random: &mut Random) -> LumaFrame {
        let (width, height) = (self.width, self.height);
        let mut light: Vec<f32> = Vec::with_capacity(width * height);
        for y in 0..height {
            light.extend((0..width).map(|x| self.ground.light(x as f32, y as f32)));
        }
        let (half_width, half_height) = (width as f32 / 2.0, height as f32 / 2.0);
        for (label, pose) in &self.labels {
            let ready = pose.ready();
            let ((mx, my), bound) = (ready.middle(), ready.bound(label.reach()));
            let range = |middle: f32, half: f32, side: usize| {
                let (from, to) = (middle + half - bound, middle + half + bound);
                (from.max(0.0) as usize).min(side)..(to.max(0.0).ceil() as usize).min(side)
            };
            for y in range(my, half_height, height) {
                for x in range(mx, half_width, width) {
                    let (px, py) = (x as f32 + 0.5 - half_width, y as f32 + 0.5 - half_height);
                    let under = light[y * width + x];
                    let seen = WITHIN.iter().map(|(dx, dy)| {
                        let place = ready.seen(px + dx, py + dy);
                        place.and_then(|(u, v)| label.light(u, v)).unwrap_or(under)
                    });
                    light[y * width + x] = seen.sum::<f32>() / WITHIN.len() as f32;
                }
            }
        }
        let pixels = self.lens.take(width, &mut light, random);
        LumaFrame::new(width, height, pixels).expect("sides of a frame")
    }
}
