//! One day in figures: nothing in it is of any visitor or item.

use super::histogram::Histogram;
use crate::local::LocalTime;
use sealight_flow::view::Tone;
use sealight_flow::{Case, Noted, Unread};
use sealight_verify::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the form that is written.
pub(super) const VERSION: u32 = 1;

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// How often the program started.
    pub starts: u64,
    /// Answers by case.
    pub verdicts: BTreeMap<Case, u64>,
    /// Tries without an answer, by reason.
    pub unread: BTreeMap<Unread, u64>,
    /// Milliseconds from reading to answer.
    pub answer_ms: Histogram,
    /// Readings of a scanner that types.
    pub scanner_reads: u64,
    /// How often the camera went away.
    pub camera_failures: u64,
    /// Seconds without a picture.
    pub camera_away_s: u64,
    /// Time of the newest header of the ledger that is furthest behind, in seconds since 1970.
    pub register_as_of: Option<i64>,
    /// Seconds that the register was old at most.
    pub register_oldest_s: u64,
    /// What proved an answer and found no room on the disk.
    pub not_kept: u64,
    /// Of these, kept since.
    pub kept_later: u64,
    /// How often the page was loaded again because it did not answer.
    pub page_reloads: u64,
    /// How often the tag reader went away.
    pub reader_failures: u64,
    /// Seconds without the tag reader.
    pub reader_away_s: u64,
}

/// A day and what was counted on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Version of the form.
    pub version: u32,
    /// The day, as `YYYY-MM-DD` in local time.
    pub date: String,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
}

impl Tally {
    /// Counts what the flow noted.
    pub fn note(&mut self, noted: Noted, now: Timestamp) {
        match noted {
            Noted::Answered { case, ms } => {
                bump(self.verdicts.entry(case).or_default());
                self.answer_ms.add(ms);
            }
            Noted::Unread(reason) => bump(self.unread.entry(reason).or_default()),
            Noted::Synced { as_of } => {
                self.register_as_of = Some(as_of.secs());
                self.age(now);
            }
            // A state, and nothing to be counted.
            Noted::Clock { .. } | Noted::Trust { .. } => {}
            Noted::NotKept => bump(&mut self.not_kept),
            Noted::KeptLater => bump(&mut self.kept_later),
        }
    }

    /// Notes how old the register is by now.
    pub fn age(&mut self, now: Timestamp) {
        let age = self.register_as_of.map_or(0, |at| now.secs().saturating_sub(at).max(0));
        self.register_oldest_s = self.register_oldest_s.max(age.unsigned_abs());
    }

    /// Scans that got an answer.
    pub fn answers(&self) -> u64 {
        sum(self.verdicts.values())
    }

    /// Answers by which all is proven.
    pub fn proven(&self) -> u64 {
        self.in_tone(Tone::Proven)
    }

    /// Answers by which the record is proven, and of the goods before the kiosk nothing can be said.
    pub fn half(&self) -> u64 {
        self.in_tone(Tone::Half)
    }

    /// Answers by which nothing is proven.
    pub fn unproven(&self) -> u64 {
        self.in_tone(Tone::Unproven)
    }

    /// Answers by which something proven speaks against the goods.
    pub fn against(&self) -> u64 {
        self.in_tone(Tone::Alarm)
    }

    fn in_tone(&self, tone: Tone) -> u64 {
        let in_tone = self.verdicts.iter().filter(|(case, _)| case.tone() == tone);
        sum(in_tone.map(|(_, count)| count))
    }

    /// Tries without an answer.
    pub fn unread(&self) -> u64 {
        sum(self.unread.values())
    }
}

pub(super) fn bump(count: &mut u64) {
    *count = count.saturating_add(1);
}

/// The sum, or the most that there is: anybody may have edited a day's file.
fn sum<'a>(counts: impl Iterator<Item = &'a u64>) -> u64 {
    counts.fold(0, |sum, count| sum.saturating_add(*count))
}

impl Day {
    /// A day on which nothing happened yet.
    pub fn new(date: String) -> Self {
        Self { version: VERSION, date, tally: Tally::default() }
    }

    /// The names of the columns of [`Day::row`].
    pub const COLUMNS: &str = "date,starts,answers,proven,half,unproven,against,not_read,\
        median_ms,p95_ms,scanner_reads,camera_failures,camera_away_s,register_oldest_s,\
        not_kept,kept_later,page_reloads,reader_failures,reader_away_s";

    /// The day as one row of CSV: a date and numbers, nothing to be quoted.
    pub fn row(&self) -> String {
        let tally = &self.tally;
        let ms = |percent| tally.answer_ms.under(percent).map(|ms| ms.to_string());
        let numbers = [
            tally.starts.to_string(),
            tally.answers().to_string(),
            tally.proven().to_string(),
            tally.half().to_string(),
            tally.unproven().to_string(),
            tally.against().to_string(),
            tally.unread().to_string(),
            ms(50).unwrap_or_default(),
            ms(95).unwrap_or_default(),
            tally.scanner_reads.to_string(),
            tally.camera_failures.to_string(),
            tally.camera_away_s.to_string(),
            tally.register_oldest_s.to_string(),
            tally.not_kept.to_string(),
            tally.kept_later.to_string(),
            tally.page_reloads.to_string(),
            tally.reader_failures.to_string(),
            tally.reader_away_s.to_string(),
        ];
        format!("{},{}", self.date, numbers.join(","))
    }
}

/// The local day of a moment.
pub(super) fn date(at: Timestamp, local: LocalTime) -> String {
    let ahead = i64::from(local.minutes_east(at)) * 60;
    let local = Timestamp::from_unix_secs(at.secs().saturating_add(ahead));
    local.to_string().chars().take("YYYY-MM-DD".len()).collect()
}
