//! A camera of this computer, by nokhwa: Video4Linux2, Media Foundation or AVFoundation.
//!
//! One thread opens it, reads picture after picture and calls back with each; where there is none,
//! or it goes away, it says so and looks again every second, so a camera may be plugged in at any
//! time. Reading blocks until the next picture: dropping the handle ends the thread with that one,
//! and a camera that hands out nothing holds its thread until it is unplugged. Nobody waits for it.

mod device;

use crate::cancel::Cancel;
use device::Device;
use sealight_tag::luma::LumaFrame;
use std::fmt;
use std::time::Duration;

/// How long until it is looked for again.
const AGAIN: Duration = Duration::from_secs(1);
/// Pictures in a row that cannot be decoded: then the camera is opened anew.
const DAMAGED: u32 = 30;

/// What comes from the camera.
#[derive(Debug)]
pub enum Seen {
    /// A picture.
    Frame(LumaFrame),
    /// There is no camera; told at each try.
    Gone(CameraError),
}

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraError {
    /// No camera is connected.
    None,
    /// None has the name that was asked for.
    NotNamed {
        /// What was asked for.
        expected: String,
        /// Those that are there.
        got: Vec<String>,
    },
    /// It has no format that is read here.
    NoFormat {
        /// Its name.
        camera: String,
    },
    /// Another program has it.
    Busy {
        /// Its name.
        camera: String,
    },
    /// It does not open, or stopped: not permitted, unplugged.
    Fails {
        /// Its name.
        camera: String,
        /// What the system says.
        why: String,
    },
}

impl fmt::Display for CameraError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no camera is connected"),
            Self::NotNamed { expected, got } => {
                write!(f, "no camera is named {expected}; there are: {}", got.join(", "))
            }
            Self::NoFormat { camera } => write!(f, "{camera} has no format that is read here"),
            Self::Busy { camera } => write!(f, "{camera} is in use by another program"),
            Self::Fails { camera, why } => write!(f, "{camera} fails: {why}"),
        }
    }
}

impl std::error::Error for CameraError {}

/// A camera that is being read, until this is dropped.
#[derive(Debug)]
pub struct Camera(Cancel);

impl Camera {
    /// Starts to read the first camera, or the first whose name holds `wanted`, in whatever case.
    /// `seen` is called on the camera's thread and must be quick.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub fn start(
        wanted: Option<String>,
        mut seen: impl FnMut(Seen) + Send + 'static,
    ) -> std::io::Result<Self> {
        let cancel = Cancel::default();
        let told = cancel.clone();
        std::thread::Builder::new().name("sealight-camera".into()).spawn(move || {
            while !told.is_cancelled() {
                if let Err(error) = read(wanted.as_deref(), &told, &mut seen) {
                    seen(Seen::Gone(error));
                }
                std::thread::sleep(AGAIN);
            }
        })?;
        Ok(Self(cancel))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Names of the cameras that are connected, in the system's order.
pub fn names() -> Vec<String> {
    device::all().into_iter().map(|(_, name)| name).collect()
}

fn read(
    wanted: Option<&str>,
    told: &Cancel,
    seen: &mut impl FnMut(Seen),
) -> Result<(), CameraError> {
    let (index, camera) = chosen(device::all(), wanted)?;
    let mut device = Device::open(index, &camera)?;
    let mut damaged = 0;
    while !told.is_cancelled() {
        match device.frame()? {
            Ok(frame) => {
                damaged = 0;
                seen(Seen::Frame(frame));
            }
            Err(why) => {
                damaged += 1;
                if damaged > DAMAGED {
                    return Err(CameraError::Fails { camera, why: why.to_string() });
                }
            }
        }
    }
    Ok(())
}

/// The camera that is read, of those that there are.
fn chosen(cameras: Vec<(u32, String)>, wanted: Option<&str>) -> Result<(u32, String), CameraError> {
    let Some(wanted) = wanted else { return cameras.into_iter().next().ok_or(CameraError::None) };
    let lower = wanted.to_lowercase();
    if let Some(camera) = cameras.iter().find(|(_, name)| name.to_lowercase().contains(&lower)) {
        return Ok(camera.clone());
    }
    let got: Vec<String> = cameras.into_iter().map(|(_, name)| name).collect();
    Err(CameraError::NotNamed { expected: wanted.to_owned(), got })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_camera_is_read_unless_another_is_named() {
        let two = || vec![(2, "Built-in".to_owned()), (4, "USB Camera".to_owned())];
        assert_eq!(chosen(two(), None), Ok((2, "Built-in".to_owned())));
        assert_eq!(chosen(two(), Some("usb")), Ok((4, "USB Camera".to_owned())));
        assert_eq!(chosen(Vec::new(), None), Err(CameraError::None));
        let got = vec!["Built-in".to_owned(), "USB Camera".to_owned()];
        let expected = "Front".to_owned();
        assert_eq!(chosen(two(), Some("Front")), Err(CameraError::NotNamed { expected, got }));
    }
}
