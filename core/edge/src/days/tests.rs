//! Counting, a new day, a disk that takes nothing, files that are not ours.

use super::*;
use crate::testfolder::Folder;
use sealight_flow::{Case, Unread};

const UTC: LocalTime = LocalTime::Fixed(0);
/// 2026-11-28, 23:59:50 in UTC.
const EVE: i64 = 1_795_910_390;

fn at(secs: i64) -> Timestamp {
    Timestamp::from_unix_secs(secs)
}

fn answered(case: Case, ms: u32) -> Noted {
    Noted::Answered { case, ms }
}

#[test]
fn a_day_is_counted_saved_and_gone_on_with() {
    let folder = Folder::new();
    let place = folder.path("days");
    let mut days = Days::open(&place, UTC, at(EVE));
    days.note(answered(Case::E1, 40), at(EVE));
    days.note(answered(Case::Recalled, 90), at(EVE));
    days.note(Noted::Unread(Unread::Damaged), at(EVE));
    days.note(Noted::Synced { as_of: at(EVE - 7_200) }, at(EVE));
    days.scanned(at(EVE));
    days.save(at(EVE));
    assert_eq!(days.unkept(), None);
    let mut again = Days::open(&place, UTC, at(EVE + 1));
    again.note(answered(Case::E1, 40), at(EVE + 1));
    again.save(at(EVE + 1));
    let [day] = &all(&place)[..] else { panic!("one day") };
    assert_eq!((day.date.as_str(), day.tally.starts, day.tally.answers()), ("2026-11-28", 2, 3));
    assert_eq!((day.tally.unread(), day.tally.register_oldest_s), (1, 7_201));
    assert_eq!(again.since_start().answers(), 1, "since the start alone");
    assert_eq!(day.row(), "2026-11-28,2,3,0,2,0,1,1,50,100,1,0,0,7201,0,0,0,0,0");
    assert_eq!(day.row().split(',').count(), Day::COLUMNS.split(',').count());
}

#[test]
fn a_new_day_begins_at_local_midnight_and_the_old_one_stays() {
    let folder = Folder::new();
    let mut days = Days::open(&folder.path("days"), LocalTime::Fixed(480), at(EVE));
    assert_eq!(days.today().date, "2026-11-29", "eight hours east");
    days.note(answered(Case::E1, 1), at(EVE));
    days.note(answered(Case::E3, 1), at(EVE + 86_400));
    days.save(at(EVE + 86_400));
    let written = all(&folder.path("days"));
    let dates: Vec<_> =
        written.iter().map(|day| (day.date.as_str(), day.tally.answers())).collect();
    assert_eq!(dates, [("2026-11-29", 1), ("2026-11-30", 1)]);
}

#[test]
fn a_disk_that_takes_nothing_loses_no_count() {
    let folder = Folder::new();
    // A file where the folder should be: nothing can be written, as on a full disk.
    let place = folder.path("days");
    std::fs::write(&place, b"in the way").unwrap();
    let mut days = Days::open(&place, UTC, at(EVE));
    days.note(answered(Case::E1, 1), at(EVE));
    days.save(at(EVE));
    assert!(days.unkept().is_some());
    days.note(answered(Case::E1, 1), at(EVE + 20));
    days.save(at(EVE + 20));
    assert!(days.unkept().is_some());
    std::fs::remove_file(&place).unwrap();
    days.save(at(EVE + 30));
    assert_eq!(days.unkept(), None);
    let counts: Vec<u64> = all(&place).iter().map(|day| day.tally.answers()).collect();
    assert_eq!(counts, [1, 1], "both days, as they were");
}

#[test]
fn what_is_counted_while_a_copy_is_written_is_not_lost() {
    let folder = Folder::new();
    let place = folder.path("days");
    let mut days = Days::open(&place, UTC, at(EVE));
    let unsaved = days.unsaved(at(EVE)).unwrap();
    days.scanned(at(EVE));
    // The day ends meanwhile, and was written without the last of it.
    days.scanned(at(EVE + 20));
    days.written(unsaved.write());
    days.save(at(EVE + 20));
    let reads =
        |days: Vec<Day>| -> Vec<u64> { days.iter().map(|day| day.tally.scanner_reads).collect() };
    assert_eq!(reads(all(&place)), [1, 1]);
    assert!(days.unsaved(at(EVE + 20)).is_none(), "all is on the disk");
    days.scanned(at(EVE + 30));
    days.save(at(EVE + 30));
    assert_eq!(reads(all(&place)), [1, 2]);
}

#[test]
fn only_so_many_days_stay() {
    let folder = Folder::new();
    let place = folder.path("days");
    std::fs::create_dir_all(&place).unwrap();
    for day in 0..MOST_DAYS as i64 + 5 {
        let day = Day::new(date(at(EVE - (day + 1) * 86_400), UTC));
        write(&place, &day).unwrap();
    }
    let mut days = Days::open(&place, UTC, at(EVE));
    days.save(at(EVE));
    days.note(answered(Case::E1, 1), at(EVE + 86_400));
    days.save(at(EVE + 86_400));
    assert!(all(&place).len() <= MOST_DAYS + 1);
    assert_eq!(all(&place).last().unwrap().date, "2026-11-29");

    let mut days = Days::open(&place, UTC, at(EVE + 86_400)).keeping(7);
    days.note(answered(Case::E1, 1), at(EVE + 2 * 86_400));
    days.save(at(EVE + 2 * 86_400));
    assert_eq!(all(&place).len(), 8, "seven, and the one that has begun");
}

