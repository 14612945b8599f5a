//! From what is known to what is shown: one function an outcome.

mod alarm;
mod item;
mod list;
mod next;
mod past;
mod proven;
mod report;
mod rows;
mod staff;
mod start;
mod story;
mod trouble;
mod unproven;
mod verdict;

pub(crate) use list::history;
pub(crate) use report::report;
pub(crate) use staff::{lacking, pin, staff};
pub use start::Hint;
pub(crate) use start::{Checked, aiming, aiming_by_hand, attract, checking, typing};
pub(crate) use story::story;
pub use trouble::Trouble;
pub(crate) use trouble::trouble;
pub(crate) use verdict::{Posed, verdict};

use crate::profile::Profile;
use crate::view::{Action, Button, Countdown, Rank, Screen, Strip, Tone, View};
use crate::words::{Language, Present, Words, plain};
use sealight_verify::time::Timestamp;

/// What every screen is drawn from, whatever it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) language: Language,
    /// The language that the switch leads to.
    pub(crate) next_language: Language,
    pub(crate) present: Present,
    pub(crate) register: &'a Register,
    pub(crate) camera_out: bool,
    pub(crate) turn: u32,
    pub(crate) clears: Option<(u32, u32)>,
}

/// What is known of the register on this device.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Register {
    /// Time of the newest accepted header, of the ledger that is furthest behind.
    pub(crate) as_of: Option<Timestamp>,
    /// Since when no gateway of any ledger answers.
    pub(crate) offline_since: Option<Timestamp>,
    /// Bytes of the register that came, of so many.
    pub(crate) getting: Option<(u64, Option<u64>)>,
}

/// Seconds at the end of a countdown that are shown large.
const LAST_SECONDS: u32 = 10;

impl Scene<'_> {
    pub(crate) fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// A view with its strip and nothing else.
    pub(crate) fn blank(&self, screen: Screen, tone: Tone) -> View {
        View {
            screen,
            face: self.profile.face,
            language: self.language,
            next_language: self.next_language,
            turn: self.turn,
            strip: self.strip(),
            tone,
            shape: None,
            field: Default::default(),
            beside: None,
            other_language: None,
            item: None,
            next: None,
            steps: Vec::new(),
            keypad: None,
            progress: Vec::new(),
            titles: None,
            rows: Vec::new(),
            story: None,
            history: Vec::new(),
            others: Vec::new(),
            others_title: None,
            choices: Vec::new(),
            notes: Vec::new(),
            actions: Vec::new(),
            clears: self.clears.map(|(left, of)| self.clearing(left, of)),
            retries: None,
            sound: None,
            haptic: None,
            aloud: String::new(),
        }
    }

    /// The time until the screen clears itself; whoever still reads is warned at the end (WCAG 2.2,
    /// 2.2.1).
    fn clearing(&self, left: u32, of: u32) -> Countdown {
        let countdown = countdown(left, of);
        let seconds = [("seconds", &*left.to_string())];
        let warning = countdown.last.then(|| self.words().say("clears.warning", &seconds));
        Countdown { warning, ..countdown }
    }

    /// Lists other codes in view.
    pub(crate) fn list_others(&self, view: &mut View, others: &[String]) {
        view.others = others.to_vec();
        view.others_title = (!others.is_empty()).then(|| self.words().text("others.title"));
    }

    fn strip(&self) -> Strip {
        let (words, register) = (self.words(), self.register);
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000).to_string();
        let text = match (register.offline_since, register.as_of, register.getting) {
            (Some(since), ..) => {
                words.say("strip.offline", &[("time", &self.present.brief(words, since))])
            }
            (None, Some(at), _) => {
                words.say("strip.as-of", &[("time", &self.present.brief(words, at))])
            }
            (None, None, Some((have, Some(of)))) => {
                words.say("strip.getting", &[("have", &megabytes(have)), ("of", &megabytes(of))])
            }
            (None, None, Some((_, None))) => words.text("strip.getting-first"),
            (None, None, None) => words.text("strip.none"),
        };
        Strip { text, offline: register.offline_since.is_some() }
    }

    fn button(&self, action: Action, label: &str, rank: Rank) -> Button {
        Button { action, label: self.words().text(label), rank }
    }

    /// The language switch says, in the language that it leads to, what that is called.
    fn switch(&self) -> Button {
        let label = self.next_language.words().text("language.name");
        Button { action: Action::SwitchLanguage, label, rank: Rank::Quiet }
    }

    /// Language, read aloud, done with the time left: under the actions of every answer.
    fn quiet_buttons(&self) -> Vec<Button> {
        let mut quiet = vec![self.switch()];
        if self.profile.has.voice {
            quiet.push(self.button(Action::ReadAloud, "action.read-aloud", Rank::Quiet));
        }
        let done = match self.clears {
            Some((left, _)) => {
                let time = crate::words::countdown(u64::from(left));
                self.words().say("action.done.clears", &[("time", &time)])
            }
            None => self.words().text("action.done"),
        };
        quiet.push(Button { action: Action::Done, label: done, rank: Rank::Quiet });
        quiet
    }
}

pub(crate) fn countdown(seconds: u32, of: u32) -> Countdown {
    Countdown { seconds, of, last: seconds <= LAST_SECONDS, warning: None }
}

/// The button that called the staff says that it did, and so does what is read aloud.
pub(crate) fn staff_called(view: &mut View) {
    let words = view.language.words();
    let label = words.text("action.staff-called");
    view.aloud = format!("{}{}", sentence(words, &label), view.aloud);
    let calls = view.actions.iter_mut().filter(|button| button.action == Action::CallStaff);
    calls.for_each(|button| button.label.clone_from(&label));
}

/// What "read aloud" speaks: headline, reason, next step, each step.
fn aloud(view: &View) -> String {
    aloud_with(view, view.next.as_deref())
}

/// The same with this next step.
fn aloud_with(view: &View, next: Option<&str>) -> String {
    let panels = [Some(&view.field), view.beside.as_ref()];
    let said = panels.into_iter().flatten().flat_map(|panel| {
        [Some(panel.headline.as_str()), panel.reason.as_deref()].into_iter().flatten()
    });
    let (words, steps) = (view.language.words(), view.steps.iter().map(String::as_str));
    let all = said.chain(next).chain(steps);
    all.map(|text| sentence(words, text)).collect::<String>().trim_end().to_owned()
}

/// A text as a sentence of what is spoken, with the space after it.
fn sentence(words: &Words, text: &str) -> String {
    let text = plain(text);
    let ends = text.ends_with(['.', '。', '?', '？', ':', '：']);
    let stop = if ends { String::new() } else { words.text("list.end") };
    format!("{}{stop}{}", text.trim(), words.text("list.space"))
}

#[cfg(test)]
mod tests;
