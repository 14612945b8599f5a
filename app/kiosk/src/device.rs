//! This device: its folder, and the light client in it.

use crate::gallery::Gallery;
use crate::operator;
use crate::settings::Settings;
use crate::speak;
use sealight_edge::client::{Light, LightError, Online};
use sealight_edge::clock;
use sealight_edge::home::{Home, HomeError};
use sealight_edge::host::Parts;
use sealight_edge::store::{Check, Damage, FleetingStore, SqliteStore, Store, StoreError};
use sealight_flow::staff::Finding;
use sealight_flow::{Chips, Equipment, Profile};
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often headers are synchronised.
const SYNC_EVERY: Duration = Duration::from_secs(300);
/// After so long the store of a run that was killed is looked through: the window is drawn by then,
/// and the launcher knows that the program came up.
const CHECKS_AFTER: Duration = Duration::from_secs(300);

/// What is in the way of a start, and what to do about it.
#[derive(Debug)]
pub(crate) enum DeviceError {
    /// The system names no folder for data.
    NoHome,
    /// The folder or its files fail.
    Home(HomeError),
    /// No trust file was added.
    NoTrust(Home),
    /// The trust file or the store is not taken.
    Light(Home, LightError),
}

impl DeviceError {
    /// What staff are told of it.
    pub(crate) fn finding(&self) -> Finding {
        match self {
            Self::NoHome | Self::Home(_) => Finding::StoreUnwritable { why: self.to_string() },
            Self::NoTrust(home) => Finding::TrustMissing { home: folder(home) },
            Self::Light(_, LightError::Store(why)) => {
                Finding::StoreUnwritable { why: why.to_string() }
            }
            Self::Light(home, why) => {
                Finding::TrustRefused { home: folder(home), why: why.to_string() }
            }
        }
    }

    /// Whether it is the device's alone: no other version of this program would do better.
    pub(crate) fn is_of_the_device(&self) -> bool {
        matches!(self, Self::NoHome | Self::NoTrust(_))
    }
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHome => f.write_str("no folder for data; name one with --home DIR"),
            Self::Home(error) => write!(f, "{error}"),
            Self::NoTrust(home) => write!(
                f,
                "no trust file in {0}; add one: sealight --home {0} trust add FILE",
                home.path().display()
            ),
            Self::Light(_, error) => write!(f, "not taken: {error}"),
        }
    }
}

fn folder(home: &Home) -> String {
    home.path().display().to_string()
}

/// The device's folder.
pub(crate) fn home(settings: &Settings) -> Result<Home, DeviceError> {
    let path = settings.home.clone().or_else(Home::usual).ok_or(DeviceError::NoHome)?;
    Home::open(&path).map_err(DeviceError::Home)
}

/// A device that was opened.
pub(crate) struct Opened {
    /// What the host starts with.
    pub(crate) parts: Parts,
    /// Its pictures.
    pub(crate) gallery: Gallery,
    /// What is known of the store's file.
    pub(crate) file: StoreFile,
}

/// What is known of the file of a store that is open. One in memory has none, and nothing shows of it.
#[derive(Default)]
pub(crate) struct StoreFile {
    /// Whether damage was seen in it.
    pub(crate) damage: Damage,
    /// The file, where the last run was killed and nobody looked at it since.
    unchecked: Option<PathBuf>,
}

impl StoreFile {
    /// Looks through the file of a run that was killed, some minutes from now, in a thread of its own:
    /// a start does not wait for that, which may take minutes.
    pub(crate) fn check_later(&self) {
        let (Some(path), damage) = (self.unchecked.clone(), self.damage.clone()) else { return };
        let thread = std::thread::Builder::new().name("sealight-check".into());
        let looks = thread.spawn(move || {
            std::thread::sleep(CHECKS_AFTER);
            check(&path, &damage);
        });
        if let Err(error) = looks {
            eprintln!("sealight-kiosk: nobody looks through the store: {error}");
        }
    }
}

/// Reads a store's whole file beside whoever uses it, and tells of damage.
fn check(path: &Path, damage: &Damage) {
    // A file that cannot be read now tells nothing.
    if let Err(StoreError::Corrupt { why }) = Check::of(path).and_then(Check::run) {
        eprintln!("sealight-kiosk: the store is damaged, the next start begins another: {why}");
        damage.see();
    }
}

/// The store on the disk; none where that gives none, which must not keep anybody from an answer.
fn store(path: &Path) -> Option<(Box<dyn Store>, StoreFile)> {
    match SqliteStore::open_or_anew(path) {
        Ok(opened) => {
            if let Some(warning) = &opened.warning {
                eprintln!("sealight-kiosk: {warning}");
            }
            let unchecked = opened.unchecked.then(|| path.to_owned());
            let file = StoreFile { damage: opened.store.damage(), unchecked };
            Some((Box::new(opened.store), file))
        }
        Err(error) => {
            eprintln!("sealight-kiosk: nothing is kept, the store does not open: {error}");
            None
        }
    }
}

