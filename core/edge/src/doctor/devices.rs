//! Camera, tag reader and scanner, as the system shows them.

use sealight_flow::staff::Finding;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Drivers that take a tag reader for the kernel, so that no program gets it.
const DRIVERS: [&str; 4] = ["pn533_usb", "pn533", "pn533_i2c", "port100"];
/// USB vendors of tag readers: Advanced Card Systems, SCM, Sony, NXP, Identive.
const READERS: [&str; 5] = ["072f", "04e6", "054c", "1fc9", "04cc"];
/// Most bytes of a file of the system that are looked at.
const MAX_FILE: u64 = 256 * 1024;
/// Most entries of a folder of the system.
const MOST: usize = 1024;
/// `EV_REP` in the bits of an input device: its keys repeat, as those of keyboards do.
const REPEATS: u64 = 1 << 20;

/// What a shell saw of its camera.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameraSeen {
    /// It gives pictures.
    Well,
    /// None is connected.
    None,
    /// Another program has it.
    Busy {
        /// Its name.
        camera: String,
    },
    /// It gives none in a format that is read.
    NoFormat {
        /// Its name.
        camera: String,
    },
    /// It gives none.
    Fails {
        /// What the system says.
        why: String,
    },
    /// It is there, and no picture comes.
    Silent,
    /// Nobody has looked.
    Unknown,
}

/// What a shell saw of its tag reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReaderSeen {
    /// It answers.
    Well,
    /// There is none, where one was or should be.
    Missing,
    /// Nobody has looked, or none is expected.
    Unknown,
}

impl ReaderSeen {
    /// The same after one answers, or there is none: one that never was is missed only where it
    /// should be.
    #[must_use]
    pub fn after(self, here: bool) -> Self {
        match (here, self) {
            (true, _) => Self::Well,
            (false, Self::Unknown) => Self::Unknown,
            (false, Self::Well | Self::Missing) => Self::Missing,
        }
    }
}

/// Where the system shows its devices.
#[derive(Debug, Clone)]
pub struct Roots {
    /// Device nodes.
    pub dev: PathBuf,
    /// What the kernel knows of devices.
    pub sys: PathBuf,
    /// What else it tells.
    pub proc: PathBuf,
}

impl Default for Roots {
    fn default() -> Self {
        Self { dev: "/dev".into(), sys: "/sys".into(), proc: "/proc".into() }
    }
}

impl Roots {
    pub(super) fn camera(&self, seen: &CameraSeen) -> Option<Finding> {
        if *seen == CameraSeen::Well {
            return None;
        }
        let nodes = self.camera_nodes();
        let forbidden = nodes.iter().find(|node| fails(node, ErrorKind::PermissionDenied));
        if let Some(node) = forbidden {
            return Some(Finding::CameraForbidden { path: node.display().to_string() });
        }
        let busy = nodes.iter().find(|node| fails(node, ErrorKind::ResourceBusy));
        if let Some(node) = busy {
            return Some(Finding::CameraBusy { camera: node.display().to_string() });
        }
        match seen {
            CameraSeen::Busy { camera } => Some(Finding::CameraBusy { camera: camera.clone() }),
            CameraSeen::NoFormat { camera } => {
                Some(Finding::CameraNoFormat { camera: camera.clone() })
            }
            CameraSeen::Fails { why } => Some(Finding::CameraFails { why: why.clone() }),
            CameraSeen::Silent => Some(Finding::CameraSilent),
            CameraSeen::None => Some(Finding::CameraMissing),
            CameraSeen::Unknown if cfg!(target_os = "linux") => {
                nodes.is_empty().then_some(Finding::CameraMissing)
            }
            CameraSeen::Unknown | CameraSeen::Well => None,
        }
    }

    fn camera_nodes(&self) -> Vec<PathBuf> {
        let is_camera = |name: &str| {
            name.strip_prefix("video").is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        entries(&self.dev).into_iter().filter(|path| is_camera(name(path))).collect()
    }

    /// A driver that holds a reader, a reader that may not be opened, or none at all.
    pub(super) fn reader(&self, seen: ReaderSeen) -> Option<Finding> {
        if seen == ReaderSeen::Well {
            return None;
        }
        let bound = |driver: &str| {
            let folder = self.sys.join("bus/usb/drivers").join(driver);
            // A device that is bound stands there as `BUS-PORT:CONFIGURATION.INTERFACE`.
            entries(&folder).iter().any(|path| name(path).contains(':'))
        };
        if let Some(driver) = DRIVERS.iter().find(|driver| bound(driver)) {
            return Some(Finding::ReaderGrabbed { driver: (*driver).to_owned() });
        }
        let devices = entries(&self.sys.join("bus/usb/devices"));
        let node = devices.iter().find_map(|device| {
            let vendor = text(&device.join("idVendor"))?;
            let number = |of: &str| text(&device.join(of))?.parse::<u16>().ok();
            let (bus, place) = (number("busnum")?, number("devnum")?);
            let node = self.dev.join(format!("bus/usb/{bus:03}/{place:03}"));
            let is_ours = READERS.contains(&&*vendor) && fails(&node, ErrorKind::PermissionDenied);
            is_ours.then_some(node)
        });
        if let Some(node) = node {
            return Some(Finding::ReaderForbidden { path: node.display().to_string() });
        }
        (seen == ReaderSeen::Missing).then_some(Finding::ReaderMissing)
    }

    /// Nothing that types is connected.
    pub(super) fn scanner(&self) -> Option<Finding> {
        let devices = text(&self.proc.join("bus/input/devices"))?;
        let types = |line: &str| {
            let bits = line.strip_prefix("B: EV=").map(str::trim);
            bits.and_then(|bits| u64::from_str_radix(bits, 16).ok())
                .is_some_and(|bits| bits & REPEATS != 0)
        };
        (!devices.lines().any(types)).then_some(Finding::ScannerUnseen)
    }
}

fn fails(node: &Path, kind: ErrorKind) -> bool {
    let opened = OpenOptions::new().read(true).write(true).open(node);
    opened.is_err_and(|error| error.kind() == kind)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().take(MOST);
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// A short file of the system, as text.
fn text(path: &Path) -> Option<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(MAX_FILE).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned())
}
