//! nokhwa, which this file alone names.
//!
//! Video4Linux2 under it: `VIDIOC_ENUM_FMT` and its kin, four mapped buffers, `poll` and
//! `VIDIOC_DQBUF` for each picture, without a time limit; `ENODEV` once it is unplugged.

use super::CameraError;
use nokhwa::Camera;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, FrameFormat, RequestedFormat, RequestedFormatType,
};
use sealight_tag::camera::{PixelFormat, luma};
use sealight_tag::luma::LumaFrame;
use sealight_tag::picture::PictureError;

/// The size that suits a code held at arm's length: enough for its modules, little to decode.
const PIXELS: u32 = 1280 * 720;
/// Fewest pictures a second that do not feel slow.
const FEWEST: u32 = 15;

/// Formats that are read, the cheapest first.
const FORMATS: [(FrameFormat, PixelFormat); 4] = [
    (FrameFormat::YUYV, PixelFormat::Yuyv),
    (FrameFormat::NV12, PixelFormat::Nv12),
    (FrameFormat::GRAY, PixelFormat::Grey),
    (FrameFormat::MJPEG, PixelFormat::Mjpeg),
];

/// Cameras that are connected: number and name.
pub(super) fn all() -> Vec<(u32, String)> {
    let mut cameras: Vec<(u32, String)> = nokhwa::query(ApiBackend::Auto)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|camera| Some((camera.index().as_index().ok()?, camera.human_name())))
        .collect();
    cameras.sort();
    cameras
}

/// An open camera.
pub(super) struct Device {
    camera: Camera,
    name: String,
    layout: PixelFormat,
    sides: (usize, usize),
}

impl Device {
    pub(super) fn open(index: u32, name: &str) -> Result<Self, CameraError> {
        let fails = |error: nokhwa::NokhwaError| CameraError::Fails {
            camera: name.to_owned(),
            why: error.to_string(),
        };
        let read = FORMATS.map(|(format, _)| format);
        let any = RequestedFormat::with_formats(RequestedFormatType::None, &read);
        let mut camera = Camera::new(CameraIndex::Index(index), any).map_err(fails)?;
        let formats = camera.compatible_camera_formats().map_err(fails)?;
        let no_format = || CameraError::NoFormat { camera: name.to_owned() };
        let best = best(&formats).ok_or_else(no_format)?;
        if camera.camera_format() != best {
            let exact = RequestedFormatType::Exact(best);
            let request = RequestedFormat::with_formats(exact, &read);
            camera.set_camera_requset(request).map_err(fails)?;
        }
        let layout = layout(best.format()).ok_or_else(no_format)?;
        camera.open_stream().map_err(fails)?;
        let sides = (best.width() as usize, best.height() as usize);
        Ok(Self { camera, name: name.to_owned(), layout, sides })
    }

    /// The next picture, or why it cannot be decoded.
    pub(super) fn frame(&mut self) -> Result<Result<LumaFrame, PictureError>, CameraError> {
        match self.camera.frame_raw() {
            Ok(bytes) => Ok(luma(self.layout, self.sides, &bytes)),
            Err(error) => {
                Err(CameraError::Fails { camera: self.name.clone(), why: error.to_string() })
            }
        }
    }
}

fn layout(format: FrameFormat) -> Option<PixelFormat> {
    FORMATS.iter().find(|(known, _)| *known == format).map(|(_, layout)| *layout)
}

/// Fast enough first, then the size nearest to what suits, then the cheapest to read.
fn best(formats: &[CameraFormat]) -> Option<CameraFormat> {
    let cost = |format: &CameraFormat| {
        let place = FORMATS.iter().position(|(known, _)| *known == format.format())?;
        let pixels = format.width().saturating_mul(format.height());
        let rate = format.frame_rate();
        Some((rate < FEWEST, pixels.abs_diff(PIXELS), place, rate.abs_diff(30)))
    };
    let known = formats.iter().filter_map(|format| Some((cost(format)?, *format)));
    known.min_by_key(|(cost, _)| *cost).map(|(_, format)| format)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(width: u32, height: u32, format: FrameFormat, rate: u32) -> CameraFormat {
        CameraFormat::new_from(width, height, format, rate)
    }

    #[test]
    fn a_fast_format_of_a_fitting_size_is_taken() {
        let slow = format(1280, 720, FrameFormat::YUYV, 10);
        let small = format(640, 480, FrameFormat::YUYV, 30);
        let packed = format(1280, 720, FrameFormat::MJPEG, 30);
        let huge = format(3840, 2160, FrameFormat::MJPEG, 30);
        assert_eq!(best(&[slow, small, packed, huge]), Some(packed));
        assert_eq!(best(&[slow, small]), Some(small));
        assert_eq!(best(&[slow]), Some(slow));
    }

    #[test]
    fn what_is_read_more_cheaply_wins_at_the_same_size() {
        let packed = format(1280, 720, FrameFormat::MJPEG, 30);
        let plain = format(1280, 720, FrameFormat::YUYV, 30);
        assert_eq!(best(&[packed, plain]), Some(plain));
        assert_eq!(best(&[format(640, 480, FrameFormat::RAWRGB, 30)]), None);
    }
}
