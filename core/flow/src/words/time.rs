//! Dates and spans in words: absolute and relative, in the zone that is handed in.

use super::Words;
use sealight_verify::time::Timestamp;

/// Offset of local time from UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Zone {
    /// Minutes east of UTC, at most a day either way.
    pub minutes_east: i16,
}

/// The present as a view shows it: against it "today" and "one minute ago" are said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// Now.
    pub now: Timestamp,
    /// Offset of local time from UTC.
    pub zone: Zone,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

impl Present {
    /// Seconds from `then` to now; `None` where `then` lies in the future.
    pub(crate) fn age(&self, then: Timestamp) -> Option<u64> {
        u64::try_from(self.now.secs().saturating_sub(then.secs())).ok()
    }

    /// "12 Mar 2026".
    pub(crate) fn date(&self, words: &Words, at: Timestamp) -> String {
        self.pattern(words, "date.full", at)
    }

    /// "14 Nov" in the present year, "14 Nov 2025" otherwise.
    pub(crate) fn short_date(&self, words: &Words, at: Timestamp) -> String {
        let same_year = Civil::of(at, self.zone).year == Civil::of(self.now, self.zone).year;
        self.pattern(words, if same_year { "date.short" } else { "date.full" }, at)
    }

    /// "Sep 2014".
    pub(crate) fn month(&self, words: &Words, at: Timestamp) -> String {
        self.pattern(words, "date.month-year", at)
    }

    /// "10:42".
    pub(crate) fn time_of_day(&self, at: Timestamp) -> String {
        let civil = Civil::of(at, self.zone);
        format!("{:02}:{:02}", civil.hour, civil.minute)
    }

    /// "10:42" today, "18 Nov, 06:00" otherwise.
    pub(crate) fn brief(&self, words: &Words, at: Timestamp) -> String {
        if self.days_ago(at) == 0 { self.time_of_day(at) } else { self.dated(words, at) }
    }

    /// "18 Nov, 06:00".
    pub(crate) fn dated(&self, words: &Words, at: Timestamp) -> String {
        let (date, clock) = (self.short_date(words, at), self.time_of_day(at));
        words.say("date.at", &[("date", &date), ("clock", &clock)])
    }

    /// "Today 10:42", "Yesterday 10:42", "18 Nov, 06:00".
    pub(crate) fn moment(&self, words: &Words, at: Timestamp) -> String {
        let key = match self.days_ago(at) {
            0 => "date.today",
            1 => "date.yesterday",
            _ => return self.dated(words, at),
        };
        words.say(key, &[("clock", &self.time_of_day(at))])
    }

    /// "Today 10:42, one minute ago".
    pub(crate) fn moment_with_age(&self, words: &Words, at: Timestamp) -> String {
        let age = self.ago(words, at);
        words.say("date.with-age", &[("date", &self.moment(words, at)), ("age", &age)])
    }

    /// "one minute ago".
    pub(crate) fn ago(&self, words: &Words, at: Timestamp) -> String {
        match self.age(at) {
            None => words.text("age.future"),
            Some(age) if age < MINUTE => words.text("age.now"),
            Some(age) => words.say("age.ago", &[("span", &span(words, age))]),
        }
    }

    /// Whole local days from `at` to today; negative in the future.
    pub(crate) fn days_ago(&self, at: Timestamp) -> i64 {
        local_days(self.now, self.zone) - local_days(at, self.zone)
    }

    fn pattern(&self, words: &Words, key: &str, at: Timestamp) -> String {
        let civil = Civil::of(at, self.zone);
        let month = words.text(&format!("date.month.{}", civil.month));
        words.say(
            key,
            &[
                ("day", &civil.day.to_string()),
                ("month", &month),
                ("year", &civil.year.to_string()),
            ],
        )
    }
}

/// A span of seconds: "one minute", "4 h 32 min", "2 d 5 h".
pub(crate) fn span(words: &Words, seconds: u64) -> String {
    let minutes = (seconds / MINUTE).max(1);
    if minutes == 1 {
        return words.text("span.minute");
    }
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
    let key = match (days, hours, minutes) {
        (0, 0, _) => "span.minutes",
        (0, _, 0) => "span.hours-even",
        (0, ..) => "span.hours",
        (_, 0, _) => "span.days-even",
        _ => "span.days",
    };
    let values = [days, hours, minutes].map(|n| n.to_string());
    let [days, hours, minutes] = &values;
    words.say(key, &[("days", days), ("hours", hours), ("minutes", minutes)])
}

