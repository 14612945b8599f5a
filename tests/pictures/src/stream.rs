//! Films: what a camera shows while a hand holds a label before it.

use crate::ground::{Ground, Kind};
use crate::lens::Lens;
use crate::pose::Pose;
use crate::random::Random;
use crate::shot::Shot;
use crate::symbol::Label;
use qrcode::EcLevel;
use sealight_tag::luma::LumaFrame;

/// A film, frame by frame.
#[derive(Debug, Clone)]
pub struct Film {
    /// Its name.
    pub name: &'static str,
    /// What its code says; none for a film without a code.
    pub text: Option<&'static str>,
    /// How many frames it has.
    pub frames: usize,
    play: fn(f32, &mut Pose, &mut Lens),
}

const TEXT: Option<&str> =
    Some("https://s.example/s#AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn");

/// All films. In each the hand shakes; the first argument of what is played is the time from 0 to 1.
pub const FILMS: [Film; 6] = [
    Film { name: "still", text: TEXT, frames: 60, play: |_, _, _| () },
    Film {
        name: "motion",
        text: TEXT,
        frames: 60,
        play: |time, pose, lens| {
            let swing = (time * 19.0).sin();
            pose.middle.0 += 260.0 * swing;
            pose.middle.1 += 90.0 * (time * 31.0).cos();
            lens.motion = (14.0 * (time * 19.0).cos(), -6.0 * (time * 31.0).sin());
        },
    },
    Film {
        name: "focus",
        text: TEXT,
        frames: 60,
        play: |time, _, lens| {
            lens.blur = 0.7 + 5.0 * (0.5 + 0.5 * (time * 25.0).cos()) * (1.0 - 0.6 * time);
        },
    },
    Film {
        name: "exposure",
        text: TEXT,
        frames: 60,
        play: |time, _, lens| {
            lens.exposure =
                if time < 0.5 { 0.05 + 1.6 * time } else { 4.0 - 3.2 * (2.0 * time - 1.0) };
            lens.noise = 5.0;
        },
    },
    Film {
        name: "approach",
        text: TEXT,
        frames: 60,
        play: |time, pose, lens| {
            pose.module = 0.8 + 7.0 * time * time;
            pose.yaw = 0.9 - 0.8 * time;
            lens.blur = 1.4 - 0.8 * time;
        },
    },
    Film { name: "nothing", text: None, frames: 60, play: |_, _, _| () },
];

/// A phone's preview.
const SIDES: (usize, usize) = (1280, 720);

impl Film {
    /// One frame; the same number gives the same frame.
    ///
    /// # Panics
    /// Never: the text fits a code.
    #[must_use]
    pub fn frame(&self, number: usize) -> LumaFrame {
        let random = &mut Random::new(0xf11a_0000 + number as u64);
        let time = number as f32 / self.frames as f32;
        let mut lens = Lens { blur: 0.8, noise: 3.0, quality: None, ..Lens::default() };
        let shake = |random: &mut Random| 3.0 * random.bell();
        let middle = (90.0 + shake(random), -40.0 + shake(random));
        let (roll, yaw, pitch) = (0.3 + 0.02 * random.bell(), 0.25, 0.15);
        let mut pose = Pose { middle, module: 5.0, far: 1500.0, roll, yaw, pitch, radius: 90.0 };
        (self.play)(time, &mut pose, &mut lens);
        let label = self.text.map(|text| Label::new(text, None, EcLevel::M).expect("a short text"));
        let kind = if self.text.is_some() { Kind::Print } else { Kind::Decoys };
        let ground = Ground { kind, seed: 5, light: 120.0, contrast: 50.0 };
        let labels = label.into_iter().map(|label| (label, pose.clone())).collect();
        Shot { width: SIDES.0, height: SIDES.1, ground, labels, lens }.take(random)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_film_moves_and_is_the_same_in_every_run() {
        let film = &FILMS[1];
        assert_eq!(film.frame(3), film.frame(3));
        assert_ne!(film.frame(3), film.frame(4));
    }
}
