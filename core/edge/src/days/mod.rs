//! A kiosk's days in figures: a file a day in its home folder, as JSON, and as rows of CSV.
//!
//! Blocks for the disk in [`Unsaved::write`] alone, which needs nothing of what is counted on. A file
//! is written whole or not at all; where it cannot be, counting goes on in memory and
//! [`Days::unkept`] says why. At most [`MOST_DAYS`] files stay, the newest. Days that are still to
//! come are of a clock that was ahead: they push out none that was, and go once the register says
//! that the clock is right. Files are read with a bound; one that does not read is as good as absent.

mod away;
mod day;
mod histogram;

pub use day::{Day, Tally};
pub use histogram::Histogram;

use crate::home::{self, HomeError};
use crate::local::LocalTime;
use away::Away;
use day::{VERSION, bump, date};
use sealight_flow::Noted;
use sealight_verify::time::Timestamp;
use std::path::{Path, PathBuf};

/// Most days that are kept: a year, and a month to look at it.
pub const MOST_DAYS: usize = 400;
/// Most bytes of a day's file.
const MAX_DAY: usize = 16 * 1024;
/// Most days that wait in memory for a disk that takes nothing.
const MOST_WAITING: usize = 16;
/// Seconds of a day.
const DAY: i64 = 24 * 3600;

/// Today's figures, and the files of the days before.
#[derive(Debug)]
pub struct Days {
    folder: PathBuf,
    local: LocalTime,
    /// Most files that stay.
    most: usize,
    today: Day,
    /// What was counted since the program started.
    since_start: Tally,
    /// Days that are over and not yet on the disk, the oldest first.
    waiting: Vec<Day>,
    changed: bool,
    unkept: Option<String>,
    camera: Away,
    reader: Away,
}

/// A copy of the days that are not on the disk yet: whoever writes it keeps nobody from counting.
#[derive(Debug)]
pub struct Unsaved {
    folder: PathBuf,
    most: usize,
    days: Vec<Day>,
    /// The last day that can have begun anywhere; none while nothing speaks for the clock.
    last: Option<String>,
}

/// What became of it.
#[derive(Debug)]
pub struct Written {
    /// Those that are on the disk now.
    days: Vec<Day>,
    error: Option<HomeError>,
}

impl Days {
    /// Goes on with today's file, or begins it; counts a start.
    pub fn open(folder: &Path, local: LocalTime, now: Timestamp) -> Self {
        let date = date(now, local);
        let today = read(&path_of(folder, &date)).filter(|day| day.date == date);
        let mut days = Self {
            folder: folder.to_owned(),
            local,
            most: MOST_DAYS,
            today: today.unwrap_or_else(|| Day::new(date)),
            since_start: Tally::default(),
            waiting: Vec::new(),
            changed: false,
            unkept: None,
            camera: Away::default(),
            reader: Away::default(),
        };
        days.count(now, |tally| bump(&mut tally.starts));
        days
    }

    /// Keeps so many days' files at most, and never more than [`MOST_DAYS`].
    pub fn keeping(self, most: usize) -> Self {
        Self { most: most.clamp(1, MOST_DAYS), ..self }
    }

    /// Counts what the flow noted.
    pub fn note(&mut self, noted: Noted, now: Timestamp) {
        self.count(now, |tally| tally.note(noted, now));
    }

    /// Counts a reading of a scanner that types.
    pub fn scanned(&mut self, now: Timestamp) {
        self.count(now, |tally| bump(&mut tally.scanner_reads));
    }

    /// Counts that the page was loaded again.
    pub fn page_reloaded(&mut self, now: Timestamp) {
        self.count(now, |tally| bump(&mut tally.page_reloads));
    }

    /// The camera gives pictures, or none.
    pub fn camera(&mut self, well: bool, now: Timestamp) {
        self.spend_away(now);
        if self.camera.goes(well, now) {
            self.count(now, |tally| bump(&mut tally.camera_failures));
        }
    }

    /// The tag reader answers, or does not although one was or should be there.
    pub fn reader(&mut self, well: bool, now: Timestamp) {
        self.spend_away(now);
        if self.reader.goes(well, now) {
            self.count(now, |tally| bump(&mut tally.reader_failures));
        }
    }

    /// Begins a new day where one has come; a copy of what is not on the disk yet, if there is any.
    /// What becomes of it is for [`Days::written`].
    pub fn unsaved(&mut self, now: Timestamp) -> Option<Unsaved> {
        self.spend_away(now);
        self.turn(now);
        self.today.tally.age(now);
        self.since_start.age(now);
        if !self.changed && self.waiting.is_empty() {
            return None;
        }
        self.changed = false;
        let days = self.waiting.iter().chain([&self.today]).cloned().collect();
        Some(Unsaved { folder: self.folder.clone(), most: self.most, days, last: self.last(now) })
    }

    /// The day after today, where a header of the register is as new as the clock says that today is.
    /// A clock that is behind must not take days that were for days that are still to come.
    fn last(&self, now: Timestamp) -> Option<String> {
        let age = now.secs().saturating_sub(self.today.tally.register_as_of?);
        let day_after = Timestamp::from_unix_secs(now.secs().saturating_add(DAY));
        (0..=DAY).contains(&age).then(|| date(day_after, self.local))
    }

