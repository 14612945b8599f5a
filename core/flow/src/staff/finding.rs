//! One thing that is wrong with a device, and how to mend it.

use crate::words::{Words, outside};

/// Whether a finding stands in the way of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It does, now.
    Broken,
    /// It will, or something beside the answers fails.
    Soon,
}

/// Something that is wrong. Texts in it come from the system and are untrusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// No camera is connected.
    CameraMissing,
    /// Another program has the camera.
    CameraBusy {
        /// Its node or name.
        camera: String,
    },
    /// The system does not let this program open the camera.
    CameraForbidden {
        /// Its node.
        path: String,
    },
    /// The camera is there and gives no picture, and nothing says why.
    CameraSilent,
    /// The camera is there and gives no picture.
    CameraFails {
        /// What the system says.
        why: String,
    },
    /// The camera gives pictures in no format that is read.
    CameraNoFormat {
        /// Its name.
        camera: String,
    },
    /// A kernel driver has taken the tag reader, so that no program gets it.
    ReaderGrabbed {
        /// The driver.
        driver: String,
    },
    /// The system does not let this program open the tag reader.
    ReaderForbidden {
        /// Its node.
        path: String,
    },
    /// No tag reader is connected, where one was or should be.
    ReaderMissing,
    /// No scanner and no keyboard is connected, where one should be.
    ScannerUnseen,
    /// The device's folder cannot be written.
    StoreUnwritable {
        /// What the system says.
        why: String,
    },
    /// The store did not open at the start: one in memory stands in for it.
    StoreInMemory,
    /// Damage was seen in the store: the next start begins another.
    StoreDamaged,
    /// Little room is left on the disk.
    DiskLow {
        /// Megabytes that are free.
        megabytes: u64,
    },
    /// The day's figures stand in memory alone.
    DaysUnkept {
        /// What the system says.
        why: String,
    },
    /// The clock may be wrong.
    ClockDoubtful,
    /// There is no trust file.
    TrustMissing {
        /// The device's folder.
        home: String,
    },
    /// The trust file, or what is kept by it, is not taken.
    TrustRefused {
        /// The device's folder.
        home: String,
        /// What is wrong with it.
        why: String,
    },
    /// The trust file is past its date.
    TrustExpired {
        /// The device's folder.
        home: String,
    },
    /// The trust file is over soon.
    TrustSoon {
        /// The device's folder.
        home: String,
        /// Days that are left.
        days: u64,
    },
    /// The register was never fetched.
    SyncNever,
    /// The register is old.
    SyncOld {
        /// Hours since its newest part.
        hours: u64,
    },
    /// The configuration is not taken.
    ConfigRefused {
        /// The device's folder.
        home: String,
        /// What is wrong with it.
        why: String,
    },
    /// What the kiosk's operator sent is not in force.
    OperatorRefused {
        /// What is wrong with it.
        why: String,
    },
    /// Nobody set a PIN for the staff's page.
    PinMissing {
        /// The device's folder.
        home: String,
    },
}

impl Finding {
    /// Its name, in words and documents.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CameraMissing => "camera-missing",
            Self::CameraBusy { .. } => "camera-busy",
            Self::CameraForbidden { .. } => "camera-forbidden",
            Self::CameraSilent => "camera-silent",
            Self::CameraFails { .. } => "camera-fails",
            Self::CameraNoFormat { .. } => "camera-no-format",
            Self::ReaderGrabbed { .. } => "reader-grabbed",
            Self::ReaderForbidden { .. } => "reader-forbidden",
            Self::ReaderMissing => "reader-missing",
            Self::ScannerUnseen => "scanner-unseen",
            Self::StoreUnwritable { .. } => "store-unwritable",
            Self::StoreInMemory => "store-in-memory",
            Self::StoreDamaged => "store-damaged",
            Self::DiskLow { .. } => "disk-low",
            Self::DaysUnkept { .. } => "days-unkept",
            Self::ClockDoubtful => "clock-doubtful",
            Self::TrustMissing { .. } => "trust-missing",
            Self::TrustRefused { .. } => "trust-refused",
            Self::TrustExpired { .. } => "trust-expired",
            Self::TrustSoon { .. } => "trust-soon",
            Self::SyncNever => "sync-never",
            Self::SyncOld { .. } => "sync-old",
            Self::ConfigRefused { .. } => "config-refused",
            Self::OperatorRefused { .. } => "operator-refused",
            Self::PinMissing { .. } => "pin-missing",
        }
    }

    /// Whether it stands in the way of answers.
    pub fn weight(&self) -> Weight {
        match self {
            Self::CameraMissing
            | Self::CameraBusy { .. }
            | Self::CameraForbidden { .. }
            | Self::CameraSilent
            | Self::CameraFails { .. }
            | Self::CameraNoFormat { .. }
            | Self::StoreUnwritable { .. }
            | Self::TrustMissing { .. }
            | Self::TrustRefused { .. }
            | Self::TrustExpired { .. }
            | Self::SyncNever => Weight::Broken,
            Self::ReaderGrabbed { .. }
            | Self::ReaderForbidden { .. }
            | Self::ReaderMissing
            | Self::ScannerUnseen
            | Self::StoreInMemory
            | Self::StoreDamaged
            | Self::TrustSoon { .. }
            | Self::DiskLow { .. }
            | Self::DaysUnkept { .. }
            | Self::ClockDoubtful
            | Self::SyncOld { .. }
            | Self::ConfigRefused { .. }
            | Self::OperatorRefused { .. }
            | Self::PinMissing { .. } => Weight::Soon,
        }
    }

    /// Which part of the device it is about, in a word.
    pub fn part(&self, words: &Words) -> String {
        let part = self.code().split('-').next().unwrap_or_default();
        words.text(&format!("doctor.part.{part}"))
    }

    /// What is wrong.
    pub fn what(&self, words: &Words) -> String {
        self.say(words, "what")
    }

    /// How to mend it.
    pub fn mend(&self, words: &Words) -> String {
        self.say(words, "mend")
    }

    fn say(&self, words: &Words, which: &str) -> String {
        let values = self.values();
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        words.say(&format!("doctor.{}.{which}", self.code()), &values)
    }

    /// Its facts by name, cleaned.
    pub fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::CameraBusy { camera } | Self::CameraNoFormat { camera } => {
                vec![("camera", outside(camera))]
            }
            Self::CameraForbidden { path } | Self::ReaderForbidden { path } => {
                vec![("path", outside(path))]
            }
            Self::CameraFails { why }
            | Self::StoreUnwritable { why }
            | Self::DaysUnkept { why }
            | Self::OperatorRefused { why } => vec![("why", outside(why))],
            // A command without the folder would change another device.
            Self::TrustMissing { home }
            | Self::TrustExpired { home }
            | Self::PinMissing { home } => vec![("home", outside(home))],
            Self::TrustRefused { home, why } | Self::ConfigRefused { home, why } => {
                vec![("home", outside(home)), ("why", outside(why))]
            }
            Self::TrustSoon { home, days } => {
                vec![("home", outside(home)), ("days", days.to_string())]
            }
            Self::ReaderGrabbed { driver } => vec![("driver", outside(driver))],
            Self::DiskLow { megabytes } => vec![("megabytes", megabytes.to_string())],
            Self::SyncOld { hours } => vec![("hours", hours.to_string())],
            Self::CameraMissing
            | Self::CameraSilent
            | Self::ReaderMissing
            | Self::ScannerUnseen
            | Self::StoreInMemory
            | Self::StoreDamaged
            | Self::ClockDoubtful
            | Self::SyncNever => Vec::new(),
        }
    }
}
