//! Second try: rqrr, on what the first missed.
//!
//! Its search for a code can take tens of seconds on a large photograph, so it is only handed
//! pictures whose longer side is at most [`LONG_EDGE`].

use super::{Code, Symbology};
use crate::luma::LumaFrame;
use crate::shield::shielded;
use rqrr::PreparedImage;

/// Longest side in pixels that is looked at.
pub(super) const LONG_EDGE: usize = 800;

/// QR codes of a small frame; nothing for a larger one.
pub(super) fn read(frame: &LumaFrame) -> Vec<Code> {
    if frame.long_edge() > LONG_EDGE {
        return Vec::new();
    }
    shielded(|| {
        let (width, pixels) = (frame.width(), frame.pixels());
        let at = |x, y| pixels[y * width + x];
        let mut image = PreparedImage::prepare_from_greyscale(width, frame.height(), at);
        let grids = image.detect_grids();
        let codes = grids.iter().filter_map(|grid| {
            let mut bytes = Vec::new();
            grid.decode_to(&mut bytes).ok()?;
            let text = String::from_utf8(bytes.clone()).ok();
            let corners = grid.bounds.iter().map(|point| (point.x as f32, point.y as f32));
            let corners = corners.collect();
            Some(Code { symbology: Symbology::QrCode, aim: None, bytes, text, charset: None, confidence: 0.9, corners })
        });
        codes.collect()
    })
    .unwrap_or_default()
}
