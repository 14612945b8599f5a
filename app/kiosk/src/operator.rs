//! What the kiosk's operator set, and the thread that brings what the operator sends.
//!
//! A signed configuration is in force over the command line, wherever it says something. A newer
//! one, or an update of the program, counts from the next start on: under `sealight-launch` the
//! kiosk ends with its "start me again" as soon as nobody stands before it, for an update, a
//! document whose time is over, or a store in memory at night only. So does one that was refused at
//! the start and holds since, though never right after a start: what is refused again and again
//! starts nothing again and again.

use crate::bridge::Bridge;
use crate::settings::Settings;
use sealight_edge::cancel::Cancel;
use sealight_edge::client::Light;
use sealight_edge::clock;
use sealight_edge::home::Home;
use sealight_edge::net::{Folder, GatewayUrl, NetError, UrlError};
use sealight_edge::night::Night;
use sealight_edge::operator::{
    ConfigError, Courier, Errand, InForce, Kept, KeyFileError, Occasion, OperatorKey, Sound, Taken,
};
use sealight_flow::Sign;
use sealight_flow::view::Screen;
use sealight_launch::{BringError, Brought, HEALTH, RESTART, Root, bring};
use sealight_verify::time::Timestamp;
use sealight_verify::trust;
use std::fmt;
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// How often it is asked whether somebody stands before the kiosk.
const LOOK: Duration = Duration::from_secs(1);
/// Looks in a row that find nobody before the program ends: a check shows no other screen at first.
const REST: u32 = 5;

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

/// The present as this device knows it when it starts.
pub(crate) fn present(light: &Light) -> Timestamp {
    sealight_edge::operator::present(light, clock::built(), clock::system())
}

/// Puts what the operator set over the settings; what does not hold is told and left out, the
/// operator's own key and place too.
pub(crate) fn put_over(settings: &mut Settings, home: &Home, light: &Light) -> Sign {
    let kept = match kept(settings, home) {
        Ok(Some(kept)) => kept,
        Ok(None) => return Sign::default(),
        Err(error) => {
            tell(settings, error.to_string());
            return Sign::default();
        }
    };
    let (trust, now) = (light.trust(), present(light));
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
    let mut update_waits = false;
    let night = Night::at(settings.night, settings.local);
    Courier::start(clock::system, night, move |occasion, cancel| {
        let configuration = bring_configuration(&settings, &app, occasion, cancel);
        let update = bring_update(&settings, cancel);
        update_waits = update.or_before(update_waits);
        let expired = settings.shop.as_ref().is_some_and(|shop| shop.is_over(now(&app)));
        let damaged =
            app.try_state::<Bridge>().is_some_and(|bridge| bridge.shop().store_is_damaged());
        let tonight = update_waits || expired || settings.in_memory || damaged;
        let again = is_to_start_again(occasion, configuration, tonight);
        if again && std::env::var_os(HEALTH).is_some() {
            start_again(&app, cancel);
        }
        match [configuration, update].contains(&Asked::NoAnswer) {
            true => Errand::NoAnswer,
            false => Errand::Done,
        }
    })
}

/// What came of asking for one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// Something that counts from the next start on.
    News,
    /// Nothing that does.
    Nothing,
    /// Nobody answered.
    NoAnswer,
}

impl Asked {
    fn failed(error: &NetError) -> Self {
        match Errand::failed(error) {
            Errand::Done => Self::Nothing,
            Errand::NoAnswer => Self::NoAnswer,
        }
    }

    /// Whether something waits: what came in an earlier round does until an answer says otherwise.
    fn or_before(self, waited: bool) -> bool {
        match self {
            Self::News => true,
            Self::Nothing => false,
            Self::NoAnswer => waited,
        }
    }
}

