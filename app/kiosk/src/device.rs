//! This device: its folder, and the light client in it.

use crate::gallery::Gallery;
use crate::operator;
use crate::settings::Settings;
use crate::speak;
use sealight_edge::client::{Light, LightError, Online};
use sealight_edge::clock;
use sealight_edge::home::{Home, HomeError};
use sealight_edge::host::Parts;
use sealight_edge::store::{FleetingStore, SqliteStore, Store};
use sealight_flow::staff::Finding;
use sealight_flow::{Chips, Equipment, Profile};
use std::fmt;
use std::path::Path;
use std::time::Duration;

/// How often headers are synchronised.
const SYNC_EVERY: Duration = Duration::from_secs(300);

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

/// The store on the disk; none where that gives none, which must not keep anybody from an answer.
fn store(path: &Path) -> Option<Box<dyn Store>> {
    match SqliteStore::open_or_anew(path) {
        Ok(opened) => {
            if let Some(warning) = &opened.warning {
                eprintln!("sealight-kiosk: {warning}");
            }
            Some(Box::new(opened.store))
        }
        Err(error) => {
            eprintln!("sealight-kiosk: nothing is kept, the store does not open: {error}");
            None
        }
    }
}

/// Opens the device, and puts what its operator set over the settings; no network yet.
pub(crate) fn open(settings: &mut Settings) -> Result<(Parts, Gallery), DeviceError> {
    let home = home(settings)?;
    let anchor = home.trust().map_err(DeviceError::Home)?;
    let anchor = anchor.ok_or_else(|| DeviceError::NoTrust(home.clone()))?;
    let store = store(&home.store());
    settings.in_memory = store.is_none();
    let store = store.unwrap_or_else(|| Box::new(FleetingStore::new()));
    let light = Light::open(store, &anchor, clock::built(), clock::system())
        .and_then(|light| light.with_home(home.clone()))
        .map_err(|error| DeviceError::Light(home.clone(), error))?;
    let (config, refused) = home.config_in_force(light.trust(), clock::system());
    if let Some(why) = refused {
        // The staff's page says so too, for as long as it is so.
        eprintln!("sealight-kiosk: left out: {why}");
    }
    let sign = operator::put_over(settings, &home, light.trust());
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
    Ok((parts, gallery))
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
}
