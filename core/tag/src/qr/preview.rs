//! A camera's frames, one after the other.
//!
//! What a frame does not show, the next one will. So each frame gets a bounded piece of the work: by
//! turns a glance at reduced copies of the whole, or a close look at one part of it. Where codes
//! were in the last frame is looked first, and often only there.

use super::ladder::{GLANCE, PART, QrReader, STILL, Step};
use super::plane::Plane;
use super::{Code, CodeReader, symbols};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads the codes of a stream of frames: QR codes, and the other symbols where it was made so.
///
/// A frame tells what was read in it; a code that is in view may be missing from some frames. The
/// memory it works in is kept from frame to frame.
#[derive(Debug, Default)]
pub struct PreviewReader {
    reader: QrReader,
    /// Where codes were in the last frame.
    places: Vec<Place>,
    /// Pixels of the part that is looked at.
    part: Vec<u8>,
    frame: usize,
    others: bool,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Parts that a frame is looked at in, across and down.
const PARTS: (usize, usize) = (3, 2);

/// Every so many frames with codes, new ones are looked for too.
const NEW: usize = 4;

/// Every so many frames without a QR code, other symbols are looked for.
const OTHERS: usize = 8;

impl PreviewReader {
    /// A reader of QR codes that has not seen anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that looks for the other symbols too, in one of eight frames without a QR code: their
    /// library takes several times as long for it as all others take.
    pub fn with_others() -> Self {
        Self { others: true, ..Self::default() }
    }

    /// Takes these steps through a part of the frame.
    fn part(
        &mut self,
        frame: &LumaFrame,
        place: Place,
        steps: &[Step],
        deadline: &dyn Deadline,
    ) -> Vec<Code> {
        self.part.clear();
        for row in frame.pixels().chunks_exact(frame.width()).skip(place.top).take(place.height) {
            self.part.extend_from_slice(&row[place.left..][..place.width]);
        }
        let plane = Plane { width: place.width, height: place.height, pixels: &self.part };
        let codes = self.reader.search(plane, steps, deadline);
        let origin = (place.left as f32, place.top as f32);
        codes.into_iter().map(|code| code.placed(1.0, origin)).collect()
    }

    /// Codes where they were in the last frame.
    fn known(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let mut codes: Vec<Code> = Vec::new();
        for at in 0..self.places.len() {
            let place = self.places[at];
            // A place may have several codes, and lie over another's.
            let found = self.part(frame, place, &STILL, deadline);
            add(found, &mut codes);
        }
        codes
    }

    /// Codes anywhere, as far as this frame's turn goes.
    fn anywhere(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let turn = self.frame / 2 % (PARTS.0 * PARTS.1);
        if self.frame.is_multiple_of(2) {
            return self.reader.search(Plane::of(frame), &GLANCE, deadline);
        }
        // Neighbours lie over each other by a quarter, so that a code on a border is in one whole.
        let along = |length: usize, parts: usize, at: usize| {
            let size = (length * 5 / (4 * parts)).min(length);
            ((length - size) * at / (parts - 1), size)
        };
        let (left, width) = along(frame.width(), PARTS.0, turn % PARTS.0);
        let (top, height) = along(frame.height(), PARTS.1, turn / PARTS.0);
        self.part(frame, Place { left, top, width, height }, &PART, deadline)
    }
}

impl CodeReader for PreviewReader {
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        // The camera may have been changed for another.
        self.places.retain(|place| {
            place.left + place.width <= frame.width() && place.top + place.height <= frame.height()
        });
        let mut codes = self.known(frame, deadline);
        // Where a code was lost, the next frame looks for it: one look a frame is enough.
        if self.places.is_empty() || self.frame.is_multiple_of(NEW) {
            let found = self.anywhere(frame, deadline);
            add(found, &mut codes);
        }
        let turn = self.frame % OTHERS == OTHERS - 1;
        self.frame = self.frame.wrapping_add(1);
        self.places.clear();
        self.places.extend(codes.iter().map(|code| around(code, frame)));
        self.places.dedup();
        if codes.is_empty() && self.others && turn && !deadline.expired() {
            return symbols::others(frame, deadline);
        }
        codes
    }
}

/// Puts codes with those that are known, but for what stands where the same one does.
fn add(found: Vec<Code>, codes: &mut Vec<Code>) {
    for code in found {
        let known = |old: &Code| old.bytes == code.bytes && old.covers(code.middle());
        if !codes.iter().any(known) {
            codes.push(code);
        }
    }
}

/// A code's place with room around it for the hand that moves.
fn around(code: &Code, frame: &LumaFrame) -> Place {
    let reach = |of: fn(&(f32, f32)) -> f32, length: usize| {
        let least = code.corners.iter().map(of).fold(f32::MAX, f32::min);
        let most = code.corners.iter().map(of).fold(f32::MIN, f32::max);
        let room = (most - least) * 0.3 + 12.0;
        // Casts saturate.
        let (from, to) = ((least - room) as usize, (most + room) as usize);
        let to = to.min(length);
        (from.min(to), to - from.min(to))
    };
    let ((left, width), (top, height)) =
        (reach(|at| at.0, frame.width()), reach(|at| at.1, frame.height()));
    Place { left, top, width, height }
}