/// Whether a round ends the program. At night alone for what is left for the night: an update that
/// cannot be installed then costs one start a night, and so does a disk that gives no store.
fn is_to_start_again(occasion: Occasion, configuration: Asked, tonight: bool) -> bool {
    configuration == Asked::News || tonight && occasion == Occasion::Night
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
fn bring_configuration(
    settings: &Settings,
    app: &AppHandle,
    occasion: Occasion,
    cancel: &Cancel,
) -> Asked {
    let in_force = settings.shop.as_ref().and_then(|shop| shop.configuration.clone());
    let place = in_force.or_else(|| place(settings).ok().flatten());
    let home = settings.home.clone().or_else(Home::usual);
    let home = home.and_then(|path| Home::open(&path).ok());
    let (Some(place), Some(home)) = (place, home) else { return Asked::Nothing };
    let Ok(Some(kept)) = kept(settings, &home) else { return Asked::Nothing };
    // As it stands now: it may have been rotated since the start.
    let Some(trust) = home.trust().ok().flatten().and_then(|bytes| trust::open(&bytes).ok()) else {
        return Asked::Nothing;
    };
    let now = now(app);
    let brought = match kept.bring(&Folder::new(place), (&trust, now), cancel) {
        Ok(brought) => brought,
        Err(error) => {
            eprintln!("sealight-kiosk: no configuration: {error}");
            return Asked::failed(&error);
        }
    };
    let came = Came::of(brought, settings.shop.is_some(), || kept.in_force(&trust, now));
    if let (Some(bridge), Some(told)) = (app.try_state::<Bridge>(), came.told()) {
        bridge.shop().configuration(told);
    }
    match &came {
        Came::New { serial } => {
            eprintln!("sealight-kiosk: configuration {serial} from the next start on");
        }
        Came::Refused(error) => eprintln!("sealight-kiosk: configuration: {error}"),
        Came::InForce | Came::HoldsSince => {}
    }
    came.asked(occasion)
}

/// A document that came.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// It is newer than any before.
    New {
        /// Its serial.
        serial: u64,
    },
    /// It is the one that is in force.
    InForce,
    /// It was refused at the start and is not any more: it is in force from the next one on.
    HoldsSince,
    /// It is refused.
    Refused(ConfigError),
}

impl Came {
    /// What it is, where the program has been running with one in force or without; `kept` looks
    /// anew at what would be in force.
    fn of(
        brought: Result<Taken, ConfigError>,
        has_one: bool,
        kept: impl FnOnce() -> InForce,
    ) -> Self {
        match brought {
            Ok(Taken::New(shop)) => Self::New { serial: shop.serial },
            Ok(Taken::Same) if has_one => Self::InForce,
            Ok(Taken::Same) => kept().trouble.map_or(Self::HoldsSince, Self::Refused),
            Err(error) => Self::Refused(error),
        }
    }

    /// What staff are told from now on; of one that waits for the next start, what they were told
    /// before.
    fn told(&self) -> Option<Option<String>> {
        match self {
            Self::New { .. } | Self::InForce => Some(None),
            Self::HoldsSince => None,
            Self::Refused(error) => Some(Some(error.to_string())),
        }
    }

    /// One that was refused a moment ago waits for another round: if each start refused it, the
    /// program would start again and again.
    fn asked(&self, occasion: Occasion) -> Asked {
        match self {
            Self::New { .. } => Asked::News,
            Self::HoldsSince if occasion != Occasion::Start => Asked::News,
            Self::HoldsSince | Self::InForce | Self::Refused(_) => Asked::Nothing,
        }
    }
}

/// Whether an update waits for the launcher.
fn bring_update(settings: &Settings, cancel: &Cancel) -> Asked {
    let from = settings.shop.as_ref().and_then(|shop| shop.updates.clone());
    let (Some(from), Some(root)) = (from, Root::of_environment()) else { return Asked::Nothing };
    let folder = Folder::new(from);
    match bring(&root, |name, limit| folder.file(name, limit, cancel)) {
        Ok(Brought::Update { release }) => {
            eprintln!("sealight-kiosk: release {release} waits to be installed");
            Asked::News
        }
        Ok(Brought::Nothing) => Asked::Nothing,
        Err(error) => {
            eprintln!("sealight-kiosk: no update: {error}");
            match &error {
                BringError::Source(error) => Asked::failed(error),
                BringError::Update(_) => Asked::Nothing,
            }
        }
    }
}

