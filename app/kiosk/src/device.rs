//! This device: its folder, and the light client in it.

use crate::operator::{self, OperatorError};
use crate::settings::Settings;
use crate::speak;
use sealight_edge::client::{Light, LightError, Online};
use sealight_edge::clock;
use sealight_edge::home::{Home, HomeError};
use sealight_edge::host::Parts;
use sealight_edge::store::{SqliteStore, StoreError};
use sealight_flow::{Equipment, Profile, Zone};
use std::fmt;
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
    /// The store does not open.
    Store(StoreError),
    /// The trust file or the store is not taken.
    Light(LightError),
    /// The operator is not named as it should be.
    Operator(OperatorError),
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
            Self::Store(error) => write!(f, "the store does not open: {error}"),
            Self::Light(error) => write!(f, "not taken: {error}"),
            Self::Operator(error) => write!(f, "{error}"),
        }
    }
}

/// The device's folder.
pub(crate) fn home(settings: &Settings) -> Result<Home, DeviceError> {
    let path = settings.home.clone().or_else(Home::usual).ok_or(DeviceError::NoHome)?;
    Home::open(&path).map_err(DeviceError::Home)
}

/// Opens the device, and puts what its operator set over the settings; no network yet.
pub(crate) fn open(settings: &mut Settings) -> Result<Parts, DeviceError> {
    let home = home(settings)?;
    let anchor = home.trust().map_err(DeviceError::Home)?;
    let anchor = anchor.ok_or_else(|| DeviceError::NoTrust(home.clone()))?;
    let opened = SqliteStore::open(&home.store()).map_err(DeviceError::Store)?;
    if let Some(warning) = &opened.warning {
        eprintln!("sealight-kiosk: {warning}");
    }
    let light = Light::open(Box::new(opened.store), &anchor, clock::built(), clock::system())
        .and_then(|light| light.with_home(home.clone()))
        .map_err(DeviceError::Light)?;
    let config = home.config(light.trust()).map_err(DeviceError::Home)?;
    let config = config.in_force(clock::system());
    let sign = operator::put_over(settings, &home, light.trust()).map_err(DeviceError::Operator)?;
    let chosen = settings.shop.as_ref().map(|shop| &shop.ledgers).filter(|ids| !ids.is_empty());
    let light = light.with_ledgers(chosen.unwrap_or(&config.ledgers));
    let online = Online::of_device(&home, light.trust(), &config);
    let has = Equipment {
        // Until one answers.
        chip_reader: false,
        hand_scanner: settings.scanner,
        staff: settings.staff,
        report: true,
        voice: speak::is_here(),
    };
    Ok(Parts {
        light,
        online,
        profile: Profile::KIOSK.with(has).patient(settings.patience),
        language: settings.language,
        zone: Zone { minutes_east: settings.minutes_east },
        sign,
        system: clock::system,
        sync_every: SYNC_EVERY,
    })
}
