//! A picture as brightness only, which is all that a code needs.

use std::fmt;

/// Most pixels of a frame: 64 megapixels, above any phone camera's usual output.
pub const MAX_PIXELS: usize = 64_000_000;

/// Longest side of a frame in pixels, which is also what JPEG can say.
pub const MAX_SIDE: usize = 65_535;

/// A grey picture.
#[derive(Clone, PartialEq, Eq)]
pub struct LumaFrame {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// Why a buffer is not a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LumaError {
    /// A side of no length.
    Empty,
    /// More than [`MAX_PIXELS`], or a side above [`MAX_SIDE`].
    TooLarge {
        /// Width in pixels.
        width: usize,
        /// Height in pixels.
        height: usize,
    },
    /// The buffer does not hold width times height bytes.
    Length {
        /// Bytes handed in.
        got: usize,
        /// Bytes that the sides call for.
        expected: usize,
    },
}

impl fmt::Display for LumaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("a picture without pixels"),
            Self::TooLarge { width, height } => {
                write!(f, "{width} x {height} pixels, most are {MAX_PIXELS}")
            }
            Self::Length { got, expected } => write!(f, "{got} bytes of pixels, not {expected}"),
        }
    }
}

impl std::error::Error for LumaError {}

impl fmt::Debug for LumaFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LumaFrame({} x {})", self.width, self.height)
    }
}

impl LumaFrame {
    /// Takes 8-bit brightness (0 black, 255 white), row by row from the top, without padding.
    ///
    /// # Errors
    /// [`LumaError::Empty`], [`LumaError::TooLarge`], and [`LumaError::Length`] where the sides
    /// call for more or fewer pixels.
    pub fn new(width: usize, height: usize, pixels: Vec<u8>) -> Result<Self, LumaError> {
        let expected = area(width, height)?;
        if pixels.len() != expected {
            return Err(LumaError::Length { got: pixels.len(), expected });
        }
        Ok(Self { width, height, pixels })
    }

    /// Width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The longer side in pixels.
    pub fn long_edge(&self) -> usize {
        self.width.max(self.height)
    }

    /// Brightness, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// A reduced copy whose longer side is at most `long_edge`, each pixel the mean of the area
    /// that it stands for; `None` if the frame is that small already.
    pub fn reduced(&self, long_edge: usize) -> Option<Self> {
        let long_edge = long_edge.max(1);
        if self.long_edge() <= long_edge {
            return None;
        }
        let scaled = |side: usize| (side * long_edge / self.long_edge()).max(1);
        let (width, height) = (scaled(self.width), scaled(self.height));
        let columns = spans(self.width, width);
        let mut pixels = Vec::with_capacity(width * height);
        let mut sums = vec![0u32; self.width];
        for rows in spans(self.height, height) {
            let count = rows.len() as u64;
            sums.fill(0);
            for row in self.pixels.chunks_exact(self.width).skip(rows.start).take(rows.len()) {
                sums.iter_mut().zip(row).for_each(|(sum, pixel)| *sum += u32::from(*pixel));
            }
            pixels.extend(columns.iter().map(|span| {
                let area = count * span.len() as u64;
                let sum: u64 = sums[span.clone()].iter().map(|sum| u64::from(*sum)).sum();
                ((sum + area / 2) / area) as u8
            }));
        }
        Some(Self { width, height, pixels })
    }

    /// The part that starts at (`left`, `top`), as far as it lies inside; `None` if nothing does.
    pub fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Option<Self> {
        let width = width.min(self.width.checked_sub(left)?);
        let height = height.min(self.height.checked_sub(top)?);
        area(width, height).ok()?;
        let rows = self.pixels.chunks_exact(self.width).skip(top).take(height);
        let pixels = rows.flat_map(|row| &row[left..left + width]).copied().collect();
        Some(Self { width, height, pixels })
    }
}

/// Pixels of a picture, if it may have that many.
pub(crate) fn area(width: usize, height: usize) -> Result<usize, LumaError> {
    match width.checked_mul(height) {
        Some(0) => Err(LumaError::Empty),
        Some(area) if area <= MAX_PIXELS && width.max(height) <= MAX_SIDE => Ok(area),
        _ => Err(LumaError::TooLarge { width, height }),
    }
}

/// `to` neighbouring spans that cover `0..from`; none is empty as long as `to <= from`.
fn spans(from: usize, to: usize) -> Vec<std::ops::Range<usize>> {
    (0..to).map(|i| i * from / to..(i + 1) * from / to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_frame_needs_pixels() {
        assert_eq!(LumaFrame::new(0, 5, vec![]), Err(LumaError::Empty));
    }

    #[test]
    fn a_frame_has_at_most_64_megapixels() {
        let error = LumaError::TooLarge { width: 8001, height: 8000 };
        assert_eq!(LumaFrame::new(8001, 8000, vec![]), Err(error));
        assert!(LumaFrame::new(usize::MAX, 2, vec![]).is_err());
    }

    #[test]
    fn a_side_is_at_most_65535_pixels() {
        let error = LumaError::TooLarge { width: 1, height: 65_536 };
        assert_eq!(LumaFrame::new(1, 65_536, vec![0; 65_536]), Err(error));
        let longest = LumaFrame::new(1, 65_535, vec![255; 65_535]).unwrap();
        assert_eq!(longest.reduced(1).unwrap().pixels(), [255]);
    }

    #[test]
    fn a_buffer_fits_its_sides() {
        assert_eq!(
            LumaFrame::new(2, 2, vec![0; 3]),
            Err(LumaError::Length { got: 3, expected: 4 })
        );
    }

    #[test]
    fn reducing_averages_areas() {
        let frame = LumaFrame::new(4, 2, vec![0, 100, 200, 200, 100, 200, 200, 200]).unwrap();
        let half = frame.reduced(2).unwrap();
        assert_eq!((half.width(), half.height(), half.pixels()), (2, 1, &[100, 200][..]));
        assert_eq!(frame.reduced(4), None);
    }

    #[test]
    fn a_crop_stops_at_the_edge() {
        let frame = LumaFrame::new(3, 2, vec![1, 2, 3, 4, 5, 6]).unwrap();
        assert_eq!(frame.crop(1, 0, 9, 9).unwrap().pixels(), [2, 3, 5, 6]);
        assert_eq!(frame.crop(3, 0, 1, 1), None);
        assert_eq!(frame.crop(4, 0, 1, 1), None);
    }

    proptest! {
        #[test]
        fn reduced_brightness_stays_within_the_frame(
            (width, height, pixels) in (1usize..40, 1usize..40).prop_flat_map(|(w, h)| {
                (Just(w), Just(h), prop::collection::vec(any::<u8>(), w * h))
            }),
            long_edge in 0usize..40,
        ) {
            let frame = LumaFrame::new(width, height, pixels).unwrap();
            if let Some(small) = frame.reduced(long_edge) {
                prop_assert!(small.long_edge() <= long_edge.max(1));
                prop_assert_eq!(small.pixels().len(), small.width() * small.height());
                let (low, high) = (frame.pixels().iter().min(), frame.pixels().iter().max());
                prop_assert!(small.pixels().iter().min() >= low);
                prop_assert!(small.pixels().iter().max() <= high);
            }
        }
    }
}