/// The present while the program runs: no earlier than it was built, nor than the newest headers
/// that it accepted, wherever the clock was set meanwhile.
fn now(app: &AppHandle) -> Timestamp {
    let as_of = app.try_state::<Bridge>().and_then(|bridge| bridge.shop().register_as_of());
    clock::system().max(clock::built()).max(as_of.unwrap_or_else(clock::built))
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
    let mut rested = 0;
    while rested < REST {
        if cancel.is_cancelled() {
            return;
        }
        std::thread::sleep(LOOK);
        rested = if busy() { 0 } else { rested + 1 };
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
    use sealight_edge::operator::Shop;

    fn shop() -> Shop {
        Shop::decode(br#"{"version":1,"serial":9,"expires":5}"#).unwrap()
    }

    fn holds() -> InForce {
        InForce { shop: Some(shop()), trouble: None }
    }

    fn over() -> ConfigError {
        ConfigError::Expired { at: Timestamp::from_unix_secs(5) }
    }

    #[test]
    fn a_document_that_is_refused_is_trouble_and_one_that_is_in_force_ends_it() {
        let refused = Err(ConfigError::NotNewer { have: 5, got: 4 });
        let refused = Came::of(refused, true, holds);
        assert!(refused.told().flatten().is_some_and(|why| why.contains('5')));
        assert_eq!(refused.asked(Occasion::Night), Asked::Nothing);
        let same = Came::of(Ok(Taken::Same), true, holds);
        assert_eq!((same.told(), same.asked(Occasion::Night)), (Some(None), Asked::Nothing));
        let new = Came::of(Ok(Taken::New(Box::new(shop()))), true, holds);
        assert_eq!(new, Came::New { serial: 9 });
        assert_eq!((new.told(), new.asked(Occasion::Start)), (Some(None), Asked::News));
    }

    #[test]
    fn a_document_that_was_refused_at_the_start_and_holds_since_is_news() {
        let same = Came::of(Ok(Taken::Same), false, holds);
        assert_eq!(same, Came::HoldsSince);
        assert_eq!(same.told(), None, "it is not in force yet");
        assert_eq!(same.asked(Occasion::Again), Asked::News);
        assert_eq!(same.asked(Occasion::Night), Asked::News);
        assert_eq!(same.asked(Occasion::Start), Asked::Nothing, "no start for each start");
    }

    #[test]
    fn a_document_that_is_still_refused_starts_nothing_and_is_told() {
        let still = || InForce { shop: None, trouble: Some(over()) };
        for came in [Came::of(Ok(Taken::Same), false, still), Came::of(Err(over()), false, holds)] {
            assert_eq!(came, Came::Refused(over()));
            assert_eq!(came.told(), Some(Some(over().to_string())));
            for occasion in [Occasion::Start, Occasion::Again, Occasion::Night] {
                assert_eq!(came.asked(occasion), Asked::Nothing);
            }
        }
    }

    #[test]
    fn an_update_waits_for_the_night_also_where_nobody_answers_then() {
        let came = Asked::News.or_before(false);
        assert!(came && Asked::NoAnswer.or_before(came));
        assert!(!Asked::Nothing.or_before(came), "it was withdrawn");
        assert!(!Asked::NoAnswer.or_before(false));
        let again = |occasion| is_to_start_again(occasion, Asked::NoAnswer, true);
        assert!(again(Occasion::Night));
        assert!(!again(Occasion::Start) && !again(Occasion::Again));
        assert!(is_to_start_again(Occasion::Again, Asked::News, false));
        assert!(!is_to_start_again(Occasion::Night, Asked::Nothing, false));
    }

    #[test]
    fn only_what_nobody_answered_is_asked_again() {
        assert_eq!(Asked::failed(&NetError::TimedOut), Asked::NoAnswer);
        let absent = NetError::Status { code: 404, text: "nothing is here".into() };
        assert_eq!(Asked::failed(&absent), Asked::Nothing);
    }
}
