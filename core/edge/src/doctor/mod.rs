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
use sealight_verify::time::{Seconds, Timestamp};
use sealight_verify::trust::{TrustFile, open};
use std::path::Path;

/// Megabytes under which room on the disk is little.
pub const LITTLE_ROOM: u64 = 256;
/// Hours after which a register is old.
pub const OLD_REGISTER: u64 = 24;
/// So long before the end of a trust file that none follows it is told: time to bring one.
pub const TRUST_ENDS_SOON: Seconds = Seconds::days(21);

/// What a shell saw of its store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreSeen {
    /// No fault, or nobody has looked.
    Well,
    /// It did not open: one in memory stands in for it.
    InMemory,
    /// It is damaged; the next start begins another.
    Damaged,
}

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
    /// What the shell saw of its store.
    pub store: StoreSeen,
    /// Until when the trust file holds that a running program uses; the one in the folder may be
    /// for its next start. None where no program runs.
    pub trust_until: Option<Timestamp>,
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
        found.extend(self.store());
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

    fn store(&self) -> Option<Finding> {
        match self.store {
            StoreSeen::Well => None,
            StoreSeen::InMemory => Some(Finding::StoreInMemory),
            StoreSeen::Damaged => Some(Finding::StoreDamaged),
        }
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
        self.trust_ends(&trust, home).into_iter().chain(config).collect()
    }

    /// That the trust file in use is over, or that it will be soon and the folder has none that holds
    /// for longer.
    fn trust_ends(&self, in_folder: &TrustFile, home: String) -> Option<Finding> {
        let in_use = self.trust_until.unwrap_or(in_folder.expires);
        if self.now > in_use {
            return Some(Finding::TrustExpired { home });
        }
        let left = in_use.max(in_folder.expires).since(self.now);
        let days = left.0 / Seconds::DAY.0;
        (left <= TRUST_ENDS_SOON).then_some(Finding::TrustSoon { home, days })
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
const SLACK: Seconds = Seconds(300);

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