/// A limit of seconds in one unit: "24 h", "7 d".
pub(crate) fn limit(words: &Words, seconds: u64) -> String {
    if seconds <= 2 * DAY {
        words.say("span.hours-even", &[("hours", &(seconds / HOUR).to_string())])
    } else {
        words.say("span.days-even", &[("days", &(seconds / DAY).to_string())])
    }
}

/// A long span of seconds: "8 months", "11 years 3 months".
pub(crate) fn long_span(words: &Words, seconds: u64) -> String {
    let months = seconds / (DAY * 30);
    let (years, rest) = (months / 12, months % 12);
    let key = match (years, rest) {
        (0, 0) => return span(words, seconds),
        (0, 1) => "span.month",
        (0, _) => "span.months",
        (_, 0) => "span.years-even",
        _ => "span.years",
    };
    words.say(key, &[("years", &years.to_string()), ("months", &rest.to_string())])
}

/// Seconds as a countdown: "0:45", "1:30".
pub(crate) fn countdown(seconds: u64) -> String {
    format!("{}:{:02}", seconds / MINUTE, seconds % MINUTE)
}

/// A point in time in the proleptic Gregorian calendar (ISO 8601).
struct Civil {
    year: i64,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
}

fn local_seconds(at: Timestamp, zone: Zone) -> i64 {
    at.secs() + i64::from(zone.minutes_east) * 60
}

fn local_days(at: Timestamp, zone: Zone) -> i64 {
    local_seconds(at, zone).div_euclid(DAY as i64)
}

impl Civil {
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    fn of(at: Timestamp, zone: Zone) -> Self {
        let in_day = local_seconds(at, zone).rem_euclid(DAY as i64) as u32;
        let shifted = local_days(at, zone) + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted_month + 2) / 5 + 1) as u32;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 } as u32;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self { year, month, day, hour: in_day / 3600, minute: in_day % 3600 / 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, plain};

    fn at(secs: i64) -> Timestamp {
        Timestamp::from_unix_secs(secs)
    }

    fn present() -> Present {
        // 2026-11-20 11:00 in Shanghai.
        Present { now: at(1_795_143_600), zone: Zone { minutes_east: 480 } }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let utc = |secs| {
            let civil = Civil::of(at(secs), Zone::default());
            (civil.year, civil.month, civil.day, civil.hour, civil.minute)
        };
        assert_eq!(utc(0), (1970, 1, 1, 0, 0));
        assert_eq!(utc(951_782_400), (2000, 2, 29, 0, 0));
        assert_eq!(utc(-1), (1969, 12, 31, 23, 59));
        assert_eq!(utc(1_795_143_600), (2026, 11, 20, 3, 0));
    }

    #[test]
    fn a_moment_is_absolute_and_relative() {
        let (present, en, zh) = (present(), Language::English.words(), Language::Chinese.words());
        let minute_ago = at(present.now.secs() - 61);
        assert_eq!(present.moment_with_age(en, minute_ago), "Today 10:58, one minute ago");
        assert_eq!(present.moment_with_age(zh, minute_ago), "今天 10:58，1 分钟前");
        let earlier = at(present.now.secs() - 53 * 3600);
        assert_eq!(plain(&present.moment_with_age(en, earlier)), "18 Nov, 06:00, 2 d 5 h ago");
        assert_eq!(plain(&present.moment(zh, earlier)), "11月18日 06:00");
    }

    #[test]
    fn today_is_today_in_the_zone() {
        let present = present();
        let just_before_midnight = at(present.now.secs() - 11 * 3600 - 60);
        assert_eq!(present.days_ago(just_before_midnight), 1);
        let utc = Present { zone: Zone::default(), ..present };
        assert_eq!(utc.days_ago(at(present.now.secs() - 2 * 3600)), 0);
    }

    #[test]
    fn spans_have_two_units_at_most() {
        let en = Language::English.words();
        assert_eq!(span(en, 20), "one minute");
        assert_eq!(span(en, 4 * 3600 + 32 * 60), "4 h 32 min");
        assert_eq!(span(en, 2 * 86_400), "2 d");
        assert_eq!(limit(en, 86_400), "24 h");
        assert_eq!(long_span(en, 245 * 86_400), "8 months");
        assert_eq!(long_span(en, 86_400 * 30 * 135), "11 years 3 months");
        assert_eq!(countdown(90), "1:30");
    }

    #[test]
    fn no_time_is_too_far_to_be_shown() {
        let present = present();
        for secs in [i64::MIN, i64::MAX] {
            assert!(!present.moment_with_age(Language::English.words(), at(secs)).is_empty());
        }
    }
}