    /// What was written waits no longer, as far as nothing was counted on it meanwhile.
    pub fn written(&mut self, written: Written) {
        self.waiting.retain(|day| !written.days.contains(day));
        self.unkept = written.error.map(|error| error.to_string());
        self.changed |= self.unkept.is_some();
    }

    #[cfg(test)]
    fn save(&mut self, now: Timestamp) {
        if let Some(unsaved) = self.unsaved(now) {
            self.written(unsaved.write());
        }
    }

    /// Why the figures are not on the disk, where they are not.
    pub fn unkept(&self) -> Option<&str> {
        self.unkept.as_deref()
    }

    /// Today, so far.
    pub fn today(&self) -> &Day {
        &self.today
    }

    /// What was counted since the program started.
    pub fn since_start(&self) -> &Tally {
        &self.since_start
    }

    fn count(&mut self, now: Timestamp, what: impl Fn(&mut Tally)) {
        self.turn(now);
        what(&mut self.today.tally);
        what(&mut self.since_start);
        self.changed = true;
    }

    fn spend_away(&mut self, now: Timestamp) {
        let (camera, reader) = (self.camera.spend(now), self.reader.spend(now));
        if (camera, reader) != (0, 0) {
            self.count(now, |tally| {
                tally.camera_away_s = tally.camera_away_s.saturating_add(camera);
                tally.reader_away_s = tally.reader_away_s.saturating_add(reader);
            });
        }
    }

    /// A day that a clock goes back to is gone on with, so that none is written twice.
    fn turn(&mut self, now: Timestamp) {
        let date = date(now, self.local);
        if date == self.today.date {
            return;
        }
        let before = self.waiting.iter().position(|day| day.date == date);
        let next = match before {
            Some(at) => Some(self.waiting.remove(at)),
            None => read(&path_of(&self.folder, &date)).filter(|day| day.date == date),
        };
        let mut next = next.unwrap_or_else(|| Day::new(date));
        let known = self.today.tally.register_as_of;
        next.tally.register_as_of = known.or(next.tally.register_as_of);
        self.waiting.push(std::mem::replace(&mut self.today, next));
        if self.waiting.len() > MOST_WAITING {
            self.waiting.remove(0);
        }
        self.changed = true;
    }
}

impl Unsaved {
    /// Writes the days, the oldest first, as far as the disk takes them.
    pub fn write(self) -> Written {
        let mut days = Vec::new();
        let made = std::fs::create_dir_all(&self.folder);
        let made = made
            .map_err(|error| HomeError::Io { path: self.folder.clone(), why: error.to_string() });
        let written = made.and_then(|()| {
            let today = self.days.last().map(|day| day.date.clone()).unwrap_or_default();
            self.days.into_iter().try_for_each(|day| {
                write(&self.folder, &day)?;
                if day.date != today {
                    forget_old(&self.folder, self.most, &today);
                    forget_beyond(&self.folder, self.last.as_deref());
                }
                days.push(day);
                Ok(())
            })
        });
        Written { days, error: written.err() }
    }
}

/// All days that are on the disk, the oldest first.
pub fn all(folder: &Path) -> Vec<Day> {
    let days = files(folder).into_iter().filter_map(|(date, path)| {
        let day = read(&path)?;
        (day.date == date).then_some(day)
    });
    days.collect()
}

/// Files that are named as days are, the oldest first.
fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| {
        let path = entry.path();
        let date = path.file_stem()?.to_str()?.to_owned();
        let digits = |c: char| c.is_ascii_digit() || c == '-';
        let is_day = path.extension().is_some_and(|end| end == "json")
            && date.len() == 10
            && date.chars().all(digits);
        is_day.then_some((date, path))
    });
    let mut named: Vec<_> = named.collect();
    named.sort();
    named
}

/// Forgets the oldest of the days up to today, so that `most` of them stay; later ones do not count.
fn forget_old(folder: &Path, most: usize, today: &str) {
    let mut files = files(folder);
    files.retain(|(date, _)| date.as_str() <= today);
    forget(&files[..files.len().saturating_sub(most)]);
}

/// Forgets days after the last one that can have begun.
fn forget_beyond(folder: &Path, last: Option<&str>) {
    let Some(last) = last else { return };
    let mut files = files(folder);
    files.retain(|(date, _)| date.as_str() > last);
    forget(&files);
}

fn forget(files: &[(String, PathBuf)]) {
    for (_, path) in files {
        // One that stays is tried again tomorrow.
        let _ = std::fs::remove_file(path);
    }
}

fn path_of(folder: &Path, date: &str) -> PathBuf {
    folder.join(format!("{date}.json"))
}

fn read(path: &Path) -> Option<Day> {
    let bytes = home::read(path, MAX_DAY).ok()??;
    let day: Day = serde_json::from_slice(&bytes).ok()?;
    (day.version == VERSION).then_some(day)
}

fn write(folder: &Path, day: &Day) -> Result<(), HomeError> {
    // Names and numbers only: writing them as JSON cannot fail.
    let bytes = serde_json::to_vec_pretty(day).unwrap_or_default();
    home::write(&path_of(folder, &day.date), &bytes)
}

#[cfg(test)]
mod tests;
