//! Between page and host: what a person does goes in, views come out.

use crate::burst::Burst;
use crate::frames::Frames;
use crate::pulse::{Page, Pulse};
use crate::shop::Shop;
use crate::speak::Voice;
use sealight_edge::clock;
use sealight_edge::host::{Host, Parts, Shell};
use sealight_flow::view::Screen;
use sealight_flow::{Action, By, Chips, Effect, Event, Language, View};
use sealight_tag::claim::claim;
use sealight_tag::reading::TagReading;
use sealight_tag::wedge::{Key, Wedge};
use serde::Deserialize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A host that has not closed its store within so long hangs: the program ends all the same, before
/// the keeper ends it.
const CLOSES: Duration = Duration::from_secs(3);
/// Most characters of a number that is typed.
const LONGEST_NUMBER: usize = 64;
/// Most characters of a key's name.
const LONGEST_KEY: usize = 24;

/// What the page sends.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Input {
    /// The page listens and wants to be shown something.
    Ready,
    /// The first view of a page stands on the screen.
    Drawn,
    /// A person did something.
    Act(Action),
    /// A person typed a number.
    Typed(String),
    /// Somebody typed a PIN on the page's own pad.
    Pin(String),
    /// The page is alive.
    Alive,
    /// A key went down, on a keyboard or on a scanner that types.
    Key {
        /// Its place on the keyboard.
        code: String,
        /// Whether Shift was held.
        shift: bool,
        /// Whether Control was held.
        control: bool,
        /// Whether Alt was held.
        #[serde(default)]
        alt: bool,
        /// When, in milliseconds since the page began: as the display server saw it, so that a
        /// busy page does not tear a burst apart.
        at: u64,
    },
}

/// What a caller has to do after the page was heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Nothing.
    Nothing,
    /// Give what is shown.
    Show,
    /// Have [`Bridge::wait_for_quiet`] called, where it may take its time.
    Wait,
}

/// The host with what the shell keeps beside it.
pub(crate) struct Bridge {
    host: Host,
    shown: Arc<Mutex<Option<View>>>,
    wedge: Arc<Mutex<Wedge>>,
    burst: Burst,
    shop: Arc<Shop>,
    page: Mutex<Page>,
    /// The host was told to stop, as the program ends.
    closing: AtomicBool,
}

impl Bridge {
    /// Starts the host; `tell` tells the page of each view, `end` ends the program.
    ///
    /// # Errors
    /// The system's, where it gives no thread.
    pub(crate) fn start(
        parts: Parts,
        frames: Frames,
        shop: Arc<Shop>,
        end: impl Fn() + Send + 'static,
        mut tell: impl FnMut() + Send + 'static,
    ) -> std::io::Result<Self> {
        let shown = Arc::new(Mutex::new(None));
        let mut wedge = Wedge::default();
        shop.layout().into_iter().for_each(|layout| wedge.adopt(layout));
        let wedge = Arc::new(Mutex::new(wedge));
        let (last, keys) = (Arc::clone(&shown), Arc::clone(&wedge));
        let (mut voice, spoken_in) = (Voice::default(), Arc::clone(&shown));
        let counts = Arc::clone(&shop);
        let on_view = move |view: View| {
            *locked(&last) = Some(view);
            tell();
        };
        let on_effect = move |effect: Effect| match effect {
            Effect::Capture(false) => frames.forget(),
            Effect::Forget => {
                frames.forget();
                locked(&keys).forget();
                voice.stop();
            }
            Effect::Hush => voice.stop(),
            Effect::Speak(text) => {
                let language =
                    locked(&spoken_in).as_ref().map_or(Language::English, |v: &View| v.language);
                voice.speak(&text, language);
            }
            // One line that the shop's own system watches for.
            Effect::CallStaff(call) => println!("call-staff {}", call.name()),
            Effect::Note(noted) => counts.note(noted),
            Effect::Exit => {
                counts.save();
                end();
            }
            _ => {}
        };
        let shell = Shell { on_view: Box::new(on_view), on_effect: Box::new(on_effect) };
        let host = Host::start(parts, shell)?;
        let page = Mutex::new(Page::new(clock::monotonic()));
        let (burst, closing) = (Burst::default(), AtomicBool::new(false));
        Ok(Self { host, shown, wedge, burst, shop, page, closing })
    }

    /// What is shown now.
    pub(crate) fn shown(&self) -> Option<View> {
        locked(&self.shown).clone()
    }

    /// Does what the page asks; what is left to do for the caller.
    pub(crate) fn take(&self, input: Input) -> Left {
        match input {
            // No sign of life: a page that cannot draw asks again and again.
            Input::Ready => return Left::Show,
            Input::Alive | Input::Drawn => self.beat(),
            Input::Act(action) => {
                self.host.send(action);
                if action == Action::Staff {
                    self.post(self.shop.pin_standing());
                }
            }
            // Where no pad is shown, nobody can have pressed its keys.
            Input::Pin(pin) if self.screen() == Some(Screen::Pin) => {
                self.post(self.shop.try_pin(&pin));
            }
            Input::Typed(number) if number.chars().count() <= LONGEST_NUMBER => {
                self.read(&TagReading::typed(&number), By::Typed);
            }
            Input::Key { code, shift, control, alt, at } if code.len() <= LONGEST_KEY => {
                let first = self.burst.key(at);
                let key = Key { code: &code, shift, control, alt, at };
                let read = locked(&self.wedge).key(key);
                self.learn();
                read.into_iter().for_each(|reading| self.read(&reading, By::Scanner));
                if first {
                    return Left::Wait;
                }
            }
            Input::Typed(_) | Input::Pin(_) | Input::Key { .. } => {}
        }
        Left::Nothing
    }

