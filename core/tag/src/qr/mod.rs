//! Codes in a picture.
//!
//! [`CodeReader`] is the port; behind it stand [`FrameReader`] for still pictures and
//! [`PreviewReader`] for a camera's frames.
//! [`QrReader`] is the own reader of QR codes; everything else is rxing's. The crates rxing and
//! rqrr (the peer in the tests) are named in this folder only.
//!
//! | stage | does |
//! |---|---|
//! | `plane` | brightness between pixels, and copies of half, a quarter, an eighth the size |
//! | `binary` | dark or light by a threshold that follows the light, one bit a pixel; columns turned to rows |
//! | `lines` | five runs around a place of a row or column, by words of bits |
//! | `finders` | runs of 1, 1, 3, 1, 1 along rows and columns, light or dark, and rings around them |
//! | `recent` | which of the places found last is at hand |
//! | `refine` | edges along rays from the middle of each finder pattern |
//! | `fit` | an affine map to them |
//! | `group` | three patterns that may be a code; modules of a side by the timing pattern |
//! | `align` | a plane in perspective through them and the alignment patterns |
//! | `sample` | brightness of the modules, thresholds between modules |
//! | `warp` | the plane bent until the edges between modules lie where they should |
//! | `decode` | format, words, Reed-Solomon with erasures, bit stream |
//! | `ladder` | in which order and how often |
//! | `preview` | what part of it each frame of a camera gets |
//!
//! A reading is one only where error correction has verified every block. Small codes keep back
//! the check words that the standard keeps back; erased words leave some over to detect; and where
//! little was left, the padding after the content has to be the standard's.

mod align;
mod attempt;
mod binary;
mod decode;
mod finders;
mod fit;
mod front;
mod geometry;
mod group;
mod ladder;
mod lines;
mod plane;
mod preview;
mod recent;
mod refine;
mod report;
mod sample;
mod symbols;
mod warp;

pub use front::FrameReader;
pub use ladder::QrReader;
pub use preview::PreviewReader;
pub use report::{Code, Symbology};

use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Finds and decodes the codes of a picture.
pub trait CodeReader {
    /// Every code found, once for each place it stands at, in no particular order: two labels with
    /// one content are two codes. The deadline is asked between attempts and library calls; what
    /// was found until then is returned.
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code>;
}

#[cfg(test)]
mod tests;
