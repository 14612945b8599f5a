//! What the camera sees, for the page: the newest frame alone, small, brightness only.
//!
//! A frame goes to the page as a Windows bitmap of 256 greys: nothing is packed, and what shows it
//! is the web view's own picture, not a script's array that waits to be collected 15 times a second.

use sealight_tag::luma::LumaFrame;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Longest side of a frame that the page gets, in pixels.
const LONGEST: usize = 640;

/// The newest frame. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Frames(Arc<Mutex<Newest>>);

#[derive(Default)]
struct Newest {
    frame: Option<Arc<LumaFrame>>,
    /// Frames that were taken since the start.
    taken: u64,
}

impl Frames {
    /// Puts a newer frame in place of the one before.
    pub(crate) fn put(&self, frame: Arc<LumaFrame>) {
        self.newest().frame = Some(frame);
    }

    /// Forgets what was seen.
    pub(crate) fn forget(&self) {
        self.newest().frame = None;
    }

    /// The newest frame, once: the page asks again for the next.
    pub(crate) fn take(&self) -> Option<Vec<u8>> {
        let frame = {
            let mut newest = self.newest();
            let frame = newest.frame.take()?;
            newest.taken += 1;
            frame
        };
        Some(shrunk(&frame))
    }

    /// How many were taken since the start.
    pub(crate) fn taken(&self) -> u64 {
        self.newest().taken
    }

    fn newest(&self) -> MutexGuard<'_, Newest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The frame as the page gets it.
fn shrunk(frame: &LumaFrame) -> Vec<u8> {
    let small = frame.reduced(LONGEST);
    bitmap(small.as_ref().unwrap_or(frame))
}

/// Bytes of a file's header (BITMAPFILEHEADER).
const FILE: u32 = 14;
/// Bytes of a picture's header (BITMAPINFOHEADER).
const PICTURE: u32 = 40;
/// Bytes of 256 colours (RGBQUAD).
const COLOURS: u32 = 4 * 256;

/// A Windows bitmap, not packed, 8 bits a pixel, the top row first (MS-WMF, 2.2.2.9): numbers have
/// the low byte first, rows fill up to four bytes.
fn bitmap(frame: &LumaFrame) -> Vec<u8> {
    let row = frame.width().next_multiple_of(4);
    // A frame's sides are 65,535 pixels at most, and these are made small.
    let word = |number: usize| u32::try_from(number).unwrap_or(0);
    let (start, size) = (FILE + PICTURE + COLOURS, word(row * frame.height()));
    let mut bytes = Vec::with_capacity(start as usize + row * frame.height());
    bytes.extend(b"BM");
    for number in [start + size, 0, start] {
        bytes.extend(number.to_le_bytes());
    }
    // One plane, 8 bits; sides beside it, the height below zero for the top row first.
    let below = word(frame.height()).wrapping_neg();
    for number in [PICTURE, word(frame.width()), below, 8 << 16 | 1, 0, size, 0, 0, 256, 0] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend((0..=255).flat_map(|grey| [grey, grey, grey, 0]));
    for pixels in frame.pixels().chunks_exact(frame.width()) {
        bytes.extend(pixels);
        bytes.resize(bytes.len() + row - pixels.len(), 0);
    }
    bytes
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
        assert_eq!(sides(&bytes), (640, 360));
        assert_eq!(bytes.len(), 14 + 40 + 1024 + 640 * 360);
        assert_eq!(frames.take(), None);
        assert_eq!(frames.taken(), 1);
    }

    #[test]
    fn a_small_frame_stays_as_it_is_and_is_forgotten_when_told() {
        let frame = LumaFrame::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        let frames = Frames::default();
        frames.put(Arc::new(frame.clone()));
        let bytes = frames.take().unwrap();
        assert_eq!(sides(&bytes), (3, 2));
        assert_eq!(bytes[14 + 40 + 1024..], [1, 2, 3, 0, 4, 5, 6, 0]);
        frames.put(Arc::new(frame.clone()));
        frames.forget();
        assert_eq!(frames.take(), None);
    }

    /// Width and height as a reader of the bitmap finds them: rows from the top are a height below zero.
    fn sides(bytes: &[u8]) -> (i32, i32) {
        let number = |at: usize| i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(usize::try_from(number(2)).unwrap(), bytes.len(), "length that it states");
        assert_eq!(number(10), 14 + 40 + 1024, "where pixels start");
        (number(18), -number(22))
    }
}