/// Opens the device, and puts what its operator set over the settings; no network yet.
pub(crate) fn open(settings: &mut Settings) -> Result<Opened, DeviceError> {
    let home = home(settings)?;
    let anchor = home.trust().map_err(DeviceError::Home)?;
    let anchor = anchor.ok_or_else(|| DeviceError::NoTrust(home.clone()))?;
    let store = store(&home.store());
    settings.in_memory = store.is_none();
    let (store, file) =
        store.unwrap_or_else(|| (Box::new(FleetingStore::new()), StoreFile::default()));
    let light = Light::open(store, &anchor, clock::built(), clock::system())
        .and_then(|light| light.with_home(home.clone()))
        .map_err(|error| DeviceError::Light(home.clone(), error))?;
    let (config, refused) = home.config_in_force(light.trust(), operator::present(&light));
    if let Some(why) = refused {
        // The staff's page says so too, for as long as it is so.
        eprintln!("sealight-kiosk: left out: {why}");
    }
    let sign = operator::put_over(settings, &home, &light);
    let chosen = settings.shop.as_ref().map(|shop| &shop.ledgers).filter(|ids| !ids.is_empty());
    let light = light.with_ledgers(chosen.unwrap_or(&config.ledgers));
    let online = Online::of_device(&home, light.trust(), &config);
    let has = Equipment {
        // Until one answers.
        chip_reader: Chips::NONE,
        hand_scanner: settings.scanner,
        staff: settings.staff,
        report: true,
        voice: speak::is_here(),
    };
    let gallery = Gallery::new(home.pictures(), online.roster());
    let parts = Parts {
        light,
        online,
        profile: Profile::KIOSK.with(has).patient(settings.patience),
        language: settings.language,
        local: settings.local,
        sign,
        system: clock::system,
        sync_every: SYNC_EVERY,
    };
    Ok(Opened { parts, gallery, file })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A folder of this test's own, without anything in it.
    fn empty(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("sealight-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        path
    }

    #[test]
    fn a_device_without_a_trust_file_says_what_it_lacks() {
        let path = empty("no-trust");
        let mut settings = Settings { home: Some(path.clone()), ..Settings::default() };
        let Err(error) = open(&mut settings) else { panic!("it opened") };
        assert_eq!(error.finding(), Finding::TrustMissing { home: path.display().to_string() });
        assert!(error.is_of_the_device());
        std::fs::write(path.join("trust"), b"nonsense").unwrap();
        let Err(error) = open(&mut settings) else { panic!("it opened") };
        assert!(matches!(error.finding(), Finding::TrustRefused { .. }), "{error}");
        assert!(!error.is_of_the_device(), "another version may read it");
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_store_that_does_not_open_keeps_nobody_from_an_answer() {
        let path = empty("no-store");
        assert!(store(&path.join("store.db")).is_none(), "its folder is not there");
        std::fs::create_dir(&path).unwrap();
        assert!(store(&path.join("store.db")).is_some());
        std::fs::remove_dir_all(path).unwrap();
    }

    #[test]
    fn a_store_whose_run_was_killed_is_opened_at_once_and_looked_through_later() {
        use sealight_edge::store::Change;
        let folder = empty("killed-store");
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("store.db");
        let (mut kept, file) = store(&path).unwrap();
        assert!(file.unchecked.is_none(), "a new one");
        for number in 0..40 {
            let (name, value) = (format!("setting {number}"), "x".repeat(4_000));
            kept.apply(&[Change::Setting { name, value }]).unwrap();
        }
        check(&path, &file.damage);
        assert!(!file.damage.is_seen());
        drop(kept);
        // As it is left by a run that was killed, on a disk that fails.
        let mut bytes = std::fs::read(&path).unwrap();
        let (from, to) = (bytes.len() / 2, bytes.len() - 100);
        bytes[from..to].fill(0xA5);
        std::fs::write(&path, &bytes).unwrap();
        std::fs::write(folder.join("store.db-open"), b"").unwrap();
        let (kept, file) = store(&path).unwrap();
        assert_eq!(file.unchecked.as_deref(), Some(path.as_path()));
        assert!(!file.damage.is_seen());
        check(&path, &file.damage);
        assert!(file.damage.is_seen());
        drop(kept);
        let (_, file) = store(&path).unwrap();
        assert!(file.unchecked.is_none() && !file.damage.is_seen(), "another one");
        assert!(folder.join("store.db-damaged-1").exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
