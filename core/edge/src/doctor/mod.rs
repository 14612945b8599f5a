//! What is wrong with a device, and how to mend it: looked for in its folder, its clock and what the
//! system says of camera, scanner and tag reader.
//!
//! Blocks for the disk; nothing is opened for longer than the look. Camera nodes, USB drivers and
//! keyboards are looked for as Linux shows them (`/dev/video*`, `/sys/bus/usb`,
//! `/proc/bus/input/devices`); elsewhere there are none of these, and what the shell saw of its
//! camera and tag reader is all that is known.

mod devices;

use crate::home::{Home, HomeError};
use crate::pin;
pub use devices::{CameraSeen, ReaderSeen, Roots};
use sealight_flow::staff::Finding;
use sealight_verify::time::Timestamp;
use sealight_verify::trust::open;
use std::path::Path;

/// Megabytes under which room on the disk is little.
pub const LITTLE_ROOM: u64 = 256;
/// Hours after which a register is old.
pub const OLD_REGISTER: u64 = 24;

/// What is looked at.
#[derive(Debug)]
pub struct Look<'a> {
    /// The device's folder.
    pub home: &'a Home,
    /// Where the system shows its devices.
    pub roots: &'a Roots,
    /// The system clock.
    pub now: Timestamp,
    /// Time of the newest header, of the ledger that is furthest behind.
    pub as_of: Option<Timestamp>,
    /// Whether the store did not open, and one in memory stands in for it.
    pub in_memory: bool,
    /// Whether something proven speaks against the clock.
    pub clock_doubtful: bool,
    /// What the shell saw of its camera.
    pub camera: CameraSeen,
    /// What the shell saw of its tag reader.
    pub reader: ReaderSeen,
    /// Whether a scanner that types should be here.
    pub scanner: bool,
    /// Whether the staff's page should have a PIN.
    pub staff: bool,
    /// Why something that the kiosk's operator sent is not in force, where it is not.
    pub config_trouble: Option<&'a str>,
    /// Why the day's figures are not on the disk, where they are not.
    pub days_unkept: Option<&'a str>,
}

impl Look<'_> {
    /// What is wrong, the worst first.
    pub fn findings(&self) -> Vec<Finding> {
        let mut found: Vec<Finding> = self.roots.camera(&self.camera).into_iter().collect();
        found.extend(self.roots.reader(self.reader));
        found.extend(self.scanner.then(|| self.roots.scanner()).flatten());
        found.extend(writable(self.home));
        found.extend(room(self.home.path()));
        found.extend(self.in_memory.then_some(Finding::StoreInMemory));
        found.extend(self.days_unkept.map(|why| Finding::DaysUnkept { why: why.to_owned() }));
        found.extend(self.clock());
        found.extend(self.trust());
        found.extend(self.register());
        found.extend(
            self.config_trouble.map(|why| Finding::OperatorRefused { why: why.to_owned() }),
        );
        let pinless = self.staff && !pin::is_set(self.home);
        found.extend(pinless.then(|| Finding::PinMissing { home: self.folder() }));
        found.sort_by_key(Finding::weight);
        found
    }

    /// A clock before the newest header, or before this program, is wrong.
    fn clock(&self) -> Option<Finding> {
        let behind = self.as_of.is_some_and(|as_of| self.now < as_of.saturating_sub(SLACK));
        (self.clock_doubtful || behind || self.now < crate::clock::built())
            .then_some(Finding::ClockDoubtful)
    }

    fn trust(&self) -> Vec<Finding> {
        let home = self.folder();
        let refused = |error: HomeError| {
            let (home, why) = (home.clone(), error.to_string());
            Finding::ConfigRefused { home, why }
        };
        let bytes = match self.home.trust() {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return vec![Finding::TrustMissing { home }],
            Err(error) => return vec![refused(error)],
        };
        // One that does not open is not taken by the program either.
        let trust = match open(&bytes) {
            Ok(trust) => trust,
            Err(error) => {
                let why = error.to_string();
                return vec![Finding::TrustRefused { home, why }];
            }
        };
        let config = self.home.config(&trust).err().map(refused);
        let expired = (self.now > trust.expires).then_some(Finding::TrustExpired { home });
        expired.into_iter().chain(config).collect()
    }

    /// Where whoever mends it with a command finds this device.
    fn folder(&self) -> String {
        self.home.path().display().to_string()
    }

    fn register(&self) -> Option<Finding> {
        let Some(as_of) = self.as_of else { return Some(Finding::SyncNever) };
        let age = self.now.secs().saturating_sub(as_of.secs()).max(0).unsigned_abs();
        let hours = age / 3600;
        (hours >= OLD_REGISTER).then_some(Finding::SyncOld { hours })
    }
}

/// Clocks that run together may differ by so much.
const SLACK: sealight_verify::time::Seconds = sealight_verify::time::Seconds(300);

fn writable(home: &Home) -> Option<Finding> {
    let probe = home.path().join("doctor");
    let written = std::fs::write(&probe, b"looked").and_then(|()| std::fs::remove_file(&probe));
    written.err().map(|error| Finding::StoreUnwritable { why: error.to_string() })
}

fn room(path: &Path) -> Option<Finding> {
    let megabytes = free(path)? / 1_000_000;
    (megabytes < LITTLE_ROOM).then_some(Finding::DiskLow { megabytes })
}

/// Bytes that are free for this program; none where the system does not say.
#[cfg(unix)]
fn free(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests;
