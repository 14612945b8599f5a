//! What is shown: flat and final. A shell adds layout, motion and sound, and decides nothing.
//!
//! Texts may hold `**bold**` words, U+200B where a line may break inside Chinese text and U+00A0
//! where it may not; [`crate::plain`] takes them out.

mod action;
mod keypad;
mod story;

pub use action::{Action, Button, Rank};
pub use keypad::Keypad;
pub use story::{Day, Fact, HistoryLine, Legend, Moment, Story, TimeMark};

use crate::profile::Face;
use crate::words::Language;
use serde::{Deserialize, Serialize};

/// One screen, all words, tones, buttons and timers chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Which screen.
    pub screen: Screen,
    /// Which face of the product.
    pub face: Face,
    /// In which language.
    pub language: Language,
    /// The language that the switch leads to; [`View::other_language`] is in it.
    pub next_language: Language,
    /// Rises with each new answer: motion, sound and haptic play once for each.
    pub turn: u32,
    /// The line on top, always there.
    pub strip: Strip,
    /// Colour of the field.
    pub tone: Tone,
    /// What is drawn in the field.
    pub shape: Option<Shape>,
    /// Headline and reason; the record's half where there is another.
    pub field: Panel,
    /// The half of the object in the hand: the field is split.
    pub beside: Option<Panel>,
    /// The headline in the other language, for people who only pass by.
    pub other_language: Option<String>,
    /// What the answer is about.
    pub item: Option<Item>,
    /// What to do next.
    pub next: Option<String>,
    /// What to do, step by step.
    pub steps: Vec<String>,
    /// Where a number is typed: the keys for it.
    pub keypad: Option<Keypad>,
    /// Facts that become true while the answer is made.
    pub progress: Vec<Progress>,
    /// Titles over the evidence.
    pub titles: Option<Titles>,
    /// The evidence, one row a part.
    pub rows: Vec<Row>,
    /// The product's story.
    pub story: Option<Story>,
    /// Earlier scans, the newest day first.
    pub history: Vec<Day>,
    /// Other codes in view, which can be chosen.
    pub others: Vec<String>,
    /// What stands over them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others_title: Option<String>,
    /// Sentences that can be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Remarks under the evidence.
    pub notes: Vec<String>,
    /// Buttons; the first filled one is the hardware trigger's.
    pub actions: Vec<Button>,
    /// When the screen clears itself.
    pub clears: Option<Countdown>,
    /// When it asks again by itself.
    pub retries: Option<Countdown>,
    /// What is heard once.
    pub sound: Option<Sound>,
    /// What is felt once.
    pub haptic: Option<Haptic>,
    /// What "read aloud" speaks, without marks.
    pub aloud: String,
}

impl View {
    /// Hash of the picture that is shown, in hex.
    pub fn picture(&self) -> Option<&str> {
        let of_item = self.item.as_ref().and_then(|item| item.picture.as_deref());
        of_item.or_else(|| self.story.as_ref()?.picture.as_deref())
    }
}

/// Which screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Screen {
    /// Invites to scan.
    Attract,
    /// The camera looks for a code.
    Aiming,
    /// A number is typed.
    Typing,
    /// The answer is being made.
    Checking,
    /// The answer waits for a second tap or a stronger carrier.
    HalfWay,
    /// The answer.
    Verdict,
    /// The product's story.
    Story,
    /// Whether it is feedback or a doubt that the brand is told.
    ReportKind,
    /// Which sentences it is told.
    ReportPhrases,
    /// Everything that leaves.
    ReportReview,
    /// What became of it.
    ReportTold,
    /// Earlier scans.
    History,
    /// Something that is no answer about any goods.
    Trouble,
    /// The staff's PIN is asked for.
    Pin,
    /// The staff's page.
    Staff,
}

/// The line on top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// What it says of the register.
    pub text: String,
    /// Whether there is no network.
    pub offline: bool,
}

/// Colour of a field, and its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// Neither good nor bad: the brand's own colour.
    Act,
    /// Record and object are proven.
    Proven,
    /// The record is proven, the object is not.
    Half,
    /// Cannot be said.
    Unproven,
    /// Something proven speaks against it.
    Alarm,
    /// A device or a reading is at fault.
    Trouble,
}