/// Files of so many days that are still to come, as a clock that was ahead left them.
fn to_come(place: &Path, years: std::ops::Range<u32>) {
    std::fs::create_dir_all(place).unwrap();
    years.for_each(|year| write(place, &Day::new(format!("{year}-01-01"))).unwrap());
}

fn dates(place: &Path) -> Vec<String> {
    all(place).into_iter().map(|day| day.date).collect()
}

#[test]
fn days_that_are_still_to_come_push_out_none_that_was() {
    let folder = Folder::new();
    let place = folder.path("days");
    to_come(&place, 2090..2097);
    let mut days = Days::open(&place, UTC, at(EVE)).keeping(7);
    days.note(answered(Case::E1, 1), at(EVE + 86_400));
    days.save(at(EVE + 86_400));
    let there = dates(&place);
    assert_eq!(there[..2], ["2026-11-28", "2026-11-29"]);
    assert_eq!(there.len(), 9, "nothing speaks for the clock yet");
}

#[test]
fn days_that_are_still_to_come_go_once_the_register_speaks_for_the_clock() {
    let folder = Folder::new();
    let place = folder.path("days");
    to_come(&place, 2090..2097);
    write(&place, &Day::new("2026-11-30".into())).unwrap();
    let mut days = Days::open(&place, UTC, at(EVE)).keeping(7);
    let tomorrow = at(EVE + 86_400);
    days.note(Noted::Synced { as_of: at(EVE + 86_400 - 60) }, tomorrow);
    days.save(tomorrow);
    let why = "the day after has begun further east";
    assert_eq!(dates(&place), ["2026-11-28", "2026-11-29", "2026-11-30"], "{why}");
}

#[test]
fn a_clock_that_falls_behind_takes_no_day_that_was() {
    let folder = Folder::new();
    let place = folder.path("days");
    let mut days = Days::open(&place, UTC, at(EVE));
    days.note(Noted::Synced { as_of: at(EVE - 60) }, at(EVE));
    days.note(answered(Case::E1, 1), at(60));
    days.save(at(60));
    days.note(answered(Case::E1, 1), at(60 + 86_400));
    days.save(at(60 + 86_400));
    assert_eq!(dates(&place), ["1970-01-01", "1970-01-02", "2026-11-28"]);
}

#[test]
fn counts_that_somebody_edited_add_up_to_the_most_that_there_is() {
    let mut day = Day::new("2026-11-28".into());
    for case in [Case::E1, Case::Recalled, Case::Altered] {
        day.tally.verdicts.insert(case, u64::MAX);
    }
    for why in [Unread::Damaged, Unread::NotASeal] {
        day.tally.unread.insert(why, u64::MAX);
    }
    let tally = &day.tally;
    assert_eq!((tally.answers(), tally.against(), tally.unread()), (u64::MAX, u64::MAX, u64::MAX));
    assert!(day.row().contains(&u64::MAX.to_string()));
}

#[test]
fn a_file_that_does_not_read_is_as_good_as_absent() {
    let folder = Folder::new();
    let place = folder.path("days");
    std::fs::create_dir_all(&place).unwrap();
    let long = format!(r#"{{"version":1,"date":"2026-11-28","x":"{}"}}"#, "x".repeat(MAX_DAY));
    let other = r#"{"version":1,"date":"2026-11-27"}"#;
    for bytes in ["", "{", "[]", r#"{"version":2,"date":"2026-11-28"}"#, other, &long] {
        std::fs::write(place.join("2026-11-28.json"), bytes).unwrap();
        assert!(all(&place).is_empty(), "{bytes:.40}");
        assert_eq!(Days::open(&place, UTC, at(EVE)).today().tally.starts, 1);
    }
}

#[test]
fn the_time_without_a_picture_is_counted_and_a_clock_that_goes_back_adds_none() {
    let folder = Folder::new();
    let mut days = Days::open(&folder.path("days"), UTC, at(EVE - 600));
    days.camera(false, at(EVE - 600));
    days.camera(false, at(EVE - 590));
    days.save(at(EVE - 580));
    days.camera(true, at(EVE - 700));
    days.camera(true, at(EVE - 500));
    let tally = &days.today().tally;
    assert_eq!((tally.camera_failures, tally.camera_away_s), (1, 20));
}

#[test]
fn the_tag_reader_is_counted_beside_the_camera() {
    let folder = Folder::new();
    let mut days = Days::open(&folder.path("days"), UTC, at(EVE - 600));
    days.reader(true, at(EVE - 600));
    days.reader(false, at(EVE - 590));
    days.camera(false, at(EVE - 580));
    days.save(at(EVE - 570));
    days.reader(true, at(EVE - 560));
    days.reader(false, at(EVE - 500));
    let tally = &days.today().tally;
    assert_eq!((tally.reader_failures, tally.reader_away_s), (2, 30));
    assert_eq!((tally.camera_failures, tally.camera_away_s), (1, 80));
    assert!(days.today().row().ends_with(",2,30"));
}

/// What is written holds a date, names of cases and numbers, and no other text at all.
#[test]
fn nothing_of_a_visitor_can_stand_in_a_day() {
    let mut day = Day::new("2026-11-28".into());
    day.tally.note(answered(Case::Altered, 5), at(EVE));
    day.tally.note(Noted::Unread(Unread::NotASeal), at(EVE));
    let document = serde_json::to_value(&day).unwrap();
    let texts = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let mut found = Vec::new();
    let mut open = vec![document];
    while let Some(value) = open.pop() {
        found.extend(texts(&value));
        match value {
            serde_json::Value::Array(all) => open.extend(all),
            serde_json::Value::Object(all) => open.extend(all.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
    assert_eq!(found, ["2026-11-28"]);
}
