//! Codes in a picture.
//!
//! [`CodeReader`] is the port; [`FrameReader`] is today's front end behind it. The crates rxing and
//! rqrr are named in this folder only.

mod align;
mod attempt;
mod binary;
mod decode;
mod finders;
mod front;
mod geometry;
mod group;
mod ladder;
mod plane;
mod refine;
mod report;
mod sample;
mod second;
mod symbols;
mod warp;

pub use front::FrameReader;
pub use ladder::QrReader;
pub use report::{Code, Symbology};

use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Finds and decodes the codes of a picture.
pub trait CodeReader {
    /// Every code found, none twice, in no particular order. The deadline is asked between library
    /// calls; what was found until then is returned.
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code>;
}

/// Each code once, however often it stands in the picture.
fn distinct(codes: Vec<Code>) -> Vec<Code> {
    let mut found: Vec<Code> = Vec::new();
    for code in codes {
        if !found.iter().any(|old| old.symbology == code.symbology && old.bytes == code.bytes) {
            found.push(code);
        }
    }
    found
}

#[cfg(test)]
mod tests;
