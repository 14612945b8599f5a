//! A product's story, and the list of earlier scans.

use super::{Shape, Tone};
use serde::{Deserialize, Serialize};

/// A product's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Hash of the picture that the record binds, in hex.
    pub picture: Option<String>,
    /// What the record says of the product.
    pub facts: Vec<Fact>,
    /// Its stations, in the order in which they are first named, the last of them here; a list,
    /// not a map.
    pub places: Vec<String>,
    /// The way from each place to the next: whether entries follow on it without a gap.
    pub legs: Vec<bool>,
    /// What happened, oldest first; the last is "shown here".
    pub timeline: Vec<Moment>,
    /// Number of events left out between the second and the last six.
    pub hidden: u32,
    /// After how many moments of the timeline they are left out.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hidden_after: u32,
    /// What the marks mean.
    pub legend: Vec<Legend>,
}

fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A label and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What.
    pub label: String,
    /// Value.
    pub value: String,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// When.
    pub when: String,
    /// Mark in front.
    pub mark: TimeMark,
    /// What.
    pub what: String,
    /// Facts beside it.
    pub facts: Vec<Fact>,
    /// Who says so.
    pub said_by: String,
    /// Registered legal names of who says so.
    pub names: Vec<String>,
    /// Number of its station among the places, from 1.
    pub station: Option<u32>,
}

/// Mark on a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimeMark {
    /// Ring: one party says so.
    Ring,
    /// Ringed dot: two independent parties.
    RingedDot,
    /// Diamond: a sensor.
    Diamond,
    /// Dashed ring: nobody, no entry.
    DashedRing,
    /// Octagon: against.
    Octagon,
    /// Filled dot: this device, now.
    Here,
}

/// What a mark means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Legend {
    /// The mark.
    pub mark: TimeMark,
    /// What it means.
    pub text: String,
}

/// Earlier scans of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    pub date: String,
    /// The scans, the newest first.
    pub lines: Vec<HistoryLine>,
}

/// One earlier scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryLine {
    /// Place among the entries that were loaded, for [`super::Action::OpenEntry`].
    pub entry: u32,
    /// Tone then, or alarm where it was recalled since.
    pub tone: Tone,
    /// Shape then, or the recall's.
    pub shape: Shape,
    /// The product.
    pub name: String,
    /// What was proven then.
    pub what: String,
    /// What is known since.
    pub since: Option<String>,
}
