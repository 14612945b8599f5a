//! The order in which a picture is searched.

use super::{Code, CodeReader, QrReader, distinct, symbols};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads QR codes with [`QrReader`], and what else there is with rxing where there is none.
///
/// A package has a price code beside its seal, and nobody asked for that; so other codes are looked
/// for only where no QR code is. rxing cannot be interrupted, so it sees a copy of at most
/// `COPY` pixels along its longer side.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrameReader;

/// Longer side of the copy in pixels: a quarter megapixel at 4 to 3.
const COPY: usize = 640;

impl CodeReader for FrameReader {
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let codes = QrReader::new().each(frame, deadline);
        if !codes.is_empty() || deadline.expired() {
            return distinct(codes);
        }
        let copy = frame.reduced(COPY);
        let view = copy.as_ref().unwrap_or(frame);
        let scale = frame.long_edge() as f32 / view.long_edge() as f32;
        let codes = symbols::read(view, deadline);
        distinct(codes.into_iter().map(|code| code.placed(scale, (0.0, 0.0))).collect())
    }
}
