//! What the kiosk's operator set, and the thread that brings what the operator sends.
//!
//! A signed configuration is in force over the command line, wherever it says something. A newer
//! one, or an update of the program, counts from the next start on: under `sealight-launch` the
//! kiosk ends with its "start me again" as soon as nobody stands before it, for an update, a
//! document whose time is over, or a store in memory at night only.

use crate::bridge::Bridge;
use crate::settings::Settings;
use sealight_edge::cancel::Cancel;
use sealight_edge::clock;
use sealight_edge::home::Home;
use sealight_edge::net::{Folder, GatewayUrl, UrlError};
use sealight_edge::night::Night;
use sealight_edge::operator::{
    ConfigError, Courier, Kept, KeyFileError, OperatorKey, Sound, Taken,
};
use sealight_flow::Sign;
use sealight_flow::view::Screen;
use sealight_launch::{Brought, FOLDER, HEALTH, RESTART, Root, bring};
use sealight_verify::time::Timestamp;
use sealight_verify::trust::{self, TrustFile};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// How often it is asked whether somebody stands before the kiosk.
const LOOK: Duration = Duration::from_secs(1);

/// Where counters are told if the operator wants them and the command line names no port.
const METRICS: u16 = 9464;

/// What is wrong with how the operator was named.
#[derive(Debug)]
pub(crate) enum OperatorError {
    /// The operator's key is none.
    Key(KeyFileError),
    /// The place of configurations is none.
    Place(UrlError),
}

impl fmt::Display for OperatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Place(error) => write!(f, "--config: {error}"),
        }
    }
}

/// Puts what the operator set over the settings; what does not hold is told and left out, the
/// operator's own key and place too.
pub(crate) fn put_over(settings: &mut Settings, home: &Home, trust: &TrustFile) -> Sign {
    let kept = match kept(settings, home) {
        Ok(Some(kept)) => kept,
        Ok(None) => return Sign::default(),
        Err(error) => {
            tell(settings, error.to_string());
            return Sign::default();
        }
    };
    let now = now();
    match place(settings) {
        // A stick or folder is read before anything is shown.
        Ok(Some(place)) if place.file().is_some() => {
            match kept.bring(&Folder::new(place), (trust, now), &Cancel::default()) {
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tell(settings, error.to_string()),
                Err(error) => tell(settings, error.to_string()),
            }
        }
        Ok(_) => {}
        Err(error) => tell(settings, error.to_string()),
    }
    let in_force = kept.in_force(trust, now);
    if let Some(trouble) = in_force.trouble {
        tell(settings, trouble.to_string());
    }
    let Some(shop) = in_force.shop else { return Sign::default() };
    if let Some(first) = shop.sign.languages.first() {
        settings.language = *first;
    }
    settings.patience = shop.patience.unwrap_or(settings.patience);
    settings.sound =
        shop.sound.map(Sound::name).map_or_else(|| settings.sound.clone(), str::to_owned);
    settings.metrics = match shop.metrics {
        Some(true) => settings.metrics.or(Some(METRICS)),
        Some(false) => None,
        None => settings.metrics,
    };
    let sign = shop.sign.clone();
    settings.shop = Some(shop);
    sign
}

/// Told in the log, and kept for whoever looks for what is wrong.
fn tell(settings: &mut Settings, why: String) {
    eprintln!("sealight-kiosk: configuration: {why}");
    settings.config_trouble = Some(why);
}

/// Starts the thread that brings things, where an operator is named or there is a launcher.
///
/// # Errors
/// The system's, where it gives no thread.
pub(crate) fn start(settings: &Settings, app: AppHandle) -> std::io::Result<Courier> {
    let settings = settings.clone();
    let mut at_start = true;
    let night = Night::at(settings.night, settings.local);
    Courier::start(clock::system, night, move |cancel| {
        let configured = bring_configuration(&settings, &app, cancel);
        let updated = bring_update(&settings, cancel);
        let expired = settings.shop.as_ref().is_some_and(|shop| shop.is_over(now()));
        let tonight = updated || expired || settings.in_memory;
        // At night alone: an update that cannot be installed then costs one start a night, and so
        // does a disk that gives no store.
        if (configured || tonight && !at_start) && std::env::var_os(HEALTH).is_some() {
            start_again(&app, cancel);
        }
        at_start = false;
    })
}

