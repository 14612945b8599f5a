//! Pictures as cameras hand them out: the brightness in them is all that is taken.
//!
//! Layouts as the Linux kernel names them (Video4Linux2 pixel formats `YUYV`, `NV12`, `GREY` and
//! `MJPG`), which are also those of DirectShow and AVFoundation.

use crate::luma::{LumaError, LumaFrame, area};
use crate::picture::{self, PictureError};

/// How a camera lays out its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// Two pixels in four bytes: brightness, blue, brightness, red.
    Yuyv,
    /// Brightness of all pixels, then colour at a quarter.
    Nv12,
    /// Brightness alone.
    Grey,
    /// A JPEG picture of its own; it may stand in a longer buffer.
    Mjpeg,
}

/// The brightness of a picture of `width` x `height` pixels; what the buffer holds beyond it is
/// passed over.
///
/// # Errors
/// [`PictureError::Size`] where the sides or the buffer cannot be right or do not fit the JPEG
/// picture, and what [`picture::decode`] says of that.
pub fn luma(
    format: PixelFormat,
    (width, height): (usize, usize),
    bytes: &[u8],
) -> Result<LumaFrame, PictureError> {
    let pixels = area(width, height)?;
    let plane = |each: usize| {
        let expected = pixels * each;
        bytes.get(..expected).ok_or(LumaError::Length { got: bytes.len(), expected })
    };
    let luma = match format {
        PixelFormat::Yuyv => plane(2)?.iter().step_by(2).copied().collect(),
        PixelFormat::Nv12 | PixelFormat::Grey => plane(1)?.to_vec(),
        PixelFormat::Mjpeg => {
            let frame = picture::decode(bytes)?;
            let got = frame.width() * frame.height();
            if (frame.width(), frame.height()) != (width, height) {
                return Err(LumaError::Length { got, expected: pixels }.into());
            }
            return Ok(frame);
        }
    };
    Ok(LumaFrame::new(width, height, luma)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brightness_is_every_second_byte_of_yuyv() {
        let frame = luma(PixelFormat::Yuyv, (2, 2), &[1, 128, 2, 128, 3, 128, 4, 128, 99]).unwrap();
        assert_eq!(frame.pixels(), [1, 2, 3, 4]);
    }

    #[test]
    fn colour_behind_brightness_is_passed_over() {
        let frame = luma(PixelFormat::Nv12, (2, 2), &[1, 2, 3, 4, 128, 128]).unwrap();
        assert_eq!(frame.pixels(), [1, 2, 3, 4]);
    }

    #[test]
    fn a_short_buffer_is_no_picture() {
        let short = luma(PixelFormat::Yuyv, (2, 2), &[0; 7]);
        let expected = LumaError::Length { got: 7, expected: 8 };
        assert_eq!(short, Err(PictureError::Size(expected)));
        assert_eq!(luma(PixelFormat::Grey, (0, 4), &[]), Err(LumaError::Empty.into()));
        let huge = luma(PixelFormat::Grey, (usize::MAX, 2), &[]);
        assert!(matches!(huge, Err(PictureError::Size(LumaError::TooLarge { .. }))));
    }

    #[test]
    fn a_damaged_jpeg_is_refused_by_its_decoder() {
        let cut = luma(PixelFormat::Mjpeg, (8, 8), b"\xff\xd8\xff\xe0 and no more");
        assert!(matches!(cut, Err(PictureError::Damaged { format: "JPEG", .. })), "{cut:?}");
        assert_eq!(luma(PixelFormat::Mjpeg, (8, 8), &[0; 99]), Err(PictureError::UnknownFormat));
    }
}
