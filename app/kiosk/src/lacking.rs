//! The window of a kiosk that cannot start: it says why and what staff can do about it, and looks
//! every half minute whether that was done. Then the program ends to be started again.
//!
//! Where another version of the program might do better, no mark of health is made: one on trial is
//! gone back from.

use crate::bridge::Input;
use crate::device::{self, DeviceError};
use crate::operator;
use crate::settings::Settings;
use crate::window;
use sealight_edge::clock;
use sealight_flow::staff::Finding;
use sealight_flow::{Action, Language, Profile, Showing, View, Zone};
use sealight_launch::{RESTART, SignOfLife};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, State};

/// How often it is looked again.
const AGAIN: Duration = Duration::from_secs(30);

/// What is shown, and whom it concerns.
struct Lacking {
    finding: Finding,
    is_of_the_device: bool,
    language: Mutex<Language>,
    sign: SignOfLife,
}

impl Lacking {
    fn new(error: &DeviceError, language: Language) -> Self {
        Self {
            finding: error.finding(),
            is_of_the_device: error.is_of_the_device(),
            language: Mutex::new(language),
            sign: SignOfLife::of_environment(),
        }
    }

    fn view(&self) -> View {
        let showing = Showing {
            profile: Profile::KIOSK,
            language: *self.language.lock().unwrap_or_else(PoisonError::into_inner),
            now: clock::system(),
            zone: Zone::default(),
            register_as_of: None,
            offline_since: None,
        };
        showing.lacking(&self.finding)
    }

    fn switch_language(&self) {
        let mut language = self.language.lock().unwrap_or_else(PoisonError::into_inner);
        *language = language.next();
    }

    /// Does what the page asks; what is to be shown then.
    fn take(&self, input: &Input) -> Option<View> {
        match input {
            Input::Ready => {}
            Input::Act(Action::SwitchLanguage) => self.switch_language(),
            Input::Drawn if self.is_of_the_device => {
                operator::mark_health();
                return None;
            }
            Input::Alive => {
                self.sign.say();
                return None;
            }
            _ => return None,
        }
        Some(self.view())
    }
}

/// Opens the window and runs until the device can be opened.
///
/// # Errors
/// The toolkit's, where there is no display.
pub(crate) fn run(settings: Settings, error: &DeviceError) -> tauri::Result<()> {
    let lacking = Lacking::new(error, settings.language);
    tauri::Builder::default()
        .manage(lacking)
        .invoke_handler(tauri::generate_handler![act])
        .on_window_event(|_, event| window::stay_open(event))
        .setup(move |app| {
            window::built(app.handle(), &settings)?;
            let app = app.handle().clone();
            let looks = std::thread::Builder::new().name("sealight-lacking".into());
            looks.spawn(move || look_again(&app, &settings))?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

fn look_again(app: &AppHandle, settings: &Settings) {
    loop {
        std::thread::sleep(AGAIN);
        // As if it were a start, on settings of its own.
        if device::open(&mut settings.clone()).is_ok() {
            eprintln!("sealight-kiosk: nothing is in the way any more; ends to be started again");
            return app.exit(RESTART);
        }
    }
}

/// The page's one command, as far as it does anything here.
#[tauri::command]
fn act(input: Input, app: AppHandle, lacking: State<'_, Lacking>) -> Option<View> {
    let view = lacking.take(&input)?;
    if matches!(input, Input::Ready) {
        return Some(view);
    }
    window::tell(&app);
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use sealight_flow::view::Screen;

    #[test]
    fn the_page_is_told_what_is_lacking_in_the_language_that_somebody_wants() {
        let lacking = Lacking::new(&DeviceError::NoHome, Language::English);
        let shown = lacking.take(&Input::Ready).unwrap();
        assert_eq!((shown.screen, shown.language), (Screen::Trouble, Language::English));
        let reason = shown.field.reason.unwrap();
        assert!(reason.contains("no folder for data"), "{reason}");
        let switched = lacking.take(&Input::Act(Action::SwitchLanguage)).unwrap();
        assert_eq!(switched.language, Language::Chinese);
        assert_eq!(lacking.take(&Input::Act(Action::Scan)), None);
        assert_eq!(lacking.take(&Input::Alive), None);
    }
}
