//! What a shop puts up on the first screen: its name, its hours, its languages.
//!
//! Hours are told and nothing else: a kiosk answers at any hour.

use crate::view::{Action, Screen, View};
use crate::words::{Language, Present, Words, quoted};

const DAY: i64 = 24 * 60;

/// What a shop puts up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sign {
    /// The shop's name, as its operator writes it.
    pub name: Option<String>,
    /// When the shop is open; empty where that is not told.
    pub hours: Vec<Opening>,
    /// The languages that are offered; all of them where it is empty.
    pub languages: Vec<Language>,
}

/// One span of a day in which the shop is open, on some days of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    days: [bool; 7],
    from: u16,
    to: u16,
}

impl Opening {
    /// Days from 1, Monday, to 7 (ISO 8601), and minutes of the day: `from` before `to`, at most
    /// 24:00. A night is two spans.
    pub fn new(days: &[u8], from: u16, to: u16) -> Option<Self> {
        let mut open = [false; 7];
        for day in days {
            *open.get_mut(usize::from(*day).checked_sub(1)?)? = true;
        }
        let fit = !days.is_empty() && from < to && i64::from(to) <= DAY;
        fit.then_some(Self { days: open, from, to })
    }

    /// The days, from 1, Monday, to 7.
    pub fn days(&self) -> impl Iterator<Item = u8> {
        (1..=7).zip(self.days).filter_map(|(day, open)| open.then_some(day))
    }

    /// Minutes of the day: from and to.
    pub fn minutes(&self) -> (u16, u16) {
        (self.from, self.to)
    }
}

impl Sign {
    /// The language that a switch leads to.
    pub(crate) fn next(&self, language: Language) -> Language {
        let offered =
            |language: &Language| self.languages.is_empty() || self.languages.contains(language);
        let all = std::iter::successors(Some(language.next()), |language| Some(language.next()));
        all.take(Language::all().count()).find(offered).unwrap_or(language)
    }

    /// Puts it up on a view.
    pub(crate) fn put_up(&self, view: &mut View, present: Present) {
        let words = view.language.words();
        if view.next_language == view.language {
            view.other_language = None;
            view.actions.retain(|button| button.action != Action::SwitchLanguage);
        }
        if view.screen != Screen::Attract {
            return;
        }
        let name = self.name.as_deref().map(quoted);
        match (name, self.told(words, present)) {
            (None, None) => {}
            (Some(one), None) | (None, Some(one)) => view.notes.insert(0, one),
            (Some(name), Some(hours)) => {
                let note = words.say("sign.name-and-hours", &[("name", &name), ("hours", &hours)]);
                view.notes.insert(0, note);
            }
        }
    }

    /// The span of today that is or comes, or that the shop is closed.
    fn told(&self, words: &Words, present: Present) -> Option<String> {
        let local = present.now.secs().div_euclid(60) + i64::from(present.zone.minutes_east);
        // 1 January 1970 was a Thursday.
        let weekday = usize::try_from((local.div_euclid(DAY) + 3).rem_euclid(7)).ok()?;
        let minute = local.rem_euclid(DAY);
        let today = self.hours.iter().filter(|span| span.days.get(weekday) == Some(&true));
        let next = today.filter(|span| minute < i64::from(span.to)).min_by_key(|span| span.from);
        let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        match next {
            None if self.hours.is_empty() => None,
            None => Some(words.text("sign.closed")),
            Some(Opening { from, to, .. }) => {
                let values = [("from", &*clock(*from)), ("to", &*clock(*to))];
                Some(words.say("sign.open", &values))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Equipment, Event, Flow, Instant, Profile, Zone};
    use sealight_verify::time::Timestamp;

    /// Saturday, 28 November 2026, 08:00 UTC.
    const SATURDAY: i64 = 1_795_852_800;

    fn sign() -> Sign {
        let spans = [(&[1, 2, 3, 4, 5][..], 8 * 60, 22 * 60), (&[6], 9 * 60, 13 * 60 + 30)];
        let hours = spans.into_iter().filter_map(|(days, from, to)| Opening::new(days, from, to));
        Sign { name: Some("Market Hall".into()), hours: hours.collect(), languages: Vec::new() }
    }

    fn flow(sign: Sign, at: i64) -> Flow {
        let profile = Profile::KIOSK.with(Equipment::default());
        let now = Instant { at: Timestamp::from_unix_secs(at), ms: 0 };
        Flow::new(profile, Language::English, Zone { minutes_east: 60 }, now).with_sign(sign)
    }

    fn note(at: i64) -> String {
        crate::plain(&flow(sign(), at).view().notes[0])
    }

    #[test]
    fn the_first_screen_tells_name_and_hours_of_the_day() {
        assert_eq!(note(SATURDAY), "Market Hall · Open today 09:00 to 13:30");
        assert_eq!(note(SATURDAY + 86_400), "Market Hall · The shop is closed now");
        assert_eq!(note(SATURDAY + 2 * 86_400), "Market Hall · Open today 08:00 to 22:00");
        // 13:30 in the shop's own time.
        assert_eq!(note(SATURDAY + 4 * 3600 + 1800), "Market Hall · The shop is closed now");
    }

    #[test]
    fn hours_go_by_the_local_time_that_it_is_now() {
        let mut flow = flow(sign(), SATURDAY + 4 * 3600 + 1800);
        flow.in_zone(Zone { minutes_east: 0 });
        let told = crate::plain(&flow.view().notes[0]);
        assert_eq!(told, "Market Hall · Open today 09:00 to 13:30");
    }

    #[test]
    fn a_closed_shop_locks_nobody_out() {
        let mut flow = flow(sign(), SATURDAY + 86_400);
        let now = Instant { at: Timestamp::from_unix_secs(SATURDAY + 86_400), ms: 5 };
        flow.update(Event::Act(Action::Scan), now);
        assert_eq!(flow.view().screen, Screen::Aiming);
        assert_eq!(flow.view().notes, Vec::<String>::new());
    }

    #[test]
    fn one_language_offers_no_switch() {
        let languages = vec![Language::English];
        let one = flow(Sign { languages, ..Sign::default() }, SATURDAY).view();
        assert!(one.actions.iter().all(|button| button.action != Action::SwitchLanguage));
        assert_eq!((one.next_language, one.other_language), (Language::English, None));
        let all = flow(Sign::default(), SATURDAY).view();
        assert_eq!(all.next_language, Language::Chinese);
    }

    #[test]
    fn hours_are_of_one_day() {
        assert!(Opening::new(&[7], 0, 1440).is_some());
        for (days, from, to) in
            [(&[0][..], 1, 2), (&[8], 1, 2), (&[], 1, 2), (&[1], 2, 2), (&[1], 1, 1441)]
        {
            assert_eq!(Opening::new(days, from, to), None, "{days:?} {from} {to}");
        }
    }
}