    /// What a device read, or how it fails.
    pub(crate) fn post(&self, event: Event) {
        self.host.post(event);
    }

    /// What a tag on the reader says.
    pub(crate) fn tapped(&self, reading: &TagReading) {
        self.read(reading, By::Chip);
    }

    /// The tag reader that was plugged in reads these chips; none where it is gone.
    pub(crate) fn reader(&self, reads: Chips) {
        self.shop.reader(reads.any());
        self.post(Event::ChipReader { reads });
    }

    /// Waits for the silence after a burst of keys, and ends the burst.
    pub(crate) fn wait_for_quiet(&self) {
        let Some(quiet) = self.burst.wait() else { return };
        let read = locked(&self.wedge).quiet(quiet);
        self.learn();
        read.into_iter().for_each(|reading| self.read(&reading, By::Scanner));
    }

    /// The shop's side.
    pub(crate) fn shop(&self) -> &Shop {
        &self.shop
    }

    /// Whether this picture stands on the screen.
    pub(crate) fn shows(&self, picture: &str) -> bool {
        locked(&self.shown).as_ref().and_then(View::picture) == Some(picture)
    }

    /// Which screen is shown.
    pub(crate) fn screen(&self) -> Option<Screen> {
        locked(&self.shown).as_ref().map(|view| view.screen)
    }

    /// Whether the host still runs, or was [closed](Bridge::close).
    pub(crate) fn is_running(&self) -> bool {
        self.closing.load(Ordering::SeqCst) || self.host.is_running()
    }

    /// Stops the host, as the program ends: many hold this, and none drops it. Whether its store is
    /// closed; one that is not is looked through after the next start.
    pub(crate) fn close(&self) -> bool {
        self.closing.store(true, Ordering::SeqCst);
        self.host.stop_within(CLOSES)
    }

    /// Fetches everything and makes the store small.
    pub(crate) fn tidy(&self) {
        self.host.tidy();
    }

    /// What is to be done about the page.
    pub(crate) fn pulse(&self) -> Pulse {
        locked(&self.page).look(clock::monotonic())
    }

    /// Whether the page was heard of lately.
    pub(crate) fn page_is_alive(&self) -> bool {
        locked(&self.page).alive()
    }

    /// The page's process ended; it is being loaded again.
    pub(crate) fn page_lost(&self) {
        locked(&self.page).lost(clock::monotonic());
        self.shop.page_reloaded();
    }

    /// The page is about to begin anew, with all its time.
    pub(crate) fn page_renewed(&self) {
        *locked(&self.page) = Page::new(clock::monotonic());
    }

    /// A scanner's layout is learned while the staff's page is open, and from no visitor.
    fn learn(&self) {
        let learned = locked(&self.wedge).learned();
        if let Some(layout) = learned.filter(|_| self.screen() == Some(Screen::Staff)) {
            self.shop.keep_layout(&layout);
            locked(&self.wedge).adopt(layout);
            self.post(self.shop.desk(false));
        }
    }

    fn beat(&self) {
        locked(&self.page).beat(clock::monotonic());
    }

    fn read(&self, reading: &TagReading, by: By) {
        if by == By::Scanner {
            self.shop.scanned();
        }
        let claim = claim(reading.decode(), reading.medium.carrier()).map(Box::new);
        self.host.post(Event::Read { claim, by, again: false, others: Vec::new() });
    }
}

fn locked<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_what_it_says_in_json() {
        let read = |text: &str| serde_json::from_str::<Input>(text);
        assert!(matches!(read(r#""ready""#), Ok(Input::Ready)));
        assert!(matches!(read(r#""drawn""#), Ok(Input::Drawn)));
        assert!(matches!(read(r#"{"act":"show-story"}"#), Ok(Input::Act(Action::ShowStory))));
        assert!(matches!(read(r#"{"act":{"choose":2}}"#), Ok(Input::Act(Action::Choose(2)))));
        assert!(matches!(read(r#"{"typed":"0AV1M"}"#), Ok(Input::Typed(_))));
        assert!(matches!(read(r#"{"pin":"271828"}"#), Ok(Input::Pin(_))));
        assert!(matches!(read(r#""alive""#), Ok(Input::Alive)));
        let key = r#"{"key":{"code":"KeyA","shift":false,"control":false,"at":12}}"#;
        assert!(matches!(read(key), Ok(Input::Key { .. })));
        for bad in [r#"{"act":"shutdown"}"#, r#"{"eval":"1"}"#, "[]", "null", ""] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
