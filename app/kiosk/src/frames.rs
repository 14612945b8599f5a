//! What the camera sees, for the page: the newest frame alone, small, brightness only.
//!
//! A frame goes to the page as raw bytes: width and height as two bytes each, the high one first,
//! then one byte a pixel, row by row.

use sealight_tag::luma::LumaFrame;
use std::sync::{Arc, Mutex, PoisonError};

/// Longest side of a frame that the page gets, in pixels.
const LONGEST: usize = 640;

/// The newest frame. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Frames(Arc<Mutex<Option<Arc<LumaFrame>>>>);

impl Frames {
    /// Puts a newer frame in place of the one before.
    pub(crate) fn put(&self, frame: Arc<LumaFrame>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(frame);
    }

    /// Forgets what was seen.
    pub(crate) fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// The newest frame, once: the page asks again for the next.
    pub(crate) fn take(&self) -> Option<Vec<u8>> {
        let newest = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        newest.map(|frame| shrunk(&frame))
    }
}

/// The frame as the page gets it.
fn shrunk(frame: &LumaFrame) -> Vec<u8> {
    let small = frame.reduced(LONGEST);
    let frame = small.as_ref().unwrap_or(frame);
    let sides = [frame.width(), frame.height()];
    let sides = sides.map(|side| u16::try_from(side).unwrap_or(0).to_be_bytes());
    [&sides.concat(), frame.pixels()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_frame_is_made_small_and_given_once() {
        let frame = LumaFrame::new(1920, 1080, vec![7; 1920 * 1080]).unwrap();
        let frames = Frames::default();
        frames.put(Arc::new(frame.clone()));
        let bytes = frames.take().unwrap();
        assert_eq!(bytes[..4], [2, 128, 1, 104], "640 x 360");
        assert_eq!(bytes.len(), 4 + 640 * 360);
        assert_eq!(frames.take(), None);
    }

    #[test]
    fn a_small_frame_stays_as_it_is_and_is_forgotten_when_told() {
        let frame = LumaFrame::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let frames = Frames::default();
        frames.put(Arc::new(frame.clone()));
        assert_eq!(frames.take().unwrap(), [0, 3, 0, 2, 1, 2, 3, 4, 5, 6]);
        frames.put(Arc::new(frame.clone()));
        frames.forget();
        assert_eq!(frames.take(), None);
    }
}