impl Tone {
    /// How much it speaks against the goods: what says more weighs more.
    pub(crate) fn weight(self) -> u8 {
        match self {
            Self::Act | Self::Proven => 0,
            Self::Half => 1,
            Self::Unproven | Self::Trouble => 2,
            Self::Alarm => 3,
        }
    }
}

/// What is drawn in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// Disc with check.
    Proven,
    /// Disc with check in a ring.
    ProvenRing,
    /// Left half filled, right half dashed.
    Half,
    /// Dashed ring with question mark.
    NotSeen,
    /// Clock, the right half dashed.
    Stale,
    /// Left half filled, right half hollow bars.
    UsedUp,
    /// Octagon with return arrow.
    Recalled,
    /// Halves shifted along the cut.
    Contradicted,
    /// Upper part lifted.
    Opened,
    /// Code outline struck through.
    NotASeal,
    /// Camera outline struck through.
    NoCamera,
    /// Waves struck through.
    NoNetwork,
}

/// A headline and its one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// Read at two metres.
    pub headline: String,
    /// One reason.
    pub reason: Option<String>,
}

/// What the answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Maker, with the number that stands under the code.
    pub maker: String,
    /// Full number, in the form in which it is printed under the code.
    pub number: Option<String>,
    /// The last four characters of that number, which a person compares.
    pub tail: Option<String>,
    /// Whether all of this was only read from the label: then there is no picture.
    pub from_label: bool,
    /// Hash of the picture that the record binds, in hex.
    pub picture: Option<String>,
}

/// A sentence that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The sentence.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A fact that becomes true while the answer is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// What.
    pub what: String,
    /// Its value, if there is one.
    pub value: Option<String>,
    /// Whether it is true by now.
    pub done: bool,
    /// How much of it, in thousandths.
    pub part: Option<u16>,
}

/// Titles over the evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Titles {
    /// Over the findings.
    pub found: String,
    /// Over who says so.
    pub said_by: String,
}

/// One row of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Mark in front.
    pub mark: Mark,
    /// Which part of the verdict.
    pub part: String,
    /// What was found.
    pub finding: String,
    /// Who says so; none in the last row, which is as wide as the page.
    pub said_by: Option<String>,
    /// Registered legal names of who says so.
    pub names: Vec<String>,
}

/// Mark of a row of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mark {
    /// Disc with check: proven.
    Proven,
    /// Dashed ring: nobody showed it.
    Nobody,
    /// Octagon with bar: against.
    Against,
    /// Eye: look yourself.
    Look,
    /// Clock: time.
    Time,
    /// Dash: not looked at.
    Out,
}

/// Time left until something happens by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Countdown {
    /// Seconds left.
    pub seconds: u32,
    /// Seconds of the whole.
    pub of: u32,
    /// Whether these are the last seconds, which are shown large.
    pub last: bool,
    /// Of a screen that clears itself, in the last seconds: that it does, and how it stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
}

/// What is heard once; notes in the design's tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sound {
    /// A code was read.
    Read,
    /// Two rising.
    Proven,
    /// One.
    Half,
    /// One low, held.
    Unproven,
    /// Three falling.
    Alarm,
    /// A tick.
    Trouble,
}

/// What is felt once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Haptic {
    /// One long.
    OneLong,
    /// One short.
    OneShort,
    /// Two short.
    TwoShort,
    /// Three long.
    ThreeLong,
}

impl Tone {
    /// Sound and haptic of an answer in this tone.
    pub fn heard(self) -> (Option<Sound>, Option<Haptic>) {
        match self {
            Self::Act => (None, None),
            Self::Proven => (Some(Sound::Proven), Some(Haptic::OneLong)),
            Self::Half => (Some(Sound::Half), Some(Haptic::OneShort)),
            Self::Unproven => (Some(Sound::Unproven), Some(Haptic::TwoShort)),
            Self::Alarm => (Some(Sound::Alarm), Some(Haptic::ThreeLong)),
            Self::Trouble => (Some(Sound::Trouble), None),
        }
    }
}
