//! nokhwa, which this file alone names.
//!
//! Video4Linux2 under it: `VIDIOC_ENUM_FMT` and its kin, four mapped buffers, `poll` and
//! `VIDIOC_DQBUF` for each picture, without a time limit; `ENODEV` once it is unplugged.

use super::CameraError;
use super::search::Node;
use nokhwa::utils::{
    ApiBackend, CameraFormat, CameraIndex, CameraInfo, FrameFormat, RequestedFormat,
    RequestedFormatType,
};
use nokhwa::{Camera, NokhwaError};
use sealight_tag::camera::{PixelFormat, luma};
use sealight_tag::luma::LumaFrame;
use sealight_tag::picture::PictureError;
use sealight_tag::shield::shielded;
use std::io::{Error, ErrorKind};

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

/// Codes of Media Foundation (`mferror.h`) for a camera that another program has:
/// `MF_E_HW_MFT_FAILED_START_STREAMING` and `MF_E_VIDEO_RECORDING_DEVICE_PREEMPTED`.
const TAKEN: [&str; 2] = ["0xC00D3704", "0xC00D3EA3"];

/// What nokhwa misses, on Linux, in a node that has none of the formats that were asked for, and in
/// one that lists no sizes.
const UNREAD: [&str; 2] = ["CameraFormat", "ResolutionList"];
/// What it says of such a camera on Windows, and on macOS.
const UNFIT: [&str; 2] = ["Failed to fulfill requested format", "Cannot fulfill request"];

/// What the system lists as cameras, the lowest number first.
pub(super) fn all() -> Vec<Node> {
    let node = |camera: CameraInfo| {
        Some(Node { index: camera.index().as_index().ok()?, name: camera.human_name() })
    };
    // It asserts on how nodes are named.
    let listed = shielded(|| nokhwa::query(ApiBackend::Auto)).and_then(Result::ok);
    let mut cameras: Vec<Node> = listed.unwrap_or_default().into_iter().filter_map(node).collect();
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
    /// Opens what the system lists as a camera, with the format that suits best.
    ///
    /// # Errors
    /// [`CameraError::NoFormat`], [`CameraError::Busy`], [`CameraError::Fails`].
    pub(super) fn open(camera: &Node) -> Result<Self, CameraError> {
        // It asserts on what a node lists, and not every node is a camera's.
        shielded(|| Self::opened(camera.index, &camera.name)).unwrap_or_else(|| {
            let why = "it lists what no camera does".to_owned();
            Err(CameraError::Fails { camera: camera.name.clone(), why })
        })
    }

    fn opened(index: u32, name: &str) -> Result<Self, CameraError> {
        let fails = |error: NokhwaError| not_opened(name, &error);
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
            Err(error) => Err(failed(&self.name, &error.to_string())),
        }
    }
}

/// Why a node does not open.
fn not_opened(camera: &str, error: &NokhwaError) -> CameraError {
    let no_format = match error {
        NokhwaError::GetPropertyError { property, .. } => UNREAD.contains(&property.as_str()),
        NokhwaError::InitializeError { error: why, .. } | NokhwaError::OpenDeviceError(why, _) => {
            UNFIT.contains(&why.as_str())
        }
        _ => false,
    };
    match no_format {
        true => CameraError::NoFormat { camera: camera.to_owned() },
        false => failed(camera, &error.to_string()),
    }
}

/// What nokhwa says of a failure, which it hands on as text alone.
fn failed(camera: &str, why: &str) -> CameraError {
    let (camera, why) = (camera.to_owned(), why.to_owned());
    if is_busy(&why) { CameraError::Busy { camera } } else { CameraError::Fails { camera, why } }
}

/// Whether the number in the text is that of a device in use. The words around it are in the
/// system's language; the number follows them as std and Windows' own crate write it.
fn is_busy(why: &str) -> bool {
    let number = |begin: &str, end: char| {
        let (_, after) = why.rsplit_once(begin)?;
        after.split_once(end).map(|(number, _)| number)
    };
    let of_system = number("(os error ", ')').and_then(|number| number.parse().ok());
    let is_busy = |code| Error::from_raw_os_error(code).kind() == ErrorKind::ResourceBusy;
    of_system.is_some_and(is_busy) || number("(", ')').is_some_and(|code| TAKEN.contains(&code))
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
    fn a_camera_that_another_program_has_is_told_by_its_number_in_any_language() {
        let of = |why: &str| failed("Front", why);
        let busy = CameraError::Busy { camera: "Front".into() };
        // As the system itself says it here: EBUSY.
        #[cfg(target_os = "linux")]
        for why in [Error::from_raw_os_error(16).to_string(), "设备或资源忙 (os error 16)".into()]
        {
            assert_eq!(of(&NokhwaError::OpenStreamError(why).to_string()), busy);
        }
        assert_eq!(of("资源不足，无法启动硬件 (0xC00D3704)"), busy);
        for why in ["No such device (os error 19)", "busy", "a (0xC00D36B2)", "(os error x)", ""] {
            let fails = CameraError::Fails { camera: "Front".into(), why: why.into() };
            assert_eq!(of(why), fails, "{why}");
        }
    }

    #[test]
    fn a_node_without_a_readable_format_is_told_from_one_that_fails() {
        let property = |property: &str, error: &str| NokhwaError::GetPropertyError {
            property: property.into(),
            error: error.into(),
        };
        let of = |error: NokhwaError| not_opened("isp", &error);
        let no_format = CameraError::NoFormat { camera: "isp".into() };
        let unfit = "Failed to fulfill requested format".to_owned();
        let backend = ApiBackend::MediaFoundation;
        for error in [
            property("CameraFormat", "Failed to Fufill"),
            property("ResolutionList", "Inappropriate ioctl for device (os error 25)"),
            NokhwaError::InitializeError { backend, error: unfit },
            NokhwaError::OpenDeviceError("Cannot fulfill request".into(), "any".into()),
        ] {
            assert_eq!(of(error.clone()), no_format, "{error}");
        }
        // It may be left so by another program: that is no reason to look for another camera.
        for error in [
            property("FrameFormat", "unsupported"),
            property("Device Capabilities", "Input/output error (os error 5)"),
            NokhwaError::OpenDeviceError("0".into(), "V4L2 Error: No such device".into()),
        ] {
            assert!(matches!(of(error.clone()), CameraError::Fails { .. }), "{error}");
        }
    }

    #[test]
    fn what_is_read_more_cheaply_wins_at_the_same_size() {
        let packed = format(1280, 720, FrameFormat::MJPEG, 30);
        let plain = format(1280, 720, FrameFormat::YUYV, 30);
        assert_eq!(best(&[packed, plain]), Some(plain));
        assert_eq!(best(&[format(640, 480, FrameFormat::RAWRGB, 30)]), None);
    }
}
