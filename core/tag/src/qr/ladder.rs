//! The order in which a picture is searched for QR codes.

use super::attempt::{Bench, Found, Outcome};
use super::binary::{Binary, Rule};
use super::decode::Decoded;
use super::finders::{Hit, scan};
use super::geometry::Point;
use super::group::{Triple, triples};
use super::plane::{Copies, Plane, Pyramid};
use super::refine::{Finder, refine};
use super::{Code, Symbology};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads the QR codes of pictures; keeps its working memory from one to the next.
#[derive(Debug)]
pub struct QrReader {
    copies: Copies,
    binary: Binary,
    edges: Vec<u16>,
    hits: Vec<Hit>,
    pub(super) finders: Vec<Finder>,
    pub(super) used: Vec<bool>,
    triples: Vec<Triple>,
    tried: Vec<[u16; 3]>,
    bench: Bench,
    waste: usize,
}

/// One step: which scale, how it is thresholded, which rows are looked at.
#[derive(Debug, Clone, Copy)]
struct Step {
    level: usize,
    rule: Rule,
    rows: usize,
}

const STEPS: [Step; 3] = [
    Step { level: 1, rule: Rule { reach: 1, contrast: 24 }, rows: 2 },
    Step { level: 0, rule: Rule { reach: 1, contrast: 24 }, rows: 3 },
    Step { level: 2, rule: Rule { reach: 1, contrast: 16 }, rows: 2 },
];

/// Modules that may be sampled for nothing, in a picture and once more for every code in it: about
/// 20 ns each.
const WASTE: usize = 500_000;

/// Places looked at closely for nothing in one step, and three more for every finder pattern.
const MISSES: usize = 100;

impl Default for QrReader {
    fn default() -> Self {
        Self::new()
    }
}

impl QrReader {
    /// A reader that has not read anything.
    pub fn new() -> Self {
        Self {
            copies: Copies::default(),
            binary: Binary::default(),
            edges: Vec::new(),
            hits: Vec::new(),
            finders: Vec::new(),
            used: Vec::new(),
            triples: Vec::new(),
            tried: Vec::new(),
            bench: Bench::new(),
            waste: 0,
        }
    }

    /// Every QR code at its place, also where several say the same.
    pub fn each(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let plane = Plane::of(frame);
        let mut codes = Vec::new();
        if plane.width.min(plane.height) < 16 {
            return codes;
        }
        self.copies.make(plane);
        let copies = std::mem::take(&mut self.copies);
        let pyramid = copies.of(plane);
        self.finders.clear();
        self.used.clear();
        self.tried.clear();
        self.waste = 0;
        for step in STEPS {
            if deadline.expired() {
                break;
            }
            let Some(level) = pyramid.level(step.level) else { continue };
            self.binary.make(level, step.rule);
            self.find(&pyramid, step);
            self.decode(&pyramid, deadline, &mut codes);
        }
        self.copies = copies;
        codes
    }

    /// Finder patterns of one step, put with those known already.
    fn find(&mut self, pyramid: &Pyramid<'_>, step: Step) {
        self.hits.clear();
        let rows = step.rows / 2..self.binary.height();
        scan(&self.binary, rows, step.rows, &mut self.edges, &mut self.hits);
        let scale = (1usize << step.level) as f32;
        // What was seen in many rows is likelier to be one.
        self.hits.sort_by_key(|hit| std::cmp::Reverse(hit.seen));
        let (mut found, mut missed) = (0, 0);
        for hit in &self.hits {
            if missed > MISSES + 3 * found {
                break;
            }
            let hit = Hit { centre: hit.centre * scale, module: hit.module * scale, ..*hit };
            let known = self.finders.iter().any(|finder| {
                finder.inverted == hit.inverted
                    && (finder.centre - hit.centre).length() < 1.5 * hit.module.min(finder.module())
            });
            if known {
                continue;
            }
            if let Some(finder) = refine(pyramid, &hit) {
                self.finders.push(finder);
                self.used.push(false);
                found += 1;
            } else {
                missed += 1;
            }
        }
    }

    /// Attempts what has not been attempted, the likeliest first.
    fn decode(&mut self, pyramid: &Pyramid<'_>, deadline: &dyn Deadline, codes: &mut Vec<Code>) {
        triples(&self.finders, &mut self.triples);
        for any in [false, true] {
            for i in 0..self.triples.len() {
                let triple = self.triples[i];
                let three = [triple.corner, triple.right, triple.down];
                let name = three.map(|at| at as u16);
                let done = three.iter().any(|at| self.used[*at]) || self.tried.contains(&name);
                if done || self.waste > WASTE + codes.len() * (WASTE / 10) {
                    continue;
                }
                if deadline.expired() {
                    return;
                }
                self.bench.work = 0;
                match self.bench.attempt(pyramid, &self.finders, &triple, any) {
                    Outcome::Found(found) => {
                        three.iter().for_each(|at| self.used[*at] = true);
                        let corners = found.corners();
                        for (finder, used) in self.finders.iter().zip(&mut self.used) {
                            *used |= inside(&corners, finder.centre);
                        }
                        codes.push(code(*found));
                    }
                    Outcome::Nothing => {
                        self.tried.push(name);
                        self.waste += self.bench.work;
                    }
                    Outcome::PutOff => self.waste += self.bench.work,
                }
            }
        }
    }
}

/// Whether a place lies in a convex shape whose corners go round clockwise.
fn inside(corners: &[Point; 4], at: Point) -> bool {
    let turns = (0..4).map(|i| (corners[(i + 1) % 4] - corners[i]).cross(at - corners[i]));
    let mut positive = 0;
    turns.for_each(|turn| positive += i32::from(turn > 0.0));
    positive == 4 || positive == 0
}

fn code(found: Found) -> Code {
    let corners = found.corners().iter().map(|at| (at.x, at.y)).collect();
    let Decoded { content, margin, .. } = found.decoded;
    Code {
        symbology: Symbology::QrCode,
        aim: Some(format!("]Q{}", content.modifier)),
        bytes: content.bytes,
        text: content.text,
        charset: content.eci,
        confidence: 0.5 + 0.5 * margin,
        corners,
    }
}
