//! A camera of this computer, by nokhwa: Video4Linux2, Media Foundation or AVFoundation.
//!
//! One thread opens it, reads picture after picture and calls back with each; where there is none,
//! or it goes away, it says so and looks again every second, so a camera may be plugged in at any
//! time. What a system lists is not all cameras: each is tried until one gives pictures, and that
//! one is tried first from then on. Reading blocks until the next picture: dropping the handle ends
//! the thread with that one, and a camera that hands out nothing holds its thread until it is
//! unplugged. Nobody waits for it.

mod device;
mod search;

use crate::cancel::Cancel;
use device::Device;
use sealight_tag::luma::LumaFrame;
use search::{Ended, Node, Search, fitting};
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
    /// There is no camera; told each time that all were tried, or the one that was read is gone.
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
    /// Starts to read the first camera that gives pictures, of all or of those whose name holds
    /// `wanted`, in whatever case. `seen` is called on the camera's thread and must be quick.
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
            let mut search = Search::default();
            while !told.is_cancelled() {
                let tried = fitting(device::all(), wanted.as_deref()).and_then(|cameras| {
                    search.round(cameras, |camera| read(camera, &told, &mut seen))
                });
                if let Err(error) = tried {
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
    device::all().into_iter().map(|camera| camera.name).collect()
}

/// Reads a camera for as long as it gives pictures.
fn read(camera: &Node, told: &Cancel, seen: &mut impl FnMut(Seen)) -> Ended {
    let mut gave = false;
    let ended = pictures(camera, told, &mut |frame| {
        gave = true;
        seen(Seen::Frame(frame));
    });
    match ended {
        Ok(()) => Ended::Stopped,
        Err(error) if gave => Ended::Lost(error),
        Err(error) => Ended::Blind(error),
    }
}

fn pictures(
    camera: &Node,
    told: &Cancel,
    picture: &mut impl FnMut(LumaFrame),
) -> Result<(), CameraError> {
    if told.is_cancelled() {
        return Ok(());
    }
    let mut device = Device::open(camera)?;
    let mut damaged = 0;
    while !told.is_cancelled() {
        match device.frame()? {
            Ok(frame) => {
                damaged = 0;
                picture(frame);
            }
            Err(why) => {
                damaged += 1;
                if damaged > DAMAGED {
                    let (camera, why) = (camera.name.clone(), why.to_string());
                    return Err(CameraError::Fails { camera, why });
                }
            }
        }
    }
    Ok(())
}
