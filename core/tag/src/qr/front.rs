//! The order in which a picture is searched.

use super::{Code, CodeReader, QrReader, symbols};
use crate::deadline::Deadline;
use crate::luma::LumaFrame;

/// Reads QR codes with [`QrReader`], and what else there is with rxing where there is none.
///
/// A package has a price code beside its seal, and nobody asked for that; so other codes are looked
/// for only where no QR code is. rxing cannot be interrupted, so it sees a copy of at most a
/// quarter megapixel. Keeps its working memory from one picture to the next.
#[derive(Debug, Default)]
pub struct FrameReader(QrReader);

impl CodeReader for FrameReader {
    fn read(&mut self, frame: &LumaFrame, deadline: &dyn Deadline) -> Vec<Code> {
        let codes = self.0.read(frame, deadline);
        if !codes.is_empty() || deadline.expired() {
            return codes;
        }
        symbols::others(frame, deadline)
    }
}