/// Marks that the window has shown something, where a launcher waits for that.
pub(crate) fn mark_health() {
    SHOWN.call_once(|| {
        if let Some(path) = std::env::var_os(HEALTH)
            && let Err(error) = std::fs::write(&path, b"shown\n")
        {
            eprintln!("sealight-kiosk: no health mark: {error}");
        }
    });
}

/// The window has shown something.
static SHOWN: Once = Once::new();

/// Whether a newer configuration was taken; staff are told of one that was not.
fn bring_configuration(settings: &Settings, app: &AppHandle, cancel: &Cancel) -> bool {
    let in_force = settings.shop.as_ref().and_then(|shop| shop.configuration.clone());
    let place = in_force.or_else(|| place(settings).ok().flatten());
    let home = settings.home.clone().or_else(Home::usual);
    let home = home.and_then(|path| Home::open(&path).ok());
    let (Some(place), Some(home)) = (place, home) else { return false };
    let Ok(Some(kept)) = kept(settings, &home) else { return false };
    // As it stands now: it may have been rotated since the start.
    let Some(trust) = home.trust().ok().flatten().and_then(|bytes| trust::open(&bytes).ok()) else {
        return false;
    };
    let now = now();
    let brought = match kept.bring(&Folder::new(place), (&trust, now), cancel) {
        Ok(brought) => brought,
        Err(error) => {
            eprintln!("sealight-kiosk: no configuration: {error}");
            return false;
        }
    };
    if let Some(bridge) = app.try_state::<Bridge>() {
        bridge.shop().configuration(trouble(&brought));
    }
    match brought {
        Ok(Taken::New(shop)) => {
            eprintln!("sealight-kiosk: configuration {} from the next start on", shop.serial);
            true
        }
        Ok(Taken::Same) => false,
        Err(error) => {
            eprintln!("sealight-kiosk: configuration: {error}");
            false
        }
    }
}

/// What staff are told of a document that came: nothing of one that holds.
fn trouble(brought: &Result<Taken, ConfigError>) -> Option<String> {
    brought.as_ref().err().map(ToString::to_string)
}

/// Whether an update waits for the launcher.
fn bring_update(settings: &Settings, cancel: &Cancel) -> bool {
    let from = settings.shop.as_ref().and_then(|shop| shop.updates.clone());
    let (Some(from), Some(root)) = (from, std::env::var_os(FOLDER)) else { return false };
    let folder = Folder::new(from);
    let root = Root::new(Path::new(&root));
    match bring(&root, |name, limit| folder.file(name, limit, cancel)) {
        Ok(Brought::Update { release }) => {
            eprintln!("sealight-kiosk: release {release} waits to be installed");
            true
        }
        Ok(Brought::Nothing) => false,
        Err(error) => {
            eprintln!("sealight-kiosk: no update: {error}");
            false
        }
    }
}

/// No earlier than this program was built.
fn now() -> Timestamp {
    clock::system().max(clock::built())
}

/// Ends the program once it has come up and nobody stands before it: before that, the launcher would
/// take it for one that does not come up.
fn start_again(app: &AppHandle, cancel: &Cancel) {
    let busy = || {
        if !SHOWN.is_completed() {
            return true;
        }
        let bridge = app.try_state::<Bridge>();
        bridge.and_then(|bridge| bridge.shown()).is_none_or(|view| view.screen != Screen::Attract)
    };
    while busy() {
        if cancel.is_cancelled() {
            return;
        }
        std::thread::sleep(LOOK);
    }
    app.exit(RESTART);
}

fn kept(settings: &Settings, home: &Home) -> Result<Option<Kept>, OperatorError> {
    let key = settings.operator_key.as_deref().map(OperatorKey::read).transpose();
    Ok(key.map_err(OperatorError::Key)?.map(|key| Kept::new(home.clone(), key)))
}

/// The folder that the command line names: an address, or a path on this machine.
fn place(settings: &Settings) -> Result<Option<GatewayUrl>, OperatorError> {
    let Some(text) = &settings.config else { return Ok(None) };
    let url = match text.contains("://") {
        true => GatewayUrl::configured(text),
        false => std::path::absolute(PathBuf::from(text))
            .map_err(|_| UrlError::Unfit)
            .and_then(|path| GatewayUrl::of_file(&path)),
    };
    url.map(Some).map_err(OperatorError::Place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_is_refused_is_trouble_and_one_that_holds_ends_it() {
        let refused = Err(ConfigError::NotNewer { have: 5, got: 4 });
        assert!(trouble(&refused).is_some_and(|why| why.contains('5')));
        assert_eq!(trouble(&Ok(Taken::Same)), None);
    }
}
