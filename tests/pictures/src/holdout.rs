//! Classes of pictures, each hard in its own way.

use crate::ground::{Ground, KINDS, Kind};
use crate::lens::Lens;
use crate::pose::Pose;
use crate::random::Random;
use crate::shot::Shot;
use crate::symbol::{Blot, Label};
use qrcode::EcLevel;
use sealight_tag::luma::LumaFrame;

/// A picture and the texts of its codes.
#[derive(Debug, Clone)]
pub struct Drawn {
    /// The picture.
    pub frame: LumaFrame,
    /// One text a code; no two codes of a picture carry the same.
    pub texts: Vec<String>,
}

/// A class: its name, its sides in pixels, its codes at least and at most, and what makes it hard.
type Class = (&'static str, (usize, usize), (usize, usize), fn(&mut Scene, &mut Random));

/// The names of all classes.
pub const CLASSES: [&str; HARD.len()] = {
    let (mut names, mut at) = ([""; HARD.len()], 0);
    while at < HARD.len() {
        names[at] = HARD[at].0;
        at += 1;
    }
    names
};

const HARD: [Class; 22] = [
    ("plain", (800, 600), (1, 3), |_, _| ()),
    ("small-modules", (800, 600), (1, 3), |scene, random| {
        scene.each(|label, pose| {
            pose.module = random.between(1.5, 3.0);
            pose.tilt(0.15, random);
            label.spread = 0.0;
        });
        scene.lens.blur = 0.4;
    }),
    ("perspective", (1024, 768), (1, 2), |scene, random| {
        scene.each(|_, pose| {
            let turn = random.between(0.6, 1.1);
            let (along, sign) =
                (random.between(0.0, 6.3), if random.chance(0.5) { 1.0 } else { -1.0 });
            (pose.yaw, pose.pitch) = (turn * along.cos(), sign * turn * along.sin());
            pose.far = random.between(500.0, 1000.0);
        });
    }),
    ("curved", (800, 800), (1, 1), |scene, random| {
        scene.each(|label, pose| {
            pose.radius = label.reach() * random.between(0.75, 1.4);
            pose.tilt(0.35, random);
        });
    }),
    ("curved-lengthwise", (800, 800), (1, 1), |scene, random| {
        scene.each(|label, pose| {
            pose.radius = label.reach() * random.between(0.8, 1.5);
            pose.tilt(0.5, random);
            pose.roll = 0.1 * random.bell();
        });
        scene.lens.glare.push(((random.between(0.4, 0.6), 0.5), 0.12, random.between(30.0, 90.0)));
    }),
    ("blur", (800, 600), (1, 2), |scene, random| {
        let module = scene.least_module();
        scene.lens.blur = module * random.between(0.4, 0.8);
    }),
    ("motion", (800, 600), (1, 2), |scene, random| {
        let (way, turn) =
            (scene.least_module() * random.between(0.7, 1.7), random.between(0.0, 6.3));
        scene.lens.motion = (way * turn.cos(), way * turn.sin());
    }),
    ("dark-and-noisy", (1024, 768), (1, 2), |scene, random| {
        scene.lens.exposure = random.between(0.12, 0.4);
        scene.lens.noise = random.between(5.0, 11.0);
        scene.lens.blur = 0.9;
    }),
    ("overexposed", (800, 600), (1, 2), |scene, random| {
        scene.lens.exposure = random.between(1.3, 2.6);
        scene.each(|label, _| label.ink = random.between(60.0, 95.0));
    }),
    ("glare", (1024, 768), (1, 2), |scene, random| {
        let (x, y) = scene.place(random);
        let (radius, more) = (random.between(0.05, 0.16), random.between(90.0, 260.0));
        scene.lens.glare.push(((x, y), radius, more));
    }),
    ("shadow", (1024, 768), (1, 3), |scene, random| {
        let turn = random.between(0.0, 6.3);
        scene.lens.shadow = Some((turn, random.between(-0.3, 0.3), random.between(0.15, 0.45)));
        scene.lens.slope = (random.between(0.0, 0.5), random.between(0.0, 0.5));
    }),
    ("low-contrast", (800, 600), (1, 2), |scene, random| {
        scene.each(|label, _| {
            label.ink = random.between(90.0, 140.0);
            label.paper = label.ink + random.between(25.0, 55.0);
        });
    }),
    ("damaged", (800, 600), (1, 1), |scene, random| {
        scene.each(|label, _| label.damage(random.between(0.04, 0.12), random));
    }),
    ("logo", (800, 600), (1, 1), |scene, random| {
        scene.each(|label, _| {
            let radius = label.reach() * random.between(0.12, 0.26);
            let light = random.between(label.ink, label.paper);
            label.blots.push(Blot {
                middle: (0.0, 0.0),
                radii: (radius, radius),
                turn: 0.0,
                light,
            });
        });
    }),
    ("inverted", (800, 600), (1, 2), |scene, _| scene.each(|label, _| label.inverted = true)),
    ("mirrored", (800, 600), (1, 2), |scene, _| scene.each(|label, _| label.mirrored = true)),
    ("dots", (800, 600), (1, 2), |scene, random| {
        scene.each(|label, pose| {
            label.dots = true;
            label.spread = random.between(-0.1, 0.03);
            pose.module = pose.module.max(4.0);
        });
    }),
    ("spread-ink", (800, 600), (1, 2), |scene, random| {
        let sign = if random.chance(0.5) { 1.0 } else { -1.0 };
        scene.each(|label, _| label.spread = sign * random.between(0.15, 0.32));
    }),
    ("no-quiet-zone", (800, 600), (1, 1), |scene, random| {
        scene.ground = ground(*pick(&[Kind::Wood, Kind::Print, Kind::Decoys], random), random);
        scene.each(|label, _| label.quiet = random.between(0.0, 1.2));
    }),
    ("coarse-file", (800, 600), (1, 2), |scene, random| {
        scene.lens.quality = Some(random.whole(6, 25) as u8);
    }),
    ("crowd", (1920, 1440), (40, 40), |scene, random| {
        scene.each(|_, pose| pose.tilt(0.2, random));
    }),
    ("everything", (1280, 960), (1, 3), |scene, random| {
        scene.each(|label, pose| {
            pose.tilt(0.5, random);
            if random.chance(0.4) {
                pose.radius = label.reach() * random.between(1.0, 3.0);
            }
            if random.chance(0.3) {
                label.damage(random.between(0.01, 0.04), random);
            }
            label.inverted = random.chance(0.1);
            label.spread = random.between(-0.12, 0.15);
        });
        scene.lens.blur = scene.least_module() * random.between(0.1, 0.4);
        scene.lens.noise = random.between(1.0, 5.0);
        scene.lens.exposure = random.between(0.5, 1.2);
        scene.lens.gamma = random.between(0.7, 1.5);
        scene.lens.quality = Some(random.whole(40, 95) as u8);
        if random.chance(0.3) {
            scene.lens.shadow = Some((random.between(0.0, 6.3), 0.0, random.between(0.4, 0.8)));
        }
    }),
];

/// A picture of a class; the same number gives the same picture.
///
/// A class of that name or, for any other name, the class `empty`: grounds without a code, decoys
/// among them.
#[must_use]
pub fn draw(class: &str, number: usize) -> Drawn {
    let at = HARD.iter().position(|(name, ..)| *name == class);
    let random = &mut Random::new(((at.unwrap_or(99) as u64) << 32) + number as u64);
    let Some((_, sides, (least, most), harden)) = at.map(|at| HARD[at]) else {
        let scene = Scene::new((1024, 768), 0, 0, random);
        return Drawn { frame: scene.shot().take(random), texts: Vec::new() };
    };
    let codes = random.whole(least, most);
    let mut scene = Scene::new(sides, codes, number, random);
    harden(&mut scene, random);
    Drawn { frame: scene.shot().take(random), texts: scene.texts }
}

struct Scene {
    sides: (usize, usize),
    ground: Ground,
    labels: Vec<(Label, Pose)>,
    texts: Vec<String>,
    lens: Lens,
}

impl Scene {
    fn new(sides: (usize, usize), codes: usize, number: usize, random: &mut Random) -> Self {
        let ground = ground(*pick(&KINDS, random), random);
        let noise = random.between(1.0, 3.0);
        let lens = Lens { noise, blur: random.between(0.4, 0.8), ..Lens::default() };
        let mut scene = Self { sides, ground, labels: Vec::new(), texts: Vec::new(), lens };
        // A grid of cells, one code each, so that none lies on another.
        let columns =
            (codes as f32 * sides.0 as f32 / sides.1 as f32).sqrt().ceil().max(1.0) as usize;
        let columns = columns.min(codes.max(1));
        let rows = codes.div_ceil(columns).max(1);
        let cell = (sides.0 as f32 / columns as f32, sides.1 as f32 / rows as f32);
        for code in 0..codes {
            let crowd = codes > 4;
            let (label, text) = label(number * 100 + code, crowd, random);
            let space = cell.0.min(cell.1) / 2.0 / 1.25;
            let largest = space / label.reach();
            let module = random.between(0.6, 1.0) * largest;
            let module = if crowd { largest } else { module.max(2.2).min(largest.max(1.5)) };
            let off = |cell: f32, random: &mut Random| random.between(-0.06, 0.06) * cell;
            let x = (code % columns) as f32 + 0.5 - columns as f32 / 2.0;
            let y = (code / columns) as f32 + 0.5 - rows as f32 / 2.0;
            let middle = (x * cell.0 + off(cell.0, random), y * cell.1 + off(cell.1, random));
            let far = random.between(900.0, 2500.0);
            let roll = random.between(0.0, 6.3);
            let mut pose =
                Pose { middle, module, far, roll, yaw: 0.0, pitch: 0.0, radius: f32::INFINITY };
            pose.tilt(0.12, random);
            scene.labels.push((label, pose));
            scene.texts.push(text);
        }
        scene
    }

    fn each(&mut self, mut change: impl FnMut(&mut Label, &mut Pose)) {
        self.labels.iter_mut().for_each(|(label, pose)| change(label, pose));
    }

    fn least_module(&self) -> f32 {
        self.labels.iter().map(|(_, pose)| pose.module).fold(9.0, f32::min)
    }

    /// A place on a label, as shares of the sides.
    fn place(&self, random: &mut Random) -> (f32, f32) {
        let (label, pose) = &self.labels[0];
        let reach = label.reach() * pose.module * 0.7;
        let at = |middle: f32, side: usize, off: f32| 0.5 + (middle + off) / side as f32;
        let (dx, dy) = (random.between(-reach, reach), random.between(-reach, reach));
        (at(pose.middle.0, self.sides.0, dx), at(pose.middle.1, self.sides.1, dy))
    }

    fn shot(&self) -> Shot {
        let (width, height) = self.sides;
        Shot {
            width,
            height,
            ground: self.ground.clone(),
            labels: self.labels.clone(),
            lens: self.lens.clone(),
        }
    }
}

impl Pose {
    /// Turns it out of the picture's plane by about this many radians.
    fn tilt(&mut self, by: f32, random: &mut Random) {
        (self.yaw, self.pitch) = (by * random.bell(), by * random.bell());
    }
}

fn ground(kind: Kind, random: &mut Random) -> Ground {
    let light = random.between(60.0, 190.0);
    Ground { kind, seed: random.next(), light, contrast: random.between(10.0, 60.0) }
}

/// A label of its own text; in a crowd of the smaller versions.
fn label(number: usize, crowd: bool, random: &mut Random) -> (Label, String) {
    let level = *pick(&[EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H], random);
    let mut text = match random.whole(0, 4) {
        0 => format!("https://s.example/s#{number}-AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRob"),
        1 => format!("HTTPS://ID.EXAMPLE/01/09506000134352/21/{number}"),
        2 => format!("{number}{:09}", random.next() % 1_000_000_000),
        3 => format!("瓶子 {number} 已经验证"),
        _ => format!("Item {number}"),
    };
    let version = if crowd { 0 } else { *pick(&[0, 0, 0, 0, 0, 2, 5, 7, 10, 14, 18, 25], random) };
    // Larger versions are filled, else padding repeats itself.
    while version > 5 && text.len() < version * version {
        text.push_str(&format!(";{:x}", random.next()));
    }
    let sized = (version > 0).then(|| Label::new(&text, Some(version), level)).flatten();
    let mut label = sized.or_else(|| Label::new(&text, None, level)).expect("a short text");
    label.ink = random.between(20.0, 60.0);
    label.paper = random.between(170.0, 235.0);
    (label, text)
}

fn pick<'a, T>(of: &'a [T], random: &mut Random) -> &'a T {
    &of[random.whole(0, of.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_comes_out_the_same_in_every_run() {
        let (one, two) = (draw("curved", 3), draw("curved", 3));
        assert_eq!(one.frame, two.frame);
        assert_eq!(one.texts, two.texts);
        assert_ne!(one.frame, draw("curved", 4).frame);
    }

    #[test]
    fn texts_of_a_picture_differ() {
        let mut texts = draw("crowd", 0).texts;
        assert_eq!(texts.len(), 40);
        texts.sort();
        texts.dedup();
        assert_eq!(texts.len(), 40);
    }

    #[test]
    fn an_empty_picture_has_no_text() {
        assert!(draw("empty", 0).texts.is_empty());
    }
}
