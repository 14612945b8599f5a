//! The order in which a picture is searched for QR codes.
#![doc = include_str!("ladder.md")]

use super::attempt::{Bench, Found, Outcome};
use super::binary::{Binary, Rule};
use super::decode::Decoded;
use super::finders::{Hit, Scratch, scan};
use super::group::{Triple, triples};
use super::plane::{Copies, Plane, Pyramid};
use super::refine::{Finder, refine};
use super::{Code, CodeReader, Symbology};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads the QR codes of pictures; keeps its working memory from one to the next.
#[derive(Debug)]
pub struct QrReader {
    copies: Copies,
    binary: Binary,
    scratch: Scratch,
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
pub(super) struct Step {
    level: usize,
    rule: Rule,
    rows: usize,
    /// Places looked at closely for nothing in one batch, and three more for every finder pattern.
    misses: usize,
}

const COARSE: Step = Step { level: 2, rule: Rule { reach: 1, contrast: 16 }, rows: 2, misses: 100 };
const MIDDLE: Step = Step { level: 1, rule: Rule { reach: 1, contrast: 24 }, rows: 2, misses: 100 };
const FINE: Step = Step { level: 0, rule: Rule { reach: 1, contrast: 24 }, rows: 3, misses: 100 };

/// Of a still picture, coarse before fine: a small copy costs little, and where a code has been
/// read, the finer ones need not look.
pub(super) const STILL: [Step; 3] = [COARSE, MIDDLE, FINE];

/// Of a camera's frame in which nothing is known yet: the next frame comes soon.
pub(super) const GLANCE: [Step; 2] =
    [Step { rows: 3, misses: 8, ..COARSE }, Step { rows: 3, misses: 8, ..MIDDLE }];

/// Of a part of such a frame, in full.
pub(super) const PART: [Step; 1] = [Step { misses: 12, ..FINE }];

/// Modules that may be sampled for nothing in one step, and a quarter of them for every code in it:
/// about 20 ns each.
const WASTE: usize = 200_000;

/// Places looked at closely before what was found is attempted.
const BATCH: usize = 256;

impl Default for QrReader {
    fn default() -> Self {
        Self::new()
    }
}

impl CodeReader for QrReader {
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        self.search(Plane::of(frame), &STILL, deadline)
    }
}

impl QrReader {
    /// A reader that has not read anything.
    pub fn new() -> Self {
        Self {
            copies: Copies::default(),
            binary: Binary::default(),
            scratch: Scratch::default(),
            hits: Vec::new(),
            finders: Vec::new(),
            used: Vec::new(),
            triples: Vec::new(),
            tried: Vec::new(),
            bench: Bench::new(),
            waste: 0,
        }
    }

    /// Takes these steps through a picture, as far as the deadline allows.
    pub(super) fn search(
        &mut self,
        plane: Plane<'_>,
        steps: &[Step],
        deadline: &dyn Deadline,
    ) -> Vec<Code> {
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
        for step in steps {
            if deadline.expired() {
                break;
            }
            self.waste = 0;
            let Some(level) = pyramid.level(step.level) else { continue };
            self.binary.make(level, step.rule);
            self.scan(level, *step);
            // The likeliest places first, and more of them only where these brought codes.
            let mut looked = 0;
            while looked < self.hits.len() {
                let before = codes.len();
                looked = self.find(&pyramid, *step, looked, &codes, deadline);
                self.decode(&pyramid, deadline, &mut codes);
                if codes.len() == before || deadline.expired() {
                    break;
                }
            }
        }
        self.copies = copies;
        codes
    }

    /// Places of one step that look like finder patterns; what was seen in many rows is likelier
    /// to be one and comes first.
    fn scan(&mut self, level: Plane<'_>, step: Step) {
        self.hits.clear();
        let rows = step.rows / 2..self.binary.height();
        scan(level, &mut self.binary, rows, step.rows, &mut self.scratch, &mut self.hits);
        self.hits.sort_unstable_by_key(|hit| std::cmp::Reverse(hit.seen));
    }

    /// Finder patterns among a batch of places, from the one of that number, put with those known
    /// already. Returns where the next batch begins.
    fn find(
        &mut self,
        pyramid: &Pyramid<'_>,
        step: Step,
        from: usize,
        codes: &[Code],
        deadline: &dyn Deadline,
    ) -> usize {
        let scale = (1usize << step.level) as f32;
        let (mut found, mut missed) = (0, 0);
        for (at, hit) in self.hits.iter().enumerate().skip(from) {
            if found + missed == BATCH || deadline.expired() {
                return at;
            }
            if missed > step.misses + 3 * found {
                break;
            }
            let hit = Hit { centre: hit.centre * scale, module: hit.module * scale, ..*hit };
            let known = self.finders.iter().any(|finder| {
                finder.inverted == hit.inverted
                    && (finder.centre - hit.centre).length() < 1.5 * hit.module.min(finder.module())
            });
            if known || codes.iter().any(|code| code.covers(hit.centre)) {
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
        self.hits.len()
    }

    /// Attempts what has not been attempted, the likeliest first.
    fn decode(&mut self, pyramid: &Pyramid<'_>, deadline: &dyn Deadline, codes: &mut Vec<Code>) {
        triples(&self.finders, &self.used, &mut self.triples);
        for any in [false, true] {
            for i in 0..self.triples.len() {
                let triple = self.triples[i];
                let three = [triple.corner, triple.right, triple.down];
                let name = three.map(|at| at as u16);
                let done = three.iter().any(|at| self.used[*at]) || self.tried.contains(&name);
                if done || self.waste > WASTE + codes.len() * (WASTE / 4) {
                    continue;
                }
                if deadline.expired() {
                    return;
                }
                self.bench.work = 0;
                match self.bench.attempt(pyramid, &self.finders, &triple, any) {
                    Outcome::Found(found) => {
                        three.iter().for_each(|at| self.used[*at] = true);
                        let code = code(*found);
                        for (finder, used) in self.finders.iter().zip(&mut self.used) {
                            *used |= code.covers(finder.centre);
                        }
                        codes.push(code);
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
